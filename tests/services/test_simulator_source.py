"""The simulated source on a real server."""

import datetime as dt
import json

import pytest

from ingest.simulator import Planted, Simulated, SourceNotOurs, mutate, simulate
from ingest.simulator_schema import TABLES, TKI_COLUMNS
from posko.domain.errors import BadInput

pytestmark = pytest.mark.server
TODAY = dt.date(2026, 11, 20)
AT = dt.datetime(2026, 11, 20, 6, 0, tzinfo=dt.UTC).replace(tzinfo=None)


@pytest.fixture
def source(source_server):
    connection = source_server.connect()
    yield connection
    connection.close()


def rows(connection, query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def one(connection, query, *values):
    return rows(connection, query, *values)[0][0]


def make(connection, **options) -> Simulated:
    return simulate(connection, **{"tki": 1_500, "seed": 1, "today": TODAY} | options)


def checksum(connection, table):
    names = [row[0] for row in rows(connection, f"show columns from {table}")]
    line = ", ".join(f"ifnull(hex({name}), '~')" for name in names)
    return rows(connection, f"select count(*), sum(crc32(concat_ws('|', {line}))) from {table}")


def test_the_source_has_the_columns_of_the_contract_in_their_order(source):
    make(source, tki=10)

    assert [row[0] for row in rows(source, "show columns from tki_tlrt")] == [*TKI_COLUMNS, "updated_at"]
    assert {row[0] for row in rows(source, "show tables")} == set(TABLES)


def test_every_table_is_filled_with_as_many_rows_as_it_says(source):
    made = make(source)

    assert made.tki == 1_500 == one(source, "select count(*) from tki_tlrt")
    assert made.blkln == one(source, "select count(*) from blkln")
    assert made.pptkis == one(source, "select count(*) from pptkis")
    assert made.prints == one(source, "select count(*) from tki_sidik_jari")
    assert one(source, "select count(*) from hasil_uji") == 0


def test_the_pedomans_record_and_its_register_entries_are_always_there(source):
    make(source, tki=1)

    assert rows(source, "select id_tki, nama, kode_blkln, nama_pptkis from tki_tlrt") == (
        ("9264729", "KALIAH ETTALA", "H05AN001", "DUTA ANANDA SETIA"),
    )
    assert one(source, "select count(*) from blkln where kode_blkln = 'H05AN001'") == 1
    assert one(source, "select count(*) from pptkis where nama_pptkis = 'DUTA ANANDA SETIA'") == 1


def test_the_same_seed_gives_byte_identical_tables_and_another_does_not(source):
    make(source)
    first = {table: checksum(source, table) for table in TABLES}
    make(source)
    second = {table: checksum(source, table) for table in TABLES}
    make(source, seed=2)

    assert first == second
    assert checksum(source, "tki_tlrt") != first["tki_tlrt"]


def test_the_fault_file_names_rows_that_exist_with_the_text_that_was_planted(source, tmp_path):
    make(source, fault_file=tmp_path / "faults.jsonl")
    faults = [json.loads(line) for line in (tmp_path / "faults.jsonl").read_text("utf-8").splitlines()]
    names = dict(rows(source, "select id_tki, nama from tki_tlrt"))
    by_kind = {fault["kind"]: names[fault["id_tki"]] for fault in faults}

    assert len(faults) == 121
    assert by_kind["name_tab"].count("\t") == 1
    assert by_kind["name_backslash_at_end"].endswith("\\")
    assert by_kind["name_text_backslash_capital_n"] == "\\N"
    assert by_kind["name_text_null"] == "NULL"
    assert by_kind["name_sql"] == "'; DROP TABLE tki_tlrt; --"
    assert "\0" in by_kind["name_with_nul"]


def test_only_planted_pairs_share_a_nik_or_a_certificate_number(source, tmp_path):
    make(source, tki=5_000, fault_file=tmp_path / "faults.jsonl")
    faults = [json.loads(line) for line in (tmp_path / "faults.jsonl").read_text("utf-8").splitlines()]
    for column, kind in (("no_ktp", "nik_twice"), ("no_sertifikasi_blkln", "blkln_certificate_twice")):
        shared = rows(
            source,
            f"select id_tki from tki_tlrt where {column} in (select {column} from tki_tlrt"
            f" where length({column}) >= 16 group by {column} having count(*) > 1)",
        )
        assert {row[0] for row in shared} == {fault["id_tki"] for fault in faults if fault["kind"] == kind}


def test_two_prints_for_each_tki_up_to_the_limit(source):
    make(source, fault_share=0, prints=40)

    assert rows(source, "select count(*), count(distinct id_tki), min(jari), max(jari) from tki_sidik_jari") == (
        (80, 40, 2, 7),
    )
    assert one(source, "select count(*) from tki_sidik_jari where format <> 'SIMULASI' or length(data) < 300") == 0


def test_readable_prints_arrive_as_they_were_made_and_their_plants_end_the_fault_file(source, tmp_path):
    class Named:
        def plant(self, ids, seed):
            return [Planted(ids[seed], "print_named", "print:NAMED")]

        def record(self, id_tki, finger):
            return "NAMED", f"{id_tki}/{finger}".encode()

    made = make(source, tki=200, readable=Named(), fault_file=tmp_path / "faults.jsonl")
    records = rows(source, "select id_tki, jari, format, data from tki_sidik_jari")
    last = json.loads((tmp_path / "faults.jsonl").read_text("utf-8").splitlines()[-1])
    faulty = {fault.id_tki for fault in made.planted[:-1]}

    assert len(records) == made.prints
    assert all((form, data) == ("NAMED", f"{id_tki}/{finger}".encode()) for id_tki, finger, form, data in records)
    assert last == {"id_tki": made.planted[-1].id_tki, "kind": "print_named", "expected": "print:NAMED"}
    assert last["id_tki"] not in faulty


def test_rows_that_somebody_else_put_there_are_not_touched(source):
    make(source, tki=10)
    with source.cursor() as cursor:
        cursor.execute("insert into tki_tlrt (id_tki) values ('1')")
    source.commit()

    with pytest.raises(SourceNotOurs, match="tki_tlrt"):
        make(source)
    assert one(source, "select count(*) from tki_tlrt") == 11


def test_a_filled_source_without_the_simulators_mark_is_replaced_only_on_demand(source):
    make(source, tki=10)
    with source.cursor() as cursor:
        cursor.execute("drop table simulasi")

    with pytest.raises(SourceNotOurs):
        make(source)
    assert make(source, replace=True).tki == 1_500


def test_no_tki_at_all_is_refused(source):
    with pytest.raises(BadInput):
        make(source, tki=0)


def test_mutation_counts_what_it_changed_and_leaves_the_rest_alone(source):
    make(source, fault_share=0)
    before = dict(rows(source, "select id_tki, alamat from tki_tlrt"))
    stamps = dict(rows(source, "select id_tki, updated_at from tki_tlrt"))
    changed = mutate(source, seed=4, corrections=30, arrivals=20, deletions=7, lie=5, at=AT)
    after = dict(rows(source, "select id_tki, alamat from tki_tlrt"))
    stamps_after = dict(rows(source, "select id_tki, updated_at from tki_tlrt"))

    assert set(after) - set(before) == set(changed.arrived)
    assert len(changed.arrived) == 20
    assert set(before) - set(after) == set(changed.deleted)
    assert len(changed.deleted) == 7
    assert {key for key in before if key in after and before[key] != after[key]} == {
        *changed.corrected,
        *changed.lied,
    }
    assert {key for key in stamps if key in after and stamps[key] != stamps_after[key]} == set(changed.corrected)
    assert len(changed.corrected) == 30
    assert len(changed.lied) == 5
    assert all(stamps_after[key] >= AT for key in [*changed.corrected, *changed.arrived])


def test_mutation_is_reproducible_and_goes_on_from_where_it_was(source):
    seen = []
    for _ in range(2):
        make(source)
        done = [mutate(source, seed=4, corrections=30, arrivals=20, deletions=7, lie=5, at=AT) for _ in range(2)]
        seen.append((done, checksum(source, "tki_tlrt")))

    assert seen[0] == seen[1]
    assert not set(seen[0][0][0].arrived) & set(seen[0][0][1].arrived)


def test_a_correction_repairs_a_row_that_was_kept_out(source):
    made = make(source, fault_share=0.5)
    kept_out = {fault.id_tki for fault in made.planted if fault.expected.startswith(("quarantine", "held_back"))}
    changed = mutate(source, seed=1, corrections=300, at=AT)

    assert changed.repaired
    assert set(changed.repaired) <= kept_out
    assert one(source, "select count(*) from tki_tlrt where nama like %s", "%\x07%") < 20
    for key in changed.repaired:
        assert one(source, "select length(no_sertifikasi_blkln) from tki_tlrt where id_tki = %s", key) == 31


def test_a_source_of_somebody_else_is_not_mutated(source):
    with pytest.raises(BadInput, match="bukan buatan simulator"):
        mutate(source, corrections=1)


def test_more_changes_than_rows_are_refused_and_nothing_changes(source):
    make(source, tki=20, fault_share=0)
    before = checksum(source, "tki_tlrt")

    with pytest.raises(BadInput, match="Sumber hanya punya"):
        mutate(source, deletions=50)
    assert checksum(source, "tki_tlrt") == before
