"""The gate after transform, on tables made by hand as dbt makes them (§12.3-12.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checks import allocation

if TYPE_CHECKING:
    from checks.gate import GateResult
    from posko.db.engine import Server

pytestmark = pytest.mark.server

REGISTERS = """
insert into posko.lsp values ('LSP-1', 'LSP Satu', 'L1', '2020-01-01', '2030-01-01');
insert into posko.tuk values ('TUK-1', 'TUK Satu', 'Bekasi', 2, '2020-01-01', '2030-01-01');
insert into posko.tuk_lsp values ('TUK-1', 'LSP-1', 'TLRT', '2020-01-01', '2030-01-01')
"""
MODEL = """
create table posko_model.deviation_rule (rule_id varchar(10) primary key, severity char(1));
insert into posko_model.deviation_rule values ('DV-E01', 'B'), ('DV-E03', 'H');
create table posko_model.fct_tki_eligible (tki_id varchar(64) primary key, batch_id bigint, first_batch_id bigint);
insert into posko_model.fct_tki_eligible values ('1', 7, 7), ('2', 7, 7), ('3', 7, 7);
create table posko_model.fct_tki_held_back (
    tki_id varchar(64), rule_id varchar(10), reason varchar(500), batch_id bigint, first_batch_id bigint,
    primary key (tki_id, rule_id));
insert into posko_model.fct_tki_held_back values ('4', 'DV-E01', 'Nomor sertifikat BLKLN kosong.', 7, 7);
create table posko_model.fct_tki_finding (
    tki_id varchar(64), rule_id varchar(10), evidence varchar(1000), primary key (tki_id, rule_id));
insert into posko_model.fct_tki_finding values ('1', 'DV-E03', '{"hari": 14}');
create table posko_model.fct_tuk_proposal (
    tki_id varchar(64) primary key, tuk_code varchar(20), lsp_code varchar(20), scheme_code varchar(20),
    proposed_on date, test_from_on date, first_batch_id bigint, key tuk_day (tuk_code, proposed_on));
insert into posko_model.fct_tuk_proposal values
    ('1', 'TUK-1', 'LSP-1', 'TLRT', '2026-07-28', '2026-07-27', 7),
    ('2', 'TUK-1', 'LSP-1', 'TLRT', '2026-07-28', '2026-07-28', 7);
create table posko_model.fct_tki_unplaced (
    tki_id varchar(64) primary key, reason_code varchar(20), reason varchar(500), first_batch_id bigint);
insert into posko_model.fct_tki_unplaced values ('3', 'NO_RULE', 'Belum ada aturan TUK.', 7);
create table posko_model.fct_handoff_ledger (
    hop_no int, batch_id bigint, hop varchar(40), sent bigint, received bigint, loaded bigint, rejected bigint,
    in_transit bigint, primary key (hop_no, batch_id));
insert into posko_model.fct_handoff_ledger values (1, 7, 'BNP2TKI -> BNSP', 5, 5, 4, 1, 0);
create table posko_model.fct_allocation_balance (
    scope varchar(3), body_code varchar(20), eligible bigint, proposed bigint, unplaced bigint,
    max_to_mean decimal(12, 4), gini decimal(9, 6), is_within_tolerance tinyint, primary key (scope, body_code));
insert into posko_model.fct_allocation_balance values
    ('ALL', '*', 3, 2, 1, null, null, 1), ('LSP', 'LSP-1', null, 2, null, 1, 0, 1), ('TUK', 'TUK-1', null, 2, null, 1, 0, 1)
