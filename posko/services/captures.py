"""Capture requests: a page asks for a finger, one reader answers it once, the page takes the proof once (§8.2, §13.2-13.7; X3, X12).

    request = office.desk(None).do(captures.ask, station_code="ST-1", kind="TKI", person_id="9264729", purpose=Purpose.ATTEND)
    ...                      the station or the page answers: claim, then `Verifier.verify`, then finish
    proof = office.desk(None).do(captures.take, request_id=request["request_id"])

The system's desk does all of it, because nobody need be signed in yet. A request has a number that only its asker knows, a nonce that
goes to the reader, and 60 seconds. The page may be served from anywhere: it only asks and looks.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import re
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from posko.domain.proof import FingerProof, Purpose
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, change, many, one

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.domain.proof import PersonKind
    from posko.services.office import Tx

Channel = Literal["STATION", "BROWSER"]
CHANNELS = ("STATION", "BROWSER")
LIFE = dt.timedelta(seconds=60)
"""How long a request waits for a finger."""
MOST_FINGER = 10
ENTITY = "capture"
NUMBER = re.compile(r"[0-9a-f]{32}")
_SHOWN = (
    "request_id, nonce, station_code, channel, person_kind, person_id, purpose, asked_finger, session_digest, state, outcome,"
    " asked_at, expires_at"
)


@act("capture.ask", None)
def ask(
    tx: Tx,
    *,
    station_code: str,
    kind: PersonKind,
    person_id: str,
    purpose: Purpose,
    asked_finger: int = 0,
    channel: Channel = "STATION",
    session_digest: bytes | None = None,
) -> Row:
    """Ask for one finger of one person and return the request.

    Args:
        tx: the act, of the system's desk.
        station_code: the station whose reader is to capture.
        kind: `TKI` or `STAFF`.
        person_id: whose finger is expected; it need not be known, so that nobody learns here who is.
        purpose: what for.
        asked_finger: 0 any finger, 1-10 as ISO/IEC 19794-2 counts them.
        channel: STATION: its agent fetches the request; BROWSER: the page's own computer has the reader.
        session_digest: SHA-256 of what binds the request to a page's web session, or None.

    Returns:
        `request_id` (secret to the asker), `nonce` (32 hex digits, for the reader), `expires_at` (60 seconds from now, UTC).

    Raises:
        Refused: an argument is none of the permitted ones.
    """
    tx.permit()
    request_id, nonce = secrets.token_hex(16), secrets.token_hex(16)
    row: Row = {
        "request_id": request_id,
        "nonce": nonce,
        "station_code": inputs.code(station_code, "Kode stasiun"),
        "channel": inputs.choice(channel, "Jalur", CHANNELS),
        "person_kind": inputs.choice(kind, "Jenis orang", ("STAFF", "TKI")),
        "person_id": inputs.typed_id(person_id),
        "purpose": inputs.choice(purpose, "Keperluan", tuple(Purpose)),
        "asked_finger": asked_finger and inputs.number(asked_finger, "Jari", MOST_FINGER),
        "session_digest": session_digest,
        "state": "ASKED",
        "asked_at": tx.at,
        "expires_at": tx.at + LIFE,
    }
    _put(tx, row)
    told = {"station": row["station_code"], "purpose": row["purpose"], "channel": row["channel"]}
    tx.record(ENTITY, name_of(request_id), told)
    return {name: row[name] for name in ("request_id", "nonce", "expires_at")}


def read(db: sa.Connection, request_id: object) -> Row | None:
    """Return a request as it stands, without its proof; None: there is none.

    `state` is ASKED, CLAIMED (a finger came and is compared), DONE (`outcome` says how) or TAKEN; whoever polls looks at
    `expires_at` too.
    """
    if not _is_number(request_id):
        return None
    return one(db, f"select {_SHOWN} from posko_biometric.capture_request where request_id = :id", id=request_id)


def waiting(db: sa.Connection, at: dt.datetime, station_codes: list[str]) -> dict[str, Row]:
    """Return the oldest unanswered request of each of these stations: code -> request."""
    if not station_codes:
        return {}
    found = many(
        db,
        f"select {_SHOWN} from posko_biometric.capture_request where state = 'ASKED' and channel = 'STATION'"
        " and expires_at > :at and station_code in :codes order by asked_at desc, request_id desc",
        at=at,
        codes=station_codes,
    )
    return {row["station_code"]: row for row in found}


@act("capture.claim", None)
def claim(
    tx: Tx,
    *,
    request_id: str,
    nonce: str,
    channel: Channel,
    station_code: str | None = None,
    session_digest: bytes | None = None,
) -> Row:
    """Take a request for the one answer that it gets, before anything is compared, and return it.

    Args:
        tx: the act, of the system's desk.
        request_id: the request.
        nonce: as the reader was given it.
        channel: on which way the answer came.
        station_code: the station whose key signed the answer; it must be the request's.
        session_digest: of the web session that answers; it must be the request's where that has one.

    Raises:
        Refused: no such request, another station's or session's (DV-I12), answered before (DV-I10), or too late.
    """
    tx.permit()
    tx.about(ENTITY, name_of(request_id))
    row = read(tx.db, request_id)
    if row is None or row["channel"] != channel or not hmac.compare_digest(row["nonce"].encode(), str(nonce).encode()):
        raise refuse("CAPTURE_UNKNOWN")
    tx.context.update(station=row["station_code"], purpose=row["purpose"])
    if channel == "STATION" and station_code != row["station_code"]:
        tx.context.update(answered_by=str(station_code)[:40])
        raise refuse("CAPTURE_ELSEWHERE")
    _check_session(row, session_digest)
    _check_unused(tx, row)
    touched = change(
        tx.db,
        "update posko_biometric.capture_request set state = 'CLAIMED', claimed_at = :at"
        " where request_id = :id and state = 'ASKED'",
        at=tx.at,
        id=request_id,
    )
    if touched != 1:
        raise refuse("CAPTURE_USED")
    tx.record(ENTITY, name_of(request_id), {"station": row["station_code"], "purpose": row["purpose"]})
    return row


@act("capture.finish", None)
def finish(tx: Tx, *, request_id: str, outcome: str, proof: FingerProof | None) -> None:
    """Write what came of a request, once; the sealed proof waits for the asker.

    Args:
        tx: the act, of the system's desk.
        request_id: the request, claimed or not.
        outcome: MATCH, NO_MATCH, POOR_QUALITY, READER_ERROR, NOT_REGISTERED, or the code of a refusal.
        proof: what was proven; None where nothing was compared.

    Raises:
        Refused: no such request, or it has its answer (DV-I10).
    """
    tx.permit()
    tx.about(ENTITY, name_of(request_id))
    row = read(tx.db, request_id)
    if row is None:
        raise refuse("CAPTURE_UNKNOWN")
    touched = change(
        tx.db,
        "update posko_biometric.capture_request set state = 'DONE', outcome = :outcome, proof = :proof, finished_at = :at"
        " where request_id = :id and state in ('ASKED', 'CLAIMED')",
        outcome=inputs.text(outcome, "Hasil", 20),
        proof=None if proof is None else _kept(proof),
        at=tx.at,
        id=request_id,
    )
    if touched != 1:
        raise refuse("CAPTURE_USED")
    told = {"station": row["station_code"], "purpose": row["purpose"], "outcome": outcome}
    tx.record(ENTITY, name_of(request_id), {**told, "proof": proof and proof.proof_id})


@act("capture.take", None)
def take(tx: Tx, *, request_id: str, session_digest: bytes | None = None) -> FingerProof | None:
    """Give the asker the proof of an answered request, once; None: there is none (yet, or any more).

    Raises:
        Refused: no number of a request, or the request belongs to another web session (DV-I12).
    """
    tx.permit()
    tx.about(ENTITY, name_of(request_id))
    if not _is_number(request_id):
        raise refuse("CAPTURE_UNKNOWN")
    row = one(
        tx.db,
        "select proof, session_digest, station_code, outcome from posko_biometric.capture_request"
        " where request_id = :id and state = 'DONE' for update",
        id=request_id,
    )
    if row is not None:
        _check_session(row, session_digest)
        change(
            tx.db,
            "update posko_biometric.capture_request set state = 'TAKEN', proof = null, taken_at = :at where request_id = :id",
            at=tx.at,
            id=request_id,
        )
    proof = None if row is None or row["proof"] is None else _made_again(row["proof"])
    tx.record(ENTITY, name_of(request_id), {"proof": proof and proof.proof_id, "is_there": row is not None})
    return proof


def name_of(request_id: object) -> str:
    """Return what the log calls a request: its first digits, because the whole number opens the proof."""
    return str(request_id)[:12] if _is_number(request_id) else "?"


def _put(tx: Tx, row: Row) -> None:
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    change(tx.db, f"insert into posko_biometric.capture_request ({columns}) values ({values})", **row)


def _is_number(request_id: object) -> bool:
    return isinstance(request_id, str) and NUMBER.fullmatch(request_id) is not None


def _check_session(row: Row, session_digest: bytes | None) -> None:
    bound = row["session_digest"]
    if bound is not None and not hmac.compare_digest(bound, session_digest or b""):
        raise refuse("CAPTURE_ELSEWHERE")


def _check_unused(tx: Tx, row: Row) -> None:
    if row["state"] != "ASKED":
        raise refuse("CAPTURE_USED")
    if tx.at >= row["expires_at"]:
        raise refuse("CAPTURE_EXPIRED")


def _kept(proof: FingerProof) -> str:
    told = asdict(proof)
    told |= {
        "purpose": proof.purpose.value,
        "sample_sha256": proof.sample_sha256.hex(),
        "captured_at": proof.captured_at.isoformat(timespec="microseconds"),
        "seal": proof.seal.hex(),
    }
    return json.dumps(told)


def _made_again(text: str) -> FingerProof:
    told = json.loads(text)
    told |= {
        "purpose": Purpose(told["purpose"]),
        "sample_sha256": bytes.fromhex(told["sample_sha256"]),
        "captured_at": dt.datetime.fromisoformat(told["captured_at"]),
        "seal": bytes.fromhex(told["seal"]),
    }
    return FingerProof(**told)
