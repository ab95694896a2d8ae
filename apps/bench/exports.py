"""`posko bench exports`: what leaves POSKO, against the limits of the contract (§13.12; issue 6).

Certificates are set, signed and sealed as `posko certificate print` does it, without the database: its acts are measured by
`posko bench core`. Seconds are CPU of the process and of those in which typst works, so that a busy machine changes them little.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import click

from apps.bench import exports_public, exports_site
from apps.bench.child import peak_mb
from apps.bench.exports_packages import ROWS, measure_packages
from apps.bench.exports_return import RESULTS, measure_return
from apps.bench.installation import throw_away
from apps.bench.report import Report, against_limit, load_remark, note
from apps.cli import context
from apps.cli.screen import number
from exports.certificate import MOST_PAGES, Sheet, make_pdf
from exports.certificate_keys import PublicKeys, Signer
from exports.certificate_verify import Verdict, verify_file

CERTIFICATES = 1_000
LIMIT_SECONDS, LIMIT_MB = 12.0, 400.0
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_SIGNER = Signer(bytes(range(32)))
_DAY = dt.date(2026, 3, 10)
_UNITS = tuple((f"TLRT.{place:02d}", f"Unit kompetensi nomor {place}") for place in range(1, 9))


@dataclass(frozen=True)
class Measured:
    """One run: seconds of CPU and of the wall, MB at the peak of both processes, bytes of all files, pages that verified."""

    cpu: float
    wall: float
    peak_mb: float
    size: int
    verified: int


def a_sheet(place: int) -> Sheet:
    """Return a certificate of usual length, another for each place."""
    return Sheet(
        certificate_no=f"PRT.1025.2026.{place:07d}",
        secure_code=f"{place * 7919 % 2**24:06X}",
        tki_id=str(9_000_000 + place),
        full_name=f"SITI NURHALIZAH BINTI ABDULLAH {place}",
        birth_place="TASIKMALAYA",
        born_on=dt.date(1983, 5, 1),
        scheme_code="TLRT",
        lsp_code="LSP-1",
        lsp_name="LSP Tata Laksana Rumah Tangga Nusantara",
        licence_no="BNSP-LSP-020-ID",
        sk_no="SK-12/LSP/III/2026",
        certified_on=_DAY,
        valid_until=_DAY.replace(year=2029),
        copy_no=1,
        blank_no=f"BL{place:06d}",
        units=_UNITS,
    )


def measure(certificates: int) -> Report:
    """Make so many certificates in a process of their own and compare time and memory with the limits."""
    report = Report("exports", f"{number(certificates)} sertifikat", remarks=load_remark())
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(work, certificates).result()
    share = certificates / CERTIFICATES
    report.lines += [
        against_limit("sertifikat disusun, ditandatangani, disegel; CPU satu inti", [found.cpu], LIMIT_SECONDS * share),
        against_limit("memori puncak, kedua prosesnya", [found.peak_mb], LIMIT_MB, unit="MB"),
        note("waktu berjalan", found.wall),
    ]
    report.extra |= {"certificates": certificates, "bytes": found.size, "pages_verified_of_last_file": found.verified}
    return report


def work(certificates: int) -> Measured:
    """Make the files one after the other and forget each, as printing does; then read the last one back."""
    sheets = [a_sheet(place) for place in range(1, certificates + 1)]
    wall, cpu, size, pdf = time.monotonic(), _cpu(), 0, b""
    for start in range(0, certificates, MOST_PAGES):
        pdf = make_pdf(sheets[start : start + MOST_PAGES], _SIGNER, "https://bnsp.go.id/posko/status.json")
        size += len(pdf)
    wall, cpu = time.monotonic() - wall, _cpu() - cpu
    # One file is set at a time: both peaks together are the most there can be.
    most_mb = peak_mb() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    keys = PublicKeys.of([_SIGNER.public])
    verified = sum(answer.verdict is Verdict.UNCHECKED for answer in verify_file(pdf, keys, today=_DAY))
    return Measured(cpu, wall, most_mb, size, verified)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _measure_public(report: Report, site: int, seconds: float) -> None:
    """Add what the public site and the public verification cost, on an installation of their own."""
    if not site and not seconds:
        return
    with throw_away(context.settings()) as installation:
        made = [exports_site.measure_site(installation, site)] if site else []
        made += [exports_public.measure_public(installation, seconds)] if seconds else []
    for lines, told in made:
        report.lines += lines
        report.extra |= told


@click.command("exports")
@click.option(
    "--certificates", default=CERTIFICATES, show_default=True, type=click.IntRange(1, 100_000), help="Banyaknya."
)
@click.option(
    "--package-rows", default=ROWS, show_default=True, type=click.IntRange(1, 500_000), help="Baris satu paket."
)
@click.option(
    "--results",
    default=RESULTS,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Hasil yang dikembalikan; 0: tidak diukur.",
)
@click.option(
    "--site",
    default=exports_site.RESULTS,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Hasil pada situs publik; 0: tidak diukur.",
)
@click.option(
    "--public-seconds",
    default=exports_public.SECONDS,
    show_default=True,
    type=click.FloatRange(0, 600),
    help="Lama beban pada pemeriksaan umum; 0: tidak diukur.",
)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(
    *, certificates: int, package_rows: int, results: int, site: int, public_seconds: float, as_json: bool
) -> None:
    """Ukur yang keluar dari POSKO: sertifikat, paket, pengembalian, situs publik, pemeriksaan umum."""
    report = measure(certificates)
    lines, told = measure_packages(package_rows)
    report.lines += lines
    report.extra |= told
    if results:
        with throw_away(context.settings()) as installation:
            report.lines += measure_return(installation, results)
    _measure_public(report, site, public_seconds)
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.show())
