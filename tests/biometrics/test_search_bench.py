"""`posko finger bench search` measures the search itself, and says how sure its shares are."""

from __future__ import annotations

import pytest

from apps.bench import finger_search
from apps.bench.finger_gallery import enrolled, gallery
from apps.bench.installation import Installation


def test_the_bounds_of_a_share_are_those_of_clopper_and_pearson():
    low, high = finger_search.bounds(0, 100)
    assert (low, high) == (0, pytest.approx(1 - 0.025 ** (1 / 100)))
    low, high = finger_search.bounds(100, 100)
    assert (low, high) == (pytest.approx(0.025 ** (1 / 100)), 1)
    low, high = finger_search.bounds(8, 10)
    assert (low, high) == (pytest.approx(0.4439, abs=1e-4), pytest.approx(0.9748, abs=1e-4))


def test_a_gallery_is_made_once_and_read_again_as_it_was(tmp_path):
    said = []

    first = gallery(12, tmp_path, said.append)
    again = gallery(12, tmp_path, said.append)

    assert first == again == [enrolled(number).data for number in range(12)]
    assert len(set(first)) == 12
    assert len(said) == len(list(tmp_path.iterdir())) == 1


@pytest.mark.server
def test_the_bench_finds_true_mates_in_a_small_gallery_and_tells_what_it_measured(clean_posko, settings, tmp_path):
    report = finger_search.measure(Installation(settings), templates=120, probes=15, timed=4, cache=tmp_path)

    told = report.as_dict()
    assert (told["recall_usual"]["probes"], told["recall_usual"]["hits"]) == (15, 15)
    assert (told["query_usual"]["timed"], told["query_hard"]["timed"]) == (4, 4)
    assert told["query_usual"]["alerts"] >= 3
    assert sum(line.holds is not None for line in report.lines) == 4
    assert any("bukan ketelitian di lapangan" in remark for remark in report.remarks)
