"""`posko ledger check` and `posko as-of` from the terminal: tables, JSON, exit codes, and an event for every read (F08, F35)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import BadInput
from tests.support.commands import reached, run
from tests.support.way import whole_way
from tests.support.world import World

pytestmark = pytest.mark.server

FATES = {"100": "K", "101": "BK", "102": "ABSENT", "103": "OPEN", "104": "FILTERED"}


@pytest.fixture
def world(clean_posko, settings, monkeypatch):
    """A world in which some TKI went their way."""
    made = World(clean_posko, settings)
    made.fill()
    whole_way(made, FATES)
    with reached(made, monkeypatch):
        yield made


def last_event(world, outcome="ok"):
    entries = world.ask(
        "select action, entity, entity_key, actor_role, payload from posko_audit.audit_event"
        " where outcome = :o and action not like 'audit.%' order by event_id desc limit 1",
        o=outcome,
    )
    *told, payload = entries[0]
    return (*told, json.loads(payload))


def test_a_clean_ledger_shows_hops_and_states_and_leaves_with_0(world):
    shown = run("ledger", "check")

    assert "BNSP -> Konsorsium (12.3-12.4)" in shown
    assert "selesai, bersertifikat" in shown
    assert "DITOLAK_FILTER" in shown
    assert "kiriman BNP2TKI yang pertama membawanya" in shown
    assert "Tidak ada yang hilang, ganda, atau berubah." in shown
    assert last_event(world) == ("ledger.check", "ledger", "*", "operator", {"problems": 0, "unexplained": 0})


def test_a_problem_is_a_sentence_with_the_tki_and_code_1(world):
    world.write("delete from posko.handoff_line where tki_id = '100' and hop = 'LSP_TO_BNSP'")

    shown = run("ledger", "check", code=1)
    document = json.loads(run("ledger", "check", "--json", code=1))

    assert "TKI 100" in shown
    assert "1 TKI disebut" in shown
    assert document["clean"] is False
    assert {problem["tki_id"] for problem in document["problems"]} == {"100", None}
    assert document["totals"]["received"] == len(FATES)
    (hop,) = (one for one in document["hops"] if one["hop"] == "LSP_TO_BNSP")
    assert hop["loaded"] == 2


def test_batches_that_nobody_confirmed_are_listed(world):
    world.write("update posko.handoff_batch set loaded_at = null order by batch_id desc limit 1")

    assert "belum dikonfirmasi penerima" in run("ledger", "check", code=1)


def test_as_of_tells_where_she_stood_and_how_she_came_there(world):
    then = run("as-of", "2026-03-09T08:30+07:00", "--tki", "100")
    now = json.loads(run("as-of", "now", "--tki", "100", "--json"))

    assert "TKI 100, skema TLRT, perjalanan 1, pada 2026-03-09T01:30:00Z" in then
    assert "SELESAI_UJI" in then or "DINILAI" in then
    assert "registration.register_many" in then
    (journey,) = now["journeys"]
    assert (journey["status"], journey["label"], journey["attempt"]) == ("CLOSED", "DIMUTAKHIRKAN", 1)
    assert journey["history"][0]["told"]["to"] == "SENT_TO_KONSORSIUM"
    assert last_event(world) == ("as_of.look", "tki", "100", "operator", {"as_of": "now", "journeys": 1})


def test_as_of_before_the_journey_says_so(world):
    assert "belum dimulai" in run("as-of", "2012-06-06T12:00", "--tki", "100")
    assert "belum dimulai" in run("as-of", "now", "--tki", "104")


def test_as_of_of_an_unknown_id_is_refused_and_recorded(world):
    with pytest.raises(BadInput, match="tidak pernah diterima dari BNP2TKI"):
        run("as-of", "now", "--tki", "999")

    assert last_event(world, "refused")[:3] == ("as_of.look", "tki", "999")


def test_an_id_that_looks_like_a_nik_or_is_too_long_is_refused_and_not_written_down(world):
    for wrong in ("3603054105830001", "9" * 65, "", "1\x00"):
        with pytest.raises(BadInput, match="ID TKI"):
            run("as-of", "now", "--tki", wrong)

    assert last_event(world, "refused")[:3] == ("as_of.look", "tki", "-")
    assert world.value("select count(*) from posko_audit.audit_event where entity_key like '%360305%'") == 0


@pytest.mark.parametrize("time", ["kemarin", "", "2012-13-01", "12:00", "0001-01-01T00:00+14:00"])
def test_a_wrong_time_is_said(world, time):
    with pytest.raises(BadInput, match="bukan waktu"):
        run("as-of", time, "--tki", "100")


@pytest.mark.parametrize("words", [("now",), ("now", "--tki", "100", "--compare"), ("2012-06-06", "--compare")])
def test_a_question_that_cannot_be_answered_is_said(world, words):
    with pytest.raises(BadInput, match=r"Sebut salah satu|hanya berlaku untuk waktu now"):
        run("as-of", *words)


def test_compare_finds_nothing_on_a_true_log_and_leaves_with_0(world):
    assert "sama dengan tabel" in run("as-of", "now", "--compare")
    assert last_event(world) == ("as_of.compare", "log", "*", "operator", {"differences": 0})


def test_compare_names_what_changed_without_an_event(world):
    world.write("update posko.journey set status = 'CERTIFIED' where tki_id = '101'")
    world.write("update posko.exam_session set status = 'PLANNED' where tuk_code = 'TUK-1'")

    shown = run("as-of", "now", "--compare", code=1)
    document = json.loads(run("as-of", "now", "--compare", "--json", code=1))

    assert "Perjalanan 101/TLRT/1: log menyebut DIMUTAKHIRKAN percobaan 1, tabel menyebut BERSERTIFIKAT" in shown
    assert "2 perbedaan." in shown
    assert [(one["kind"], one["tki_id"]) for one in document["differences"]] == [("STATE", "101"), ("STATE", None)]
