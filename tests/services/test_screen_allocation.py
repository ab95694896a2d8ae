"""What the Konsorsium's pages ask, on a real server (§12.5-12.6)."""

from __future__ import annotations

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted
from posko.services import allocation, proposals, screen_allocation, screen_proposals
from tests.support.preparation import WRONG, parameter, place, refused, registered, rows_of

PLACE = {"exam_on": EXAM_ON, "lsp_code": "LSP-1", "tuk_code": "TUK-1", "met_no": "MET.1"}


def waiting(world, **asked):
    return world.desk("KO1").do(screen_allocation.waiting_for_place, **asked)


def test_those_who_wait_come_twenty_a_page_with_the_proposed_place(world):
    registered(world, *(f"91000{n:02d}" for n in range(23)))

    first, second = waiting(world), waiting(world, offset=20)

    assert first["total"] == second["total"] == 23
    assert [len(first["rows"]), len(second["rows"])] == [20, 3]
    assert {row["tki_id"] for row in first["rows"]}.isdisjoint(row["tki_id"] for row in second["rows"])
    assert first["rows"][0]["tuk_code"] == "TUK-1"
    assert first["rows"][0]["proposed_on"] == EXAM_ON
    assert first["rows"][0]["label"] == "TERDAFTAR"


def test_the_search_finds_a_part_of_an_id_or_of_a_name_and_takes_wildcards_literally(world):
    registered(world, "9100001", "9200002")
    registered(world, "9300003", nama="SITI%AMINAH")

    assert [row["tki_id"] for row in waiting(world, search="92")["rows"]] == ["9200002"]
    assert [row["tki_id"] for row in waiting(world, search="siti%")["rows"]] == ["9300003"]
    assert waiting(world, search="%")["total"] == 1
    assert waiting(world, search="' or 1=1 --")["total"] == 0
    assert waiting(world, search="  ")["total"] == 3


def test_who_has_a_place_waits_no_longer(world):
    first, _ = registered(world, "9100001", "9100002")
    place(world, first)

    assert [row["tki_id"] for row in waiting(world)["rows"]] == ["9100002"]


def test_several_get_one_place_and_one_session_in_one_act(world):
    ids = registered(world, "9100001", "9100002", "9100003")

    made = world.desk("KO1").do(screen_allocation.schedule_many, journey_ids=ids, **PLACE)

    assert made["scheduled"] == 3
    assert world.ask("select distinct session_id from posko.allocation") == [(made["session_id"],)]
    assert world.value("select booked from posko.tuk_day") == 3
    assert {world.status(f"910000{n}") for n in (1, 2, 3)} == {"ALLOCATED"}


def test_when_one_of_several_may_not_nobody_is_placed_and_the_note_names_her(world):
    ids = registered(world, "9100001", "9100002")
    world.write("update posko.candidate set born_on = '2010-01-01' where tki_id = '9100002'")
    before = rows_of(world)

    refusal = refused(world.desk("KO1"), screen_allocation.schedule_many, journey_ids=ids, **PLACE)

    assert refusal.code == "TOO_YOUNG"
    assert refusal.__notes__ == ["9100002"]
    assert rows_of(world) == before
    assert world.status("9100001") == "REGISTERED"


def test_more_than_the_tuk_holds_are_refused_as_a_whole(world):
    ids = registered(world, *(f"91000{n:02d}" for n in range(21)))

    refusal = refused(world.desk("KO1"), screen_allocation.schedule_many, journey_ids=ids, **PLACE)

    assert refusal.code == "TUK_FULL"
    assert world.value("select count(*) from posko.allocation") == 0


def test_the_same_form_sent_twice_places_once(world):
    ids = registered(world, "9100001", "9100002")
    desk = world.desk("KO1").once("form-1")

    answers = [desk.do(screen_allocation.schedule_many, journey_ids=ids, **PLACE) for _ in range(2)]

    assert answers[0] == answers[1]
    assert world.value("select booked from posko.tuk_day") == 2


def test_a_window_takes_a_hundred_at_most(world):
    refusal = refused(world.desk("KO1"), screen_allocation.schedule_many, journey_ids=list(range(1, 102)), **PLACE)

    assert refusal.code == "LIST_TOO_LONG"


