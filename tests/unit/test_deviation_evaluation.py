"""What the evaluation says of its figures, and the shape of the table that is committed in the docs."""

from __future__ import annotations

import pytest

from apps.bench.deviations import lines_of
from apps.cli.deviations_evaluate import PAGE
from apps.fraud.evaluate import Evaluation
from apps.fraud.evaluation_table import (
    BEGIN,
    END,
    HEADINGS,
    as_dict,
    markdown,
    rate_interval,
    recall_interval,
    write_into,
)
from posko.domain.errors import BadInput
from posko.domain.rules import RULES


def keys(count: int, word: str = "satu") -> set[tuple[str, str, str]]:
    return {("tki", f"{word}{number}", "-") for number in range(count)}


@pytest.fixture
def done() -> Evaluation:
    made = Evaluation(300_000, 1, 20, seconds={"full": 30.0, "increment": 3.0}, fresh=1_234)
    certain = made.of("DV-S06")
    certain.planted, certain.near = keys(20), keys(20, "nyaris")
    certain.found = keys(20)
    guess = made.of("DV-T01")
    guess.planted, guess.near, guess.effect = keys(20), keys(5, "nyaris"), "99 % alih-alih 87 %"
    guess.found = keys(17)
    return made


def test_intervals_are_those_of_the_textbook() -> None:
    assert recall_interval(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)
    assert recall_interval(17, 20) == pytest.approx((0.6396, 0.9476), abs=1e-4)
    assert rate_interval(0, 10_000) == pytest.approx((0.0, 3.6889), abs=1e-4)
    assert rate_interval(4, 10_000) == pytest.approx((1.0899, 10.2416), abs=1e-4)


def test_a_rule_that_keeps_its_limits_is_not_named_and_one_that_does_not_is(done: Evaluation) -> None:
    def named(rule_id: str) -> bool:
        return any(one.startswith(rule_id) for one in done.missed())

    assert not named("DV-S06")
    assert not named("DV-T01")
    done.of("DV-S06").found.discard(("tki", "satu3", "-"))
    done.of("DV-T01").found -= keys(2)
    assert named("DV-S06")
    assert named("DV-T01")


def test_a_near_miss_that_is_found_or_an_honest_row_is_a_false_alarm(done: Evaluation) -> None:
    done.of("DV-S06").found |= {("tki", "nyaris1", "-")}
    done.of("DV-S06").false = {("tki", "jujur", "-")}
    assert "DV-S06: 2 alarm palsu" in done.missed()
    assert [line.measured for line in lines_of(done) if line.what == "alarm palsu aturan pasti"] == [2]


def test_namesakes_by_chance_are_told_and_are_no_false_alarm(done: Evaluation) -> None:
    same = done.of("DV-I04")
    same.planted, same.found, same.by_chance = keys(20), keys(20), keys(2, "senama")
    assert not any(one.startswith("DV-I04") for one in done.missed())
    assert "DV-I04 (2 TKI)" in markdown(done)
    assert as_dict(done)["rules"]["DV-I04"]["by_chance"] == 2


def test_false_discoveries_are_the_honest_among_all_that_were_flagged(done: Evaluation) -> None:
    guess = done.of("DV-T01")
    guess.honest, guess.beside = keys(2, "jujur"), 1
    assert done.false_discoveries == pytest.approx(2 / 20)
    assert any("penemuan palsu" in one for one in done.missed())


def test_all_limits_of_the_issue_are_lines_of_the_bench(done: Evaluation) -> None:
    assert [line.holds for line in lines_of(done)] == [True, True, True, True, True, True]
    done.seconds = {"full": 61.0, "increment": 10.5}
    assert [line.holds for line in lines_of(done)][-2:] == [False, False]


def test_every_rule_of_the_catalogue_has_a_row_and_no_finding_is_lost_in_json(done: Evaluation) -> None:
    rows = [line for line in markdown(done).splitlines() if line.startswith("| DV-")]
    assert [row.split("|")[1].strip() for row in rows] == list(RULES)
    assert (
        "20 | 20 | 100 % [83,9 %-100 %] | 100 % | 0 dari 20 | 0 | 0,00 [0,00-0,12]" in rows[list(RULES).index("DV-S06")]
    )
    assert as_dict(done)["rules"]["DV-T01"]["missed"] == sorted(map(list, keys(20) - keys(17)))


def test_only_the_table_of_the_document_is_replaced(done: Evaluation, tmp_path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"sebelum\n{BEGIN}\nlama\n{END}\nsesudah\n", "utf-8")
    write_into(path, done)
    text = path.read_text("utf-8")
    assert text.startswith("sebelum\n")
    assert text.endswith("\nsesudah\n")
    assert "lama" not in text
    path.write_text("tanpa tanda", "utf-8")
    with pytest.raises(BadInput):
        write_into(path, done)


def test_the_committed_table_is_of_a_full_year_and_of_all_rules() -> None:
    told = PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in told.splitlines() if line.startswith("|")]
    assert tuple(rows[0]) == HEADINGS
    assert [row[0] for row in rows[2:]] == list(RULES)
    assert all(len(row) == len(HEADINGS) for row in rows)
    assert "300.000 TKI, benih 1, 20 kecurangan tiap aturan" in told
