"""Small things for the audit tests: a writer with files of its own, events, the private server's tables."""

from __future__ import annotations

from contextlib import closing

from posko.db.audit import AuditWriter
from posko.db.audit_file import LOG_NAME, LogFile
from posko.domain.audit import Actor, Event
from posko.services.sealing import Keeper

KEY = bytes(range(32))
SIGNING = bytes(range(1, 33))
SYSTEM = Actor("system", "tests")


def writer_in(folder) -> AuditWriter:
    return AuditWriter(KEY, LogFile(folder / LOG_NAME))


def keeper_in(folder) -> Keeper:
    return Keeper(SIGNING, folder / "checkpoints")


def event(number: int = 0, **changes) -> Event:
    given = {
        "action": "tki.search",
        "actor": SYSTEM,
        "entity": "tki",
        "entity_key": f"T{number}",
        "payload": {"n": number},
    }
    return Event(**{**given, **changes})


def ask(server, sql, parameters=()):
    with closing(server.connect(server.admin, "posko_audit")) as raw, raw.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def do(server, *statements):
    """Change the tables as the administrator of the database could."""
    with closing(server.connect(server.admin, "posko_audit", autocommit=True)) as raw, raw.cursor() as cursor:
        for statement in statements:
            sql, parameters = (statement, ()) if isinstance(statement, str) else statement
            cursor.execute(sql, parameters)


def chains(server):
    """Return writer -> its numbers, in the table's order."""
    found = {}
    for writer, seq in ask(server, "select writer_id, writer_seq from audit_event order by event_id"):
        found.setdefault(writer, []).append(seq)
    return found


def empty(server):
    with closing(server.connect(server.admin, "posko_audit", autocommit=True)) as raw, raw.cursor() as cursor:
        for table in ("audit_event", "audit_pending", "audit_seal", "audit_checkpoint", "audit_cosignature", "lease"):
            cursor.execute(f"truncate table {table}")
