"""The simulator's pieces, without a server."""

import datetime as dt
from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator import PEDOMAN_EXPECTED, planted_faults, print_data, write_fault_file
from ingest.simulator_fault_texts import TEXT_FAULTS
from ingest.simulator_faults import FACTS_FAULTS, PAIR_FAULTS, faulty_row, place_faults
from ingest.simulator_load import line_of, plain_line_of
from ingest.simulator_names import CITIES
from ingest.simulator_people import (
    PEDOMAN_ID,
    Person,
    Plan,
    blkln_certificate_no,
    mdy,
    nik,
    number_of,
    pedoman_row,
    respelled,
    tki_id_of,
    training_hours,
)
from ingest.simulator_registers import PEDOMAN_BLKLN, PEDOMAN_PPTKIS
from ingest.simulator_schema import TKI_COLUMNS

TODAY = dt.date(2026, 11, 20)
COLUMNS = [*TKI_COLUMNS, "updated_at"]
PLAN = Plan(seed=1, tki=5_000, today=TODAY)
births = st.dates(dt.date(1950, 1, 1), dt.date(2005, 12, 31))


@given(birth=births, female=st.booleans(), number=st.integers(0, 900_000), city=st.sampled_from(CITIES))
def test_a_nik_holds_the_region_the_birth_date_and_40_more_for_women(birth, female, number, city):
    made = nik(city.code, birth.toordinal(), female=female, number=number)

    assert len(made) == 16
    assert made.isdecimal()
    assert made.startswith(city.code)
    assert int(made[6:8]) == birth.day + (40 if female else 0)
    assert made[8:12] == f"{birth:%m%y}"
    assert made[4:6] != "00"
    assert made[12:] != "0000"


@given(st.sets(st.integers(0, 989_900), min_size=2, max_size=2), births)
def test_no_two_people_of_one_birth_and_region_share_a_nik(numbers, birth):
    first, second = (nik("3212", birth.toordinal(), female=True, number=number) for number in numbers)

    assert first != second


@given(certified=births, entered=births, serial=st.integers(100_000_000, 999_999_999), hours=st.integers(1, 999))
def test_a_blkln_certificate_number_holds_both_dates_in_31_characters(certified, entered, serial, hours):
    made = blkln_certificate_no(certified.toordinal(), entered.toordinal(), serial=serial, hours=hours)

    assert len(made) == 31
    assert made[:3] == "AP2"
    assert made[3:11] == f"{certified:%Y%m%d}"
    assert made[23:] == f"{entered:%Y%m%d}"
    assert int(made[20:23]) == hours


def test_the_certificate_number_of_gambar_5_comes_out_of_its_dates():
    certified, entered = dt.date(2012, 5, 25).toordinal(), dt.date(2012, 5, 12).toordinal()

    assert blkln_certificate_no(certified, entered, serial=178053142, hours=200) == pedoman_row()[19]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_dates_are_month_first_without_leading_zeros(day):
    month, day_of_month, year = (int(part) for part in mdy(day.toordinal()).split("/"))

    assert dt.date(year, month, day_of_month) == day
    assert "/0" not in mdy(day.toordinal())
    assert not mdy(day.toordinal()).startswith("0")


@given(st.integers(0, 5_000_000))
def test_an_id_leads_back_to_its_number_and_never_to_the_pedomans_own(number):
    assert number_of(tki_id_of(number)) == number
    assert tki_id_of(number) != str(PEDOMAN_ID)


def test_the_row_of_gambar_5_has_its_exact_values():
    row = dict(zip(COLUMNS, pedoman_row(), strict=True))

    assert (row["id_tki"], row["nama"], row["no_ktp"]) == ("9264729", "KALIAH ETTALA", "00")
    assert (row["tanggal_lahir"], row["tanggal_masuk_blkln"]) == ("5/1/1983", "5/12/2012")
    assert (row["kode_blkln"], row["nama_pptkis"]) == (PEDOMAN_BLKLN, PEDOMAN_PPTKIS)


def test_the_same_seed_and_day_give_the_same_rows_and_another_seed_does_not():
    again, other = Plan(1, 5_000, TODAY), Plan(2, 5_000, TODAY)

    assert [again.row(again.person(n)) for n in range(300)] == [PLAN.row(PLAN.person(n)) for n in range(300)]
    assert other.row(other.person(0)) != PLAN.row(PLAN.person(0))
    assert place_faults(again, 0.08) == place_faults(PLAN, 0.08)


def test_a_plain_row_obeys_the_training_rule_of_its_day_and_the_age_limit():
    for number in range(2_000):
        person = PLAN.person(number)
        days = person.left - person.entered + 1
        required = training_hours(person.destination, dt.date.fromordinal(person.left))
        assert person.hours == required
        assert days >= 20
        assert person.hours <= 8 * days
        assert person.entered <= person.left <= person.certified < TODAY.toordinal()
        assert (person.left - person.born) / 365.25 >= 21


