"""`posko deviations explain`: one deviation with its rule, evidence, history and case, or one rule (§5.2, §5.7)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from apps.cli import context
from apps.cli.acts import log_act
from apps.cli.screen import number, table
from posko.domain.calendar import local_day
from posko.domain.errors import BadInput
from posko.domain.finding import about
from posko.domain.rules import RULES
from posko.services.finding_reading import explained, of_rule, rules_on, to_do

if TYPE_CHECKING:
    from collections.abc import Mapping

TO_DO: Mapping[str, str] = {
    "attempt": "Percobaan ini ditolak, jadi tidak terjadi. Perhatikan bila orang atau tempat yang sama terus mencoba.",
    "noted": "Layanan mencatatnya saat terjadi. Telaah kasusnya; hasil ditahan sampai kasus ditutup.",
    "closed": "Kasusnya sudah ditutup. Tidak ada yang perlu dilakukan.",
    "loose": "Belum dalam kasus, dan hasil tidak ditahan. Buka kasus bila orang atau tempat yang sama sering muncul.",
    "B": "Ini tidak boleh terjadi: telaah kasusnya dan cari jalan yang dipakai di luar layanan. Hasilnya ditahan sampai kasus ditutup.",
    "H": "Hasil ditahan. Telaah kasusnya; dua orang yang bukan pokok kasus menutupnya, lalu hasil dapat dilanjutkan.",
    "W": "Telaah kasusnya: benarkan dengan sanksi bila perlu, atau nyatakan tidak terbukti. Hasil tidak ditahan.",
    "I": "Keterangan saja, tanpa kasus. Perhatikan bila jumlahnya bertambah.",
}
"""Severity, or what else decides (`finding_reading.to_do`) -> what is to be done."""
LONGEST_NUMBER = 18
"""Digits of a number that the database can hold."""
CHANGES = {"FOUND": "ditemukan", "CHANGED": "buktinya berubah", "GONE": "tidak ditemukan lagi", "AGAIN": "muncul lagi"}
MODES = {"P": "dicegah", "D": "terdeteksi"}
NOTED = "dicatat saat terjadi"
"""How a deviation of a prevented rule came into the register when it was not refused."""


@click.command("explain")
@click.argument("what", metavar="NOMOR|ATURAN")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, what: str, as_json: bool) -> None:
    """Jelaskan penyimpangan menurut NOMOR-nya, atau ATURAN seperti DV-S06."""
    wanted = what.strip().upper()
    if wanted not in RULES and not (wanted.isdecimal() and len(wanted) <= LONGEST_NUMBER):
        raise BadInput(f"{what!r} bukan nomor penyimpangan dan bukan aturan. Tulis misalnya 12 atau DV-S06.")
    with context.reading() as db:
        found: dict[str, Any] | None
        if wanted in RULES:
            today = local_day(dt.datetime.now(dt.UTC).replace(tzinfo=None))
            (rule,) = (rule for rule in rules_on(db, today) if rule["rule_id"] == wanted)
            found = {**rule, **of_rule(db, wanted)}
        else:
            found = explained(db, int(wanted))
    with context.app_connection() as db:
        log_act(db, "deviations.explain", "deviation", wanted, {}, outcome="ok" if found else "refused")
        db.commit()
    if found is None:
        raise BadInput(f"Penyimpangan nomor {wanted} tidak ada. Lihat posko deviations list.")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif wanted in RULES:
        _show_rule(found)
    else:
        _show_deviation(found)


def _show_deviation(found: Mapping[str, Any]) -> None:
    rule = found["rule"]
    click.echo(
        f"Penyimpangan {found['deviation_id']}: {found['rule_id']} (§{rule['paragraph']}), bobot {found['severity']},"
    )
    how = NOTED if found["mode"] == "P" and not found["is_attempt"] else MODES[found["mode"]]
    click.echo(f"{how} {found['occurred_at'][:19]} UTC. Aturan: {rule['description']}.")
    named = [about(found["subject_kind"], found["subject_code"])]
    named += [f"{label} {found[name]}" for name, label in (("tki_id", "TKI"), ("session_id", "sesi")) if found[name]]
    click.echo(f"Tentang: {', '.join(dict.fromkeys(named))}.")
    if found["is_intact"]:
        table("Bukti", ("apa", "nilai"), [(name, _text(value)) for name, value in sorted(found["evidence"].items())])
    else:
        click.echo("BUKTI DIUBAH: tidak sama dengan sidik yang disimpan bersamanya.")
    if found["history"]:
        rows = [
            (each["changed_at"][:19], CHANGES[each["change"]], _text(each["evidence"])) for each in found["history"]
        ]
        table("Riwayat temuan", ("waktu (UTC)", "perubahan", "bukti saat itu"), rows)
    case = found["case"]
    click.echo(
        f"Kasus {case['case_id']}: {case['label']}, batas {case['due_at'][:10]}." if case else "Tidak dalam kasus."
    )
    click.echo("Yang perlu dilakukan: " + TO_DO[to_do(found)])


def _show_rule(found: Mapping[str, Any]) -> None:
    click.echo(
        f"{found['rule_id']} (§{found['paragraph']}), bobot {found['severity']}, {MODES[found['mode']]}: {found['description']}."
    )
    click.echo(f"Dinilai oleh: {found['judged_by']}; pemilik: {found['owner']}.")
    if found["in_force"]:
        rows = [
            (each["name"], each["sub_key"], each["value"], each["valid_from"] or "bawaan", each["source"])
            for each in found["in_force"]
        ]
        table("Ambang yang berlaku", ("ambang", "bagi", "nilai", "sejak", "dasar"), rows, numeric=(2,))
    if found["runs"]:
        columns = ("mulai (UTC)", "sejak", "ditemukan", "baru", "hilang")
        table("Pemeriksaan terakhir", columns, [_run_line(each) for each in found["runs"]], numeric=(2, 3, 4))
    if found["findings"]:
        columns = ("penyimpangan", "tentang", "kunci", "pertama", "hilang")
        table("Temuan", columns, [_finding_line(each) for each in found["findings"]], numeric=(0,))
    click.echo(f"Diputus {found['judged']}, di antaranya tidak terbukti {found['dismissed']}.")
    click.echo("Yang perlu dilakukan: " + TO_DO[found["found_as"]])


def _run_line(run: Mapping[str, Any]) -> tuple[str, ...]:
    since = "semua" if run["since_at"] is None else run["since_at"][:19]
    return run["started_at"][:19], since, *(number(run[f"{name}_count"]) for name in ("found", "new", "gone"))


def _finding_line(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(one["deviation_id"]),
        about(one["subject_kind"], one["subject_code"]),
        one["finding_key"],
        one["first_seen_at"][:10],
        (one["gone_at"] or "")[:10],
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
