"""The demo's table of frauds: each that was planted is looked for where it must show, and what is missing is said (§5.1-5.2)."""

from __future__ import annotations

import json

import pytest

from apps.demo import found
from apps.demo.found import FOUND, Planted
from apps.demo.frauds import Frauds
from ingest.simulator_fault_texts import TEXT_FAULTS
from ingest.simulator_faults import FACTS_FAULTS, PAIR_FAULTS
from ingest.simulator_results import EXPECTED, FORGED_NUMBER, FORGED_SENDING, FORGED_VERSION, REJECTED
from posko.domain.rules import RULES

CASE = {"case_id": None, "status": None, "verdict": None}


def deviation(number, rule_id, kind, code, **more):
    nobody = {"tki_id": None, "session_id": None, "is_attempt": 0}
    return {
        "deviation_id": number,
        "rule_id": rule_id,
        "subject_kind": kind,
        "subject_code": code,
        **nobody,
        **CASE,
        **more,
    }


class Play:
    """A play that is over: its register, whom the filter held back, in which BLKLN who was."""

    def __init__(self, *register, held_back=(), centres=()):
        self.frauds = Frauds()
        self.answers = {
            found._REGISTER: list(register),
            found._HELD_BACK: [{"rule_id": rule, "tki_id": tki} for rule, tki in held_back],
            found._BLKLN: [{"id_tki": tki, "kode_blkln": code} for tki, code in centres],
        }

    def ask(self, sql, **_values):
        return self.answers[sql]


def write(path, *faults):
    path.write_text(
        "".join(json.dumps({"id_tki": tki, "kind": kind, "expected": what}) + "\n" for tki, kind, what in faults)
    )


def line_of(seen, rule_id):
    (line,) = [row for row in seen.rows if row[0] == rule_id]
    return line


def test_each_kind_is_found_where_it_must_show(tmp_path):
    write(
        tmp_path / found.ROWS,
        ("1", "a", "finding:DV-E03+DV-I01"), ("2", "b", "held_back:DV-E05"), ("3", "c", "blkln_finding:DV-E08"), ("4", "d", "survives"),
    )  # fmt: skip
    write(
        tmp_path / found.ANSWERS, *(("5", kind, EXPECTED[kind]) for kind in (FORGED_SENDING, FORGED_VERSION, REJECTED))
    )
    confirmed = {"case_id": 7, "status": "CLOSED", "verdict": "CONFIRMED"}
    play = Play(
        deviation(1, "DV-E03", "blkln", "B1", tki_id="1", case_id=3, status="OPEN"),
        deviation(2, "DV-I01", "pptkis", "PT YANG NAMANYA PANJANG", tki_id="1"),
        deviation(3, "DV-E08", "blkln", "B9", **confirmed),
        deviation(4, "DV-C07", "return", "1"), deviation(5, "DV-C07", "return", "1"), deviation(6, "DV-C07", "return", "1", tki_id="5"),
        deviation(7, "DV-X04", "session", "2", session_id=2, is_attempt=1), deviation(8, "DV-A08", "journey", "6", is_attempt=1),
        held_back=[("DV-E05", "2")], centres=[("3", "B9")],
    )  # fmt: skip
    play.frauds.planted["DV-X04"].append("2")

    seen = found.outcome(play, found.planted_by(play, tmp_path))

    assert seen.missing == 0
    assert line_of(seen, "DV-E03") == ("DV-E03", found.WHAT["DV-E03"], "1", "1", "1: BLKLN B1", "1 terbuka")
    assert line_of(seen, "DV-E05")[2:] == ("1", "1", "", "1 tidak lolos saringan")
    assert line_of(seen, "DV-E08")[2:] == ("1", "1", "3: BLKLN B9", "1 terbukti")
    assert line_of(seen, "DV-C07")[2:4] == ("2", "2")
    assert line_of(seen, "DV-X04")[-1] == "1 percobaan ditolak"
    assert len(line_of(seen, "DV-I01")[4]) <= found.WIDE
    assert seen.others == {"DV-C07": 1}
    assert list(seen.lines()) == [
        "✓ semua yang ditanam ditemukan",
        "  Tercatat pula, tanpa ditanam: 1 DV-C07 (hasil ditolak BNP2TKI), 1 percobaan lain yang ditolak.",
    ]


def test_what_no_rule_saw_is_said_and_no_deviation_of_another_counts_for_it():
    play = Play(deviation(1, "DV-E03", "blkln", "B1", tki_id="1"), deviation(2, "DV-C07", "return", "1"))
    planted = [Planted("DV-E03", FOUND, "9"), *(Planted("DV-C07", found.FORGED, f"5 {n}") for n in range(2))]

    seen = found.outcome(play, planted)

    assert seen.missing == 2
    assert next(seen.lines()) == "✗ 2 kecurangan yang ditanam TIDAK ditemukan"
    assert seen.others == {"DV-E03": 1}


def test_earlier_plays_are_remembered_and_what_stands_in_the_rows_is_counted_once(tmp_path):
    write(tmp_path / found.ROWS, ("1", "a", "finding:DV-E03"))
    write(tmp_path / found.ANSWERS, ("5", FORGED_NUMBER, EXPECTED[FORGED_NUMBER]))
    play = Play()
    play.frauds.planted["DV-S06"].append("1")
    first = found.planted_by(play, tmp_path)
    later = Play()
    later.frauds.planted["DV-S06"].append("20")

    planted = found.planted_by(later, tmp_path, found.kept(first, tmp_path))

    assert len(first) == 3
    assert [one.code for one in planted if one.rule_id == "DV-S06"] == ["1", "20"]
    assert len(planted) == 4


@pytest.mark.parametrize("words", [found.WHAT, found.EVERYDAY])
def test_words_are_there_for_rules_that_exist(words):
    assert words.keys() <= RULES.keys()


def test_every_fraud_that_the_simulator_knows_has_words():
    told = [expected for expected, _ in (*FACTS_FAULTS.values(), *PAIR_FAULTS.values())]
    told += [fault.expected for fault in TEXT_FAULTS.values()] + list(EXPECTED.values())
    parts = [one.partition(":") for one in told]
    rules = {rule for kind, _, named in parts if kind in found._AS for rule in named.split("+")}

    assert len(rules) > 10
    assert rules <= found.WHAT.keys()
