"""How the publication stands: gates, holds with their reasons, what is public in which version (§14.1-14.2; R-160..R-163, X1)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import evaluation, publication, publication_stop, screen_publication
from tests.support.decided import EVALUATED_ON, decided, deviation, evaluate, publish, revoke

pytestmark = pytest.mark.server


def ask(world, what, who="BN1", **more):
    return world.desk(who).do(what, **more)


def test_a_stop_is_shown_until_it_ends_and_stays_in_the_history(world):
    assert ask(world, screen_publication.state)["stop"] is None
    ask(world, publication_stop.stop, reason="Diperiksa ulang")
    stopped = ask(world, screen_publication.state)
    ask(world, publication_stop.resume, "BN2", reason="Benar")
    resumed = ask(world, screen_publication.state)

    assert (stopped["stop"]["stopped_by"], stopped["stop"]["stop_reason"]) == ("BN1", "Diperiksa ulang")
    assert resumed["stop"] is None
    assert [(row["stop_reason"], row["resume_reason"]) for row in resumed["stops"]] == [("Diperiksa ulang", "Benar")]


def test_counts_say_where_the_results_wait(world):
    decided(world, "1")
    decided(world, "2")
    held = decided(world, "3")
    world.at(EVALUATED_ON)
    before = ask(world, screen_publication.state)
    meeting_id = evaluate(world)
    deviation(world, held)
    evaluated = ask(world, screen_publication.state)
    world.desk(None).do(publication.publish, meeting_id=meeting_id)
    after = ask(world, screen_publication.state)

    names = ("to_meet", "waiting", "by_case")
    assert [before[name] for name in names] == [3, 0, 0]
    assert [evaluated[name] for name in names] == [0, 3, 1]
    assert [after[name] for name in names] == [0, 1, 1]


def test_the_gate_of_a_meeting_opens_with_its_minutes(world):
    decided(world, "1")
    world.at(EVALUATED_ON)
    meeting_id = ask(world, evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    (shut,) = ask(world, screen_publication.meetings)["rows"]
    ask(world, evaluation.note_participants, meeting_id=meeting_id, person_ids=["BN1", "LS1"])
    ask(world, evaluation.close_minutes, meeting_id=meeting_id, minutes="Dibahas.")
    (opened,) = ask(world, screen_publication.meetings)["rows"]

    assert (shut["state"], shut["items"], shut["waiting"], shut["closed_at"]) == ("OPEN", 1, 0, None)
    assert (opened["state"], opened["waiting"], opened["published"]) == ("CLOSED", 1, 0)


def test_what_is_held_says_by_whom_and_why(world):
    decided(world, "1")
    by_case = decided(world, "2")
    by_meeting = decided(world, "3", name="SITI AMINAH")
    world.at(EVALUATED_ON)
    meeting_id = ask(world, evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    ask(world, evaluation.hold, meeting_id=meeting_id, journey_id=by_meeting, reason="Foto belum jelas")
    ask(world, evaluation.note_participants, meeting_id=meeting_id, person_ids=["BN1", "LS1"])
    ask(world, evaluation.close_minutes, meeting_id=meeting_id, minutes="Dibahas.")
    number = deviation(world, by_case)

    found = ask(world, screen_publication.held)

    assert {row["tki_id"]: (row["by"], row["why"]) for row in found["rows"]} == {
        "2": ("CASE", f"penyimpangan nomor {number} belum diputus dalam kasus"),
        "3": ("MEETING", "Foto belum jelas"),
    }
    assert [row["full_name"] for row in found["rows"] if row["tki_id"] == "3"] == ["S*** A***"]
    assert ask(world, screen_publication.held, by="CASE")["total"] == 1
    assert ask(world, screen_publication.held, tki_id="1") == {"rows": [], "total": 0}
    assert ask(world, screen_publication.held, lsp_code="LSP-2")["total"] == 0


def test_what_is_public_is_shown_in_every_version_without_a_column_the_public_lacks(world):
    journey_id = decided(world, "1")
    decided(world, "2", result="BK")
    publish(world)
    revoke(world, journey_id)
    world.desk(None).do(publication.refresh)

    found = ask(world, screen_publication.public)

    assert [(row["tki_id"], row["version"], row["certificate_status"]) for row in found["rows"]] == [
        ("1", 2, "REVOKED"),
        ("2", 1, None),
        ("1", 1, "VALID"),
    ]
    assert set(found["rows"][0]) == {name.strip() for name in publication.PUBLIC_COLUMNS.split(",")}
    assert ask(world, screen_publication.public, result="BELUM")["total"] == 1
    assert ask(world, screen_publication.public, number="1")["total"] == 2
    assert ask(world, screen_publication.public, lsp_code="LSP-2")["total"] == 0
    assert ask(world, screen_publication.public, since="2199-01-01")["total"] == 0


READS = [screen_publication.state, screen_publication.meetings, screen_publication.held, screen_publication.public]


@pytest.mark.parametrize("what", READS)
def test_bnsp_the_super_administrator_and_the_auditor_read_and_nobody_else(world, what):
    for who in ("BN1", "SA1", "AU1"):
        ask(world, what, who)
    for who in ("KO1", "LS1", "TU1", "AS1"):
        with pytest.raises(NotPermitted):
            ask(world, what, who)


@pytest.mark.parametrize(
    ("what", "more", "code"),
    [
        (screen_publication.held, {"by": "x"}, "NOT_IN_LIST"),
        (screen_publication.held, {"tki_id": "<script>"}, "NO_SUCH_CODE"),
        (screen_publication.public, {"number": "' or 1=1 --"}, "NO_SUCH_CODE"),
        (screen_publication.public, {"result": "K"}, "NOT_IN_LIST"),
        (screen_publication.public, {"since": "2026-02-30"}, "NOT_A_DATE"),
        (screen_publication.meetings, {"offset": -1}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_is_refused_in_words(world, what, more, code):
    with pytest.raises(Refused) as found:
        ask(world, what, **more)
    assert found.value.code == code
