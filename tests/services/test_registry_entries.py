"""Registers kept by hand: dates, references and history are checked, nothing is ever deleted (§3.2, R-012, R-014, R-098)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from posko.db.accounts import CHANGING
from posko.domain.errors import Refused
from posko.services import registry_entries
from posko.services.registry_columns import REGISTERS

pytestmark = pytest.mark.server
SINCE, UNTIL = "2026-01-01", "2028-12-31"
NEW = {
    "lsp": {"lsp_code": "LSP-7", "lsp_name": "LSP Tujuh", "license_no": "BNSP-LSP-007-ID", "valid_from": SINCE, "valid_until": UNTIL},
    "tuk": {"tuk_code": "TUK-7", "tuk_name": "TUK Tujuh", "city": "Bekasi",
        "capacity_per_day": 20, "valid_from": SINCE, "valid_until": UNTIL},
    "tuk_lsp": {"tuk_code": "TUK-1", "lsp_code": "LSP-2", "scheme_code": "TLRT", "valid_from": SINCE, "valid_until": UNTIL},
    "asesor": {"met_no": "MET.000.001234 2015", "asesor_name": "Siti", "lsp_code": "LSP-1", "valid_from": SINCE, "valid_until": UNTIL},
    "asesor_scheme": {"met_no": "MET.1", "scheme_code": "CARE", "valid_from": SINCE, "valid_until": UNTIL},
    "blkln": {"blkln_code": "H06BB002", "blkln_name": "BLKLN Dua"},
    "pptkis": {"pptkis_name": "SETIA JAYA", "license_no": "12/MEN/2010"},
    "ownership_tie": {"party_kind": "PPTKIS", "party_code": "DUTA ANANDA SETIA",
        "body_kind": "LSP", "body_code": "LSP-1", "valid_from": SINCE, "evidence": "Akta 12"},
    "station": {"station_code": "ST-7", "station_name": "Meja 7", "tuk_code": "TUK-1", "reader_serial": "U4500-7", "valid_from": SINCE},
    "closed_day": {"closed_on": "2026-03-20", "reason": "Nyepi"},
    "scheme_unit": {"scheme_code": "CARE", "unit_code": "CARE.01", "unit_title": "Merawat lansia", "position": 1, "valid_from": SINCE},
}  # fmt: skip


def save(world, register, by="BN1", why="Surat BNSP 12", **values):
    return world.desk(by).do(registry_entries.save, register=register, values=values, reason=why)


def suspend(world, **more):
    given = {"party_kind": "LSP", "party_code": "LSP-1", "suspended_from": "2026-03-10", "reason": "Audit"} | more
    return world.desk("BN1").do(registry_entries.suspend, **given)


def end(world, **more):
    given = {"ended_on": "2026-03-20", "reason": "Temuan ditutup"} | more
    return world.desk("BN1").do(registry_entries.end_suspension, **given)


def refused(world, what, *args, **more):
    before = world.value("select count(*) from posko.registry_change")
    with pytest.raises(Refused) as found:
        what(world, *args, **more)
    assert world.value("select count(*) from posko.registry_change") == before
    return found.value


@pytest.mark.parametrize("register", NEW)
def test_every_register_takes_a_row_and_keeps_its_history(world, register):
    made = save(world, register, **NEW[register])

    assert made["is_new"] is True
    (only,) = world.desk("AU1").do(registry_entries.history, register=register, key=made["key"])
    assert (only["before"], only["changed_by"], only["reason"]) == (None, "BN1", "Surat BNSP 12")
    assert NEW[register].items() <= only["after"].items()
    assert refused(world, save, register, **NEW[register]).code == "ENTRY_SAME"


def test_every_register_may_be_changed_by_the_application():
    assert set(NEW) == set(REGISTERS) <= set(CHANGING)


def test_a_licence_expires_by_its_date_and_the_former_one_stays_readable(world):
    assert save(world, "lsp", lsp_code="LSP-1", valid_until="2026-03-31")["changed"] == ["valid_until"]

    (only,) = world.desk("BN1").do(registry_entries.history, register="lsp", key="LSP-1")
    assert (only["before"]["valid_until"], only["after"]["valid_until"]) == ("2030-12-31", "2026-03-31")
    assert world.value("select valid_until from posko.lsp where lsp_code = 'LSP-1'") == dt.date(2026, 3, 31)


def test_the_event_tells_before_and_after_but_nobodys_name(world):
    save(world, "asesor", met_no="MET.1", asesor_name="Nama Baru", lsp_code="LSP-2")

    payload = world.value("select payload from posko_audit.audit_event where action = 'registry.save'")
    assert "Nama Baru" not in payload
    assert "Asesor 1" not in payload
    assert '"after":{"lsp_code":"LSP-2"},"before":{"lsp_code":"LSP-1"},"changed":["asesor_name","lsp_code"]' in payload


@pytest.mark.parametrize(
    ("register", "values", "what"),
    [
        ("lsp", {"lsp_code": ""}, "lsp_code: wajib diisi"),
        ("lsp", {"lsp_code": None}, "lsp_code: wajib diisi"),
        ("lsp", {"lsp_code": "X" * 21}, "lebih panjang dari 20"),
        ("lsp", {"lsp_code": "=cmd()"}, "bukan kode"),
        ("lsp", {"lsp_code": "L\x00"}, "bukan kode"),
        ("lsp", {"lsp_code": "3603054105830001"}, "NIK"),
        ("lsp", {"lsp_name": "x" * 10_000_000}, "lebih panjang"),
        ("lsp", {"lsp_name": "a\x07"}, "kendali"),
        ("lsp", {"lsp_name": "=1+1"}, "rumus"),
        ("lsp", {"lsp_name": ["x"]}, "wajib diisi"),
        ("lsp", {"valid_from": "1/1/2026"}, "bukan tanggal"),
        ("lsp", {"valid_from": dt.datetime.fromisoformat("2026-01-01T08:00")}, "bukan tanggal"),
        ("lsp", {"valid_until": "2025-12-31"}, "mendahului"),
        ("lsp", {"warna": "biru"}, "tidak ada pada daftar"),
        ("tuk", {"capacity_per_day": -1}, "antara"),
        ("tuk", {"capacity_per_day": 1.5}, "bukan bilangan bulat"),
        ("tuk", {"capacity_per_day": True}, "bukan bilangan bulat"),
        ("tuk", {"capacity_per_day": 10**30}, "antara"),
        ("tuk_lsp", {"lsp_code": "LSP-9"}, "LSP-9 tidak ada pada daftar LSP"),
        ("tuk_lsp", {"tuk_code": "TUK-9"}, "TUK-9 tidak ada pada daftar TUK"),
        ("asesor", {"lsp_code": "LSP-9"}, "tidak ada pada daftar LSP"),
        ("asesor_scheme", {"met_no": "MET.99"}, "tidak ada pada daftar asesor"),
        ("ownership_tie", {"party_code": "TIDAK ADA"}, "tidak ada pada daftar PPTKIS"),
        ("ownership_tie", {"body_kind": "TUK"}, "LSP-1 tidak ada pada daftar TUK"),
        ("ownership_tie", {"party_kind": "LSP"}, "harus salah satu"),
        ("station", {"tuk_code": "TUK-9"}, "tidak ada pada daftar TUK"),
        ("closed_day", {"tuk_code": "TUK-9"}, "tidak ada pada daftar TUK"),
    ],
)  # fmt: skip
def test_wrong_values_are_named_and_change_nothing(world, register, values, what):
    found = refused(world, save, register, **(NEW[register] | values))

    assert found.code == "ENTRY_WRONG"
    assert what in str(found)
    assert len(world.events("refused")) == 1


@pytest.mark.parametrize("register", [None, "", "rules", 7, ["lsp"], "A" * 10_000_000])
def test_an_unknown_register_is_refused(world, register):
    assert refused(world, save, register, lsp_code="LSP-1").code == "UNKNOWN_REGISTER"
    with pytest.raises(Refused):
        world.desk("BN1").do(registry_entries.history, register=register, key="LSP-1")


@pytest.mark.parametrize("values", [None, [], "x", {7: "x"}])
def test_what_is_no_row_is_refused(world, values):
    with pytest.raises(Refused) as found:
        world.desk("BN1").do(registry_entries.save, register="lsp", values=values, reason="uji")
    assert found.value.code == "ROWS_WRONG"


@pytest.mark.parametrize(
    ("reason", "code"), [("", "TEXT_EMPTY"), ("3603054105830001", "LOOKS_LIKE_NIK"), ("x" * 501, "TEXT_TOO_LONG")]
)
def test_every_change_has_a_reason(world, reason, code):
    assert refused(world, save, "lsp", why=reason, **NEW["lsp"]).code == code


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_only_super_administrator_and_bnsp_change_registers(world, who):
    assert refused(world, save, "lsp", by=who, **NEW["lsp"]).code == "NotPermitted"


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_history_is_for_bnsp_and_the_auditor(world, who):
    with pytest.raises(Refused):
        world.desk(who).do(registry_entries.history, register="lsp", key="LSP-1")


def test_a_reader_stands_at_one_station(world):
    assert refused(world, save, "station", **(NEW["station"] | {"reader_serial": "READER-1"})).code == "ENTRY_TAKEN"


def test_of_eight_that_add_the_same_row_at_once_one_adds_it(world):
    def attempt(number):
        try:
            return save(world, "lsp", **(NEW["lsp"] | {"lsp_name": f"LSP {number}"}))["is_new"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))

    assert answers.count(True) == 1
    assert world.value("select count(*) from posko.registry_change where before_json is null") == 1
    rows = world.desk("BN1").do(registry_entries.history, register="lsp", key="LSP-7")
    assert all(after["before"] == before["after"] for before, after in pairwise(rows))


def test_a_very_long_key_still_fits_the_log(world):
    name = "P" + "Q" * 199
    save(world, "pptkis", pptkis_name=name)
    made = save(world, "ownership_tie", **(NEW["ownership_tie"] | {"party_code": name}))

    assert len(made["key"]) <= 255
    assert len(world.desk("BN1").do(registry_entries.history, register="ownership_tie", key=made["key"])) == 1


# suspensions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code"),
    [("LSP", "LSP-1"), ("TUK", "TUK-1"), ("BLKLN", "H05AN001"), ("PPTKIS", "DUTA ANANDA SETIA"), ("ASESOR", "MET.1")],
)
def test_every_kind_of_party_is_suspended_and_lifted_with_history(world, kind, code):
    number = suspend(world, party_kind=kind, party_code=code)
    end(world, suspension_id=number)

    assert world.ask("select suspended_from, suspended_until from posko.suspension") == [
        (dt.date(2026, 3, 10), dt.date(2026, 3, 20))
    ]
    rows = world.desk("AU1").do(registry_entries.history, register="suspension", key=f"{kind}/{code}")
    assert [row["reason"] for row in rows] == ["Audit", "Temuan ditutup"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"party_kind": "RAJA"}, "PARTY_KIND_WRONG"),
        ({"party_kind": None}, "PARTY_KIND_WRONG"),
        ({"party_kind": ["LSP"]}, "PARTY_KIND_WRONG"),
        ({"party_code": "LSP-9"}, "UNKNOWN_ENTRY"),
        ({"party_code": None}, "TEXT_EMPTY"),
        ({"party_code": "A" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"suspended_from": "besok"}, "NOT_A_DATE"),
        ({"suspended_until": "besok"}, "NOT_A_DATE"),
        ({"suspended_until": "2026-03-09"}, "DATES_REVERSED"),
        ({"reason": None}, "TEXT_EMPTY"),
    ],
)
def test_wrong_suspensions_are_refused(world, more, code):
    assert refused(world, suspend, **more).code == code
    assert world.value("select count(*) from posko.suspension") == 0


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-03-15", None, "SUSPENSION_OPEN"),
        ("2026-03-20", "2026-03-25", "SUSPENSION_OPEN"),
        ("2026-03-01", "2026-03-10", "SUSPENSION_OPEN"),
        ("2026-03-01", None, "SUSPENSION_OPEN"),
        ("2026-03-21", None, None),
        ("2026-03-01", "2026-03-09", None),
    ],
)
def test_two_suspensions_of_one_party_do_not_overlap(world, first, last, code):
    suspend(world, suspended_until="2026-03-20")

    if code is None:
        assert suspend(world, suspended_from=first, suspended_until=last)
    else:
        assert refused(world, suspend, suspended_from=first, suspended_until=last).code == code


def test_of_eight_suspensions_at_once_one_stands(world):
    def attempt(_):
        try:
            return suspend(world)
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))

    assert answers.count("SUSPENSION_OPEN") == 7
    assert world.value("select count(*) from posko.suspension") == 1


def test_a_suspension_that_has_not_begun_may_be_taken_back(world):
    number = suspend(world)
    end(world, suspension_id=number, ended_on="2026-03-02")

    assert suspend(world, suspended_from="2026-03-11")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"suspension_id": 99}, "UNKNOWN_SUSPENSION"),
        ({"suspension_id": -1}, "UNKNOWN_SUSPENSION"),
        ({"suspension_id": "1"}, "UNKNOWN_SUSPENSION"),
        ({"suspension_id": True}, "UNKNOWN_SUSPENSION"),
        ({"suspension_id": None}, "UNKNOWN_SUSPENSION"),
        ({"suspension_id": 10**30}, "UNKNOWN_SUSPENSION"),
        ({"ended_on": "2026-02-28"}, "DATE_PAST"),
        ({"ended_on": None}, "NOT_A_DATE"),
        ({"reason": ""}, "TEXT_EMPTY"),
    ],
)
def test_wrong_liftings_are_refused(world, more, code):
    number = suspend(world, suspended_from="2026-02-01")

    assert refused(world, end, **({"suspension_id": number} | more)).code == code
    assert world.value("select suspended_until from posko.suspension") is None


def test_what_is_over_is_not_ended_again(world):
    number = suspend(world, suspended_from="2026-01-01", suspended_until="2026-02-01")

    assert refused(world, end, suspension_id=number).code == "SUSPENSION_OVER"
