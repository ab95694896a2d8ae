"""`posko run` against a source that somebody else prepared to the contract, reached by address over TCP (§12.1-12.8)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from posko.db.engine import Server
from posko.db.lease import held_lease
from posko.settings import PROJECT_ROOT, Settings
from tests.conftest import SourceServer

pytestmark = pytest.mark.pipeline

CONTRACT = """
create table tki_tlrt (id_tki varchar(20) primary key, nama varchar(100), tempat_lahir varchar(60), tanggal_lahir varchar(20),
 jenis_kelamin varchar(5), status_perkawinan varchar(20), no_ktp varchar(30), alamat varchar(200), kota_asal varchar(60),
 agama varchar(20), no_telepon varchar(30), email varchar(60), pendidikan varchar(20), sektor varchar(20),
 negara_tujuan varchar(60), kode_lsp varchar(20), no_sertifikasi_kompetensi varchar(40),
 tanggal_sertifikasi_kompetensi varchar(20), kode_blkln varchar(20), no_sertifikasi_blkln varchar(40),
 nama_pptkis varchar(60), tanggal_sertifikasi_blkln varchar(20), tanggal_masuk_blkln varchar(20),
 tanggal_keluar_blkln varchar(20), catatan varchar(20), updated_at datetime(6));
create table tki_sidik_jari (id_tki varchar(20), jari tinyint, format varchar(20), data longblob, updated_at datetime(6),
 primary key (id_tki, jari));
create table blkln (kode_blkln varchar(20) primary key, nama varchar(60), kota varchar(60), kapasitas int,
 berlaku_sampai varchar(20), updated_at datetime(6));
