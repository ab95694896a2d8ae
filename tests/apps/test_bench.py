"""The benches measure what they say, on real servers and small sizes, and leave nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from apps.bench import curve, demo, transform
from apps.bench.installation import Finished, Installation, pool_mb, throw_away
from apps.bench.report import (
    Line,
    Report,
    against_limit,
    against_peer,
    decimal,
    faster_than,
    markdown,
    note,
    verdict,
)
from apps.cli import bench, context
from posko.domain.errors import BadInput, DataRefused
from posko.settings import Settings

TKI = 2_000


@pytest.fixture(scope="module")
def small() -> Settings:
    return Settings(_env_file=None, receive_chunk_rows=500)


@pytest.fixture(scope="module")
def installation(small):
    with throw_away(small) as made:
        yield made
    assert not made.settings.var.exists()


# Ratios and verdicts


def test_a_line_within_its_limit_holds_and_shows_its_ratio():
    line = against_peer("terima", [11.0, 10.0, 14.0], [10.0, 9.0, 20.0], "tolok ukur", at_most=1.2)
    assert (line.measured, line.base, line.ratio, line.holds) == (11.0, 10.0, 1.1, True)
    assert line.cells() == ("✓", "terima", "11 detik (10-14)", "tolok ukur: 10 detik", "1,10", "≤ 1,20 kali")


def test_a_line_beyond_its_limit_is_missed():
    assert against_peer("terima", [12.1], [10.0], "tolok ukur", at_most=1.2).holds is False


def test_a_line_at_its_limit_holds():
    assert against_limit("memori", [150.0], 150, unit="MB").holds is True


def test_an_absolute_limit_stands_in_its_column_and_not_beside_a_peer():
    assert against_limit("memori", [75.0], 150, unit="MB").cells() == ("✓", "memori", "75 MB", "", "0,50", "≤ 150 MB")


@pytest.mark.parametrize(("seconds", "holds"), [(10.0, True), (12.5, True), (12.6, False)])
def test_faster_than_counts_how_many_times(seconds, holds):
    line = faster_than("terima", [seconds], 100.0, "dlt", at_least=8)
    assert line.ratio == pytest.approx(100 / seconds)
    assert line.holds is holds


def test_a_note_has_neither_ratio_nor_verdict():
    line = note("CPU", 1.234)
    assert (line.ratio, line.holds) == (None, None)
    assert line.cells() == ("·", "CPU", "1,23 detik", "", "", "")


def test_a_limit_against_a_peer_that_took_no_time_does_not_hold():
    assert against_peer("terima", [1.0], [0.0], "tolok ukur", at_most=1.2).holds is False


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.126, "0,13"), (9.87, "9,87"), (12.34, "12,3"), (1234.5, "1.234"), (60.0, "60"), (1e6, "1.000.000")],
)
def test_numbers_are_written_the_indonesian_way(value, text):
    assert decimal(value) == text


def test_the_verdict_names_what_was_missed():
    good, bad = against_limit("cepat", [1.0], 2.0), against_limit("lambat", [3.0], 2.0)
    assert verdict([Report("a", "", [good, note("x", 1.0)])]) == "✓ Semua 1 batas terpenuhi."
    assert verdict([Report("a", "", [good, bad])]) == "✗ 1 dari 2 batas TIDAK terpenuhi: lambat."


def test_a_bench_that_could_not_run_is_no_success():
    report = Report("transform", "", problem="dbt berhenti")
    assert report.as_dict()["holds"] is None
    assert "✗ transform tidak dapat diukur: dbt berhenti" in verdict(
        [Report("a", "", [against_limit("x", [1], 2)]), report]
    )
    assert "dbt berhenti" in markdown([report])


def test_the_markdown_table_holds_judged_lines_and_charts():
    report = Report(
        "curve", "2 TKI", [against_limit("cepat", [1.0], 2.0), Line("rasio", 3.0, "", 2.0, "optimum"), note("x", 1.0)]
    )
    report.chart, report.remarks = ["grafik"], ["berderau"]
    assert markdown([report]).splitlines() == [
        "| ukuran | terukur | pembanding | rasio | batas | terpenuhi |",
        "|---|---:|---|---:|---|:-:|",
        "| **curve**, 2 TKI | | | | | |",
        "| cepat | 1 detik |  | 0,50 | ≤ 2 detik | ✓ |",
        "| rasio | 3 | optimum: 2 | 1,50 |  |  |",
        "",
        "```",
        "grafik",
        "```",
        "",
        "berderau",
    ]


# Growth


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_growth_is_the_power_beyond_the_fixed_part(power):
    seconds = {size: 4.0 + ((size - 5_000) / 1_000) ** power for size in (100_000, 300_000, 1_000_000)}
    assert curve.growth(seconds, 4.0, 5_000) == pytest.approx(power)


def test_a_stage_that_costs_hardly_more_than_its_fixed_part_has_no_growth():
    assert curve.growth({100_000: 4.1, 300_000: 4.0, 1_000_000: 4.9}, 4.0, 5_000) is None


def test_the_chart_has_one_bar_a_stage_and_size():
    lines = curve.chart({"receive": {100_000: 3.0, 1_000_000: 21.0}}, {"receive": 1.0})
    assert [line.count("█") for line in lines] == [0, 30, 30]
    assert lines[1].startswith("receive (tetap 1)")


class _Told:
    """An installation that answers with prepared seconds."""

    def __init__(self):
        self.calls = []
        self.size = 0

    def simulate(self, tki):
        self.size = tki
        return tki / 10_000

    def reset_target(self):
        self.calls.append("reset")

    def settle(self):
        self.calls.append("settle")

    def posko(self, *arguments):
        self.calls.append(arguments)
        return Finished(7.0, 1.0, 80.0, {"seconds": {"receive": 1.0 + self.size / 100_000, "check received": 3.0}})


def test_the_curve_judges_each_stage_and_starts_each_size_afresh():
    told = _Told()
    report = curve.measure(told, sizes=(100_000, 1_000_000))
    assert {line.what: line.holds for line in report.lines} == {
        "pertumbuhan simulate (pangkat; 1 = linear)": True,
        "pertumbuhan receive (pangkat; 1 = linear)": True,
        "check received: hampir hanya biaya tetap, pertumbuhan tidak terukur": None,
    }
    assert told.calls.count("reset") == told.calls.count(("run", "--json")) == 4


def test_the_demo_is_run_twice_against_a_minute():
    report = demo.measure(_Told(), tki=5_000)
    assert [(line.measured, line.base, line.holds) for line in report.lines] == [(7.0, 60.0, True)] * 2


# Refusals


def test_no_bench_runs_in_production():
    with pytest.raises(BadInput), throw_away(Settings(_env_file=None, environment="production")):
        pytest.fail("it began")


def test_sizes_that_cannot_tell_growth_are_a_usage_error():
    for sizes in ("100000", "1000,100000", "banyak"):
        assert CliRunner().invoke(bench.command, ["curve", "--sizes", sizes]).exit_code == 2


def test_a_delivery_as_large_as_the_source_is_refused():
    outcome = CliRunner().invoke(bench.command, ["transform", "--tki", "1000", "--delta", "500"])
    assert isinstance(outcome.exception, BadInput)


def test_the_buffer_pool_fits_into_the_memory():
    assert 128 <= pool_mb() <= 2048
    assert 128 <= pool_mb(4096) <= 4096


def test_a_bench_that_fails_does_not_take_the_others_with_it(monkeypatch):
    def fails(_measure):
        raise DataRefused("dbt berhenti")

    monkeypatch.setattr(bench, "_on_throw_away", fails)
    monkeypatch.setattr(context, "settings", lambda: None)
    outcome = CliRunner().invoke(bench.command, ["all", "--json"])
    assert outcome.exit_code == 0
    assert [report["problem"] for report in json.loads(outcome.stdout)] == ["dbt berhenti"] * 5


# Real servers


@pytest.mark.server
def test_receive_is_measured_on_real_servers(installation, small, monkeypatch):
    monkeypatch.setattr(context, "settings", lambda: small)
    monkeypatch.setattr(bench, "_on_throw_away", lambda measure: measure(installation))
    outcome = CliRunner().invoke(
        bench.command, ["receive", "--tki", str(TKI), "--repeats", "1", "--json"], catch_exceptions=False
    )
    assert outcome.exit_code == 0
    report = json.loads(outcome.stdout)
    full, memory, cpu, process, changed, nothing, lied = report["lines"]
    assert full["compared_with"] == "OUTFILE + LOAD DATA"
    assert 0 < full["base"] < full["measured"] < process["measured"]
    assert full["limit"] == 1.2
    assert 20 < memory["measured"] < 150
    assert 0 < cpu["measured"] < process["measured"] * 4
    assert changed["what"].startswith("20 baris")
    assert all(line["measured"] > 0 for line in (changed, nothing, lied))
    assert report["holds"] == all(line["holds"] is not False for line in report["lines"])
    assert any("2.000" in remark for remark in report["remarks"])


@pytest.mark.server
def test_the_yardstick_leaves_neither_file_nor_table(installation):
    with installation.target.connect(installation.target.admin) as connection, connection.cursor() as cursor:
        cursor.execute("show databases like 'posko_bench%'")
        assert cursor.fetchall() == ()
    assert list(Path(installation.settings.var).rglob("*.tsv")) == []


@pytest.mark.server
def test_a_command_that_fails_is_told_in_its_own_words(installation):
    with pytest.raises(DataRefused, match="No such command 'tidak-ada'"):
        installation.posko("tidak-ada")


@pytest.mark.server
def test_transform_is_measured_and_the_statements_sent_by_hand_build_what_dbt_builds(installation, monkeypatch):
    sent = []
    by_hand = transform.run_by_hand
    monkeypatch.setattr(transform, "run_by_hand", lambda server, given: sent.extend(given) or by_hand(server, given))
    report = transform.measure(installation, tki=TKI, delta=50, repeats=1)
    full, single, delta, start_up, *_ = report.lines
    assert full.base == single.base
    assert 0 < start_up.measured < full.measured
    assert delta.base == full.measured
    assert report.extra["statements"] == len(sent) > 100
    assert set(report.extra["delta_seconds_by_kind"]) == {"model", "test"}
    built = _checksums(installation)
    by_hand(installation.target, sent)
    assert _checksums(installation) == built
    assert len(built) > 5


@pytest.mark.server
def test_a_size_of_the_curve_goes_through_every_stage(installation):
    seconds = curve._one_size(installation, 500, lambda _: None)
    assert list(seconds) == ["simulate", *curve.GROWING]
    assert all(value > 0 for value in seconds.values())


def _checksums(installation: Installation) -> dict[str, int]:
    target = installation.target
    with target.connect(target.admin, "posko_model") as connection, connection.cursor() as cursor:
        cursor.execute("show tables like 'fct\\_%'")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"checksum table {', '.join(names)}")
        return dict(cursor.fetchall())
