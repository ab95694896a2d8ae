"""The register of blanks as its keeper reads it, and a range before it is given out (§13.12; R-138)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import printing, screen_blanks
from tests.support.assessed import sums
from tests.support.decided import decided, number_of

pytestmark = pytest.mark.server


@pytest.fixture
def number(world):
    """Blanks of LSP-1: 1 used twice over (2 is the reprint), 3 spoiled, 4 free; one free blank of LSP-2; the certificate's number."""
    made = number_of(decided(world, "9000001"))
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000004")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-2", first="BM000001", last="BM000001")
    world.desk("LS1").do(printing.print_certificate, certificate_no=made, blank_no="BL000001")
    world.desk("LS1").do(printing.print_certificate, certificate_no=made, blank_no="BL000002", reason="Sobek di jalan")
    world.desk("LS1").do(printing.spoil_blank, blank_no="BL000003", reason="Basah")
    return made


def rows(world, who="BN1", **asked):
    answer = world.desk(who).do(screen_blanks.listed, **asked)
    assert answer["total"] == len(answer["rows"])
    return answer["rows"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["BM000001", "BL000004", "BL000003", "BL000002", "BL000001"]), ({"lsp_code": "LSP-2"}, ["BM000001"]),
        ({"state": "USED"}, ["BL000002", "BL000001"]), ({"state": "SPOILED"}, ["BL000003"]), ({"search": "0004"}, ["BL000004"]),
        ({"search": "bm"}, ["BM000001"]), ({"state": "FREE", "lsp_code": "LSP-1"}, ["BL000004"]), ({"search": "%"}, []),
        ({"lsp_code": "LSP-9"}, []),
    ],
)  # fmt: skip
def test_each_filter_narrows_the_register(world, number, asked, found):
    assert [row["blank_no"] for row in rows(world, **asked)] == found


def test_a_blank_tells_what_became_of_it_when_by_whom_and_why(world, number):
    _, free, spoiled, reprint, first = rows(world, "AU1")

    told = ("state", "certificate_no", "copy_no", "changed_by", "reason")
    assert [[row[name] for name in told] for row in (free, spoiled, reprint, first)] == [
        ["FREE", None, None, None, None],
        ["SPOILED", None, None, "LS1", "Basah"],
        ["USED", number, 2, "LS1", "Sobek di jalan"],
        ["USED", number, 1, "LS1", None],
    ]
    assert free["changed_at"] is None
    assert all(row["changed_at"] >= row["issued_at"] for row in (reprint, first))
    assert spoiled["changed_at"]
    assert {row["issued_by"] for row in (free, spoiled, reprint, first)} == {"BN1"}


def test_a_page_holds_a_part_and_counts_all(world, number):
    answer = world.desk("BN1").do(screen_blanks.listed, limit=2, offset=1)

    assert (answer["total"], [row["blank_no"] for row in answer["rows"]]) == (5, ["BL000004", "BL000003"])


def test_the_stock_names_every_lsp_also_one_without_blanks(world, number):
    world.write("delete from posko.blank where lsp_code = 'LSP-2'")

    found = {
        row["lsp_code"]: (row["free"], row["used"], row["spoiled"])
        for row in world.desk("SA1").do(screen_blanks.stocks)
    }

    assert found == {"LSP-1": (1, 2, 1), "LSP-2": (0, 0, 0)}
    lsp_1 = world.desk("LS1").do(printing.stock, lsp_code="LSP-1")
    assert (lsp_1["free"], lsp_1["used"], lsp_1["spoiled"]) == found["LSP-1"]


