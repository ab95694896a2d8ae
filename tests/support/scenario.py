"""Two runs worth disturbing, a first load and a verification after many edits, and what an undisturbed one leaves behind."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.fingerprints import associated, key_path
from ingest.receive import Received, receive
from posko.db.secrets import read_or_make_key
from posko.db.staging_columns import DATE_COLUMNS, TEXT_COLUMNS
from tests.conftest import SourceServer
from tests.support.source import make_source, run_sql, send, send_many, tki
from tests.support.staging import ask, assert_accounted, assert_totals, change

if TYPE_CHECKING:
    from posko.db.engine import Server
    from posko.settings import Settings

ROWS = 2000
BASE, EDITED = "faults_base", "faults_edited"
EMPTIED = (
    "tki_tlrt", "tki_tlrt_landing", "tki_tlrt_history", "tki_tlrt_change", "tki_tlrt_source_key", "quarantine", "receive_batch",
    "receive_chunk", "receive_watermark", "tki_sidik_jari", "blkln", "pptkis", "lease",
)  # fmt: skip
CONTENT = (*TEXT_COLUMNS, "updated_at", *(f"{name}_date" for name in DATE_COLUMNS), "row_crc")


@dataclasses.dataclass
class Scenario:
    """One run: what it starts from, which source it reads, and what must stand in the tables afterwards."""

    name: str
    source: SourceServer
    target: Server
    settings: Settings
    base: Server | None = None
    verify: bool = False
    expected: dict[str, Any] = dataclasses.field(default_factory=dict)

    def prepare(self) -> None:
        """Bring POSKO's tables to the state before the run."""
        change(self.target, *(f"truncate table {table}" for table in EMPTIED))
        if self.base:
            receive(self.base, self.target, self.settings)

    def run(self, *, source: Server | None = None, target: Server | None = None) -> Received:
        """Receive, perhaps through something that breaks."""
        return receive(source or self.source.server, target or self.target, self.settings, verify=self.verify)

    def learn(self) -> Scenario:
        """Run undisturbed and note what that leaves."""
        self.prepare()
        assert_accounted(self.source, self.target, self.run())
        self.expected = contents(self.target, self.settings)
        return self

    def run_again_and_compare(self) -> None:
        """Run once more after a disturbance; the tables must be those of an undisturbed run."""
        change(
            self.target, "update lease set expires_at = utc_timestamp(6)"
        )  # the dead run's lease, without waiting for its end
        received = self.run()
        assert received.received == received.typed + received.quarantined
        assert received.typed == received.inserted + received.updated + received.unchanged
        assert_totals(self.target)
        found = contents(self.target, self.settings)
        for table, rows in self.expected.items():
            assert found[table] == rows, table


def contents(target: Server, settings: Settings) -> dict[str, Any]:
    """Return what the staging tables say, without the numbers and times of batches."""
    columns = ", ".join(CONTENT)
    open_only = "source_table = 'tki_tlrt' and resolved_at is null"
    return {
        "tki_tlrt": ask(target, f"select {columns} from tki_tlrt order by id_tki"),
        "tki_tlrt_history": ask(
            target, f"select {columns}, change_kind from tki_tlrt_history order by id_tki, change_kind"
        ),
        "quarantine": ask(
            target,
            "select source_table, id_tki, reasons, row_as_sent, key_crc, row_crc, copy_no, resolved_at is null from quarantine"
            " order by source_table, key_crc, row_crc, copy_no, resolved_at is null",
        ),
        "totals": ask(
            target,
            "select (select count(*) from tki_tlrt), (select sum(row_crc) from tki_tlrt),"
            f" (select count(*) from quarantine where {open_only}), (select sum(row_crc) from quarantine where {open_only})",
        ),
        "blkln": ask(
            target,
            "select kode_blkln, nama, kapasitas_int, berlaku_sampai_date, deleted_at is null from blkln order by 1",
        ),
        "pptkis": ask(
            target, "select nama_pptkis, no_siup, berlaku_sampai_date, deleted_at is null from pptkis order by 1"
        ),
        "tki_sidik_jari": fingerprints(target, settings),
    }


