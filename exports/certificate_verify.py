"""Whether a certificate is genuine, without a line to anybody: from its QR code, its PDF, a photograph (§13.12, §14.3; R-140, R-166).

The verdict comes first, the person after it, and of what is not genuine nothing is told. A genuine code proves what BNSP once said; that
it still holds is told by the status list, or by POSKO itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from exports import certificate_claim
from exports.certificate_pages import read_pages
from exports.certificate_seal import is_sealed
from exports.qr_signed import NotGenuine
from posko.domain.calendar import local_day

if TYPE_CHECKING:
    import datetime as dt

    from exports.certificate_claim import Claim
    from exports.certificate_keys import PublicKeys
    from exports.certificate_pages import Page
    from exports.certificate_status import StatusList


class Verdict(StrEnum):
    """What is said of a certificate; UNCHECKED: it is genuine, and nobody told whether it was revoked since."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    UNCHECKED = "UNCHECKED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict; `why` of an UNKNOWN one, else the claim; `is_scan`: the page must be compared with the claim by eye."""

    verdict: Verdict
    why: str | None = None
    claim: Claim | None = None
    is_scan: bool = False
    page: int | None = None


def verify_text(text: str, keys: PublicKeys, *, today: dt.date, status: StatusList | None = None) -> Answer:
    """Return the verdict on the text of a QR code by public keys alone, and by a status list where there is one."""
    try:
        claim = certificate_claim.read(text, keys)
    except NotGenuine as problem:
        return Answer(Verdict.UNKNOWN, problem.why)
    return Answer(_standing(claim, today, status), claim=claim)


def verify_file(file: bytes, keys: PublicKeys, *, today: dt.date, status: StatusList | None = None) -> list[Answer]:
    """Return the verdict on each page of a PDF, or on a picture (JPEG, PNG).

    A file that can be copied from must bear POSKO's seal: without it, or with one byte changed, no page of it is genuine.
    A scan or photograph has no seal and no letters; there only the QR code speaks.

    Raises:
        BadInput: it is neither, or too large.
    """
    has_seal = is_sealed(file, keys)
    return [_of_page(page, keys, has_seal, today, status) for page in read_pages(file)]


def _of_page(page: Page, keys: PublicKeys, has_seal: bool, today: dt.date, status: StatusList | None) -> Answer:
    if page.has_text and not has_seal:
        return Answer(Verdict.UNKNOWN, "FILE_ALTERED", page=page.number)
    if len(page.codes) != 1:
        return Answer(Verdict.UNKNOWN, "NO_CODE" if not page.codes else "MANY_CODES", page=page.number)
    found = verify_text(page.codes[0], keys, today=today, status=status)
    return Answer(found.verdict, found.why, found.claim, is_scan=not has_seal, page=page.number)


def _standing(claim: Claim, today: dt.date, status: StatusList | None) -> Verdict:
    """Return what a genuine certificate is worth on a day; a list from before the certificate says nothing about it."""
    said = status.entries.get(claim.certificate_no) if status else None
    if said is not None:
        return Verdict(said)
    if claim.valid_until < today:
        return Verdict.EXPIRED
    if status is None or local_day(status.made_at) < claim.certified_on:
        return Verdict.UNCHECKED
    return Verdict.VALID
