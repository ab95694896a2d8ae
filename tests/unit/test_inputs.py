"""What a person types or picks: both sides of each check (R-021, R-098)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services import inputs

NIK = "3603054105830001"


def code_of(check, *given, **more):
    with pytest.raises(Refused) as refused:
        check(*given, **more)
    assert NIK not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "TEXT_EMPTY"),
        ("", "TEXT_EMPTY"),
        (" \n\t ", "TEXT_EMPTY"),
        (7, "TEXT_EMPTY"),
        (b"x", "TEXT_EMPTY"),
        ("x" * 501, "TEXT_TOO_LONG"),
        (" " * 500 + "x", "TEXT_TOO_LONG"),
        ("x" * 10_000_000, "TEXT_TOO_LONG"),
        ("a\x00b", "TEXT_CONTROL"),
        ("a\x1b[2J", "TEXT_CONTROL"),
        ("a\ud800", "TEXT_CONTROL"),
        ("a\u202eb", "TEXT_CONTROL"),
        ("a\u200bb", "TEXT_CONTROL"),
        ("a\u00a0b", "TEXT_CONTROL"),
        (NIK, "LOOKS_LIKE_NIK"),
        ("No. 3603 0541-0583.0001 ada", "LOOKS_LIKE_NIK"),
        ("\uff13\uff16\uff10\uff13" * 4, "LOOKS_LIKE_NIK"),
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_what_is_no_plain_text_is_refused(value, code, lines):
    assert code_of(inputs.text, value, "Catatan", lines=lines) == code


def test_a_text_loses_the_blanks_around_it_and_nothing_else():
    assert inputs.text("  Jalan Mawar  7 é \n", "Alamat") == "Jalan Mawar  7 é"
    assert inputs.text("x" * 500, "Alamat") == "x" * 500


def test_only_a_text_of_several_lines_may_have_them():
    assert code_of(inputs.text, "a\nb", "Catatan") == "TEXT_CONTROL"
    assert code_of(inputs.text, "a\tb", "Catatan") == "TEXT_CONTROL"
    assert inputs.text(" a\r\n\tb\n", "Risalah", lines=True) == "a\n\tb"
    assert code_of(inputs.text, "a\rb", "Risalah", lines=True) == "TEXT_CONTROL"


@pytest.mark.parametrize(
    "said", ["Rapat 12.03.2026 10.00-12.00", "2026-03-12 10:00 - 12:30 dan 2026-03-13", "1/2/2026, 3/2/2026, 10.00"]
)
def test_days_and_times_are_no_nik(said):
    assert inputs.text(said, "Risalah", 100) == said


def test_digits_of_two_lines_are_no_nik():
    assert inputs.text("12032026\n12345678", "Risalah", lines=True) == "12032026\n12345678"
    assert code_of(inputs.text, f"a\n{NIK}\nb", "Risalah", lines=True) == "LOOKS_LIKE_NIK"


def test_what_somebody_came_with_may_be_a_nik():
    assert inputs.typed_id(f" {NIK} ") == NIK
    assert inputs.typed_id("x" * 64) == "x" * 64
    assert code_of(inputs.typed_id, "x" * 65) == "TEXT_TOO_LONG"
    assert code_of(inputs.typed_id, "1\n2") == "TEXT_CONTROL"
    assert code_of(inputs.typed_id, None) == "TEXT_EMPTY"


def test_a_reason_is_obligatory_or_may_be_left_out():
    assert inputs.reason(" sakit ") == "sakit"
    assert code_of(inputs.reason, None) == "TEXT_EMPTY"
    assert [inputs.reason_or_none(value) for value in (None, "", "  ", " sakit ")] == [None, None, None, "sakit"]
    assert code_of(inputs.reason_or_none, 7) == "TEXT_EMPTY"
    assert code_of(inputs.reason_or_none, NIK) == "LOOKS_LIKE_NIK"


@pytest.mark.parametrize("value", ["LSP-1", "MET.000.001234 2015", "PT A & B (Jakarta)", "x", "A_1/2.", "9" * 15])
def test_what_may_be_registered_is_a_code(value):
    assert inputs.code(f" {value} ", "Kode") == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1' or '1'='1", "NO_SUCH_CODE"),
        ("-1", "NO_SUCH_CODE"),
        ("=1+1", "NO_SUCH_CODE"),
        ("%", "NO_SUCH_CODE"),
        ("é1", "NO_SUCH_CODE"),
        ("x" * 41, "TEXT_TOO_LONG"),
        (NIK, "LOOKS_LIKE_NIK"),
        (None, "TEXT_EMPTY"),
    ],
)
def test_nothing_else_is_a_code(value, code):
    assert code_of(inputs.code, value, "Kode") == code


def test_an_id_tki_is_a_code_of_64_letters():
    assert inputs.tki(" 9264729 ") == "9264729"
    assert inputs.tki("x" * 64) == "x" * 64
    assert [code_of(inputs.tki, value) for value in ("x" * 65, NIK)] == ["TEXT_TOO_LONG", "LOOKS_LIKE_NIK"]


@pytest.mark.parametrize("value", ["", " 1", "-1", "1 &", "é", "x" * 41, NIK, "36030541-05830001", None, 7, "1\n"])
def test_what_cannot_be_an_identification_number_is_none(value):
    assert inputs.person_number_or_none(value) is None
    assert code_of(inputs.person_number, value) == "NUMBER_WRONG"


def test_an_identification_number_stays_as_it_is():
    assert inputs.person_number("KO.1/a") == "KO.1/a"


@pytest.mark.parametrize("value", [0, -1, True, "1", 1.0, None, 2**63, [1]])
def test_what_is_no_number_of_a_row_is_refused(value):
    assert code_of(inputs.number, value, "Nomor sesi") == "NOT_A_NUMBER"


def test_a_number_is_counted_from_one_to_the_most():
    assert (inputs.number(1, "Sesi", 9), inputs.number(9, "Sesi", 9)) == (1, 9)
    assert inputs.number(2**63 - 1, "Nomor") == 2**63 - 1
    assert code_of(inputs.number, 10, "Sesi", 9) == "NOT_A_NUMBER"


@pytest.mark.parametrize("value", ["2026-03-09", dt.date(2026, 3, 9)])
def test_a_day_is_a_date_or_its_iso_text(value):
    assert inputs.day(value) == dt.date(2026, 3, 9)


MOMENT = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "value", ["2026-3-9", "09-03-2026", "2026-02-30", "20260309", "2026-W11-1", 20260309, None, "", MOMENT, NIK]
)
def test_nothing_else_is_a_day(value):
    assert code_of(inputs.day, value) == "NOT_A_DATE"


@pytest.mark.parametrize("value", ["1944-12-31", "2201-01-01", dt.date.min, dt.date.max])
def test_a_day_lies_in_a_sensible_year(value):
    assert code_of(inputs.day, value) == "DATE_FAR"


def test_a_choice_is_one_of_the_words():
    assert inputs.choice("K", "Hasil", ("K", "BK")) == "K"
    assert code_of(inputs.choice, "k", "Hasil", ("K", "BK")) == "NOT_IN_LIST"


@pytest.mark.parametrize("value", [NIK, "a\x1b[2J", f"x {NIK}", None, ["K"], 7])
def test_a_wrong_choice_is_shown_only_if_it_is_harmless(value):
    with pytest.raises(Refused, match="Hasil '-' tidak ada"):
        inputs.choice(value, "Hasil", ("K", "BK"))
    with pytest.raises(Refused, match="Hasil 'LULUS' tidak ada"):
        inputs.choice("LULUS", "Hasil", ("K", "BK"))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["1", "1"], "LIST_DOUBLE"),
        (["1", " 1 "], "LIST_DOUBLE"),
        ([str(number) for number in range(10_001)], "LIST_TOO_LONG"),
        ([], "LIST_EMPTY"),
        ("12", "NOT_A_LIST"),
        (b"12", "NOT_A_LIST"),
        (None, "NOT_A_LIST"),
        ({"1": 1}, "NOT_A_LIST"),
        (["1", None], "TEXT_EMPTY"),
        (["x" * 65], "TEXT_TOO_LONG"),
        ([NIK], "LOOKS_LIKE_NIK"),
    ],
)
def test_a_list_that_is_none_is_refused(values, code):
    assert code_of(inputs.listed, values, "Daftar", inputs.tki) == code


def test_a_list_keeps_its_order_and_loses_the_blanks_around():
    assert inputs.listed(["2", " 1 "], "Daftar", inputs.tki) == ["2", "1"]
    assert len(inputs.listed([str(number) for number in range(10_000)], "Daftar", inputs.tki)) == 10_000


def test_numbers_and_codes_are_put_in_order():
    assert inputs.numbers((3, 1, 2), "Daftar") == [1, 2, 3]
    assert inputs.codes({"B", "A"}, "Daftar") == ["A", "B"]
    assert code_of(inputs.numbers, [1, 1], "Daftar") == "LIST_DOUBLE"
    assert code_of(inputs.numbers, [1, True], "Daftar") == "NOT_A_NUMBER"
    assert code_of(inputs.codes, ["A", "%"], "Daftar") == "NO_SUCH_CODE"


def test_what_is_said_of_single_participants_is_a_table():
    assert inputs.by_journey(None, "Hasil") == {}
    assert inputs.by_journey({}, "Hasil") == {}
    assert inputs.by_journey({2: "K", 1: None}, "Hasil") == {2: "K", 1: None}
    assert code_of(inputs.by_journey, [1], "Hasil") == "NOT_A_LIST"
    assert code_of(inputs.by_journey, {"1": "K"}, "Hasil") == "NOT_A_NUMBER"
    assert code_of(inputs.by_journey, dict.fromkeys(range(1, 10_002)), "Hasil") == "LIST_TOO_LONG"


def test_reasons_stand_beside_an_id_tki_once():
    assert inputs.reasons_by_tki(None, "Daftar alasan") == {}
    assert inputs.reasons_by_tki({" 1 ": " sakit "}, "Daftar alasan") == {"1": "sakit"}
    assert code_of(inputs.reasons_by_tki, {"1": "a", " 1": "b"}, "Daftar alasan") == "LIST_DOUBLE"
    assert code_of(inputs.reasons_by_tki, {"1": ""}, "Daftar alasan") == "TEXT_EMPTY"
    assert code_of(inputs.reasons_by_tki, {NIK: "a"}, "Daftar alasan") == "LOOKS_LIKE_NIK"
    assert code_of(inputs.reasons_by_tki, "1", "Daftar alasan") == "NOT_A_LIST"
