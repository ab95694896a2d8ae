"""Every comparison of a finger is one row: match, no match, poor, broken reader, nobody, replay (§8.2, §13.3-13.7; R-047, F19, DV-I10).

`biometrics` compares and the system's desk records, before anybody learns the outcome. The same sample, the same set of minutiae or the
same nonce a second time is a replay: refused, and a row too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.proof import Purpose
from posko.domain.refusals import refuse
from posko.services import deviation_register, inputs, templates
from posko.services.login import typed
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, add, many, one

if TYPE_CHECKING:
    from posko.domain.proof import PersonKind
    from posko.services.office import Tx

T = TypeVar("T")

ENTITY = "finger"
REPLAYED, NO_MATCH, MATCH = "REPLAYED", "NO_MATCH", "MATCH"
FOREIGN = "FILE_IN_PRODUCTION"
"""What `biometrics` says of a sample from a file where only readers count."""
COUNTED_ELSEWHERE = frozenset({Purpose.LOGIN, Purpose.ATTEND})
"""Purposes whose misses lock or turn away in the acts that they are for."""
_SHOWN: tuple[str, ...] = (
    *(
        "person_kind",
        "person_id",
        "purpose",
        "outcome",
        "reader_kind",
        "reader_serial",
        "assurance",
        "minutiae",
        "quality",
    ),
    *("score", "threshold", "template_version", "asked_finger", "matched_finger", "reason", "proof_id"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One captured finger and what became of it; the columns of `posko.finger_attempt`.

    `score` and `threshold` are in NBIS units, `quality` 0-100, digests 32 bytes, `captured_at` UTC without zone.
    """

    person_kind: PersonKind
    person_id: str
    purpose: Purpose
    outcome: str
    station_code: str
    reader_kind: str
    reader_serial: str
    assurance: str
    captured_at: dt.datetime
    nonce: str | None = None
    sample_sha256: bytes | None = None
    minutiae_digest: bytes | None = None
    minutiae: int | None = None
    quality: int | None = None
    score: int | None = None
    threshold: int | None = None
    template_format: str | None = None
    template_version: int | None = None
    asked_finger: int = 0
    matched_finger: int | None = None
    reason: str | None = None
    proof_id: str | None = None
    is_late: bool = False


def made_by_biometrics(value: object, kind: type[T]) -> T:
    """Return what only `biometrics` makes, if it is that.

    Raises:
        Refused: it is something else (DV-N01).
    """
    if not isinstance(value, kind):
        raise refuse("NOT_FROM_BIOMETRICS")
    return value


def all_made_by_biometrics(values: object, kind: type[T]) -> list[T]:
    """Return a list of what only `biometrics` makes.

    Raises:
        Refused: something else is in it, or it is no list (DV-N01).
    """
    return [made_by_biometrics(one, kind) for one in made_by_biometrics(values, list)]


def known_as(kind: PersonKind, person_id: object) -> str:
    """Return a number as it may be stored: what was typed at a sign-in need be nobody's, and may be a NIK."""
    if kind == "STAFF":
        return typed(person_id)
    is_plain = isinstance(person_id, str) and 0 < len(person_id) <= inputs.TKI_MOST and person_id.isprintable()
    if not is_plain or not isinstance(person_id, str):
        return typed(person_id) if isinstance(person_id, str) else "?"
    return "?nik" if inputs.looks_like_nik(person_id) else person_id


@act("finger.compare", None)
def compare(tx: Tx, *, attempt: Attempt, problem: str | None = None) -> dict[str, Any]:
    """Write one comparison down and return how her fingers did today.

    Args:
        tx: the act, of the system's desk.
        attempt: what was captured and found.
        problem: a code of the catalogue for which it does not count, found by `biometrics`.

    Returns:
        `problem` (None: it counts), `event`, `misses` (asked finger -> misses for this purpose today since the last match) and
        `tries` (what each finger has).
    """
    tx.permit()
    attempt = made_by_biometrics(attempt, Attempt)
    tx.about(ENTITY, attempt.station_code)
    misses, tries = misses_today(tx, attempt), number_on(tx.db, "attendance_tries", local_day(tx.at))
    found = problem or _replay(tx, attempt) or _lock(tx, attempt, misses, tries)
    if found is not None:
        return {"problem": found, "event": _refused(tx, attempt, found), "misses": misses, "tries": tries}
    number = _add(tx, attempt)
    if number is None:  # another copy of it came at the same moment
        found = _replay(tx, attempt) or "SAMPLE_REPLAYED"
        return {"problem": found, "event": _refused(tx, attempt, found), "misses": misses, "tries": tries}
    if attempt.outcome == NO_MATCH:
        misses[attempt.asked_finger] = misses.get(attempt.asked_finger, 0) + 1
    event = tx.record(ENTITY, number, told_of(attempt), outcome="ok" if attempt.outcome == MATCH else "failed")
    return {"problem": None, "event": event, "misses": misses, "tries": tries}


