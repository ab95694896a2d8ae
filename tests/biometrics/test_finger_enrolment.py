"""Enrolment with the real matcher: two fingers, three impressions, two persons, one fresh finger (§6.1, §8.2; R-048, X11, F03)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from biometrics import iso19794
from biometrics.enrolment import judge
from biometrics.types import Assurance, Template
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import enrolment, login, template_capture
from tests.support.fingers import MATCHER, touch

pytestmark = pytest.mark.server


def sets(world, person_id):
    return world.ask(
        "select version, state, count(*), count(distinct finger), max(retired_reason is not null), max(provenance)"
        " from posko_biometric.finger_template where person_id = :id group by version, state order by version",
        id=person_id,
    )


def capture(hands, fingers, who="NEW", by="SA1", kind="STAFF", **more):
    return hands.enroller.capture(hands.world.desk(by), kind, who, fingers, station_code="ST-0", **more)


def refused_capture(hands, fingers, **more):
    with pytest.raises(Refused) as refused:
        capture(hands, fingers, **more)
    assert refused.value.reference
    assert sets(hands.world, more.get("who", "NEW")) == []
    return refused.value.code


def enrol(world, proof, second, who="NEW", by="SA1"):
    values = {"person_id": who, "full_name": "Petugas Baru", "role": "KONSORSIUM", "proof": proof, "second": second}
    return world.desk(by).do(enrolment.enrol, **values)


def test_a_new_officer_is_in_with_two_persons_and_her_own_fresh_finger(world, hands):
    assert capture(hands, hands.six("NEW")) == {"version": 1, "impressions": 6}
    assert sets(world, "NEW") == [(1, "PENDING", 6, 2, 0, "ENROLMENT")]
    fresh = hands.verify("STAFF", "NEW", Purpose.ENROL, station="ST-0")

    made = enrol(world, fresh.proof, world.second("BN1"))

    assert made["template_version"] == 1
    assert sets(world, "NEW") == [(1, "ACTIVE", 6, 2, 0, "ENROLMENT")]
    assert world.ask("select person_kind, person_id, version, state from posko_biometric.duplicate_search") == [
        ("STAFF", "NEW", 1, "PENDING")
    ]
    assert world.ask("select distinct taken_by, seconded_by from posko_biometric.finger_template") == [("SA1", "BN1")]
    signed = hands.verify("STAFF", "NEW", Purpose.LOGIN, station="ST-0", finger=7)
    answer = world.desk(None).do(login.login, id_as_typed="NEW", station_code="ST-0", proof=signed.proof)
    assert answer["ok"]


def test_a_captured_set_opens_nothing_before_it_is_proven(world, hands):
    capture(hands, hands.six("NEW"))

    assert hands.verify("STAFF", "NEW", Purpose.SECOND_PERSON, station="ST-0").proof is None


def test_another_persons_finger_proves_no_captured_set(world, hands):
    capture(hands, hands.six("NEW"))
    wrong = hands.verify("STAFF", "NEW", Purpose.ENROL, "SOMEBODY", station="ST-0")

    with pytest.raises(Refused) as refused:
        enrol(world, wrong.proof, world.second("BN1"))

    assert refused.value.code == "NO_MATCH"
    assert sets(world, "NEW") == [(1, "PENDING", 6, 2, 0, "ENROLMENT")]
    assert world.ask("select * from posko.staff where person_id = 'NEW'") == []


def test_a_proof_of_a_capture_that_was_taken_again_counts_no_more(world, hands):
    capture(hands, hands.six("NEW"))
    first = hands.verify("STAFF", "NEW", Purpose.ENROL, station="ST-0")
    capture(hands, hands.six("NEW"))

    with pytest.raises(Refused) as refused:
        enrol(world, first.proof, world.second("BN1"))

    assert refused.value.code == "PROOF_OLD_TEMPLATE"
    assert sets(world, "NEW") == [(1, "RETIRED", 6, 2, 1, "ENROLMENT"), (2, "PENDING", 6, 2, 0, "ENROLMENT")]
    second = hands.verify("STAFF", "NEW", Purpose.ENROL, station="ST-0")
    assert enrol(world, second.proof, world.second("BN1"))["template_version"] == 2


def test_a_replaced_finger_retires_the_set_before_and_opens_nothing_any_more(world, hands):
    assert hands.enrol("KO1") == 2
    assert hands.enrol("KO1", whose="KO1 after the accident") == 3

    assert sets(world, "KO1") == [(2, "RETIRED", 6, 2, 1, "ENROLMENT"), (3, "ACTIVE", 6, 2, 0, "ENROLMENT")]
    assert not hands.verify("STAFF", "KO1", Purpose.LOGIN, station="ST-0").proof.is_match
    new = hands.verify("STAFF", "KO1", Purpose.LOGIN, "KO1 after the accident", station="ST-0")
    assert (new.proof.is_match, new.proof.template_version) == (True, 3)
    assert world.value("select template_version from posko.staff where person_id = 'KO1'") == 3


def test_two_impressions_of_another_finger_are_refused(hands):
    fingers = hands.six("NEW")
    fingers[2][1] = hands.sample("SOMEBODY", 2, station="ST-0")

    assert refused_capture(hands, fingers) == "ENROL_IMPRESSIONS_DIFFER"


def test_one_finger_taken_for_two_is_refused(hands):
    fingers = {2: hands.six("NEW")[2], 7: [hands.sample("NEW", 2, station="ST-0") for _ in range(3)]}

    assert refused_capture(hands, fingers) == "ENROL_SAME_FINGER"


def test_the_same_sample_taken_for_three_is_refused(hands):
    fingers = hands.six("NEW")
    fingers[7] = [fingers[7][0]] * 3

    assert refused_capture(hands, fingers) == "SAMPLE_REPLAYED"


def test_a_captured_sample_is_no_finger_later(world, hands):
    fingers = hands.six("NEW")
    capture(hands, fingers)

    with pytest.raises(Refused) as refused:
        hands.verify("STAFF", "NEW", Purpose.ENROL, sample=replace(fingers[2][0], nonce="d" * 32), station="ST-0")
    assert refused.value.code == "SAMPLE_REPLAYED"


@pytest.mark.parametrize(
    ("quality", "is_supervised", "problem"),
    [
        (0, False, "ENROL_QUALITY_UNKNOWN"),
        (0, True, "ENROL_QUALITY_UNKNOWN"),
        (19, True, "ENROL_QUALITY_LOW"),
        (20, False, "ENROL_NEEDS_SUPERVISOR"),
        (34, False, "ENROL_NEEDS_SUPERVISOR"),
        (20, True, None),
        (35, False, None),
    ],
)
def test_the_quality_of_every_impression_has_a_floor(quality, is_supervised, problem):
    taken = {
        finger: [_made(finger, f"{n}", quality) for n in range(3)]
        for finger in (2, 7)
    }  # fmt: skip
    found = judge(MATCHER, taken, threshold=40, is_supervised=is_supervised)

    assert (found and found.code) == problem


def _made(finger: int, name: str, quality: int) -> Template:
    return MATCHER.template_of(iso19794.read(touch("NEW", finger, name)), quality or None)


def test_who_answers_for_a_low_quality_is_marked(world, hands):
    low = hands.six("NEW", quality=25)
    assert refused_capture(hands, low) == "ENROL_NEEDS_SUPERVISOR"

    capture(hands, low, is_supervised=True)

    assert world.ask("select distinct is_supervised, quality, taken_by from posko_biometric.finger_template") == [
        (1, 25, "SA1")
    ]


@pytest.mark.parametrize(
    "fingers",
    [{}, {2: 3}, {2: 3, 7: 2}, {2: 3, 7: 3, 8: 3}, {0: 3, 2: 3}, {2: 3, 11: 3}],
)
def test_anything_but_two_fingers_three_times_is_refused(hands, fingers):
    given = {finger: [hands.sample("NEW", 2, station="ST-0")] * count for finger, count in fingers.items()}

    assert refused_capture(hands, given) == "ENROL_SHAPE"


@pytest.mark.parametrize("data", [b"", b"not a finger", b"\xff" * 1000])
def test_what_is_no_finger_is_refused(hands, data):
    fingers = hands.six("NEW")
    fingers[7][2] = hands.sample("NEW", 7, station="ST-0", data=data)

    assert refused_capture(hands, fingers) == "ENROL_UNUSABLE"


def test_a_file_enrols_nobody_in_production(world, hands):
    strict = world.settings.model_copy(update={"environment": "production"})
    hands.enroller.settings = strict

    assert refused_capture(hands, hands.six("NEW", assurance=Assurance.FILE)) == "FILE_IN_PRODUCTION"


def test_nobody_captures_her_own_fingers_and_a_tuk_nobodys(hands):
    with pytest.raises(Refused) as refused:
        capture(hands, hands.six("SA1"), who="SA1", by="SA1")
    assert refused.value.code == "OWN_FINGER"
    with pytest.raises(NotPermitted):
        capture(hands, hands.six("NEW"), by="TU1")


def test_the_first_super_administrator_comes_in_once_with_her_fingers(world, hands):
    world.write("delete from posko.staff")
    capture(hands, hands.six("FIRST"), who="FIRST", by=None)
    fresh = hands.verify("STAFF", "FIRST", Purpose.ENROL, station="ST-0")
    values = {"person_id": "FIRST", "full_name": "Pertama", "proof": fresh.proof}

    world.desk(None).do(enrolment.bootstrap, **values)

    assert sets(world, "FIRST") == [(1, "ACTIVE", 6, 2, 0, "ENROLMENT")]
    with pytest.raises(Refused) as refused:
        capture(hands, hands.six("OTHER"), who="OTHER", by=None)
    assert refused.value.code == "BOOTSTRAP_OVER"


# TKI ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def second_konsorsium(world):
    """Another officer of the Konsorsium, who seconds."""
    world.write(
        "insert into posko.staff (person_id, full_name, role, state, enrolled_at)"
        " values ('KO2', 'Petugas KO2', 'KONSORSIUM', 'ACTIVE', '2026-01-01')"
    )
    return world.second("KO2")


def enrol_tki(world, hands, second, tki_id="T1", whose=None):
    capture(hands, hands.six(whose or tki_id), who=tki_id, by="KO1", kind="TKI")
    fresh = hands.verify("TKI", tki_id, Purpose.ENROL, whose or tki_id, station="ST-0")
    return world.desk("KO1").do(template_capture.enrol_tki, tki_id=tki_id, proof=fresh.proof, second=second)


def test_a_tki_without_a_print_of_bnp2tki_is_enrolled_by_two_persons(world, hands, second_konsorsium):
    world.add_tki("T1")

    assert enrol_tki(world, hands, second_konsorsium) == {"tki_id": "T1", "version": 1}
    assert sets(world, "T1") == [(1, "ACTIVE", 6, 2, 0, "ENROLMENT")]
    assert hands.verify("TKI", "T1", Purpose.ATTEND).proof.is_match
    assert world.ask("select person_kind, person_id, state from posko_biometric.duplicate_search") == [
        ("TKI", "T1", "PENDING")
    ]


def test_a_tki_that_is_enrolled_again_keeps_her_history(world, hands, second_konsorsium):
    world.add_tki("T1")
    enrol_tki(world, hands, second_konsorsium)
    world.write("delete from posko.finger_proof")
    enrol_tki(world, hands, world.second("KO2"), whose="T1 with a healed hand")

    assert sets(world, "T1") == [(1, "RETIRED", 6, 2, 1, "ENROLMENT"), (2, "ACTIVE", 6, 2, 0, "ENROLMENT")]
    assert world.ask(
        "select retired_by, retired_at is null from posko_biometric.finger_template where version = 1 limit 1"
    ) == [("KO1", 0)]


def test_the_print_of_bnp2tki_is_the_reference_and_not_enrolled_over(world, hands, second_konsorsium):
    world.add_tki("T1")
    hands.know("T1")

    with pytest.raises(Refused) as refused:
        enrol_tki(world, hands, second_konsorsium)
    assert refused.value.code == "PRINT_IS_REFERENCE"


def test_bnp2tkis_print_that_comes_later_takes_the_place_of_an_enrolled_one(world, hands, second_konsorsium):
    world.add_tki("T1")
    enrol_tki(world, hands, second_konsorsium)
    hands.know("T1", fingers=(3,))

    assert sets(world, "T1") == [(1, "RETIRED", 6, 2, 1, "ENROLMENT"), (2, "ACTIVE", 1, 1, 0, "BNP2TKI")]


def test_nobody_whom_bnp2tki_never_sent_is_enrolled(hands):
    with pytest.raises(Refused) as refused:
        capture(hands, hands.six("T1"), who="T1", by="KO1", kind="TKI")
    assert refused.value.code == "TKI_UNKNOWN"


def test_without_a_capture_there_is_nothing_to_enrol(world, second_konsorsium):
    world.add_tki("T1")
    scripted = world.proof("TKI", "T1", Purpose.ENROL, "ST-0")

    with pytest.raises(Refused) as refused:
        world.desk("KO1").do(template_capture.enrol_tki, tki_id="T1", proof=scripted, second=second_konsorsium)
    assert refused.value.code == "NOTHING_CAPTURED"
