"""A small world for acts: two LSP, three TUK and assessors, staff of every role, stations, a played clock, a matcher that answers as told.

The stage tries in it what the services prevent; the tests of the acts stand in it too. Its registers are inserted by the administrator's
connection, because who plays here is about the acts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from biometrics.issue import Issuer
from biometrics.scripted import ScriptedMatcher
from posko.domain.audit import Place
from posko.domain.proof import FingerProof, Purpose
from posko.domain.roles import Principal, Role
from posko.services.office import Office

if TYPE_CHECKING:
    from posko.db.engine import Server
    from posko.services.office import Desk
    from posko.settings import Settings

START = dt.datetime.fromisoformat("2026-03-02T01:00")
"""Monday, 08:00 in western Indonesia; UTC without zone, as everywhere."""
EXAM_ON = dt.date(2026, 3, 9)
STAFF = {
    "SA1": ("SUPER", None, None, None),
    "SA2": ("SUPER", None, None, None),
    "KO1": ("KONSORSIUM", None, None, None),
    "LS1": ("LSP", "LSP-1", None, None),
    "LS2": ("LSP", "LSP-2", None, None),
    "TU1": ("TUK", None, "TUK-1", None),
    "TU2": ("TUK", None, "TUK-2", None),
    "AS1": ("ASESOR", None, None, "MET.1"),
    "AS2": ("ASESOR", None, None, "MET.2"),
    "AS3": ("ASESOR", None, None, "MET.3"),
    "BN1": ("BNSP", None, None, None),
    "BN2": ("BNSP", None, None, None),
    "AU1": ("AUDITOR", None, None, None),
}
"""Number -> role, LSP, TUK, MET; AS1 and AS2 belong to LSP-1, AS3 to LSP-2."""
PAIRS = ((1, 1), (2, 1), (3, 2))
"""Number of a TUK and of an assessor -> number of its LSP."""
BLKLN, PPTKIS = "H05AN001", "DUTA ANANDA SETIA"
SINCE, UNTIL = "'2025-01-01'", "'2030-12-31'"


@dataclass
class SmallWorld:
    """One installation with a played clock."""

    server: Server
    settings: Settings
    office: Office = field(init=False)
    matcher: ScriptedMatcher = field(default_factory=ScriptedMatcher)
    now: dt.datetime = START

    def __post_init__(self) -> None:
        made = Office.of(self.settings, self.server.engine("posko_app", "posko"))
        self.office = Office(made.engine, made.audit, made.keys, clock=lambda _db: self.now)

    def principal(self, who: str, **more: Any) -> Principal:
        """Return one of the staff as a principal; `on_behalf="..."` for a Super Administrator in another's place."""
        role, lsp, tuk, _ = STAFF[who]
        return Principal(Role(role), who, lsp, tuk, **more)

    def desk(self, who: str | None, **more: Any) -> Desk:
        """Return the desk of one of the staff; None is the system itself."""
        by = None if who is None else self.principal(who, **more)
        return self.office.desk(by, place=Place(device="simulasi", ip="127.0.0.1"), auth_event=None)

    def proof(self, kind: str, person_id: str, purpose: Purpose, station: str = "ST-1") -> FingerProof:
        """Return a sealed proof at the played time; `matcher.misses[person_id]` says how often it does not match before."""
        issuer = Issuer(self.matcher, self.office.keys["finger-proof"])
        reader = f"READER-{station.removeprefix('ST-')}"
        return issuer.prove(kind, person_id, purpose, station_code=station, reader_serial=reader, at=self.now)  # type: ignore[arg-type]

    def second(self, who: str) -> FingerProof:
        """Return the proof of a second person."""
        return self.proof("STAFF", who, Purpose.SECOND_PERSON, "ST-0")

    def at(self, day: dt.date, hour: int = 9, minute: int = 0) -> None:
        """Play a time of western Indonesia."""
        self.now = dt.datetime.combine(day, dt.time(hour, minute)) - dt.timedelta(hours=7)

    def value(self, sql: str, **values: Any) -> Any:
        """Return the one value of a query, asked by the administrator."""
        with self.admin().connect() as db:
            ((found,),) = db.execute(sa.text(sql), values)
        return found

    def write(self, sql: str, **values: Any) -> None:
        """Write past every service, as an attacker or an accident would."""
        with self.admin().begin() as db:
            db.execute(sa.text(sql), values)

    def admin(self) -> sa.Engine:
        """Return the engine of the server's administrator."""
        return self._admin

    @cached_property
    def _admin(self) -> sa.Engine:
        return self.server.engine(self.server.admin, "posko")

    def fill(self) -> None:
        """Make registers, staff and stations; what is there already stays."""
        with self.admin().begin() as db:
            for statement in _registers():
                db.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the connections."""
        self.office.engine.dispose()
        self.admin().dispose()


def _registers() -> list[str]:
    rows = [
        *(f"posko.lsp values ('LSP-{n}', 'LSP {n}', 'BNSP-LSP-00{n}-ID', {SINCE}, {UNTIL})" for n in (1, 2)),
        *(f"posko.tuk values ('TUK-{n}', 'TUK {n}', 'Kota {n}', 20, {SINCE}, {UNTIL})" for n, _ in PAIRS),
        *(f"posko.tuk_lsp values ('TUK-{n}', 'LSP-{lsp}', 'TLRT', {SINCE}, {UNTIL})" for n, lsp in PAIRS),
        *(f"posko.asesor values ('MET.{n}', 'Asesor {n}', 'LSP-{lsp}', {SINCE}, {UNTIL})" for n, lsp in PAIRS),
        *(f"posko.asesor_scheme values ('MET.{n}', 'TLRT', {SINCE}, {UNTIL})" for n, _ in PAIRS),
        f"posko.blkln values ('{BLKLN}', 'BLKLN Satu', 'Tangerang', 100, {UNTIL}, null)",
        f"posko.pptkis values ('{PPTKIS}', 'SIUP-1', {UNTIL})",
        f"posko.station values ('ST-0', 'Kantor', null, 'READER-0', {SINCE}, null)",
        *(f"posko.station values ('ST-{n}', 'TUK {n}', 'TUK-{n}', 'READER-{n}', {SINCE}, null)" for n, _ in PAIRS),
    ]
    for who, (role, lsp, tuk, met) in STAFF.items():
        scope = ", ".join("null" if value is None else f"'{value}'" for value in (lsp, tuk, met))
        rows.append(
            "posko.staff (person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at)"
            f" values ('{who}', 'Petugas {who}', '{role}', {scope}, 'ACTIVE', '2026-01-01')"
        )
    return [f"insert ignore into {row}" for row in rows]
