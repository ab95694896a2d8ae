"""The calendar of TUK capacity and the list of those without a place say what registers and counters say (§12.5-12.8; R-089, R-090)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.domain.errors import NotPermitted
from posko.services import intake, screen_capacity, screen_unallocated
from tests.support.preparation import WRONG, changes_nothing, parameter, place, registered, returned

pytestmark = pytest.mark.server
PART = {"limit": 20, "offset": 0}


def month(world, who="KO1", **asked):
    return world.desk(who).do(screen_capacity.capacity_month, **{"month": "2026-03", **PART, **asked})


def day_of(answer, tuk, day):
    (row,) = [row for row in answer["rows"] if row["tuk_code"] == tuk]
    return next(one for one in row["days"] if one["day"] == day)


def unallocated(world, who="KO1", **asked):
    return world.desk(who).do(screen_unallocated.unallocated, **{**PART, **asked})


# capacity -------------------------------------------------------------------------------------------------------------


def test_every_tuk_and_day_has_its_seats_what_is_placed_and_what_is_left(world):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)

    answer = month(world)

    assert (answer["total"], [len(row["days"]) for row in answer["rows"]]) == (3, [31, 31, 31])
    assert day_of(answer, "TUK-1", EXAM_ON.isoformat()) == {
        "day": "2026-03-09",
        "seats": 20,
        "placed": 2,
        "left": 18,
        "is_over": False,
        "why": None,
    }
    assert [(row["placed"], row["seats"]) for row in answer["rows"]] == [(2, 620), (0, 620), (0, 620)]


def test_a_day_without_seats_says_why(world):
    world.write("insert into posko.closed_day (closed_on, tuk_code, reason) values ('2026-03-11', '*', 'Nyepi')")
    world.write("update posko.tuk set valid_until = '2026-03-20' where tuk_code = 'TUK-2'")
    world.write(
        "insert into posko.suspension (party_kind, party_code, suspended_from, suspended_until, reason)"
        " values ('TUK', 'TUK-3', '2026-03-05', null, 'uji')"
    )

    answer = month(world)

    told = {
        (tuk, day): (one["seats"], one["why"])
        for tuk, day in [
            ("TUK-1", "2026-03-11"),
            ("TUK-2", "2026-03-21"),
            ("TUK-3", "2026-03-05"),
            ("TUK-3", "2026-03-04"),
        ]
        for one in [day_of(answer, tuk, day)]
    }
    assert told == {
        ("TUK-1", "2026-03-11"): (0, "Nyepi"),
        ("TUK-2", "2026-03-21"): (0, "Izin TUK tidak berlaku"),
        ("TUK-3", "2026-03-05"): (0, "TUK dibekukan"),
        ("TUK-3", "2026-03-04"): (20, None),
    }


def test_more_placed_than_the_register_now_allows_is_above_the_norm(world):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)
    world.write("update posko.tuk set capacity_per_day = 1 where tuk_code = 'TUK-1'")

    found = day_of(month(world), "TUK-1", "2026-03-09")

    assert (found["is_over"], found["left"]) == (True, 0)


def test_a_tuk_that_takes_more_than_its_share_is_marked_as_the_balance_check_would(world):
    parameter(world, "balance_max_to_mean_percent", 200)
    parameter(world, "balance_least_mean", 1)
    for journey_id in registered(world, "100", "101", "102"):
        place(world, journey_id)

    assert [row["is_uneven"] for row in month(world)["rows"]] == [True, False, False]
    parameter(world, "balance_max_to_mean_percent", 300)
    assert [row["is_uneven"] for row in month(world)["rows"]] == [False, False, False]
    parameter(world, "balance_max_to_mean_percent", 200)
    parameter(world, "balance_least_mean", 2)
    assert [row["is_uneven"] for row in month(world)["rows"]] == [False, False, False]


def test_the_month_is_searched_by_tuk_city_and_lsp_and_paged(world):
    assert [row["tuk_code"] for row in month(world, search="kota 2")["rows"]] == ["TUK-2"]
    assert [row["tuk_code"] for row in month(world, lsp_code="LSP-2")["rows"]] == ["TUK-3"]
    assert [row["tuk_code"] for row in month(world, limit=1, offset=1)["rows"]] == ["TUK-2"]
    assert month(world, search="%")["total"] == 0


def test_behind_a_day_stand_its_sessions_with_the_load_of_the_assessor(world):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)

    answer = world.desk("KO1").do(screen_capacity.capacity_day, tuk_code="TUK-1", exam_on=EXAM_ON, **PART)

    (row,) = answer["rows"]
    assert {
        name: row[name] for name in ("lsp_code", "met_no", "tki", "unsent", "asesor_booked", "asesor_most", "label")
    } == {
        "lsp_code": "LSP-1",
        "met_no": "MET.1",
        "tki": 2,
        "unsent": 2,
        "asesor_booked": 2,
        "asesor_most": 20,
        "label": "DIRENCANAKAN",
    }


# who has no place -----------------------------------------------------------------------------------------------------


def test_who_waits_who_has_no_proposal_and_who_is_held_back_stand_there_with_why_and_how_long(world):
    placed, _ = registered(world, "100", "101")
    place(world, placed)
    world.add_tki("102", eligible=False)
    world.add_tki("103")
    world.write("delete from posko_model.fct_tuk_proposal where tki_id = '103'")
    world.write("insert into posko_model.fct_tki_unplaced values ('103', 'NO_RULE', 'Belum ada aturan TUK.')")
    world.now += dt.timedelta(days=9)

    answer = unallocated(world)

    told = {
        row["tki_id"]: (row["kind"], row["code"], row["reason"], row["tuk_code"], row["days"]) for row in answer["rows"]
    }
    assert told == {
        "101": ("WAITING", "REGISTERED", "TUK pertama menurut aturan BLKLN", "TUK-1", 9),
        "102": ("HELD_BACK", "DV-E09", "terlalu muda", None, 10),
        "103": ("UNPLACED", "NO_RULE", "Belum ada aturan TUK.", None, 10),
    }
    assert (answer["total"], answer["counts"]) == (3, {"WAITING": 1, "UNPLACED": 1, "HELD_BACK": 1, "UNREGISTERED": 0})
    assert answer["rows"][-1]["tki_id"] == "101"


def test_the_list_is_filtered_by_kind_reason_blkln_age_and_search(world):
    registered(world, "101")
    world.add_tki("102", eligible=False, kode_blkln="H05AN002")
    world.now += dt.timedelta(days=9)

    def ids(**asked):
        return [row["tki_id"] for row in unallocated(world, **asked)["rows"]]

    assert ids(kind="WAITING") == ids(code="REGISTERED") == ids(search="101") == ids(blkln_code="H05AN001") == ["101"]
    assert ids(kind="HELD_BACK") == ids(code="DV-E09") == ids(least_days=10) == ["102"]
    assert ids(least_days=9) == ["102", "101"]
    assert ids(least_days=11) == ids(search="_") == []


def test_who_is_not_registered_yet_is_counted_and_listed_on_demand(world):
    world.add_tki("104")
    world.desk(None).do(intake.send_eligible)

    assert (unallocated(world)["total"], unallocated(world)["counts"]["UNREGISTERED"]) == (0, 1)
    (row,) = unallocated(world, kind="UNREGISTERED")["rows"]
    assert (row["tki_id"], row["code"], row["tuk_code"]) == ("104", "SENT_TO_KONSORSIUM", "TUK-1")


def test_page_by_page_the_list_is_the_same_as_at_once_who_waited_longest_first(world):
    for tki_id in ("107", "105"):
        world.add_tki(tki_id)
    world.desk(None).do(intake.send_eligible)
    world.now += dt.timedelta(days=2)
    for tki_id in ("106", "104"):
        world.add_tki(tki_id)
    world.desk(None).do(intake.send_eligible)

    def ids(limit, offset):
        return [row["tki_id"] for row in unallocated(world, kind="UNREGISTERED", limit=limit, offset=offset)["rows"]]

    assert ids(20, 0) == ["105", "107", "104", "106"]
    assert [one for offset in range(5) for one in ids(1, offset)] == ids(20, 0)


def test_who_only_waits_for_registration_is_counted_a_little_beyond_the_limit(world, monkeypatch):
    for tki_id in ("104", "105", "106"):
        world.add_tki(tki_id)
    world.desk(None).do(intake.send_eligible)
    monkeypatch.setattr(screen_unallocated, "MOST_COUNTED", 1)

    assert unallocated(world)["counts"]["UNREGISTERED"] == 2
    assert unallocated(world, kind="UNREGISTERED")["total"] == 3


def test_who_was_sent_is_in_none_of_them(world):
    returned(world, "100")

    assert unallocated(world)["total"] == 0


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1"])
def test_only_konsorsium_bnsp_and_auditor_read_them(world, who):
    for reader in ("KO1", "BN1", "AU1", "SA1"):
        assert month(world, reader)["total"] == 3
        assert unallocated(world, reader)["total"] == 0

    with pytest.raises(NotPermitted):
        month(world, who)
    with pytest.raises(NotPermitted):
        unallocated(world, who)


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    blank = (None, "", "  ", [], {})
    changes_nothing(
        world,
        [
            *(lambda v=v: month(world, month=v) for v in WRONG),
            *(lambda v=v: month(world, limit=v) for v in WRONG),
            *(lambda v=v: month(world, offset=v) for v in WRONG),
            *(lambda v=v: month(world, search=v) for v in WRONG if v not in blank),
            *(lambda v=v: unallocated(world, code=v) for v in WRONG if v not in blank),
            *(lambda v=v: unallocated(world, kind=v) for v in WRONG if v not in blank),
            *(lambda v=v: unallocated(world, least_days=v) for v in WRONG if v is not None),
            lambda: month(world, month="2026-13"),
            lambda: world.desk("KO1").do(screen_capacity.capacity_day, tuk_code="TUK-9", exam_on=EXAM_ON, **PART),
        ],
    )
