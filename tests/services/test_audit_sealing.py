"""The sealer gives every committed event one place, survives its own death, and never signs over a changed past."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading

import pytest

from posko.db.lease import held_lease
from posko.domain.errors import LeaseHeld
from posko.domain.merkle import tree_root
from posko.services import sealing
from posko.services.audit_export import verify_tables
from posko.services.audit_notes import is_signed, public_key, read_note
from posko.services.sealing import PastChanged, seal
from tests.support.audit import KEY, SIGNING, SYSTEM, ask, do, event, keeper_in, writer_in

pytest_plugins = ["tests.support.audit_fixtures"]
pytestmark = pytest.mark.server


def fill(engine, audit, count, start=0):
    with engine.begin() as db:
        audit.write_many(db, [event(start + number) for number in range(count)])


def test_every_committed_event_gets_one_place_and_a_signed_root(app_engine, audit_db, tmp_path):
    fill(app_engine, writer_in(tmp_path), 25)
    done = seal(audit_db, keeper_in(tmp_path), batch=10)
    leaves = ask(audit_db, "select log_index, leaf_hash from audit_seal order by log_index")
    assert [index for index, _ in leaves] == list(range(25))
    assert (done.sealed, done.size, done.waiting, done.root) == (25, 25, 0, tree_root(leaf for _, leaf in leaves))
    note = read_note(done.note)
    assert is_signed(note, public_key(SIGNING))
    assert (note.size, note.root) == (25, done.root)
    assert ask(audit_db, "select count(*) from audit_pending") == [(0,)]
    assert keeper_in(tmp_path).notes()[0].read_text("utf-8") == done.note


def test_an_event_that_commits_late_is_sealed_later_and_not_forgotten(app_engine, audit_db, tmp_path):
    audit, keeper = writer_in(tmp_path), keeper_in(tmp_path)
    with app_engine.connect() as late:
        audit.write(late, event(1))
        fill(app_engine, audit, 3, start=10)
        assert seal(audit_db, keeper).size == 3
        late.commit()
    assert seal(audit_db, keeper).size == 4


def test_nothing_new_makes_no_new_checkpoint(app_engine, audit_db, tmp_path):
    fill(app_engine, writer_in(tmp_path), 3)
    first = seal(audit_db, keeper_in(tmp_path))
    second = seal(audit_db, keeper_in(tmp_path))
    assert (second.sealed, second.note, second.root) == (0, first.note, first.root)
    assert ask(audit_db, "select count(*) from audit_checkpoint") == [(1,)]


@pytest.mark.parametrize("place", ["after a batch", "inside a batch", "before the file of the checkpoint"])
def test_a_killed_sealer_is_resumed_to_the_root_of_an_undisturbed_one(
    app_engine, audit_db, tmp_path, monkeypatch, place
):
    fill(app_engine, writer_in(tmp_path), 57)
    keeper, calls = keeper_in(tmp_path), []

    class Killed(BaseException):
        pass

    original = {"take": sealing._Run.take, "leaf": sealing.leaf_hash, "keep": sealing.Keeper.keep}

    def take(run, batch):
        if place == "after a batch" and calls.count("take") == 3:
            raise Killed
        calls.append("take")
        return original["take"](run, batch)

    def leaf(record):
        calls.append("leaf")
        if place == "inside a batch" and calls.count("leaf") == 33:
            raise Killed
        return original["leaf"](record)

    def keep(*arguments):
        raise Killed

    monkeypatch.setattr(sealing._Run, "take", take)
    monkeypatch.setattr(sealing, "leaf_hash", leaf)
    if place.startswith("before"):
        monkeypatch.setattr(sealing.Keeper, "keep", keep)
    with pytest.raises(Killed):
        seal(audit_db, keeper, batch=10)
    monkeypatch.undo()
    sealed_before = ask(audit_db, "select count(*) from audit_seal")[0][0]
    done = seal(audit_db, keeper, batch=7)
    leaves = [leaf for (leaf,) in ask(audit_db, "select leaf_hash from audit_seal order by log_index")]
    do(
        audit_db,
        "truncate table audit_seal",
        "truncate table audit_checkpoint",
        "insert into audit_pending select event_id from audit_event",
    )
    undisturbed = seal(audit_db, keeper_in(tmp_path / "other"), batch=1000)
    assert done.size == undisturbed.size == 57
    assert done.root == undisturbed.root == tree_root(leaves)
    assert sealed_before in {30, 57}


def test_a_second_sealer_is_refused_while_one_is_at_work(audit_db, tmp_path):
    with held_lease(audit_db, "posko_sealer", "posko_audit", "seal", seconds=5), pytest.raises(LeaseHeld):
        seal(audit_db, keeper_in(tmp_path))


@pytest.mark.parametrize(
    "attack",
    [
        "delete from audit_checkpoint where size = 6",
        "update audit_checkpoint set root = repeat('x', 32) where size = 6",
        "update audit_checkpoint set frontier = concat(repeat('x', 32), substr(frontier, 33)) where size = 6",
        "update audit_checkpoint set note = replace(note, '6', '7') where size = 6",
        "truncate table audit_checkpoint",
    ],
)
def test_the_sealer_signs_nothing_over_a_changed_past(app_engine, audit_db, tmp_path, attack):
    audit, keeper = writer_in(tmp_path), keeper_in(tmp_path)
    for _ in range(2):
        fill(app_engine, audit, 3)
        seal(audit_db, keeper)
    do(audit_db, attack)
    fill(app_engine, audit, 1)
    with pytest.raises(PastChanged):
        seal(audit_db, keeper)
    assert ask(audit_db, "select count(*) from audit_pending") == [(1,)]


def test_an_event_whose_predecessor_was_removed_is_sealed_and_told_of(app_engine, audit_db, tmp_path):
    fill(app_engine, writer_in(tmp_path), 4)
    do(audit_db, "delete p, e from audit_pending p join audit_event e using (event_id) where e.writer_seq = 2")
    done = seal(audit_db, keeper_in(tmp_path))
    assert done.sealed == 3
    assert [gap.split("/")[1] for gap in done.gaps] == ["2"]


def test_a_heartbeat_that_tells_of_a_removed_tail_names_it(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.connect() as one, app_engine.connect() as other:
        audit.write_many(one, [event(1), event(2)])
        one.commit()
        audit.heartbeat(other, SYSTEM)
        other.commit()
    do(audit_db, "delete p, e from audit_pending p join audit_event e using (event_id) where e.entity_key = 'T2'")
    done = seal(audit_db, keeper_in(tmp_path))
    assert [gap.split("/")[1] for gap in done.gaps] == ["2"]


def seal_and_die(server, keeper, events):
    """Seal, and be killed in the middle of a batch after so many events."""
    left, original = [events], sealing.leaf_hash

    def leaf(record):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(record)

    sealing.leaf_hash = leaf
    seal(server, keeper, batch=10, lease_seconds=1)


@pytest.mark.parametrize("events", [1, 24, 57])
def test_a_sealer_killed_by_the_system_leaves_a_log_that_the_next_completes(app_engine, audit_db, tmp_path, events):
    fill(app_engine, writer_in(tmp_path), 57)
    doomed = multiprocessing.get_context("spawn").Process(
        target=seal_and_die, args=(audit_db, keeper_in(tmp_path), events)
    )
    doomed.start()
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL
    do(audit_db, "update lease set expires_at = utc_timestamp(6)")
    done = seal(audit_db, keeper_in(tmp_path))
    assert (done.size, done.sealed) == (57, 57 - (events - 1) // 10 * 10)
    verdict = verify_tables(audit_db, [], public_key(SIGNING), mac_key=KEY)
    assert (verdict.is_clean, verdict.verified) == (True, 57)


def test_eight_writers_with_random_rollbacks_are_sealed_meanwhile_and_the_log_verifies_clean(
    app_engine, audit_db, tmp_path
):
    audit, keeper = writer_in(tmp_path), keeper_in(tmp_path)
    kept, sealed_once = [], threading.Event()

    def work(seed):
        dice = random.Random(seed)
        for number in range(60):
            if number == 30:
                assert sealed_once.wait(60)
            with app_engine.connect() as db:
                for _ in range(dice.randint(1, 3)):
                    audit.write(db, event(number))
                if number % 20 == 0:
                    audit.heartbeat(db, SYSTEM)
                if dice.random() < 0.3:
                    db.rollback()
                else:
                    count = len(db.info[audit].lines)
                    db.commit()
                    kept.append(count)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if seal(audit_db, keeper, batch=17).sealed:
            sealed_once.set()
    done = seal(audit_db, keeper)
    verdict = verify_tables(audit_db, [], public_key(SIGNING), mac_key=KEY)
    assert verdict.is_clean, verdict.findings
    assert verdict.verified == done.size == sum(kept)
    assert (done.gaps, verdict.unsealed) == ([], 0)
    assert len(keeper.notes()) > 1
