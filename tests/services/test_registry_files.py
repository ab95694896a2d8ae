"""Import of a register: all or nothing, tried dry first, with the history of every row (R-012, R-098)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.services import registry_files
from posko.services.registry import PlacementCompany, TrainingCentre, fill_demo_registry
from posko.services.registry_columns import REGISTERS
from posko.services.registry_files import Line, read
from posko.services.registry_history import rows_of
from posko.services.registry_values import as_text

pytestmark = pytest.mark.server
ROW = {
    "lsp_code": "LSP-7",
    "lsp_name": "LSP Tujuh",
    "license_no": "BNSP-LSP-007-ID",
    "valid_from": "2026-01-01",
    "valid_until": "2028-12-31",
}
DONE = {"added": 0, "changed": 0, "same": 0, "problems": []}


def bring(world, rows, register="lsp", by="BN1", **more):
    given = {"reason": "Surat BNSP 12", **more}
    return world.desk(by).do(registry_files.import_rows, register=register, rows=rows, **given)


def history(world):
    return world.ask("select register_key, before_json is null from posko.registry_change order by change_id")


def test_new_and_changed_rows_are_taken_over_and_the_others_stay(world):
    rows = [ROW, {"lsp_code": "LSP-1", "valid_until": "2027-12-31"}, {"lsp_code": "LSP-2", "lsp_name": "LSP 2"}]

    assert bring(world, rows) == DONE | {"added": 1, "changed": 1, "same": 1}
    assert history(world) == [("LSP-7", 1), ("LSP-1", 0)]
    assert world.ask("select lsp_code, valid_until from posko.lsp order by 1") == [
        ("LSP-1", dt.date(2027, 12, 31)),
        ("LSP-2", dt.date(2030, 12, 31)),
        ("LSP-7", dt.date(2028, 12, 31)),
    ]
    assert [key for _, _, key in world.events()] == ["lsp/LSP-7", "lsp/LSP-1", "lsp"]


def test_a_dry_run_counts_the_same_and_writes_nothing_but_its_event(world):
    rows = [ROW, {"lsp_code": "LSP-1", "valid_until": "2027-12-31"}]

    assert bring(world, rows, dry_run=True) == DONE | {"added": 1, "changed": 1}
    assert history(world) == []
    assert world.value("select count(*) from posko.lsp") == 2
    assert world.events() == [("registry.import", "register", "lsp")]


def test_a_second_import_of_the_same_file_changes_nothing(world):
    bring(world, [ROW])

    assert bring(world, [ROW]) == DONE | {"same": 1}
    assert history(world) == [("LSP-7", 1)]


@pytest.mark.parametrize("is_dry", [True, False])
def test_one_problem_and_nothing_is_taken_over(world, is_dry):
    rows = [ROW, ROW | {"lsp_code": "LSP-8", "valid_until": "2025-01-01"}, ROW | {"lsp_code": ""}]
    answer = bring(world, rows, dry_run=is_dry)

    assert [(problem["line"], problem["column"]) for problem in answer.pop("problems")] == [
        (3, "valid_until"),
        (4, "lsp_code"),
    ]
    assert answer == {"added": 0, "changed": 0, "same": 0}
    assert history(world) == []
    assert world.events("failed") == [("registry.import", "register", "lsp")]


def test_a_row_that_names_what_no_register_holds_is_a_problem_with_its_line(world):
    rows = [
        {
            "met_no": "MET.7",
            "asesor_name": "Siti",
            "lsp_code": "LSP-9",
            "valid_from": "2026-01-01",
            "valid_until": "2028-12-31",
        }
    ]
    answer = bring(world, [Line(17, rows[0])], "asesor")

    assert answer["problems"] == [{"line": 17, "column": "lsp_code", "what": "LSP-9 tidak ada pada daftar LSP"}]


def test_a_change_that_reverses_the_stored_dates_is_a_problem(world):
    assert bring(world, [{"lsp_code": "LSP-1", "valid_until": "2024-12-31"}])["problems"][0]["column"] == "valid_until"


def test_a_row_that_stands_twice_is_a_problem(world):
    assert bring(world, [ROW, ROW])["problems"][0]["what"] == "sama dengan baris 2"


def test_a_value_that_may_stand_once_refuses_the_whole_file(world):
    rows = [
        {"station_code": f"ST-{n}", "station_name": "x", "reader_serial": serial, "valid_from": "2026-01-01"}
        for n, serial in ((7, "U-7"), (8, "U-8"), (9, "U-7"))
    ]
    with pytest.raises(Refused) as found:
        bring(world, rows, "station")

    assert found.value.code == "ENTRY_TAKEN"
    assert world.value("select count(*) from posko.station") == 4


@pytest.mark.parametrize(
    ("rows", "more", "code"),
    [
        (None, {}, "ROWS_WRONG"),
        ("lsp", {}, "ROWS_WRONG"),
        ([7], {}, "ROWS_WRONG"),
        ([{7: "x"}], {}, "ROWS_WRONG"),
        ([], {}, "LIST_EMPTY"),
        ([ROW], {"register": "rules"}, "UNKNOWN_REGISTER"),
        ([ROW], {"register": None}, "UNKNOWN_REGISTER"),
        ([ROW], {"reason": ""}, "TEXT_EMPTY"),
        ([ROW], {"by": "KO1"}, "NotPermitted"),
        ([ROW], {"by": "AU1"}, "NotPermitted"),
        ([ROW] * 100_001, {}, "LIST_TOO_LONG"),
    ],
)
def test_what_cannot_be_imported_is_refused(world, rows, more, code):
    with pytest.raises(Refused) as found:
        bring(world, rows, **more)

    assert found.value.code == code
    assert history(world) == []


def test_a_key_of_odd_values_in_memory_is_a_problem_and_not_a_crash(world):
    assert bring(world, [ROW | {"lsp_code": ["x"]}, ROW | {"valid_from": object()}])["problems"]


def test_five_thousand_rows_are_taken_over_in_one_act(world):
    rows = [{"pptkis_name": f"PT {n:05d}", "license_no": f"{n}/MEN", "valid_until": "2028-12-31"} for n in range(5000)]

    assert bring(world, rows, "pptkis")["added"] == 5000
    assert world.value("select count(*) from posko.registry_change") == 5000
    later = [row | {"valid_until": "2029-12-31"} for row in rows]
    assert bring(world, later, "pptkis")["changed"] == 5000


def test_four_imports_at_once_add_each_row_once(world):
    rows = [ROW | {"lsp_code": f"LSP-{n}"} for n in range(10, 40)]

    def attempt(_):
        try:
            return bring(world, rows)["added"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(attempt, range(4)))

    assert answers.count(30) == 1
    assert world.value("select count(*) from posko.registry_change") == 30


@pytest.mark.parametrize("is_demo", [False, True], ids=["world", "demo"])
@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.name)
def test_what_a_register_holds_is_read_back_as_the_same(world, register, is_demo):
    world.write("insert into posko.closed_day values ('2026-03-20', '*', 'Nyepi')")
    if is_demo:
        _fill_demo(world)
    with world.office.engine.connect() as db:
        rows = list(rows_of(db, register).values())
    text = io.StringIO()
    writer = csv.DictWriter(text, register.names)
    writer.writeheader()
    writer.writerows({name: as_text(value) for name, value in row.items()} for row in rows)
    if not rows:
        return

    lines = read(text.getvalue().encode(), "daftar.csv", register.name)
    assert bring(world, lines, register.name) == DONE | {"same": len(rows)}


def _fill_demo(world):
    for table in ("staff", "scheme_unit", "station", "asesor_scheme", "asesor", "tuk_lsp", "lsp", "tuk"):
        world.write(f"delete from posko.{table}")
    world.write(
        "insert into posko.staff (person_id, full_name, role, state, enrolled_at) values ('BN1', 'x', 'BNSP', 'ACTIVE', '2026-01-01')"
    )
    centres = [TrainingCentre(f"H05AN{n:03d}", f"BLKLN {n}", "BEKASI (KOTA)", 40, None) for n in range(30)]
    companies = [PlacementCompany(f"PT DUTA {n}, TBK.", "123/MEN/2009", None) for n in range(30)]
    with world.office.engine.begin() as db:
        fill_demo_registry(db, seed=1, today=dt.date(2026, 3, 2), centres=centres, companies=companies)


# at the terminal -------------------------------------------------------------------------------------------------


def test_the_operator_of_the_machine_brings_the_first_registers_and_is_named(world):
    made = world.desk(None).do(
        registry_files.import_at_terminal, operator="os:root", register="lsp", rows=[ROW], reason="Awal"
    )

    assert made["added"] == 1
    assert world.ask("select changed_by from posko.registry_change") == [("os:root",)]
    assert (
        world.ask("select actor_id, payload from posko_audit.audit_event where entity_key = 'lsp'")[0][0] == "os:root"
    )


def test_a_refused_import_at_the_terminal_names_the_operator_too(world):
    with pytest.raises(Refused):
        world.desk(None).do(
            registry_files.import_at_terminal, operator="os:root", register="lsp", rows=[], reason="Awal"
        )

    payload = world.value("select payload from posko_audit.audit_event where outcome = 'refused'")
    assert json.loads(payload)["operator"] == "os:root"


def test_nobody_signed_in_imports_as_the_operator(world):
    with pytest.raises(PermissionError):
        world.desk("TU1").do(
            registry_files.import_at_terminal, operator="os:root", register="lsp", rows=[ROW], reason="x"
        )

    assert history(world) == []
