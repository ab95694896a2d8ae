"""Whether a certificate is genuine: number and secure code together; the verdict before anything of its holder (§13.13, §14.3; R-166)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from apps.operator import parts
from apps.operator.frame import attempt
from apps.operator.messages import t
from posko.services import verification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Desk

TONES: Mapping[str, parts.Tone] = {
    "VALID": "good",
    "EXPIRED": "warn",
    "SUSPENDED": "warn",
    "REVOKED": "bad",
    "UNKNOWN": "bad",
}
SHOWN = ("masked_name", "tki_id", "scheme_code", "lsp_name", "certified_on", "valid_until")


def render(desk: Desk) -> None:
    """Show the two fields, and the verdict on the last pair that was sent."""
    with st.form("genuine", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        number = left.text_input(t("genuine.number"), max_chars=40, placeholder="PRT.7.000009.2026")
        code = middle.text_input(t("genuine.code"), max_chars=20, autocomplete="off")
        is_sent = right.form_submit_button(
            t("genuine.go"), type="primary", icon=":material/verified_user:", width="stretch"
        )
    if not is_sent:
        parts.focus(t("genuine.number"), "empty")
        st.info(t("genuine.empty"))
        return
    # Asked once a press: at every run of the page, one wrong pair would use up all tries.
    found = attempt(lambda: desk.do(verification.verify, certificate_no=number, secure_code=code))
    if found is None:
        return
    verdict = str(found["verdict"])
    parts.outcome(TONES[verdict], t(f"genuine.{verdict}"), t(f"genuine.{verdict}_means"))
    if verdict != "UNKNOWN":
        parts.facts((t(f"genuine.{name}"), found[name]) for name in SHOWN)
