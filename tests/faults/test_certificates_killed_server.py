"""kill -9 of the server twenty times under decisions: what was acknowledged is there once, and numbers have no gap (R-086, R-137)."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import time

import pytest

from apps.bench.core_rows import CLERK, LSP, put_assessed, put_registers
from posko.domain.errors import PoskoError
from posko.domain.roles import Principal, Role
from posko.services import decision
from posko.services.office import Office
from tests.support.own_server import own_server

pytestmark = [
    pytest.mark.server,
    # PyMySQL 1.2 leaves the unix socket to the garbage collector when nobody answers on it.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

KILLS, WRITERS, EACH, SESSIONS = 20, 8, 4, 3000
LIFE = 0.3
"""Seconds from the first acknowledged act after a start to the next kill."""


class _Clerks:
    """Clerks who decide session after session, each under a key of its own, until they are told to stop."""

    def __init__(self, office: Office, sessions: list[int]) -> None:
        self._office, self._sessions = office, iter(sessions)
        self._lock, self.stop = threading.Lock(), threading.Event()
        self.acknowledged: dict[int, dict[str, object]] = {}
        self.in_doubt: set[int] = set()
        self.threads = [threading.Thread(target=self._work, args=(own,)) for own in range(WRITERS)]

    def _work(self, own: int) -> None:
        desk = self._office.desk(Principal(Role.LSP, f"{CLERK}-{own}", LSP))
        while not self.stop.is_set():
            with self._lock:
                session_id = next(self._sessions)
            while not self.stop.is_set():
                try:
                    done = desk.once(f"sk-{session_id}").do(decision.decide, session_id=session_id, sk_no="SK-1")
                except PoskoError:
                    # The server is away: the same submission again, as a browser would.
                    self.in_doubt.add(session_id)
                else:
                    self.acknowledged[session_id] = done
                    break

    def wait_for_more(self, than: int) -> None:
        """Wait until more acts than before are acknowledged."""
        deadline = time.monotonic() + 30
        while len(self.acknowledged) <= than and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.acknowledged) > than


def test_no_acknowledged_decision_is_lost_and_none_is_done_twice(settings):
    with own_server(settings, "killed-certificates") as server:
        address = server.address()
        admin, engine = address.engine(address.admin, "posko"), address.engine("posko_app", "posko")
        with admin.begin() as db:
            put_registers(db, WRITERS)
            at = dt.datetime.fromisoformat("2026-03-09T08:00")
            ids = [str(9_000_000 + place) for place in range(SESSIONS * EACH)]
            sessions = put_assessed(db, ids, exam_on=at.date(), at=at, each=EACH)
        clerks = _Clerks(Office.of(settings, engine), sessions)
        for thread in clerks.threads:
            thread.start()

        for _ in range(KILLS):
            before = len(clerks.acknowledged)
            clerks.wait_for_more(before)
            time.sleep(LIFE)
            server.kill()
            server.ensure_running()
        clerks.wait_for_more(len(clerks.acknowledged))
        clerks.stop.set()
        for thread in clerks.threads:
            thread.join()

        admin.dispose()
        with admin.connect() as db:
            rows = db.exec_driver_sql(
                "select d.session_id, c.tki_id, c.certificate_no from posko.certificate as c"
                " join posko.decision as d on d.decision_id = c.decision_id"
            ).all()
            batches = db.exec_driver_sql("select batch_id, row_count from posko.handoff_batch").all()
            results = db.exec_driver_sql("select count(*) from posko.journey where status = 'RESULT_SENT'").scalar()
            told = db.exec_driver_sql(
                "select count(*) from posko_audit.audit_event where json_value(payload, '$.to') = 'RESULT_SENT'"
            ).scalar()
        engine.dispose()
        admin.dispose()
        gc.collect()  # here, where the warnings about PyMySQL's sockets are expected

    stored: dict[int, set[tuple[str, str]]] = {}
    for session_id, tki_id, number in rows:
        stored.setdefault(session_id, set()).add((tki_id, number))
    for session_id, done in clerks.acknowledged.items():
        assert stored[session_id] == {(row["tki_id"], row["certificate_no"]) for row in done["certified"]}
    assert len(clerks.acknowledged) > KILLS
    assert stored.keys() - clerks.acknowledged.keys() <= clerks.in_doubt
    assert sorted(int(number[-7:]) for _, _, number in rows) == list(range(1, len(rows) + 1))
    assert len({tki_id for _, tki_id, _ in rows}) == len(rows) == results == told == EACH * len(stored)
    assert len(batches) == len(stored)
    assert {count for _, count in batches} == {EACH}
