"""Sets of templates as the acts keep them: who may, what a capture must be, what is never undone (§6.1, §8.2; R-026, R-048)."""

from __future__ import annotations

import dataclasses

import pytest

from apps.fraud.small_world import STAFF, START
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.domain.refusals import CATALOGUE
from posko.services import enrolment, finger_attempts, template_capture, template_keys, templates, templates_import
from posko.services.finger_attempts import Attempt
from posko.services.templates import Captured, SealedTemplate
from tests.support.preparation import WRONG, refused

pytestmark = pytest.mark.server


def captured(version: int = 1, *, mark: int = 0, **more) -> Captured:
    """Return a capture of one impression; the services cannot tell what its bytes are."""
    sealed = SealedTemplate(2, 1, "nbis-py/0.1.3", "finger-template-1", bytes(12), b"ciphertext", 40, 80)
    attempt = Attempt(
        "STAFF", "NEW", Purpose.ENROL, "CAPTURED", "ST-0", "zk", "READER-0", "STATION", START,
        sample_sha256=bytes([mark]) * 32,
    )  # fmt: skip
    return Captured(version, (sealed,), (attempt,), "ST-0", "zk", "READER-0", START, **more)


def keep(world, who="SA1", person_id="NEW", **more):
    return world.desk(who).do(template_capture.capture_staff, person_id=person_id, taken=captured(**more))


@pytest.mark.parametrize("who", sorted({role: who for who, (role, *_) in STAFF.items()}.values()))
def test_only_super_administrators_and_bnsp_capture_staff_and_only_the_konsorsium_tki(world, who):
    role = STAFF[who][0]
    world.add_tki("T1")
    acts = {
        template_capture.capture_staff: ({"person_id": "NEW"}, {"SUPER", "BNSP"}),
        template_capture.capture_tki: ({"tki_id": "T1"}, {"KONSORSIUM"}),
    }
    for number, (what, (values, may)) in enumerate(acts.items()):
        if role in may:
            assert world.desk(who).do(what, **values, taken=captured(mark=number))["version"] == 1
        else:
            with pytest.raises(NotPermitted):
                world.desk(who).do(what, **values, taken=captured(mark=number))


@pytest.mark.parametrize("code", template_capture.PROBLEMS)
def test_what_is_wrong_with_a_capture_is_refused_in_words_and_recorded(world, code):
    taken = dataclasses.replace(captured(), problem=code, templates=(), attempts=(), told={"finger": 7})

    refusal = refused(world.desk("SA1"), template_capture.capture_staff, person_id="NEW", taken=taken)

    assert refusal.code == code
    assert ("telunjuk kiri" in str(refusal)) == ("{finger}" in CATALOGUE[code].text)
    assert world.value("select count(*) from posko_biometric.finger_template") == 0


@pytest.mark.parametrize("problem", ["NOT_A_CODE", None])
def test_a_capture_without_templates_is_a_mistake_of_ours(world, problem):
    taken = dataclasses.replace(captured(), problem=problem, templates=())

    with pytest.raises(ValueError, match="cannot be kept"):
        world.desk("SA1").do(template_capture.capture_staff, person_id="NEW", taken=taken)


@pytest.mark.parametrize("wrong", WRONG)
def test_nobody_can_be_captured_under_what_is_no_number(world, wrong):
    for who, what, name in (
        ("SA1", template_capture.capture_staff, "person_id"),
        ("KO1", template_capture.capture_tki, "tki_id"),
    ):
        with pytest.raises(Refused) as found:
            world.desk(who).do(what, **{name: wrong}, taken=captured())
        assert found.value.reference


def test_two_who_capture_the_same_person_at_once_make_one_set(world):
    keep(world)

    refusal = refused(world.desk("BN1"), template_capture.capture_staff, person_id="NEW", taken=captured(mark=1))

    assert refusal.code == "CHANGED_MEANWHILE"
    assert world.ask("select version, state, taken_by from posko_biometric.finger_template") == [(1, "PENDING", "SA1")]


def test_a_sample_that_came_before_keeps_nothing_of_the_capture(world):
    keep(world)

    refusal = refused(world.desk("SA1"), template_capture.capture_staff, person_id="NEW", taken=captured(2))

    assert (refusal.code, refusal.rule) == ("SAMPLE_REPLAYED", "DV-I10")
    assert world.ask("select version, state from posko_biometric.finger_template") == [(1, "PENDING")]


def test_the_next_version_follows_sets_and_staff(world):
    world.write("update posko.staff set template_version = 4 where person_id = 'KO1'")
    with world.office.engine.connect() as db:
        assert templates.next_version(db, "STAFF", "NEW") == 1
        assert templates.next_version(db, "STAFF", "KO1") == 5
        assert templates.next_version(db, "TKI", "KO1") == 1
    keep(world, version=7)
    with world.office.engine.connect() as db:
        assert templates.next_version(db, "STAFF", "NEW") == 8


def test_a_scripted_proof_of_another_version_brings_no_waiting_set_into_force(world):
    keep(world, version=2)
    values = {"person_id": "NEW", "full_name": "Baru", "role": "BNSP", "second": world.second("BN1")}

    refusal = refused(
        world.desk("SA1"), enrolment.enrol, **values, proof=world.proof("STAFF", "NEW", Purpose.ENROL, "ST-0")
    )

    assert refusal.code == "PROOF_OLD_TEMPLATE"
    assert world.ask("select state from posko_biometric.finger_template") == [("PENDING",)]


def test_a_retired_set_says_when_by_whom_and_why_and_the_table_insists(world):
    keep(world)
    with pytest.raises(Exception, match="finger_template_retired_with_reason"):
        world.write("update posko_biometric.finger_template set state = 'RETIRED'")


def test_a_step_of_a_key_change_that_somebody_overtook_writes_nothing(world):
    keep(world)
    number = world.value("select template_id from posko_biometric.finger_template")
    rows = [
        template_keys.Resealed(number, "finger-template-1", "finger-template-2", b"n" * 12, b"new"),
        template_keys.Resealed(number + 1, "finger-template-1", "finger-template-2", b"n" * 12, b"new"),
    ]

    assert refused(world.desk(None), template_keys.reseal, rows=rows).code == "CHANGED_MEANWHILE"
    assert world.ask("select key_id, ciphertext from posko_biometric.finger_template") == [
        ("finger-template-1", b"ciphertext")
    ]


@pytest.mark.parametrize(
    "act",
    [
        finger_attempts.compare,
        templates_import.import_sets,
        template_keys.reseal,
        template_keys.note_dropped,
        template_capture.capture_first,
    ],
)
def test_what_the_system_does_no_person_does(world, act):
    values = {
        finger_attempts.compare: {"attempt": captured().attempts[0]},
        templates_import.import_sets: {"sets": [], "verdicts": []},
        template_keys.reseal: {"rows": []},
        template_keys.note_dropped: {"key_ids": []},
        template_capture.capture_first: {"person_id": "NEW", "taken": captured()},
    }  # fmt: skip
    with pytest.raises(PermissionError):
        world.desk("SA1").do(act, **values[act])
