"""`posko finger capture`: one finger from a reader, and how good its picture is; nothing is stored (R-041).

This is how a TUK tries its reader on the day before. The picture leaves memory only in the demo, with `--out`.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from PIL import Image

from apps.cli import context
from apps.cli.screen import number, table
from apps.cli.station_reader import reader_options
from biometrics.nbis_matcher import NbisMatcher
from biometrics.thresholds import ENROL_QUALITY
from biometrics.types import Encoding
from posko.domain.errors import BadInput, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader, Sample

LABELS = {
    "reader": "pembaca",
    "serial": "nomor seri",
    "width": "lebar (piksel)",
    "height": "tinggi (piksel)",
    "ppi": "resolusi (ppi)",
    "minutiae": "ciri (minutiae)",
    "quality": "mutu NFIQ2 (0-100)",
    "assurance": "jaminan",
    "sha256": "SHA-256 gambar",
}


@click.command("capture")
@reader_options
@click.option(
    "--seconds", type=click.FloatRange(0, 300), default=15.0, show_default=True, help="Berapa lama menunggu jari."
)
@click.option("--out", type=click.Path(path_type=Path), help="Simpan gambarnya ke berkas PNG (hanya demo).")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai satu dokumen JSON.")
def command(*, open_reader: Callable[[], Reader], seconds: float, out: Path | None, as_json: bool) -> None:
    """Ambil satu sidik jari dan tampilkan ukuran, jumlah ciri, dan mutunya; tidak ada yang disimpan."""
    if out is not None and context.settings().environment == "production":
        raise ConfigurationError("Gambar sidik jari tidak boleh disimpan di lingkungan production. Ulangi tanpa --out.")
    with open_reader() as reader:
        if not as_json:
            click.echo("Letakkan jari pada pembaca.", err=True)
        sample = reader.capture(secrets.token_hex(16), seconds=seconds)
    found = _described(sample)
    if out is not None:
        _keep(sample, out)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    shown = {name: number(value) if isinstance(value, int) else str(value or "-") for name, value in found.items()}
    table("Sidik jari", ("apa", "nilai"), [(LABELS[name], value) for name, value in shown.items()])
    click.echo(_verdict(found["quality"]))


def _described(sample: Sample) -> dict[str, Any]:
    template = NbisMatcher().extract(sample, with_quality=True)
    return {
        "reader": sample.reader_kind,
        "serial": sample.reader_serial,
        "width": sample.width,
        "height": sample.height,
        "ppi": sample.ppi,
        "minutiae": template.minutiae,
        "quality": template.quality,
        "assurance": sample.assurance,
        "sha256": sample.sha256.hex(),
    }


def _verdict(quality: int | None) -> str:
    if quality is None:
        return "Mutu tidak terukur; ambil sekali lagi."
    if quality < ENROL_QUALITY:
        return f"Mutu di bawah {ENROL_QUALITY}: bersihkan jari dan kaca pembaca, lalu ambil sekali lagi."
    return "Mutu cukup."


def _keep(sample: Sample, out: Path) -> None:
    """Write the picture, or the record of a reader that gives no picture."""
    try:
        if sample.encoding is Encoding.GREY8:
            picture = Image.frombytes("L", (sample.width, sample.height), sample.data)
            picture.save(out, "PNG", dpi=(sample.ppi, sample.ppi))
        else:
            out.write_bytes(sample.data)
    except OSError as error:
        raise BadInput(f"Berkas {out} tidak dapat ditulis: {error.strerror}.") from error
