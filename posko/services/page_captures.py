"""Capture requests that a page in the operator's browser answers: bound to its web session, one open at a time (§8.2; DV-I10, DV-I12).

request = office.desk(None).do(page_captures.ask, station_code="ST-1", kind="TKI", person_id="9264729",
                               purpose=Purpose.ATTEND, session=cookie)
...                      the browser opens /pembaca/{request_id}; the page captures and posts
proof = office.desk(None).do(captures.take, request_id=request["request_id"], session_digest=digest_of(cookie))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.services import captures, sessions
from posko.services.office import act
from posko.services.rows import Row, change, one

if TYPE_CHECKING:
    import datetime as dt

    import sqlalchemy as sa

    from posko.domain.proof import PersonKind, Purpose
    from posko.services.office import Tx

LEAST_SESSION = 22
"""Characters of a web session's cookie: 128 random bits in base64."""
REASONS = frozenset({"CAPTURE_ELSEWHERE", "STATION_OTHER_READER", "FAKE_FINGER"})
"""For what an answer of a page is refused beyond what `captures.claim` refuses."""
REPLACED = "REPLACED"
"""Outcome of a request whose page asked again."""


def digest_of(session: str) -> bytes:
    """Return what a request keeps of the web session that it is bound to: 32 bytes."""
    return sessions.digest(session)


@act("capture.ask_page", None)
def ask(
    tx: Tx,
    *,
    station_code: str,
    kind: PersonKind,
    person_id: str,
    purpose: Purpose,
    session: str,
    asked_finger: int = 0,
) -> Row:
    """Ask for one finger at the reader of the page's own PC, and let go of what the same web session asked before.

    Args:
        tx: the act, of the system's desk.
        station_code: the station that the PC is.
        kind: `TKI` or `STAFF`.
        person_id: whose finger is expected; it need not be known.
        purpose: what for.
        session: value of the cookie that the page will show; random, at least 22 characters.
        asked_finger: 0 any finger, 1-10 as ISO/IEC 19794-2 counts them.

    Returns:
        As `captures.ask`.

    Raises:
        Refused: an argument is none of the permitted ones, or there is no web session.
    """
    tx.permit()
    if not isinstance(session, str) or len(session) < LEAST_SESSION:
        raise refuse("CAPTURE_UNBOUND")
    digest = digest_of(session)
    change(
        tx.db,
        "update posko_biometric.capture_request set state = 'DONE', outcome = :outcome, finished_at = :at"
        " where session_digest = :digest and channel = 'BROWSER' and state = 'ASKED'",
        outcome=REPLACED,
        at=tx.at,
        digest=digest,
    )
    return captures.ask(
        tx,
        station_code=station_code,
        kind=kind,
        person_id=person_id,
        purpose=purpose,
        asked_finger=asked_finger,
        channel="BROWSER",
        session_digest=digest,
    )


@act("capture.refuse_page", None)
def turn_away(tx: Tx, *, request_id: str, code: str, told: Row) -> None:
    """Refuse the answer of a page, so that it is recorded with what is known of it; `code` is one of `REASONS`.

    Raises:
        Refused: always.
    """
    tx.permit()
    tx.about(captures.ENTITY, captures.name_of(request_id))
    if not isinstance(code, str) or code not in REASONS or not isinstance(told, dict):
        raise refuse("CAPTURE_UNKNOWN")
    tx.context.update(told)
    raise refuse(code)


def shown_to(db: sa.Connection, request_id: object, session_digest: bytes) -> Row | None:
    """Return the request that a page of this web session may show; None: there is none, or it is another's.

    It may be answered or over: its `state` and `expires_at` say so.
    """
    row = captures.read(db, request_id)
    if row is None or row["channel"] != "BROWSER" or row["session_digest"] != session_digest:
        return None
    return row


def reader_of(db: sa.Connection, station_code: str, at: dt.datetime) -> str | None:
    """Return the serial number of the reader that is registered for a station today; None: no such station in force."""
    row = one(
        db,
        "select reader_serial from posko.station where station_code = :code and valid_from <= :day"
        " and (valid_until is null or valid_until >= :day)",
        code=station_code,
        day=local_day(at),
    )
    return None if row is None else str(row["reader_serial"])
