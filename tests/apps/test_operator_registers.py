"""The registers on a page, without a browser: list, one entry, change with a reason, suspension, history, stale edit (§3.2; R-012)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.operator import messages, register_entry
from posko.services import registry_entries, screen_registers
from posko.services.registry_columns import REGISTERS
from tests.support.operator import cookies_of, field, look, press, said, say, texts_of
from tests.support.preparation import refused

pytestmark = pytest.mark.server
NASTY = ["", "  ", "a\x00b", "\u202eTUK", "0" * 16, "=1+1"]
PLAIN = ["<script>alert(1)</script>", "' or 1=1 --"]


@pytest.fixture
def page(world, monkeypatch):
    """The page as BNSP sees it."""
    return look("daftar-resmi", cookies_of(world, "BN1"), monkeypatch)


def open_register(page, name, place=0):
    page.selectbox(key="registers_which").set_value(name).run()
    return page.selectbox(key=f"registers_open:{name}").set_value(place).run()


def save(page, reason="Izin diperbarui"):
    field(page, "registers.reason").set_value(reason)
    return press(page, "registers.save")


def test_every_register_is_listed_and_every_column_has_a_name(world, page):
    for name, register in REGISTERS.items():
        assert all(f"registers.{column.name}" in messages.CATALOGUE for column in register.columns)
        shown = page.selectbox(key="registers_which").set_value(name).run()
        assert not shown.exception
        assert not said(shown)
        assert register_entry.name_of(name)


def test_the_address_names_the_register(world, monkeypatch):
    cookies = cookies_of(world, "BN1")
    page = look("daftar-resmi", cookies, monkeypatch, daftar="asesor")

    assert page.selectbox(key="registers_which").value == "asesor"
    assert "MET.1" in texts_of(page)
    page.selectbox(key="registers_which").set_value("station").run()
    assert page.query_params["daftar"] == "station"
    assert look("daftar-resmi", cookies, monkeypatch, daftar="<script>").selectbox(key="registers_which").value == "lsp"


def test_an_entry_is_changed_with_a_reason_and_both_states_stand_in_its_history(world, page):
    page = open_register(page, "tuk")
    field(page, "registers.capacity_per_day", "number_input").set_value(35)

    page = save(page)

    assert said(page, "success") == [say("registers.changed", key="TUK-1")]
    assert world.value("select capacity_per_day from posko.tuk where tuk_code = 'TUK-1'") == 35
    assert world.ask("select changed_by, reason from posko.registry_change") == [("BN1", "Izin diperbarui")]
    assert f"{say('registers.capacity_per_day')}: 20 → 35" in texts_of(page)
    assert ("registry.save", "register", "tuk/TUK-1") in world.events()


def test_without_a_reason_or_a_change_nothing_is_saved(world, page):
    page = open_register(page, "tuk")

    assert len(said(save(page))) == 1
    field(page, "registers.capacity_per_day", "number_input").set_value(35)
    assert len(said(save(page, ""))) == 1
    assert world.value("select count(*) from posko.registry_change") == 0


def test_an_entry_that_a_colleague_changed_meanwhile_is_refused_and_both_versions_are_shown(world, page):
    page = open_register(page, "tuk")
    world.desk("SA1").do(
        registry_entries.save, register="tuk", values={"tuk_code": "TUK-1", "city": "Bandung"}, reason="Pindah"
    )
    field(page, "registers.capacity_per_day", "number_input").set_value(35)

    page = save(page)

    assert len(said(page)) == 1
    shown = texts_of(page)
    assert "Kota 1" in shown
    assert "Bandung" in shown
    assert world.ask("select city, capacity_per_day from posko.tuk where tuk_code = 'TUK-1'") == [("Bandung", 20)]


def test_a_second_press_of_the_same_save_writes_nothing(world):
    desk = world.desk("BN1").once("the-form")
    told = {"register": "tuk", "values": {"tuk_code": "TUK-1", "capacity_per_day": 35}, "reason": "Izin"}

    assert desk.do(registry_entries.save, **told) == desk.do(registry_entries.save, **told)
    assert world.value("select count(*) from posko.registry_change") == 1


def test_a_new_entry_is_added_and_one_that_is_there_is_not_overwritten(world, page):
    page.selectbox(key="registers_which").set_value("tuk").run()
    page = press(page, "registers.add")

    def fill(page, code):
        field(page, "registers.tuk_code").set_value(code)
        field(page, "registers.tuk_name").set_value("TUK Baru")
        field(page, "registers.city").set_value("Bogor")
        field(page, "registers.capacity_per_day", "number_input").set_value(10)
        field(page, "registers.valid_from", "date_input").set_value(dt.date(2026, 1, 1))
        field(page, "registers.valid_until", "date_input").set_value(dt.date(2028, 1, 1))
        return save(page, "TUK baru terverifikasi")

    assert len(said(fill(page, "TUK-1"))) == 1
    assert world.value("select tuk_name from posko.tuk where tuk_code = 'TUK-1'") == "TUK 1"
    page = fill(page, "TUK-9")

    assert said(page, "success") == [say("registers.added", key="TUK-9")]
    assert world.value("select city from posko.tuk where tuk_code = 'TUK-9'") == "Bogor"


@pytest.mark.parametrize("typed", [*NASTY, *PLAIN])
def test_a_nasty_name_is_a_sentence_or_stands_as_plain_text(world, page, typed):
    page = open_register(page, "tuk")
    field(page, "registers.tuk_name").set_value(typed)

    page = save(page)

    assert not page.exception
    stored = world.value("select tuk_name from posko.tuk where tuk_code = 'TUK-1'")
    assert stored == (typed if typed in PLAIN else "TUK 1")
    assert bool(said(page)) is (typed not in PLAIN)
    assert "<script>alert" not in texts_of(page)


def test_dates_the_wrong_way_round_are_a_sentence(world, page):
    page = open_register(page, "lsp")
    field(page, "registers.valid_from", "date_input").set_value(dt.date(2031, 1, 1))

    assert len(said(save(page))) == 1
    assert world.value("select count(*) from posko.registry_change") == 0


def test_a_suspension_is_recorded_shown_and_lifted(world, page):
    page = open_register(page, "lsp")
    field(page, "registers.suspended_from", "date_input").set_value(dt.date(2026, 3, 2))
    next(one for one in page.text_input if str(one.key).startswith("suspend_reason")).set_value("Audit")
    page = press(page, "registers.suspend")
    assert said(page, "success") == [say("registers.suspended", number=1)]

    found = world.desk("AU1").do(screen_registers.listed, register="lsp", limit=20, offset=0, state="SUSPENDED")
    assert [row["lsp_code"] for row in found["rows"]] == ["LSP-1"]
    field(page, "registers.last_day", "date_input").set_value(dt.date(2026, 3, 1))
    next(one for one in page.text_input if str(one.key).startswith("lift_reason")).set_value("Audit selesai")
    page = press(page, "registers.lift")

    assert said(page, "success") == [say("registers.lifted", number=1)]
    assert (
        world.desk("AU1").do(screen_registers.listed, register="lsp", limit=20, offset=0, state="SUSPENDED")["total"]
        == 0
    )


def test_the_auditor_reads_and_is_offered_no_change(world, monkeypatch):
    page = look("daftar-resmi", cookies_of(world, "AU1"), monkeypatch)
    assert say("registers.add") not in [button.label for button in page.button]

    page = open_register(page, "lsp")

    assert say("registers.read_only") in said(page, "caption")
    assert say("registers.save") not in [button.label for button in page.button]
    assert refused(world.desk("AU1"), registry_entries.save, register="lsp", values={}, reason="x")


def test_a_list_is_searched_and_filtered_in_the_database(world):
    desk = world.desk("BN1")

    def codes(register, **asked):
        return [
            row["tuk_code"]
            for row in desk.do(screen_registers.listed, register=register, limit=2, offset=0, **asked)["rows"]
        ]

    assert codes("tuk") == ["TUK-1", "TUK-2"]
    assert codes("tuk", search="kota 3") == ["TUK-3"]
    assert codes("tuk", search="100%") == []
    assert codes("tuk", state="OVER") == []
    world.write("update posko.tuk set valid_until = '2026-01-01' where tuk_code = 'TUK-2'")
    assert codes("tuk", state="OVER") == ["TUK-2"]
    assert desk.do(screen_registers.listed, register="tuk", limit=2, offset=2)["rows"][0]["tuk_code"] == "TUK-3"


@pytest.mark.parametrize(
    "asked",
    [
        {"register": "staff"}, {"register": None}, {"register": "lsp", "limit": 0}, {"register": "lsp", "offset": -1},
        {"register": "lsp", "state": "ANY"}, {"register": "lsp", "search": "0" * 16}, {"register": "lsp", "search": "a\x00"},
    ],
)  # fmt: skip
def test_a_forged_question_is_refused(world, asked):
    assert refused(world.desk("BN1"), screen_registers.listed, **{"limit": 20, "offset": 0, **asked})


@pytest.mark.parametrize(
    "key", [None, {}, {"lsp_code": "LSP-9"}, {"lsp_code": "' or 1=1"}, {"tuk_code": "TUK-1"}, "LSP-1"]
)
def test_an_entry_that_is_not_there_is_refused(world, key):
    assert refused(world.desk("BN1"), screen_registers.entry, register="lsp", key=key).code == "UNKNOWN_ENTRY"
