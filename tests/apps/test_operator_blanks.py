"""The register of blanks on its page: a range looked at, then given to an LSP once (§13.12; R-138), without a browser."""

from __future__ import annotations

import pytest

from apps.operator import opened
from posko.services import printing
from tests.support.operator import NASTY, cookies_of, field, labels, look, press, said, say, texts_of

pytestmark = pytest.mark.server
GO = say("blanks.go", count="10", lsp="LSP-1")


@pytest.fixture
def page(world, monkeypatch):
    return look("blangko", cookies_of(world, "BN1"), monkeypatch)


def ask(page, *, lsp="LSP-1", first="BL000001", count=None, last=""):
    if lsp is not None:
        field(page, "blanks.to_lsp", "selectbox").set_value(lsp)
    field(page, "blanks.first").set_value(first)
    field(page, "blanks.count", "number_input").set_value(count)
    field(page, "blanks.last").set_value(last)
    return press(page, "blanks.look")


def give_out(page):
    return next(button for button in page.button if button.label == GO).click().run()


def blanks(world):
    return world.value("select count(*) from posko.blank")


@pytest.mark.parametrize("asked", [{"count": 10}, {"last": "BL000010"}])
def test_a_range_is_shown_first_and_given_out_at_the_press(world, page, asked):
    page = ask(page, **asked)

    shown = texts_of(page)
    assert say("blanks.planned") in shown
    assert "BL000001 .. BL000010" in shown
    assert blanks(world) == 0

    page = give_out(page)

    assert not page.exception
    assert said(page, "success") == [say("blanks.done", count="10", first="BL000001", last="BL000010", lsp="LSP-1")]
    assert world.ask("select lsp_code, state, issued_by, count(*) from posko.blank group by 1, 2, 3") == [
        ("LSP-1", "FREE", "BN1", 10)
    ]
    assert GO not in labels(page)
    assert not field(page, "blanks.first").value
    assert "BL000010" in texts_of(page)
    assert ("blank.issue", "lsp", "LSP-1") in world.events()


def test_a_second_submit_of_the_same_look_writes_nothing_and_gets_the_first_answer(world, page):
    page = ask(page, count=10)
    seen = page.session_state["posko_opened:blanks_plan"]
    page = give_out(page)
    page.session_state["posko_opened:blanks_plan"] = opened.Opened(seen.asked, seen.seen, seen.token)
    page.session_state["blanks_asked"] = seen.asked

    page = give_out(page.run())

    assert said(page) == []
    assert len(said(page, "success")) == 1
    assert blanks(world) == 10
    assert world.events().count(("blank.issue", "lsp", "LSP-1")) == 1


def test_numbers_that_exist_are_refused_at_the_look_with_the_first_of_them(world, page):
    world.desk("BN2").do(printing.issue_blanks, lsp_code="LSP-2", first="BL000004", last="BL000005")

    page = ask(page, count=10)

    (sentence,) = said(page)
    assert "2 dari blangko BL000001 sampai BL000010" in sentence
    assert "BL000004 kepada LSP-2" in sentence
    assert GO not in labels(page)
    assert field(page, "blanks.first").value == "BL000001"


def test_numbers_that_a_colleague_gave_out_meanwhile_are_refused_at_the_press(world, page):
    page = ask(page, count=10)
    world.desk("BN2").do(printing.issue_blanks, lsp_code="LSP-2", first="BL000010", last="BL000010")

    page = give_out(page)

    (sentence,) = said(page)
    assert "BL000010 kepada LSP-2" in sentence
    assert blanks(world) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"lsp": None, "count": 1}, {"first": "", "count": 1}, {}, {"count": 2, "last": "BL000002"}, {"last": "BL0"}, {"last": "AA000001"},
        {"first": "BL999999", "count": 2}, *({"first": typed, "count": 1} for typed in NASTY), *({"last": typed} for typed in NASTY),
    ],
)  # fmt: skip
def test_what_is_no_range_is_one_sentence_and_writes_nothing(world, page, asked):
    page = ask(page, **asked)

    assert not page.exception
    assert len(said(page)) == 1
    assert GO not in labels(page)
    assert blanks(world) == 0


def test_the_register_is_filtered_by_lsp_state_and_number(world, monkeypatch):
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000002")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-2", first="BM000001", last="BM000001")
    world.desk("LS1").do(printing.spoil_blank, blank_no="BL000002", reason="Basah")
    cookies = cookies_of(world, "AU1")

    found = {}
    for query in ({}, {"lsp": "LSP-2"}, {"keadaan": "SPOILED"}, {"cari": "0001"}):
        asked = {f"blangko_{name}": value for name, value in query.items()}
        shown = texts_of(look("blangko", cookies, monkeypatch, **asked))
        found[str(query)] = [number for number in ("BL000001", "BL000002", "BM000001") if number in shown]

    assert list(found.values()) == [
        ["BL000001", "BL000002", "BM000001"],
        ["BM000001"],
        ["BL000002"],
        ["BL000001", "BM000001"],
    ]


def test_the_auditor_reads_the_register_and_gives_nothing_out(world, monkeypatch):
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000001")

    page = look("blangko", cookies_of(world, "AU1"), monkeypatch)

    assert "BL000001" in texts_of(page)
    assert say("blanks.read_only") in texts_of(page)
    assert say("blanks.look") not in labels(page)
