"""The rule file BLKLN -> TUK and the demo's register, without a server."""

import datetime as dt
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.services import registry_demo_rows as rows_of
from posko.services.registry import PlacementCompany, Rule, RulesRefused, TrainingCentre, read_rules
from posko.services.registry_calendar import easter, holidays, islamic_day

TODAY = dt.date(2026, 11, 20)
GOOD = [("H05AN001", 1, "TUK-001"), ("H05AN001", 2, "TUK-002"), ("*", 1, "TUK-001")]
CODES = st.from_regex(r"[A-Z0-9][A-Z0-9 ._/-]{0,10}[A-Z0-9]", fullmatch=True)


def csv_of(rows, separator=","):
    lines = [("blkln_code", "priority", "tuk_code"), *rows]
    return "\n".join(separator.join(str(value) for value in line) for line in lines).encode()


def plain(rules: list[Rule]):
    return [(rule.blkln_code, rule.priority, rule.tuk_code) for rule in rules]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_comma_semicolon_and_tab_files_are_read_with_and_without_bom(separator, bom):
    assert plain(read_rules(bom + csv_of(GOOD, separator))) == GOOD


def test_windows_line_ends_blank_lines_and_other_columns_do_no_harm():
    data = b"TUK_CODE;catatan;Priority; blkln_code \r\nTUK-001;x;1;H05AN001\r\n;;;\r\n\r\n"

    assert plain(read_rules(data)) == [("H05AN001", 1, "TUK-001")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b";;;\n"])
def test_an_empty_file_is_refused(data):
    with pytest.raises(RulesRefused, match="Berkas kosong"):
        read_rules(data)


def test_a_file_with_a_heading_only_is_refused():
    with pytest.raises(RulesRefused, match="tidak memuat satu baris"):
        read_rules(csv_of([]))


def test_a_missing_column_is_named():
    with pytest.raises(RulesRefused, match="Kolom priority, tuk_code tidak ada"):
        read_rules(b"blkln_code,urutan\nA,1\n")


def test_text_that_is_not_utf8_is_refused():
    with pytest.raises(RulesRefused, match="UTF-8"):
        read_rules(b"blkln_code,priority,tuk_code\n\xff\xfe,1,A\n")


@pytest.mark.parametrize("priority", ["", "0", "-1", "1.5", "satu", "1e3", "1001", "99999999999", "\u0661"])
def test_a_priority_that_is_no_small_whole_number_is_named_with_its_line(priority):
    with pytest.raises(RulesRefused, match="Baris 3: priority") as refused:
        read_rules(csv_of([GOOD[0], ("H05AN001", priority, "TUK-002")]))
    assert repr(priority) in str(refused.value)


@pytest.mark.parametrize("code", ["=cmd()", "+1", "-1", "@x", "=HYPERLINK(1)", "a\x00b", "*", "'x", ""])
def test_a_code_that_looks_like_a_formula_is_refused(code):
    with pytest.raises(RulesRefused, match="Baris 2: tuk_code"):
        read_rules(csv_of([("H05AN001", 1, code)]))


def test_a_code_that_does_not_fit_its_column_is_refused():
    with pytest.raises(RulesRefused, match="lebih panjang dari 20"):
        read_rules(csv_of([("H05AN001", 1, "T" * 21)]))


def test_every_mistake_of_a_file_is_told_at_once():
    with pytest.raises(RulesRefused) as refused:
        read_rules(csv_of([("=x", "a", ""), ("H1", 1, "TUK"), ("H2", "b", "TUK")]))
    assert len(refused.value.problems) == 4


def test_a_file_full_of_mistakes_does_not_flood_the_screen():
    with pytest.raises(RulesRefused) as refused:
        read_rules(csv_of([("H1", "x", "TUK")] * 500))
    assert len(str(refused.value).splitlines()) == 22
    assert len(refused.value.problems) == 500


