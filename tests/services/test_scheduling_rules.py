"""Whether a TKI may be tested there, then, by this assessor: both sides of each rule (§3.2, §3.4, §12.5; DV-A01..A08, A13, E09, N08)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.fraud.small_world import EXAM_ON
from posko.services import registration, scheduling
from tests.support.preparation import parameter, place, refused, registered, registers

pytestmark = pytest.mark.server

PLACE = {"exam_on": EXAM_ON, "lsp_code": "LSP-1", "tuk_code": "TUK-1", "met_no": "MET.1"}
NEXT_DAY = EXAM_ON + dt.timedelta(days=1)


def set_(table, what, where):
    return f"update posko.{table} set {what} where {where}"


def suspend(kind, code, since="2026-03-09", until="2026-03-09"):
    return f"insert into posko.suspension values (null, '{kind}', '{code}', '{since}', '{until}', 'x')"


def tie(party, code, body, body_code, since="2026-01-01", until="null"):
    return f"insert into posko.ownership_tie values (null, '{party}', '{code}', '{body}', '{body_code}', '{since}', {until}, 'akta')"


FORBIDDEN = [
    ({"lsp_code": "LSP-9"}, None, "LSP_UNKNOWN", "DV-A03"),
    ({}, set_("lsp", "valid_until = '2026-03-08'", "lsp_code = 'LSP-1'"), "LSP_EXPIRED", "DV-A03"),
    ({}, set_("lsp", "valid_from = '2026-03-10'", "lsp_code = 'LSP-1'"), "LSP_EXPIRED", "DV-A03"),
    ({}, suspend("LSP", "LSP-1"), "LSP_SUSPENDED", "DV-A03"),
    ({"tuk_code": "TUK-9"}, None, "TUK_UNKNOWN", "DV-A03"),
    ({}, set_("tuk", "valid_until = '2026-03-08'", "tuk_code = 'TUK-1'"), "TUK_EXPIRED", "DV-A03"),
    ({}, suspend("TUK", "TUK-1", "2026-03-01"), "TUK_SUSPENDED", "DV-A03"),
    ({"tuk_code": "TUK-3"}, None, "TUK_NOT_OF_LSP", "DV-A03"),
    ({}, set_("tuk_lsp", "valid_until = '2026-03-08'", "tuk_code = 'TUK-1'"), "TUK_NOT_OF_LSP", "DV-A03"),
    ({}, set_("tuk_lsp", "scheme_code = 'LAIN'", "tuk_code = 'TUK-1'"), "TUK_NOT_OF_LSP", "DV-A03"),
    ({}, set_("tuk", "capacity_per_day = 0", "tuk_code = 'TUK-1'"), "TUK_FULL", "DV-A04"),
    ({"met_no": "MET.9"}, None, "ASESOR_UNKNOWN", "DV-A05"),
    ({"met_no": "MET.3"}, None, "ASESOR_OF_OTHER_LSP", "DV-A05"),
    ({}, set_("asesor", "valid_until = '2026-03-08'", "met_no = 'MET.1'"), "ASESOR_EXPIRED", "DV-A05"),
    ({}, set_("asesor_scheme", "valid_until = '2026-03-08'", "met_no = 'MET.1'"), "ASESOR_SCHEME", "DV-A05"),
    ({}, suspend("ASESOR", "MET.1"), "ASESOR_SUSPENDED", "DV-A05"),
    ({}, tie("PPTKIS", " duta ananda setia", "TUK", "TUK-1"), "TIED", "DV-A08"),
    ({}, tie("BLKLN", "H05AN001", "LSP", "LSP-1"), "TIED", "DV-A08"),
    ({}, set_("candidate", "born_on = '2005-03-10'", "1 = 1"), "TOO_YOUNG", "DV-E09"),
    ({}, set_("candidate", "born_on = '2008-03-10', sector = 'Formal'", "1 = 1"), "TOO_YOUNG", "DV-E09"),
    ({}, "insert into posko.closed_day values ('2026-03-09', '*', 'libur')", "DAY_CLOSED", None),
    ({}, "insert into posko.closed_day values ('2026-03-09', 'TUK-1', 'rusak')", "DAY_CLOSED", None),
    ({"exam_on": dt.date(2026, 3, 2)}, None, "DAY_TOO_EARLY", None),
    ({"exam_on": dt.date(2026, 3, 1)}, None, "DAY_TOO_EARLY", None),
    ({"exam_on": dt.date(2027, 3, 4)}, None, "DAY_TOO_FAR", None),
    ({"exam_on": dt.date.max}, None, "DATE_FAR", None),
    ({}, "insert into posko_model.fct_tki_held_back values ('100', 'DV-E05', 'Ditutup.', 'H05AN001', 1)", "TKI_HELD_BACK", "DV-E05"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "statement", "code", "rule"), FORBIDDEN)
def test_what_the_rules_forbid_is_refused_under_its_rule_and_books_nothing(world, other, statement, code, rule):
    (journey_id,) = registered(world, "100")
    if statement:
        registers(world, statement)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **{**PLACE, **other})

    assert (refusal.code, refusal.rule) == (code, rule)
    assert world.ask("select rule_id, tki_id from posko.deviation") == ([(rule, "100")] if rule else [])
    assert world.status("100") == "REGISTERED"
    for table in ("exam_session", "allocation", "tuk_day", "asesor_day"):
        assert world.value(f"select count(*) from posko.{table}") == 0


@pytest.mark.parametrize(
    "statement",
    [
        set_("lsp", "valid_from = '2026-03-09', valid_until = '2026-03-09'", "lsp_code = 'LSP-1'"),
        set_("tuk", "valid_from = '2026-03-09', valid_until = '2026-03-09'", "tuk_code = 'TUK-1'"),
        set_("tuk_lsp", "valid_from = '2026-03-09', valid_until = '2026-03-09'", "tuk_code = 'TUK-1'"),
        set_("asesor", "valid_until = '2026-03-09'", "met_no = 'MET.1'"),
        suspend("LSP", "LSP-1", "2026-03-10", "2026-03-20"),
        suspend("TUK", "TUK-1", "2026-02-01", "2026-03-08"),
        suspend("ASESOR", "MET.2"),
        tie("PPTKIS", "DUTA ANANDA SETIA", "TUK", "TUK-2"),
        tie("PPTKIS", "DUTA ANANDA SETIA", "TUK", "TUK-1", until="'2026-03-08'"),
        tie("BLKLN", "H05AN002", "LSP", "LSP-1"),
        set_("candidate", "born_on = '2005-03-09'", "1 = 1"),
        set_("candidate", "born_on = '2008-03-09', sector = 'Formal'", "1 = 1"),
        "insert into posko.closed_day values ('2026-03-09', 'TUK-2', 'rusak')",
        "insert into posko.closed_day values ('2026-03-10', '*', 'libur')",
    ],
)
def test_the_other_side_of_each_rule_is_allowed(world, statement):
    (journey_id,) = registered(world, "100")
    registers(world, statement)

    place(world, journey_id)

    assert world.status("100") == "ALLOCATED"


def test_the_day_after_today_and_a_year_ahead_are_allowed(world):
    first, second = registered(world, "100", "101")

    place(world, first, exam_on=dt.date(2026, 3, 3))
    place(world, second, exam_on=dt.date(2027, 3, 3))


def test_a_full_day_is_refused_and_the_next_is_not(world):
    registers(world, set_("tuk", "capacity_per_day = 1", "tuk_code = 'TUK-1'"))
    first, second = registered(world, "100", "101")
    place(world, first)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=second, **PLACE)

    assert (refusal.code, refusal.rule) == ("TUK_FULL", "DV-A04")
    place(world, second, exam_on=NEXT_DAY)


def test_a_capacity_that_was_raised_counts_at_once_and_one_that_was_lowered_sells_no_more(world):
    registers(world, set_("tuk", "capacity_per_day = 1", "tuk_code = 'TUK-1'"))
    first, second, third = registered(world, "100", "101", "102")
    place(world, first)
    registers(world, set_("tuk", "capacity_per_day = 2", "tuk_code = 'TUK-1'"))
    place(world, second)
    registers(world, set_("tuk", "capacity_per_day = 1", "tuk_code = 'TUK-1'"))

    assert refused(world.desk("KO1"), scheduling.schedule, journey_id=third, **PLACE).code == "TUK_FULL"
    assert world.ask("select capacity, booked from posko.tuk_day") == [(2, 2)]


def test_an_assessor_has_no_more_than_her_load(world):
    parameter(world, "asesor_per_day", 1)
    first, second = registered(world, "100", "101")
    place(world, first)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=second, **PLACE)

    assert (refusal.code, refusal.rule) == ("ASESOR_FULL", "DV-A07")
    place(world, second, met_no="MET.2")


@pytest.mark.parametrize(("city", "slot", "is_free"), [("Kota 1", 1, False), ("Kota 1", 2, True), ("Kota 2", 2, False)])
def test_an_assessor_is_in_one_place_at_a_time_and_in_one_city_a_day(world, city, slot, is_free):
    registers(world, set_("tuk", f"city = '{city}'", "tuk_code = 'TUK-2'"))
    first, second = registered(world, "100", "101")
    place(world, first)
    there = {**PLACE, "tuk_code": "TUK-2", "slot": slot, "reason": "uji"}

    if is_free:
        place(world, second, **there)
    else:
        refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=second, **there)
        assert (refusal.code, refusal.rule) == ("ASESOR_ELSEWHERE", "DV-A06")


def test_a_cancelled_session_frees_the_assessor(world):
    first, second = registered(world, "100", "101")
    place(world, first)
    world.write("update posko.exam_session set status = 'CANCELLED'")

    place(world, second, tuk_code="TUK-2", reason="uji")


def test_nobody_is_added_to_a_session_that_has_begun(world):
    first, second = registered(world, "100", "101")
    place(world, first)
    world.write("update posko.exam_session set status = 'OPEN'")

    assert refused(world.desk("KO1"), scheduling.schedule, journey_id=second, **PLACE).code == "SESSION_BEGUN"


@pytest.mark.parametrize("status", ["ALLOCATED", "RETURNED_TO_BNSP", "BALANCED", "DISTRIBUTED", "ACKNOWLEDGED"])
def test_a_tki_has_one_place(world, status):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)
    world.write("update posko.journey set status = :status", status=status)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **{**PLACE, "exam_on": NEXT_DAY})

    assert (refusal.code, refusal.rule) == ("ALREADY_ALLOCATED", "DV-A01")
    assert world.value("select count(*) from posko.allocation") == 1


def test_the_unique_key_lets_nobody_have_two_places_even_past_the_state(world):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)
    world.write("update posko.journey set status = 'REGISTERED'")

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **{**PLACE, "exam_on": NEXT_DAY})

    assert (refusal.code, refusal.rule) == ("ALREADY_ALLOCATED", "DV-A01")


def test_who_is_not_registered_or_was_tested_cannot_be_scheduled(world):
    world.add_tki("101")
    (journey_id,) = registered(world, "100")
    stranger = world.journey_id("101")

    assert refused(world.desk("KO1"), scheduling.schedule, journey_id=stranger, **PLACE).code == "NOT_REGISTERED_YET"
    assert refused(world.desk("KO1"), scheduling.schedule, journey_id=999, **PLACE).code == "UNKNOWN_JOURNEY"
    world.write("update posko.journey set status = 'TESTED'")
    assert refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **PLACE).rule == "DV-X01"


def test_the_payment_gate_stops_who_has_not_paid_only_when_it_is_on(world):
    first, second = registered(world, "100", "101")
    place(world, first)
    parameter(world, "payment_gate", 1)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=second, **PLACE)

    assert (refusal.code, refusal.rule) == ("PAYMENT_DUE", "DV-A13")
    world.desk("KO1").do(registration.set_payment, journey_id=second, payment_status="DIBEBASKAN")
    place(world, second)


@pytest.mark.parametrize("status", ["ABSENT", "TURNED_AWAY_NOT_REGISTERED", "TURNED_AWAY_NO_MATCH"])
def test_who_was_absent_or_turned_away_gets_the_next_attempt(world, status):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)
    world.write("update posko.journey set status = :status", status=status)
    world.at(EXAM_ON, 17)

    place(world, journey_id, exam_on=NEXT_DAY)

    assert world.ask("select attempt_no, status from posko.journey") == [(2, "ALLOCATED")]
    assert world.ask("select attempt_no from posko.allocation order by 1") == [(1,), (2,)]


def test_a_retake_inside_the_interval_or_beyond_the_last_attempt_is_refused(world):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)
    world.write("update posko.journey set status = 'ABSENT'")
    parameter(world, "retake_days", 7)
    day = EXAM_ON + dt.timedelta(days=6)

    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **{**PLACE, "exam_on": day})
    assert (refusal.code, refusal.rule) == ("RETAKE_TOO_SOON", "DV-N08")
    parameter(world, "attempts_most", 1)
    later = {**PLACE, "exam_on": EXAM_ON + dt.timedelta(days=7)}
    refusal = refused(world.desk("KO1"), scheduling.schedule, journey_id=journey_id, **later)
    assert (refusal.code, refusal.rule) == ("ATTEMPTS_USED", "DV-N08")
    parameter(world, "attempts_most", 2)
    place(world, journey_id, **later)
