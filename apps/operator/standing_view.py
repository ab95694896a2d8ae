"""One certificate's standing: what it is worth, every change with its decree, remarks, and the change that comes next (§3.5; R-186)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import changed, lists, opened, parts, second_person
from apps.operator.allowed import may
from apps.operator.frame import attempt
from apps.operator.lists import Column
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, ROLE_LABELS, Cell, Command, Role
from posko.domain.roles import Act
from posko.services import certificate_status, inputs, screen_certificate_status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk

TONES: dict[str, parts.Tone] = {"VALID": "good", "SUSPENDED": "warn", "REVOKED": "bad", "EXPIRED": "idle"}
TWO = frozenset({Cell.ONE_OF_TWO, Cell.ONE_OF_TWO_OWN})
"""Cells that need a second person."""


@dataclass(frozen=True)
class Change:
    """One change of a standing: its act, the command that permits it, from which standings it leads, whether it needs a decree."""

    act: Callable[..., dict[str, str]]
    command: Command
    since: tuple[str, ...]
    needs_decree: bool = True


CHANGES: Mapping[str, Change] = {
    "suspend": Change(certificate_status.suspend, Command.SUSPEND_CERTIFICATE, ("VALID",), needs_decree=False),
    "reinstate": Change(certificate_status.reinstate, Command.REINSTATE_CERTIFICATE, ("SUSPENDED",)),
    "revoke": Change(certificate_status.revoke, Command.REVOKE_CERTIFICATE, ("VALID", "SUSPENDED")),
}
"""Name of a change -> what it is; the name ends the keys of its texts."""


def show(desk: Desk, number: str) -> None:
    """Show one certificate and what the role may do with it."""
    name = slot(number)
    seen = opened.opened(name, (number,), lambda: desk.do(screen_certificate_status.view, certificate_no=number))
    if seen is None:
        return
    row = seen.seen
    st.header(t("standings.heading", number=row["certificate_no"]), anchor=False)
    parts.outcome(TONES[row["status"]], t(f"standings.{row['status']}"), t(f"standings.says_{row['status']}"))
    parts.facts(
        [
            (t("standings.tki"), row["tki_id"]),
            (t("standings.full_name"), row["full_name"]),
            (t("standings.lsp"), row["lsp_code"]),
            (t("standings.scheme"), row["scheme_code"]),
            (t("standings.certified_on"), row["certified_on"]),
            (t("standings.valid_until"), row["valid_until"]),
            (t("standings.since"), lists.moment(row["status_at"])),
            (t("standings.reason"), row["status_reason"]),
        ]
    )
    _history(row)
    _remark(desk, seen)
    _change(desk, seen)


def slot(number: str) -> str:
    """Return the name under which the opening of a certificate is kept."""
    return f"standing:{number}"


def _history(row: dict[str, Any]) -> None:
    st.subheader(t("standings.history"), anchor=False)
    columns = [
        Column("at", t("standings.at"), is_fixed=True), Column("by", t("standings.by")), Column("to", t("standings.to"), is_fixed=True),
        Column("decree_no", t("standings.decree")), Column("note", t("standings.note")),
    ]  # fmt: skip
    rows = [
        {
            **note,
            "at": lists.moment(note["noted_at"]),
            "by": " + ".join(filter(None, (f"{note['noted_by']} · {_role(note['noted_role'])}", note["seconded_by"]))),
            "to": t(f"standings.{note['status_to']}") if note["status_to"] else None,
        }
        for note in row["notes"]
    ]
    lists.show_list(columns, rows, empty=t("standings.no_history"))


def _role(code: str) -> str:
    return ROLE_LABELS[Role(code)] if code in set(Role) else code


def _remark(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    """Let who may comment on a revocation say something of it."""
    if not may(desk, Command.REVOKE_CERTIFICATE, Act.COMMENT):
        return
    number = seen.seen["certificate_no"]
    with st.expander(t("standings.remark")), st.form(f"remark:{seen.token}", border=False):
        said = st.text_input(t("standings.note"), max_chars=500)
        is_sent = st.form_submit_button(t("standings.remark_add"), icon=":material/add_comment:")
    if is_sent:
        once = desk.once(seen.key("remark", said))
        if attempt(lambda: once.do(certificate_status.remark, certificate_no=number, note=said)) is not None:
            opened.saved(t("standings.remarked"), slot(number))


def _change(desk: Desk, seen: Opened[dict[str, Any]]) -> None:
    """Show the changes that the role may make of this standing; those that need two go to the second person."""
    row = seen.seen
    for name in CHANGES:
        place = _place(seen, name)
        if second_person.is_laid_down(place):
            _sign(desk, seen, name, place)
            return
    ways = [name for name, one in CHANGES.items() if row["status"] in one.since and may(desk, one.command)]
    if not ways:
        return
    st.subheader(t("standings.change"), anchor=False)
    way = parts.way(t("standings.which"), {way: t(f"standings.do_{way}") for way in ways}, key=f"way:{seen.token}")
    st.caption(t(f"standings.help_{way}"))
    _form(desk, seen, way)


def _form(desk: Desk, seen: Opened[dict[str, Any]], way: str) -> None:
    row, change = seen.seen, CHANGES[way]
    needs_two = desk.by is not None and MATRIX[change.command][desk.by.role] in TWO
    with st.form(f"{way}:{seen.token}", border=False):
        decree = st.text_input(
            t("standings.decree" if change.needs_decree else "standings.decree_later"),
            max_chars=certificate_status.DECREE_MOST,
        )
        reason = st.text_area(t("standings.reason"), max_chars=500, height=90)
        label = t("standings.lay_down" if needs_two else f"standings.do_{way}")
        is_sent = st.form_submit_button(label, type="primary", icon=":material/gavel:")
    if not is_sent:
        return
    told = {"reason": reason, "decree_no": decree, "seen": row["status_at"]}
    if not needs_two:
        once = desk.once(seen.key(way, reason, decree))
        asked = {"certificate_no": row["certificate_no"], **told}
        if attempt(lambda: once.do(change.act, **asked), on_refused=_teller(desk, row)) is not None:
            _done(row, way)
        return
    checked = attempt(
        lambda: (inputs.text(decree, t("standings.decree"), certificate_status.DECREE_MOST), inputs.reason(reason))
    )
    if checked is not None:
        shown = [
            (t("standings.what"), f"{t(f'standings.do_{way}')}: {row['certificate_no']}"),
            (t("standings.full_name"), f"{row['full_name']} · {row['tki_id']}"),
            (t("standings.status"), t(f"standings.{row['status']}")),
            (t("standings.decree"), checked[0]),
            (t("standings.reason"), checked[1]),
        ]
        second_person.lay_down(_place(seen, way), shown, **told)


def _sign(desk: Desk, seen: Opened[dict[str, Any]], way: str, place: str) -> None:
    row = seen.seen
    made = second_person.sign(
        desk,
        place,
        lambda once, told, proof: once.do(CHANGES[way].act, certificate_no=row["certificate_no"], second=proof, **told),
        on_refused=_teller(desk, row),
    )
    if made is not None:
        _done(row, way)


def _done(row: dict[str, Any], way: str) -> None:
    opened.saved(t(f"standings.done_{way}", number=row["certificate_no"]), slot(row["certificate_no"]))


def _place(seen: Opened[dict[str, Any]], way: str) -> str:
    return f"standing_{way}:{seen.seen['certificate_no']}:{seen.token}"


def _teller(desk: Desk, row: dict[str, Any]) -> Callable[[Any], None]:
    number = row["certificate_no"]
    return changed.teller(_facts(row), lambda: _facts(desk.do(screen_certificate_status.view, certificate_no=number)))


def _facts(row: dict[str, Any]) -> dict[str, str]:
    """Return what a colleague may have changed."""
    return {
        t("standings.status"): t(f"standings.{row['status']}"),
        t("standings.since"): lists.moment(row["status_at"]),
        t("standings.reason"): row["status_reason"] or parts.NOTHING,
    }
