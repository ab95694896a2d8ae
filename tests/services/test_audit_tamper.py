"""Whoever rules the database changes the log: each change shows in the tables, in an export, or in the log file (R-181)."""

from __future__ import annotations

import random

import pytest

from posko.db.audit_file import LOG_NAME, lines_of
from posko.domain.errors import BadInput
from posko.services.audit_export import (
    add_cosignatures,
    check_proof,
    compare_log_file,
    export,
    prove_consistency,
    prove_inclusion,
    verify_tables,
)
from posko.services.audit_notes import COSIGNATURE, cosign, public_key, read_key, read_note, with_signatures
from posko.services.audit_verify import Verdict, verify_records
from posko.services.sealing import seal
from tests.support.audit import KEY, SIGNING, SYSTEM, ask, do, event, keeper_in, writer_in

pytest_plugins = ["tests.support.audit_fixtures"]
pytestmark = pytest.mark.server

LOG_KEY = public_key(SIGNING)
ROUNDS, EACH = 4, 30


@pytest.fixture
def sealed(app_engine, audit_db, tmp_path):
    """A log of 120 sealed events of two writers, a checkpoint every 30."""
    audit, keeper = writer_in(tmp_path), keeper_in(tmp_path)
    for turn in range(ROUNDS):
        with app_engine.connect() as one, app_engine.connect() as other:
            for number in range(EACH):
                audit.write(one if number % 3 else other, event(100 * turn + number))
            one.commit()
            other.commit()
        seal(audit_db, keeper)
    return audit_db


def published(tmp_path):
    return [read_note(path.read_text("utf-8")) for path in keeper_in(tmp_path).notes()]


def kinds(verdict: Verdict) -> set[str]:
    return {one.kind for one in verdict.findings}


def judge(server, tmp_path, name="export"):
    """Verify the tables as the holder of the key, and an export as an outsider."""
    notes, folder = published(tmp_path), tmp_path / name
    export(server, keeper_in(tmp_path), folder)
    outsider = verify_records(lines_of(folder / "events.jsonl"), notes, LOG_KEY)
    return verify_tables(server, notes, LOG_KEY, mac_key=KEY), outsider


def test_an_undisturbed_log_is_clean_for_holder_and_outsider(sealed, tmp_path):
    holder, outsider = judge(sealed, tmp_path)
    assert (holder.is_clean, holder.verified, holder.macs_checked) == (True, 120, True), holder.findings
    assert (outsider.is_clean, outsider.verified, outsider.root) == (True, 120, holder.root)
    assert read_key((tmp_path / "export" / "log.vkey").read_text("utf-8")) == LOG_KEY
    for path in (tmp_path / "export" / "checkpoints").iterdir():
        assert path.read_text("utf-8") == (tmp_path / "checkpoints" / path.name).read_text("utf-8")


