"""Evaluasi, §14.1-14.5: meeting, publication, return to BNP2TKI, both endings, and what comes after them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from apps.demo.again import book_again, retake
from apps.demo.cast import FIRST, THIRD
from posko.services import (
    as_of,
    certificate_status,
    evaluation,
    ledger,
    publication,
    returns,
)

if TYPE_CHECKING:
    from tests.journey.conftest import Story

pytestmark = pytest.mark.pipeline


def test_14_2_the_meeting_comes_first_and_holds_back_what_it_must(story: Story) -> None:
    day = story.place["day"] + dt.timedelta(days=1)
    story.cast.clock.go_to(day, 9)
    story.refuses("NotPermitted", story.konsorsium(), evaluation.open_meeting, held_on=day, place="Jakarta")
    meeting = story.numbers["meeting"] = story.bnsp().do(evaluation.open_meeting, held_on=day, place="Jakarta")
    story.refuses("MINUTES_OPEN", story.cast.system, publication.publish, meeting_id=meeting)
    closing_words = {"meeting_id": meeting, "minutes": "Hasil dibahas."}
    story.refuses("NOBODY_PRESENT", story.bnsp(), evaluation.close_minutes, **closing_words)
    story.bnsp().do(evaluation.note_participants, meeting_id=meeting, person_ids=[THIRD])
    story.refuses("ORGANISATION_MISSING", story.bnsp(), evaluation.close_minutes, **closing_words)
    story.bnsp().do(evaluation.note_participants, meeting_id=meeting, person_ids=[f"ADM-{story.place['lsp']}"])
    held = {"meeting_id": meeting, "journey_id": story.journey_id("held")}
    story.refuses("TEXT_EMPTY", story.bnsp(), evaluation.hold, **held, reason="")
    story.bnsp().do(evaluation.hold, **held, reason="Berkas diperiksa ulang")
    done = story.bnsp().do(evaluation.close_minutes, **closing_words)

    assert (done["evaluated"], done["held"]) == (2, 1)
    assert story.status("held") == "ON_HOLD"
    assert story.status("passes") == story.status("fails") == "EVALUATED"
    story.refuses("MEETING_CLOSED", story.bnsp(), evaluation.close_minutes, **closing_words)


def test_14_1_pass_and_fail_are_published_with_the_least_data(story: Story) -> None:
    assert story.cast.system.do(publication.publish, meeting_id=story.numbers["meeting"])["published"] == 2
    assert story.status("passes") == story.status("fails") == "PUBLISHED"
    (passed,) = story.public().do(publication.search, text=story.tki["passes"])
    (failed,) = story.public().do(publication.search, text=story.tki["fails"])
    name = story.value("select full_name from posko.candidate where tki_id = :id", id=story.tki["passes"])

    assert (passed["result"], failed["result"]) == ("KOMPETEN", "BELUM")
    assert passed["certificate_no"] == story.certificates[story.tki["passes"]]
    assert name not in json.dumps(passed, default=str)
    assert story.public().do(publication.search, text=story.tki["held"]) == []


def test_14_3_the_results_are_sent_to_bnp2tki(story: Story) -> None:
    made = story.cast.system.do(returns.make_return)
    story.numbers["return"] = made["return_batch_id"]

    assert made["rows"] == 2
    assert story.status("passes") == story.status("fails") == "SENT_TO_BNP2TKI"
    assert story.cast.system.do(returns.make_return)["rows"] == 0


def test_14_4_they_travel_over_two_legs_each_with_its_receipt(story: Story) -> None:
    number = {"return_batch_id": story.numbers["return"]}
    story.refuses("NOT_RELAYED", story.cast.system, returns.read_back_from_staging, **number)
    assert story.play.give_back() == 2
    legs = story.play.ask(
        "select hop, loaded_at is not null as arrived from posko.handoff_batch"
        " where hop in ('BNSP_TO_RELAY', 'RELAY_TO_BNP2TKI') order by batch_id"
    )

    assert [(leg["hop"], leg["arrived"]) for leg in legs] == [("BNSP_TO_RELAY", 1), ("RELAY_TO_BNP2TKI", 0)]


def test_14_5_bnp2tkis_update_read_back_closes_both_endings(story: Story) -> None:
    number = {"return_batch_id": story.numbers["return"]}
    early = story.cast.system.do(returns.read_back_from_staging, **number)
    assert early["closed"] == 0
    known = story.answer().taken_over
    story.run_pipeline()
    done = story.cast.system.do(returns.read_back_from_staging, **number)

    assert known == done["closed"] == 2
    assert story.status("passes") == story.status("fails") == "CLOSED"
    story.refuses("RETURN_COMPLETE", story.cast.system, returns.read_back_from_staging, **number)


def test_who_was_away_or_failed_gets_another_attempt_and_a_hold_ends(story: Story) -> None:
    assert book_again(story.play) == 2
    assert retake(story.play) == 1
    for day in story.play.exam_days():
        story.play.exam_day(day)
    story.play.evaluate(story.play.today() + dt.timedelta(days=1), hold=False)
    story.play.give_back()
    story.answer()
    story.run_pipeline()
    story.play.close()

    assert story.statuses() == {"CLOSED"}
    attempts = {
        who: story.value("select max(attempt_no) as n from posko.journey where tki_id = :id", id=tki)
        for who, tki in story.tki.items()
    }
    assert attempts == {"passes": 1, "fails": 1, "absent": 2, "impostor": 2, "held": 1}
    numbers = story.value("select count(*) as n from posko.certificate")
    assert numbers == len(story.tki)


def test_a_revoked_certificate_is_revoked_everywhere(story: Story) -> None:
    number = story.certificates[story.tki["held"]]
    story.bnsp().do(
        certificate_status.revoke,
        certificate_no=number,
        reason="Terbukti joki",
        decree_no="SK-7",
        second=story.cast.second(FIRST),
    )
    story.cast.system.do(publication.refresh)
    again = story.cast.system.do(returns.make_return)
    (shown,) = story.public().do(publication.search, text=story.tki["held"])

    assert again["rows"] == 1
    assert shown["certificate_status"] == "REVOKED"


def test_the_ledger_closes_to_zero_and_the_events_tell_the_same_as_the_tables(story: Story) -> None:
    with story.cast.office.engine.connect() as db:
        report = ledger.check(db)
        assert [problem.sentence for problem in report.problems] == []
        assert report.totals.unexplained == 0
        assert as_of.compare_with_tables(db) == []
        (closed,) = as_of.journey_at(db, story.tki["passes"], story.cast.clock.now)
        (tested,) = as_of.journey_at(db, story.tki["passes"], story.tested_at)
    assert (closed.state.status, tested.state.status) == ("CLOSED", "TESTED")
