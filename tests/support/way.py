"""The whole way in code, from BNP2TKI's row to BNP2TKI's update, act by act, for a few TKI with fates of their own (§12.1-14.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from apps.fraud.small_world import EXAM_ON
from posko.domain.proof import Purpose
from posko.services import (
    allocation,
    allocation_withdrawal,
    asesor_check,
    assessment,
    attendance,
    certificate_status,
    decision,
    distribution,
    evaluation,
    exam_session,
    intake,
    proposals,
    publication,
    registration,
    results,
    returns,
    scheduling,
)
from tests.support.world import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.world import World

DOORS = {"TUK-1": ("TU1", "ST-1"), "TUK-2": ("TU2", "ST-2")}
STAFF_OF = {"LSP-1": "LS1", "LSP-2": "LS2", **{code: who for code, (who, _) in DOORS.items()}}
ASESOR_OF = {"MET.1": "AS1", "MET.2": "AS2", "MET.3": "AS3"}


def to_konsorsium(world: World, *tki_ids: str) -> None:
    """Hand the eligible to the Konsorsium and register these (§12.1-12.5)."""
    world.desk(None).do(intake.send_eligible)
    world.desk("KO1").do(registration.register_many, tki_ids=list(tki_ids))


def allocate(world: World) -> int:
    """Accept the proposals and send the allocation; return its batch (§12.5-12.6)."""
    world.desk("KO1").do(proposals.accept)
    return int(world.desk("KO1").do(allocation.send_allocation)["batch_id"])


def send_again(world: World, batch_id: int) -> int:
    """Let BNSP find the allocation unbalanced, the Konsorsium withdraw it, and send it again; return the new batch (§12.6-12.8)."""
    wrong = (
        "update posko.allocation_return set is_whole = 0, allocated_count = allocated_count + 1 where batch_id = :id"
    )
    world.write(wrong, id=batch_id)
    world.now += dt.timedelta(minutes=1)
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    if checked["is_complete"]:
        raise AssertionError("a batch with a wrong count was found balanced")
    world.desk("KO1").do(allocation_withdrawal.withdraw, batch_id=batch_id, reason="Jumlahnya salah")
    return int(world.desk("KO1").do(allocation.send_allocation)["batch_id"])


def distribute(world: World, batch_id: int) -> None:
    """Balance, split, and acknowledge everywhere (§12.7-12.11)."""
    checked = world.desk("BN1").do(distribution.check_balance, batch_id=batch_id)
    made = world.desk("BN1").do(distribution.release, balance_check_id=checked["balance_check_id"])
    for part in made["batches"]:
        world.desk(STAFF_OF[part["receiver_code"]]).do(distribution.acknowledge, batch_id=part["batch_id"])


def sessions(world: World) -> list[Any]:
    """Return number, TUK and MET of every session not yet held."""
    return world.ask(
        "select session_id, tuk_code, met_no from posko.exam_session where status = 'PLANNED' order by session_id"
    )


def hold(world: World, session: Any, fates: Mapping[str, str], day: dt.date = EXAM_ON) -> None:
    """Hold one session up to the scores: `ABSENT` stays away, `IMPOSTOR` is turned away, `BK` fails (§13.1-13.8)."""
    number, tuk, met_no = session
    (who, station), asesor = DOORS[tuk], ASESOR_OF[met_no]
    world.at(day, 8)
    door = world.desk(who)
    door.do(exam_session.open_day, session_id=number)
    finger = world.proof("STAFF", asesor, Purpose.VERIFY_ASESOR, station)
    door.do(asesor_check.verify_asesor, session_id=number, proof=finger)
    on_list = world.ask(
        "select journey.tki_id from posko.allocation join posko.journey using (journey_id, attempt_no)"
        " where session_id = :id order by tki_id",
        id=number,
    )
    for (tki_id,) in on_list:
        _arrive(world, number, tki_id, fates.get(tki_id, "K"), who, station)
    if door.do(exam_session.end_session, session_id=number)["tested"]:
        door.do(exam_session.open_scoring, session_id=number)
        score(world, session, fates)


def _arrive(world: World, session_id: int, tki_id: str, fate: str, who: str, station: str) -> None:
    if fate == "ABSENT":
        return
    world.matcher.misses[tki_id] = 99 if fate == "IMPOSTOR" else 0
    seen = "TRY_AGAIN"
    while seen == "TRY_AGAIN":
        finger = world.proof("TKI", tki_id, Purpose.ATTEND, station)
        seen = world.desk(who).do(attendance.record_attendance, session_id=session_id, tki_id=tki_id, proof=finger)[
            "outcome"
        ]
    world.matcher.misses[tki_id] = 0


def score(world: World, session: Any, fates: Mapping[str, str]) -> None:
    """Score everybody who was tested (§13.7)."""
    number, tuk, met_no = session
    tested = world.ask(
        "select journey.journey_id, tki_id from posko.allocation join posko.journey using (journey_id, attempt_no)"
        " where session_id = :id and status = 'TESTED'",
        id=number,
    )
    scores = {
        journey_id: dict.fromkeys(UNITS, "BK" if fates.get(tki_id) == "BK" else "K") for journey_id, tki_id in tested
    }
    asesor, station = ASESOR_OF[met_no], DOORS[tuk][1]
    finger = world.proof("STAFF", asesor, Purpose.SCORE, station)
    world.desk(asesor).do(assessment.score, session_id=number, scores=scores, proof=finger)


def decide(world: World) -> None:
    """Let every LSP receive and decide what is scored (§13.9-13.14)."""
    scored = world.ask(
        "select session_id, lsp_code from posko.exam_session where status = 'SCORED' order by session_id"
    )
    for number, lsp in scored:
        world.desk(STAFF_OF[lsp]).do(results.receive_results, session_id=number)
        world.desk(STAFF_OF[lsp]).do(decision.decide, session_id=number, sk_no=f"SK/{number}")


def evaluate(world: World, day: dt.date, *held: str) -> None:
    """Hold the meeting, hold these back, publish the rest (§14.1-14.2)."""
    world.at(day)
    desk = world.desk("BN1")
    meeting = desk.do(evaluation.open_meeting, held_on=day, place="Jakarta")
    desk.do(evaluation.note_participants, meeting_id=meeting, person_ids=["BN1", "LS1", "LS2"])
    for tki_id in held:
        desk.do(evaluation.hold, meeting_id=meeting, journey_id=world.journey_id(tki_id), reason="Diperiksa ulang")
    desk.do(evaluation.close_minutes, meeting_id=meeting, minutes="Semua hasil dibahas.")
    world.desk(None).do(publication.publish, meeting_id=meeting)


def send_back(world: World) -> int:
    """Return what is published on both legs; return the return's number (§14.3-14.4)."""
    made = world.desk(None).do(returns.make_return)
    world.desk(None).do(returns.relay, return_batch_id=made["return_batch_id"])
    return int(made["return_batch_id"])


