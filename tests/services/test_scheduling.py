"""The window "Atur Jadwal Ujian": lists, judges, seats (§12.5, Gambar 6; R-089, R-090, R-097..R-099, R-183, DV-A01..A08, A13, E09, N08)."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from apps.fraud.small_world import EXAM_ON
from posko.services import scheduling
from tests.support.preparation import WRONG, changes_nothing, place, refused, registered, registers

pytestmark = pytest.mark.server

PLACE = {"exam_on": EXAM_ON, "lsp_code": "LSP-1", "tuk_code": "TUK-1", "met_no": "MET.1"}
NEXT_DAY = EXAM_ON + dt.timedelta(days=1)


def choices(world, **asked):
    return world.desk("KO1").do(scheduling.choices, **{"exam_on": EXAM_ON, **asked})


def codes(rows, name):
    return [row[name] for row in rows]


# lists of the window


def test_the_lists_depend_on_each_other_and_hold_only_registered_names(world):
    first = choices(world)
    assert codes(first["lsp"], "lsp_code") == ["LSP-1", "LSP-2"]
    assert (first["tuk"], first["asesor"]) == ([], [])

    second = choices(world, lsp_code="LSP-1")
    assert codes(second["tuk"], "tuk_code") == ["TUK-1", "TUK-2"]

    third = choices(world, lsp_code="LSP-1", tuk_code="TUK-1")
    assert codes(third["asesor"], "met_no") == ["MET.1", "MET.2"]
    assert choices(world, lsp_code="XXX")["tuk"] == []


def test_the_lists_tell_what_is_free(world):
    for journey_id in registered(world, "100", "101"):
        place(world, journey_id)

    found = choices(world, lsp_code="LSP-1", tuk_code="TUK-1")

    assert [(row["lsp_code"], row["free"]) for row in found["lsp"]] == [("LSP-1", 38), ("LSP-2", 20)]
    assert [(row["tuk_code"], row["capacity"], row["free"]) for row in found["tuk"]] == [
        ("TUK-1", 20, 18),
        ("TUK-2", 20, 20),
    ]
    assert [(row["met_no"], row["free"]) for row in found["asesor"]] == [("MET.1", 18), ("MET.2", 20)]


def test_an_assessor_who_is_in_another_city_that_day_is_not_offered(world):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)

    assert codes(choices(world, lsp_code="LSP-1", tuk_code="TUK-2")["asesor"], "met_no") == ["MET.2"]


@pytest.mark.parametrize(
    ("statement", "lsp", "tuk", "asesor"),
    [
        ("update posko.lsp set valid_until = '2026-03-08' where lsp_code = 'LSP-1'", ["LSP-2"], [], ["MET.1", "MET.2"]),
        (
            "update posko.tuk set valid_until = '2026-03-08' where tuk_code = 'TUK-1'",
            ["LSP-1", "LSP-2"],
            ["TUK-2"],
            None,
        ),
        (
            "update posko.tuk_lsp set valid_from = '2026-03-10' where tuk_code = 'TUK-1'",
            ["LSP-1", "LSP-2"],
            ["TUK-2"],
            None,
        ),
        (
            "insert into posko.suspension values (1, 'TUK', 'TUK-1', '2026-03-01', null, 'x')",
            ["LSP-1", "LSP-2"],
            ["TUK-2"],
            None,
        ),
        (
            "insert into posko.suspension values (1, 'ASESOR', 'MET.1', '2026-03-01', '2026-03-09', 'x')",
            None,
            None,
            ["MET.2"],
        ),
        ("update posko.asesor_scheme set valid_until = '2026-03-08' where met_no = 'MET.1'", None, None, ["MET.2"]),
        ("insert into posko.closed_day values ('2026-03-09', '*', 'libur')", [], [], None),
        ("insert into posko.closed_day values ('2026-03-09', 'TUK-1', 'rusak')", None, ["TUK-2"], None),
    ],
)
def test_what_the_register_forbids_on_the_day_is_not_offered(world, statement, lsp, tuk, asesor):
    registers(world, statement)

    found = choices(world, lsp_code="LSP-1")

    assert codes(found["lsp"], "lsp_code") == (["LSP-1", "LSP-2"] if lsp is None else lsp)
    assert codes(found["tuk"], "tuk_code") == (["TUK-1", "TUK-2"] if tuk is None else tuk)
    assert codes(found["asesor"], "met_no") == (["MET.1", "MET.2"] if asesor is None else asesor)


# the act


def test_one_window_schedules_and_allocates(world):
    (journey_id,) = registered(world, "100")

    session_id = place(world, journey_id)

    assert world.status("100") == "ALLOCATED"
    assert world.ask(
        "select session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_by from posko.exam_session"
    ) == [(session_id, "TUK-1", "LSP-1", "TLRT", EXAM_ON, 1, "MET.1", "PLANNED", "KO1")]
    assert world.ask(
        "select journey_id, attempt_no, session_id, proposed_on, proposed_tuk_code, proposed_lsp_code from posko.allocation"
    ) == [(journey_id, 1, session_id, EXAM_ON, "TUK-1", "LSP-1")]
    assert world.ask("select session_id, met_no, appointed_by, ended_at from posko.appointment") == [
        (session_id, "MET.1", "KO1", None)
    ]
    assert world.ask("select booked from posko.tuk_day union all select booked from posko.asesor_day") == [(1,), (1,)]


def test_each_change_of_state_has_its_event(world):
    (journey_id,) = registered(world, "100")

    session_id = place(world, journey_id)

    assert world.ask(
        "select entity, entity_key, json_value(payload, '$.from'), json_value(payload, '$.to') from posko_audit.audit_event"
        " where action = 'scheduling.schedule' order by event_id"
    ) == [
        ("session", str(session_id), None, "PLANNED"),
        ("journey", "100/TLRT/1", "REGISTERED", "SCHEDULED"),
        ("journey", "100/TLRT/1", "SCHEDULED", "ALLOCATED"),
    ]


def test_the_same_place_and_assessor_is_one_session(world):
    first, second = registered(world, "100", "101")

    assert place(world, first) == place(world, second)
    assert world.value("select count(*) from posko.exam_session") == 1


def test_two_slots_of_one_day_at_one_tuk_are_two_sessions(world):
    first, second = registered(world, "100", "101")

    assert place(world, first) != place(world, second, slot=2)


def test_the_day_may_be_given_as_iso_text(world):
    (journey_id,) = registered(world, "100")

    place(world, journey_id, exam_on=EXAM_ON.isoformat())

    assert world.value("select exam_on from posko.exam_session") == EXAM_ON


def test_another_place_than_the_rule_proposes_needs_a_reason_and_stands_in_the_register(world):
    (journey_id,) = registered(world, "100")
    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **{**PLACE, "tuk_code": "TUK-2"})
    assert (refusal.code, refusal.rule) == ("REASON_MISSING", "DV-A02")

    place(world, journey_id, tuk_code="TUK-2", reason="TUK-1 jauh dari asrama")

    assert world.value("select reason from posko.allocation") == "TUK-1 jauh dari asrama"
    assert world.ask("select rule_id, mode, tki_id from posko.deviation order by deviation_id") == [
        ("DV-A02", "P", "100"),
        ("DV-A02", "D", "100"),
    ]


def test_another_day_at_the_proposed_place_needs_no_reason(world):
    (journey_id,) = registered(world, "100")

    place(world, journey_id, exam_on=NEXT_DAY)

    assert world.value("select count(*) from posko.deviation") == 0


def test_who_has_no_proposal_may_go_anywhere(world):
    (journey_id,) = registered(world, "100")
    world.write("delete from posko_model.fct_tuk_proposal")

    place(world, journey_id, tuk_code="TUK-2")

    assert world.value("select proposed_tuk_code from posko.allocation") is None


def test_a_double_submit_books_one_seat_and_gets_the_first_answer(world):
    (journey_id,) = registered(world, "100")
    desk = world.desk("KO1").once("form-1")

    first, second = (desk.do(scheduling.schedule, journey_id=journey_id, **PLACE) for _ in range(2))

    assert first == second
    assert world.ask("select booked from posko.tuk_day") == [(1,)]


@pytest.mark.parametrize("table", ["exam_session", "journey", "tuk", "asesor", "lsp"])
def test_nothing_that_a_candidate_depends_on_can_be_deleted(world, table):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)

    with pytest.raises(sa.exc.OperationalError, match="denied"), world.office.engine.begin() as db:
        db.execute(sa.text(f"delete from posko.{table}"))
    with pytest.raises(sa.exc.IntegrityError):
        world.write(f"delete from posko.{table}")
    assert world.value("select count(*) from posko.allocation") == 1


@pytest.mark.parametrize("who", ["LS1", "TU1", "AS1", "BN1", "AU1"])
def test_only_the_konsorsium_schedules(world, who):
    (journey_id,) = registered(world, "100")

    changes_nothing(
        world,
        [
            lambda: world.desk(who).do(scheduling.schedule, journey_id=journey_id, **PLACE),
            lambda: world.desk(who).do(scheduling.choices, exam_on=EXAM_ON),
        ],
    )


def test_wrong_input_is_refused_in_words_and_changes_nothing(world):
    (journey_id,) = registered(world, "100")
    desk, days = (
        world.desk("KO1"),
        ["09-03-2026", "2026-02-30", "20260309", dt.datetime.fromisoformat("2026-03-09T00:00"), 20260309],
    )
    wrong = [
        (name, value) for name in ("journey_id", "exam_on", "lsp_code", "tuk_code", "met_no", "slot") for value in WRONG
    ]
    wrong += [("exam_on", day) for day in days] + [
        ("slot", 10),
        ("slot", 0),
        ("reason", "3603054105830001"),
        ("reason", 7),
    ]
    wrong += [("reason", "x" * 501), ("reason", "a\x00"), ("journey_id", 2**63)]

    changes_nothing(
        world,
        [
            *(
                lambda change=change: desk.do(
                    scheduling.schedule, **{"journey_id": journey_id, **PLACE, **dict([change])}
                )
                for change in wrong
            ),
            *(lambda day=day: desk.do(scheduling.choices, exam_on=day) for day in [*WRONG, *days]),
            *(
                lambda code=code: desk.do(scheduling.choices, exam_on=EXAM_ON, lsp_code=code)
                for code in WRONG
                if code is not None
            ),
        ],
    )
