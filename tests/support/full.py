"""A world in which every page has something to act on: packages, an exam day, results, certificates, cases, appeals, a meeting."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.fraud.small_world import EXAM_ON
from posko.services import appeals, cases, distribution, evaluation, intake, registration, surveillance
from tests.services.test_duplicates import match, record
from tests.support.assessed import assessed
from tests.support.decided import decided, deviation, number_of, publish, send_back
from tests.support.exam import GOOD, exam_day
from tests.support.preparation import place, registered, released, returned

if TYPE_CHECKING:
    from tests.support.world import World

FAR = {"lsp": "LSP-2", "tuk": "TUK-3", "met": "MET.3"}


def fill_all(world: World) -> dict[str, Any]:
    """Fill a world and return the numbers by which its pages show one thing: case, appeal, certificate, meeting."""
    _preparation(world)
    _results(world)
    found = {**_evaluation(world), "session": _exam(world)}
    world.add_tki("1", nama="NURUL KOMARIAH")
    world.add_tki("2", nama="SITI AMINAH")
    record(world, match())
    return found


def _preparation(world: World) -> None:
    """Leave TKI registered, placed, sent and unbalanced, sent, and packages to receive."""
    released(world, "200", "201")
    batch_id = returned(world, "100", "101")
    world.write(
        "update posko.allocation_return set is_whole = 0, allocated_count = allocated_count + 1 where batch_id = :id",
        id=batch_id,
    )
    world.now += dt.timedelta(minutes=1)
    world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    returned(world, "110", "111")
    for journey_id in registered(world, "300", "301"):
        place(world, journey_id)
    (paid, *_) = registered(world, "310", "311")
    world.desk("KO1").do(registration.set_payment, journey_id=paid, payment_status="LUNAS")
    world.add_tki("320")
    world.desk(None).do(intake.send_eligible)


def _exam(world: World) -> int:
    """Leave a day drawn for a visit, under way with one who was not recognised, a session to score, and one scored; return the first."""
    day = exam_day(world, "T1", "T2", "T3", met="MET.2", slot=2)
    world.at(EXAM_ON, 8)
    world.desk("BN1").do(surveillance.draw, week=EXAM_ON.isoformat())
    day.open()
    day.scan("T1")
    world.matcher.misses["T2"] = 99
    day.scan("T2")
    to_score = exam_day(world, "T4", "T5", met="MET.2", slot=3)
    scored = exam_day(world, "T6", "T7", met="MET.2", slot=4)
    for one, present in ((to_score, ("T4", "T5")), (scored, ("T6", "T7"))):
        one.open()
        for tki_id in present:
            one.scan(tki_id)
        one.verify("AS2")
        one.end()
        one.release()
    scored.score({"T6": GOOD, "T7": GOOD}, "AS2")
    return day.session_id


def _results(world: World) -> None:
    """Leave results of one session to decide."""
    assessed(world, ["400", "401"])


def _evaluation(world: World) -> dict[str, Any]:
    """Leave certificates published, results in an open meeting and results to come, a case, findings in no case, and an appeal."""
    published = decided(world, "500", **FAR)
    publish(world, published)
    send_back(world)
    held = decided(world, "510", **FAR)
    desk = world.desk("BN1")
    meeting_id = desk.do(evaluation.open_meeting, held_on=world.now.date(), place="Jakarta", journey_ids=[held])
    ready = decided(world, "520", **FAR)
    evaluated = desk.do(evaluation.open_meeting, held_on=world.now.date(), place="Medan", journey_ids=[ready])
    desk.do(evaluation.note_participants, meeting_id=evaluated, person_ids=["BN1", "LS2"])
    desk.do(evaluation.close_minutes, meeting_id=evaluated, minutes="Semua hasil dibahas.")
    decided(world, "530", **FAR)
    found = deviation(world, published)
    case_id = desk.do(cases.open_case, deviation_ids=[found], title="Putusan menyimpang")
    deviation(world, held)
    appeal_id = desk.do(appeals.record, kind="COMPLAINT", grounds="Asesor terlambat")
    return {
        "appeal": appeal_id,
        "case": case_id,
        "meeting": meeting_id,
        "duplicate": 1,
        "certificate": number_of(published),
        "journey": published,
    }
