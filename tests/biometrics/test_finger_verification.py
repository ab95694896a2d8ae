"""Verification 1:1 with the real matcher: every outcome is a row, nothing counts twice, a sign-in tells nothing (§8.2, §13.3-13.7)."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from biometrics import attendance as gate
from biometrics.types import Assurance, Encoding
from biometrics.verification import Advice, Outcome, Verifier
from posko.domain.errors import Refused
from posko.domain.proof import Purpose, is_sealed
from tests.support.fingers import MATCHER, Hands, touch
from tests.support.verifying import attempts, use

pytestmark = pytest.mark.server


@pytest.fixture
def known(hands) -> Hands:
    """T1 has two fingers from BNP2TKI, T2 too."""
    hands.know("T1", "T2")
    return hands


def test_her_own_finger_matches_and_gives_a_proof_that_an_act_takes_once(world, known):
    found = known.verify("TKI", "T1", Purpose.ATTEND, finger=7)

    assert (found.outcome, found.finger, found.advice) == (Outcome.MATCH, 7, Advice.NONE)
    assert found.score >= found.threshold == world.settings.finger_threshold_attend
    assert is_sealed(found.proof, world.office.keys["finger-proof"])
    assert world.desk(None).do(use, proof=found.proof) == found.proof.proof_id
    with pytest.raises(Refused) as refused:
        world.desk(None).do(use, proof=found.proof)
    assert refused.value.code == "PROOF_USED"


def test_what_is_stored_of_a_comparison(world, known):
    sample = known.sample("T1", 2)
    found = known.verify("TKI", "T1", Purpose.ATTEND, sample=sample, asked_finger=2)

    columns = (
        "person_kind, person_id, purpose, outcome, station_code, reader_kind, reader_serial, assurance, nonce, sample_sha256,"
        " score, threshold, template_format, template_version, asked_finger, matched_finger, proof_id, is_late"
    )
    assert attempts(world, columns) == [
        ("TKI", "T1", "ATTEND", "MATCH", "ST-1", "synthetic", "READER-1", "STATION", sample.nonce, sample.sha256,
         found.score, 40, "nbis-py/0.1.3", 1, 2, 2, found.proof.proof_id, 0)
    ]  # fmt: skip
    assert world.events()[-1][:2] == ("finger.compare", "finger")


def test_anothers_finger_does_not_match_and_its_proof_proves_nothing(world, known):
    found = known.verify("TKI", "T1", Purpose.ATTEND, whose="T2")

    assert found.outcome is Outcome.NO_MATCH
    assert not found.proof.is_match
    with pytest.raises(Refused) as refused:
        world.desk(None).do(use, proof=found.proof)
    assert refused.value.code == "NO_MATCH"


def test_three_tries_of_a_finger_then_the_other_then_the_exception(known):
    advice = [known.verify("TKI", "T1", Purpose.ATTEND, whose="T2").advice for _ in range(6)]

    assert advice == [
        *(Advice.RETRY, Advice.RETRY, Advice.OTHER_FINGER),
        *(Advice.RETRY, Advice.RETRY, Advice.EXCEPTION),
    ]


def test_misses_are_counted_by_the_finger_that_was_asked_for(known):
    advice = [
        known.verify("TKI", "T1", Purpose.ATTEND, whose="T2", asked_finger=finger).advice for finger in (2, 2, 7, 2)
    ]

    assert advice == [Advice.RETRY, Advice.RETRY, Advice.RETRY, Advice.OTHER_FINGER]


def test_a_match_begins_the_count_anew(known):
    for _ in range(2):
        known.verify("TKI", "T1", Purpose.ATTEND, whose="T2")
    known.verify("TKI", "T1", Purpose.ATTEND)

    assert known.verify("TKI", "T1", Purpose.ATTEND, whose="T2").advice is Advice.RETRY


def test_nobody_registered_is_an_outcome_without_a_proof(world, known):
    found = known.verify("TKI", "T9", Purpose.ATTEND)

    assert (found.outcome, found.proof, found.advice) == (Outcome.NOT_REGISTERED, None, Advice.REGISTER)
    assert attempts(world, "outcome, score, person_id") == [("NOT_REGISTERED", None, "T9")]


def test_too_few_minutiae_are_a_poor_capture_and_no_miss(world, known):
    data = touch("T1", 2, "poor", hard=1.0)
    few = data[:27] + bytes([5]) + data[28 : 28 + 30] + b"\0\0"
    few = few[:8] + len(few).to_bytes(4, "big") + few[12:]

    found = known.verify("TKI", "T1", Purpose.ATTEND, sample=known.sample("T1", data=few))

    assert (found.outcome, found.advice) == (Outcome.POOR_QUALITY, Advice.RETRY)
    assert not found.proof.is_match
    assert found.quality < 20
    assert attempts(world, "outcome, reason, score") == [("POOR_QUALITY", "FEW_MINUTIAE", None)]


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "EMPTY"), (b"no finger at all", "FORMAT"), (touch("T1")[:60], "FORMAT")]
)
def test_what_is_no_capture_at_all_is_the_readers_fault(world, known, data, reason):
    found = known.verify("TKI", "T1", Purpose.ATTEND, sample=known.sample("T1", data=data))

    assert (found.outcome, found.proof, found.advice) == (Outcome.READER_ERROR, None, Advice.READER)
    assert attempts(world, "outcome, reason") == [("READER_ERROR", reason)]


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400),
    encoding=st.sampled_from(Encoding),
    head=st.sampled_from([b"", b"FMR\0 20\0", b"\x89PNG"]),
)
def test_no_bytes_of_a_reader_break_the_comparison_for_others(hands, data, encoding, head):
    sample = replace(hands.sample("T1", data=head + data), encoding=encoding)
    try:
        outcome = hands.verify("TKI", "T1", Purpose.ATTEND, sample=sample).outcome.value
    except Refused as refused:  # drawn twice
        outcome = refused.code

    assert outcome in {"READER_ERROR", "POOR_QUALITY", "SAMPLE_REPLAYED"}


def test_a_reader_that_gave_nothing_is_stored(world, known):
    where = {"station_code": "ST-1", "reader_kind": "zk", "reader_serial": "READER-1", "nonce": "a" * 32}
    found = known.verifier.reader_error("TKI", "T1", Purpose.ATTEND, **where, why="NO_FINGER")

    assert (found.outcome, found.proof) == (Outcome.READER_ERROR, None)
    assert attempts(world, "outcome, reason, assurance") == [("READER_ERROR", "NO_FINGER", "NONE")]
    with pytest.raises(Refused) as refused:
        known.verifier.reader_error("TKI", "T1", Purpose.ATTEND, **where, why="NO_FINGER")
    assert refused.value.code == "NONCE_USED"


# a sample counts once ----------------------------------------------------------------------------------------------


def test_fifty_verifications_at_once_lose_no_row(world, hands):
    ids = [f"T{number}" for number in range(50)]
    hands.know(*ids, fingers=(2,))
    samples = {tki: hands.sample(tki) for tki in ids}

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda tki: hands.verify("TKI", tki, Purpose.ATTEND, sample=samples[tki]), ids))

    assert len({one.proof.proof_id for one in found}) == 50
    assert world.value("select count(*) from posko.finger_attempt") == 50
    assert world.value("select count(distinct person_id, proof_id) from posko.finger_attempt") == 50
    assert sum(action == "finger.compare" for action, *_ in world.events("ok") + world.events("failed")) == 50
    assert sum(one.outcome is Outcome.MATCH for one in found) >= 45


def test_a_file_is_refused_in_production_and_marked_in_the_demo(world, known):
    found = known.verify("TKI", "T1", Purpose.ATTEND, sample=known.sample("T1", assurance=Assurance.FILE))
    assert found.outcome is Outcome.MATCH
    settings = world.settings.model_copy(update={"environment": "production"})
    strict = Verifier(world.office, known.vault, MATCHER, settings)

    with pytest.raises(Refused) as refused:
        strict.verify("TKI", "T1", Purpose.ATTEND, known.sample("T1", assurance=Assurance.FILE), station_code="ST-1")

    assert refused.value.code == "FILE_IN_PRODUCTION"
    assert attempts(world, "outcome, assurance, reason") == [
        ("MATCH", "FILE", None),
        ("REFUSED", "FILE", "FILE_IN_PRODUCTION"),
    ]


# templates ---------------------------------------------------------------------------------------------------------


def test_a_template_that_was_moved_to_another_person_compares_with_nobody(world, known):
    world.write("update posko_biometric.finger_template set person_id = 'T3' where person_id = 'T1'")

    found = known.verify("TKI", "T3", Purpose.ATTEND, whose="T1")

    assert (found.outcome, found.proof) == (Outcome.NOT_REGISTERED, None)
    assert attempts(world, "outcome, reason") == [("NOT_REGISTERED", "TEMPLATE_BROKEN")]


def test_templates_of_another_format_are_compared_with_nothing(world, known):
    row = known.vault.seal(
        replace(MATCHER.extract(known.sample("T4")), format="zk/10"), kind="TKI", person_id="T4", version=1, seq=1
    )
    world.write(
        "insert into posko_biometric.finger_template (person_kind, person_id, version, finger, seq, format, key_id, nonce,"
        " ciphertext, minutiae, provenance, state, reader_kind, reader_serial, taken_at, taken_by)"
        " values ('TKI', 'T4', 1, 2, 1, 'zk/10', :key, :nonce, :text, 40, 'ENROLMENT', 'ACTIVE', 'zk', '-', '2026-01-01', 'x')",
        key=row[0],
        nonce=row[1],
        text=row[2],
    )

    assert known.verify("TKI", "T4", Purpose.ATTEND).outcome is Outcome.NOT_REGISTERED
    assert attempts(world, "reason") == [("FORMAT_DIFFERS",)]


def test_a_proof_of_a_set_that_was_replaced_opens_nothing(world, known):
    found = known.verify("TKI", "T1", Purpose.ATTEND)
    known.send_print("T1", 2, touch("T1", 2, "bnp2tki again"))
    known.import_all()

    with pytest.raises(Refused) as refused:
        world.desk(None).do(use, proof=found.proof)
    assert refused.value.code == "PROOF_OLD_TEMPLATE"


def test_a_grey_picture_and_a_record_of_one_finger_are_never_mixed_up(known):
    sample = replace(known.sample("T1"), encoding=Encoding.GREY8)

    assert known.verify("TKI", "T1", Purpose.ATTEND, sample=sample).outcome is Outcome.READER_ERROR


# locks and sign-in -------------------------------------------------------------------------------------------------


def test_fingers_that_miss_too_often_are_locked_for_a_while_where_no_act_counts_them(world, hands):
    hands.enrol("BN1", second=world.second("SA2"))
    for _ in range(6):
        assert hands.verify("STAFF", "BN1", Purpose.SECOND_PERSON, "nobody").outcome is Outcome.NO_MATCH

    with pytest.raises(Refused) as refused:
        hands.verify("STAFF", "BN1", Purpose.SECOND_PERSON)
    assert refused.value.code == "FINGER_LOCKED"
    world.now += dt.timedelta(minutes=16)
    assert hands.verify("STAFF", "BN1", Purpose.SECOND_PERSON).outcome is Outcome.MATCH


def test_a_sign_in_with_ones_own_finger_opens_a_session(world, hands):
    hands.enrol("KO1")
    answer = gate.sign_in(
        hands.verifier, person_id="KO1", sample=hands.sample("KO1", station="ST-0"), station_code="ST-0"
    )

    assert (answer["ok"], answer["role"]) == (True, "KONSORSIUM")


@pytest.mark.parametrize("number", ["KO1", "NOBODY", "3603054105830001", "x" * 300, "", "KO1' or 1=1"])
def test_a_wrong_finger_and_an_unknown_number_are_answered_alike(world, hands, number):
    hands.enrol("KO1")
    found = hands.verify("STAFF", number, Purpose.LOGIN, "somebody", station="ST-0")
    answer = gate.sign_in(
        hands.verifier, person_id=number, sample=hands.sample("somebody", station="ST-0"), station_code="ST-0"
    )

    assert answer == {"ok": False, "token": None, "role": None, "reason": None}
    assert (found.outcome, found.advice) == (Outcome.NO_MATCH, Advice.RETRY)
    assert found.proof is not None
    assert not found.proof.is_match
    assert found.finger in (2, 7)
    outcome, reason = world.ask("select outcome, id_as_typed from posko.login_attempt")[-1]
    assert outcome == ("NO_MATCH" if number == "KO1" else "UNKNOWN_ID")
    assert not re.search(r"\d{16}", reason)
    stored = world.ask("select outcome, person_id from posko.finger_attempt where purpose = 'LOGIN'")
    assert {outcome for outcome, _ in stored} == {"NO_MATCH" if number == "KO1" else "NOT_REGISTERED"}
    assert not any(re.search(r"\d{16}", person) for _, person in stored)


def test_an_unknown_number_costs_as_many_comparisons_as_a_known_one(hands, monkeypatch):
    hands.enrol("KO1")
    compared = []
    real = MATCHER.compare
    monkeypatch.setattr(
        MATCHER, "compare", lambda probe, some, **how: compared.append((len(some), how)) or real(probe, some, **how)
    )

    for number in ("KO1", "NOBODY"):
        hands.verify("STAFF", number, Purpose.LOGIN, "somebody", station="ST-0")

    # With a wrong finger no score ends the comparison early, so the time of a refusal does not tell who is enrolled.
    assert compared == [(6, {"enough": 100})] * 2