def test_the_preview_of_loads_counts_what_is_booked_and_what_would_come_and_changes_nothing(world):
    first, *_ = registered(world, "9100001", "9100002", "9100003")
    place(world, first)
    parameter(world, "asesor_per_day", 8)
    before = rows_of(world)

    loads = world.desk("KO1").do(screen_proposals.proposal_loads, exam_on=None, most=100)

    assert loads["placed"] == 2
    expected = {"exam_on": EXAM_ON, "before": 1, "added": 2, "after": 3}
    assert loads["tuk"] == [{"code": "TUK-1", "name": "TUK 1", "capacity": 20, **expected}]
    assert loads["asesor"] == [{"code": "MET.1", "name": "Asesor 1", "capacity": 8, **expected}]
    assert rows_of(world) == before


def test_the_preview_agrees_with_what_accepting_does(world):
    registered(world, *(f"91000{n:02d}" for n in range(23)))
    parameter(world, "asesor_per_day", 8)

    loads = world.desk("KO1").do(screen_proposals.proposal_loads, exam_on=EXAM_ON.isoformat(), most=500)
    made = world.desk("KO1").do(proposals.accept, exam_on=EXAM_ON)

    assert loads["placed"] == made["accepted"] == sum(row["added"] for row in loads["tuk"])
    assert sum(row["tki"] for row in loads["skipped"]) == len(made["skipped"])
    assert all(row["after"] <= row["capacity"] for row in loads["tuk"] + loads["asesor"])


def test_days_with_proposals_are_those_to_come(world):
    registered(world, "9100001", "9100002")

    assert world.desk("KO1").do(screen_proposals.proposal_days) == [{"exam_on": EXAM_ON, "tki": 2}]
    world.at(EXAM_ON)
    assert world.desk("KO1").do(screen_proposals.proposal_days) == []


def test_the_overview_of_sending_shows_who_goes_and_who_is_left_with_the_rules_reason(world):
    first, *_ = registered(world, "9100001", "9100002", "9100003")
    place(world, first)
    world.write("delete from posko_model.fct_tuk_proposal where tki_id = '9100002'")
    world.write("insert into posko_model.fct_tki_unplaced values ('9100002', 'NO_ROOM', 'Semua TUK penuh')")

    seen = world.desk("KO1").do(screen_allocation.send_overview)
    left = world.desk("KO1").do(screen_allocation.left_behind)

    assert [(row["tuk_code"], row["tki"]) for row in seen["ready"]] == [("TUK-1", 1)]
    assert [(row["tki_id"], row["unplaced_reason"], row["proposed_on"]) for row in left["rows"]] == [
        ("9100002", "Semua TUK penuh", None),
        ("9100003", None, EXAM_ON),
    ]
    assert seen["left_ids"] == ["9100002", "9100003"]
    for search, found in (("penuh", ["9100002"]), ("0003", ["9100003"]), ("tuk-1", ["9100003"]), ("tuk-9", [])):
        rows = world.desk("KO1").do(screen_allocation.left_behind, search=search)["rows"]
        assert [row["tki_id"] for row in rows] == found
    assert world.desk("KO1").do(screen_allocation.left_behind, payment="LUNAS") == {"total": 0, "rows": []}
    sent = world.desk("KO1").do(
        allocation.send_allocation, justified=dict.fromkeys(seen["left_ids"], "Menunggu jadwal")
    )
    assert sent["rows"] == 1


def test_nobody_but_the_konsorsium_and_the_super_administrator_reads_these(world):
    reads = (
        (screen_allocation.waiting_for_place, {}),
        (screen_allocation.left_behind, {}),
        (screen_proposals.proposal_days, {}),
        (screen_proposals.proposal_loads, {"exam_on": None, "most": 1}),
        (screen_allocation.send_overview, {}),
    )
    for read, asked in reads:
        for who in ("LS1", "TU1", "AS1", "BN1", "AU1"):
            with pytest.raises(NotPermitted):
                world.desk(who).do(read, **asked)
        world.desk("SA1").do(read, **asked)


def test_wrong_values_are_refused_in_words(world):
    desk = world.desk("KO1")
    for value in WRONG:
        refused(desk, screen_proposals.proposal_loads, exam_on=None, most=value)
        for read in (screen_allocation.waiting_for_place, screen_allocation.left_behind):
            refused(desk, read, limit=value)
            refused(desk, read, offset=value)
            if value is not None:
                refused(desk, read, payment=value)
            if value not in (None, "", "  "):
                refused(desk, read, search=value)
    refused(desk, screen_proposals.proposal_loads, exam_on=world.now, most=1)
