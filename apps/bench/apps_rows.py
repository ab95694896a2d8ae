"""A full register for the measurement of the screens: every eligible TKI has a journey, most of them at its end (§12.3-14.5).

Written set by set by the administrator's connection, as in `core_rows`: the acts before the screens are not what is measured. Shares are
those of a year: many wait at the Konsorsium, some thousands are registered or allocated, the others went the whole way; one event each
stands in the log, so that its indexes are as large as they would be.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.bench.core_rows import SCHEME
from posko.domain.calendar import local_day
from posko.domain.journey import moved
from posko.domain.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

SHARES = {Status.SENT_TO_KONSORSIUM: 0.45, Status.REGISTERED: 0.01, Status.ALLOCATED: 0.01}
"""State -> share of all journeys; the others are closed."""
EACH = 25
"""TKI of one session."""
CLERK = "KO-UKUR"
_FILL = (
    """create temporary table posko.bench_who (n int not null auto_increment primary key, tki_id varchar(64) not null)""",
    """insert into posko.bench_who (tki_id) select eligible.tki_id from posko_model.fct_tki_eligible as eligible
        where not exists (select 1 from posko.journey as journey where journey.tki_id = eligible.tki_id) order by eligible.tki_id""",
)
_JOURNEYS = (
    """insert into posko.journey (journey_id, tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at)
        select :base + n, tki_id, :scheme, 1, 1, case when n <= :backlog then 'SENT_TO_KONSORSIUM' when n <= :registered then 'REGISTERED'
            when n <= :allocated then 'ALLOCATED' else 'CLOSED' end, :at, :at from posko.bench_who order by n""",
    """insert into posko_audit.audit_event (occurred_at, actor_kind, actor_id, action, entity, entity_key, outcome, payload, writer_id,
            writer_seq, prev, mac)
        select :at, 'system', 'posko', 'intake.send_eligible', 'journey', concat(tki_id, '/', :scheme, '/1'), 'ok',
            :payload, 'BENCHLOG', n, unhex(sha2(n, 256)), unhex(sha2(-n, 256))
        from posko.bench_who order by n""",
    """insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, born_on, destination, blkln_code, pptkis_name,
            source_batch_id, source_row_crc, payment_status, registered_at, registered_by)
        select :base + who.n, who.tki_id, :scheme, eligible.full_name, eligible.born_on, eligible.destination, eligible.blkln_code,
            eligible.pptkis_name, 1, who.n, 'LUNAS', coalesce(session.exam_on - interval 20 day, :at), :clerk
        from posko.bench_who as who join posko_model.fct_tki_eligible as eligible on eligible.tki_id = who.tki_id
        left join posko.exam_session as session
            on who.n > :registered and session.session_id = :session + floor((who.n - :registered - 1) / :each)
        where who.n > :backlog order by who.n""",
    """insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
        select :base + who.n, 1, session.session_id, session.exam_on - interval 10 day, :clerk from posko.bench_who as who
        join posko.exam_session as session on session.session_id = :session + floor((who.n - :registered - 1) / :each)
        where who.n > :registered order by who.n""",
    """insert into posko.finger_proof (proof_id, person_kind, person_id, purpose, station_code, is_match, score, threshold, quality,
            template_version, reader_serial, sample_sha256, captured_at, used_for, used_at)
        select left(sha2(concat('ATTEND', n), 256), 32), 'TKI', tki_id, 'ATTEND', 'ST-KANTOR', 1, 90, 40, 80, 1, 'DEMO-ST-KANTOR',
            unhex(sha2(concat('sample', n), 256)), :at, 'bench', :at from posko.bench_who where n > :allocated order by n""",
    """insert into posko.attendance (session_id, journey_id, id_as_typed, outcome, tries, proof_id, score, threshold, quality,
            station_code, recorded_at, recorded_by)
        select :session + floor((n - :registered - 1) / :each), :base + n, tki_id, 'PRESENT', 1,
            left(sha2(concat('ATTEND', n), 256), 32), 90, 40, 80, 'ST-KANTOR', :at, :clerk
        from posko.bench_who where n > :allocated order by n""",
    """insert into posko.decision (journey_id, session_id, lsp_code, sk_no, result, asesor_result, decided_at, decided_by)
        select :base + who.n, session.session_id, session.lsp_code, concat('SK/UKUR/', session.session_id),
            if(who.n % 10 = 0, 'BK', 'K'), if(who.n % 10 = 0, 'BK', 'K'), addtime(session.exam_on, '09:00:00'), :clerk
        from posko.bench_who as who
        join posko.exam_session as session on session.session_id = :session + floor((who.n - :registered - 1) / :each)
        where who.n > :allocated order by who.n""",
    """insert into posko.certificate (journey_id, decision_id, tki_id, scheme_code, lsp_code, certificate_no, secure_code_digest,
            secure_code_cipher, certified_on, valid_until, status, status_at)
        select decision.journey_id, decision.decision_id, who.tki_id, :scheme, decision.lsp_code,
            concat('PRT.9999.2026.', lpad(who.n, 7, '0')), left(unhex(sha2(concat('code', who.n), 256)), 16),
            unhex(sha2(concat('cipher', who.n), 256)), date(decision.decided_at), date(decision.decided_at) + interval 3 year, 'VALID',
            decision.decided_at
        from posko.bench_who as who join posko.decision as decision on decision.journey_id = :base + who.n
        where who.n > :allocated and who.n % 10 <> 0 order by who.n""",
    """drop temporary table posko.bench_who""",
)
_PUT_BACK = """
    update posko.exam_session set status = 'CLOSED', exam_on = exam_on - interval 20 year, slot = session_id
    where exam_on = :day and made_by = :by"""
_WAITING = (
    """insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, born_on, source_batch_id, source_row_crc,
        payment_status, registered_at, registered_by) values (:journey, :tki, :scheme, :name, :born, 1, 1, 'LUNAS', :at, :by)""",
    """insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
        values (:journey, 1, :session, :at, :by)""",
    """update posko.journey set status = 'ACKNOWLEDGED', moved_at = :at where journey_id = :journey""",
)
_TABLES = (
    "journey", "candidate", "allocation", "exam_session", "finger_proof", "attendance", "decision", "certificate",
)  # fmt: skip


def fill_register(db: sa.Connection, at: dt.datetime, say: Callable[[str], None]) -> int:
    """Give every eligible TKI who has none a journey, and all that belongs to where it stands; return how many.

    Args:
        db: connection of the server's administrator, after the pipeline; the caller commits.
        at: time of what lies behind, UTC.
        say: what tells how far it is.
    """
    for statement in _FILL:
        db.exec_driver_sql(statement)
    people = _number(db, "select count(*) from posko.bench_who")
    values: dict[str, Any] = {"scheme": SCHEME, "each": EACH, "clerk": CLERK, "at": at, **_bounds(people)}
    values["base"] = _number(db, "select coalesce(max(journey_id), 0) from posko.journey")
    values["session"] = 1 + _number(db, "select coalesce(max(session_id), 0) from posko.exam_session")
    values["payload"] = json.dumps(moved(None, Status.SENT_TO_KONSORSIUM, 1))
    _put_sessions(db, values, people)
    for place, statement in enumerate(_JOURNEYS, 1):
        say(f"register penuh, {place} dari {len(_JOURNEYS)}")
        db.execute(sa.text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    for name in _TABLES:
        # Without fresh statistics the server would plan for the empty tables of a minute ago.
        db.exec_driver_sql(f"analyze table posko.{name}")
    db.exec_driver_sql("analyze table posko_audit.audit_event")
    return people


def _bounds(people: int) -> dict[str, int]:
    """Return the last place of each state in the order of the flow."""
    total, bounds = 0.0, {}
    for name, share in zip(("backlog", "registered", "allocated"), SHARES.values(), strict=True):
        total += share
        bounds[name] = int(total * people)
    return bounds


def _put_sessions(db: sa.Connection, values: dict[str, Any], people: int) -> None:
    """Make the sessions: those of the allocated in the days to come, the others one a day and assessor back into the past."""
    places = _places(db)
    ahead = -(-(values["allocated"] - values["registered"]) // EACH)
    sessions = -(-(people - values["registered"]) // EACH)
    today = local_day(values["at"])
    rows = []
    for place in range(sessions):
        # A session that has people of both kinds lies ahead.
        is_ahead = place < ahead
        turn = place if is_ahead else place - ahead
        met_no, lsp_code, tuk_codes = places[turn % len(places)]
        away = 1 + turn // len(places)
        rows.append(
            {
                "session": values["session"] + place,
                "met": met_no,
                "lsp": lsp_code,
                "tuk": tuk_codes[turn % len(tuk_codes)],
                "day": today + dt.timedelta(days=away if is_ahead else -away),
                "status": "PLANNED" if is_ahead else "CLOSED",
                "at": values["at"],
                "scheme": SCHEME,
                "by": CLERK,
            }
        )
    db.execute(
        sa.text(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)"
            " values (:session, :tuk, :lsp, :scheme, :day, 1, :met, :status, :at, :by)"
        ),
        rows,
    )


def _places(db: sa.Connection) -> list[tuple[str, str, list[str]]]:
    """Return every assessor with her LSP and the TUK that work for it."""
    tuk_of: dict[str, list[str]] = {}
    for lsp_code, tuk_code in db.execute(
        sa.text("select distinct lsp_code, tuk_code from posko.tuk_lsp order by 1, 2")
    ):
        tuk_of.setdefault(lsp_code, []).append(tuk_code)
    found = db.execute(sa.text("select met_no, lsp_code from posko.asesor order by met_no"))
    return [(met_no, lsp_code, tuk_of[lsp_code]) for met_no, lsp_code in found if lsp_code in tuk_of]


def put_queues(db: sa.Connection, at: dt.datetime, *, stations: int, each: int) -> dict[str, list[str]]:
    """Let TKI who waited at the Konsorsium wait for their finger in open sessions of today; return TUK -> ID TKI.

    Args:
        db: as `fill_register`.
        at: now, UTC.
        stations: at how many TUK, each with a session of its own.
        each: how many at one.
    """
    day, queues = local_day(at), {}
    # The page of a TUK begins with the first session of the day: those of an earlier measurement are put far back.
    db.execute(sa.text(_PUT_BACK), {"day": day, "by": CLERK})
    taken = _number(db, "select coalesce(max(slot), 0) from posko.exam_session where exam_on = :day", day=day)
    places = _places(db)
    tuk_codes = list(dict.fromkeys(code for _, _, codes in places for code in codes))[:stations]
    session = _number(db, "select coalesce(max(session_id), 0) from posko.exam_session")
    for tuk_code in tuk_codes:
        # An assessor of an LSP for which it works; a slot of its own, because she may be at several TUK here.
        met_no, lsp_code, _ = next(place for place in places if tuk_code in place[2])
        session += 1
        taken += 1
        facts = {"session": session, "tuk": tuk_code, "lsp": lsp_code, "met": met_no, "slot": taken, "scheme": SCHEME}
        db.execute(
            sa.text(
                "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, opened_at,"
                " made_at, made_by) values (:session, :tuk, :lsp, :scheme, :day, :slot, :met, 'OPEN', :at, :at, :by)"
            ),
            {**facts, "day": day, "at": at, "by": CLERK},
        )
        queues[tuk_code] = _let_wait(db, session, at, each)
    return queues


def _let_wait(db: sa.Connection, session: int, at: dt.datetime, each: int) -> list[str]:
    """Put the first who still wait at the Konsorsium on the list of a session that is open; return their ID TKI."""
    rows = db.execute(
        sa.text(
            "select journey.journey_id, journey.tki_id, eligible.full_name, eligible.born_on from posko.journey as journey"
            " join posko_model.fct_tki_eligible as eligible on eligible.tki_id = journey.tki_id"
            " where journey.status = 'SENT_TO_KONSORSIUM' order by journey.journey_id limit :each"
        ),
        {"each": each},
    ).all()
    told = [
        {
            "journey": row.journey_id,
            "tki": row.tki_id,
            "name": row.full_name,
            "born": row.born_on,
            "at": at,
            "by": CLERK,
        }
        | {"session": session, "scheme": SCHEME}
        for row in rows
    ]
    for statement in _WAITING:
        db.execute(sa.text(statement), [{name: row[name] for name in row if f":{name}" in statement} for row in told])
    return [row["tki"] for row in told]


def _number(db: sa.Connection, sql: str, **values: object) -> int:
    return int(db.scalar(sa.text(sql), values))
