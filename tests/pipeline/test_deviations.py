"""Every rule finds what was planted for it in a small simulated year, spares the near misses, and finds nothing where nobody cheats.

The statistical rules need more people than a test can afford: `posko deviations evaluate` measures them at 300,000 TKI, and their own tests
on frames (tests/unit). The year has servers of its own, because it is made twice and empties them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from apps.fraud.evaluate import STATISTICAL, Evaluation, judge_honest, judge_planted, try_prevented, unplanted
from apps.fraud.year import Year
from posko.db.engine import posko_server, source_server
from posko.db.server import private_server
from posko.domain.rules import NOT_JUDGED, RULES
from posko.settings import Settings
from tests.support.place import roomy_folder

pytestmark = pytest.mark.pipeline

TKI, EACH = 2_500, 2
CERTAIN = [rule_id for rule_id, rule in RULES.items() if rule_id not in STATISTICAL and rule.judged_by != NOT_JUDGED]


@pytest.fixture(scope="module")
def year(settings: Settings) -> Iterator[Year]:
    """Servers for a year, empty."""
    with tempfile.TemporaryDirectory(prefix="posko-tahun-", dir=roomy_folder()) as folder:
        Path(folder).chmod(0o755)
        own = settings.model_copy(update={"var_dir": Path(folder) / "var"})
        made = Year(source_server(own), posko_server(own), own, seed=3)
        yield made
        made.close()
        for name in ("posko", "bnp2tki"):
            private_server(own, name).destroy()


@pytest.fixture(scope="module")
def judged(year: Year) -> Evaluation:
    """The year judged while honest, made again with frauds, judged again."""
    done = Evaluation(TKI, year.seed, EACH)
    year.make(TKI)
    judge_honest(year, done)
    year.again(TKI, cheats=1)
    judge_planted(year, done)
    try_prevented(year, done)
    return done


def test_every_judged_rule_has_a_planter_or_an_attempt() -> None:
    assert unplanted() == []


@pytest.mark.parametrize("rule_id", CERTAIN)
def test_a_rule_finds_all_that_was_planted_for_it(judged: Evaluation, rule_id: str) -> None:
    verdict = judged.of(rule_id)
    assert verdict.problem is None
    assert verdict.planted
    assert verdict.planted <= verdict.found, f"missed: {sorted(verdict.planted - verdict.found)}"


@pytest.mark.parametrize("rule_id", CERTAIN)
def test_a_rule_spares_near_misses_and_honest_rows(judged: Evaluation, rule_id: str) -> None:
    verdict = judged.of(rule_id)
    assert verdict.near & verdict.found == set()
    assert verdict.false == set()


def test_every_rule_has_near_misses(judged: Evaluation) -> None:
    assert [rule_id for rule_id in CERTAIN if not judged.of(rule_id).near] == []


def test_no_row_of_the_year_is_handed_out_twice(judged: Evaluation, year: Year) -> None:
    with year.admin() as db:
        ground = year.ground(db)
        single, whole = ground.journeys(40), ground.sessions(10)
        more = ground.journeys(40)
    ids = [row["journey_id"] for row in [*single, *more]]
    assert len(set(ids)) == len(ids)
    assert not {row["session_id"] for row in [*single, *more]} & {row["session_id"] for row in whole}


def test_numbers_of_the_year_are_those_of_the_services(judged: Evaluation, year: Year) -> None:
    # What is handed over is hashed in SQL: the signature check, which hashes in Python, must agree.
    assert not judged.of("DV-C05").false
    with year.admin() as db:
        made = int(db.scalar(sa.text("select count(*) from posko.certificate")))
        numbered = sa.text("select count(*) from posko.certificate where right(certificate_no, 7) > :most")
        assert made > TKI / 2
        assert int(db.scalar(numbered, {"most": made + 10 * EACH})) <= 10 * EACH


def test_namesakes_share_name_place_and_day_and_a_name_that_only_sounds_alike_is_none(
    year: Year, judged: Evaluation
) -> None:
    alike = """update posko_staging.tki_tlrt set nama = :name, tempat_lahir = 'BATU', tanggal_lahir_date = '1990-02-03'
        where id_tki = :tki"""
    before = year.namesakes()
    with year.admin() as db:
        ids = db.scalars(sa.text("select id_tki from posko_staging.tki_tlrt order by id_tki limit 3")).all()
        for tki_id, name in zip(ids, ("LINA BT KADIR", "LINA KADIR", "LENA KADIR"), strict=True):
            db.execute(sa.text(alike), {"tki": tki_id, "name": name})
        db.commit()
    assert year.namesakes() - before == set(ids[:2])
