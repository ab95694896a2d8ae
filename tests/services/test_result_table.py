"""The result table goes from the LSP to BNSP by itself, those who failed too (§13.13-13.14; R-139, R-141, X5)."""

from __future__ import annotations

import pytest

from posko.domain.errors import Refused
from posko.domain.handoff import batch_hash
from posko.services import certificate_status, decision, result_table
from tests.support.assessed import assessed, ids, sums

pytestmark = pytest.mark.server


def decide(world, session_id, **more):
    return world.desk("LS1").do(decision.decide, session_id=session_id, sk_no="SK-1", **more)


def hashes(world):
    with world.admin().connect() as db:
        return result_table.hashes_of(
            db, [journey_id for (journey_id,) in world.ask("select journey_id from posko.decision")]
        )


def test_the_table_is_sent_and_taken_over_in_the_same_act(world):
    done = decide(world, assessed(world, ids(4), failed=["9000002"]))

    assert world.ask(
        "select batch_id, hop, sender, receiver, row_count, received_count, rejected_count, loaded_at is not null"
        " from posko.handoff_batch"
    ) == [(done["batch_id"], "LSP_TO_BNSP", "LSP:LSP-1", "BNSP", 4, 4, 0, 1)]
    assert world.ask("select distinct status, received_hash = row_hash from posko.handoff_line") == [("LOADED", 1)]
    assert [key for action, entity, key in world.events() if entity == "handoff"] == ["1", "1"]


def test_the_hashes_on_the_hop_can_be_recomputed_from_the_tables(world):
    decide(world, assessed(world, ids(3), failed=["9000002"]))

    lines = dict(world.ask("select journey_id, row_hash from posko.handoff_line"))
    assert hashes(world) == lines
    assert world.value("select rows_sha256 from posko.handoff_batch") == batch_hash(lines.values())


@pytest.mark.parametrize(
    "alteration",
    [
        "update posko.certificate set certificate_no = 'PRT.1025.2026.9999999' where tki_id = '9000001'",
        "update posko.certificate set valid_until = '2099-01-01' where tki_id = '9000001'",
        "update posko.certificate set secure_code_digest = unhex(repeat('00', 16)) where tki_id = '9000001'",
        "update posko.decision set sk_no = 'SK-2' where journey_id = 1",
        "update posko.decision set result = 'BK', reason = 'x' where journey_id = 1",
        "update posko.journey set tki_id = '1' where journey_id = 1",
    ],
)
def test_an_altered_row_no_longer_has_its_hash(world, alteration):
    decide(world, assessed(world, ids(2)))
    before = hashes(world)

    world.write(alteration)

    after = hashes(world)
    assert after[1] != before[1]
    assert after[2] == before[2]


def test_a_revocation_does_not_alter_what_was_handed_over(world):
    decide(world, assessed(world, ids(1)))
    before = hashes(world)

    world.desk("BN1").do(
        certificate_status.revoke,
        certificate_no="PRT.1025.2026.0000001",
        reason="tidak sah",
        decree_no="SK-7",
        second=world.second("SA1"),
    )

    assert hashes(world) == before


def test_the_hash_of_each_row_stands_in_the_log_when_it_is_certified(world):
    decide(world, assessed(world, ids(2)))

    for journey_id, made in hashes(world).items():
        assert world.value(
            "select count(*) from posko_audit.audit_event where entity_key = :key and payload like :hash",
            key=f"900000{journey_id}/TLRT/1",
            hash=f"%{made.hex()}%",
        )


def test_what_arrives_otherwise_than_it_was_sent_is_not_taken_over_and_nothing_is_decided(world, monkeypatch):
    session = assessed(world, ids(3))
    before, rows_of, calls = sums(world), result_table.rows_of, []

    def altered_on_the_way(db, journey_ids):
        rows = rows_of(db, journey_ids)
        calls.append(1)
        if len(calls) == 2:
            rows[0]["result"] = "BK"
        return rows

    monkeypatch.setattr(result_table, "rows_of", altered_on_the_way)
    with pytest.raises(Refused) as refused:
        decide(world, session)

    assert (refused.value.code, refused.value.rule) == ("BATCH_DIFFERS", "DV-A11")
    assert sums(world) == before


def test_a_table_of_thousands_is_one_batch(world):
    session = assessed(world, ids(2500))

    done = decide(world, session)

    assert len(done["certified"]) == 2500
    assert world.ask("select row_count, received_count from posko.handoff_batch") == [(2500, 2500)]
    assert len(hashes(world)) == 2500
