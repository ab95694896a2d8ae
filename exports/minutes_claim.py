"""What the QR code of signed minutes says, so that paper is told from a forgery without a line (§14.2; requirements section 8.3 no. 12).

    POSKOR1:<base45 of CBOR array and signature>

    array      version 1, key id, number of the meeting, its day and the second it was closed (days, seconds since 1970, UTC), SHA-256 of
               the minutes with all their evidence, SHA-256 of the scorecards (empty: there were none)
    signature  Ed25519 over the line `posko-bnsp/minutes/1` and the array's bytes

Both digests are printed beside it: whoever compares them knows that the paper speaks of these minutes and no others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import cbor2

from exports import qr_base45
from exports.certificate_keys import ID_BYTES
from exports.qr_content import NotGenuine, check, split

if TYPE_CHECKING:
    from exports.certificate_keys import PublicKeys, Signer

PREFIX, WHAT, VERSION = "POSKOR1:", "minutes", 1
_TYPES = [int, bytes, int, int, int, bytes, bytes]
_EPOCH = dt.datetime.fromisoformat("1970-01-01")
_SECOND, _DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """What BNSP says of one meeting; `closed_at` is UTC in whole seconds, the digests are hexadecimal, that of the cards may be empty."""

    meeting_id: int
    held_on: dt.date
    closed_at: dt.datetime
    minutes_sha256: str
    scorecards_sha256: str


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


def _body(claim: Claim, name: bytes) -> bytes:
    day = (claim.held_on - _EPOCH.date()) // _DAY
    second = (claim.closed_at - _EPOCH) // _SECOND
    digests = [bytes.fromhex(one) for one in (claim.minutes_sha256, claim.scorecards_sha256)]
    return cbor2.dumps([VERSION, name, claim.meeting_id, day, second, *digests], canonical=True)


def _parsed(body: bytes) -> tuple[bytes, Claim]:
    """Return key and claim; a body that is not the one way to write its claim is unreadable."""
    try:
        said = cbor2.load(BytesIO(body))
        if not isinstance(said, list) or [type(one) for one in said] != _TYPES or said[0] != VERSION:
            raise NotGenuine("UNREADABLE")
        _, name, number, day, second, minutes, cards = said
        claim = Claim(number, (_EPOCH + day * _DAY).date(), _EPOCH + second * _SECOND, minutes.hex(), cards.hex())
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise NotGenuine("UNREADABLE") from error
    sizes = (len(name), len(minutes), len(cards))
    if (
        sizes not in {(ID_BYTES, _DIGEST_BYTES, _DIGEST_BYTES), (ID_BYTES, _DIGEST_BYTES, 0)}
        or _body(claim, name) != body
    ):
        raise NotGenuine("UNREADABLE")
    return name, claim
