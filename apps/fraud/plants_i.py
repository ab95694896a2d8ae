"""Frauds and near misses of fingers and readers, DV-I07, I08 and I12 (§3.3, §8.2), as they stand in the tables afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.fraud.planting import Planted
from apps.fraud.rows_eia import DAY, halves, insert, value

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

OTHER_FINGER = 7
"""A finger that the honest year never asks for."""
_MATCH = "select attempt_id from posko.finger_attempt where proof_id = :proof and outcome = 'MATCH'"
_MISSED = """
    insert into posko.finger_attempt (person_kind, person_id, purpose, outcome, station_code, reader_kind, reader_serial, assurance,
        minutiae, quality, score, threshold, template_format, template_version, asked_finger, captured_at, received_at)
    select person_kind, person_id, purpose, 'NO_MATCH', station_code, reader_kind, reader_serial, assurance, minutiae, quality, 9,
        threshold, template_format, template_version, :finger, captured_at - interval :before second, received_at - interval :before second
    from posko.finger_attempt where attempt_id = :match"""
_SET = """
    insert into posko.template_set (person_kind, person_id, version, provenance, station_code, activated_at, activated_by)
    values ('TKI', :tki, :version, :origin, :station, :at, 'KONS-001')"""
_OFFICE = "select station_code from posko.station where tuk_code is null order by station_code limit 1"


def later_success(ground: Ground, k: int) -> list[Planted]:
    """DV-I07: three misses, then another finger, or the same one barely; near: two misses, or three and her usual score."""
    rows = [row for row in ground.journeys(2 * k + 4) if value(ground, _MATCH, proof=row["proof_id"]) is not None]
    made = []
    for place, (row, is_fraud) in enumerate(halves(rows[: 2 * k])):
        is_other = place % 2 == 0
        match = value(ground, _MATCH, proof=row["proof_id"])
        ground.run(
            "delete from posko.finger_attempt where person_kind = 'TKI' and person_id = :tki and outcome = 'NO_MATCH'",
            {"tki": row["tki_id"]},
        )
        finger = OTHER_FINGER if is_other else value(ground, _FINGER, match=match)
        misses = 3 if is_fraud or not is_other else 2
        ground.run(_MISSED, [{"match": match, "finger": finger, "before": 15 * each} for each in range(1, misses + 1)])
        if is_fraud and not is_other:
            ground.run(
                "update posko.finger_attempt set score = threshold + 1 where attempt_id = :match", {"match": match}
            )
            ground.run(
                "update posko.finger_attempt set score = 120 where person_kind = 'TKI' and person_id = :tki"
                " and outcome = 'MATCH' and attempt_id <> :match",
                {"tki": row["tki_id"], "match": match},
            )
        key = f"{row['session_id']}:{row['journey_id']}"
        made.append(Planted("DV-I07", "tuk", row["tuk_code"], key, is_fraud=is_fraud))
    return made


def replaced_fingers(ground: Ground, k: int) -> list[Planted]:
    """DV-I08: replaced two days before the test, or by the TUK that tests; near: two months before, in the office."""
    made = []
    for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
        is_by_tuk = is_fraud and place % 2 == 1
        station = row["station_code"] if is_by_tuk else value(ground, _OFFICE)
        days = 40 if is_by_tuk else 2 if is_fraud else 60
        _bring_in(ground, row, 1, "BNP2TKI", None, 90)
        number = _bring_in(ground, row, 2, "ENROLMENT", station, days)
        key = f"{row['session_id']}:{number}/{row['attempt_no']}"
        made.append(Planted("DV-I08", "tuk", row["tuk_code"], key, is_fraud=is_fraud))
    return made


def _bring_in(
    ground: Ground, row: dict[str, Any], version: int, origin: str, station: str | None, days_before: int
) -> int:
    at = dt.datetime.combine(row["exam_on"] - days_before * DAY, dt.time(3))
    return insert(ground, _SET, tki=row["tki_id"], version=version, origin=origin, station=station, at=at)


def foreign_reader(ground: Ground, k: int) -> list[Planted]:
    """DV-I12: a reader that nobody registered, or that of another TUK; near: such a reader at her enrolment in the office."""
    made = []
    rows = [row for row in ground.journeys(2 * k + 2) if row["station_code"] is not None][: 2 * k]
    for place, (row, is_fraud) in enumerate(halves(rows)):
        serial = f"ASING-{row['journey_id']}" if place % 2 else value(ground, _ELSEWHERE, tuk=row["tuk_code"])
        station = row["station_code"] if is_fraud else value(ground, _OFFICE)
        ground.run(
            _READ,
            {
                "proof": f"{ground.rng.getrandbits(128):032x}",
                "purpose": "ATTEND" if is_fraud else "ENROL",
                "tki": row["tki_id"],
                "station": station,
                "serial": serial,
                "at": row["recorded_at"],
            },
        )
        key = f"{row['session_id']}:{station}:{serial}"
        made.append(Planted("DV-I12", "tuk", row["tuk_code"], key, is_fraud=is_fraud))
    return made


_FINGER = "select matched_finger from posko.finger_attempt where attempt_id = :match"
_ELSEWHERE = "select reader_serial from posko.station where tuk_code <> :tuk order by station_code limit 1"
_READ = """
    insert into posko.finger_proof (proof_id, person_kind, person_id, purpose, station_code, is_match, score, threshold, quality,
        template_version, reader_serial, sample_sha256, captured_at, used_for, used_at)
    values (:proof, 'TKI', :tki, :purpose, :station, 1, 88, 40, 66, 1, :serial, unhex(sha2(concat('asing', :proof), 256)), :at,
        'attendance.record', :at)"""

PLANTERS: dict[str, Planter] = {
    "DV-I07": later_success,
    "DV-I08": replaced_fingers,
    "DV-I12": foreign_reader,
}
