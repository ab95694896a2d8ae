"""Which reader a command on a station's computer opens: the same options for all of them (R-041)."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from biometrics.readers.file import FileReader
from biometrics.readers.fprint import FprintReader
from biometrics.readers.zk import ZkReader
from biometrics.station.link import now_utc
from biometrics.synthetic.reader import SyntheticReader
from posko.domain.errors import BadInput
from posko.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.types import Reader

KINDS = ("fprint", "zk", "file", "synthetic")


def reader_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a reader to a command, which gets `open_reader` in their place."""

    @click.option("--reader", type=click.Choice(KINDS), required=True, help="Jenis pembaca (posko finger readers).")
    @click.option("--serial", default="", help="Nomor seri, bila alatnya tidak menyebutkannya sendiri.")
    @click.option(
        "--file",
        "files",
        type=click.Path(path_type=Path),
        multiple=True,
        help="Berkas gambar bagi pembaca file (demo).",
    )
    @click.option(
        "--whose-file",
        type=click.Path(path_type=Path),
        help="Bagi pembaca synthetic (demo): berkas berisi nama benih dan nomor jari, misalnya 'tki:100 2'.",
    )
    @wraps(function)
    def with_reader(*, reader: str, serial: str, files: tuple[Path, ...], whose_file: Path | None, **more: Any) -> None:
        function(open_reader=lambda: _opened(reader, serial, files, whose_file), **more)

    return with_reader


def _opened(kind: str, serial: str, files: tuple[Path, ...], whose_file: Path | None) -> Reader:
    if kind == "fprint":
        return FprintReader(now_utc, serial)
    if kind == "zk":
        return ZkReader(now_utc, serial)
    if not serial:
        raise BadInput("Pembaca tiruan tidak punya nomor seri sendiri. Sebutkan dengan --serial.")
    if kind == "file":
        return FileReader(files, serial, now_utc, load_settings())
    if whose_file is None:
        raise BadInput("Pembaca synthetic memerlukan --whose-file.")
    return SyntheticReader(serial, now_utc, lambda: _whose(whose_file), settings=load_settings())


def _whose(file: Path) -> tuple[str, int] | None:
    """Return whose finger lies on the demo's reader: the file's last line, `seed finger`; nobody's where there is none."""
    try:
        seed, finger = file.read_text("utf-8").split()
        return seed, int(finger)
    except (OSError, ValueError):
        return None
