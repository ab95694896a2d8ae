"""Who is expected at a TUK today, for its station to go on without a line (§13.2-13.6; R-124, R-185).

Only the sessions of the station's own TUK, only today, only those who are still waited for. Templates are added by `biometrics`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import many
from posko.services.station_keys import ENTITY, harmless

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row


@act("station.day_list", None)
def read(tx: Tx, *, station_code: str, tuk_code: str | None) -> Row:
    """Return the list of today for a station that proved itself.

    Returns:
        `day` (ISO), `candidates` (`tki_id`, `full_name`, `session_id`), `operators` (`person_id`, `full_name`): active
        administrators of this TUK.

    Raises:
        Refused: the station stands at no TUK.
    """
    tx.about(ENTITY, harmless(station_code))
    tx.permit()
    if tuk_code is None:
        raise refuse("STATION_NO_TUK")
    station_code, tuk_code = inputs.code(station_code, "Kode stasiun"), inputs.code(tuk_code, "TUK")
    day = local_day(tx.at)
    candidates = many(
        tx.db,
        "select journey.tki_id, candidate.full_name, session.session_id from posko.exam_session as session"
        " join posko.allocation as allocation on allocation.session_id = session.session_id"
        " join posko.journey as journey on journey.journey_id = allocation.journey_id"
        " and journey.attempt_no = allocation.attempt_no and journey.status = 'ACKNOWLEDGED'"
        " join posko.candidate as candidate on candidate.journey_id = journey.journey_id"
        " where session.tuk_code = :tuk and session.exam_on = :day and session.status in ('PLANNED', 'OPEN', 'RUNNING')"
        " order by session.session_id, journey.tki_id",
        tuk=tuk_code,
        day=day,
    )
    operators = many(
        tx.db,
        "select person_id, full_name from posko.staff where tuk_code = :tuk and role = 'TUK' and state = 'ACTIVE'"
        " order by person_id",
        tuk=tuk_code,
    )
    tx.record(
        ENTITY, station_code, {"day": day.isoformat(), "candidates": len(candidates), "operators": len(operators)}
    )
    return {"day": day.isoformat(), "candidates": candidates, "operators": operators}
