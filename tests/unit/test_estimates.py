"""What a count of few says about many: Wilson's interval as scipy computes it, quantiles, who stands out, shrinking (§14.2; R-162)."""

from math import inf
from statistics import median

import pytest
from scipy.stats import betabinom, binomtest

from posko.domain.estimates import Prior, Standing, prior, quantile, shrunk, standing, wilson


@pytest.mark.parametrize(
    ("part", "whole"), [(0, 1), (1, 1), (3, 7), (0, 40), (40, 40), (19, 20), (899, 1025), (1, 100_000)]
)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
def test_the_interval_is_the_one_that_scipy_computes(part: int, whole: int, level: float) -> None:
    expected = binomtest(part, whole).proportion_ci(level, method="wilson")
    assert wilson(part, whole, level) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_of_nothing_everything_is_plausible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3)])
def test_what_is_no_part_of_the_whole_has_no_interval(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(part, whole)


def test_fewer_than_the_least_are_never_judged_however_bad() -> None:
    assert standing(0, 19, 0.9, 20) is Standing.TOO_FEW
    assert standing(0, 20, 0.9, 20) is Standing.BELOW
    assert standing(0, 0, 0.9, 0) is Standing.TOO_FEW


def test_only_what_chance_hardly_makes_stands_out() -> None:
    # 14 of 20 where nine of ten pass is outside 95 %, but among a hundred bodies it is nothing unusual.
    assert wilson(14, 20)[1] < 0.9
    assert standing(14, 20, 0.9, 20) is Standing.USUAL
    assert standing(300, 400, 0.9, 20) is Standing.BELOW
    assert standing(400, 400, 0.9, 20) is Standing.ABOVE


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [
        ({}, 0.5, None), ({5: 0}, 0.5, None), ({3: 1}, 0.9, 3), ({1: 5, 2: 5}, 0.5, 1), ({1: 4, 2: 6}, 0.5, 2), ({0: 9, 48: 1}, 0.9, 0),
        ({0: 8, 48: 2}, 0.9, 48),
    ],
)  # fmt: skip
def test_a_quantile_is_the_value_up_to_which_that_share_lies(
    counts: dict[int, int], share: float, expected: int | None
) -> None:
    assert quantile(counts, share) == expected


@pytest.mark.parametrize("weight", [5, 20, 80])
def test_the_prior_finds_the_weight_by_which_bodies_were_drawn(weight: int) -> None:
    sizes = [20 + 7 * (number % 30) for number in range(600)]
    bodies = betabinom(sizes, 0.85 * weight, 0.15 * weight)
    drawn = [bodies.rvs(size=600, random_state=seed) for seed in range(15)]

    found = [prior(zip(map(int, parts), sizes, strict=True)) for parts in drawn]

    assert all(one.share == pytest.approx(0.85, abs=0.03) for one in found)
    assert median(one.weight for one in found) == pytest.approx(weight, rel=0.1)


@pytest.mark.parametrize("counts", [[], [(0, 0)], [(3, 4)], [(5, 5), (9, 9)], [(0, 7)], [(17, 20), (17, 20), (17, 20)]])
def test_where_nothing_differs_beyond_chance_everybody_is_drawn_to_the_common_share(
    counts: list[tuple[int, int]],
) -> None:
    found = prior(counts)
    whole = sum(size for _, size in counts)

    assert found == Prior(sum(part for part, _ in counts) / whole if whole else 0.0, inf)
    assert all(shrunk(part, size, found) == found.share for part, size in counts)


def test_the_fewer_results_the_more_a_share_is_drawn_to_its_peers() -> None:
    before = Prior(0.8, 20.0)

    assert [round(shrunk(0, size, before), 3) for size in (0, 1, 20, 2000)] == [0.8, 0.762, 0.4, 0.008]
    assert shrunk(7, 10, Prior(0.8, 0.0)) == pytest.approx(0.7)
