"""A small world for the acts: 2 LSP, 3 TUK, 3 assessors, staff of every role, stations, TKI that may register.

`World` gives desks, proofs and a clock that the test plays. Its registers are inserted by the administrator's connection, because these
tests are about the acts; its TKI stand in staging and in the tables that dbt would build.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
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

START = dt.datetime.fromisoformat(
    "2026-03-02T01:00"
)  # Monday, 08:00 in western Indonesia; UTC without zone, as everywhere
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
UNITS = ("TLRT.01", "TLRT.02", "TLRT.03")
MODEL = (
    """create table posko_model.fct_tki_eligible (tki_id varchar(64) primary key, full_name varchar(255), born_on date,
        sector varchar(255), destination varchar(255), destination_iso2 char(2), blkln_code varchar(255), pptkis_name varchar(255),
        blkln_certified_on date, training_started_on date, training_ended_on date, training_days int, received_on date,
        test_from_on date, batch_id bigint, first_batch_id bigint)""",
    """create table posko_model.fct_tuk_proposal (tki_id varchar(64) primary key, tuk_code varchar(20), lsp_code varchar(20),
        scheme_code varchar(20), proposed_on date, alternative_no int, test_from_on date, waited_days int, reason varchar(500),
        blkln_code varchar(255), first_batch_id bigint, queue_id bigint unsigned, queue_place int)""",
    """create table posko_model.fct_tki_held_back (tki_id varchar(64), rule_id varchar(10), reason varchar(500),
        blkln_code varchar(255), first_batch_id bigint, primary key (tki_id, rule_id))""",
    """create table posko_model.fct_tki_unplaced (tki_id varchar(64) primary key, reason_code varchar(20), reason varchar(500))""",
)


@dataclass
class World:
    """One installation with a played clock."""

    server: Server
    settings: Settings
    office: Office = field(init=False)
    matcher: ScriptedMatcher = field(default_factory=ScriptedMatcher)
    now: dt.datetime = START

    def __post_init__(self) -> None:
        engine = self.server.engine("posko_app", "posko")
        made = Office.of(self.settings, engine)
        self.office = Office(engine, made.audit, made.keys, clock=lambda _db: self.now)

    # who -------------------------------------------------------------------------------------------------------

    def principal(self, who: str, **more: Any) -> Principal:
        """Return one of the staff as a principal; `on_behalf="..."` for a Super Administrator in another's place."""
        role, lsp, tuk, _ = STAFF[who]
        return Principal(Role(role), who, lsp, tuk, **more)

    def desk(self, who: str | None, **more: Any) -> Desk:
        """Return the desk of one of the staff; None is the system itself."""
        place = Place(device="uji", ip="127.0.0.1")
        return self.office.desk(None if who is None else self.principal(who, **more), place=place, auth_event=None)

    def proof(self, kind: str, person_id: str, purpose: Purpose, station: str = "ST-1") -> FingerProof:
        """Return a sealed proof at the played time; the scripted matcher says whether it matches."""
        issuer = Issuer(self.matcher, self.office.keys["finger-proof"])
        reader = f"READER-{station.removeprefix('ST-')}"
        return issuer.prove(kind, person_id, purpose, station_code=station, reader_serial=reader, at=self.now)  # type: ignore[arg-type]

    def second(self, who: str) -> FingerProof:
        """Return the proof of a second person."""
        return self.proof("STAFF", who, Purpose.SECOND_PERSON, "ST-0")

    def at(self, day: dt.date, hour: int = 9, minute: int = 0) -> None:
        """Play a time of western Indonesia."""
        self.now = dt.datetime.combine(day, dt.time(hour, minute)) - dt.timedelta(hours=7)

    # what is there ---------------------------------------------------------------------------------------------

    def ask(self, sql: str, **values: Any) -> list[Any]:
        """Return the rows of a query, asked by the administrator."""
        with self.admin().connect() as db:
            return [tuple(row) for row in db.execute(sa.text(sql), values)]

    def value(self, sql: str, **values: Any) -> Any:
        """Return the one value of a query."""
        ((found,),) = self.ask(sql, **values)
        return found

    def write(self, sql: str, **values: Any) -> None:
        """Write past every service, as an attacker or an accident would."""
        with self.admin().begin() as db:
            db.execute(sa.text(sql), values)

    def admin(self) -> sa.Engine:
        """Return the engine of the server's administrator."""
        if not hasattr(self, "_admin"):
            self._admin = self.server.engine(self.server.admin, "posko")
        return self._admin

    def events(self, outcome: str = "ok") -> list[tuple[str, str, str]]:
        """Return action, entity and key of the audit events with this outcome, in order."""
        return self.ask(
            "select action, entity, entity_key from posko_audit.audit_event where outcome = :o order by event_id",
            o=outcome,
        )

    def status(self, tki_id: str) -> str:
        """Return the main state of a TKI's newest journey."""
        return self.value(
            "select status from posko.journey where tki_id = :id order by journey_id desc limit 1", id=tki_id
        )

    def journey_id(self, tki_id: str) -> int:
        """Return the number of a TKI's newest journey."""
        return int(self.value("select max(journey_id) from posko.journey where tki_id = :id", id=tki_id))

    def close(self) -> None:
        """Let go of the connections."""
        self.office.engine.dispose()
        self.admin().dispose()

    # filling ---------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        """Make registers, staff, stations and units, and the tables that dbt would build, empty."""
        with self.admin().begin() as db:
            for statement in MODEL:
                db.exec_driver_sql(statement)
            for statement in _registers():
                db.exec_driver_sql(statement)

    def add_tki(
        self, tki_id: str, *, tuk: str = "TUK-1", lsp: str = "LSP-1", eligible: bool = True, **facts: Any
    ) -> str:
        """Let BNP2TKI deliver one TKI, and dbt find her eligible with a proposal (or held back by DV-E09)."""
        row = {
            "id_tki": tki_id, "nama": f"TKI {tki_id}", "tempat_lahir": "TANGERANG", "tanggal_lahir": "5/1/1983",
            "jenis_kelamin": "P", "alamat": "KP. TINGGULUH", "kota_asal": "TANGERANG (KAB)", "sektor": "Informal",
            "negara_tujuan": "UNITED ARAB EMIRATES", "kode_blkln": "H05AN001", "nama_pptkis": "DUTA ANANDA SETIA",
            "no_telepon": "", "email": "", "no_ktp": "3603054105830001", **facts,
        }  # fmt: skip
        with self.admin().begin() as db:
            columns = ", ".join(row)
            db.execute(
                sa.text(
                    f"insert into posko_staging.tki_tlrt ({columns}, updated_at, tanggal_lahir_date, tanggal_keluar_blkln_date,"
                    f" batch_id, chunk_no, first_batch_id) values ({', '.join(':' + name for name in row)},"
                    " '2026-03-01', '1983-05-01', '2026-02-20', 1, 1, 1)"
                ),
                row,
            )
            if not eligible:
                db.execute(
                    sa.text(
                        "insert into posko_model.fct_tki_held_back values (:id, 'DV-E09', 'terlalu muda', 'H05AN001', 1)"
                    ),
                    {"id": tki_id},
                )
                return tki_id
            db.execute(
                sa.text(
                    "insert into posko_model.fct_tki_eligible values (:id, :name, '1983-05-01', 'I', 'UNITED ARAB EMIRATES', 'AE',"
                    " 'H05AN001', 'DUTA ANANDA SETIA', '2026-02-20', '2026-01-20', '2026-02-20', 30, '2026-03-01', '2026-03-05', 1, 1)"
                ),
                {"id": tki_id, "name": row["nama"]},
            )
            db.execute(
                sa.text(
                    "insert into posko_model.fct_tuk_proposal values (:id, :tuk, :lsp, 'TLRT', :day, 1, '2026-03-05', 4,"
                    " 'TUK pertama menurut aturan BLKLN', 'H05AN001', 1, 1, 1)"
                ),
                {"id": tki_id, "tuk": tuk, "lsp": lsp, "day": EXAM_ON},
            )
        return tki_id