def fingerprints(target: Server, settings: Settings) -> list[tuple[Any, ...]]:
    """Return the fingerprint records, opened."""
    cipher = AESGCM(read_or_make_key(key_path(settings.secrets)))
    return [
        (id_tki, finger, form, cipher.decrypt(nonce, sealed, associated(id_tki, finger, form, key_id)), stands)
        for id_tki, finger, form, key_id, nonce, sealed, stands in ask(
            target,
            "select id_tki, jari, format, key_id, nonce, ciphertext, deleted_at is null from tki_sidik_jari order by id_tki, jari",
        )
    ]


def make_sources(server: Server) -> tuple[SourceServer, SourceServer]:
    """Make a source and the same source after many edits, in two databases."""
    both = []
    for name in (BASE, EDITED):
        with closing(server.connect(server.admin, "mysql")) as connection, connection.cursor() as cursor:
            cursor.execute(f"drop database if exists {name}")
            cursor.execute(f"create database {name} character set utf8mb4 collate utf8mb4_bin")
        one = SourceServer(dataclasses.replace(server, database=name))
        make_source(one)
        send_many(one, ROWS)
        run_sql(
            one,
            "update tki_tlrt set tanggal_lahir = '2/30/1985' where id_tki % 51 = 0",
            "update tki_tlrt set nama = char(1) where id_tki % 97 = 0",
            "insert into tki_sidik_jari select id_tki, 2, 'SIMULASI', repeat(id_tki, 20), '2012-06-20' from tki_tlrt"
            " where id_tki <= '000600'",
            "insert into blkln select concat('BLKLN-', id_tki), nama, 'KENDAL', '20', '6/30/2013', '2012-06-20' from tki_tlrt"
            " where id_tki <= '000020'",
            "insert into pptkis select concat('PT ', id_tki), '1/2012', '6/30/2013', '2012-06-20' from tki_tlrt where id_tki <= '000020'",
        )
        both.append(one)
    edit(both[1])
    return both[0], both[1]


def edit(source: SourceServer) -> None:
    """Correct, spoil, heal, delete and add rows, most of it under the old `updated_at`."""
    run_sql(
        source,
        "update tki_tlrt set nama = concat(nama, ' X') where id_tki % 7 = 0",
        "update tki_tlrt set agama = 'KRISTEN', updated_at = '2012-07-01' where id_tki % 19 = 0",
        "update tki_tlrt set tanggal_keluar_blkln = '13/25/2012' where id_tki % 23 = 0",
        "update tki_tlrt set tanggal_lahir = '2/28/1985' where id_tki % 102 = 0",
        "delete from tki_tlrt where id_tki % 13 = 0",
        "delete from tki_sidik_jari where id_tki % 13 = 0",
        "update tki_sidik_jari set data = 'ANOTHER FINGER' where id_tki % 17 = 0",
        "delete from blkln where kode_blkln = 'BLKLN-000003'",
        "update blkln set kapasitas = '30' where kode_blkln = 'BLKLN-000004'",
        "delete from pptkis where nama_pptkis = 'PT 000005'",
    )
    send(source, *(tki(f"N{number}", updated_at="2012-08-01 00:00:00") for number in range(50)))


def scenarios(source: Server, target: Server, settings: Settings) -> dict[str, Scenario]:
    """Return both scenarios, with what they leave undisturbed."""
    small = settings.model_copy(update={"receive_chunk_rows": 200, "receive_shrink_limit": 1})
    base, edited = make_sources(source)
    return {
        "initial": Scenario("initial", base, target, small).learn(),
        "verify": Scenario("verify", edited, target, small, base=base.server, verify=True).learn(),
    }