create table pptkis (nama_pptkis varchar(60) primary key, no_siup varchar(30), berlaku_sampai varchar(20), updated_at datetime(6));
insert into blkln values ('H05AN001', 'BLKLN SATU', 'TANGERANG (KAB)', 100, '12/31/2030', now(6));
insert into pptkis values ('DUTA ANANDA SETIA', 'SIUP-1', '12/31/2030', now(6));
insert into tki_sidik_jari values ('9264729', 1, 'X', 0x00ff10, now(6))
"""
GAMBAR_5 = {
    "id_tki": "9264729", "nama": "KALIAH ETTALA", "tempat_lahir": "TANGERANG", "tanggal_lahir": "5/1/1983", "jenis_kelamin": "P",
    "status_perkawinan": "Kawin", "no_ktp": "00", "alamat": "KP. TINGGULUH RT./RW. 003/001 DS. TAMBIANG KEC.",
    "kota_asal": "TANGERANG (KAB)", "agama": "Islam", "pendidikan": "SD", "sektor": "Informal",
    "negara_tujuan": "UNITED ARAB EMIRATES", "kode_blkln": "H05AN001", "no_sertifikasi_blkln": "AP22012052517805314220020120512",
    "nama_pptkis": "DUTA ANANDA SETIA", "tanggal_sertifikasi_blkln": "5/25/2012", "tanggal_masuk_blkln": "5/12/2012",
    "tanggal_keluar_blkln": "5/25/2012",
}  # fmt: skip


def insert(cursor: Any, **changed: Any) -> None:
    row = {**GAMBAR_5, **changed}
    marks = ", ".join(["%s"] * len(row))
    cursor.execute(f"insert into tki_tlrt ({', '.join(row)}, updated_at) values ({marks}, now(6))", list(row.values()))


@pytest.fixture
def outside(source: SourceServer, clean_posko: Server, settings: Settings, tmp_path: Path) -> dict[str, str]:
    """Environment of somebody who has two servers and no private one; the source holds five rows, one of them untypable."""
    with source.connect() as connection, connection.cursor() as cursor:
        for statement in CONTRACT.split(";"):
            cursor.execute(statement)
        insert(cursor)
        insert(
            cursor,
            id_tki="9264730",
            nama="SITI \\ O'BRIEN\t=cmd()",
            no_sertifikasi_blkln="AP22012052517805314320020120512",
        )
        insert(cursor, id_tki="9264731", tanggal_keluar_blkln="2/30/2012")
        insert(
            cursor, id_tki="9264732", kode_blkln="TAKDIKENAL", no_sertifikasi_blkln="AP22012052517805314420020120512"
        )
        insert(
            cursor,
            id_tki="9264733",
            nama=None,
            tanggal_lahir="5/1/2009",
            no_sertifikasi_blkln="AP22012052517805314520020120512",
        )
        connection.commit()
    state = clean_posko
    tcp = {
        "POSKO_DATABASE_URL": f"mysql://{state.admin}:{state.password}@localhost/?unix_socket={state.unix_socket}",
    }
    # root may only come in by the socket of a private server; an outside source is reached over TCP by an account of its own.
    with source.connect() as connection, connection.cursor() as cursor:
        cursor.execute("drop user if exists 'pembaca'@'127.0.0.1'")
        cursor.execute("create user 'pembaca'@'127.0.0.1' identified by 'sandi-uji'")
        cursor.execute("grant select on bnp2tki.* to 'pembaca'@'127.0.0.1'")
    tcp["POSKO_SOURCE_URL"] = f"mysql://pembaca:sandi-uji@127.0.0.1:{source.server.port}/bnp2tki"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSKO_")}
    return {**kept, **tcp, "POSKO_VAR_DIR": str(tmp_path / "var"), "POSKO_SECRETS_DIR": str(settings.secrets)}


def posko(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROJECT_ROOT / ".venv" / "bin" / "python", "-m", "apps.cli.main", *arguments],
        env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_a_source_made_by_others_gives_totals_that_add_up(outside: dict[str, str], clean_posko: Server) -> None:
    done = posko(outside, "run", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["received"] == 5
    assert document["received"] == document["typed"] + document["quarantined"]
    assert document["typed"] == document["inserted"] + document["updated"] + document["unchanged"]
    assert document["typed"] == document["eligible"] + document["held_back"]
    assert document["eligible"] == document["proposed"] + document["unplaced"]
    assert (document["quarantined"], document["held_back"]) == (1, 2)
    assert document["gates"] == {"received": "passed", "allocation": "passed"}
    assert document["extra_columns"] == {"tki_tlrt": ["catatan"]}
    stages = {"receive", "check received", "transform", "check allocation", "deviations"}
    assert set(document["seconds"]) == stages | {"distribute", "acknowledge"}
    assert document["sent"] == document["eligible"]
    assert (document["forwarded"], document["closed"], document["fakes"]) == (0, 0, 0)
    assert {"batch_id", "deleted", "findings"} <= set(document)

    again = json.loads(posko(outside, "run", "--json", "--verify").stdout)
    assert (again["inserted"], again["updated"], again["unchanged"], again["deleted"]) == (0, 0, 4, 0)

    handed = json.loads(posko(outside, "hand-over", "--json").stdout)
    assert (handed["sent"], handed["forwarded"], handed["closed"]) == (0, 0, 0)

    status = posko(outside, "status")
    assert status.returncode == 0, status.stderr
    assert "posko_model.fct_tki_eligible" in status.stdout


def test_a_missing_column_stops_the_run_with_its_name_and_exit_code_1(
    outside: dict[str, str], source: SourceServer
) -> None:
    with source.connect() as connection, connection.cursor() as cursor:
        cursor.execute("alter table tki_tlrt drop column agama")
    done = posko(outside, "run", "--json")
    assert done.returncode == 1
    assert "agama" in json.loads(done.stdout)["error"]
    assert "agama" in done.stderr


def test_a_wrong_password_is_a_sentence_and_exit_code_3(outside: dict[str, str]) -> None:
    outside["POSKO_SOURCE_URL"] = outside["POSKO_SOURCE_URL"].replace("sandi-uji", "salah")
    done = posko(outside, "receive")
    assert done.returncode == 3
    assert "kata sandi salah" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_names_what_is_wrong_with_its_cure(outside: dict[str, str]) -> None:
    outside["POSKO_SOURCE_URL"] = "mysql://pembaca:x@127.0.0.1:1/bnp2tki"
    done = posko(outside, "doctor")
    assert done.returncode == 3
    line = next(line for line in done.stdout.splitlines() if "server sumber" in line)
    assert line.startswith("✗")
    assert "POSKO_SOURCE_URL" in line


def test_the_simulator_and_the_demo_refuse_to_run_in_production(outside: dict[str, str]) -> None:
    outside["POSKO_ENVIRONMENT"] = "production"
    for command in ("demo", "simulate"):
        done = posko(outside, command)
        assert done.returncode == 2, command
        assert "production" in done.stderr


def test_a_second_run_at_the_same_time_is_told_who_holds_the_lease(
    outside: dict[str, str], clean_posko: Server
) -> None:
    with held_lease(clean_posko, "posko_app", "posko", "pipeline", seconds=30):
        done = posko(outside, "run")
    assert done.returncode == 4
    assert "sedang dijalankan" in done.stderr
