"""Whether minutes of an evaluation meeting are genuine, without a line to anybody: from their PDF, a scan, their QR code (§14.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports import minutes_claim
from exports.certificate_pages import read_pages
from exports.certificate_seal import is_sealed
from exports.minutes import SEAL
from exports.qr_signed import NotGenuine

if TYPE_CHECKING:
    from exports.certificate_keys import PublicKeys
    from exports.minutes_claim import Claim


@dataclass(frozen=True, slots=True)
class Answer:
    """The claim of genuine minutes, or `why` they are none; `is_scan`: the paper must be compared with the claim by eye."""

    claim: Claim | None = None
    why: str | None = None
    is_scan: bool = False


def verify_text(text: str, keys: PublicKeys) -> Answer:
    """Return the answer on the text of a QR code by public keys alone."""
    try:
        return Answer(minutes_claim.read(text, keys), is_scan=True)
    except NotGenuine as problem:
        return Answer(why=problem.why)


def verify_file(file: bytes, keys: PublicKeys) -> Answer:
    """Return the answer on a PDF, whose first page bears the QR code, or on a picture of that page (JPEG, PNG).

    A file that can be copied from must bear POSKO's seal: without it, or with one byte changed, it is not genuine. A scan has no seal;
    there only the QR code speaks.

    Raises:
        BadInput: it is neither, or too large.
    """
    has_seal = is_sealed(file, keys, SEAL)
    (page,) = read_pages(file, 1)
    if page.has_text and not has_seal:
        return Answer(why="FILE_ALTERED")
    if len(page.codes) != 1:
        return Answer(why="NO_CODE" if not page.codes else "MANY_CODES")
    found = verify_text(page.codes[0], keys)
    return Answer(found.claim, found.why, is_scan=not has_seal)
