"""Sheets of certificates for tests of what is printed, and keys whose bytes are known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from exports.certificate import Sheet
from exports.certificate_keys import PublicKeys, Signer

SIGNER = Signer(bytes(range(32)))
KEYS = PublicKeys.of([SIGNER.public])
STATUS_LIST = "https://bnsp.go.id/posko/status.json"
CERTIFIED_ON = dt.date(2012, 6, 6)
GAMBAR_12 = Sheet(
    certificate_no="PRT.1025.2012.4538766",
    secure_code="C680C6",
    tki_id="9811262",
    full_name="NURUL KOMARIAH BT SATU",
    birth_place="TANGERANG",
    born_on=dt.date(1983, 5, 1),
    scheme_code="TLRT",
    lsp_code="LSP-1",
    lsp_name="LSP Nusantara",
    licence_no="BNSP-LSP-020-ID",
    sk_no="SK-1/LSP/2012",
    certified_on=CERTIFIED_ON,
    valid_until=dt.date(2015, 6, 6),
    copy_no=1,
    blank_no="BL000001",
    units=(("TLRT.01", "Membersihkan rumah"), ("TLRT.02", "Memasak"), ("TLRT.03", "Mencuci pakaian")),
)
"""The first certificate of Gambar 12."""


def sheet(**other: Any) -> Sheet:
    """Return the certificate of Gambar 12 with other facts."""
    return replace(GAMBAR_12, **other)
