"""`posko finger bench search`: the true mate among 100,000 on the shortlist, and the time of a search (DV-I05, DV-I06).

Each template of the gallery is another finger. They stand encrypted in a private server, and a timed query is the search itself: keys,
index, shortlist from the server, decrypted, compared by bozorth3; one thread, so one core.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from scipy.stats import beta

from apps.bench.finger_gallery import FINGER, enrolled, gallery, matcher, probe
from apps.bench.report import Line, Report, decimal, load_remark, note
from apps.cli import context
from apps.cli.screen import number
from biometrics.search.finder import ALERT, SHORTLIST, Finder, Opened
from biometrics.search.keys import probes_of
from biometrics.search.store import Store
from biometrics.synthetic.people import HARD
from biometrics.types import Template
from biometrics.vault import Vault
from posko.db.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from apps.bench.installation import Installation
    from biometrics.search.index import Index

TEMPLATES, PROBES, TIMED = 100_000, 2_000, 150
QUERY_SECONDS = 2.0
LEAST_USUAL, LEAST_HARD = 0.99, 0.95
USUAL = 1.0
CONFIDENCE = 0.95
_COLUMNS = "person_kind, person_id, version, finger, seq, format, key_id, nonce, ciphertext, minutiae"
_ROWS = 2_000


@dataclass(frozen=True)
class Timed:
    """One timed query: seconds on the clock and of this process, whether its mate reached the alert, strangers that did."""

    seconds: float
    cpu_seconds: float
    is_found: bool
    strangers: int


def measure(
    installation: Installation,
    *,
    templates: int = TEMPLATES,
    probes: int = PROBES,
    timed: int = TIMED,
    cache: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Measure the search on an installation of its own.

    Args:
        installation: a private server, empty.
        templates: how many different fingers stand in the gallery.
        probes: how many of them are looked for again, in usual and in poor touches each.
        timed: how many of these, of each kind, are searched wholly and timed.
        cache: folder of the gallery; None: below the user's `var`.
        say: what tells how far it is.
    """
    busy = load_remark()
    folder = cache or context.settings().var / "finger-bench"
    records = gallery(templates, folder, say)
    migrate(installation.target)
    vault = Vault.of(installation.settings)
    say(f"{number(templates)} templat dienkripsi ke basis data")
    _put(installation, vault, records)
    engine = installation.target.engine("posko_app", "posko")
    report = Report("finger search", f"{number(templates)} templat, {number(probes)} pencarian tiap mutu", remarks=busy)
    try:
        with engine.connect() as db:
            say("membangun indeks")
            index, lines = _index(installation, vault, db)
            finder = Finder(index, vault, matcher())
            ids = _ids(db, probes)
            for hard, words, least in ((USUAL, "sentuhan biasa", LEAST_USUAL), (HARD, "sentuhan buruk", LEAST_HARD)):
                say(f"mencari {number(probes)} {words}")
                report.lines.append(_recall(index, ids, hard, words, least, report))
                lines += _search(finder, db, ids[:timed], hard, words, report)
    finally:
        engine.dispose()
    report.lines += lines
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.lines.append(note("memori puncak seluruh proses", peak, unit="MB"))
    report.remarks += _remarks(templates)
    return report


