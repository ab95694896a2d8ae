"""Many events of one act go to the server in few statements and stand there as if each had been written alone (R-180)."""

from __future__ import annotations

import pytest

from posko.db import audit_insert
from posko.db.audit import AuditWriter
from posko.db.audit_file import LogFile
from posko.domain.audit import Actor, Event, Place
from tests.support.audit import ask

pytestmark = pytest.mark.server

ACTOR = Actor("person", "KO'1%s\\", "KONSORSIUM")
PLACE = Place(device="loket 100% \\ 'satu'", ip="::1", tuk="TUK-1")
COLUMNS = "actor_id, device, ip, tuk, action, entity, entity_key, outcome, payload, writer_seq"


@pytest.fixture
def writer(tmp_path):
    return AuditWriter(b"k" * 32, LogFile(tmp_path / "audit.jsonl"))


def events(count, actor=lambda place: ACTOR):
    return [
        Event("test.many", actor(place), "journey", f"{place}%/'\\", "ok", {"reason": f"100 %s '{place}' \\ é"}, PLACE)
        for place in range(count)
    ]


def stored(db):
    return db.exec_driver_sql(f"select {COLUMNS} from posko_audit.audit_event order by writer_seq").all()


@pytest.mark.parametrize("count", [2, audit_insert.AT_ONCE, audit_insert.AT_ONCE + 1, 3 * audit_insert.AT_ONCE])
def test_events_written_together_are_those_written_one_by_one(app_db, writer, count):
    writer.write_many(app_db, events(count))
    together = stored(app_db)
    app_db.rollback()
    for event in events(count):
        writer.write(app_db, event)

    assert together == stored(app_db)
    assert len(together) == count
    app_db.rollback()


def test_events_of_several_persons_keep_their_own(app_db, writer):
    writer.write_many(app_db, events(4, lambda place: Actor("person", f"P{place % 2}", "LSP")))

    assert [row[0] for row in stored(app_db)] == ["P0", "P1", "P0", "P1"]
    app_db.rollback()


def test_every_event_waits_for_its_seal(app_db, clean_posko, writer):
    writer.write_many(app_db, events(audit_insert.AT_ONCE + 7))
    app_db.commit()
    writer.write_many(app_db, events(1))
    app_db.rollback()

    waiting = ask(
        clean_posko, "select count(*) from posko_audit.audit_pending join posko_audit.audit_event using (event_id)"
    )
    assert waiting == [(audit_insert.AT_ONCE + 7,)]
