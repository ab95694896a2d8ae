"""Edges of the rules of identity and allocation that no plant of the simulated year reaches (requirements 7.2, 7.3)."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.proof import Purpose
from posko.services import asesor_check, attendance
from tests.support.exam import exam_day
from tests.support.exam_rows import MINUTE, NOON, Rows
from tests.support.rule_views import RuleViews

pytestmark = pytest.mark.server

DAY = dt.timedelta(days=1)


@pytest.fixture
def rows(world) -> Rows:
    return Rows(world)


@pytest.fixture
def views(world) -> RuleViews:
    return RuleViews(world)


def candidate(rows: Rows, journey: int, **values: object) -> None:
    told = {
        "journey_id": journey, "tki_id": f"T{journey}", "scheme_code": "TLRT", "full_name": "SITI", "born_on": "1990-01-01",
        "source_batch_id": 1, "source_row_crc": 1, "payment_status": "LUNAS", "registered_at": "2026-03-02", "registered_by": "KO1",
    }  # fmt: skip
    rows.add("candidate", **{**told, **values})


def finger(
    rows: Rows, tki: str, outcome: str, at: dt.datetime, *, asked: int = 2, score: int = 9, **values: object
) -> None:
    told = {
        "person_kind": "TKI", "person_id": tki, "purpose": "ATTEND", "outcome": outcome, "station_code": "ST-1", "reader_kind": "SYNTHETIC",
        "reader_serial": "READER-1", "assurance": "STATION", "score": score, "threshold": 40, "asked_finger": asked, "captured_at": at,
        "received_at": at, "matched_finger": asked if outcome == "MATCH" else None,
    }  # fmt: skip
    rows.add("finger_attempt", **{**told, **values})


def came_after_misses(rows: Rows, *, missed_at: dt.datetime, score: int = 90, matched: int = 7) -> tuple[int, int]:
    """Somebody whose finger missed three times, and who came with one that matched; return her session and journey."""
    session = rows.session()
    journey = rows.journey(session, tki="5100000")
    for place in range(3):
        finger(rows, "5100000", "NO_MATCH", missed_at + place * MINUTE)
    proof = rows.world.value("select proof_id from posko.attendance where journey_id = :id", id=journey)
    finger(rows, "5100000", "MATCH", NOON - 200 * MINUTE, asked=matched, score=score, proof_id=proof)
    return session, journey


def test_a_success_with_another_finger_is_found_also_when_the_misses_were_at_the_test_before(rows, views) -> None:
    session, journey = came_after_misses(rows, missed_at=NOON - 7 * DAY)

    found = views.found("i07")

    assert list(found) == [f"{session}:{journey}"]
    assert json.loads(found[f"{session}:{journey}"]["evidence"])["gagal"] == 3


def test_misses_that_are_long_ago_are_forgotten(rows, views) -> None:
    came_after_misses(rows, missed_at=NOON - 31 * DAY)

    assert views.found("i07") == {}


def test_the_same_finger_that_barely_matches_is_found_and_one_that_matches_well_is_not(rows, views) -> None:
    came_after_misses(rows, missed_at=NOON - 210 * MINUTE, score=41, matched=2)
    assert len(views.found("i07")) == 1

    rows.world.write("update posko.finger_attempt set score = 42 where outcome = 'MATCH'")
    assert views.found("i07") == {}


def test_a_second_try_that_the_attendance_noted_does_not_hide_what_three_misses_before_it_say(world, views) -> None:
    day = exam_day(world, "100")
    day.open()
    world.matcher.misses["100"] = 1
    for _ in range(2):
        proof = world.proof("TKI", "100", Purpose.ATTEND)
        world.desk("TU1").do(attendance.record_attendance, session_id=day.session_id, tki_id="100", proof=proof)
    used = world.value("select proof_id from posko.attendance")
    assert world.ask("select rule_id, severity from posko.deviation") == [("DV-I07", "W")]
    assert views.found("i07") == {}

    rows = Rows(world)
    for place in range(3):
        finger(rows, "100", "NO_MATCH", world.now - (place + 1) * MINUTE)
    finger(rows, "100", "MATCH", world.now, asked=7, score=90, proof_id=used)

    assert len(views.found("i07")) == 1


def test_a_first_enrolment_is_no_replacement_however_late(rows, views) -> None:
    session = rows.session()
    rows.journey(session, tki="5200000")
    told = {"person_kind": "TKI", "person_id": "5200000", "activated_at": NOON - DAY, "activated_by": "KO1"}
    rows.add("template_set", version=1, provenance="ENROLMENT", station_code="ST-1", **told)
    assert views.found("i08") == {}

    rows.add("template_set", version=2, provenance="ENROLMENT", station_code="ST-0", **told)
    (found,) = views.rows("i08")
    assert (found["subject_code"], json.loads(found["evidence"])["di_tuk_penguji"]) == ("TUK-1", 0)


def test_a_set_that_replaced_another_after_the_test_says_nothing_of_it(rows, views) -> None:
    rows.journey(rows.session(), tki="5200000")
    for version, at in ((1, NOON - 90 * DAY), (2, NOON + DAY)):
        rows.add(
            "template_set", person_kind="TKI", person_id="5200000", version=version, provenance="ENROLMENT", station_code="ST-1",
            activated_at=at, activated_by="KO1",
        )  # fmt: skip

    assert views.found("i08") == {}


@pytest.mark.parametrize("now", ["reader_serial = 'READER-NEW'", "tuk_code = 'TUK-2'", "tuk_code = null"])
def test_a_station_whose_entry_changed_since_is_not_judged_by_it(rows, views, now) -> None:
    session = rows.session()
    rows.journey(session)
    rows.world.write(f"update posko.station set {now} where station_code = 'ST-1'")
    assert list(views.found("i12")) == [f"{session}:ST-1:READER-1"]

    rows.add(
        "registry_change", register="station", register_key="ST-1", before_json="{}", after_json="{}", changed_at=NOON + DAY,
        changed_by="BN1", reason="pembaca rusak",
    )  # fmt: skip
    assert views.found("i12") == {}


def test_a_test_on_another_day_is_no_second_place(rows, views) -> None:
    first, second = rows.session(), rows.session(exam_on=EXAM_ON + DAY)
    journey = rows.journey(first)
    again = {"journey_id": journey, "allocated_at": "2026-03-02", "allocated_by": "KO1"}
    rows.add("allocation", attempt_no=2, session_id=second, **again)
    assert views.found("a01") == {}

    rows.add("allocation", attempt_no=3, session_id=rows.session(tuk_code="TUK-2"), **again)
    assert len(views.found("a01")) == 2


def test_a_day_that_is_only_planned_at_a_suspended_tuk_is_not_held_against_it_yet(rows, views) -> None:
    session = rows.session(status="PLANNED")
    rows.add(
        "suspension",
        party_kind="TUK",
        party_code="TUK-1",
        suspended_from=EXAM_ON,
        suspended_until=EXAM_ON,
        reason="uji",
    )
    assert views.found("a03") == {}

    rows.world.write("update posko.exam_session set status = 'RUNNING'")
    assert json.loads(views.found("a03")[str(session)]["evidence"])["sebab"] == "TUK dibekukan"


def test_an_assessor_of_another_lsp_or_without_the_scheme_is_found(rows, views) -> None:
    strange = rows.session(met_no="MET.3")
    lapsed = rows.session(met_no="MET.2")
    rows.world.write("update posko.asesor_scheme set valid_until = :day where met_no = 'MET.2'", day=EXAM_ON - DAY)

    found = {key: json.loads(row["evidence"])["sebab"] for key, row in views.found("a05").items()}

    assert found == {str(strange): "asesor LSP lain", str(lapsed): "skema tidak berlaku bagi asesor"}


def test_sessions_one_after_the_other_at_one_place_are_no_two_places_and_at_one_time_they_are(rows, views) -> None:
    rows.session(minutes=60)
    later = rows.session(minutes=60, running_at=NOON + MINUTE, ended_at=NOON + 61 * MINUTE)
    assert views.found("a06") == {}

    rows.world.write(
        "update posko.exam_session set running_at = :at where session_id = :id", at=NOON - MINUTE, id=later
    )
    assert len(views.found("a06")) == 2


def test_a_month_beyond_the_limit_is_found_from_the_session_that_went_beyond_it(rows, views) -> None:
    sessions = [rows.session(exam_on=EXAM_ON + place * DAY) for place in range(3)]
    for session in sessions:
        rows.journey(session)
        rows.journey(session)
    views.rows("a07")
    rows.world.write("update posko_model.parameter set value = 4 where param_code = 'asesor_per_month'")

    found = views.found("a07")

    assert list(found) == [str(sessions[2])]
    told = json.loads(found[str(sessions[2])]["evidence"])
    assert (told["peserta_hari"], told["peserta_bulan"], told["batas_bulan"]) == (2, 6, 4)


def test_a_tie_is_found_however_the_name_was_typed(rows, views) -> None:
    session = rows.session()
    journey = rows.journey(session)
    candidate(rows, journey, pptkis_name=" pt Jeruk ", blkln_code="H05AN001")
    tie = {"body_kind": "LSP", "body_code": "LSP-1", "valid_from": "2026-01-01", "evidence": "akta"}
    rows.add("ownership_tie", party_kind="PPTKIS", party_code="PT JERUK", **tie)

    (found,) = views.rows("a08")

    assert (found["subject_kind"], found["subject_code"], found["journey_id"]) == ("lsp", "LSP-1", journey)


def test_a_late_substitute_whom_the_act_noted_is_not_found_again(world, views) -> None:
    day = exam_day(world, "100")
    batch = Rows(world).add(
        "handoff_batch", hop="BNSP_TO_TUK", sender="BNSP", receiver="TUK:TUK-1", row_count=1, rows_sha256=b"0" * 32,
        sent_at=world.now - DAY,
    )  # fmt: skip
    Rows(world).add(
        "handoff_line", batch_id=batch, tki_id="100", hop="BNSP_TO_TUK", journey_id=day.journeys["100"], attempt_no=1,
        row_hash=b"0" * 32, status="LOADED",
    )  # fmt: skip
    world.desk("KO1").do(asesor_check.substitute_asesor, session_id=day.session_id, met_no="MET.2", reason="sakit")
    assert world.ask("select rule_id from posko.deviation") == [("DV-A10",)]
    assert views.found("a10") == {}

    world.write("delete from posko.deviation")
    (found,) = views.rows("a10")
    assert json.loads(found["evidence"])["sebelumnya"] == "MET.1"


def test_who_paid_after_the_test_was_tested_unpaid_where_the_gate_was_on(rows, views) -> None:
    session = rows.session()
    journey = rows.journey(session)
    candidate(rows, journey)
    rows.add(
        "payment_change",
        journey_id=journey,
        payment_before="BELUM",
        payment_after="LUNAS",
        changed_at=NOON,
        changed_by="KO1",
    )
    assert views.found("a13") == {}

    rows.add(
        "parameter", parameter_name="payment_gate", valid_from=EXAM_ON, value="1", reason="uji", set_by="BN1", seconded_by="SA1",
        set_at="2026-03-01",
    )  # fmt: skip
    assert list(views.found("a13")) == [f"{session}:{journey}"]


def test_who_turns_21_on_the_day_of_the_test_is_old_enough(rows, views) -> None:
    session = rows.session()
    young, old = rows.journey(session), rows.journey(session)
    for journey, born in (
        (old, EXAM_ON.replace(year=EXAM_ON.year - 21)),
        (young, EXAM_ON.replace(year=EXAM_ON.year - 21) + DAY),
    ):
        candidate(rows, journey, born_on=born, sector="Informal ")

    (found,) = views.rows("e09")

    assert (found["journey_id"], json.loads(found["evidence"])["umur"]) == (young, 20)