def test_training_ends_more_often_lately_and_never_on_a_sunday():
    ends = [dt.date.fromordinal(PLAN.person(number).left) for number in range(5_000)]
    month = dt.timedelta(days=30)

    assert sum(day > TODAY - month for day in ends) > 2 * sum(
        TODAY - 5 * month < day <= TODAY - 4 * month for day in ends
    )
    assert all(day.weekday() != 6 for day in ends)


def test_a_million_tki_spread_over_several_years():
    assert Plan(1, 1_000_000, TODAY).span > 3 * 365


def test_most_names_are_womens_with_bt_or_binti():
    people = [PLAN.person(number) for number in range(2_000)]

    assert sum(person.female for person in people) > 1_900
    assert sum(" BT " in person.name or " BINTI " in person.name for person in people) > 1_200


def test_a_respelled_name_differs_only_in_vowels():
    for number in range(500):
        person = PLAN.person(number)
        second = respelled(person)
        assert second.name != person.name
        assert _consonants(second) == _consonants(person)
        assert [word[0] for word in second.name.split()] == [word[0] for word in person.name.split()]


def _consonants(person: Person) -> str:
    return "".join(letter for letter in person.name if letter not in "AEIOUY")


def test_every_kind_of_fault_is_planted_before_one_repeats():
    placed = place_faults(PLAN, 0.08)

    assert len(placed) == 400
    assert {fault.kind for fault in placed.values()} == {*FACTS_FAULTS, *PAIR_FAULTS, *TEXT_FAULTS}


@pytest.mark.parametrize("share", [0, 0.001, 0.2, 1])
def test_the_share_of_faulty_rows_is_kept(share):
    plan = Plan(3, 1_000, TODAY)

    assert abs(len(place_faults(plan, share)) - min(1_000 * share, 999)) <= 1


def test_a_fault_changes_only_what_its_kind_says():
    """A text fault touches one column; whatever else a facts fault touches stays consistent with it."""
    for number, fault in place_faults(PLAN, 0.08).items():
        plain, faulty = PLAN.row(PLAN.person(number)), faulty_row(PLAN, number, fault)
        changed = [COLUMNS[i] for i in range(25) if plain[i] != faulty[i]]
        if fault.kind in TEXT_FAULTS:
            assert changed == [COLUMNS[TEXT_FAULTS[fault.kind].column]], fault.kind
        if fault.partner is not None and not fault.is_second:
            assert changed == []


def test_pairs_point_at_each_other():
    placed = place_faults(PLAN, 0.08)

    for number, fault in placed.items():
        if fault.partner is not None:
            assert placed[fault.partner].partner == number
            assert placed[fault.partner].is_second is not fault.is_second


def test_ids_stay_unique_whatever_is_planted():
    placed = place_faults(PLAN, 1)

    assert max(Counter(faulty_row(PLAN, n, fault)[0] for n, fault in placed.items()).values()) == 1


def test_the_fault_file_has_one_line_a_fault_and_ends_with_gambar_5(tmp_path):
    planted = planted_faults(PLAN, place_faults(PLAN, 0.01))
    write_fault_file(tmp_path / "faults.jsonl", planted)

    lines = (tmp_path / "faults.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(planted) == 51
    assert f'"{PEDOMAN_ID}"' in lines[-1]
    assert PEDOMAN_EXPECTED in lines[-1]


def test_awkward_characters_are_escaped_for_load_data():
    assert line_of(["a\tb", "c\nd\\", None, "\\N", "\0"]) == "a\\tb\tc\\nd\\\\\t\\N\t\\\\N\t\\0"


def test_a_plain_row_needs_no_escape():
    for number in range(2_000):
        row = PLAN.row(PLAN.person(number))
        assert plain_line_of(row) == line_of(row)


def test_print_data_is_opaque_and_reproducible():
    assert print_data(1, 7, 2) == print_data(1, 7, 2)
    assert len({print_data(1, 7, 2), print_data(1, 7, 7), print_data(2, 7, 2)}) == 3


def test_regular_centres_never_have_more_trainees_than_places():
    plan = Plan(1, 20_000, TODAY)
    present: Counter[tuple[str, int]] = Counter()
    for number in range(20_000):
        person = plan.person(number)
        present.update((person.blkln_code, day) for day in range(person.entered, person.left + 1))
    places = {row.code: row.capacity for row in plan.blkln}

    assert all(count <= places[code] for (code, _), count in present.items())


def test_people_carry_no_field_that_the_row_forgets():
    assert len(fields(Person)) == 15
    assert len(PLAN.row(PLAN.person(0))) == len(COLUMNS)
