"""What was planted in the demo, and what became of it: found, refused, or held back before anybody was registered (§5.1-5.2).

Frauds come from three sides: the acts of the play (`frauds`), and what BNP2TKI's simulator wrote into its rows and into its answers.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.finding import about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apps.demo.play import Play

HEADINGS = ("aturan", "kecurangan", "ditanam", "ditemukan", "contoh", "kasusnya")
ROWS, ANSWERS = "demo-faults.jsonl", "demo-answers.jsonl"
WHAT: Mapping[str, str] = {
    "DV-C07": "jawaban palsu BNP2TKI", "DV-C08": "sertifikat palsu BNP2TKI", "DV-E01": "data BLKLN kosong",
    "DV-E02": "urutan tanggal mustahil", "DV-E03": "hari pelatihan kurang", "DV-E04": "jam sehari tidak wajar",
    "DV-E05": "BLKLN tanpa izin berlaku", "DV-E06": "nomor BLKLN salah bentuk", "DV-E07": "sertifikat BLKLN kembar",
    "DV-E08": "BLKLN melebihi kapasitas", "DV-E09": "umur kurang", "DV-E10": "negara tujuan ditutup", "DV-I01": "NIK mustahil",
    "DV-I02": "NIK lain dari data lahir", "DV-I03": "NIK kembar", "DV-I04": "orang yang sama dua kali",
    "DV-I07": "jari orang lain di TUK", "DV-N05": "LSP meluluskan hasil BK", "DV-S06": "uji terlalu singkat",
    "DV-X04": "membuka hari uji TUK lain",
}  # fmt: skip
"""Rule -> what was planted, in few words; the rule's own sentence is longer."""
EVERYDAY: Mapping[str, str] = {
    "DV-A02": "tempat lain dengan alasan",
    "DV-A12": "kiriman tidak merata",
    "DV-C07": "hasil ditolak BNP2TKI",
    "DV-I07": "jari cocok pada percobaan kedua",
    "DV-N08": "uji ulang di LSP lain",
    "DV-X03": "tindakan di luar jam kerja",
}
"""Rule -> what it notes in the play although nobody cheated."""
WIDE = 21
"""Letters of an example that keep a line of the table one line."""
FOUND, HELD_BACK, FORGED = "finding", "held_back", "forged"
_AS = {FOUND: FOUND, "blkln_finding": FOUND, "fake": FOUND, "different": FOUND, HELD_BACK: HELD_BACK, FORGED: FORGED}
"""What the simulator expects of a fault -> how it is looked for; a key that is not here is no fraud."""
_REGISTER = (
    "select d.deviation_id, d.rule_id, d.subject_kind, d.subject_code, d.tki_id, d.session_id, d.is_attempt, d.case_id, c.status,"
    " (select max(note.status_to) from posko.case_note as note where note.case_id = c.case_id"
    " and note.status_to in ('CONFIRMED', 'DISMISSED')) as verdict from posko.deviation as d"
    " left join posko.deviation_case as c on c.case_id = d.case_id order by d.deviation_id"
)
_HELD_BACK = "select rule_id, tki_id from posko_model.fct_tki_held_back order by rule_id, tki_id"
_BLKLN = "select id_tki, kode_blkln from posko_staging.tki_tlrt where id_tki in :ids"


@dataclass(frozen=True)
class Planted:
    """One fraud: the rule that must see it, how (`FOUND`, `HELD_BACK`, `FORGED`), and with whom: ID TKI or number of the session."""

    rule_id: str
    how: str
    code: str


def planted_by(play: Play, folder: Path, before: Iterable[Planted] = ()) -> list[Planted]:
    """Return what BNP2TKI's simulator and the play planted; `before` is what earlier plays did, whose answers are overwritten."""
    acted = [Planted(rule, FOUND, code) for rule, codes in play.frauds.planted.items() for code in codes]
    # BNP2TKI's simulator forges the same lines again and again; they are one fraud.
    return list(dict.fromkeys([*_written(folder / ROWS), *before, *_written(folder / ANSWERS), *acted]))


def kept(planted: Iterable[Planted], folder: Path) -> list[Planted]:
    """Return what the next play must be told: all but what stands in the file of the rows, which stays."""
    there = set(_written(folder / ROWS))
    return [one for one in planted if one not in there]


