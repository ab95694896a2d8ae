"""Where a finger comes from: the station's reader, the reader of the browser's own PC, or in the demo a made-up finger (§8.2, §13.2-13.7).

Every way ends in `biometrics.verification.Verifier`, also the made-up one: its touch is compared like any other, and may miss.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from biometrics import impressions
from biometrics.synthetic.reader import SyntheticReader
from posko.services import captures, page_captures
from posko.services.registry_demo_sites import OFFICE_STATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apps.operator.screens import Screens
    from biometrics.types import Sample
    from biometrics.verification import Verification
    from posko.domain.proof import FingerProof, PersonKind, Purpose
    from posko.services.rows import Row

STEP_SECONDS = 0.25
"""How often an unanswered request is looked at."""
WATCHED = 0.6
"""How badly a made-up finger lies on the reader of the office, where somebody helps; at a TUK it is 1."""
FINGER = 2
"""The finger that the demo's people put down: the right index finger, which everybody has enrolled."""


class Way(StrEnum):
    """Which way a finger comes; the value ends the key of its name on the screen."""

    STATION = "station"
    BROWSER = "browser"
    DEMO_OWN = "demo_own"
    DEMO_OTHER = "demo_other"


@dataclass(frozen=True)
class Asked:
    """One request for a finger."""

    kind: PersonKind
    person_id: str
    purpose: Purpose
    station_code: str
    asked_finger: int = 0


def ways(screens: Screens) -> list[Way]:
    """Return the ways that are open here, the likeliest first."""
    real = [Way.STATION, Way.BROWSER]
    return [Way.DEMO_OWN, Way.DEMO_OTHER, *real] if screens.is_demo else real


def touched(screens: Screens, asked: Asked, *, is_own: bool) -> Sample:
    """Return a touch of a made-up finger, the person's own or a stranger's.

    Raises:
        ConfigurationError: the environment is production.
    """
    finger = asked.asked_finger or FINGER
    seed = _seed(screens, asked, finger) if is_own else f"calo:{asked.person_id}"
    with screens.office.engine.connect() as db:
        now = screens.office.clock(db)
        serial = page_captures.reader_of(db, asked.station_code, now)
    reader = SyntheticReader(
        serial or "-",
        lambda: now,
        lambda: (seed, finger),
        settings=screens.settings,
        hard=WATCHED if asked.station_code == OFFICE_STATION else 1.0,
    )
    return reader.capture(secrets.token_hex(16))


def compare_touch(screens: Screens, asked: Asked, *, is_own: bool) -> Verification:
    """Compare a touch of a made-up finger as any reader's would be.

    Raises:
        Refused: as `Verifier.verify`.
    """
    return screens.verifier.verify(
        asked.kind,
        asked.person_id,
        asked.purpose,
        touched(screens, asked, is_own=is_own),
        station_code=asked.station_code,
        asked_finger=asked.asked_finger,
    )


def take_touch(screens: Screens, asked: Asked, *, is_own: bool) -> Verification:
    """Take a touch of a made-up finger as an impression of the enrolment under way, as any reader's would be.

    Raises:
        Refused: as `impressions.take`.
    """
    sample = touched(screens, asked, is_own=is_own)
    return impressions.take(
        screens.verifier,
        asked.kind,
        asked.person_id,
        sample,
        station_code=asked.station_code,
        finger=asked.asked_finger,
    )


def ask(screens: Screens, asked: Asked, way: Way, web_session: str) -> str:
    """Ask the station or the browser for a finger and return the request's number, secret to the asker.

    Raises:
        Refused: an argument is none of the permitted ones, or there is no web session.
    """
    desk = screens.office.desk(None)
    told: dict[str, Any] = {
        "station_code": asked.station_code,
        "kind": asked.kind,
        "person_id": asked.person_id,
        "purpose": asked.purpose,
        "asked_finger": asked.asked_finger,
    }
    if way is Way.BROWSER:
        return str(desk.do(page_captures.ask, **told, session=web_session)["request_id"])
    # A station's request is bound to its station; its number, which only this browser has, opens the proof.
    return str(desk.do(captures.ask, **told)["request_id"])


def look(screens: Screens, request_id: str, web_session: str) -> Row | None:
    """Return a request with `seconds` left; None: there is none, or it is another web session's."""
    with screens.office.engine.connect() as db:
        row = captures.read(db, request_id)
        at = screens.office.clock(db)
    if row is None or row["session_digest"] not in {None, page_captures.digest_of(web_session)}:
        return None
    return {**row, "seconds": (row["expires_at"] - at).total_seconds()}


def follow(screens: Screens, request_id: str, web_session: str) -> Iterator[Row]:
    """Yield a request as it stands until it is answered or over; the last one says how."""
    while True:
        row = look(screens, request_id, web_session)
        if row is None:
            return
        yield row
        if row["state"] in {"DONE", "TAKEN"} or row["seconds"] <= 0:
            return
        time.sleep(STEP_SECONDS)


def take(screens: Screens, request_id: str, web_session: str) -> FingerProof | None:
    """Return the proof of an answered request, once; None: nothing was compared.

    Raises:
        Refused: it is no request, or another web session's.
    """
    digest = page_captures.digest_of(web_session)
    return screens.office.desk(None).do(captures.take, request_id=request_id, session_digest=digest)


def _seed(screens: Screens, asked: Asked, finger: int) -> str:
    if asked.kind == "STAFF":
        return f"staff:{asked.person_id}"
    return screens.owners.seed_of(asked.person_id, finger) if screens.owners else f"tki:{asked.person_id}"
