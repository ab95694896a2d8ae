"""The small world of the acts' tests: as the fraud's stage has it, with TKI who stand in staging and in the tables that dbt would build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON, SINCE, SmallWorld

UNITS = ("TLRT.01", "TLRT.02", "TLRT.03")
_UNIT_ROWS = "insert into posko.scheme_unit values " + ", ".join(
    f"('TLRT', '{unit}', 'Unit {unit}', {place}, {SINCE}, null)" for place, unit in enumerate(UNITS, 1)
)
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
class World(SmallWorld):
    """A small world with units of competence, TKI in staging, and the tables that dbt would build."""

    def ask(self, sql: str, **values: Any) -> list[Any]:
        """Return the rows of a query, asked by the administrator."""
        with self.admin().connect() as db:
            return [tuple(row) for row in db.execute(sa.text(sql), values)]

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

    def fill(self) -> None:
        """Make registers, staff, stations and units, and the tables that dbt would build, empty."""
        super().fill()
        with self.admin().begin() as db:
            for statement in (*MODEL, _UNIT_ROWS):
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