COLUMNS = {
    "payload": "'{}'", "occurred_at": "occurred_at + interval 1 microsecond", "actor_id": "'somebody'", "actor_kind": "'person'",
    "actor_role": "'BNSP'", "on_behalf_of": "'x'", "action": "'tki.view'", "entity": "'lsp'", "entity_key": "'T999999'",
    "outcome": "'refused'", "device": "'d'", "ip": "'::1'", "tuk": "'T'", "auth_event": "'x/1'",
    "writer_seq": "writer_seq + 1000", "prev": "repeat('x', 32)", "mac": "repeat('x', 32)", "writer_id": "'xxxxxxxx'",
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found_by_both(sealed, tmp_path, column):
    at = random.Random(column).randrange(1, 121)
    do(sealed, f"update audit_event set {column} = {COLUMNS[column]} where event_id = {at}")
    holder, outsider = judge(sealed, tmp_path)
    assert "leaf" in kinds(holder)
    assert "root" in kinds(outsider)
    assert outsider.verified < at


def test_every_column_of_an_event_was_changed_in_the_test_above(audit_db):
    found = {
        name
        for (name,) in ask(
            audit_db,
            "select column_name from information_schema.columns where table_schema = 'posko_audit' and table_name = 'audit_event'",
        )
    }
    assert found == {*COLUMNS, "event_id"}


@pytest.mark.parametrize("payload", ["not json", "[]", '{"n": 5}', '{"n":5,"n":5}', "5", '"{}"'])
def test_a_payload_that_posko_would_not_write_is_found(sealed, tmp_path, payload):
    do(sealed, ("update audit_event set payload = %s where event_id = 6", (payload,)))
    holder, outsider = judge(sealed, tmp_path)
    assert not holder.is_clean
    assert not outsider.is_clean


ATTACKS = {
    "delete in the middle": ["delete from audit_event where event_id = 50"],
    "delete with its seal": ["delete from audit_event where event_id = 50", "delete from audit_seal where event_id = 50"],
    "delete and close the gap": [
        "delete from audit_event where event_id = 50",
        "delete from audit_seal where event_id = 50",
        "update audit_seal set log_index = log_index - 1 where log_index > 49 order by log_index",
    ],
    "cut the tail with seals and checkpoints": [
        "delete from audit_seal where log_index >= 90",
        "delete from audit_event where event_id > 90",
        "delete from audit_checkpoint where size > 90",
    ],
    "cut seals and checkpoints only": ["delete from audit_seal where log_index >= 90", "delete from audit_checkpoint where size > 90"],
    "swap two": [
        "update audit_seal set log_index = -1 where log_index = 10",
        "update audit_seal set log_index = 10 where log_index = 70",
        "update audit_seal set log_index = 70 where log_index = -1",
    ],
    "empty everything": ["truncate table audit_event", "truncate table audit_seal", "truncate table audit_checkpoint"],
    "another leaf hash": [
        "update audit_event set entity_key = 'T' where event_id = 7",
        "update audit_seal set leaf_hash = repeat('x', 32) where event_id = 7",
    ],
    "another note": ["update audit_checkpoint set note = replace(note, '60', '61') where size = 60"],
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_the_tables_is_found_against_the_published_checkpoints(sealed, tmp_path, attack):
    do(sealed, *ATTACKS[attack])
    holder, outsider = judge(sealed, tmp_path)
    assert not holder.is_clean
    assert attack == "another note" or not outsider.is_clean


def test_a_whole_log_made_anew_with_both_stolen_keys_fails_the_published_checkpoints(sealed, app_engine, tmp_path):
    notes = published(tmp_path)
    do(
        sealed,
        *(f"truncate table {table}" for table in ("audit_event", "audit_pending", "audit_seal", "audit_checkpoint")),
    )
    thief, folder = writer_in(tmp_path / "thief"), tmp_path / "thief"
    with app_engine.begin() as db:
        thief.write_many(db, [event(number) for number in range(120)])
    seal(sealed, keeper_in(folder))
    alone = verify_tables(sealed, [], LOG_KEY, mac_key=KEY)
    assert alone.is_clean, "the documented limit: with both keys and no copy outside nothing is left to compare"
    assert {"root", "no_checkpoint"} & kinds(verify_tables(sealed, notes[:1], LOG_KEY, mac_key=KEY))


def test_a_forged_event_with_its_pending_row_is_found_by_the_holder_even_unsealed(sealed, tmp_path):
    columns = "occurred_at, actor_kind, actor_id, action, entity, entity_key, outcome, payload"
    do(
        sealed,
        f"insert into audit_event ({columns}, writer_id, writer_seq, prev, mac)"
        " select occurred_at, actor_kind, actor_id, action, entity, 'T9', outcome, payload, 'forged!!', 1, repeat(char(0), 32), mac"
        " from audit_event where event_id = 3",
    )
    assert "mac" in kinds(verify_tables(sealed, published(tmp_path), LOG_KEY, mac_key=KEY))


def test_an_unsealed_event_that_lost_its_place_in_the_queue_is_found(sealed, app_engine, tmp_path):
    with app_engine.begin() as db:
        writer_in(tmp_path).write(db, event(7))
    assert verify_tables(sealed, [], LOG_KEY).unsealed == 1
    do(sealed, "delete from audit_pending")
    assert "lost_pending" in kinds(verify_tables(sealed, [], LOG_KEY))


def test_an_unsealed_tail_that_was_removed_still_stands_in_the_log_file(audit_db, app_engine, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.begin() as db:
        audit.write_many(db, [event(1), event(2)])
    do(audit_db, "delete from audit_event where entity_key = 'T2'", "truncate table audit_pending")
    verdict = Verdict()
    compare_log_file(audit_db, tmp_path / LOG_NAME, verdict)
    assert [(one.kind, one.where) for one in verdict.findings] == [("not_in_table", "2")]


def test_an_unsealed_tail_that_was_removed_is_missed_by_the_heartbeat(audit_db, app_engine, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.connect() as one, app_engine.connect() as other:
        audit.write_many(one, [event(1), event(2)])
        one.commit()
        audit.close(other, SYSTEM)
        other.commit()
    assert verify_tables(audit_db, [], LOG_KEY, mac_key=KEY).is_clean
    do(audit_db, "delete e, p from audit_event e join audit_pending p using (event_id) where entity_key = 'T2'")
    assert kinds(verify_tables(audit_db, [], LOG_KEY, mac_key=KEY)) == {"tail"}


def test_the_log_file_agrees_with_the_table_and_a_change_of_either_shows(sealed, tmp_path):
    path = tmp_path / LOG_NAME
    verdict = Verdict()
    compare_log_file(sealed, path, verdict)
    assert (verdict.is_clean, verdict.not_in_file) == (True, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        b"".join([*lines[:5], lines[5].replace(b"search", b"views!"), *lines[6:80], *lines[81:]]) + b'{"event":{"ac'
    )
    compare_log_file(sealed, path, verdict)
    assert [(one.kind, one.where) for one in verdict.findings] == [("not_in_table", "6"), ("torn", "120")]
    assert verdict.not_in_file == 2


def test_every_event_is_proven_to_be_in_the_log_and_nowhere_else(sealed):
    for index in (0, 1, 59, 119):
        proof = prove_inclusion(sealed, index)
        assert check_proof(proof, LOG_KEY)
        assert not check_proof({**proof, "index": (index + 1) % 120}, LOG_KEY)
        assert not check_proof({**proof, "record": proof["record"].replace("search", "views!")}, LOG_KEY)
        assert not check_proof(proof, public_key(bytes(32)))
    assert check_proof(prove_inclusion(sealed, 3, 30), LOG_KEY)
    for index, size in ((120, None), (40, 30), (0, 31)):
        with pytest.raises(BadInput):
            prove_inclusion(sealed, index, size)


def test_the_log_is_proven_to_have_only_grown(sealed):
    for older, newer in ((30, 60), (30, None), (90, 120), (60, 60)):
        proof = prove_consistency(sealed, older, newer)
        assert check_proof(proof, LOG_KEY)
        assert not check_proof({**proof, "older": proof["older"].replace(str(older), str(older + 1))}, LOG_KEY)
    broken = {**prove_consistency(sealed, 30), "proof": []}
    assert not check_proof(broken, LOG_KEY)
    with pytest.raises(BadInput):
        check_proof({"kind": "inclusion"}, LOG_KEY)
    with pytest.raises(BadInput):
        prove_consistency(sealed, 120, 30)


def test_a_witness_line_is_kept_and_goes_out_with_the_export(sealed, tmp_path):
    private, name = b"w" * 32, "bnp2tki/witness"
    witness, note = public_key(private, name, kind=COSIGNATURE), published(tmp_path)[-1]
    back = with_signatures(note.text, [cosign(note, private, witness=name, at=1_338_940_800)])
    assert add_cosignatures(sealed, back, witness) == 1_338_940_800
    with pytest.raises(BadInput):
        add_cosignatures(sealed, note.text, witness)
    with pytest.raises(BadInput):
        add_cosignatures(sealed, back.replace("120", "121"), witness)
    export(sealed, keeper_in(tmp_path), tmp_path / "out")
    lines = list(lines_of(tmp_path / "out" / "events.jsonl"))
    last = read_note((tmp_path / "out" / "checkpoints" / "000000000120.note").read_text("utf-8"))
    assert verify_records(lines, [last], LOG_KEY, witnesses=[witness]).is_clean
    assert kinds(verify_records(lines, [note], LOG_KEY, witnesses=[witness])) == {"witness"}
