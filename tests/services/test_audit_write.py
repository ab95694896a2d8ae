"""Events are written with the act or not at all, and the chain of each writer has no gap (§5.3, R-021, R-180)."""

from __future__ import annotations

import random
import threading

import pymysql
import pytest
import sqlalchemy as sa

from posko.db.audit_file import LOG_NAME, lines_of
from posko.domain.audit import EventRefused
from tests.support.audit import SYSTEM, ask, chains, do, event, writer_in

pytest_plugins = ["tests.support.audit_fixtures"]
pytestmark = pytest.mark.server


def numbers(server):
    return sorted(seqs for seqs in chains(server).values())


def test_an_event_commits_with_its_pending_row_in_the_transaction_of_the_act(app_engine, audit_db, tmp_path):
    with app_engine.begin() as db:
        writer_in(tmp_path).write(db, event())
        assert ask(audit_db, "select count(*) from audit_event") == [(0,)]
    ((event_id, action, payload),) = ask(audit_db, "select event_id, action, payload from audit_event")
    assert (action, payload) == ("tki.search", '{"n":0}')
    assert ask(audit_db, "select event_id from audit_pending") == [(event_id,)]


def test_a_rollback_leaves_no_trace_and_the_chain_goes_on_without_gap(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.connect() as db:
        audit.write(db, event(1))
        db.commit()
        audit.write_many(db, [event(2), event(3)])
        db.rollback()
        audit.write(db, event(4))
        db.commit()
    assert numbers(audit_db) == [[1, 2]]
    assert [key for (key,) in ask(audit_db, "select entity_key from audit_event order by event_id")] == ["T1", "T4"]
    assert len(list(lines_of(tmp_path / LOG_NAME))) == 2


def test_a_connection_closed_in_mid_transaction_leaves_the_chain_intact(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    for number in range(6):
        with app_engine.connect() as db:
            audit.write(db, event(number))
            if number % 2:
                db.commit()
    assert numbers(audit_db) == [[1, 2, 3]]


def test_a_rollback_to_a_savepoint_takes_the_chain_back_to_it(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.begin() as db:
        with db.begin_nested() as before_the_first:
            audit.write(db, event(0))
            before_the_first.rollback()
        audit.write(db, event(1))
        with db.begin_nested() as lost:
            audit.write(db, event(2))
            with db.begin_nested():
                audit.write(db, event(3))
            lost.rollback()
        with db.begin_nested():
            audit.write(db, event(4))
    assert [key for (key,) in ask(audit_db, "select entity_key from audit_event order by event_id")] == ["T1", "T4"]
    assert numbers(audit_db) == [[1, 2]]
    assert len(list(lines_of(tmp_path / LOG_NAME))) == 2


def test_an_error_that_the_act_handles_itself_does_not_break_the_chain(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.begin() as db:
        audit.write(db, event(1))
        with pytest.raises(sa.exc.IntegrityError):
            db.exec_driver_sql("insert into posko_audit.audit_event select * from posko_audit.audit_event")
        audit.write(db, event(2))
    assert numbers(audit_db) == [[1, 2]]


def test_a_connection_that_was_cut_is_followed_by_a_new_writer(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.connect() as db:
        audit.write(db, event(1))
        db.commit()
        audit.write(db, event(2))
        do(audit_db, f"kill {db.exec_driver_sql('select connection_id()').scalar_one()}")
        with pytest.raises(sa.exc.DBAPIError):
            db.commit()
        db.rollback()
        audit.write(db, event(3))
        db.commit()
    assert numbers(audit_db) == [[1], [1]]


def test_a_commit_without_answer_ends_the_writer_even_on_a_connection_that_lives(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.connect() as db:
        audit.write(db, event(1))
        raw = db.connection.dbapi_connection
        answer, raw._read_ok_packet = raw._read_ok_packet, None
        with pytest.raises(TypeError):
            db.commit()
        raw._read_ok_packet = answer
    with app_engine.begin() as db:
        audit.write(db, event(2))
    assert all(seqs == [1] for seqs in numbers(audit_db))


def test_a_deadlock_takes_the_whole_transaction_and_the_retry_has_no_gap(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    # A table whose rows posko_app may change.
    do(audit_db, "insert into posko.certificate_counter values ('XXX', '0000', 1, 1), ('XXX', '0000', 2, 1)")
    add_one = (
        "update posko.certificate_counter set next_serial = next_serial + 1"
        " where prefix = 'XXX' and number_code = '0000' and year = %s"
    )
    try:
        at_first = threading.Barrier(2)
        deadlocks = []

        def act(first: int, second: int) -> None:
            for attempt in range(5):
                with app_engine.connect() as db:
                    try:
                        audit.write(db, event(first))
                        db.exec_driver_sql(add_one, (first,))
                        if attempt == 0:
                            at_first.wait(5)
                        db.exec_driver_sql(add_one, (second,))
                        audit.write(db, event(second))
                        db.commit()
                    except sa.exc.OperationalError as error:
                        deadlocks.append(error.orig.args[0])
                        with pytest.raises(EventRefused, match="rolled this transaction back"):
                            audit.write(db, event(9))
                    else:
                        return

        threads = [threading.Thread(target=act, args=order) for order in ((1, 2), (2, 1))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert 1213 in deadlocks
        # The retry may have got the other thread's connection; no number is missing either way.
        assert numbers(audit_db) in ([[1, 2], [1, 2]], [[1, 2, 3, 4]])
    finally:
        do(audit_db, "delete from posko.certificate_counter where prefix = 'XXX'")


def test_eight_threads_with_random_rollbacks_leave_chains_without_a_gap(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    kept = []

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for number in range(40):
            with app_engine.connect() as db:
                audit.write_many(db, [event(number) for _ in range(dice.randint(1, 3))])
                count = ask_in(db)
                if dice.random() < 0.3:
                    db.rollback()
                else:
                    db.commit()
                    kept.append(count)

    def ask_in(db) -> int:
        chain = db.info[audit]
        return len(chain.lines)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = chains(audit_db)
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in found.values())
    assert sum(map(len, found.values())) == sum(kept) == len(list(lines_of(tmp_path / LOG_NAME)))
    assert ask(audit_db, "select count(*) from audit_pending") == [(sum(kept),)]


def test_a_closed_writer_never_writes_again_and_tells_of_all_others(app_engine, audit_db, tmp_path):
    audit = writer_in(tmp_path)
    with app_engine.begin() as one:
        other = audit.write(one, event(1))
    with app_engine.connect() as held, app_engine.begin() as db:
        audit.write(held, event(2))
        held.commit()
        audit.close(db, SYSTEM)
    with app_engine.begin() as db:
        audit.write(db, event(3))
    assert len(other.split("/")[0]) == 16
    closed = ask(audit_db, "select payload from audit_event where action = 'audit.close'")
    assert len(closed) == 1
    assert all(1 in seqs for seqs in chains(audit_db).values())


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": {"nama": "Siti"}},
        {"payload": {"deep": [{"NIK": "1"}]}},
        {"payload": {"found": "3201234567890123"}},
        {"payload": {"found": 3201234567890123}},
        {"payload": {"picture": "A" * 501}},
        {"payload": {"share": 0.5}},
        {"payload": {"raw": b"x"}},
        {"entity_key": "3201234567890123"},
        {"entity_key": "x" * 121},
    ],
)
def test_an_event_that_would_show_a_person_is_refused_and_nothing_is_written(app_engine, audit_db, tmp_path, changes):
    with app_engine.begin() as db, pytest.raises(EventRefused):
        writer_in(tmp_path).write(db, event(**changes))
    assert ask(audit_db, "select count(*) from audit_event") == [(0,)]


TABLES = ("audit_event", "audit_pending", "audit_seal", "audit_checkpoint", "audit_cosignature")
CHANGES = {
    "update": "update posko_audit.{table} set {column} = {column}",
    "delete": "delete from posko_audit.{table}",
    "truncate": "truncate table posko_audit.{table}",
    "replace": "replace into posko_audit.{table} select * from posko_audit.{table}",
    "upsert": "insert into posko_audit.{table} select * from posko_audit.{table} on duplicate key update {column} = 1",
    "drop": "drop table posko_audit.{table}",
    "alter": "alter table posko_audit.{table} add column more int",
    "trigger": "create trigger posko_audit.t before insert on posko_audit.{table} for each row set @x = 1",
}
COLUMN = {"audit_event": "event_id", "audit_pending": "event_id", "audit_seal": "event_id"}


@pytest.mark.parametrize("account", ["posko_app", "posko_sealer", "posko_export", "posko_dbt", "posko_ingest"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_no_account_of_ours_may_change_what_was_logged(audit_db, account, table, change):
    if (account, table, change) == ("posko_sealer", "audit_pending", "delete"):
        return  # what was sealed no longer waits
    with audit_db.connect(account) as raw, raw.cursor() as cursor, pytest.raises(pymysql.err.MySQLError) as refused:
        cursor.execute(CHANGES[change].format(table=table, column=COLUMN.get(table, "size")))
    assert refused.value.args[0] in {1044, 1142, 1143, 1227}, refused.value


def test_a_log_file_that_cannot_be_written_does_not_undo_a_committed_act(app_engine, audit_db, tmp_path):
    (tmp_path / LOG_NAME).mkdir()
    with app_engine.begin() as db:
        writer_in(tmp_path).write(db, event())
    assert ask(audit_db, "select count(*) from audit_event") == [(1,)]


def test_a_torn_last_line_of_the_log_file_gets_its_end_before_the_next(app_engine, audit_db, tmp_path):
    (tmp_path / LOG_NAME).write_bytes(b'{"event":')
    audit = writer_in(tmp_path)
    for number in range(2):
        with app_engine.begin() as db:
            audit.write(db, event(number))
    assert [line.endswith(b'"}') for line in lines_of(tmp_path / LOG_NAME)] == [False, True, True]
