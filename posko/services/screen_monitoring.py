"""What BNSP watches: today's sessions, the last event of each TUK, who is silent, what waits in each stage (§12.7, §13; R-003, R-105).

Silence is told, not judged: a session that is under way without anything written for a while, or a station that no longer answers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.domain.status import Status
from posko.services import check_run, inputs, list_query, paging
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

SILENT, STATION_SILENT = "tuk_silent_minutes", "station_silent_minutes"
"""Parameters: a TUK with a session under way that wrote nothing for so long is silent; so is a station that asked for no work."""
MOST_PATH = 300
"""Characters of the path of a gate's page."""
LEAD_DAYS = 30
"""Lead times are those of what was finished in so many days."""
GATES = ("received", "allocation", "results", "return")
STAGE_OF: dict[str, tuple[Status, ...]] = {
    "allocate": (Status.SENT_TO_KONSORSIUM, Status.REGISTERED, Status.SCHEDULED),
    "again": (Status.ABSENT, Status.TURNED_AWAY_NOT_REGISTERED, Status.TURNED_AWAY_NO_MATCH),
    "reconcile": (Status.ALLOCATED, Status.RETURNED_TO_BNSP),
    "distribute": (Status.BALANCED, Status.DISTRIBUTED),
    "attend": (Status.ACKNOWLEDGED, Status.PRESENT),
    "assess": (Status.TESTED,),
    "decide": (Status.ASSESSED,),
    "certify": (Status.DECIDED, Status.CERTIFIED, Status.NOT_PASSED),
    "evaluate": (Status.RESULT_SENT, Status.ON_HOLD),
    "publish": (Status.EVALUATED,),
    "return": (Status.PUBLISHED, Status.SENT_TO_BNP2TKI),
}
"""Stage that a TKI waits for -> the states in which she waits; `again` is another exam day after a refusal."""
_MOMENTS = ("opened_at", "running_at", "ended_at", "scoring_opened_at", "scored_at", "closed_at")
_THAT_DAY = f"""session.exam_on = :day and session.status <> 'CANCELLED' and (:status is null or session.status = :status)
        and {list_query.contains("session.tuk_code", "tuk.tuk_name", "session.lsp_code", "session.session_id")}"""
_SESSION_COLUMNS = f"""
    session.session_id, session.tuk_code, tuk.tuk_name, session.lsp_code, session.slot, session.status,
        {", ".join(f"session.{name}" for name in _MOMENTS)},
        (select count(*) from posko.allocation as allocation join posko.journey as journey
            on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
            where allocation.session_id = session.session_id) as listed,
        (select count(*) from posko.attendance as attendance where attendance.session_id = session.session_id
            and attendance.outcome = 'PRESENT') as present,
        (select max(attendance.recorded_at) from posko.attendance as attendance
            where attendance.session_id = session.session_id) as attended_at,
        (select max(scan.scanned_at) from posko.exit_scan as scan where scan.session_id = session.session_id) as left_at"""
_SESSIONS = f"""
    from posko.exam_session as session join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    where {_THAT_DAY}"""
_UNDER_WAY_FIRST = "session.status in ('OPEN', 'RUNNING') desc, session.tuk_code, session.slot, session.session_id"
_STATIONS = f"""
    from posko.station as station left join posko.station_seen as seen on seen.station_code = station.station_code
    where (station.valid_until is null or station.valid_until >= :day) and station.valid_from <= :day
        and (seen.seen_at is not null or station.tuk_code in
            (select tuk_code from posko.exam_session where exam_on = :day and status in ('OPEN', 'RUNNING')))
        and {list_query.contains("station.station_code", "station.station_name", "station.tuk_code")}"""
