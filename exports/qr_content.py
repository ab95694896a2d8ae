"""What the QR code of a certificate says, signed, so that it is told from a forged one without a line (§13.12; requirements 8.3 no. 4).

    POSKO1:<base45 of CBOR array and signature>

    array      version 1, key id, number, ID TKI, name, scheme, LSP, day of the certificate, last valid day (days since 1970),
               address of the status list
    signature  Ed25519 over the line `posko-bnsp/certificate/1` and the array's bytes

There is one way to write a claim: whatever does not come out again as it was read is refused. The secure code is not in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import cbor2

from exports import qr_base45
from exports.certificate_keys import ID_BYTES, SIGNATURE_BYTES

if TYPE_CHECKING:
    from exports.certificate_keys import PublicKeys, Signer

PREFIX = "POSKO1:"
WHAT = "certificate"
VERSION = 1
LONGEST = 4_296
"""Letters of the largest QR code; a longer text is none."""
_EPOCH = dt.date(1970, 1, 1)
_TYPES = [int, bytes, str, str, str, str, str, int, int, str]


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


class NotGenuine(Exception):
    """A QR text that no key of the ring vouches for; `why` is UNREADABLE, FOREIGN_KEY or SIGNATURE."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def write(claim: Claim, signer: Signer) -> str:
    """Return the text of the QR code; the same claim and key give the same text."""
    body = _body(claim, signer.id)
    return PREFIX + qr_base45.encode(body + signer.sign(WHAT, body))


def read(text: str, keys: PublicKeys) -> Claim:
    """Return the claim of a QR text.

    Raises:
        NotGenuine: it is no such text, its key is not in the ring, or the signature is not over this claim.
    """
    body, signature = split(text, PREFIX)
    name, claim = _parsed(body)
    check(keys, name, WHAT, body, signature)
    return claim


def split(text: str, prefix: str) -> tuple[bytes, bytes]:
    """Return body and signature of a signed text with this beginning.

    Raises:
        NotGenuine: it is none.
    """
    # Only line ends that a reader's keyboard adds may stand around it; base45 itself has a blank among its letters.
    found = text.strip("\r\n")
    if len(found) > LONGEST or not found.startswith(prefix):
        raise NotGenuine("UNREADABLE")
    try:
        data = qr_base45.decode(found.removeprefix(prefix))
    except ValueError as error:
        raise NotGenuine("UNREADABLE") from error
    if len(data) <= SIGNATURE_BYTES:
        raise NotGenuine("UNREADABLE")
    return data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]


def check(keys: PublicKeys, name: bytes, what: str, body: bytes, signature: bytes) -> None:
    """Check that the named key of the ring signed a body of this kind.

    Raises:
        NotGenuine: a stranger's key, or another body.
    """
    if not keys.knows(name):
        raise NotGenuine("FOREIGN_KEY")
    if not keys.holds(name, what, body, signature):
        raise NotGenuine("SIGNATURE")


def _body(claim: Claim, name: bytes) -> bytes:
    days = [(day - _EPOCH).days for day in (claim.certified_on, claim.valid_until)]
    texts = [claim.certificate_no, claim.tki_id, claim.full_name, claim.scheme_code, claim.lsp_code]
    return cbor2.dumps([VERSION, name, *texts, *days, claim.status_list], canonical=True)


def _parsed(body: bytes) -> tuple[bytes, Claim]:
    """Return key and claim; a body that is not the one way to write its claim is unreadable."""
    try:
        said = cbor2.load(BytesIO(body))
        if not isinstance(said, list) or [type(one) for one in said] != _TYPES or said[0] != VERSION:
            raise NotGenuine("UNREADABLE")
        _, name, number, tki_id, full_name, scheme, lsp, first, last, status_list = said
        days = [_EPOCH + dt.timedelta(day) for day in (first, last)]
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise NotGenuine("UNREADABLE") from error
    claim = Claim(number, tki_id, full_name, scheme, lsp, days[0], days[1], status_list)
    if len(name) != ID_BYTES or _body(claim, name) != body:
        raise NotGenuine("UNREADABLE")
    return name, claim
