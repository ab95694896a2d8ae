"""The evaluation meeting: who is there, scorecards, results held or let go, minutes, publication (§14.1-14.2; R-161..R-163, X1)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, meeting_cards, meeting_results, parts, print_buttons, tabs
from apps.operator.frame import attempt
from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from apps.operator.opened import saved, say_saved
from posko.domain.calendar import local_day
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import evaluation, publication, screen_evaluation

if TYPE_CHECKING:
    from posko.services.office import Desk


def render(desk: Desk) -> None:
    """Show the meetings, and what the chosen one looks at and may do."""
    say_saved()
    above = st.container()
    may_do = _may(desk, Command.EVALUATE, Act.DO)
    shown = listing(desk, _meetings(desk))
    if shown is None:
        return
    with above:
        parts.cards([(shown["waiting"], t("evaluation.waiting")), (shown["total"], t("evaluation.meetings"))])
        if may_do and shown["waiting"]:
            _open(desk, f"open:{shown['total']}")
    if shown["rows"]:
        by_id = {row["meeting_id"]: row for row in shown["rows"]}
        number = st.selectbox(t("evaluation.choose"), list(by_id), format_func=lambda one: _named(by_id[one]))
        _meeting(desk, by_id[number], may_do=may_do)


def _meetings(desk: Desk) -> Listing:
    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        found = desk.do(screen_evaluation.meetings, limit=limit, offset=offset, state=asked.get("keadaan"))
        return {**found, "rows": [{**row, "mark": _state(row)} for row in found["rows"]]}

    columns = [
        Column("meeting_id", t("evaluation.number"), is_number=True), Column("held_on", t("evaluation.held_on"), is_fixed=True),
        Column("place", t("evaluation.place")), Column("mark", t("evaluation.state"), is_fixed=True),
        Column("items", t("evaluation.items"), is_number=True), Column("held", t("evaluation.held"), is_number=True),
        Column("published", t("evaluation.published"), is_number=True),
    ]  # fmt: skip
    states = {one: t(f"evaluation.{one}") for one in screen_evaluation.STATES}
    filters = [Filter("keadaan", t("evaluation.state"), "choice", states)]
    return Listing("rapat", columns, filters, read, t("evaluation.none"))


def _state(row: dict[str, Any]) -> Mark:
    return Mark(t(f"evaluation.{row['state']}"), "warn" if row["state"] == "OPEN" else "good")


def _may(desk: Desk, command: Command, how: Act) -> bool:
    return desk.by is not None and how in ACTS[MATRIX[command][desk.by.role]]


def _open(desk: Desk, form: str) -> None:
    """Show the form of a new meeting; with every meeting that is made it is another form."""
    with st.expander(t("evaluation.open"), icon=":material/add:"), st.form("open_meeting", border=False):
        with desk.office.engine.connect() as db:
            today = local_day(desk.office.clock(db))
        left, middle, right = st.columns([1, 2, 1])
        day = left.date_input(t("evaluation.held_on"), value=today, format="DD/MM/YYYY")
        place = middle.text_input(t("evaluation.place"), max_chars=255)
        since = right.date_input(
            t("evaluation.cards_since"), value=None, format="DD/MM/YYYY", help=t("evaluation.cards_since_help")
        )
        if not st.form_submit_button(t("evaluation.open"), type="primary"):
            return
    told = attempt(lambda: _once(desk, form).do(evaluation.open_meeting, held_on=day, place=place, cards_since=since))
    if told is not None:
        _done(form, t("evaluation.opened", number=told))


def _meeting(desk: Desk, row: dict[str, Any], *, may_do: bool) -> None:
    number, is_open = row["meeting_id"], row["state"] == "OPEN"
    names = ("evidence", "cards", "results", "people", "comments", "minutes")
    labels = {name: t(f"evaluation.tab_{name}") for name in names}
    with tabs.one_of("evaluation_tabs", labels, {"results": meeting_results.LIST, "cards": "kartu"}) as name:
        if name == "evidence":
            meeting_results.evidence(desk, desk.do(evaluation.evidence, meeting_id=number))
        elif name == "cards":
            meeting_cards.show(desk, number)
        elif name == "results":
            meeting_results.items(desk, number, may_do=may_do and is_open)
        elif name == "people":
            _people(desk, number, may_do=may_do and is_open)
        elif name == "comments":
            _comments(desk, number, desk.do(evaluation.evidence, meeting_id=number), is_open=is_open)
        else:
            _minutes(desk, row, may_do=may_do)


def _people(desk: Desk, number: int, *, may_do: bool) -> None:
    people = desk.do(screen_evaluation.people, meeting_id=number)
    columns = [
        Column("full_name", t("evaluation.name")), Column("person_id", t("evaluation.person_id"), is_fixed=True),
        Column("organisation", t("evaluation.organisation"), is_fixed=True),
    ]  # fmt: skip
    lists.show_list(columns, [one for one in people if one["is_there"]], empty=t("evaluation.nobody"))
    others = {one["person_id"]: one for one in people if not one["is_there"]}
    if not may_do or not others:
        return
    with st.form(f"people:{number}", border=False):
        chosen = st.multiselect(
            t("evaluation.present"), list(others), placeholder=t("evaluation.choose_people"),
            format_func=lambda one: f"{others[one]['full_name']} · {others[one]['organisation']}",
        )  # fmt: skip
        is_sent = st.form_submit_button(t("evaluation.note_people"), type="primary")
    if is_sent:
        told = attempt(lambda: desk.do(evaluation.note_participants, meeting_id=number, person_ids=chosen))
        if told is not None:
            _done("people", t("evaluation.noted", organisations=", ".join(told)))


def _comments(desk: Desk, number: int, seen: dict[str, Any], *, is_open: bool) -> None:
    columns = [
        Column("lsp_code", t("evaluation.organisation"), is_fixed=True),
        Column("comment", t("evaluation.comment")),
    ]
    lists.show_list(columns, seen["comments"], empty=t("evaluation.no_comments"))
    if not is_open or not _may(desk, Command.EVALUATE, Act.COMMENT):
        return
    # The field keeps what was typed when it is refused, and while another tab is looked at; after a success it is another one.
    turn = f"comment:{number}:{len(seen['comments'])}"
    said = st.text_area(t("evaluation.comment"), max_chars=2000, key=f"evaluation_{turn}", persist_state="page")
    if st.button(t("evaluation.comment_send"), type="primary", key="evaluation_comment_send"):
        told = attempt(lambda: _once(desk, turn).do(evaluation.comment, meeting_id=number, comment=said))
        if told is not None:
            _done(turn, t("evaluation.commented"))


def _minutes(desk: Desk, row: dict[str, Any], *, may_do: bool) -> None:
    number = row["meeting_id"]
    print_buttons.offer(desk, "minutes", of=int(number))
    if row["state"] == "CLOSED":
        st.caption(t("evaluation.signed"))
        st.success(t("evaluation.closed_at", at=lists.moment(row["closed_at"])))
        left = row["items"] - row["held"] - row["published"]
        if _may(desk, Command.PUBLISH, Act.START_STOP) and left > 0:
            st.write(t("evaluation.publish_help", count=left))
            if st.button(t("evaluation.publish"), type="primary", icon=":material/public:"):
                told = attempt(lambda: _once(desk, f"publish:{number}").do(publication.start, meeting_id=number))
                if told is not None:
                    _done(f"publish:{number}", t("evaluation.published_now", **told))
        return
    if not may_do:
        st.info(t("evaluation.not_closed"))
        return
    st.write(t("evaluation.close_help", items=row["items"] - row["held"], held=row["held"]))
    written = st.text_area(
        t("evaluation.minutes"), max_chars=10_000, height=180, key=f"evaluation_minutes:{number}", persist_state="page"
    )
    if st.button(t("evaluation.close"), type="primary", icon=":material/lock:", key="evaluation_close"):
        told = attempt(
            lambda: _once(desk, f"close:{number}").do(evaluation.close_minutes, meeting_id=number, minutes=written)
        )
        if told is not None:
            _done(f"close:{number}", t("evaluation.closed", **told))


def _once(desk: Desk, form: str) -> Desk:
    return desk.once(st.session_state.setdefault(f"posko_meeting:{form}", secrets.token_hex(16)))


def _done(form: str, said: str) -> None:
    st.session_state.pop(f"posko_meeting:{form}", None)
    saved(said)


def _named(row: dict[str, Any]) -> str:
    state = t(f"evaluation.{row['state']}")
    return f"{row['meeting_id']} · {parts.shown(row['held_on'])} · {row['place']} · {state}"
