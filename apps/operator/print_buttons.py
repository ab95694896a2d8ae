"""Buttons that print a document: PDF, of a list XLSX too, made when pressed and recorded with its digest (§9.3, §13.3-14.2; R-134)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from apps import prints
from apps.operator.download import guarded
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.matrix import MATRIX, Command
from posko.domain.roles import ACTS, Act
from posko.services import print_taken
from posko.services.list_files import MIME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posko.services.office import Desk

PDF = "application/pdf"
NEEDS: Mapping[str, tuple[Command, Act]] = {
    "candidates": (Command.PRINT_LIST, Act.DO),
    "attendance": (Command.PRINT_LIST, Act.DO),
    "results": (Command.DECIDE, Act.READ),
    "statement": (Command.ATTEND, Act.READ),
    "minutes": (Command.EVALUATE, Act.READ),
    "cards": (Command.CHANGE_REGISTER, Act.READ),
}
"""Kind of a document -> the cell that its act asks for; a button is shown where the role has it, and the act asks again."""


def offer(desk: Desk, *kinds: str, of: int | str = "all") -> None:
    """Show the buttons of the documents of one thing, as far as the role may print them.

    Args:
        desk: who prints.
        kinds: kinds of `apps.prints`.
        of: number of the session, the meeting or the statement.
    """
    with st.container(horizontal=True, key=f"posko_print_{kinds[0]}"):
        for kind in kinds:
            if desk.by is None or NEEDS[kind][1] not in ACTS[MATRIX[NEEDS[kind][0]][desk.by.role]]:
                continue
            for suffix in ("pdf", "xlsx") if kind in prints.LISTS else ("pdf",):
                st.download_button(
                    t(f"prints.{kind}_{suffix}"),
                    maker(desk, kind, of, suffix),
                    file_name=f"{t(f'prints.file_{kind}')}-{_plain(of)}.{suffix}",
                    mime=PDF if suffix == "pdf" else MIME["xlsx"],
                    icon=":material/print:" if suffix == "pdf" else ":material/table_view:",
                    on_click="ignore",
                    key=f"posko_print_{kind}_{suffix}",
                )


def maker(desk: Desk, kind: str, of: int | str, suffix: str) -> Callable[[], bytes]:
    """Return what makes a document when its button is pressed."""

    def make() -> bytes:
        made = prints.make(desk, kind, of, f".{suffix}", secrets=current().settings.secrets)
        return recorded(desk, kind, str(of), made, suffix=suffix)

    return guarded(desk, make)


def recorded(desk: Desk, kind: str, key: str, made: bytes, *, suffix: str = "pdf") -> bytes:
    """Return a file after it was written down who takes it."""
    digest = sha256(made).hexdigest()
    desk.do(print_taken.note, kind=kind, key=key, suffix=suffix, size=len(made), sha256=digest)
    return made


def _plain(of: int | str) -> str:
    """Return a number as the name of a file: statements have strokes in theirs."""
    return "".join(letter if letter.isalnum() else "-" for letter in str(of))
