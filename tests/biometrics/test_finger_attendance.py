"""The exam day with real comparisons: in, out, the assessor before the test and before the score (§13.1-13.7; R-120..R-128, F18-F22)."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from biometrics import attendance as gate
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import assessment, attendance, attendance_exit
from tests.support.exam import GOOD, exam_day
from tests.support.preparation import parameter

pytestmark = pytest.mark.server
CANDIDATES = ("T1", "T2", "T3")


@pytest.fixture
def day(world, hands):
    """An opened session; T1 and T2 have two fingers from BNP2TKI, T3 has none."""
    hands.know("T1", "T2")
    made = exam_day(world, *CANDIDATES)
    made.open()
    return made


def scan(day, hands, tki_id, whose=None, finger=2, **more):
    sample = more.pop("sample", None) or hands.sample(whose or tki_id, finger)
    where = {"session_id": day.session_id, "tki_id": tki_id, "sample": sample, "station_code": "ST-1"}
    return gate.attend(hands.verifier, hands.world.desk("TU1"), **where, **more)


def leave(day, hands, tki_id, whose=None):
    where = {"session_id": day.session_id, "tki_id": tki_id, "sample": hands.sample(whose or tki_id)}
    return gate.leave(hands.verifier, hands.world.desk("TU1"), **where, station_code="ST-1")


def test_a_candidate_with_her_own_finger_is_present(world, hands, day):
    found = scan(day, hands, "T1")

    assert found.outcome == "PRESENT"
    assert found.answer["candidate"]["full_name"] == "NAMA T1"
    assert world.status("T1") == "PRESENT"
    assert world.ask("select score, threshold, proof_id from posko.attendance") == [
        (found.verification.score, 40, found.verification.proof.proof_id)
    ]
    assert world.ask("select person_id, matched_finger from posko.finger_attempt where proof_id is not null") == [
        ("T1", 2)
    ]


def test_after_three_misses_the_other_finger_is_asked_for_and_may_be_hers(world, hands, day):
    outcomes = [scan(day, hands, "T1", "SOMEBODY").outcome for _ in range(3)]
    outcomes.append(scan(day, hands, "T1", finger=7).outcome)

    assert outcomes == ["TRY_AGAIN", "TRY_AGAIN", "TRY_OTHER_FINGER", "PRESENT"]
    assert world.status("T1") == "PRESENT"


def test_who_misses_with_every_finger_is_turned_away_for_the_day_with_a_statement(world, hands, day):
    outcomes = [scan(day, hands, "T1", "SOMEBODY").outcome for _ in range(5)]
    last = scan(day, hands, "T1", "SOMEBODY")

    assert outcomes == ["TRY_AGAIN", "TRY_AGAIN", "TRY_OTHER_FINGER", "TRY_AGAIN", "TRY_AGAIN"]
    assert last.outcome == "TURNED_AWAY_NO_MATCH"
    assert last.answer["statement_no"].startswith("BA/TUK-1/")
    assert world.status("T1") == "TURNED_AWAY_NO_MATCH"
    assert world.value("select tries from posko.attendance") == 6
    with pytest.raises(Refused) as refused:
        scan(day, hands, "T1")
    assert refused.value.code == "TURNED_AWAY_TODAY"


def test_a_tki_with_one_finger_has_three_tries(world, hands):
    hands.know("T1", fingers=(2,))
    parameter(world, "attendance_tries", 2)
    day = exam_day(world, "T1")
    day.open()

    assert [scan(day, hands, "T1", "SOMEBODY").outcome for _ in range(2)] == ["TRY_AGAIN", "TURNED_AWAY_NO_MATCH"]


def test_nobody_registered_waits_for_the_operators_statement(world, hands, day):
    found = scan(day, hands, "T3")

    assert (found.outcome, found.answer) == ("NOT_REGISTERED", None)
    assert world.status("T3") == "ACKNOWLEDGED"
    stated = {"session_id": day.session_id, "id_as_typed": "T3", "reason": "tidak ada sidik jari"}
    world.desk("TU1").do(attendance.turn_away_unregistered, **stated)
    assert world.status("T3") == "TURNED_AWAY_NOT_REGISTERED"


def test_a_poor_capture_counts_as_no_miss(world, hands, day):
    data = hands.sample("T1").data
    short = data[:27] + bytes([8]) + data[28 : 28 + 48] + b"\0\0"
    short = short[:8] + len(short).to_bytes(4, "big") + short[12:]

    assert scan(day, hands, "T1", sample=hands.sample("T1", data=short)).outcome == "POOR_QUALITY"
    outcomes = [scan(day, hands, "T1", "SOMEBODY").outcome for _ in range(3)]
    assert outcomes == ["TRY_AGAIN", "TRY_AGAIN", "TRY_OTHER_FINGER"]


def test_a_candidate_of_another_tuk_is_refused_though_her_finger_matches(world, hands, day):
    hands.know("T9")
    exam_day(world, "T9", tuk="TUK-2", met="MET.2")

    with pytest.raises(Refused) as refused:
        scan(day, hands, "T9")

    assert refused.value.code == "NOT_ON_LIST"
    assert world.ask("select outcome from posko.finger_attempt where person_id = 'T9'") == [("MATCH",)]
    assert world.status("T9") == "ACKNOWLEDGED"


def test_a_finger_of_another_tuks_reader_is_refused(world, hands, day):
    with pytest.raises(Refused) as refused:
        scan(day, hands, "T1", sample=hands.sample("T1", station="ST-2"))
    assert refused.value.code == "PROOF_UNKNOWN_STATION"
    with pytest.raises(NotPermitted):
        gate.attend(
            hands.verifier,
            world.desk("TU2"),
            session_id=day.session_id,
            tki_id="T1",
            sample=hands.sample("T1", station="ST-2"),
            station_code="ST-2",
        )


def test_a_finger_that_was_taken_offline_counts_by_its_own_time_and_is_marked(world, hands, day):
    world.now += dt.timedelta(minutes=5)
    taken = hands.sample("T1")
    world.now += dt.timedelta(hours=2)

    found = scan(day, hands, "T1", sample=taken, is_late=True)

    assert (found.outcome, found.answer["late_seconds"]) == ("PRESENT", 7200)
    assert world.ask("select is_late, captured_at, received_at from posko.finger_attempt") == [
        (1, taken.captured_at, world.now)
    ]


def test_twenty_candidates_who_are_sent_three_times_at_once_are_each_present_once(world, hands):
    ids = [f"T{number}" for number in range(20)]
    hands.know(*ids, fingers=(2,))
    day = exam_day(world, *ids)
    day.open()
    samples = {tki: hands.sample(tki, hard=0.6) for tki in ids}

    def come(number: int) -> str:
        tki = ids[number % len(ids)]
        try:
            return scan(day, hands, tki, sample=replace(samples[tki], nonce=f"{number:032x}")).outcome
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(come, range(60)))

    assert (outcomes.count("PRESENT"), outcomes.count("SAMPLE_REPLAYED")) == (20, 40)
    assert world.ask("select count(*), count(distinct journey_id) from posko.attendance") == [(20, 20)]
    assert world.value("select count(*) from posko.finger_attempt") == 60


# the way out -------------------------------------------------------------------------------------------------------


def test_a_candidate_leaves_once_with_her_finger_and_who_did_not_is_listed(world, hands, day):
    scan(day, hands, "T1")
    scan(day, hands, "T2")

    assert leave(day, hands, "T1", "SOMEBODY").outcome == "TRY_AGAIN"
    assert leave(day, hands, "T1").outcome == "EXIT"

    with pytest.raises(Refused) as refused:
        leave(day, hands, "T1")
    assert refused.value.code == "EXIT_RECORDED"
    assert world.ask("select journey_id, station_code from posko.exit_scan") == [(day.journeys["T1"], "ST-1")]
    left = world.desk("TU1").do(attendance_exit.without_exit, session_id=day.session_id)
    assert left == [{"journey_id": day.journeys["T2"], "tki_id": "T2"}]


def test_the_end_of_the_session_tells_who_left_without_a_finger(world, hands, day):
    hands.enrol("AS1")
    for tki_id in ("T1", "T2"):
        scan(day, hands, tki_id)
    leave(day, hands, "T1")
    where = {"session_id": day.session_id, "station_code": "ST-1", "sample": hands.sample("AS1")}
    gate.verify_asesor(hands.verifier, world.desk("TU1"), person_id="AS1", **where)

    assert day.end() == {"tested": 2, "absent": 1}
    told = world.value(
        "select payload from posko_audit.audit_event where action = 'session.end' and entity = 'session'"
    )
    assert json.loads(told)["without_exit"] == [day.journeys["T2"]]


def test_who_was_not_present_does_not_leave(hands, day):
    with pytest.raises(Refused) as refused:
        leave(day, hands, "T1")
    assert refused.value.code == "EXIT_NOT_PRESENT"
    hands.know("T8")
    with pytest.raises(Refused) as refused:
        leave(day, hands, "T8")
    assert refused.value.code == "NOT_ON_LIST"
    assert leave(day, hands, "T3").outcome == "NOT_REGISTERED"


def test_a_finger_for_coming_is_none_for_leaving(world, hands, day):
    found = hands.verify("TKI", "T1", Purpose.ATTEND)
    scan(day, hands, "T1")

    with pytest.raises(Refused) as refused:
        world.desk("TU1").do(attendance_exit.record_exit, session_id=day.session_id, tki_id="T1", proof=found.proof)
    assert refused.value.code == "PROOF_WRONG_PURPOSE"


# the assessor ------------------------------------------------------------------------------------------------------


def test_the_assessor_is_compared_before_the_test_and_afresh_before_the_score(world, hands, day):
    hands.enrol("AS1")
    scan(day, hands, "T1")
    desk, where = world.desk("TU1"), {"session_id": day.session_id, "station_code": "ST-1"}

    missed = gate.verify_asesor(hands.verifier, desk, person_id="AS1", sample=hands.sample("SOMEBODY"), **where)
    verified = gate.verify_asesor(hands.verifier, desk, person_id="AS1", sample=hands.sample("AS1"), **where)
    day.end()
    day.release()
    finger = hands.verify("STAFF", "AS1", Purpose.SCORE)
    scores = {day.journeys["T1"]: GOOD}
    done = world.desk("AS1").do(assessment.score, session_id=day.session_id, scores=scores, proof=finger.proof)

    assert (missed.outcome, verified.outcome, done["scored"]) == ("TRY_AGAIN", "VERIFIED", 1)
    assert world.ask("select purpose, outcome, threshold from posko.finger_attempt where person_id = 'AS1' and proof_id is not null") == [
        ("ENROL", "MATCH", 40),
        ("VERIFY_ASESOR", "NO_MATCH", 40),
        ("VERIFY_ASESOR", "MATCH", 40),
        ("SCORE", "MATCH", 50),
    ]  # fmt: skip


def test_the_finger_of_the_check_does_not_open_the_score(world, hands, day):
    hands.enrol("AS1")
    scan(day, hands, "T1")
    found = hands.verify("STAFF", "AS1", Purpose.VERIFY_ASESOR)
    gate.verify_asesor(
        hands.verifier,
        world.desk("TU1"),
        session_id=day.session_id,
        person_id="AS1",
        sample=hands.sample("AS1"),
        station_code="ST-1",
    )
    day.end()
    day.release()

    with pytest.raises(Refused) as refused:
        day.score({"T1": GOOD}, proof=found.proof)
    assert refused.value.code == "PROOF_WRONG_PURPOSE"


def test_another_assessor_is_refused_though_her_finger_matches(hands, day):
    hands.enrol("AS2")
    scan(day, hands, "T1")

    with pytest.raises(Refused) as refused:
        gate.verify_asesor(
            hands.verifier,
            hands.world.desk("TU1"),
            session_id=day.session_id,
            person_id="AS2",
            sample=hands.sample("AS2"),
            station_code="ST-1",
        )
    assert refused.value.code == "ASESOR_NOT_APPOINTED"