def keep_samples(tx: Tx, attempts: tuple[Attempt, ...]) -> None:
    """Write the samples of a capture down, so that none of them counts as a finger later.

    Raises:
        Refused: one of them was sent before (DV-I10).
    """
    for attempt in attempts:
        if _add(tx, attempt) is None:
            raise refuse("SAMPLE_REPLAYED")


def told_of(attempt: Attempt) -> dict[str, Any]:
    """Return what the log holds of an attempt: no digest of minutiae, no template."""
    return {name: value for name in _SHOWN if (value := getattr(attempt, name)) is not None}


def misses_today(tx: Tx, attempt: Attempt) -> dict[int, int]:
    """Return asked finger -> misses for this purpose on this day since her last match."""
    midnight = dt.datetime.combine(local_day(tx.at), dt.time()) - dt.timedelta(hours=7)
    rows = many(
        tx.db,
        "select asked_finger, outcome from posko.finger_attempt where person_kind = :kind and person_id = :person"
        " and received_at >= :since and purpose = :purpose order by received_at desc, attempt_id desc limit 200",
        kind=attempt.person_kind,
        person=attempt.person_id,
        since=midnight,
        purpose=attempt.purpose.value,
    )
    found: dict[int, int] = {}
    for row in rows:
        if row["outcome"] == MATCH:
            break
        if row["outcome"] == NO_MATCH:
            found[int(row["asked_finger"])] = found.get(int(row["asked_finger"]), 0) + 1
    return found


def _lock(tx: Tx, attempt: Attempt, misses: dict[int, int], tries: int) -> str | None:
    """Return the refusal of a person whose fingers all missed as often as they may, until the last miss is old enough."""
    if attempt.purpose in COUNTED_ELSEWHERE:
        return None
    most = tries * max(1, templates.fingers_in_force(tx.db, attempt.person_kind, attempt.person_id))
    if sum(misses.values()) < most:
        return None
    pause = dt.timedelta(minutes=number_on(tx.db, "login_lock_minutes", local_day(tx.at)))
    last = one(
        tx.db,
        "select max(received_at) as at from posko.finger_attempt where person_kind = :kind and person_id = :person"
        " and purpose = :purpose and outcome = 'NO_MATCH'",
        kind=attempt.person_kind,
        person=attempt.person_id,
        purpose=attempt.purpose.value,
    )
    is_fresh = last is not None and last["at"] is not None and last["at"] + pause > tx.at
    return "FINGER_LOCKED" if is_fresh else None


def _replay(tx: Tx, attempt: Attempt) -> str | None:
    """Return the refusal of a sample, a set of minutiae or a nonce that came before."""
    for column, code in (
        ("sample_sha256", "SAMPLE_REPLAYED"),
        ("minutiae_digest", "SAMPLE_REPLAYED"),
        ("nonce", "NONCE_USED"),
    ):
        value = getattr(attempt, column)
        if value is not None and _found_by(tx, column, value) is not None:
            return code
    return None


def _found_by(tx: Tx, column: str, value: object) -> Row | None:
    return one(tx.db, f"select attempt_id from posko.finger_attempt where {column} = :value", value=value)


def _refused(tx: Tx, attempt: Attempt, code: str) -> str:
    """Write a row and an event of what does not count, with its deviation; return the event's name."""
    before = None
    for column in ("sample_sha256", "minutiae_digest", "nonce"):
        value = getattr(attempt, column)
        before = before or (_found_by(tx, column, value) if value is not None else None)
    outcome = REPLAYED if code in {"SAMPLE_REPLAYED", "NONCE_USED"} else "REFUSED"
    kept = replace(attempt, outcome=outcome, reason=code, proof_id=None, score=None, matched_finger=None)
    number = _add(tx, kept) if outcome == "REFUSED" else None  # its sample is spent all the same
    if number is None:
        bare = replace(kept, sample_sha256=None, minutiae_digest=None, nonce=None)
        number = add(tx.db, "finger_attempt", {**_row(tx, bare), "replay_of": before and before["attempt_id"]})
    tx.about(ENTITY, number)
    told = {"code": code, **told_of(kept), "earlier": before and before["attempt_id"]}
    event = tx.record(ENTITY, number, told, outcome="refused")
    refusal = refuse(code)
    if refusal.rule is not None:
        deviation_register.note_refusal(tx, refusal, told, audit_event=event)
    return event


def _add(tx: Tx, attempt: Attempt) -> int | None:
    """Write the row; None: a unique key says that it came before."""
    try:
        with tx.db.begin_nested():
            return add(tx.db, "finger_attempt", _row(tx, attempt))
    except sa.exc.IntegrityError:
        return None


def _row(tx: Tx, attempt: Attempt) -> Row:
    row = asdict(attempt)
    return row | {"purpose": attempt.purpose.value, "is_late": int(attempt.is_late), "received_at": tx.at}
