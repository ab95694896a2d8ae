"""The window "TLRT - Secure Code" of Gambar 12: five columns, masked for an auditor, own for an LSP (§14.3; R-140, R-165)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator.listing import Filter, Listing, listing
from apps.operator.lists import Column, Mark
from apps.operator.messages import t
from posko.domain.matrix import MATRIX, Cell, Command, Role
from posko.services import screen_secure_code

if TYPE_CHECKING:
    from apps.operator import parts
    from posko.services.office import Desk

STATUS: dict[str, parts.Tone] = {"VALID": "good", "SUSPENDED": "warn", "REVOKED": "bad", "EXPIRED": "idle"}
ASKED = {"tki": "tki_id", "nomor": "certificate_no", "lsp": "lsp_code", "sejak": "since", "sampai": "until"}
"""Filter in the address -> argument of the service."""


def render(desk: Desk) -> None:
    """Show the certificates that the system numbered, the newest first."""
    role = desk.by.role if desk.by else Role.PUBLIC
    cell = MATRIX[Command.SEE_SECURE_CODE][role]
    if cell is Cell.MASKED:
        st.info(t("secure_code.masked"))
    columns = [
        Column("tki_id", t("secure_code.id"), is_fixed=True), Column("full_name", t("secure_code.name")),
        Column("certified_on", t("secure_code.date"), is_fixed=True),
        Column("certificate_no", t("secure_code.number"), is_fixed=True),
        Column("secure_code", t("secure_code.code"), is_fixed=True), Column("mark", t("secure_code.state"), is_fixed=True),
    ]  # fmt: skip
    filters = [Filter("tki", t("secure_code.id")), Filter("nomor", t("secure_code.number"))]
    if role is not Role.LSP:
        filters.append(Filter("lsp", t("secure_code.lsp")))
    filters += [Filter("sejak", t("secure_code.since"), "date"), Filter("sampai", t("secure_code.until"), "date")]

    def read(asked: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {ASKED[name]: value for name, value in asked.items()}
        told = desk.do(screen_secure_code.window, **wanted, limit=limit, offset=offset)
        return {**told, "rows": [_line(row) for row in told["rows"]]}

    # No file: numbers and codes together are what a forger needs, and whoever may see them prints the certificate itself.
    listing(desk, Listing("kode", columns, filters, read, t("secure_code.none"), export=False))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    if row["is_altered"]:
        return {**row, "mark": Mark(t("secure_code.altered"), "bad")}
    return {**row, "mark": Mark(t(f"secure_code.{row['status']}"), STATUS[row["status"]])}
