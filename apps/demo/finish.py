"""What the demo leaves to look at: certificates, packages, the public site, what came of the return (§5.7, §12.9, §13.12, §14.1-14.5)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.audit_pack import make
from apps.certificate_batch import print_batch
from apps.cli.screen import number
from apps.demo.cast import AUDITOR, THIRD
from apps.packages_demo import demo_package
from exports.certificate_keys import public_keys_in
from posko.services import print_certificates, printing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from apps.demo.play import Play
    from posko.db.engine import Server
    from posko.settings import Settings

PRINTED = 5
"""Certificates that the demo prints: enough to look at; a whole batch is `posko certificate print`."""
BLANKS = 50
_LSP = (
    "select lsp_code from posko.certificate as paper where status = 'VALID' and not exists ("
    "select 1 from posko.print_event as print where print.certificate_id = paper.certificate_id)"
    " group by lsp_code order by count(*) desc, lsp_code limit 1"
)
_LAST_BLANK = (
    "select coalesce(max(cast(substring(blank_no, 3) as unsigned)), 0) as n from posko.blank where blank_no like 'DM%'"
)
_RETURN = (
    "select batch.dispatch_id, batch.row_count, batch.dispatched_at, batch.acknowledged_at,"
    " sum(line.acknowledged_at is not null) as taken_over, sum(line.version > 1) as corrections"
    " from posko.return_batch as batch join posko.return_line as line on line.return_batch_id = batch.return_batch_id"
    " group by batch.return_batch_id order by batch.return_batch_id"
)
_ANSWERS = "select verdict, count(*) as n from posko.return_confirmation group by verdict order by verdict"
_FAKES = "select count(*) as n from posko.deviation where rule_id = 'DV-C08'"


@dataclass(frozen=True)
class Finished:
    """Where the demo's files lie; None: there was nothing to make one of."""

    certificates: Path | None
    package: Path | None
    site: Path | None
    returns: Path

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what each is, and where."""
        for what, path in (
            ("sertifikat (PDF dengan kode QR)", self.certificates),
            ("paket terenkripsi untuk LSP", self.package),
            ("situs publik", self.site),
            ("ringkasan pengembalian ke BNP2TKI", self.returns),
        ):
            yield what, "belum ada yang baru" if path is None else str(path)


def finish(play: Play, settings: Settings) -> Finished:
    """Print certificates of one LSP, make the packages of the last allocation, and write down what came of the return.

    Args:
        play: that was played.
        settings: of the demo; files go below `var/demo`.
    """
    folder = settings.var / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    page = settings.site / "aktif" / "index.html"
    return Finished(
        _print(play, settings, folder),
        demo_package(settings, play.cast.office, play.cast.desk(THIRD)),
        page if page.exists() else None,
        _tell(play, folder),
    )


def _print(play: Play, settings: Settings, folder: Path) -> Path | None:
    """Print the first certificates of the LSP with most of them, on blanks that BNSP gives it first."""
    found = play.ask(_LSP)
    if not found:
        return None
    lsp = found[0]["lsp_code"]
    last = int(play.ask(_LAST_BLANK)[0]["n"])
    first, end = f"DM{last + 1:06d}", f"DM{last + BLANKS:06d}"
    play.cast.desk(THIRD).do(printing.issue_blanks, lsp_code=lsp, first=first, last=end)
    desk = play.cast.desk(f"ADM-{lsp}")
    numbers = desk.do(print_certificates.unprinted, lsp_code=lsp, session_id=None)[:PRINTED]
    (part,) = print_batch(desk, settings, lsp_code=lsp, numbers=numbers, first_blank=first)
    path = folder / f"sertifikat-{part.numbers[0]}.pdf"
    # Names and secure codes: for their owner only.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(part.pdf)
    return path


def _tell(play: Play, folder: Path) -> Path:
    """Write the summary of the return: every sending, what BNP2TKI answered, and fakes."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in play.ask(_RETURN)]
    answers = {row["verdict"]: int(row["n"]) for row in play.ask(_ANSWERS)}
    told = {"sendings": rows, "confirmations": answers, "fake_numbers": int(play.ask(_FAKES)[0]["n"])}
    path = folder / "pengembalian.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return path


def _plain(value: object) -> object:
    """Return a value of the database as JSON holds it: sums are whole numbers, times ISO."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else int(str(value))


def auditors_pack(play: Play, settings: Settings, server: Server, *, since: date) -> Iterator[tuple[str, str]]:
    """Let the auditor take a pack of the days from `since` to the played day; yield where it is, and how it is verified.

    What is to be in it must be sealed before.
    """
    folder = settings.var / "demo"
    path, keys = folder / f"paket-auditor-{play.today():%Y%m%d}.posko", folder / "kunci-bnsp.json"
    path.unlink(missing_ok=True)
    made = make(play.cast.desk(AUDITOR), server, settings.secrets, first=since, last=play.today(), path=path)
    keys.write_text(public_keys_in(settings.secrets).text(), "utf-8")
    note = max((settings.var / "audit").glob("*.note"))
    yield "paket auditor", f"{path} ({number(made.rows)} baris)"
    yield (
        "  memeriksanya tanpa server",
        f"./run audit verify-pack {path} --key {keys} --key {settings.var / 'audit' / 'log.vkey'} --checkpoint {note}",
    )