@dataclass
class Outcome:
    """The lines of the table, what nobody planted (rule -> how many; refused attempts apart), and how many frauds were not found."""

    rows: Sequence[tuple[str, ...]]
    others: Counter[str]
    refused: int
    missing: int

    def lines(self) -> Iterator[str]:
        """Yield what is to be said below the table."""
        if self.missing:
            yield f"✗ {self.missing} kecurangan yang ditanam TIDAK ditemukan"
        else:
            yield "✓ semua yang ditanam ditemukan"
        if self.others:
            told = [
                f"{count} {rule} ({EVERYDAY.get(rule, 'tidak ditanam')})" for rule, count in sorted(self.others.items())
            ]
            told += [f"{self.refused} percobaan lain yang ditolak"] if self.refused else []
            yield f"  Tercatat pula, tanpa ditanam: {', '.join(told)}."


def outcome(play: Play, planted: Iterable[Planted]) -> Outcome:
    """Look for each fraud that was planted: by its rule, about its TKI, session or BLKLN."""
    by_rule: dict[str, list[Planted]] = defaultdict(list)
    for one in planted:
        by_rule[one.rule_id].append(one)
    look = _Look(play, [one.code for ones in by_rule.values() for one in ones])
    rows, missing = [], 0
    claimed: set[int] = set()
    for rule_id, ones in sorted(by_rule.items()):
        found = [look.of(one) for one in ones]
        hits = {row["deviation_id"]: row for seen in found if seen for row in seen}
        claimed |= hits.keys()
        count = sum(seen is not None for seen in found)
        missing += len(ones) - count
        held = sum(seen == [] for seen in found)
        rows.append(
            (rule_id, WHAT.get(rule_id, ""), str(len(ones)), str(count), _example(hits), _came_of(hits.values(), held))
        )
    rest = [row for row in look.register if row["deviation_id"] not in claimed]
    others = Counter(row["rule_id"] for row in rest if not row["is_attempt"])
    return Outcome(rows, others, len(rest) - others.total(), missing)


class _Look:
    """The register and what the filter held back, as they stand at the end."""

    def __init__(self, play: Play, codes: list[str]) -> None:
        self.register = play.ask(_REGISTER)
        self.held_back = {(row["rule_id"], row["tki_id"]) for row in play.ask(_HELD_BACK)}
        self.centres = {row["id_tki"]: row["kode_blkln"] for row in play.ask(_BLKLN, ids=[*codes, ""])}
        self.about: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.register:
            session = "" if row["session_id"] is None else str(row["session_id"])
            for code in {row["subject_code"], row["tki_id"], session} - {None, ""}:
                self.about[row["rule_id"], code].append(row)
        self.nobodys = [row for row in self.register if row["rule_id"] == "DV-C07" and row["tki_id"] is None]

    def of(self, one: Planted) -> list[dict[str, Any]] | None:
        """Return the deviations that see a fraud; [] it was held back and needs none; None it was not seen."""
        if one.how == HELD_BACK:
            return [] if (one.rule_id, one.code) in self.held_back else None
        if one.how == FORGED:
            # Nobody's line: each stands for one forgery.
            return [self.nobodys.pop(0)] if self.nobodys else None
        centre = self.centres.get(one.code, "") if one.rule_id == "DV-E08" else ""
        return self.about.get((one.rule_id, one.code)) or self.about.get((one.rule_id, centre)) or None


def _written(path: Path) -> Iterator[Planted]:
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        fault = json.loads(line)
        kind, _, rules = fault["expected"].partition(":")
        if kind in _AS:
            code = fault["id_tki"] if kind != FORGED else f"{fault['id_tki']} {fault['kind']}"
            yield from (Planted(rule, _AS[kind], code) for rule in rules.split("+"))


def _example(hits: Mapping[int, dict[str, Any]]) -> str:
    if not hits:
        return ""
    row = hits[min(hits)]
    told = f"{row['deviation_id']}: {about(row['subject_kind'], row['subject_code'])}"
    return told if len(told) <= WIDE else f"{told[: WIDE - 1].rstrip()}…"


def _came_of(rows: Collection[dict[str, Any]], held: int) -> str:
    """Return what became of the cases, counted: a case gathers what one rule finds about one subject."""
    cases = {row["case_id"]: row for row in rows if row["case_id"]}
    words = Counter(_word(row) for row in cases.values())
    words["percobaan ditolak"] = sum(bool(row["is_attempt"]) for row in rows)
    words["tidak lolos saringan"] = held
    return ", ".join(f"{count} {word}" for word, count in words.items() if count)


def _word(case: dict[str, Any]) -> str:
    if case["verdict"] == "CONFIRMED":
        return "terbukti"
    if case["verdict"] == "DISMISSED":
        return "tidak terbukti"
    return "terbuka"