@given(st.lists(st.tuples(CODES, st.integers(1, 1000), CODES), min_size=1, max_size=20))
def test_what_is_written_is_read_back(rows):
    assert plain(read_rules(csv_of(rows, ";"))) == rows


@given(st.binary(max_size=200))
def test_no_file_does_worse_than_be_refused(data):
    with suppress(RulesRefused):
        assert read_rules(data)


@pytest.mark.parametrize(
    ("year", "day"), [(2012, (4, 8)), (2024, (3, 31)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_falls_on_its_known_days(year, day):
    assert easter(year) == dt.date(year, *day)


def test_the_tabular_calendar_meets_idul_fitri():
    assert islamic_day(1433, 10, 1) == dt.date(2012, 8, 19)
    assert islamic_day(1446, 10, 1) == dt.date(2025, 3, 31)


@pytest.mark.parametrize("year", range(2010, 2045))
def test_every_year_has_its_holidays_and_only_its_own(year):
    found = holidays(year)

    assert {day.year for day in found} == {year}
    assert {"Hari Raya Idul Fitri", "Hari Raya Idul Adha", "Hari Raya Natal"} <= set(found.values())


def demo():
    rng = Random(1)
    centres = [
        TrainingCentre(f"H{n:02d}AA{n:03d}", "BLKLN", city, 100, None) for n, city in enumerate(rows_of.CITY_PLACES)
    ]
    return rng, rows_of.tuk_rows(rng, TODAY), rows_of.lsp_rows(TODAY), centres


def test_there_are_60_tuk_and_seven_lsp_with_unique_codes():
    _, tuk, lsp, _ = demo()

    assert len({row["tuk_code"] for row in tuk}) == 60
    assert len({row["lsp_code"] for row in lsp}) == 7
    assert all(10 <= row["capacity_per_day"] <= 30 for row in tuk)


def test_a_centre_goes_first_to_its_own_city_and_spills_over_to_another():
    _, tuk, _, centres = demo()
    city_of = {row["tuk_code"]: row["city"] for row in tuk}
    rules = rows_of.rule_rows(tuk, centres)

    for centre in centres:
        chosen = [city_of[rule["tuk_code"]] for rule in rules if rule["blkln_code"] == centre.blkln_code]
        assert len(chosen) == 3
        assert chosen[0] == centre.city
        assert chosen[2] != centre.city
    assert [rule["priority"] for rule in rules if rule["blkln_code"] == "*"] == list(range(1, 11))


def test_a_centre_in_an_unknown_city_still_gets_three_tuk():
    _, tuk, _, _ = demo()
    rules = rows_of.rule_rows(tuk, [TrainingCentre("H1", "BLKLN", "ATLANTIS (KAB)", None, None)])

    assert len({rule["tuk_code"] for rule in rules if rule["blkln_code"] == "H1"}) == 3


def test_assessors_carry_met_numbers_of_the_known_form():
    rng, _, lsp, _ = demo()
    people = rows_of.asesor_tables(rng, TODAY, lsp)[0][2]

    assert len({row["met_no"] for row in people}) == 120
    for row in people:
        number, year = row["met_no"].split(" ")
        assert number.startswith("MET.000.")
        assert len(number) == 14
        assert year == str(row["valid_from"].year)


def test_ties_bind_a_party_to_a_body_it_could_be_sent_to():
    rng, tuk, lsp, centres = demo()
    companies = [PlacementCompany(f"PT {n}", None, None) for n in range(10)]
    ties = rows_of.tie_rows(rng, tuk, lsp, centres, companies)
    rules = {(rule["blkln_code"], rule["tuk_code"]) for rule in rows_of.rule_rows(tuk, centres)}

    assert {(tie["party_kind"], tie["body_kind"]) for tie in ties} == {("PPTKIS", "LSP"), ("BLKLN", "TUK")}
    assert all((tie["party_code"], tie["body_code"]) in rules for tie in ties if tie["body_kind"] == "TUK")
