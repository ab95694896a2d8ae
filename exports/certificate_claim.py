"""What the signed QR code of a certificate says (§13.12; requirements 8.3 no. 4); how it is signed: `qr_signed`.

    POSKO1:    number, ID TKI, name, scheme, LSP, day of the certificate, last valid day (days since 1970), address of the status list

The secure code is not in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from exports.qr_signed import Form

PREFIX, WHAT = "POSKO1:", "certificate"
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What BNSP says of one certificate."""

    certificate_no: str
    tki_id: str
    full_name: str
    scheme_code: str
    lsp_code: str
    certified_on: dt.date
    valid_until: dt.date
    status_list: str


def _values_of(claim: Claim) -> list[object]:
    days = [(day - _EPOCH).days for day in (claim.certified_on, claim.valid_until)]
    return [
        claim.certificate_no,
        claim.tki_id,
        claim.full_name,
        claim.scheme_code,
        claim.lsp_code,
        *days,
        claim.status_list,
    ]


def _claim_of(
    number: str, tki_id: str, full_name: str, scheme: str, lsp: str, first: int, last: int, status_list: str
) -> Claim:
    days = [_EPOCH + dt.timedelta(day) for day in (first, last)]
    return Claim(number, tki_id, full_name, scheme, lsp, days[0], days[1], status_list)


_FORM = Form(PREFIX, WHAT, (str, str, str, str, str, int, int, str), _values_of, _claim_of)
write, read = _FORM.write, _FORM.read