_LEADS = {
    "allocate": "select candidate.registered_at as began, allocation.allocated_at as ended from posko.allocation as allocation"
    " join posko.candidate as candidate on candidate.journey_id = allocation.journey_id"
    " where allocation.attempt_no = 1 and allocation.allocated_at >= :since",
    "assess": "select ended_at as began, scored_at as ended from posko.exam_session where scored_at >= :since and exam_on >= :early",
    "decide": "select session.closed_at as began, decision.decided_at as ended from posko.decision as decision"
    " join posko.exam_session as session on session.session_id = decision.session_id where decision.decided_at >= :since",
    "publish": "select decision.decided_at as began, publication.published_at as ended from posko.publication as publication"
    " join posko.decision as decision on decision.journey_id = publication.journey_id"
    " where publication.version = 1 and publication.published_at >= :since",
    "return": "select batch.made_at as began, line.acknowledged_at as ended from posko.return_line as line"
    " join posko.return_batch as batch on batch.return_batch_id = line.return_batch_id"
    " where line.version = 1 and line.acknowledged_at >= :since",
}
"""Stage -> query of when its work began and ended."""


@act("monitoring.sessions", Command.BALANCE)
def sessions(
    tx: Tx,
    *,
    day: date | str | None = None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    search: str | None = None,
    status: str | None = None,
) -> dict[str, Any]:
    """Return a part of the sessions of a day (today by default), those under way first.

    Args:
        tx: the act.
        day: the exam day.
        limit: rows at most.
        offset: rows before them.
        search: a part of the session's number, of code or name of the TUK, of the LSP's code; None or blank: all.
        status: a state of a session; None: any.

    Returns:
        `rows`, `total` (of the filtered), `under_way` (of the day), `day`, `silent_minutes`. Each row has `last_at` (UTC, ISO; None:
        nothing yet) and `is_silent`: under way, and nothing written for `silent_minutes`.

    Raises:
        Refused: no such day, state, search or part.
    """
    tx.permit(how=Act.READ)
    wanted = local_day(tx.at) if day is None else inputs.day(day, "Tanggal")
    asked = {
        "day": wanted,
        "search": list_query.searched(search),
        "status": None if status is None else inputs.choice(status, "Keadaan", [one.value for one in SessionStatus]),
    }
    columns, order = _SESSION_COLUMNS, _UNDER_WAY_FIRST
    total, rows = list_query.page(tx.db, columns, _SESSIONS, order, asked, limit=limit, offset=offset)
    running = one(
        tx.db,
        "select count(*) as under_way from posko.exam_session where exam_on = :day and status in ('OPEN', 'RUNNING')",
        day=wanted,
    )
    tx.record("monitoring", wanted.isoformat(), {"sessions": len(rows), "offset": offset})
    minutes = number_on(tx.db, SILENT, local_day(tx.at))
    return {
        "day": wanted.isoformat(),
        "rows": [_session(row, tx.at, minutes) for row in rows],
        "silent_minutes": minutes,
        "total": total,
        "under_way": int(running["under_way"]) if running else 0,
    }


@act("monitoring.stations", Command.BALANCE)
def stations(tx: Tx, *, limit: int = paging.PAGE_ROWS, offset: int = 0, search: str | None = None) -> dict[str, Any]:
    """Return a part of the stations in force that ever answered or should today, the silent ones first: `rows`, `total`.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before them.
        search: a part of code or name, or of the TUK's code; None or blank: all.

    Raises:
        Refused: no such search or part.
    """
    tx.permit(how=Act.READ)
    asked = {"day": local_day(tx.at), "search": list_query.searched(search)}
    columns = "station.station_code, station.station_name, station.tuk_code, seen.seen_at, seen.skew_ms, seen.version"
    order = "seen.seen_at is null desc, seen.seen_at, station.station_code"
    total, rows = list_query.page(tx.db, columns, _STATIONS, order, asked, limit=limit, offset=offset)
    silent_after = timedelta(minutes=number_on(tx.db, STATION_SILENT, local_day(tx.at)))
    tx.record("monitoring", "stations", {"rows": len(rows), "offset": offset})
    shown = [
        {
            **row,
            "seen_at": _iso(row["seen_at"]),
            "is_silent": row["seen_at"] is None or tx.at - row["seen_at"] > silent_after,
        }
        for row in rows
    ]
    return {"rows": shown, "total": total}


