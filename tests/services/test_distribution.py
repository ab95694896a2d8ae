"""BNSP splits the balanced table, LSP and TUK acknowledge (§12.9-12.11, §9.3; R-103..R-106, R-182, DV-A11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import allocation, distribution
from posko.services.handed_rows import recomputed
from posko.services.rows import many
from tests.support.preparation import (
    STAFF_OF,
    WRONG,
    acknowledged,
    changes_nothing,
    place,
    refused,
    registered,
    released,
    returned,
)

pytestmark = pytest.mark.server


def returned_over_two_tuk(world):
    """Two TKI at TUK-1 and one at TUK-2, all of LSP-1, sent back."""
    first, second, third = registered(world, "100", "101", "102")
    place(world, first)
    place(world, second)
    place(world, third, tuk_code="TUK-2", met_no="MET.2", reason="uji")
    return world.desk("KO1").do(allocation.send_allocation)["batch_id"]


def forwarded(world):
    return world.desk(None).do(distribution.forward, batch_id=returned_over_two_tuk(world))["batches"]


def part_of(parts, code):
    return next(part["batch_id"] for part in parts if part["receiver_code"] == code)


def test_a_checked_batch_is_split_per_lsp_and_per_tuk_and_the_parts_are_the_whole(world):
    batch_id = returned_over_two_tuk(world)
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)

    parts = world.desk("BN1").do(distribution.release, balance_check_id=checked["balance_check_id"])["batches"]

    assert [(part["receiver_kind"], part["receiver_code"], part["rows"]) for part in parts] == [
        ("LSP", "LSP-1", 3),
        ("TUK", "TUK-1", 2),
        ("TUK", "TUK-2", 1),
    ]
    assert world.ask(
        "select hop, receiver, row_count from posko.handoff_batch where batch_id > :id order by 1, 2", id=batch_id
    ) == [
        ("BNSP_TO_LSP", "LSP:LSP-1", 3),
        ("BNSP_TO_TUK", "TUK:TUK-1", 2),
        ("BNSP_TO_TUK", "TUK:TUK-2", 1),
    ]
    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)]
    assert world.ask("select released_by from posko.balance_check") == [("BN1",)]


def test_the_system_forwards_a_complete_batch_by_itself(world):
    forwarded(world)

    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)]
    assert world.ask("select checked_by, released_by from posko.balance_check") == [("posko", "posko")]


def test_a_person_does_not_forward(world):
    batch_id = returned(world, "100")

    with pytest.raises(PermissionError):
        world.desk("BN1").do(distribution.forward, batch_id=batch_id)


def test_a_batch_is_released_once(world):
    forwarded(world)
    check_id = world.value("select balance_check_id from posko.balance_check")

    assert refused(world.desk("BN1"), distribution.release, balance_check_id=check_id).code == "RELEASED"
    assert refused(world.desk("BN1"), distribution.release, balance_check_id=99).code == "UNKNOWN_BALANCE"


def test_eight_releases_at_once_send_one_set_of_packages(world):
    batch_id = returned_over_two_tuk(world)
    check_id = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)["balance_check_id"]

    def attempt(_):
        try:
            return len(world.desk("BN1").do(distribution.release, balance_check_id=check_id)["batches"])
        except Refused as refusal:
            return {"RELEASED": 0}[refusal.code]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == [0] * 7 + [3]
    assert world.value("select count(*) from posko.distribution") == 3


def test_a_part_that_lacks_a_tki_stops_the_release(world):
    batch_id = returned_over_two_tuk(world)
    check_id = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)["balance_check_id"]
    world.write("delete from posko.allocation where journey_id = :id", id=world.journey_id("100"))

    refusal = refused(world.desk("BN1"), distribution.release, balance_check_id=check_id)

    assert (refusal.code, refusal.rule) == ("PARTS_DIFFER", "DV-A11")
    assert world.value("select count(*) from posko.distribution") == 0


def test_the_inbox_of_each_body_holds_its_own_packages_only(world):
    parts = forwarded(world)

    (of_lsp,) = world.desk("LS1").do(distribution.inbox, receiver_kind="LSP", receiver_code="LSP-1")
    (of_tuk,) = world.desk("TU2").do(distribution.inbox, receiver_kind="TUK", receiver_code="TUK-2")

    assert (of_lsp["batch_id"], of_lsp["row_count"], of_lsp["acknowledged_at"]) == (part_of(parts, "LSP-1"), 3, None)
    assert (of_tuk["batch_id"], of_tuk["row_count"]) == (part_of(parts, "TUK-2"), 1)
    with pytest.raises(NotPermitted):
        world.desk("TU2").do(distribution.inbox, receiver_kind="TUK", receiver_code="TUK-1")
    with pytest.raises(NotPermitted):
        world.desk("LS2").do(distribution.inbox, receiver_kind="LSP", receiver_code="LSP-1")


def test_a_tki_is_acknowledged_when_both_her_lsp_and_her_tuk_have_loaded_her(world):
    parts = forwarded(world)

    world.desk("LS1").do(distribution.acknowledge, batch_id=part_of(parts, "LSP-1"))
    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)]
    assert world.desk("TU1").do(distribution.acknowledge, batch_id=part_of(parts, "TUK-1")) == {"rows": 2}
    assert [world.status(tki_id) for tki_id in ("100", "101", "102")] == ["ACKNOWLEDGED", "ACKNOWLEDGED", "DISTRIBUTED"]
    world.desk("TU2").do(distribution.acknowledge, batch_id=part_of(parts, "TUK-2"))
    assert world.status("102") == "ACKNOWLEDGED"
    assert world.ask(
        "select distinct line.status, line.row_hash = line.received_hash from posko.handoff_line as line"
    ) == [("LOADED", 1)]


def test_each_acknowledged_tki_has_an_event_and_each_package_its_receipt(world):
    acknowledged(world, "100")

    own = [event for event in world.events() if event[0] == "distribution.acknowledge"]
    assert [entity for _, entity, _ in own] == ["handoff", "handoff", "journey"]
    assert world.ask("select part, person_id from posko.part_held order by part") == [
        ("KONSORSIUM", "KO1"),
        ("LSP", "LS1"),
        ("TUK", "TU1"),
    ]


@pytest.mark.parametrize("round_no", range(3))
def test_lsp_and_tuk_who_acknowledge_at_the_same_moment_leave_nobody_behind(world, round_no):
    parts = forwarded(world)

    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(
                world.desk(STAFF_OF[part["receiver_code"]]).do, distribution.acknowledge, batch_id=part["batch_id"]
            )
            for part in parts
        ]
        assert sorted(job.result()["rows"] for job in jobs) == [1, 2, 3]

    assert world.ask("select distinct status from posko.journey") == [("ACKNOWLEDGED",)]


def test_a_package_is_acknowledged_once_and_only_by_its_own_receiver(world):
    parts = forwarded(world)
    batch_id = part_of(parts, "TUK-1")

    for who in ("TU2", "LS1", "KO1", "BN1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(distribution.acknowledge, batch_id=batch_id)
    world.desk("TU1").do(distribution.acknowledge, batch_id=batch_id)
    assert refused(world.desk("TU1"), distribution.acknowledge, batch_id=batch_id).code == "BATCH_TAKEN_OVER"


def test_another_persons_part_is_not_taken_by_who_allocated(world):
    batch_id = returned(world, "100")
    parts = world.desk(None).do(distribution.forward, batch_id=batch_id)["batches"]
    world.desk("SA1", on_behalf="LSP libur").do(distribution.acknowledge, batch_id=part_of(parts, "LSP-1"))

    refusal = refused(
        world.desk("SA1", on_behalf="TUK libur"), distribution.acknowledge, batch_id=part_of(parts, "TUK-1")
    )

    assert (refusal.code, refusal.rule) == ("TWO_PARTS", "DV-N06")


def test_what_is_not_a_package_cannot_be_acknowledged(world):
    batch_id = returned(world, "100")

    assert (
        refused(world.desk("SA1", on_behalf="uji"), distribution.acknowledge, batch_id=batch_id).code == "NOT_A_PACKAGE"
    )
    with pytest.raises(NotPermitted):
        world.desk("TU1").do(distribution.acknowledge, batch_id=batch_id)


@pytest.mark.parametrize(
    "tamper",
    [
        "update posko.candidate set full_name = 'ORANG LAIN' where tki_id = '100'",
        "update posko.handoff_line set row_hash = repeat('x', 32) where tki_id = '100' and hop = 'BNSP_TO_TUK'",
        "delete from posko.handoff_line where tki_id = '100' and hop = 'BNSP_TO_TUK'",
        "update posko.exam_session set exam_on = '2026-03-30' where tuk_code = 'TUK-1'",
        "delete from posko.allocation where journey_id = (select journey_id from posko.journey where tki_id = '100')",
    ],
)
def test_a_package_that_was_altered_on_the_way_is_refused_and_names_the_tki(world, tamper):
    parts = forwarded(world)
    world.write(tamper)

    refusal = refused(world.desk("TU1"), distribution.acknowledge, batch_id=part_of(parts, "TUK-1"))

    assert (refusal.code, refusal.rule) == ("BATCH_DIFFERS", "DV-A11")
    assert "100" in str(refusal)
    assert world.ask("select distinct status from posko.journey") == [("DISTRIBUTED",)]


def test_the_hashes_of_every_hop_are_found_again_from_the_rows(world):
    acknowledged(world, "100", "101")
    world.write("update posko.candidate set payment_status = 'LUNAS'")

    with world.admin().connect() as db:
        for batch in many(db, "select * from posko.handoff_batch"):
            lines = many(
                db, "select tki_id, row_hash from posko.handoff_line where batch_id = :id", id=batch["batch_id"]
            )
            assert recomputed(db, batch) == {line["tki_id"]: line["row_hash"] for line in lines}, batch["hop"]


def test_a_substituted_assessor_does_not_alter_what_was_sent_before(world):
    parts = released(world, "100")
    world.at(world.now.date(), 15)
    world.write("update posko.exam_session set met_no = 'MET.2'")
    world.write("update posko.appointment set ended_at = :at", at=world.now)
    world.write(
        "insert into posko.appointment (session_id, met_no, appointed_at, appointed_by)"
        " select session_id, 'MET.2', :at, 'KO1' from posko.exam_session",
        at=world.now,
    )

    assert world.desk("TU1").do(distribution.acknowledge, batch_id=part_of(parts, "TUK-1")) == {"rows": 1}


def test_a_row_that_was_altered_together_with_its_line_is_refused_by_the_hash_of_the_batch(world):
    parts = released(world, "100")
    world.write("update posko.candidate set full_name = 'ORANG LAIN'")
    with world.admin().connect() as db:
        (batch,) = many(db, "select * from posko.handoff_batch where hop = 'BNSP_TO_TUK'")
        made = recomputed(db, batch)["100"]
    world.write("update posko.handoff_line set row_hash = :hash where hop = 'BNSP_TO_TUK'", hash=made)

    refusal = refused(world.desk("TU1"), distribution.acknowledge, batch_id=part_of(parts, "TUK-1"))

    assert (refusal.code, refusal.rule) == ("BATCH_DIFFERS", "DV-A11")


def test_the_candidate_list_of_a_session_is_for_its_own_lsp_and_tuk_after_distribution(world):
    batch_id = returned(world, "101", "100")
    session_id = world.value("select session_id from posko.exam_session")
    assert world.desk("LS1").do(distribution.candidate_list, session_id=session_id) == []
    assert len(world.desk("KO1").do(distribution.candidate_list, session_id=session_id)) == 2
    world.desk(None).do(distribution.forward, batch_id=batch_id)

    listed = world.desk("TU1").do(distribution.candidate_list, session_id=session_id)

    assert [(row["no"], row["tki_id"], row["born_on"], row["label"]) for row in listed] == [
        (1, "100", "1983-05-01", "DIKIRIM_LSP_TUK"),
        (2, "101", "1983-05-01", "DIKIRIM_LSP_TUK"),
    ]
    for who in ("LS2", "TU2", "AS1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(distribution.candidate_list, session_id=session_id)
    assert refused(world.desk("BN1"), distribution.candidate_list, session_id=99).code == "UNKNOWN_SESSION"


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    released(world, "100")
    numbers = [*WRONG, 0, 2**63, 10**30]
    desk, own = world.desk("BN1"), world.desk("TU1")

    changes_nothing(
        world,
        [
            *(lambda v=v: desk.do(distribution.check_balance, batch_id=v) for v in numbers),
            *(lambda v=v: desk.do(distribution.release, balance_check_id=v) for v in numbers),
            *(lambda v=v: world.desk(None).do(distribution.forward, batch_id=v) for v in numbers),
            *(lambda v=v: own.do(distribution.acknowledge, batch_id=v) for v in numbers),
            *(lambda v=v: own.do(distribution.candidate_list, session_id=v) for v in numbers),
            *(lambda v=v: own.do(distribution.inbox, receiver_kind=v, receiver_code="TUK-1") for v in WRONG),
            *(lambda v=v: own.do(distribution.inbox, receiver_kind="TUK", receiver_code=v) for v in WRONG),
        ],
    )
