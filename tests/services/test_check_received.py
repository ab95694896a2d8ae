"""The gate after receive, on a real server (§12.1-12.2): what it lets pass, what it stops, what it cannot say."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from checks import received
from checks.gate import GateResult, Limits
from ingest.receive import receive
from ingest.simulator import simulate
from tests.support.browser import chromium, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posko.db.engine import Server

pytestmark = pytest.mark.server

SEED = 11
ENGLISH_WORDS = re.compile(
    r"\b(?:Validation|Expectation|Evaluated|Status|Observed|Show|Failed|Succeeded|Actions|Info|Notes)\w*"
)


@pytest.fixture
def staging(clean_posko, source, settings) -> Server:
    """Staging after a first load of 400 TKI with planted faults and some fingerprints."""
    with source.connect() as connection:
        simulate(connection, tki=400, seed=SEED, prints=20, fault_share=0.05)
    receive(source.server, clean_posko, settings)
    return clean_posko


@pytest.fixture
def check(staging, tmp_path):
    """Run the gate on staging."""

    def run(limits: Limits | None = None) -> GateResult:
        return received.run_gate(staging, limits or Limits(), docs_dir=tmp_path)

    return run


def do(server: Server, sql: str, *values: Any) -> None:
    """Change staging behind the gate's back."""
    with server.connect(server.admin, "posko_staging") as raw, raw.cursor() as cursor:
        cursor.execute(sql, values or None)
        raw.commit()


@contextmanager
def renamed(server: Server, there: str, back: str) -> Iterator[None]:
    do(server, there)
    try:
        yield
    finally:
        do(server, back)


def outcomes(result: GateResult, outcome: str) -> dict[str, str]:
    return {one.name: one.observed for one in result.expectations if one.outcome == outcome}


def test_a_clean_batch_passes_and_leaves_pages_that_need_no_network(check, tmp_path):
    result = check()
    assert outcomes(result, "failed") == {}
    assert outcomes(result, "could_not_run") == {}
    assert result.outcome == "passed"
    assert "Setiap TKI punya ID TKI" in result.docs.read_text("utf-8")
    assert "checks/received/index.html" in (tmp_path / "index.html").read_text("utf-8")
    pages = list(result.docs.parent.glob("**/*.html"))
    assert any("validations" in str(page) for page in pages)
    for page in pages:
        assert not re.search(r"(src|<link[^>]*href)=[\"']https?:", page.read_text("utf-8")), page
        assert "posko_export" not in page.read_text("utf-8")


def test_the_librarys_own_page_shows_every_rule_to_a_browser_that_runs_no_script(check):
    result = check()
    (page,) = result.docs.parent.glob("validations/**/*.html")

    with chromium() as browser:
        shown = window(browser, "about:blank", java_script_enabled=False)
        shown.goto(page.resolve().as_uri())
        # What is hidden by a style is no inner text.
        seen = shown.locator("body").inner_text()
        shown.context.close()

    assert [one.description for one in result.expectations if one.description not in " ".join(seen.split())] == []
    assert "<script" not in page.read_text("utf-8")
    assert ENGLISH_WORDS.findall(seen) == []


def test_a_second_run_replaces_the_pages_and_leaves_nothing_behind(check, tmp_path):
    check()
    first = check().docs.resolve()
    second = check().docs.resolve()
    assert first != second
    assert not first.exists()
    folders = [one.name for one in (tmp_path / "checks").iterdir() if not one.is_symlink()]
    assert folders == [second.parent.name]


def test_a_row_lost_from_staging_fails_and_is_told_in_numbers(staging, check):
    do(staging, "delete from tki_tlrt order by id_tki limit 1")
    result = check()
    assert result.outcome == "failed"
    assert set(outcomes(result, "failed")) == {"rows_accounted", "first_load_unaltered"}
    assert re.search(r"(\d+) diketik.*di tabel ada (\d+) diketik", outcomes(result, "failed")["rows_accounted"])


def test_a_value_altered_after_the_first_load_fails_although_every_row_is_there(staging, check):
    do(staging, "update tki_tlrt set alamat = 'Jl. Lain' order by id_tki limit 1")
    assert set(outcomes(check(), "failed")) == {"first_load_unaltered"}


def test_a_date_text_without_its_date_fails_and_names_person_and_column(staging, check):
    do(
        staging,
        "update tki_tlrt set tanggal_keluar_blkln_date = null where tanggal_keluar_blkln <> '' order by id_tki limit 1",
    )
    seen = outcomes(check(), "failed")
    assert set(seen) == {"dates_typed"}
    assert re.fullmatch(r"TKI \S+: tanggal_keluar_blkln", seen["dates_typed"])


