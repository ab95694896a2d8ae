"""The statistical rules on frames: honest years stay quiet, planted frauds are found, small groups are never judged (§4.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from checks.deviations.frames import Frames
from checks.deviations.funnel import discoveries, judge_shares, spread
from checks.deviations.limits import Limits
from checks.deviations.peers import standardise
from checks.deviations.regular import too_even
from checks.deviations.runs import chance_of_run
from checks.deviations.statistics import JUDGES
from checks.deviations.volume import best_break
from posko.domain.errors import ConfigurationError
from posko.domain.rules import RULES
from tests.support.honest_year import LIMITS, honest_year

YEARS = 8
Flagged = set[tuple[str, int, str, str]]
"""Rule, year, kind of subject, first word of the key."""
FAMILIES = 17
"""Comparisons with a false discovery rate of their own: T03 has four kinds, T05, T06 and I09 two, I11 three."""


def found(rule_id: str, frames: Frames, limits: Limits = LIMITS) -> set[tuple[str, str, str]]:
    findings = list(JUDGES[rule_id](frames, limits))
    for one in findings:
        # As the register takes them: plain JSON and a plain time.
        assert {type(value) for value in one.evidence.values()} <= {str, int, float}, one.evidence
        assert type(one.observed_at) is datetime
        assert one.rule_id == rule_id
    return {(one.subject_kind, one.subject_code, one.finding_key) for one in findings}


def test_every_rule_of_the_catalogue_that_names_the_statistics_is_judged() -> None:
    assert set(JUDGES) == {
        rule_id for rule_id, rule in RULES.items() if rule.judged_by == "checks.deviations.statistics"
    }


@pytest.fixture(scope="module")
def flagged() -> Flagged:
    """What the rules find where nobody cheats."""
    return {
        (rule_id, seed, one.subject_kind, one.finding_key.split("-")[0])
        for seed in range(YEARS)
        for rule_id, judge in JUDGES.items()
        for one in judge(honest_year(seed), LIMITS)
    }


def test_honest_years_stay_within_the_false_discovery_rate(flagged: Flagged) -> None:
    assert len(flagged) <= 0.05 * YEARS * FAMILIES, sorted(flagged)


@pytest.mark.parametrize("rule_id", JUDGES)
def test_a_rule_hardly_ever_finds_anything_where_nobody_cheats(flagged: Flagged, rule_id: str) -> None:
    assert len([one for one in flagged if one[0] == rule_id]) <= 1


@pytest.mark.parametrize("rows", [0, 1, 18, 300])
@pytest.mark.parametrize("passed", [0, 1])
def test_a_young_or_uniform_installation_is_judged_without_a_stumble(rows: int, passed: int) -> None:
    year = honest_year(0)
    tests, weak = year.tests.iloc[:rows], year.weak[year.weak["journey_id"] < rows]
    few = replace(
        year, tests=tests.assign(passed=passed), weak=weak.iloc[: 0 if passed else rows], doors=year.doors.iloc[:rows],
        sessions=year.sessions[year.sessions["session_id"].isin(tests["session_id"])],
    )  # fmt: skip
    least = Limits({**LIMITS.values, **{key: 1 for key in LIMITS.values if key[0] == "statistic_least"}})
    assert [
        one for rule_id in JUDGES for one in JUDGES[rule_id](few, least) if one.rule_id in {"DV-T01", "DV-T02"}
    ] == []


def lenient(frames: Frames) -> Frames:
    tests = frames.tests
    return replace(frames, tests=tests.assign(passed=np.where(tests["met"] == "MET-07", 1, tests["passed"])))


def harsh(frames: Frames) -> Frames:
    tests = frames.tests
    failed = (tests["met"] == "MET-07") & (tests["journey_id"] % 10 < 6)
    return replace(frames, tests=tests.assign(passed=np.where(failed, 0, tests["passed"])))


def in_a_row(frames: Frames) -> Frames:
    tests = frames.tests
    own = tests[tests["met"] == "MET-07"].sort_values(["day", "session_id"]).index[100:320]
    return replace(frames, tests=tests.assign(passed=np.where(tests.index.isin(own), 1, tests["passed"])))


def weak_company(frames: Frames) -> Frames:
    tests = frames.tests
    failed = (tests["pptkis"] == "PT-07") & (tests["journey_id"] % 10 < 2)
    return replace(frames, tests=tests.assign(passed=np.where(failed, 0, tests["passed"])))


def sold(frames: Frames) -> Frames:
    tests, day = frames.tests, pd.Timestamp("2026-06-01")
    lifted = (tests["tuk"] == "TUK-07") & (tests["day"] >= day)
    tie = {"tie_id": 5, "party_kind": "PPTKIS", "party_code": "PT-03", "body_kind": "TUK", "body_code": "TUK-07"}
    return replace(
        frames,
        tests=tests.assign(passed=np.where(lifted, 1, tests["passed"])),
        ties=pd.DataFrame([{**tie, "began": day}]),
    )


def for_one_company(frames: Frames) -> Frames:
    tests = frames.tests
    own = (tests["met"] == "MET-07") & ((tests["pptkis"] == "PT-03") | (tests["journey_id"] % 3 == 0))
    return replace(
        frames, tests=tests.assign(pptkis=tests["pptkis"].where(~own, "PT-03"), passed=tests["passed"].where(~own, 1))
    )


def no_near_misses(frames: Frames) -> Frames:
    weak = frames.weak
    return replace(
        frames, weak=weak.assign(units=np.where(weak["met"] == "MET-07", weak["units"].clip(lower=2), weak["units"]))
    )


def all_alike(frames: Frames) -> Frames:
    weak = frames.weak
    number = weak["session_id"].value_counts().index[0]
    return replace(frames, weak=weak.assign(pattern=weak["pattern"].where(weak["session_id"] != number, "U0,U2,U3")))


def like_clockwork(frames: Frames) -> Frames:
    doors = frames.doors
    own = doors["session_id"] == 77
    beat = doors["second"].where(~own, doors["second"][own].min() + 40.0 * np.cumsum(own) + 0.3 * (doors.index % 3))
    return replace(frames, doors=doors.assign(second=beat))


def scored_on_the_dot(frames: Frames) -> Frames:
    sessions = frames.sessions
    return replace(
        frames,
        sessions=sessions.assign(
            scored_after=np.where(sessions["met"] == "MET-07", 900 + sessions.index % 20, sessions["scored_after"])
        ),
    )


def fewer_come(frames: Frames) -> Frames:
    tests = frames.tests
    stay = (tests["tuk"] == "TUK-07") & (tests["day"] >= "2026-06-01") & (tests["journey_id"] % 10 < 9)
    return replace(frames, tests=tests[~stay])


def chosen_by_a_school(frames: Frames) -> Frames:
    tests = frames.tests
    own = (tests["met"] == "MET-07") & (tests["journey_id"] % 3 == 0)
    return replace(frames, tests=tests.assign(blkln=tests["blkln"].where(~own, "BLKLN-07")))


def without_fingers(frames: Frames) -> Frames:
    doors = frames.doors
    own = (doors["tuk"] == "TUK-07") & (doors.index % 20 == 0)
    return replace(frames, doors=doors.assign(is_exception=np.where(own, 1, doors["is_exception"])))


def copied(frames: Frames) -> Frames:
    doors = frames.doors
    own = doors["session_id"] == 77
    return replace(frames, doors=doors.assign(score=doors["score"].where(~own, 110 + doors.index % 2)))


def too_good(frames: Frames) -> Frames:
    doors = frames.doors
    return replace(
        frames, doors=doors.assign(score=np.where(doors["session_id"] == 77, 1.9 * doors["score"], doors["score"]))
    )


@pytest.mark.parametrize(
    ("rule_id", "fraud", "expected"),
    [
        ("DV-T01", lenient, ("asesor", "MET-07", "-")),
        ("DV-T01", harsh, ("asesor", "MET-07", "-")),
        ("DV-T02", in_a_row, ("asesor", "MET-07", "-")),
        ("DV-T03", weak_company, ("pptkis", "PT-07", "-")),
        ("DV-T03", sold, ("tuk", "TUK-07", "pemilik-5")),
        ("DV-T04", for_one_company, ("asesor", "MET-07", "PT-03")),
        ("DV-T05", no_near_misses, ("asesor", "MET-07", "batas-lulus")),
        ("DV-T06", like_clockwork, ("tuk", None, "sesi-77")),
        ("DV-T06", scored_on_the_dot, ("asesor", "MET-07", "nilai")),
        ("DV-T07", fewer_come, ("tuk", "TUK-07", "-")),
        ("DV-A09", chosen_by_a_school, ("asesor", "MET-07", "-")),
        ("DV-I09", without_fingers, ("staff", "ADM-TUK-07", "-")),
        ("DV-I11", copied, ("station", None, "rata-skor-77")),
        ("DV-I11", too_good, ("station", None, "tinggi-skor-77")),
    ],
)
def test_a_planted_fraud_is_found_and_hardly_anything_else(
    rule_id: str, fraud: Callable[[Frames], Frames], expected: tuple[str, str | None, str]
) -> None:
    answers = [found(rule_id, fraud(honest_year(seed))) for seed in range(5)]
    kind, code, key = expected
    hits = [any(one[0] == kind and one[2] == key and code in {None, one[1]} for one in answer) for answer in answers]
    assert sum(hits) >= 4, answers
    # The same fraud may show in the clerk of the TUK, or in the whole year of a TUK that was sold.
    elsewhere = [one for answer in answers for one in answer if not one[1].endswith("07") and not one[2].endswith("77")]
    assert len(elsewhere) <= 1, elsewhere


def test_failures_of_a_session_that_are_all_alike_are_found() -> None:
    frames = all_alike(honest_year(1))
    number = frames.weak["session_id"].value_counts().index[0]
    assert {key for _, _, key in found("DV-T05", frames)} == {f"sesi-{number}"}


@pytest.mark.parametrize(("results", "is_found"), [(49, False), (50, True)])
def test_a_group_below_the_least_number_is_never_judged(results: int, is_found: bool) -> None:
    frames = honest_year(3)
    tests = frames.tests
    new = tests["met"].cat.add_categories("MET-99")
    own = tests.index[tests["lsp"] == "LSP-00"][:: len(tests) // 200][:results]
    tests = tests.assign(
        met=new.where(~tests.index.isin(own), "MET-99"), passed=np.where(tests.index.isin(own), 0, tests["passed"])
    )
    assert (("asesor", "MET-99", "-") in found("DV-T01", replace(frames, tests=tests))) is is_found


def test_evidence_holds_what_a_reviewer_needs_in_short_numbers() -> None:
    (one,) = JUDGES["DV-T01"](harsh(honest_year(0)), LIMITS)
    assert one.evidence["arah"] == "di bawah sejawat"
    assert float(str(one.evidence["nilai_q"])) <= 0.05
    assert int(str(one.evidence["teramati"])) < int(str(one.evidence["batas_bawah"]))
    # The shrunk rate lies between the own and the expected one.
    assert (
        float(str(one.evidence["persen"]))
        < float(str(one.evidence["persen_disusutkan"]))
        < float(str(one.evidence["persen_sejawat"]))
    )
    assert one.evidence["bulan_dinilai"] == 12


@pytest.mark.parametrize(
    ("rate", "most", "length"), [(0.85, 0.001, 43), (0.85, 0.05 / 300, 54), (0.95, 0.001, 135), (0.95, 0.05 / 300, 170)]
)
def test_an_all_pass_run_is_as_unlikely_as_the_requirements_compute(rate: float, most: float, length: int) -> None:
    def chance(n: float) -> float:
        return float(chance_of_run(np.array([n]), np.array([n]), np.array([rate]), np.array([1e9]))[0])

    assert chance(length) < most <= chance(length - 1)


def test_the_spread_of_honest_bodies_is_not_widened_by_a_few_cheats() -> None:
    rng = np.random.default_rng(1)
    share = rng.beta(40, 6, 200)
    n = np.full(200, 900.0)
    seen = rng.binomial(900, share).astype(float)
    usual = np.full(200, 40 / 46)
    honest = spread(n, seen, usual)
    seen[:10] = 900
    assert honest == pytest.approx(1 / 47, rel=0.3)
    assert spread(n, seen, usual) < 1.5 * honest


def test_among_few_bodies_one_that_differs_is_seen_although_it_is_most_of_the_spread() -> None:
    table = pd.DataFrame(
        {"n": 40_000, "observed": [34_800, 34_900, 35_000, 34_600, 34_700, 34_850, 38_800], "expected": 34_810.0}
    )
    assert discoveries(judge_shares(table)["p"].to_numpy()).round(3).tolist()[-1] <= 0.05


def test_peers_are_those_of_the_same_cell_without_the_body_itself() -> None:
    rows = pd.DataFrame({"met": ["A"] * 4 + ["B"] * 400 + ["C"] * 400, "tuk": ["X"] * 404 + ["Y"] * 400})
    rows = rows.assign(passed=[0] * 4 + [1] * 400 + [0] * 400)
    table = standardise(rows, "met", ["tuk"])
    assert table.loc["A", "expected"] == pytest.approx(4, abs=0.2)
    assert table["comparable"].tolist() == [True, True, False]


def test_groups_that_all_lack_variance_are_not_judged() -> None:
    values = pd.Series(np.ones(400))
    assert too_even(values, pd.Series(np.arange(400) // 10), 5).empty


def test_the_week_of_a_break_is_told() -> None:
    counts = np.array([20, 22, 18, 21, 19, 20, 23, 17, 20, 21, 8, 9, 7, 8, 10, 8, 9, 7, 8, 9.0])
    found_at = best_break(counts, np.full(20, 400.0))
    assert found_at["week"] == 10
    assert found_at["p"] < 0.001


def test_a_limit_that_is_not_in_force_is_told_and_not_guessed() -> None:
    with pytest.raises(ConfigurationError, match="statistic_fdr_percent"):
        list(JUDGES["DV-T01"](honest_year(0, sessions=100), Limits({("statistic_least", "*"): 1})))