@act("monitoring.stages", Command.BALANCE)
def stages(tx: Tx) -> list[dict[str, Any]]:
    """Return for each stage how many TKI wait for it, since when, and how long its work took lately.

    Each has `stage`, `waiting`, `oldest_days` (None: nobody waits), `done` (of the last 30 days) and `lead_hours` (their mean; None
    where nothing was finished or the stage is not measured).
    """
    tx.permit(how=Act.READ)
    found = {
        row["status"]: row
        for row in many(
            tx.db,
            "select status, count(*) as waiting, min(moved_at) as oldest from posko.journey where status <> 'CLOSED'"
            " group by status",
        )
    }
    leads = _lead_times(tx)
    rows = [_stage(name, [found[each] for each in states if each in found], tx.at) for name, states in STAGE_OF.items()]
    tx.record("monitoring", "stages", {"waiting": sum(row["waiting"] for row in rows)})
    return [{**row, **leads.get(row["stage"], {"done": 0, "lead_hours": None})} for row in rows]


@act("monitoring.gates", Command.BALANCE)
def gates(tx: Tx) -> list[dict[str, Any]]:
    """Return the newest outcome of each gate; `outcome` is None for one that never ran, `not_passed` says what did not pass and why."""
    tx.permit(how=Act.READ)
    rows: list[dict[str, Any]] = []
    for gate in GATES:
        last = check_run.last_outcome(tx.db, gate)
        told: dict[str, Any] = {"outcome": None, "checked_at": None, "not_passed": {}}
        if last is not None:
            told = {"outcome": last.outcome, "checked_at": _iso(last.checked_at), "not_passed": last.not_passed}
        rows.append({"gate": gate, **told})
    tx.record("monitoring", "gates", {row["gate"]: row["outcome"] for row in rows})
    return rows


@act("monitoring.data_docs", Command.BALANCE)
def data_docs(tx: Tx, *, page: str) -> str:
    """Write down that somebody opened a page that a gate left behind, and return its path.

    Raises:
        Refused: it is no path.
    """
    tx.about("page", "data-docs")
    tx.permit(how=Act.READ)
    path = inputs.text(page, "Halaman", MOST_PATH)
    tx.record("page", "data-docs", {"path": path})
    return path


def _session(row: Row, at: datetime, minutes: int) -> dict[str, Any]:
    moments = [row[name] for name in (*_MOMENTS, "attended_at", "left_at")]
    last = max((moment for moment in moments if moment is not None), default=None)
    is_under_way = row["status"] in {SessionStatus.OPEN, SessionStatus.RUNNING}
    return {
        **{name: row[name] for name in ("session_id", "tuk_code", "tuk_name", "lsp_code", "slot", "status")},
        **{name: int(row[name]) for name in ("listed", "present")},
        "label": LABELS[SessionStatus(row["status"])],
        "last_at": _iso(last),
        "is_silent": is_under_way and (last is None or at - last > timedelta(minutes=minutes)),
    }


def _stage(name: str, rows: list[Row], at: datetime) -> dict[str, Any]:
    oldest = min((row["oldest"] for row in rows), default=None)
    return {
        "stage": name,
        "waiting": sum(int(row["waiting"]) for row in rows),
        "oldest_days": None if oldest is None else max(0, (local_day(at) - local_day(oldest)).days),
    }


def _lead_times(tx: Tx) -> dict[str, dict[str, Any]]:
    since = tx.at - timedelta(days=LEAD_DAYS)
    leads = {}
    for name, query in _LEADS.items():
        row = one(
            tx.db,
            f"select count(*) as done, avg(timestampdiff(minute, began, ended)) as minutes from ({query}) as work"
            " where began is not null",
            since=since,
            # Sessions have an index over their day only.
            **({"early": since.date() - timedelta(days=LEAD_DAYS)} if ":early" in query else {}),
        )
        done, minutes = (int(row["done"]), row["minutes"]) if row else (0, None)
        leads[name] = {"done": done, "lead_hours": None if minutes is None else round(float(minutes) / 60, 1)}
    return leads


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
