"""Pelaksanaan, §13.1-13.14: from the opened day to the numbered certificate, with every refusal on the way."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from typing import TYPE_CHECKING

import pytest

from posko.domain.matrix import MATRIX, Cell, Command
from posko.domain.proof import Purpose
from posko.services import (
    asesor_check,
    assessment,
    attendance,
    certification,
    decision,
    exam_session,
    printing,
    results,
    statements,
    verification,
)
from posko.services.office import ACTS

if TYPE_CHECKING:
    from posko.services.office import Desk
    from tests.journey.conftest import Story

pytestmark = pytest.mark.pipeline


def session_status(story: Story) -> str:
    return story.value("select status from posko.exam_session where session_id = :id", id=story.numbers["session"])


def attend(story: Story, who: str, desk: Desk | None = None) -> dict[str, object]:
    return (desk or story.tuk()).do(
        attendance.record_attendance,
        session_id=story.numbers["session"],
        tki_id=story.tki[who],
        proof=story.finger(who),
    )


def sheet(story: Story, weak: bool) -> dict[str, str]:
    units = [row["unit_code"] for row in story.play.ask("select unit_code from posko.scheme_unit order by position")]
    return {unit: "BK" if weak and unit == units[-1] else "K" for unit in units}


def test_13_1_the_tuk_signs_in_and_opens_the_day_on_the_day_only(story: Story) -> None:
    session = {"session_id": story.numbers["session"]}
    story.cast.clock.go_to(story.place["day"] - dt.timedelta(days=1), 8)
    story.refuses("NOT_THE_DAY", story.tuk(), exam_session.open_day, **session)
    story.at(8)
    story.refuses("NotPermitted", story.other_tuk(), exam_session.open_day, **session)
    story.refuses("NotPermitted", story.konsorsium(), exam_session.open_day, **session)
    story.tuk().do(exam_session.open_day, **session)

    assert session_status(story) == "OPEN"


def test_13_2_nobody_is_present_by_default(story: Story) -> None:
    assert story.value("select count(*) as n from posko.attendance") == 0
    assert story.statuses() == {"ACKNOWLEDGED"}


def test_13_3_a_candidate_records_attendance_with_her_finger_and_with_nothing_else(story: Story) -> None:
    session, tki = story.numbers["session"], story.tki
    for typed in (None, tki["passes"], 400, {"is_match": True}):
        story.refuses(
            "PROOF_MISSING",
            story.tuk(),
            attendance.record_attendance,
            session_id=session,
            tki_id=tki["passes"],
            proof=typed,
        )
    other = story.finger("fails")
    story.refuses(
        "PROOF_WRONG_PERSON",
        story.tuk(),
        attendance.record_attendance,
        session_id=session,
        tki_id=tki["passes"],
        proof=other,
    )
    seen = attend(story, "passes")

    assert seen["outcome"] == "PRESENT"
    assert seen["candidate"]
    assert story.status("passes") == "PRESENT"
    story.refuses(
        "ATTENDANCE_RECORDED",
        story.tuk(),
        attendance.record_attendance,
        session_id=session,
        tki_id=tki["passes"],
        proof=story.finger("passes"),
    )


def test_13_4_a_finger_that_does_not_match_turns_her_away_for_that_day(story: Story) -> None:
    story.matcher.misses[story.tki["impostor"]] = 99
    first, second, third = (attend(story, "impostor") for _ in range(3))

    assert [first["outcome"], second["outcome"], third["outcome"]] == ["TRY_AGAIN", "TRY_AGAIN", "TURNED_AWAY_NO_MATCH"]
    assert first["candidate"] is third["candidate"] is None
    assert story.status("impostor") == "TURNED_AWAY_NO_MATCH"
    stored = story.value(
        "select count(*) as n from posko.finger_proof where person_id = :id and is_match = 0", id=story.tki["impostor"]
    )
    assert stored == 3
    story.matcher.misses.clear()
    story.refuses(
        "TURNED_AWAY_TODAY",
        story.tuk(),
        attendance.record_attendance,
        session_id=story.numbers["session"],
        tki_id=story.tki["impostor"],
        proof=story.finger("impostor"),
    )


def test_13_5_whoever_has_no_data_gets_a_formal_statement_and_no_row_is_invented(story: Story) -> None:
    before = story.value("select count(*) as n from posko.journey")
    given = story.tuk().do(
        attendance.turn_away_unregistered,
        session_id=story.numbers["session"],
        id_as_typed="0000000",
        reason="Tidak ada dalam daftar",
    )
    shown = story.tuk().do(statements.statement, statement_no=given["statement_no"])

    assert shown["statement_no"] == given["statement_no"]
    assert story.value("select count(*) as n from posko.journey") == before


def test_13_6_only_with_the_appointed_assessor_may_those_present_sit(story: Story) -> None:
    session = {"session_id": story.numbers["session"]}
    attend(story, "fails")
    attend(story, "held")
    story.refuses("ASESOR_NOT_VERIFIED", story.tuk(), exam_session.end_session, **session)
    stranger = story.cast.proof("STAFF", "AUDIT-001", Purpose.VERIFY_ASESOR, story.finger("fails").station_code)
    story.refuses("ASESOR_NOT_APPOINTED", story.tuk(), asesor_check.verify_asesor, **session, proof=stranger)
    story.tuk().do(asesor_check.verify_asesor, **session, proof=story.asesor_finger(Purpose.VERIFY_ASESOR))
    story.refuses("LIST_NOT_CLOSED", story.tuk(), exam_session.open_scoring, **session)
    story.at(14)
    ended = story.tuk().do(exam_session.end_session, **session)

    story.tested_at = story.cast.clock.now
    assert (ended["tested"], ended["absent"]) == (3, 1)
    assert story.status("absent") == "ABSENT"
    assert story.status("passes") == story.status("fails") == "TESTED"


def test_13_7_the_assessor_scores_with_a_fresh_finger_after_the_release(story: Story) -> None:
    story.at(15)
    session = {"session_id": story.numbers["session"]}
    scores = {story.journey_id(who): sheet(story, who == "fails") for who in ("passes", "fails", "held")}

    def score(desk: Desk, proof: object, given: object = scores) -> dict[str, object]:
        return {"desk": desk, "what": assessment.score, **session, "scores": given, "proof": proof}

    story.refuses("SCORING_NOT_OPEN", **score(story.asesor(), story.asesor_finger(Purpose.SCORE)))
    story.refuses("NotPermitted", story.lsp(), exam_session.open_scoring, **session)
    story.tuk().do(exam_session.open_scoring, **session)
    story.refuses("PROOF_MISSING", **score(story.asesor(), None))
    story.refuses("PROOF_WRONG_PURPOSE", **score(story.asesor(), story.asesor_finger(Purpose.VERIFY_ASESOR)))
    for desk in (story.tuk(), story.lsp(), story.konsorsium(), story.bnsp()):
        story.refuses("NotPermitted", **score(desk, story.asesor_finger(Purpose.SCORE)))
    absent = {story.journey_id("absent"): sheet(story, False)}
    story.refuses("SCORE_NOT_TESTED", **score(story.asesor(), story.asesor_finger(Purpose.SCORE), absent))
    done = story.asesor().do(assessment.score, **session, scores=scores, proof=story.asesor_finger(Purpose.SCORE))

    assert done == {"scored": 3, "left": 0}
    assert story.status("passes") == story.status("fails") == "ASSESSED"
    story.refuses("SESSION_SCORED", **score(story.asesor(), story.asesor_finger(Purpose.SCORE)))


def test_13_8_the_scores_go_to_the_lsp_by_themselves(story: Story) -> None:
    (sent,) = story.play.ask("select * from posko.handoff_batch where hop = 'TUK_TO_LSP'")

    assert session_status(story) == "SCORED"
    assert (sent["row_count"], sent["loaded_at"]) == (3, None)
    assert sent["receiver"] == f"LSP:{story.place['lsp']}"


def test_13_9_the_lsp_receives_the_table_and_no_other_lsp(story: Story) -> None:
    session = {"session_id": story.numbers["session"]}
    story.refuses("NotPermitted", story.other_lsp(), results.receive_results, **session)
    story.refuses("RESULTS_NOT_RECEIVED", story.lsp(), decision.decide, **session, sk_no="SK/1")
    table = story.lsp().do(results.receive_results, **session)

    assert len(table["rows"]) == 3
    assert session_status(story) == "CLOSED"


def test_13_10_the_lsp_fixes_the_pass_list_with_its_decree(story: Story) -> None:
    session, failing = {"session_id": story.numbers["session"]}, story.journey_id("fails")
    story.at(16)
    story.refuses("TEXT_EMPTY", story.lsp(), decision.decide, **session, sk_no=" ")
    story.refuses("NotPermitted", story.tuk(), decision.decide, **session, sk_no="SK/1")
    story.refuses(
        "DEVIATION_WITHOUT_REASON", story.lsp(), decision.decide, **session, sk_no="SK/1", results={failing: "K"}
    )
    made = story.lsp().do(decision.decide, **session, sk_no="SK/1")
    story.certificates = {row["tki_id"]: row["certificate_no"] for row in made["certified"]}

    assert (made["decided"], made["not_passed"]) == (3, 1)
    assert set(story.certificates) == {story.tki["passes"], story.tki["held"]}
    story.refuses("ALREADY_DECIDED", story.lsp(), decision.decide, **session, sk_no="SK/2")


def test_13_11_the_system_makes_the_number_and_no_human_can(story: Story) -> None:
    numbers = sorted(story.certificates.values())

    assert all(re.fullmatch(r"PRT\.1025\.\d{4}\.\d{7}", number) for number in numbers)
    assert int(numbers[1][-7:]) - int(numbers[0][-7:]) == 1
    assert set(MATRIX[Command.NUMBER].values()) == {Cell.NO}
    assert [name for name, meta in ACTS.items() if meta.command is Command.NUMBER] == []
    assert "certificate_no" not in inspect.signature(decision.decide).parameters


def test_13_12_the_lsp_prints_on_its_own_blanks_and_reprints_are_counted(story: Story) -> None:
    number = story.certificates[story.tki["passes"]]
    story.bnsp().do(printing.issue_blanks, lsp_code=story.place["lsp"], first="BL000001", last="BL000003")

    def prints(desk: Desk, blank: str, reason: str | None = None) -> dict[str, object]:
        return {
            "desk": desk,
            "what": printing.print_certificate,
            "certificate_no": number,
            "blank_no": blank,
            "reason": reason,
        }

    story.refuses("NotPermitted", **prints(story.other_lsp(), "BL000001"))
    story.refuses("BLANK_NOT_THIS_LSP", **prints(story.lsp(), "BL000009"))
    first = story.lsp().do(printing.print_certificate, certificate_no=number, blank_no="BL000001")
    story.refuses("REPRINT_WITHOUT_REASON", **prints(story.lsp(), "BL000002"))
    second = story.lsp().do(
        printing.print_certificate, certificate_no=number, blank_no="BL000002", reason="Blangko pertama rusak"
    )

    assert (first["copy_no"], first["is_copy"]) == (1, False)
    assert (second["copy_no"], second["is_copy"]) == (2, True)


def test_13_13_number_and_secure_code_go_to_bnsp_in_the_same_run(story: Story) -> None:
    (sent,) = story.play.ask("select * from posko.handoff_batch where hop = 'LSP_TO_BNSP'")
    seen = story.lsp().do(certification.certificates, session_id=story.numbers["session"])

    assert sent["row_count"] == 3
    assert all(re.fullmatch(r"[0-9A-F]{6}", row["secure_code"]) for row in seen)
    stored = story.value("select hex(min(secure_code_cipher)) as cipher from posko.certificate")
    assert seen[0]["secure_code"] not in stored
    story.refuses("NotPermitted", story.other_lsp(), certification.certificates, session_id=story.numbers["session"])


def test_13_14_the_data_stand_at_bnsp_and_anybody_can_verify_them(story: Story) -> None:
    (sent,) = story.play.ask("select * from posko.handoff_batch where hop = 'LSP_TO_BNSP'")
    assert (sent["received_count"], sent["rejected_count"]) == (3, 0)
    assert {story.status(who) for who in ("passes", "fails", "held")} == {"RESULT_SENT"}
    seen = {
        row["certificate_no"]: row["secure_code"]
        for row in story.bnsp().do(certification.certificates, session_id=story.numbers["session"])
    }
    number = story.certificates[story.tki["passes"]]
    public = story.public()
    wrong = "000000" if seen[number] != "000000" else "000001"

    assert public.do(verification.verify, certificate_no=number, secure_code=seen[number])["verdict"] == "VALID"
    assert public.do(verification.verify, certificate_no=number, secure_code=wrong) == {"verdict": "UNKNOWN"}