def _registers() -> list[str]:
    since, until = "'2025-01-01'", "'2030-12-31'"
    statements = [
        *(f"insert into posko.lsp values ('LSP-{n}', 'LSP {n}', 'BNSP-LSP-00{n}-ID', {since}, {until})" for n in (1, 2)),
        *(f"insert into posko.tuk values ('TUK-{n}', 'TUK {n}', 'Kota {n}', 20, {since}, {until})" for n in (1, 2, 3)),
        *(f"insert into posko.tuk_lsp values ('TUK-{tuk}', 'LSP-{lsp}', 'TLRT', {since}, {until})" for tuk, lsp in PAIRS),
        *(f"insert into posko.asesor values ('MET.{n}', 'Asesor {n}', 'LSP-{lsp}', {since}, {until})" for n, lsp in PAIRS),
        *(f"insert into posko.asesor_scheme values ('MET.{n}', 'TLRT', {since}, {until})" for n in (1, 2, 3)),
        f"insert into posko.blkln values ('H05AN001', 'BLKLN Satu', 'Tangerang', 100, {until}, null)",
        f"insert into posko.pptkis values ('DUTA ANANDA SETIA', 'SIUP-1', {until})",
        f"insert into posko.station values ('ST-0', 'Kantor', null, 'READER-0', {since}, null)",
        *(f"insert into posko.station values ('ST-{n}', 'TUK {n}', 'TUK-{n}', 'READER-{n}', {since}, null)" for n in (1, 2, 3)),
        *(f"insert into posko.scheme_unit values ('TLRT', '{unit}', 'Unit {unit}', {n}, {since}, null)" for n, unit in enumerate(UNITS, 1)),
    ]  # fmt: skip
    for who, (role, lsp, tuk, met) in STAFF.items():
        scope = ", ".join("null" if value is None else f"'{value}'" for value in (lsp, tuk, met))
        statements.append(
            "insert into posko.staff (person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at)"
            f" values ('{who}', 'Petugas {who}', '{role}', {scope}, 'ACTIVE', '2026-01-01')"
        )
    return statements
