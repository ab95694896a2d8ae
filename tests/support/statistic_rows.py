"""Sessions with results and doors in the tables themselves, written set by set, for rules that read them all (§4.2)."""

from __future__ import annotations

import csv
import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.world import World

_PARAMETER = """
    create table posko_model.parameter
        (param_code varchar(40), sub_key varchar(40), value decimal(12, 3), valid_from date, valid_until date)"""


def put_parameters(world: World) -> None:
    """Fill dbt's table of dated parameters from its seed."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "parameter.csv").open(encoding="utf-8") as file:
        rows = [{**row, "valid_until": row["valid_until"] or None} for row in csv.DictReader(file)]
    with world.admin().begin() as db:
        db.exec_driver_sql(_PARAMETER)
        db.execute(
            sa.text(
                "insert into posko_model.parameter values (:param_code, :sub_key, :value, :valid_from, :valid_until)"
            ),
            rows,
        )


def put_session(
    world: World,
    day: dt.date,
    results: Sequence[str],
    *,
    met: str = "MET.1",
    slot: int = 1,
    gaps: Sequence[float] | None = None,
    score: int | None = 90,
    pptkis: str | None = "DUTA ANANDA SETIA",
) -> int:
    """Return a closed session; each result is `K` or the units with BK, such as `TLRT.01,TLRT.03`.

    Args:
        world: with its registers.
        day: of the test.
        results: one a candidate.
        met: assessor.
        slot: of the assessor's day.
        gaps: seconds between the candidates at the door, a minute unless told otherwise.
        score: of every finger; None: an exception of two persons.
        pptkis: who sent them.
    """
    at = dt.datetime.combine(day, dt.time(1))
    with world.admin().begin() as db:
        session_id = _add(
            db, "exam_session", tuk_code="TUK-1", lsp_code="LSP-1", scheme_code="TLRT", exam_on=day, slot=slot, met_no=met,
            status="CLOSED", opened_at=at, scoring_opened_at=at + dt.timedelta(hours=6), scored_at=at + dt.timedelta(hours=7),
            made_at=at, made_by="KO1",
        )  # fmt: skip
        proof = sha256(f"{session_id}".encode()).hexdigest()[:32]
        _add(
            db, "finger_proof", proof_id=proof, person_kind="STAFF", person_id="AS1", purpose="SCORE", station_code="ST-1", is_match=1,
            score=90, threshold=40, quality=80, template_version=1, reader_serial="READER-1", used_for="uji", used_at=at, captured_at=at,
            sample_sha256=sha256(proof.encode()).digest(),
        )  # fmt: skip
        come = at
        for place, result in enumerate(results):
            come += dt.timedelta(seconds=60 if gaps is None else gaps[place])
            journey_id = _put_candidate(db, f"8{session_id:05d}{place:03d}", at, pptkis)
            _add(
                db, "attendance", session_id=session_id, journey_id=journey_id, id_as_typed=str(journey_id), outcome="PRESENT", tries=1,
                proof_id=proof, score=score, quality=None if score is None else 70, station_code="ST-1", recorded_at=come,
                recorded_by="TU1", reason="Jari luka" if score is None else None,
                statement_no=f"BA/{journey_id}" if score is None else None,
            )  # fmt: skip
            put_result(db, session_id, journey_id, proof, result, met=met, at=at + dt.timedelta(hours=7))
    return session_id


def put_result(db: sa.Connection, session_id: int, journey_id: int, proof: str, result: str, **more: Any) -> None:
    """Write one result with its units; `met`, `at`, `version` and `reason` are told by name."""
    facts = {
        "version": more.get("version", 1),
        "met_no": more["met"],
        "assessed_at": more["at"],
        "reason": more.get("reason"),
    }
    assessment_id = _add(
        db, "assessment", session_id=session_id, journey_id=journey_id, result="K" if result == "K" else "BK", proof_id=proof,
        assessed_by="AS1", **facts,
    )  # fmt: skip
    for unit in ("TLRT.01", "TLRT.02", "TLRT.03"):
        _add(db, "score_item", assessment_id=assessment_id, unit_code=unit, result="BK" if unit in result else "K")


def _put_candidate(db: sa.Connection, tki_id: str, at: dt.datetime, pptkis: str | None) -> int:
    journey_id = _add(
        db,
        "journey",
        tki_id=tki_id,
        scheme_code="TLRT",
        journey_no=1,
        attempt_no=1,
        status="ASSESSED",
        opened_at=at,
        moved_at=at,
    )
    _add(
        db, "candidate", journey_id=journey_id, tki_id=tki_id, scheme_code="TLRT", full_name="NAMA", born_on=dt.date(1990, 1, 1),
        blkln_code="H05AN001", pptkis_name=pptkis, source_batch_id=1, source_row_crc=1, registered_at=at, registered_by="KO1",
    )  # fmt: skip
    return journey_id


def _add(db: sa.Connection, name: str, **values: Any) -> int:
    columns = ", ".join(values)
    made = db.execute(
        sa.text(f"insert into posko.{name} ({columns}) values ({', '.join(':' + column for column in values)})"), values
    )
    return int(made.lastrowid or 0)
