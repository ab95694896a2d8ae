"""The sheets of counted copies as PDF, and many certificates printed at once (§13.12, Gambar 11-12; R-138, DV-C03).

A copy is counted before there is a sheet. The sheets of the own copies of today can be set as often as a printer jams; none is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps import certificate_batch
from apps.operator import jobs, opened, parts, print_buttons
from apps.operator.download import guarded
from apps.operator.frame import attempt
from apps.operator.messages import t
from apps.operator.screens import current
from exports.certificate import MOST_PAGES
from posko.domain.matrix import Role
from posko.domain.refusals import refuse
from posko.services import inputs, print_certificates, screen_lsp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apps.operator.opened import Opened
    from posko.services.office import Desk

COUNTED, BATCH, TODAY, ASKED = (
    "certificates_counted",
    "certificates_batch",
    "certificates_today",
    "certificates_batch_asked",
)
"""What was counted last in this tab; openings of what is to be printed and of today's copies; the session that was asked for."""


def counted(lsp_code: str, *numbers: str) -> None:
    """Note which copies were counted just now: their sheets are offered until others are."""
    st.session_state[COUNTED] = (lsp_code, numbers)
    opened.close(TODAY, BATCH)


def own_lsp(desk: Desk) -> str | None:
    """Return whose certificates who acts may print: of the own LSP, or of the one in whose place she acts."""
    if desk.by is None:
        return None
    party = desk.by.party
    return desk.by.lsp_code or (party.code if party is not None and party.role is Role.LSP else None)


def last(desk: Desk) -> None:
    """Offer the sheets that were counted last."""
    known = st.session_state.get(COUNTED)
    if known is not None:
        _files(desk, *known, name="last")


def today(desk: Desk, lsp_code: str) -> None:
    """Offer the sheets of the own copies of today again, on demand."""
    with st.expander(t("certificates.today"), icon=":material/history:"):
        st.caption(t("certificates.today_help"))
        if st.button(t("certificates.today_show"), key="posko_certificates_today"):
            opened.close(TODAY)
        elif opened.now_open(TODAY) is None:
            return
        seen = opened.opened(TODAY, (lsp_code,), lambda: desk.do(print_certificates.counted_today, lsp_code=lsp_code))
        if seen is not None and not seen.seen:
            st.info(t("certificates.today_none"))
        elif seen is not None:
            _files(desk, lsp_code, seen.seen, name="today")


def batch(desk: Desk, lsp_code: str) -> None:
    """Print what has no copy yet: of one session or all, on blanks that follow each other, with progress."""
    with st.expander(t("certificates.batch"), icon=":material/print:"):
        with st.form("certificates_unprinted", border=False):
            left, right = st.columns([3, 1], vertical_alignment="bottom")
            typed = left.text_input(t("certificates.batch_session"), max_chars=18)
            is_sent = right.form_submit_button(t("certificates.batch_look"), width="stretch")
        if is_sent:
            opened.close(BATCH)
            st.session_state[ASKED] = typed.strip()
        if ASKED in st.session_state:
            _found(desk, lsp_code, st.session_state[ASKED])


def _found(desk: Desk, lsp_code: str, typed: str) -> None:
    seen = opened.opened(BATCH, (lsp_code, typed), lambda: _unprinted(desk, lsp_code, typed))
    if seen is None:
        st.session_state.pop(ASKED, None)
        return
    numbers, free = seen.seen
    if not numbers:
        st.info(t("certificates.batch_none"))
        return
    if free is None:
        st.warning(t("certificates.batch_no_blank"))
        return
    first = st.text_input(t("certificates.batch_first"), free, max_chars=30, key=f"certificates_first:{seen.token}")
    blanks = attempt(lambda: certificate_batch.blanks_from(first.strip(), len(numbers)))
    if blanks is None:
        return
    st.info(t("certificates.batch_found", count=parts.number(len(numbers))))
    parts.facts(
        [
            (t("certificates.certificate_no"), f"{numbers[0]} .. {numbers[-1]}"),
            (t("certificates.batch_blanks"), f"{blanks[0]} .. {blanks[-1]}"),
        ]
    )
    _count(desk, lsp_code, seen, blanks)


def _unprinted(desk: Desk, lsp_code: str, typed: str) -> tuple[list[str], str | None]:
    """Return the numbers without a copy, and the next free blank."""
    if typed and not (typed.isascii() and typed.isdigit()):
        raise refuse("NOT_A_NUMBER", what=t("certificates.batch_session"))
    session = int(typed) if typed else None
    numbers = desk.do(print_certificates.unprinted, lsp_code=lsp_code, session_id=session)
    return numbers[: inputs.MOST_ROWS], desk.do(screen_lsp.next_blank, lsp_code=lsp_code)


def _count(desk: Desk, lsp_code: str, seen: Opened[Any], blanks: list[str]) -> None:
    """Count the copies as a work with progress; what was counted before a refusal stays, and its sheets are offered as today's."""
    numbers, who = seen.seen[0], desk.by.person_id if desk.by and desk.by.person_id else "-"
    name = f"certificates:{who}"

    def work(told: jobs.Told) -> list[str]:
        done: list[int] = []

        def tell(_: int) -> None:
            done.append(1)
            told(len(done), len(numbers))

        certificate_batch.count_copies(desk, numbers, blanks, told=tell, key=seen.key(blanks[0]))
        return list(numbers)

    made = jobs.panel(name, who, t("certificates.batch_go", count=parts.number(len(numbers))), work)
    job = jobs.of(name, who)
    if made is None and job is not None and job.is_over:
        # It was refused on the way, which stands above: what is left is read anew.
        jobs.forget(name, who)
        opened.close(BATCH, TODAY)
    if made is not None:
        jobs.forget(name, who)
        counted(lsp_code, *made)
        st.session_state.pop(ASKED, None)
        opened.saved(t("certificates.batch_done", count=parts.number(len(made))), "sertifikat", "certificates_stock")


def _files(desk: Desk, lsp_code: str, numbers: Sequence[str], *, name: str) -> None:
    """Show a button for each file of so many sheets."""
    for start in range(0, len(numbers), MOST_PAGES):
        some = tuple(numbers[start : start + MOST_PAGES])
        told = {"first": some[0], "last": some[-1], "count": parts.number(len(some))}
        st.download_button(
            t("certificates.sheet" if len(some) == 1 else "certificates.sheets", **told),
            maker(desk, lsp_code, some),
            file_name=f"sertifikat-{some[0]}-{some[-1]}.pdf",
            mime=print_buttons.PDF,
            icon=":material/print:",
            on_click="ignore",
            key=f"posko_sheets_{name}_{start}",
        )


def maker(desk: Desk, lsp_code: str, numbers: Sequence[str]) -> Callable[[], bytes]:
    """Return what sets the sheets of counted copies when their button is pressed."""

    def make() -> bytes:
        settings = current().settings
        (part,) = certificate_batch.set_again(desk, settings, lsp_code=lsp_code, numbers=numbers)
        return print_buttons.recorded(desk, "certificates", lsp_code, part.pdf)

    return guarded(desk, make)
