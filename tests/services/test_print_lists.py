"""What prints of a session and of a meeting read: own rows only, each an event; and `posko print` (§9.3, §13.3-13.10, §14.2)."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from apps.cli import print as print_command
from apps.cli.main import posko as command
from posko.domain.errors import NotPermitted, Refused
from posko.services import attendance, decision, evaluation, print_lists
from tests.support.assessed import assessed, ids, sums
from tests.support.exam import exam_day

pytestmark = pytest.mark.server


@pytest.fixture
def decided(world):
    """A session of LSP-1 with two who passed and one who did not, decided; its number."""
    session = assessed(world, ids(3), failed=["9000003"])
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    return session


def turn_away(world, day, typed):
    told = {"session_id": day.session_id, "id_as_typed": typed, "reason": "Tidak terdaftar"}
    return world.desk("TU1").do(attendance.turn_away_unregistered, **told)["statement_no"]


def test_the_list_of_candidates_names_session_and_everybody_on_it(world):
    day = exam_day(world, "100", "200")

    found = world.desk("TU1").do(print_lists.candidates, session_id=day.session_id)

    assert [(row["no"], row["tki_id"], row["label"]) for row in found["rows"]] == [
        (1, "100", "DITERIMA_LSP_TUK"),
        (2, "200", "DITERIMA_LSP_TUK"),
    ]
    about = found["session"]
    assert (about["tuk_name"], about["lsp_name"], about["asesor_name"]) == ("TUK 1", "LSP 1", "Asesor 1")
    assert (about["exam_on"], about["label"]) == ("2026-03-09", "DIRENCANAKAN")
    assert ("print.candidates", "session", str(day.session_id)) in world.events()


def test_the_attendance_list_tells_who_came_who_did_not_and_who_was_turned_away_without_her_nik(world):
    day = exam_day(world, "100", "200")
    day.open()
    day.scan("100")
    number = turn_away(world, day, "3603054105830001")
    other = turn_away(world, day, "777")

    rows = world.desk("TU1").do(print_lists.attendance, session_id=day.session_id)["rows"]

    assert [(row["tki_id"], row["outcome"], row["statement_no"]) for row in rows] == [
        ("100", "HADIR", None),
        ("200", None, None),
        ("************0001", "TOLAK_TIDAK_TERDAFTAR", number),
        ("777", "TOLAK_TIDAK_TERDAFTAR", other),
    ]
    assert rows[0]["recorded_at"] == f"2026-03-09 {rows[0]['recorded_at'][-5:]}"
    assert [row["no"] for row in rows] == [1, 2, 3, 4]


def test_the_result_list_has_asesor_decision_and_number_of_each(world, decided):
    rows = world.desk("LS1").do(print_lists.results, session_id=decided)["rows"]

    assert [tuple(row.values())[1:] for row in rows] == [
        ("9000001", rows[0]["full_name"], "K", "K", "SK-1", "PRT.1025.2026.0000001"),
        ("9000002", rows[1]["full_name"], "K", "K", "SK-1", "PRT.1025.2026.0000002"),
        ("9000003", rows[2]["full_name"], "BK", "BK", "SK-1", None),
    ]


def test_results_that_are_not_there_yet_are_empty(world):
    day = exam_day(world, "100")

    (row,) = world.desk("LS1").do(print_lists.results, session_id=day.session_id)["rows"]

    assert (row["asesor_result"], row["result"], row["sk_no"], row["certificate_no"]) == (None, None, None, None)


def meeting(world):
    desk = world.desk("BN1")
    number = desk.do(evaluation.open_meeting, held_on=world.now.date(), place="Jakarta")
    desk.do(evaluation.note_participants, meeting_id=number, person_ids=["BN1", "LS1"])
    return number


def test_minutes_hold_people_evidence_and_once_closed_their_digest(world, decided):
    number = meeting(world)
    before = world.desk("BN1").do(print_lists.minutes, meeting_id=number)
    closed = world.desk("BN1").do(evaluation.close_minutes, meeting_id=number, minutes="Dibahas.")

    found = world.desk("LS1").do(print_lists.minutes, meeting_id=number)

    assert (before["state"], before["sha256"], before["minutes"]) == ("OPEN", None, None)
    assert (found["state"], found["sha256"], found["minutes"]) == ("CLOSED", closed["sha256"], "Dibahas.")
    assert found["people"] == [
        {"organisation": "BNSP", "full_name": "Petugas BN1"},
        {"organisation": "LSP:LSP-1", "full_name": "Petugas LS1"},
    ]
    assert found["evidence"]["results"]["tested"] == 3


def test_cards_tell_station_reader_and_key(world):
    rows = world.desk("BN1").do(print_lists.station_cards)

    assert [(row["station_code"], row["tuk_code"], row["reader_serial"], row["key_id"]) for row in rows] == [
        ("ST-0", None, "READER-0", None),
        *((f"ST-{n}", f"TUK-{n}", f"READER-{n}", None) for n in (1, 2, 3)),
    ]


def test_who_may_not_see_it_may_not_print_it(world, decided):
    number = meeting(world)
    wrong = {
        print_lists.candidates: ({"session_id": decided}, ("LS2", "TU2", "AS1")),
        print_lists.attendance: ({"session_id": decided}, ("LS2", "TU2", "AS1")),
        print_lists.results: ({"session_id": decided}, ("LS2", "TU1", "AS1", "KO1", "BN1", "AU1")),
        print_lists.minutes: ({"meeting_id": number}, ("LS2", "KO1", "TU1", "AS1")),
        print_lists.station_cards: ({}, ("LS1", "KO1", "TU1", "AS1")),
    }
    before = sums(world)

    for what, (asked, people) in wrong.items():
        for who in people:
            with pytest.raises(NotPermitted):
                world.desk(who).do(what, **asked)
    assert sums(world) == before


@pytest.mark.parametrize("what", [print_lists.candidates, print_lists.attendance, print_lists.results])
@pytest.mark.parametrize("asked", [None, 0, -1, "1", 1.5, 2**70, "<script>"])
def test_a_session_that_is_no_number_is_refused(world, what, asked):
    with pytest.raises(Refused) as refused:
        world.desk("SA1").do(what, session_id=asked)
    assert refused.value.code == "NOT_A_NUMBER"


def test_a_session_or_meeting_that_is_not_there_is_refused(world):
    for what, asked, code in (
        (print_lists.candidates, {"session_id": 99}, "UNKNOWN_SESSION"),
        (print_lists.attendance, {"session_id": 99}, "UNKNOWN_SESSION"),
        (print_lists.results, {"session_id": 99}, "UNKNOWN_SESSION"),
        (print_lists.minutes, {"meeting_id": 99}, "UNKNOWN_MEETING"),
    ):
        with pytest.raises(Refused) as refused:
            world.desk("SA1").do(what, **asked)
        assert refused.value.code == code


READER = ("--reader", "synthetic", "--serial", "READER-0", "--station", "ST-0", "--person")


@pytest.fixture
def run(world, monkeypatch):
    """Run `posko print`; whoever is named is let in."""

    @contextmanager
    def at_the_reader(_reader, _station):
        yield SimpleNamespace(signed_in=world.desk)

    monkeypatch.setattr(print_command, "finger_desk", at_the_reader)

    def call(kind, who, out, *words, code=0):
        result = CliRunner().invoke(command, ["print", kind, *READER, who, "--out", str(out), *map(str, words)])
        assert result.exit_code == code, result.output
        return out.read_bytes() if code == 0 else b""

    return call


def test_the_command_writes_each_document_for_its_owner_alone(world, run, tmp_path):
    day = exam_day(world, "100")
    day.open()
    number = turn_away(world, day, "777")

    for kind, who, words in (
        ("candidates", "KO1", ("--session", day.session_id)),
        ("attendance", "TU1", ("--session", day.session_id)),
        ("results", "LS1", ("--session", day.session_id)),
        ("statement", "TU1", ("--statement", number)),
        ("cards", "BN1", ()),
    ):
        assert run(kind, who, tmp_path / f"{kind}.pdf", *words).startswith(b"%PDF-")
        assert (tmp_path / f"{kind}.pdf").stat().st_mode & 0o777 == 0o600
    assert run("results", "LS1", tmp_path / "r.xlsx", "--session", day.session_id).startswith(b"PK")


def test_the_command_writes_minutes(world, decided, run, tmp_path):
    assert run("minutes", "BN1", tmp_path / "m.pdf", "--meeting", meeting(world)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("candidates", "a.pdf", ()),
        ("candidates", "a.pdf", ("--meeting", 1)),
        ("statement", "a.pdf", ("--session", 1)),
        ("minutes", "a.xlsx", ("--meeting", 1)),
        ("candidates", "a.txt", ("--session", 1)),
        ("secrets", "a.pdf", ()),
    ],
)
def test_options_that_do_not_fit_are_a_mistake_of_usage(world, run, tmp_path, kind, name, words):
    run(kind, "SA1", tmp_path / name, *words, code=2)
    assert list(tmp_path.iterdir()) == []
