"""Operators for the measurement of the screens: staff of every role, each signed in by the act of the sign-in itself (§8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.operator.session import STATION_COOKIE
from apps.reader_page.routes import COOKIE
from biometrics.issue import Issuer
from biometrics.scripted import ScriptedMatcher
from posko.domain.errors import DataRefused
from posko.domain.matrix import Role
from posko.domain.proof import Purpose
from posko.services import login
from posko.services.registry_demo_sites import OFFICE_STATION, reader_serial, station_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from posko.services.office import Office
    from posko.settings import Settings

SHARES: Mapping[Role, float] = {
    Role.KONSORSIUM: 0.35,
    Role.TUK: 0.25,
    Role.LSP: 0.15,
    Role.ASESOR: 0.10,
    Role.BNSP: 0.09,
    Role.AUDITOR: 0.04,
    Role.SUPER: 0.02,
}
"""Role -> share of those who sit at a screen at the same time."""
_SCOPES = {
    Role.LSP: ("lsp_code", "select distinct lsp_code from posko.exam_session order by 1"),
    Role.TUK: ("tuk_code", "select distinct tuk_code from posko.exam_session order by 1"),
    Role.ASESOR: ("met_no", "select met_no from posko.asesor order by 1"),
}
"""Role -> column of her scope, and all that have people."""
_STAFF = (
    "insert into posko.staff (person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at)"
    " values (:who, :name, :role, :lsp_code, :tuk_code, :met_no, 'ACTIVE', '2026-01-01')"
)


@dataclass(frozen=True)
class Operator:
    """One of the staff at her screen."""

    person_id: str
    role: Role
    tuk_code: str | None
    cookies: Mapping[str, str]


def at_work(wanted: int) -> list[Role]:
    """Return so many roles, each of `SHARES` by its share and at least once where there is room."""
    counts = dict.fromkeys(SHARES, 1)
    for _ in range(wanted - len(counts)):
        counts[max(counts, key=lambda role: SHARES[role] * wanted - counts[role])] += 1
    return [role for role, count in counts.items() for _ in range(count)][:wanted]


def sign_in(admin: sa.Engine, office: Office, settings: Settings, roles: Iterable[Role], name: str) -> list[Operator]:
    """Enrol one person for each of these roles and sign her in with a proof of her finger; return them.

    Args:
        admin: engine of the server's administrator, who writes the rows of the staff.
        office: does the sign-in.
        settings: of the installation, which is none of production.
        roles: one of each.
        name: begins their numbers, so that they are nobody else's.

    Raises:
        DataRefused: somebody was not let in.
    """
    with admin.connect() as db:
        scopes = {role: list(db.scalars(sa.text(sql))) for role, (_, sql) in _SCOPES.items()}
        free = _free(db, scopes[Role.ASESOR])
    rows = []
    for place, role in enumerate(roles):
        scope = None
        if role in _SCOPES:
            scope = free.pop() if role is Role.ASESOR else scopes[role][place % len(scopes[role])]
        rows.append(_row(f"{name}-{place}", role, scope))
    return _enter(admin, office, settings, rows)


def at_stations(
    admin: sa.Engine, office: Office, settings: Settings, tuk_codes: Iterable[str], name: str
) -> list[Operator]:
    """Do the same for one administrator of each of these TUK."""
    return _enter(admin, office, settings, [_row(f"{name}-{code}", Role.TUK, code) for code in tuk_codes])


def _row(person_id: str, role: Role, scope: str | None) -> dict[str, Any]:
    columns: dict[str, str | None] = dict.fromkeys(column for column, _ in _SCOPES.values())
    if role in _SCOPES:
        columns[_SCOPES[role][0]] = scope
    return {"who": person_id, "name": f"Petugas {person_id}", "role": role.value, **columns}


def _enter(admin: sa.Engine, office: Office, settings: Settings, rows: list[dict[str, Any]]) -> list[Operator]:
    with admin.begin() as db:
        db.execute(sa.text(_STAFF), rows)
    issuer = Issuer(ScriptedMatcher.of(settings), office.keys["finger-proof"])
    return [_signed_in(office, issuer, row) for row in rows]


def _free(db: sa.Connection, met_nos: list[str]) -> list[str]:
    """Return the assessors who have no number yet: each may have one."""
    taken = set(db.scalars(sa.text("select met_no from posko.staff where met_no is not null")))
    return [met_no for met_no in met_nos if met_no not in taken]


def _signed_in(office: Office, issuer: Issuer, row: Mapping[str, Any]) -> Operator:
    role = Role(row["role"])
    station = station_code(row["tuk_code"]) if row["tuk_code"] else OFFICE_STATION
    with office.engine.connect() as db:
        at = office.clock(db)
    proof = issuer.prove(
        "STAFF", row["who"], Purpose.LOGIN, station_code=station, reader_serial=reader_serial(station), at=at
    )
    told = office.desk(None).do(login.login, id_as_typed=row["who"], station_code=station, proof=proof)
    if not told["ok"]:
        raise DataRefused(f"Petugas {row['who']} tidak dapat masuk di stasiun {station}.")
    return Operator(row["who"], role, row["tuk_code"], {COOKIE: str(told["token"]), STATION_COOKIE: station})
