"""Registration, payment, retake (§12.5, Gambar 4-5; R-087, R-091..R-096, R-183)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import intake, registration
from tests.support.preparation import WRONG, changes_nothing, refused, registered

pytestmark = pytest.mark.server


def test_a_registered_tki_is_a_candidate_with_her_facts_and_without_her_nik(world):
    world.add_tki("100", no_telepon="0812", kota_asal="TANGERANG (KAB)")
    world.desk(None).do(intake.send_eligible)

    journey_id = world.desk("KO1").do(registration.register, tki_id="100")

    assert world.status("100") == "REGISTERED"
    assert world.ask(
        "select journey_id, tki_id, full_name, born_on, phone, city, source_batch_id, payment_status, registered_by"
        " from posko.candidate"
    ) == [
        (
            journey_id,
            "100",
            "TKI 100",
            world.value("select date '1983-05-01'"),
            "0812",
            "TANGERANG (KAB)",
            1,
            "BELUM",
            "KO1",
        )
    ]
    assert world.value("select source_row_crc from posko.candidate") == world.value(
        "select row_crc from posko_staging.tki_tlrt"
    )
    dumped = str(world.ask("select * from posko.candidate")) + str(
        world.ask("select payload from posko_audit.audit_event")
    )
    assert "3603054105830001" not in dumped
    assert world.ask("select person_id, part from posko.part_held") == [("KO1", "KONSORSIUM")]


def test_every_registered_tki_has_an_event(world):
    registered(world, "100", "101")

    moved = [event for event in world.events() if event[0] == "registration.register_many"]
    assert moved == [("registration.register_many", "journey", f"{tki}/TLRT/1") for tki in ("100", "101")]


def _not_sent(world):
    world.add_tki("100")


def _held_back(world):
    world.add_tki("100", eligible=False)


def _held_back_later(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    world.write("delete from posko_model.fct_tki_eligible")
    world.write("insert into posko_model.fct_tki_held_back values ('100', 'DV-E05', 'BLKLN ditutup.', 'H05AN001', 1)")


def _not_judged(world):
    world.add_tki("100")
    world.write("delete from posko_model.fct_tki_eligible")


@pytest.mark.parametrize(
    ("prepare", "code", "rule", "says"),
    [
        (lambda world: None, "TKI_UNKNOWN", None, "tidak ada dalam data"),
        (_not_sent, "TKI_NOT_SENT", None, "belum dikirim"),
        (_held_back, "TKI_HELD_BACK", "DV-E09", "terlalu muda"),
        (_held_back_later, "TKI_HELD_BACK", "DV-E05", "BLKLN ditutup"),
        (_not_judged, "TKI_NOT_JUDGED", None, "belum disaring"),
        (lambda world: registered(world, "100"), "TKI_REGISTERED", None, "sudah terdaftar"),
    ],
)
def test_who_may_not_be_registered_is_refused_and_the_miss_is_recorded(world, prepare, code, rule, says):
    prepare(world)
    before = world.value("select count(*) from posko.candidate")

    refusal = refused(world.desk("KO1"), registration.register, tki_id="100")

    assert (refusal.code, refusal.rule) == (code, rule)
    assert says in str(refusal)
    assert world.events("refused")[-1] == ("registration.register", "tki", "100")
    assert world.value("select count(*) from posko.candidate") == before


def test_many_are_registered_all_or_none(world):
    world.add_tki("100")
    world.add_tki("101", eligible=False)
    world.desk(None).do(intake.send_eligible)

    refusal = refused(world.desk("KO1"), registration.register_many, tki_ids=["100", "101"])

    assert "101" in str(refusal)
    assert world.status("100") == "SENT_TO_KONSORSIUM"


def test_sixteen_clerks_at_once_register_a_tki_once(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)

    def register(_):
        try:
            return world.desk("KO1").do(registration.register, tki_id="100")
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(register, range(16)))

    assert sorted(map(str, answers)) == [str(world.journey_id("100"))] + ["TKI_REGISTERED"] * 15


def test_a_double_submit_registers_once_and_gets_the_same_answer(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    desk = world.desk("KO1").once("form-1")

    assert desk.do(registration.register, tki_id="100") == desk.do(registration.register, tki_id="100")


@pytest.mark.parametrize("state", ["LUNAS", "DIBEBASKAN", "BELUM"])
def test_the_payment_is_kept_with_its_event(world, state):
    (journey_id,) = registered(world, "100")

    assert world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status=state) == "BELUM"

    assert world.value("select payment_status from posko.candidate") == state
    assert world.events()[-1] == ("registration.set_payment", "journey", "100/TLRT/1")


def test_a_payment_of_who_is_not_registered_or_is_closed_is_refused(world):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)
    paid = {"journey_id": world.journey_id("100"), "payment_status": "LUNAS"}

    assert refused(world.desk("KO1"), registration.set_payment, **paid).code == "NOT_REGISTERED_YET"
    world.write("update posko.journey set status = 'CLOSED'")
    assert refused(world.desk("KO1"), registration.set_payment, **paid).code == "JOURNEY_CLOSED"


def _closed(world):
    registered(world, "100")
    world.write("update posko.journey set status = 'CLOSED'")


def test_who_did_not_pass_begins_the_next_journey_with_its_own_chain_of_hand_offs(world):
    _closed(world)

    journey_id = world.desk("KO1").do(registration.register_again, tki_id="100")

    assert world.ask("select journey_no, status from posko.journey order by 1") == [(1, "CLOSED"), (2, "REGISTERED")]
    assert world.value("select count(*) from posko.handoff_line where journey_id = :id", id=journey_id) == 3


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda world: None, "TKI_UNKNOWN"),
        (lambda world: world.add_tki("100"), "TKI_NOT_SENT"),
        (lambda world: registered(world, "100"), "TKI_NOT_CLOSED"),
    ],
)
def test_who_may_not_begin_again_is_refused(world, prepare, code):
    prepare(world)

    assert refused(world.desk("KO1"), registration.register_again, tki_id="100").code == code


def test_who_holds_a_certificate_does_not_begin_again(world):
    _closed(world)
    with world.admin().begin() as db:
        db.exec_driver_sql("set foreign_key_checks = 0")
        db.exec_driver_sql(
            "insert into posko.certificate (journey_id, decision_id, tki_id, scheme_code, lsp_code, certificate_no,"
            " secure_code_digest, secure_code_cipher, certified_on, valid_until, status_at) values"
            f" ({world.journey_id('100')}, 1, '100', 'TLRT', 'LSP-1', 'PRT.1025.2026.0000001', repeat('a', 16), 'x',"
            " '2026-03-09', '2029-03-09', '2026-03-09')"
        )
        db.exec_driver_sql("set foreign_key_checks = 1")

    assert refused(world.desk("KO1"), registration.register_again, tki_id="100").code == "TKI_HAS_CERTIFICATE"


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_registers(world, who):
    world.add_tki("100")
    world.desk(None).do(intake.send_eligible)

    changes_nothing(
        world,
        [
            lambda: world.desk(who).do(registration.register, tki_id="100"),
            lambda: world.desk(who).do(registration.register_many, tki_ids=["100"]),
            lambda: world.desk(who).do(registration.register_again, tki_id="100"),
            lambda: world.desk(who).do(registration.set_payment, journey_id=1, payment_status="LUNAS"),
        ],
    )


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    registered(world, "100")
    desk, wrong_lists = (
        world.desk("KO1"),
        [None, "100", [], ["100", "100"], ["x" * 65], [7], ["1"] * 10_001, {"100": 1}],
    )

    changes_nothing(
        world,
        [
            *(
                lambda v=v, act=act: desk.do(act, tki_id=v)
                for v in WRONG
                for act in (registration.search, registration.register)
            ),
            *(lambda v=v: desk.do(registration.register_again, tki_id=v) for v in WRONG),
            *(lambda v=v: desk.do(registration.register_many, tki_ids=v) for v in wrong_lists),
            *(
                lambda v=v: desk.do(registration.set_payment, journey_id=v, payment_status="LUNAS")
                for v in [*WRONG, 2**63, 999]
            ),
            *(lambda v=v: desk.do(registration.set_payment, journey_id=1, payment_status=v) for v in WRONG),
        ],
    )
