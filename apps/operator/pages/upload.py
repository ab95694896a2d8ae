"""A file taken over: chosen, its columns named, checked line by line, and loaded as one act (§9.2, §12.5; R-012, R-096, R-098)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import lists, opened, parts
from apps.operator.frame import attempt
from apps.operator.lists import Column
from apps.operator.messages import CATALOGUE, t
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import uploads
from posko.services.upload_kinds import KINDS, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apps.operator.opened import Opened
    from posko.services.office import Desk
    from posko.services.uploads import Upload

FILE, PLAN, TURN = "upload", "upload_plan", "upload_turn"
"""Openings of the file and of what it would change; how often a file was loaded, so that the next one begins empty."""
SAMPLE = 3
"""Lines of the file that are shown above the choice of columns."""
CURES = (
    "wajib diisi", "harus salah satu", "sama dengan baris", "belum terdaftar", "sudah selesai", "tidak ada pada daftar", "bukan kode",
    "rumus", "tanggal", "bilangan", "lebih panjang", "NIK", "mendahului",
)  # fmt: skip
"""Part of what is wrong with a line -> the text `upload.cure_<place in this list>` says what to do."""


def render(desk: Desk) -> None:
    """Lead from the file to what was loaded, one step below the other."""
    opened.say_saved()
    kinds = _kinds(desk)
    st.header(t("upload.step_file"), anchor=False)
    kind = st.selectbox(t("upload.kind"), kinds, format_func=lambda name: t(f"upload.{name}"), key="upload_kind")
    if kind is None:
        return
    st.caption(
        t("upload.wanted", columns=", ".join(_label(one.name, is_needed=one.is_needed) for one in KINDS[kind].columns))
    )
    turn = int(st.session_state.get(TURN, 0))
    file = st.file_uploader(t("upload.file"), key=f"upload_file:{turn}", help=t("upload.file_help"))
    if file is None:
        opened.close(FILE, PLAN)
        st.info(t("upload.empty"))
        return
    with st.spinner(t("upload.reading")):
        seen = opened.opened(
            FILE,
            (kind, file.file_id),
            lambda: desk.do(uploads.read, kind=kind, data=file.getvalue(), filename=file.name),
        )
    if seen is None:
        return
    columns = _columns(seen)
    if columns is not None:
        _check(desk, seen, columns)


def _kinds(desk: Desk) -> list[str]:
    """Return what whoever looks may upload; the service asks again."""
    if desk.by is None:
        return []
    role = desk.by.role
    return uploads.allowed({command for command in Command if Act.DO in ACTS[MATRIX[command][role]]})


def _columns(seen: Opened[Upload]) -> dict[str, int] | None:
    """Ask which heading is which column, beginning with the guess; None while one is missing or taken twice."""
    upload = seen.seen
    st.header(t("upload.step_columns"), anchor=False)
    count = len(upload.table.lines)
    st.caption(t("upload.found", rows=parts.number(count), columns=len(upload.headings)))
    names = [Column(str(place), heading) for place, heading in enumerate(upload.headings)]
    lists.show_list(names, [_cells(cells, len(names)) for _, cells in upload.table.lines[:SAMPLE]], empty="")
    chosen: dict[str, int] = {}
    grid = st.columns(3)
    wanted = KINDS[upload.kind].columns
    for number, one in enumerate(wanted):
        place = grid[number % 3].selectbox(
            _label(one.name, is_needed=one.is_needed),
            range(len(upload.headings)),
            index=upload.guessed.get(one.name),
            format_func=lambda at: upload.headings[at],
            placeholder=t("upload.not_in_file"),
            key=f"upload_column:{seen.token}:{one.name}",
        )
        if place is not None:
            chosen[one.name] = int(place)
    missing = [_label(one.name) for one in wanted if one.is_needed and one.name not in chosen]
    if missing:
        st.warning(t("upload.missing", columns=", ".join(missing)))
        return None
    if len(set(chosen.values())) < len(chosen):
        st.warning(t("upload.twice"))
        return None
    return chosen


def _check(desk: Desk, seen: Opened[Upload], columns: dict[str, int]) -> None:
    """Show what the file would change or which lines are wrong, as soon as its columns are known."""
    st.header(t("upload.step_check"), anchor=False)
    with st.spinner(t("upload.checking")):
        plan = opened.opened(
            PLAN,
            (seen.token, *sorted(columns.items())),
            lambda: desk.do(uploads.check, upload=seen.seen, columns=columns),
        )
    if plan is None:
        return
    told = plan.seen
    parts.cards((told[name], t(f"upload.{name}")) for name in ("added", "changed", "same", "wrong"))
    opened.reload_button(PLAN)
    if told["problems"]:
        st.error(t("upload.has_wrong", count=parts.number(told["wrong"])))
        _problems(told["problems"])
    elif told["changes"]:
        _changes(seen.seen.kind, told["changes"], told["added"] + told["changed"])
        _commit(desk, seen, plan, columns)
    else:
        st.info(t("upload.nothing"))


def _problems(problems: list[dict[str, Any]]) -> None:
    columns = [
        Column("line", t("upload.line"), is_number=True), Column("column", t("upload.column"), is_fixed=True),
        Column("what", t("upload.what")), Column("cure", t("upload.cure")),
    ]  # fmt: skip
    rows = [{**one, "column": _label(str(one["column"])), "cure": _cure(str(one["what"]))} for one in problems]
    lists.show_list(columns, rows, empty="")
    if len(problems) == uploads.PREVIEW:
        st.caption(t("upload.first", count=uploads.PREVIEW))


def _changes(kind: str, changes: list[dict[str, Any]], total: int) -> None:
    columns = [
        Column("line", t("upload.line"), is_number=True), Column("key", t("upload.key"), is_fixed=True),
        Column("name", t("upload.name")), Column("what", t("upload.becomes")),
    ]  # fmt: skip
    lists.show_list(columns, [{**one, "name": _name(one), "what": _becomes(kind, one)} for one in changes], empty="")
    if total > len(changes):
        st.caption(t("upload.first", count=parts.number(len(changes))))


def _commit(desk: Desk, seen: Opened[Upload], plan: Opened[dict[str, Any]], columns: dict[str, int]) -> None:
    st.header(t("upload.step_load"), anchor=False)
    count = parts.number(plan.seen["added"] + plan.seen["changed"])
    with st.form(f"upload_commit:{plan.token}", border=False):
        reason = st.text_input(t("upload.reason"), max_chars=500, key=f"upload_reason:{plan.token}")
        is_sent = st.form_submit_button(
            t("upload.load", count=count), type="primary", icon=":material/upload_file:", shortcut="Ctrl+S"
        )
    if not is_sent:
        return
    once, version = desk.once(plan.key(reason)), plan.seen["version"]
    with st.spinner(t("upload.loading")):
        made = attempt(
            lambda: once.do(uploads.commit, upload=seen.seen, columns=columns, version=version, reason=reason)
        )
    if made is not None:
        st.session_state[TURN] = int(st.session_state.get(TURN, 0)) + 1
        told = {name: parts.number(made[name]) for name in ("added", "changed", "same")}
        opened.saved(t("upload.loaded", number=made["upload_id"], **told), FILE, PLAN)


def _cells(cells: list[Any], width: int) -> dict[str, Any]:
    return {str(place): cells[place] if place < len(cells) else None for place in range(width)}


def _label(name: str, *, is_needed: bool = False) -> str:
    key = f"upload.column_{name}"
    label = t(key) if key in CATALOGUE else name
    return f"{label} *" if is_needed else label


def _cure(what: str) -> str:
    number = next((place for place, part in enumerate(CURES) if part in what), None)
    return t("upload.cure_other") if number is None else t(f"upload.cure_{number}")


def _name(change: Mapping[str, Any]) -> str:
    """Return the name of whom or what a line is about, where the row has one."""
    row = change["after"]
    return next((str(row[name]) for name in row if name.endswith("_name") and row[name]), parts.NOTHING)


def _becomes(kind: str, change: Mapping[str, Any]) -> str:
    """Return every value that changes, as before and after; of a new row all its values."""
    before, after = change["before"], change["after"]
    if kind == PAYMENT and before is not None:
        return f"{t('upload.pay_' + before['payment_status'])} → {t('upload.pay_' + after['payment_status'])}"
    names = [name for name in after if before is None or before[name] != after[name]]
    if before is None:
        return t("upload.new", values=", ".join(f"{_label(name)} {parts.shown(after[name])}" for name in names))
    return ", ".join(f"{_label(name)}: {parts.shown(before[name])} → {parts.shown(after[name])}" for name in names)