def close(world: World, return_batch_id: int, *but: str) -> None:
    """Let BNP2TKI show what was returned, except of some (§14.5)."""
    lines = world.ask(
        "select tki_id, lsp_code, if(certificate_status = 'REVOKED', null, certificate_no), certified_on from posko.return_line"
        " where return_batch_id = :id",
        id=return_batch_id,
    )
    shown = {
        tki_id: {
            "kode_lsp": lsp,
            "no_sertifikasi_kompetensi": number or "",
            "tanggal_sertifikasi_kompetensi": day.isoformat() if number else "",
        }
        for tki_id, lsp, number, day in lines
        if tki_id not in but
    }
    world.desk(None).do(returns.acknowledge, return_batch_id=return_batch_id, read_back=shown)


def whole_way(world: World, fates: Mapping[str, str]) -> None:
    """Walk everybody as far as her fate lets her.

    `WAITING` waits for a place, `FILTERED` was held back by the filter, `HELD` by the meeting, `OPEN` was returned and not yet
    read back, `FIXED` was corrected from BK to K, the others as `hold` says.
    """
    out = [tki_id for tki_id, fate in fates.items() if fate not in {"WAITING", "FILTERED"}]
    for number, (tki_id, fate) in enumerate(fates.items()):
        world.add_tki(tki_id, tuk=f"TUK-{1 + number % 2}", eligible=fate != "FILTERED")
    to_konsorsium(world, *out)
    distribute(world, send_again(world, allocate(world)))
    for session in sessions(world):
        hold(world, session, {**fates, **{tki_id: "BK" for tki_id, fate in fates.items() if fate == "FIXED"}})
        world.at(EXAM_ON, 15)
        for tki_id in (tki_id for tki_id, fate in fates.items() if fate == "FIXED"):
            correct(world, session, tki_id)
    world.at(EXAM_ON, 16)
    decide(world)
    evaluate(world, EXAM_ON + dt.timedelta(days=7), *(tki_id for tki_id, fate in fates.items() if fate == "HELD"))
    close(world, send_back(world), *(tki_id for tki_id, fate in fates.items() if fate == "OPEN"))


def correct(world: World, session: Any, tki_id: str) -> None:
    """Correct the scores of one TKI of this session to K, if she sat there (R-131)."""
    number, tuk, met_no = session
    journey_id = world.journey_id(tki_id)
    if not world.ask(
        "select 1 from posko.assessment where session_id = :s and journey_id = :j", s=number, j=journey_id
    ):
        return
    asesor = ASESOR_OF[met_no]
    told = {
        "session_id": number,
        "journey_id": journey_id,
        "scores": dict.fromkeys(UNITS, "K"),
        "reason": "Salah tulis",
    }
    finger = world.proof("STAFF", asesor, Purpose.SCORE, DOORS[tuk][1])
    world.desk(asesor).do(assessment.correct_score, **told, proof=finger)


def second_round(world: World, *, again: str, retake: str, revoked: str) -> None:
    """Book one again who was absent, let one retake who failed, revoke the certificate of one, and return all three."""
    day = EXAM_ON + dt.timedelta(days=14)
    number = world.value("select certificate_no from posko.certificate where tki_id = :t", t=revoked)
    told = {"certificate_no": number, "reason": "Terbukti palsu", "decree_no": "SK-7", "second": world.second("SA1")}
    world.desk("BN1").do(certificate_status.revoke, **told)
    journeys = [world.journey_id(again), world.desk("KO1").do(registration.register_again, tki_id=retake)]
    for journey_id in journeys:
        place = {"exam_on": day, "lsp_code": "LSP-1", "tuk_code": "TUK-2", "met_no": "MET.2"}
        world.desk("KO1").do(scheduling.schedule, journey_id=journey_id, **place, reason="Jadwal ulang")
    distribute(world, int(world.desk("KO1").do(allocation.send_allocation, journey_ids=journeys)["batch_id"]))
    for session in sessions(world):
        hold(world, session, {}, day)
    world.at(day, 16)
    decide(world)
    evaluate(world, day + dt.timedelta(days=1))
    close(world, send_back(world))
