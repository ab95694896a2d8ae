"""Printing on numbered blanks: each copy counted, each blank accounted for (§13.12; R-138, DV-C03)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import certificate_status, decision, printing
from tests.support.assessed import assessed, ids, sums

pytestmark = pytest.mark.server

FIRST, SECOND = "PRT.1025.2026.0000001", "PRT.1025.2026.0000002"


@pytest.fixture
def ready(world):
    """Two certificates of LSP-1 with ten blanks, and one blank of LSP-2."""
    world.desk("LS1").do(decision.decide, session_id=assessed(world, ids(2)), sk_no="SK-1")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000010")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-2", first="BL000011", last="BL000011")
    return world


def printed(world, who="LS1", **more):
    asked = {"certificate_no": FIRST, "blank_no": "BL000001", **more}
    return world.desk(who).do(printing.print_certificate, **asked)


def test_the_first_print_needs_no_reason_and_every_further_one_is_a_copy_with_a_reason(ready):
    assert printed(ready) == {"copy_no": 1, "is_copy": False}
    assert printed(ready, blank_no="BL000002", reason="rusak di jalan") == {"copy_no": 2, "is_copy": True}

    assert ready.ask("select copy_no, blank_no, reason, printed_by from posko.print_event order by copy_no") == [
        (1, "BL000001", None, "LS1"),
        (2, "BL000002", "rusak di jalan", "LS1"),
    ]


def test_the_stock_adds_up(ready):
    printed(ready)
    printed(ready, certificate_no=SECOND, blank_no="BL000002")
    ready.desk("LS1").do(printing.spoil_blank, blank_no="BL000003", reason="basah")

    stock = ready.desk("LS1").do(printing.stock, lsp_code="LSP-1")

    assert stock == {"issued": 10, "free": 7, "used": 2, "spoiled": 1, "copies": 2, "is_balanced": True}
    for who in ("BN1", "AU1", "SA1"):
        assert ready.desk(who).do(printing.stock, lsp_code="LSP-1") == stock


@pytest.mark.parametrize(
    "accident",
    [
        "update posko.blank set state = 'USED' where blank_no = 'BL000009'",
        "update posko.blank set state = 'FREE' where blank_no = 'BL000001'",
        "update posko.print_event set blank_no = 'BL000011'",
    ],
)
def test_a_stock_that_was_meddled_with_does_not_balance(ready, accident):
    printed(ready)
    ready.write(accident)

    assert not ready.desk("BN1").do(printing.stock, lsp_code="LSP-1")["is_balanced"]


def _printed(world):
    printed(world)


def _spoiled(world):
    world.desk("LS1").do(printing.spoil_blank, blank_no="BL000001", reason="basah")


def _suspended(world):
    world.desk("LS1").do(certificate_status.suspend, certificate_no=FIRST, reason="diperiksa")


def _nothing(world):
    pass


@pytest.mark.parametrize(
    ("prepare", "asked", "code", "rule"),
    [
        (_printed, {"blank_no": "BL000002"}, "REPRINT_WITHOUT_REASON", "DV-C03"),
        (_printed, {"reason": "lagi"}, "BLANK_NOT_FREE", "DV-C03"),
        (_spoiled, {}, "BLANK_NOT_FREE", "DV-C03"),
        (_nothing, {"blank_no": "BL000011"}, "BLANK_NOT_THIS_LSP", "DV-C03"),
        (_nothing, {"blank_no": "BL999999"}, "BLANK_NOT_THIS_LSP", "DV-C03"),
        (_suspended, {}, "NOT_PRINTABLE", None),
        (_nothing, {"blank_no": None}, "TEXT_EMPTY", None),
        (_nothing, {"blank_no": "B" * 10_000_000}, "TEXT_TOO_LONG", None),
        (_nothing, {"blank_no": "BL\n1"}, "TEXT_CONTROL", None),
        (_nothing, {"reason": ""}, "TEXT_EMPTY", None),
        (_nothing, {"reason": 7}, "TEXT_EMPTY", None),
        (_nothing, {"reason": "a" * 501}, "TEXT_TOO_LONG", None),
        (_nothing, {"certificate_no": None}, "TEXT_EMPTY", None),
        (_nothing, {"certificate_no": 1}, "TEXT_EMPTY", None),
        (_nothing, {"certificate_no": "P" * 10_000_000}, "TEXT_TOO_LONG", None),
        (_nothing, {"certificate_no": "3603054105830001"}, "LOOKS_LIKE_NIK", None),
        (_nothing, {"certificate_no": "PRT.1025.2026.0000009"}, "NotPermitted", "DV-X04"),
        (_nothing, {"certificate_no": "x' or 1=1 -- "}, "NotPermitted", "DV-X04"),
    ],
)
def test_a_print_that_may_not_be_is_refused_and_changes_nothing(ready, prepare, asked, code, rule):
    prepare(ready)
    before = sums(ready)

    with pytest.raises(Refused) as refused:
        printed(ready, **asked)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert sums(ready) == before


@pytest.mark.parametrize("who", ["LS2", "KO1", "TU1", "AS1", "BN1", "AU1", "SA1"])
def test_nobody_but_the_own_lsp_prints(ready, who):
    with pytest.raises(NotPermitted):
        printed(ready, who)
    with pytest.raises(NotPermitted):
        ready.desk(who).do(printing.spoil_blank, blank_no="BL000001", reason="basah")


def test_a_super_administrator_on_behalf_is_told_that_a_certificate_is_unknown(ready):
    with pytest.raises(Refused) as refused:
        ready.desk("SA1", on_behalf="LSP tutup").do(
            printing.print_certificate, certificate_no="PRT.1025.2026.0000009", blank_no="BL000001"
        )

    assert refused.value.code == "UNKNOWN_CERTIFICATE"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"blank_no": "BL000001", "reason": None}, "TEXT_EMPTY"),
        ({"blank_no": "BL000001", "reason": ""}, "TEXT_EMPTY"),
        ({"blank_no": "BL000011", "reason": "basah"}, "NotPermitted"),
        ({"blank_no": None, "reason": "basah"}, "TEXT_EMPTY"),
    ],
)
def test_a_blank_that_may_not_be_spoiled_stays(ready, asked, code):
    before = sums(ready)

    with pytest.raises(Refused) as refused:
        ready.desk("LS1").do(printing.spoil_blank, **asked)

    assert refused.value.code == code
    assert sums(ready) == before


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first": "BL1"}, "BLANK_RANGE"),
        ({"first": "BL000030", "last": "BL000020"}, "BLANK_RANGE"),
        ({"last": "XY000030"}, "BLANK_RANGE"),
        ({"last": "BL999999"}, "BLANK_RANGE"),
        ({"first": "000020"}, "BLANK_SHAPE"),
        ({"first": "bl000020"}, "BLANK_SHAPE"),
        ({"first": "BL\u0660\u0660\u0660\u0660\u0662\u0660"}, "BLANK_SHAPE"),
        ({"first": 20}, "TEXT_EMPTY"),
        ({"first": "B" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"first": "BL000010"}, "BLANK_EXISTS"),
        ({"lsp_code": "LSP-9"}, "UNKNOWN_LSP"),
        ({"lsp_code": None}, "TEXT_EMPTY"),
    ],
)
def test_blanks_that_cannot_be_given_out_are_refused(ready, asked, code):
    before = sums(ready)

    with pytest.raises(Refused) as refused:
        ready.desk("BN1").do(
            printing.issue_blanks, **{"lsp_code": "LSP-1", "first": "BL000020", "last": "BL000029", **asked}
        )

    assert refused.value.code == code
    assert sums(ready) == before


@pytest.mark.parametrize("who", ["LS1", "KO1", "TU1", "AS1", "AU1"])
def test_only_who_keeps_the_registers_gives_blanks_out(ready, who):
    with pytest.raises(NotPermitted):
        ready.desk(who).do(printing.issue_blanks, lsp_code="LSP-1", first="BL000020", last="BL000029")


def _codes(answers):
    return sorted(str(answer) for answer in answers)


def _attempt(call):
    try:
        return call()["copy_no"]
    except Refused as refused:
        return refused.code


def test_of_many_prints_on_one_blank_at_once_one_counts(ready):
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: _attempt(lambda: printed(ready, certificate_no=(FIRST, SECOND)[n % 2])), range(8))
        )

    assert answers.count(1) == 1
    assert ready.ask("select count(*), count(distinct blank_no) from posko.print_event") == [(1, 1)]


def test_prints_of_one_certificate_at_once_are_numbered_one_after_the_other(ready):
    def work(n):
        return _attempt(lambda: printed(ready, blank_no=f"BL{n + 1:06d}", reason="uji serentak"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))

    assert sorted(answers) == list(range(1, 9))
    assert ready.desk("LS1").do(printing.stock, lsp_code="LSP-1")["is_balanced"]


def test_the_same_print_sent_again_is_one_copy(ready):
    desk = ready.desk("LS1").once("print-1")

    answers = [desk.do(printing.print_certificate, certificate_no=FIRST, blank_no="BL000001") for _ in range(2)]

    assert answers == [{"copy_no": 1, "is_copy": False}] * 2
    assert ready.value("select count(*) from posko.print_event") == 1


def test_who_had_another_part_for_the_tki_does_not_print_for_her(ready):
    ready.write("insert into posko.part_held values (1, 'SA1', 'TUK', '2026-03-09')")

    with pytest.raises(Refused) as refused:
        ready.desk("SA1", on_behalf="LSP tutup").do(
            printing.print_certificate, certificate_no=FIRST, blank_no="BL000001"
        )

    assert (refused.value.code, refused.value.rule) == ("TWO_PARTS", "DV-N06")
