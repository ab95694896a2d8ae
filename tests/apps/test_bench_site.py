"""The benches of the public site and of the public verification measure what they say (§14.1, §14.3)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.bench import exports_public, exports_site
from apps.bench.installation import Installation
from exports.site_reader import look_up, site_words

pytestmark = pytest.mark.server


@pytest.fixture
def made(clean_posko, settings, tmp_path):
    """The session's own server as an installation, with a site of its own."""
    return Installation(settings.model_copy(update={"public_site_dir": tmp_path / "situs"}))


def test_every_result_is_on_the_site_and_one_per_cent_more_writes_few_files(made):
    lines, told = exports_site.measure_site(made, 400)

    assert (told["site_results"], told["site_more"], told["site_again_is_new"]) == (400, 4, False)
    assert told["site_files"] > 600
    assert told["site_more_files"] <= 4 * 2 + 5
    whole, _, more, *_ = lines
    assert more.base == pytest.approx(2 * whole.measured / 100 + 1)
    public = made.settings.site / "aktif"
    (row,) = look_up(public, site_words(public)["garam"], "9000404", dt.date(1980, 1, 1) + dt.timedelta(404))
    assert row[1] == "KOMPETEN"


def test_each_answer_of_the_public_verification_is_the_expected_one(made, monkeypatch):
    monkeypatch.setattr(exports_public, "WARM", 0.1)
    monkeypatch.setattr(exports_public, "CERTIFICATES", 50)

    lines, told = exports_public.measure_public(made, 0.5)

    rate, p95, _ = lines
    assert told["public_strange"] == 0
    assert told["public_answers"] > 20
    assert rate.measured == pytest.approx(told["public_answers"] / 0.5, rel=0.5)
    assert (rate.base, rate.at_least, p95.base) == (300, 1.0, 50.0)
    assert p95.measured >= 20
