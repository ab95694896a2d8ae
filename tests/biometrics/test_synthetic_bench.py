"""The accuracy bench: its arithmetic, and that it finds a broken matcher or generator."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from apps.bench import finger_accuracy, finger_sets
from apps.bench.finger_accuracy import Sizes
from apps.bench.finger_rates import Rate, below, reaching
from apps.bench.finger_sets import Kind, Scores
from apps.bench.report import Report, note
from apps.cli import context, finger_bench
from apps.cli.main import posko
from posko.domain.errors import BadInput

SETTINGS = SimpleNamespace(
    finger_threshold_login=50,
    finger_threshold_enrol=40,
    finger_threshold_attend=40,
    finger_threshold_score=50,
    finger_threshold_second=50,
)


def silent(_text):
    """Nobody listens."""


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [(0, 97, 0.0, 0.0373), (0, 400, 0.0, 0.00918), (5, 100, 0.0164, 0.1128), (10, 10, 0.6915, 1.0)],
)
def test_the_bounds_are_those_of_the_tables_of_clopper_and_pearson(errors, trials, low, high):
    assert Rate(errors, trials).bounds == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_a_score_on_the_threshold_is_a_match():
    assert below([39, 40, 41], 40) == Rate(1, 3)
    assert reaching([39, 40, 41], 40) == Rate(2, 3)


def test_the_best_of_six_takes_the_two_fingers_of_one_trial_together():
    assert Scores([], [], [1, 9, 7, 2, 3, 3], 0).impostor_six == [9, 7, 3]


def test_a_missed_rate_breaks_its_limit_and_a_poor_set_has_none():
    bad = Scores(single=[10] * 300, genuine=[10] * 100, impostor=[60] * 100, refused=0)
    report = Report("x", "y")
    lines = finger_accuracy._rates(Kind("usual", False, 1.0), bad, SETTINGS, report, is_limited=True)
    poor = finger_accuracy._rates(Kind("poor", False, 2.0), bad, SETTINGS, report, is_limited=False)

    assert [line.holds for line in lines] == [False, None, None, False, None]
    assert {line.holds for line in poor} == {None}
    assert report.extra["usual"]["fmr_login_best_of_six"]["errors"] == 50


def test_a_set_is_made_once_and_then_read(tmp_path):
    kind = Kind("minutia", False, 1.0)
    made = finger_sets.fingers(kind, 12, tmp_path, silent)
    said = []

    assert finger_sets.fingers(kind, 12, tmp_path, said.append) == made
    assert said == []
    assert all(len(touches) == finger_sets.TOUCHES and None not in touches for touches in made)

    found = finger_sets.scores(made, 24, silent)
    assert (len(found.single), len(found.genuine), len(found.impostor)) == (36, 12, 48)
    assert min(found.genuine) >= 40 > max(found.impostor)


def test_a_refused_sample_counts_as_a_miss_and_not_as_a_smaller_set():
    assert finger_sets._each((None, [None, None])) == [0, 0]
    assert finger_sets._best((None, [None])) == 0


def test_the_output_says_what_the_figures_are_not(monkeypatch, tmp_path):
    monkeypatch.setattr(finger_accuracy, "_times", lambda *_: [])
    monkeypatch.setattr(finger_sets, "fingers", lambda *_: [])
    monkeypatch.setattr(finger_sets, "scores", lambda *_: Scores([99], [99], [9, 9], 0))
    report = finger_accuracy.measure(SimpleNamespace(**vars(SETTINGS), var=tmp_path), sizes=Sizes(1, 1, 1, 1, 1, 1))

    assert "BUKAN ketelitian di lapangan" in "\n".join(report.remarks)
    assert "liveness" in "\n".join(report.remarks)
    assert len(report.lines) == 20


def test_one_part_gives_one_document(monkeypatch):
    part = Report("finger accuracy", "nothing", lines=[note("a", 1)])
    monkeypatch.setitem(finger_bench.MEASURES, "accuracy", lambda: part)
    done = CliRunner().invoke(posko, ["finger", "bench", "accuracy", "--json"], catch_exceptions=False)

    assert json.loads(done.stdout)["bench"] == "finger accuracy"


def test_in_all_parts_one_that_fails_is_named_and_the_others_go_on(monkeypatch):
    def broken():
        raise BadInput("rusak")

    for part in finger_bench.PARTS:
        monkeypatch.setitem(finger_bench.MEASURES, part, lambda: Report("ok", "nothing"))
    monkeypatch.setitem(finger_bench.MEASURES, "search", broken)
    done = CliRunner().invoke(posko, ["finger", "bench", "--json"], catch_exceptions=False)

    assert [report["problem"] for report in json.loads(done.stdout)] == [None, "rusak", None]


def test_it_is_refused_in_production(monkeypatch):
    monkeypatch.setattr(context, "settings", lambda: SimpleNamespace(environment="production"))
    done = CliRunner().invoke(posko, ["finger", "bench", "accuracy"])

    assert isinstance(done.exception, BadInput)