"""

BROKEN = {
    "a typed TKI who vanished": (
        "delete from posko_model.fct_tki_eligible where tki_id = '2'",
        {"everyone_judged": "TKI 2 diketik", "everyone_placed_or_not": "TKI 2 "},
    ),
    "a TKI judged by an earlier row": (
        "update posko_model.fct_tki_eligible set batch_id = 6 where tki_id = '2'",
        {"everyone_judged": "TKI 2 diketik"},
    ),
    "a TKI who is no longer typed": (
        "insert into posko_model.fct_tki_held_back values ('9', 'DV-E01', 'Lama.', 7, 7)",
        {"everyone_judged": "TKI 9 "},
    ),
    "an eligible TKI without a place in any list": (
        "delete from posko_model.fct_tki_unplaced",
        {"everyone_placed_or_not": "TKI 3 layak tetapi tidak diusulkan"},
    ),
    "one vanished and a stranger in her place": (
        "update posko_model.fct_tki_unplaced set tki_id = '8'",
        {"everyone_placed_or_not": "TKI 3 "},
    ),
    "a TKI both eligible and held back": (
        "insert into posko_model.fct_tki_held_back values ('1', 'DV-E01', 'Kosong.', 7, 7)",
        {"everyone_judged": "TKI 1 ", "nobody_twice": "TKI 1 layak dan juga ditahan"},
    ),
    "a TKI both proposed and unplaced": (
        "insert into posko_model.fct_tki_unplaced values ('1', 'NO_RULE', 'Belum ada.', 7)",
        {"everyone_placed_or_not": "TKI 1 ", "nobody_twice": "TKI 1 diusulkan dan juga belum tertampung"},
    ),
    "a TUK with more TKI than seats": (
        "update posko.tuk set capacity_per_day = 1",
        {"capacity_kept": "TUK TUK-1 tanggal 2026-07-28: 2 TKI, kapasitas 1"},
    ),
    "an LSP that is not in the register": (
        "update posko_model.fct_tuk_proposal set lsp_code = 'LSP-X' where tki_id = '1'",
        {"seats_in_register": "1 usulan ke TUK TUK-1 oleh LSP LSP-X"},
    ),
    "a licence that ends before the test": (
        "update posko.tuk set valid_until = '2026-07-27'",
        {"seats_in_register": "TUK tidak terdaftar atau tidak berizin"},
    ),
    "a link for another scheme": (
        "update posko.tuk_lsp set scheme_code = 'LAIN'",
        {"seats_in_register": "TUK dan LSP tidak terhubung"},
    ),
    "a suspended LSP": (
        (
            "insert into posko.suspension (party_kind, party_code, suspended_from, reason)"
            " values ('LSP', 'LSP-1', '2026-07-01', 'surveilans')"
        ),
        {"seats_in_register": "diskors"},
    ),
    "a closed day": (
        "insert into posko.closed_day (closed_on, reason) values ('2026-07-28', 'libur')",
        {"seats_in_register": "TUK tutup"},
    ),
    "a test before the first possible day": (
        "update posko_model.fct_tuk_proposal set test_from_on = '2026-07-29' where tki_id = '1'",
        {"seats_in_register": "1 sebelum hari uji paling awal"},
    ),
    "a hop that loses a row": (
        "update posko_model.fct_handoff_ledger set loaded = 3",
        {"ledger_balances": "BNP2TKI -> BNSP batch 7: 5 dikirim"},
    ),
    "a TUK missing in the balance": (
        "delete from posko_model.fct_allocation_balance where scope = 'TUK'",
        {"balance_complete": "TUK TUK-1 tidak ada di neraca beban"},
    ),
    "a balance whose parts do not sum up": (
        "update posko_model.fct_allocation_balance set proposed = 1 where scope = 'LSP'",
        {"balance_complete": "LSP berjumlah 1 usulan, seharusnya 2"},
    ),
    "nobody told why": (
        "update posko_model.fct_tki_held_back set reason = ' '",
        {"reasons_given": "TKI 4 ditahan tanpa alasan (DV-E01)"},
    ),
    "a rule that may not hold anybody back": (
        "update posko_model.deviation_rule set severity = 'W' where rule_id = 'DV-E01'",
        {"rules_in_catalogue": "aturan DV-E01 menahan 1 TKI"},
    ),
    "a NIK in the evidence": (
        'update posko_model.fct_tki_finding set evidence = \'{"nik": "3275016504900001"}\'',
        {"no_nik_in_evidence": "posko_model.fct_tki_finding.evidence"},
    ),
    "a table without its key": (
        "alter table posko_model.fct_tki_unplaced drop primary key",
        {"tables_keyed": "tabel fct_tki_unplaced tidak ada, atau kuncinya bukan tki_id"},
    ),
}
"""What is wrong -> how it comes about, and which rules must say what."""


@pytest.fixture
def model(clean_posko) -> Server:
    """Four typed TKI: two proposed, one unplaced, one held back."""
    with clean_posko.connect(clean_posko.admin, "posko_staging") as raw, raw.cursor() as cursor:
        for number in range(1, 5):
            cursor.execute(
                "insert into tki_tlrt (id_tki, nama, no_ktp, batch_id, chunk_no, first_batch_id)"
                " values (%s, 'SITI', %s, 7, 1, 7)",
                (str(number), f"327501650490000{number}"),
            )
        for statement in f"{REGISTERS};{MODEL}".split(";"):
            cursor.execute(statement)
        raw.commit()
    return clean_posko


def do(server: Server, sql: str, *values: Any) -> None:
    """Change what the gate looks at."""
    with server.connect(server.admin, "posko_model") as raw, raw.cursor() as cursor:
        cursor.execute(sql, values or None)
        raw.commit()


def outcomes(result: GateResult, outcome: str) -> dict[str, str]:
    return {one.name: one.observed for one in result.expectations if one.outcome == outcome}


def test_a_whole_model_passes(model, tmp_path):
    result = allocation.run_gate(model, docs_dir=tmp_path)
    assert outcomes(result, "failed") == {}
    assert outcomes(result, "could_not_run") == {}
    assert result.outcome == "passed"
    assert result.docs == tmp_path / "checks" / "allocation" / "index.html"


@pytest.mark.parametrize("wrong", BROKEN)
def test_it_stops(wrong, model, tmp_path):
    change, expected = BROKEN[wrong]
    do(model, change)
    result = allocation.run_gate(model, docs_dir=tmp_path)
    seen = outcomes(result, "failed")
    assert result.outcome == "failed", outcomes(result, "could_not_run")
    assert set(seen) == set(expected)
    assert all(words in seen[name] for name, words in expected.items()), seen


def test_an_uneven_load_and_many_unplaced_only_warn(model, tmp_path):
    do(
        model,
        "update fct_allocation_balance set is_within_tolerance = 0, max_to_mean = 3.5, gini = 0.61 where scope = 'TUK'",
    )
    do(model, "update fct_allocation_balance set eligible = 9, unplaced = 7 where scope = 'ALL'")
    result = allocation.run_gate(model, docs_dir=tmp_path)
    assert result.outcome == "passed"
    seen = outcomes(result, "failed")
    assert set(seen) == {"load_even", "most_are_placed"}
    assert "beban TUK tidak merata: tertinggi 3.5000 kali rata-rata, Gini 0.610000" in seen["load_even"]
    assert "peringatan" in result.docs.read_text("utf-8")


def test_what_is_still_in_transit_stops_the_run(model, tmp_path):
    do(model, "update fct_handoff_ledger set sent = 6, in_transit = 1")
    result = allocation.run_gate(model, docs_dir=tmp_path)
    assert result.outcome == "failed"
    assert outcomes(result, "failed") == {"nothing_in_transit": "BNP2TKI -> BNSP batch 7: 1 dalam perjalanan"}


def test_a_model_without_one_of_its_tables_could_not_be_asked(model, tmp_path):
    do(model, "drop table fct_tki_finding")
    result = allocation.run_gate(model, docs_dir=tmp_path)
    assert result.outcome == "could_not_run"
    assert "fct_tki_finding" in outcomes(result, "could_not_run")["no_nik_in_evidence"]
    assert "fct_tki_finding" in outcomes(result, "failed")["tables_keyed"]


def test_before_the_first_transform_no_rule_gives_a_verdict(clean_posko, tmp_path):
    result = allocation.run_gate(clean_posko, docs_dir=tmp_path)
    assert result.outcome == "could_not_run"
    assert len(outcomes(result, "could_not_run")) == len(result.expectations)