def bounds(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share by Clopper and Pearson."""
    rest = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(rest, hits, count - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - rest, hits + 1, count - hits)) if hits < count else 1.0
    return low, high


def _put(installation: Installation, vault: Vault, records: Sequence[bytes]) -> None:
    """Insert the gallery as templates in force, each sealed; nothing else of the installation is needed."""
    admin = installation.target.engine(installation.target.admin, "posko")
    names = [name.strip() for name in _COLUMNS.split(",")]
    statement = sa.text(
        f"insert into posko_biometric.finger_template ({_COLUMNS}, provenance, state, reader_kind, reader_serial, taken_at,"
        f" taken_by) values ({', '.join(f':{name}' for name in names)}, 'BNP2TKI', 'ACTIVE', 'bench', '-', '2026-01-01', 'bench')"
    )
    form = matcher().format
    try:
        for start in range(0, len(records), _ROWS):
            rows = []
            for place, data in enumerate(records[start : start + _ROWS], start):
                template = Template(form, FINGER, data, (len(data) - 26) // 6)
                key_id, nonce, sealed = vault.seal(template, kind="TKI", person_id=str(place), version=1, seq=1)
                values = ("TKI", str(place), 1, FINGER, 1, form, key_id, nonce, sealed, template.minutiae)
                rows.append(dict(zip(names, values, strict=True)))
            with admin.begin() as db:
                db.execute(statement, rows)
    finally:
        admin.dispose()


def _index(installation: Installation, vault: Vault, db: sa.Connection) -> tuple[Index, list[Line]]:
    """Build the index from the encrypted templates, then take it up again from its file."""
    store = Store.of(installation.settings, vault, matcher())
    began = time.monotonic()
    made = store.refresh(db)
    built = time.monotonic()
    again = store.refresh(db)
    resumed = time.monotonic()
    lines = [
        note("indeks dibangun dari templat terenkripsi", built - began),
        note("indeks dilanjutkan dari berkasnya", resumed - built),
        note("memori indeks", made.index.nbytes / 1e6, unit="MB"),
        note("memori indeks per templat", made.index.nbytes / len(made.index), unit="byte"),
        note("berkas indeks terenkripsi", store.path.stat().st_size / 1e6, unit="MB"),
    ]
    return again.index, lines


def _ids(db: sa.Connection, probes: int) -> list[int]:
    """Return the numbers of the templates of persons 0, 1, 2 ..."""
    rows = db.execute(
        sa.text(
            "select template_id from posko_biometric.finger_template where state = 'ACTIVE' order by template_id limit :n"
        ),
        {"n": probes},
    )
    return [int(template_id) for (template_id,) in rows]


def _recall(index: Index, ids: Sequence[int], hard: float, words: str, least: float, report: Report) -> Line:
    """Look each probe's mate up in the index alone; return the share found on the shortlist."""
    places = []
    for person, template_id in enumerate(ids):
        keys, weights = probes_of(matcher().impression_of(probe(person, hard)))
        names = [name for name, _ in index.query(keys, weights, most=SHORTLIST)]
        places.append(names.index(template_id) if template_id in names else None)
    hits = sum(place is not None for place in places)
    low, high = bounds(hits, len(ids))
    report.extra[f"recall_{'usual' if hard == USUAL else 'hard'}"] = {
        "probes": len(ids), "hits": hits, "low": low, "high": high,
        **{f"top_{most}": sum(place is not None and place < most for place in places) for most in (1, 10, 100, 500, SHORTLIST)},
    }  # fmt: skip
    spread = f"N {number(len(ids))}; 95 %: {decimal(100 * low)}-{decimal(100 * high)} %"
    return Line(
        f"pasangan sejati di {SHORTLIST} teratas, {words} ({spread})",
        100 * hits / len(ids), "%", 100 * least, "batas", at_least=1.0,
    )  # fmt: skip


def _search(
    finder: Finder, db: sa.Connection, ids: Sequence[int], hard: float, words: str, report: Report
) -> list[Line]:
    """Search some probes wholly, one after the other, as the nightly search does."""
    done = [
        _timed(finder, db, Opened(probe(place, hard), 0, "TKI", "probe", 1, FINGER), name)
        for place, name in enumerate(ids)
    ]
    seconds = sorted(each.seconds for each in done)
    cpu = sorted(each.cpu_seconds for each in done)
    p95, cpu_p95 = seconds[int(0.95 * (len(seconds) - 1))], cpu[int(0.95 * (len(cpu) - 1))]
    found, strangers = sum(each.is_found for each in done), sum(each.strangers > 0 for each in done)
    report.extra[f"query_{'usual' if hard == USUAL else 'hard'}"] = {
        "timed": len(done), "median": seconds[len(seconds) // 2], "p95": p95, "most": seconds[-1],
        "cpu_median": cpu[len(cpu) // 2], "cpu_p95": cpu_p95, "cpu_most": cpu[-1], "alerts": found, "with_strangers": strangers,
    }  # fmt: skip
    low, high = bounds(strangers, len(done))
    return [
        Line(
            f"satu pencarian, {words}: p95 dari {number(len(done))} (median {decimal(1000 * seconds[len(seconds) // 2])} ms,"
            f" terlama {decimal(1000 * seconds[-1])} ms)",
            p95, "detik", QUERY_SECONDS, "batas", at_most=1.0, is_limit=True,
        ),
        note(f"waktu CPU satu pencarian, {words}: p95", cpu_p95),
        note(f"pasangan sejati mencapai {ALERT}, {words}", 100 * found / len(done), unit="%"),
        note(
            f"pencarian dengan orang lain di atas {ALERT}, {words} (95 %: {decimal(100 * low)}-{decimal(100 * high)} %)",
            100 * strangers / len(done), unit="%",
        ),
    ]  # fmt: skip


def _timed(finder: Finder, db: sa.Connection, asked: Opened, mate: int) -> Timed:
    wall, cpu = time.monotonic(), time.process_time()
    pairs = finder.of_finger(db, [asked])
    seconds = time.monotonic() - wall, time.process_time() - cpu
    found = {pair.other.template_id for pair in pairs}
    return Timed(*seconds, mate in found, len(found - {mate}))


def _remarks(templates: int) -> list[str]:
    one, other = enrolled(0), enrolled(1)
    matcher().compare(one, [other])
    began = time.monotonic()
    for place in range(200):
        matcher().compare(probe(place, USUAL), [other])
    each = (time.monotonic() - began) / 200
    return [
        f"Semua waktu pada satu inti dari {os.cpu_count()}, termasuk mengambil dan mendekripsi daftar pendek.",
        f"Membandingkan semua {number(templates)} templat tanpa indeks memerlukan sekitar {decimal(each * templates)} detik.",
        "Jari tiruan: angka ini bukan ketelitian di lapangan dan tidak menguji jari palsu.",
    ]
