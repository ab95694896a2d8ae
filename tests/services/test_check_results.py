"""The gates before publication and before the return, on results made by the acts themselves, each rule broken once (§13.9-14.4)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.returning import give_back
from checks import results, returned
from posko.services import decision, evaluation, publication
from tests.support.assessed import assessed

pytestmark = pytest.mark.server
TKI = [str(number) for number in range(1, 7)]


@pytest.fixture(scope="module")
def gates(posko, tmp_path_factory):
    """Ask a gate and return its outcome and the names of the rules that did not pass."""
    folder = tmp_path_factory.mktemp("docs")

    def ask(gate):
        found = gate.run_gate(posko, docs_dir=folder)
        assert (folder / "checks" / gate.GATE).is_dir()
        return found.outcome, {one.name: one.observed for one in found.expectations if one.outcome != "passed"}

    return ask


@pytest.fixture
def evaluated(world):
    """Six results of one session, two not competent, behind a closed meeting, the last held back."""
    session = assessed(world, TKI, failed=TKI[:2])
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    bnsp, day = world.desk("BN1"), world.now.date()
    meeting = bnsp.do(evaluation.open_meeting, held_on=day, place="Jakarta")
    bnsp.do(evaluation.note_participants, meeting_id=meeting, person_ids=["BN1", "LS1"])
    bnsp.do(evaluation.hold, meeting_id=meeting, journey_id=world.journey_id(TKI[-1]), reason="Diperiksa ulang")
    bnsp.do(evaluation.close_minutes, meeting_id=meeting, minutes="Dibahas.")
    return meeting


@pytest.fixture
def published(world, evaluated):
    world.desk(None).do(publication.publish, meeting_id=evaluated)
    world.now += dt.timedelta(minutes=1)


def broken(world, *statements):
    """Change rows as only an attacker or an accident could: past every act and every key."""
    with world.admin().begin() as db:
        for statement in ("set foreign_key_checks = 0", "set check_constraint_checks = 0", *statements):
            db.exec_driver_sql(statement)


AFTER_THE_MEETING = {
    "a result without a decision": (
        "delete from posko.decision where journey_id = (select min(journey_id) from posko.journey)",
        {"every_result_is_decided": "TKI 1 (EVALUATED) tanpa putusan"},
    ),
    "who passed without certificate": (
        "delete from posko.certificate where tki_id = '6'",
        {
            "passed_with_certificate": "TKI 6: putusan K, sertifikat tidak ada",
            "numbers_as_counted": "penghitung 4, sertifikat 3",
        },
    ),
    "a decision upon another assessment": (
        "update posko.decision set asesor_result = 'BK' where journey_id = (select journey_id from posko.journey where tki_id = '3')",
        {"decided_as_assessed": "TKI 3: dinilai K, diputuskan atas BK"},
    ),
    "who was not there": (
        "update posko.attendance set outcome = 'ABSENT' where id_as_typed = '4'",
        {"everybody_was_there": "TKI 4 diputuskan tanpa kehadiran"},
    ),
    "a gap in the numbers": (
        "delete from posko.certificate where tki_id = '4'",
        {
            "numbers_without_gap": "3 sertifikat, nomor terakhir 4",
            "passed_with_certificate": "TKI 4",
            "numbers_as_counted": "4",
        },
    ),
    "a number that nobody counted": (
        "update posko.certificate_counter set next_serial = 4",
        {"numbers_as_counted": "penghitung 3, sertifikat 4"},
    ),
    "a table of results that lost a row": (
        "update posko.handoff_batch set received_count = 5 where hop = 'LSP_TO_BNSP'",
        {"result_tables_arrived": "6 baris dikirim, 5 diterima"},
    ),
    "an open meeting": (
        "update posko.evaluation_meeting set state = 'OPEN'",
        {"evaluated_by_closed_meeting": "dievaluasi tanpa rapat yang ditutup"},
    ),
}
AFTER_THE_PUBLICATION = {
    "who is held back and public": (
        results,
        "update posko.journey set status = 'ON_HOLD' where tki_id = '3'",
        {"held_is_not_published": "TKI 3 ditahan tetapi tayang"},
    ),
    "a NIK in public": (
        results,
        "update posko.publication set masked_name = '3603054105830001' where tki_id = '3'",
        {"no_nik_in_public": "posko.publication.masked_name"},
    ),
    "another result in public than was decided": (
        returned,
        "update posko.publication set result = 'BELUM' where tki_id = '3'",
        {"published_as_decided": "TKI 3: tayang BELUM"},
    ),
    "another number in public than was given": (
        returned,
        "update posko.publication set certificate_no = 'PRT.1025.2026.0000099' where tki_id = '3'",
        {"published_as_decided": "PRT.1025.2026.0000099, putusan K"},
    ),
    "who is to be returned and was never public": (
        returned,
        "update posko.journey set status = 'PUBLISHED' where tki_id = '6'",
        {"returned_was_published": "TKI 6 (PUBLISHED) belum pernah tayang"},
    ),
}
AFTER_THE_RETURN = {
    "a row that is gone from the outbox": (
        "delete from posko.return_outbox where tki_id = '3'",
        {"outbox_is_whole": "5 baris, 4 di kotak keluar"},
    ),
    "a version that was left out": (
        "update posko.return_outbox set source_version = 2 where tki_id = '3'",
        {"versions_without_gap": "TKI 3: 1 versi, yang terakhir 2"},
    ),
    "no last state": (
        "update posko.return_line set is_last = 0 where tki_id = '3'",
        {"one_last_state": "TKI 3 pada TLRT: 0"},
    ),
    "another second leg": (
        "update posko.return_batch set source_batch_id = relay_batch_id, row_count = 4",
        {
            "legs_carry_the_same": "jalur kedua 5 baris",
            "outbox_is_whole": "4 baris, 5 di",
            "sent_was_delivered": "diteruskan",
        },
    ),
}


def holds(found, expected):
    outcome, failed = found
    assert outcome == "failed"
    assert set(failed) == set(expected)
    assert all(words in failed[name] for name, words in expected.items()), failed


def test_results_that_are_right_pass_both_gates(world, published, gates):
    assert gates(results) == ("passed", {})
    assert gates(returned) == ("passed", {})
    give_back(world.office, None)
    assert gates(returned) == ("passed", {})


@pytest.mark.parametrize("wrong", AFTER_THE_MEETING)
def test_the_gate_results_stops(world, evaluated, gates, wrong):
    change, expected = AFTER_THE_MEETING[wrong]
    broken(world, change)
    holds(gates(results), expected)


@pytest.mark.parametrize("wrong", AFTER_THE_PUBLICATION)
def test_what_is_public_and_should_not_be_stops_its_gate(world, published, gates, wrong):
    gate, change, expected = AFTER_THE_PUBLICATION[wrong]
    world.add_tki("3", no_ktp="3603054105830001")
    broken(world, change)
    holds(gates(gate), expected)


@pytest.mark.parametrize("wrong", AFTER_THE_RETURN)
def test_the_gate_return_stops(world, published, gates, wrong):
    change, expected = AFTER_THE_RETURN[wrong]
    give_back(world.office, None)
    broken(world, change)
    holds(gates(returned), expected)


def test_a_return_that_was_relayed_and_not_written_only_warns(world, published, gates):
    give_back(world.office, None)
    world.write("update posko.return_batch set source_batch_id = relay_batch_id")

    outcome, failed = gates(returned)

    assert outcome == "passed"
    assert set(failed) == {"sent_was_delivered"}


def test_a_revoked_certificate_is_no_finding(world, published, gates):
    world.write("update posko.certificate set status = 'REVOKED' where tki_id = '3'")

    assert gates(results) == ("passed", {})
    assert gates(returned) == ("passed", {})
