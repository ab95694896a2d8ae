"""The evaluation as a table: what was planted and found of each rule, with intervals; on the screen, as JSON, and in the docs.

Recall with the interval of Wilson, false alarms with the exact one of a Poisson count, both at 95 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scipy import stats

from posko.domain.errors import BadInput
from posko.domain.rules import NOT_JUDGED, RULES

if TYPE_CHECKING:
    from pathlib import Path

    from apps.fraud.evaluate import Evaluation, Verdict

BEGIN, END = "<!-- evaluation: written by posko deviations evaluate --write -->", "<!-- /evaluation -->"
HEADINGS = (
    "aturan", "dinilai oleh", "ditanam", "ditemukan", "recall [95 %]", "presisi", "nyaris", "ikutan", "alarm palsu / 10.000 TKI [95 %]",
    "detik", "besar kecurangan",
)  # fmt: skip
PER = 10_000


def rows_of(done: Evaluation) -> list[tuple[str, ...]]:
    """Return a row of texts for each rule of the catalogue; one that nobody judges says so."""
    return [_row(done, rule_id) for rule_id in RULES]


def recall_interval(hits: int, planted: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    found = stats.binomtest(hits, planted).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def rate_interval(count: int, tki: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson count, per 10,000 TKI."""
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low * PER / tki), float(stats.chi2.ppf(0.975, 2 * count + 2) / 2 * PER / tki)


def summary_of(done: Evaluation) -> list[str]:
    """Return the sentences below the table."""
    certain, estimated = done.some(statistical=False), done.some(statistical=True)
    lines = [
        f"{_number(done.tki)} TKI, benih {done.seed}, {done.each} kecurangan tiap aturan dan sama banyak yang nyaris.",
        _recall("Aturan pasti", certain) + f"; alarm palsu pada tahun yang jujur: {sum(len(one.false) for one in certain)}.",
        _recall("Aturan statistik", estimated)
        + f"; penemuan palsu {_percent(done.false_discoveries)}; pada tahun yang jujur {sum(len(one.false) for one in estimated)}.",
    ]  # fmt: skip
    asked = [f"{one.rule_id} ({len(one.by_chance)} TKI)" for one in certain if one.by_chance]
    if asked:
        lines.append(
            "Bukan alarm palsu, karena pada tahun yang jujur pun ada yang kebetulan senama, setempat, dan sehari lahir:"
            f" {', '.join(asked)}."
        )
    times = done.seconds
    lines.append(
        f"Semua aturan setahun {_seconds(times.get('full'))}, tambahan {_number(done.fresh)} TKI {_seconds(times.get('increment'))}."
    )
    return lines


def as_dict(done: Evaluation) -> dict[str, Any]:
    """Return the evaluation for `--json`."""
    return {
        "tki": done.tki,
        "seed": done.seed,
        "each": done.each,
        "fresh": done.fresh,
        "seconds": {name: round(value, 2) for name, value in done.seconds.items()},
        "false_discoveries": round(done.false_discoveries, 4),
        "missed": done.missed(),
        "rules": {rule_id: _told(one) for rule_id, one in sorted(done.verdicts.items())},
    }


def markdown(done: Evaluation) -> str:
    """Return the table and its sentences as Markdown."""
    lines = [f"| {' | '.join(HEADINGS)} |", "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows_of(done)]
    return "\n".join([*lines, "", *(f"- {one}" for one in summary_of(done))])


def write_into(path: Path, done: Evaluation) -> None:
    """Put the table between the marks of a document.

    Raises:
        BadInput: the document has no marks.
    """
    text = path.read_text("utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise BadInput(f"{path.name} tidak memuat tanda tabel evaluasi.")
    before, rest = text.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{markdown(done)}\n{END}{rest.split(END)[1]}", "utf-8")


def _row(done: Evaluation, rule_id: str) -> tuple[str, ...]:
    one, judge = done.of(rule_id), RULES[rule_id].judged_by
    if judge == NOT_JUDGED:
        return (rule_id, judge, *("-",) * 8, "")
    by = judge.rsplit(".", 1)[-1]
    if not one.planted:
        return (rule_id, by, *("-",) * 8, one.problem or "")
    low, high = recall_interval(one.hits, len(one.planted))
    share = f"{_percent(one.hits / len(one.planted))} [{_percent(low)}-{_percent(high)}]"
    precision = _percent(one.right / (one.right + one.wrong)) if one.right + one.wrong else "-"
    few, many = rate_interval(len(one.false), done.tki)
    false = f"{_decimal(len(one.false) * PER / done.tki)} [{_decimal(few)}-{_decimal(many)}]"
    return (
        rule_id, by, str(len(one.planted)), str(one.hits), share, precision, f"{len(one.near & one.found)} dari {len(one.near)}",
        str(one.beside + len(one.honest)), false, f"{one.seconds:.2f}".replace(".", ","), one.effect,
    )  # fmt: skip


def _told(one: Verdict) -> dict[str, Any]:
    return {
        "planted": len(one.planted),
        "found": one.hits,
        "near": len(one.near),
        "near_found": len(one.near & one.found),
        "beside": one.beside,
        "honest_flagged": len(one.honest),
        "false": len(one.false),
        "by_chance": len(one.by_chance),
        "seconds": one.seconds,
        "missed": sorted(map(list, one.planted - one.found))[:20],
        "false_keys": sorted(map(list, one.false | one.honest))[:20],
        "problem": one.problem,
    }


def _recall(name: str, some: list[Verdict]) -> str:
    hits, planted = sum(one.hits for one in some), sum(len(one.planted) for one in some)
    if not planted:
        return f"{name}: tidak ada yang ditanam"
    low, high = recall_interval(hits, planted)
    return (
        f"{name}: {hits} dari {planted} ditemukan ({_percent(hits / planted)}, 95 %: {_percent(low)}-{_percent(high)})"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " %"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _seconds(value: float | None) -> str:
    return "tidak diukur" if value is None else f"{value:.1f} detik".replace(".", ",")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