@pytest.mark.parametrize("asked", [{"last": "BL000019"}, {"last": "BL000019", "count": None}, {"count": 10}])
def test_a_plan_says_what_would_be_given_out_and_gives_nothing_out(world, number, asked):
    before = sums(world)

    plan = world.desk("BN1").do(screen_blanks.plan, lsp_code="LSP-1", first="BL000010", **asked)

    shown = {name: plan[name] for name in ("lsp_code", "first", "last", "blanks", "free")}
    assert shown == {"lsp_code": "LSP-1", "first": "BL000010", "last": "BL000019", "blanks": 10, "free": 1}
    assert sums(world) == before
    given = world.desk("BN1").do(printing.issue_blanks, **{name: plan[name] for name in ("lsp_code", "first", "last")})
    assert given == {"issued": 10}
    assert world.value("select count(*) from posko.blank where lsp_code = 'LSP-1' and state = 'FREE'") == 11


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"lsp_code": None}, "TEXT_EMPTY"), ({"lsp_code": "LSP-9"}, "UNKNOWN_LSP"), ({"lsp_code": "' or 1"}, "NO_SUCH_CODE"),
        ({"first": ""}, "TEXT_EMPTY"), ({"first": "bl000010"}, "BLANK_SHAPE"), ({"first": "000010"}, "BLANK_SHAPE"),
        ({"first": "3603054105830001"}, "LOOKS_LIKE_NIK"), ({"first": "BL\x0010"}, "TEXT_CONTROL"), ({"first": "B" * 31}, "TEXT_TOO_LONG"),
        ({"count": None}, "BLANK_COUNT"), ({"last": "BL000019"}, "BLANK_COUNT"), ({"count": 0}, "NOT_A_NUMBER"),
        ({"count": 1.5}, "NOT_A_NUMBER"), ({"count": True}, "NOT_A_NUMBER"), ({"count": 10_001}, "BLANK_RANGE"),
        ({"first": "BL999999"}, "BLANK_RANGE"), ({"last": "BL000009", "count": None}, "BLANK_RANGE"),
        ({"last": "BM000019", "count": None}, "BLANK_RANGE"), ({"last": "BL19", "count": None}, "BLANK_RANGE"),
        ({"last": " ", "count": None}, "TEXT_EMPTY"), ({"first": "BL000004"}, "BLANK_EXISTS"),
        ({"first": "BL000003", "count": 1}, "BLANK_EXISTS"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_given_out_is_refused_before_anybody_presses(world, number, asked, code):
    before = sums(world)

    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(screen_blanks.plan, **{"lsp_code": "LSP-1", "first": "BL000010", "count": 5, **asked})

    assert refused.value.code == code
    assert sums(world) == before


@pytest.mark.parametrize(
    "do",
    [
        lambda desk: desk.do(screen_blanks.plan, lsp_code="LSP-2", first="BL000002", count=10),
        lambda desk: desk.do(printing.issue_blanks, lsp_code="LSP-2", first="BL000002", last="BL000011"),
    ],
)
def test_numbers_that_exist_are_named_with_their_count_the_first_and_who_has_it(world, number, do):
    with pytest.raises(Refused) as refused:
        do(world.desk("BN1"))

    sentence = "3 dari blangko BL000002 sampai BL000011 sudah pernah dibagikan, yang pertama BL000002 kepada LSP-1."
    assert str(refused.value).startswith(sentence)


def test_a_number_of_another_length_or_series_is_another_number(world, number):
    plan = world.desk("BN1").do(screen_blanks.plan, lsp_code="LSP-1", first="BL1", last="BL9")

    assert plan["blanks"] == 9
    assert world.desk("BN1").do(screen_blanks.plan, lsp_code="LSP-1", first="BLA000001", count=4)["last"] == "BLA000004"


def test_of_two_who_give_out_the_same_number_at_once_the_second_is_told_who_has_it(world):
    def give(who, lsp):
        try:
            return world.desk(who).do(printing.issue_blanks, lsp_code=lsp, first="BL000001", last="BL000500")["issued"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(give, ("BN1", "BN2"), ("LSP-1", "LSP-2")))

    assert sorted(map(str, answers)) == ["500", "BLANK_EXISTS"]
    assert world.ask("select count(*), count(distinct lsp_code) from posko.blank") == [(500, 1)]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
@pytest.mark.parametrize("read", [screen_blanks.listed, screen_blanks.stocks])
def test_who_keeps_no_registers_reads_no_blanks_of_all(world, who, read):
    with pytest.raises(NotPermitted):
        world.desk(who).do(read)


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_who_gives_no_blanks_out_plans_none(world, who):
    with pytest.raises(NotPermitted):
        world.desk(who).do(screen_blanks.plan, lsp_code="LSP-1", first="BL000001", count=1)


@pytest.mark.parametrize("asked", [{"state": "?"}, {"lsp_code": "' or 1=1 --"}, {"search": "x" * 65}, {"limit": 0}])
def test_wrong_filters_are_refused(world, asked):
    with pytest.raises(Refused):
        rows(world, **asked)
