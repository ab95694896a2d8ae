"""`posko deviations rules`: what is judged, by which thresholds in force today, and how often it turned out to be nothing (§5.2, F44)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, table
from posko.domain.calendar import local_day
from posko.services.finding_reading import rules_on

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST = 70
REVIEW = "Ambang {rule_id} perlu ditinjau: {dismissed} dari {judged} penyimpangan yang diputus tidak terbukti."


@click.command("rules")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, as_json: bool) -> None:
    """Tampilkan semua aturan dengan ambang yang berlaku hari ini dan bagian yang tidak terbukti."""
    today = local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None))
    with context.reading() as db:
        rules = rules_on(db, today)
    with context.app_connection() as db:
        log_act(db, "deviations.rules", "rule", "*", {"rules": len(rules)})
        db.commit()
    if as_json:
        click.echo(json.dumps({"day": today.isoformat(), "rules": rules}, ensure_ascii=False))
        return
    columns = ("aturan", "§", "bobot", "cara", "dinilai oleh", "isi", "terbuka", "diputus", "tidak terbukti")
    table(f"{len(rules)} aturan penyimpangan", columns, [_line(rule) for rule in rules], numeric=(6, 7, 8))
    rows = [
        (value["name"], value["sub_key"], value["value"], _since(value), rule["rule_id"])
        for rule in rules
        for value in rule["in_force"]
    ]
    table(
        f"Ambang yang berlaku pada {today:%d-%m-%Y}",
        ("ambang", "bagi", "nilai", "berlaku", "aturan"),
        rows,
        numeric=(2,),
    )
    for rule in rules:
        if rule["needs_review"]:
            click.echo(REVIEW.format(**rule))


def _line(rule: Mapping[str, Any]) -> tuple[str, ...]:
    weight = rule["severity"] if rule["severity"] == rule["found_as"] else f"{rule['severity']}/{rule['found_as']}"
    said = rule["description"]
    short = said if len(said) <= SHORTEST else said[: SHORTEST - 1].rstrip() + "…"
    share = "-" if rule["dismissed_permille"] is None else f"{rule['dismissed_permille'] / 10:.0f} %"
    judged_by = rule["judged_by"].removeprefix("checks.deviations.").removeprefix("fct_deviation_")
    return (
        rule["rule_id"], rule["paragraph"], weight, rule["mode"], judged_by, short, number(rule["open"]), number(rule["judged"]), share,
    )  # fmt: skip


def _since(value: Mapping[str, Any]) -> str:
    first = value["valid_from"] or "bawaan"
    return f"{first} s.d. {value['valid_until']}" if value["valid_until"] else first
