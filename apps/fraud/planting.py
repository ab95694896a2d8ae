"""What a planter of frauds gets and gives (§5.1-5.3): rows of an honest year, each handed out once, and what a rule must find in them.

A planter changes rows as a fraudster past the application or a negligent office would leave them, never the finding itself. Every session
from which a single journey was taken is never handed out whole, so that two plants seldom meet; a body (assessor, TUK, BLKLN, PPTKIS)
is handed out once for its statistics, whatever becomes of single rows of its.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    import random

    from apps.fraud.tilt import Tilt
    from apps.fraud.year_registers import Registers

_JOURNEY = """
    select journey.journey_id, journey.tki_id, journey.scheme_code, journey.journey_no, journey.attempt_no, journey.status,
        session.session_id, session.met_no, session.tuk_code, session.lsp_code, session.exam_on, candidate.full_name, candidate.born_on,
        candidate.blkln_code, candidate.pptkis_name, attendance.attendance_id, attendance.outcome, attendance.proof_id,
        attendance.station_code, attendance.recorded_at, decision.decision_id, decision.result, decision.decided_at,
        certificate.certificate_id, certificate.certificate_no
    from posko.allocation as allocation
    join posko.journey as journey on journey.journey_id = allocation.journey_id and journey.attempt_no = allocation.attempt_no
    join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    join posko.exam_session as session on session.session_id = allocation.session_id
    left join posko.attendance as attendance
        on attendance.session_id = session.session_id and attendance.journey_id = journey.journey_id
    left join posko.decision as decision on decision.journey_id = journey.journey_id
    left join posko.certificate as certificate on certificate.journey_id = journey.journey_id
    where allocation.session_id in :sessions order by journey.journey_id"""
_SESSION = """
    select session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, opened_at, running_at, ended_at,
        scoring_opened_at, scored_at, closed_at from posko.exam_session where session_id in :sessions"""
_BODY = {
    "asesor": "select met_no, count(*) from posko.exam_session join posko.decision using (session_id) group by 1",
    "tuk": "select tuk_code, count(*) from posko.exam_session join posko.decision using (session_id) group by 1",
    "blkln": "select blkln_code, count(*) from posko.candidate join posko.decision using (journey_id) group by 1",
    "pptkis": "select pptkis_name, count(*) from posko.candidate join posko.decision using (journey_id) group by 1",
}
_WAITING = """
    select tki.id_tki as tki_id, tki.nama as full_name, tki.tanggal_lahir_date as born_on, tki.kode_blkln as blkln_code,
        tki.nama_pptkis as pptkis_name
    from posko_staging.tki_tlrt as tki left join posko.journey as journey on journey.tki_id = tki.id_tki
    where journey.tki_id is null order by tki.id_tki"""
CHUNK = 40


@dataclass(frozen=True)
class Planted:
    """What a rule must find (`is_fraud`) or must not find (a near miss)."""

    rule_id: str
    subject_kind: str
    subject_code: str
    finding_key: str = "-"
    is_fraud: bool = True


@dataclass
class Ground:
    """The honest year and what of it is still free; `db` is the administrator's connection, with foreign keys checked."""

    db: sa.Connection
    rng: random.Random
    made: Registers | None = None
    tilt: Tilt | None = None
    """Codes of the year's bodies by index, and who cheats in it; a year without cheats has no tilt."""
    _fresh: list[int] | None = None
    _opened: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    _bodies: dict[str, set[str]] = field(default_factory=dict)
    _waiting: list[dict[str, Any]] | None = None

    def journeys(self, n: int, *, result: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
        """Return n journeys that were tested, each of another session as long as there are sessions.

        Args:
            n: how many.
            result: 'K' or 'BK', the LSP's decision; None takes any journey with a decision.
            state: main state (`CLOSED`, ...); None takes any.

        Raises:
            BadInput: the year has not so many left.
        """
        taken: list[dict[str, Any]] = []
        while len(taken) < n and (some := self._take_sessions(min(CHUNK, n - len(taken)))):
            self._opened.update(self._journeys_of(some))
            taken += self._one_each(some, n - len(taken), result, state)
        while len(taken) < n and (more := self._one_each(list(self._opened), n - len(taken), result, state)):
            taken += more
        return _enough(taken, n, "journey")

    def sessions(self, n: int, *, least: int = 1) -> list[dict[str, Any]]:
        """Return n whole sessions with their `journeys`, which nobody else gets.

        Args:
            n: how many.
            least: candidates at least.

        Raises:
            BadInput: the year has not so many left.
        """
        taken: list[dict[str, Any]] = []
        passed: list[int] = []
        while len(taken) < n and (some := self._take_sessions(CHUNK)):
            inside = self._journeys_of(some)
            rows = {row["session_id"]: row for row in self._rows(_SESSION, some)}
            for one in some:
                if len(taken) < n and len(inside.get(one, [])) >= least:
                    taken.append({**rows[one], "journeys": inside[one]})
                else:
                    passed.append(one)
        self._all_fresh().extend(passed)
        return _enough(taken, n, "sesi")

    def keep(self, sessions: list[int]) -> None:
        """Hand out these sessions to nobody from now on, because a plant concerns them too."""
        gone = set(sessions)
        self._fresh = [one for one in self._all_fresh() if one not in gone]
        for one in gone:
            self._opened.pop(one, None)

    def bodies(self, kind: str, n: int, *, least: int = 0) -> list[dict[str, Any]]:
        """Return n bodies as {"code", "count"} (count: decided journeys), each once.

        Args:
            kind: asesor, tuk, blkln or pptkis.
            n: how many.
            least: decided journeys at least.

        Raises:
            BadInput: the year has not so many left.
        """
        gone = self._bodies.setdefault(kind, set())
        found = self.db.execute(sa.text(_BODY[kind] + " order by 1")).all()
        free = [
            {"code": str(code), "count": int(count)} for code, count in found if code not in gone and count >= least
        ]
        taken = _enough(self.rng.sample(free, min(n, len(free))), n, kind)
        gone.update(one["code"] for one in taken)
        return taken

    def waiting(self, n: int) -> list[dict[str, Any]]:
        """Return n TKI who stand in staging and have no journey yet: tki_id, full_name, born_on, blkln_code, pptkis_name.

        Raises:
            BadInput: the year has not so many left.
        """
        if self._waiting is None:
            self._waiting = [dict(row) for row in self.db.execute(sa.text(_WAITING)).mappings()]
            self.rng.shuffle(self._waiting)
        taken, self._waiting = self._waiting[:n], self._waiting[n:]
        return _enough(taken, n, "TKI yang menunggu")

    def run(self, sql: str, rows: dict[str, Any] | list[dict[str, Any]] | None = None) -> None:
        """Write past every service."""
        if rows != []:
            self.db.execute(sa.text(sql), rows)

    def _all_fresh(self) -> list[int]:
        if self._fresh is None:
            sql = "select distinct session_id from posko.decision order by session_id"
            self._fresh = [int(number) for (number,) in self.db.execute(sa.text(sql))]
            self.rng.shuffle(self._fresh)
        return self._fresh

    def _take_sessions(self, n: int) -> list[int]:
        fresh = self._all_fresh()
        taken = fresh[:n]
        del fresh[:n]
        return taken

    def _journeys_of(self, sessions: list[int]) -> dict[int, list[dict[str, Any]]]:
        inside: dict[int, list[dict[str, Any]]] = {}
        for row in self._rows(_JOURNEY, sessions):
            if row["decision_id"] is not None:
                inside.setdefault(row["session_id"], []).append(row)
        return inside

    def _rows(self, sql: str, sessions: list[int]) -> list[dict[str, Any]]:
        statement = sa.text(sql).bindparams(sa.bindparam("sessions", expanding=True))
        return [dict(row) for row in self.db.execute(statement, {"sessions": sessions}).mappings()]

    def _one_each(self, sessions: list[int], n: int, result: str | None, state: str | None) -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        for session in sessions:
            fit = [
                row
                for row in self._opened.get(session, [])
                if (result is None or row["result"] == result) and (state is None or row["status"] == state)
            ]
            if fit and len(taken) < n:
                one = self.rng.choice(fit)
                self._opened[session].remove(one)
                taken.append(one)
        return taken


Planter = Callable[[Ground, int], list[Planted]]
"""Plants k frauds of a rule and as many near misses, and says which."""


def _enough(taken: list[dict[str, Any]], n: int, what: str) -> list[dict[str, Any]]:
    if len(taken) < n:
        raise BadInput(f"Tahun simulasi terlalu kecil: hanya {len(taken)} dari {n} {what} yang masih bebas.")
    return taken
