"""An exam day with the real matcher: every sign-in, assessor and candidate is a finger compared with enrolled templates (§13.1-13.7)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from apps.demo.cast import Cast
from apps.demo.fates import Fates
from apps.demo.finish import finish
from apps.demo.hands import SyntheticHands
from apps.demo.play import Play
from apps.pipeline.run import Pipeline
from apps.simulated_prints import SimulatedPrints, owners_in
from biometrics.import_prints import import_prints
from biometrics.nbis_matcher import NbisMatcher
from biometrics.vault import Vault
from ingest.simulator import simulate
from posko.services import ledger
from tests.conftest import SourceServer, empty_posko, empty_source
from tests.pipeline.conftest import fill_register

pytestmark = pytest.mark.server

TKI, PEOPLE = 400, 60
FATES = Fates(seed=3, absent=50, impostor=80, trouble=150)


@pytest.fixture(scope="module")
def played(settings, posko, _source: SourceServer, tmp_path_factory) -> Iterator[Play]:
    """One exam day of 60 candidates, some of whom send somebody else."""
    empty_source(_source)
    empty_posko(posko)
    faults = tmp_path_factory.mktemp("prints") / "faults.jsonl"
    with closing(_source.connect()) as connection:
        simulate(connection, tki=TKI, seed=5, readable=SimulatedPrints(), fault_file=faults)
    fill_register(_source, posko)
    Pipeline(_source.server, posko, settings).run()
    engine = posko.engine("posko_app", "posko")
    start = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    hands = partial(SyntheticHands, settings=settings, owners=owners_in(faults))
    play = Play(Cast.of(settings, engine, hands, start), FATES)
    import_prints(play.cast.office, Vault.of(settings), NbisMatcher(), settings)
    play.prepare(people=PEOPLE)
    for day in play.exam_days():
        play.exam_day(day)
    yield play
    engine.dispose()


def test_whoever_comes_herself_is_present_and_whoever_sends_another_is_turned_away(played: Play) -> None:
    seen = {
        row["id_as_typed"]: row["outcome"]
        for row in played.ask("select id_as_typed, outcome from posko.attendance where outcome <> 'ABSENT'")
    }
    wanted = {
        tki_id: "TURNED_AWAY_NO_MATCH" if FATES.is_impostor(tki_id, 1) else "PRESENT"
        for tki_id in seen
        if seen[tki_id] != "TURNED_AWAY_NOT_REGISTERED"
    }

    assert len(seen) > 40
    assert {tki_id: seen[tki_id] for tki_id in wanted} == wanted
    assert set(wanted.values()) == {"PRESENT", "TURNED_AWAY_NO_MATCH"}


def test_every_presence_has_a_stored_comparison_over_its_threshold(played: Play) -> None:
    rows = played.ask(
        "select attendance.score, attendance.threshold, attempt.outcome, attempt.score as compared, attempt.sample_sha256"
        " from posko.attendance as attendance left join posko.finger_attempt as attempt on attempt.proof_id = attendance.proof_id"
        " where attendance.outcome = 'PRESENT'"
    )

    assert all(row["outcome"] == "MATCH" and row["score"] == row["compared"] >= row["threshold"] for row in rows)
    assert len({row["sample_sha256"] for row in rows}) == len(rows) > 40


def test_staff_signed_in_and_assessors_were_verified_with_their_own_fingers(played: Play) -> None:
    purposes = {
        row["purpose"]
        for row in played.ask(
            "select distinct purpose from posko.finger_attempt where outcome = 'MATCH' and person_kind = 'STAFF'"
        )
    }

    assert purposes >= {"LOGIN", "ENROL", "SECOND_PERSON", "VERIFY_ASESOR", "SCORE"}


def test_the_ledger_closes_with_real_fingers_too(played: Play) -> None:
    with played.cast.office.engine.connect() as db:
        report = ledger.check(db)

    assert [problem.sentence for problem in report.problems] == []


def test_the_demo_leaves_certificates_a_package_and_a_summary_to_look_at(played: Play, settings) -> None:
    left = finish(played, settings)
    again = finish(played, settings)

    assert left.certificates.read_bytes().startswith(b"%PDF")
    assert left.certificates.stat().st_mode & 0o077 == 0
    assert left.package.read_bytes().startswith(b"age-encryption.org/v1")
    assert json.loads(left.returns.read_text("utf-8")) == {"sendings": [], "confirmations": {}, "fake_numbers": 0}
    assert left.site is None
    assert again.certificates != left.certificates
    assert [where for what, where in again.lines() if "paket" in what] == ["belum ada yang baru"]