def test_a_date_before_1900_fails(staging, check):
    do(staging, "update tki_tlrt set tanggal_lahir_date = '0192-05-01' order by id_tki limit 1")
    assert set(outcomes(check(), "failed")) == {"dates_since_1900"}


def test_a_quarantined_row_without_its_reason_fails(staging, check):
    do(staging, "update quarantine set reasons = '' where resolved_at is null order by quarantine_id limit 1")
    assert set(outcomes(check(), "failed")) == {"quarantine_reasons"}


def test_too_large_a_quarantine_fails_but_not_in_a_small_source(staging, check):
    assert check(Limits(quarantine_share=0.001)).outcome == "passed"
    result = check(Limits(quarantine_share=0.001, quarantine_from_rows=100))
    assert set(outcomes(result, "failed")) == {"quarantine_share"}


def test_a_stale_batch_fails(staging, check):
    do(staging, "update receive_batch set finished_at = finished_at - interval 25 hour")
    assert set(outcomes(check(), "failed")) == {"batch_fresh"}


def test_a_batch_that_did_not_finish_fails(staging, check):
    do(
        staging,
        "insert into receive_batch (mode, state, fence, source_name, started_at)"
        " values ('delta', 'LANDED', 1, 'bnp2tki', utc_timestamp(6))",
    )
    assert "berstatus LANDED" in outcomes(check(), "failed")["batch_done"]


def test_nothing_received_at_all_fails(clean_posko, tmp_path):
    result = received.run_gate(clean_posko, docs_dir=tmp_path)
    assert outcomes(result, "failed") == {"batch_done": "belum ada penarikan"}


def test_a_pulled_row_that_was_neither_taken_nor_refused_fails(staging, check):
    do(staging, "update receive_batch set accepted = accepted - 1")
    assert set(outcomes(check(), "failed")) == {"batch_accounted"}


def test_a_chunk_whose_two_sides_differ_fails(staging, check):
    do(staging, "update receive_chunk set landed_crc_sum = landed_crc_sum + 1 order by chunk_no desc limit 1")
    assert set(outcomes(check(), "failed")) == {"chunks_agree"}


def test_a_fingerprint_that_is_not_encrypted_fails(staging, check):
    do(staging, "update tki_sidik_jari set ciphertext = repeat('F', data_bytes) order by id_tki, jari limit 1")
    assert set(outcomes(check(), "failed")) == {"prints_encrypted"}


def test_a_nik_in_the_record_of_a_batch_fails_without_being_repeated(staging, check):
    do(
        staging,
        "update receive_batch, (select min(trim(no_ktp)) as nik from tki_tlrt where no_ktp regexp '^32[0-9]{14}$') as one"
        " set problem = concat('TKI dengan NIK ', one.nik, ' ditolak')",
    )
    seen = outcomes(check(), "failed")
    assert seen == {"no_nik_in_records": "NIK seorang TKI tertulis di posko_staging.receive_batch.problem"}


def test_a_column_that_is_gone_is_a_question_that_cannot_be_asked_and_not_bad_data(staging, check):
    with renamed(
        staging,
        "alter table tki_tlrt rename column tanggal_lahir_date to tanggal_lahir_x",
        "alter table tki_tlrt rename column tanggal_lahir_x to tanggal_lahir_date",
    ):
        result = check()
    assert result.outcome == "could_not_run"
    silent = outcomes(result, "could_not_run")
    assert set(silent) == {"dates_typed", "dates_since_1900"}
    assert "Unknown column 'tanggal_lahir_date'" in silent["dates_typed"]
    assert outcomes(result, "failed") == {"contract_columns": "kolom tki_tlrt.tanggal_lahir_date tidak ada"}


def test_without_the_table_no_rule_gives_a_verdict(staging, check):
    with renamed(staging, "rename table tki_tlrt to tki_tlrt_x", "rename table tki_tlrt_x to tki_tlrt"):
        result = check()
    assert result.outcome == "could_not_run"
    assert len(outcomes(result, "could_not_run")) == len(result.expectations)
    assert "tki_tlrt" in result.expectations[0].observed
    assert result.docs.exists()


def test_markup_in_what_was_sent_is_text_on_every_page(staging, check):
    do(staging, "update tki_tlrt set id_tki = '<b>x</b> ' order by id_tki limit 1")
    result = check()
    assert "<b>x</b>" in outcomes(result, "failed")["key_filled"]
    assert not any("<b>x</b>" in page.read_text("utf-8") for page in result.docs.parent.glob("**/*.html"))
