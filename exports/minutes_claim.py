"""What the signed QR code of minutes says, so that paper is told from a forgery without a line (§14.2; requirements section 8.3 no. 12).

    POSKOR1:   number of the meeting, its day and the second it was closed (days, seconds since 1970, UTC), SHA-256 of the minutes with all
               their evidence, SHA-256 of the scorecards (empty: there were none)

Both digests are printed beside it: whoever compares them knows that the paper speaks of these minutes and no others. How it is signed:
`qr_signed`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from exports.qr_signed import Form

PREFIX, WHAT = "POSKOR1:", "minutes"
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


def _values_of(claim: Claim) -> list[object]:
    day = (claim.held_on - _EPOCH.date()) // _DAY
    second = (claim.closed_at - _EPOCH) // _SECOND
    return [claim.meeting_id, day, second, *map(bytes.fromhex, (claim.minutes_sha256, claim.scorecards_sha256))]


def _claim_of(number: int, day: int, second: int, minutes: bytes, cards: bytes) -> Claim:
    if len(minutes) != _DIGEST_BYTES or len(cards) not in {_DIGEST_BYTES, 0}:
        raise ValueError("a digest of another length")
    return Claim(number, (_EPOCH + day * _DAY).date(), _EPOCH + second * _SECOND, minutes.hex(), cards.hex())


_FORM = Form(PREFIX, WHAT, (int, int, int, bytes, bytes), _values_of, _claim_of)
write, read = _FORM.write, _FORM.read
