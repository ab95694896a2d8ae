"""The small set of prints that is kept in the repository: ten fingers, four touches each, as PNG (`biometrics/prints`).

    python -m biometrics.synthetic.committed        # make them again, after a change of the generator

Nobody has these fingers, so they may be given away; public collections of real prints may not.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from PIL import Image

from biometrics.synthetic import image
from biometrics.types import PPI

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parent.parent / "prints"
MANIFEST = "manifest.json"
PEOPLE = tuple(f"print:{number}" for number in range(1, 6))
FINGERS = (2, 7)
"""Both index fingers, counted from the right thumb (1) to the left little finger (10)."""
TOUCHES = 4
_WSQ_RATIO = 12


@dataclass(frozen=True, slots=True)
class Print:
    """One file of the set: the person and finger (1-10) it shows, the name of the touch, and the digest of its pixels."""

    file: str
    seed: str
    finger: int
    touch: str
    pixels_sha256: str


def prints(folder: Path = FOLDER) -> list[Print]:
    """Return what the manifest lists: finger after finger, touch after touch."""
    return [Print(**entry) for entry in json.loads((folder / MANIFEST).read_text("utf-8"))]


def png(grey: bytes, width: int, height: int, *, small: bool = False) -> bytes:
    """Return grey bytes as a PNG of 500 ppi; `small` tries harder, five times as long."""
    out = io.BytesIO()
    Image.frombytes("L", (width, height), grey).save(out, "PNG", optimize=small, dpi=(PPI, PPI))
    return out.getvalue()


def encoded(seed: str, finger: int, form: str, *, touch: str = "1", folder: Path = FOLDER) -> bytes:
    """Return one print of the set as a file: `PNG` as it is kept, `BMP`, or `WSQ` at a twelfth of its size.

    Raises:
        LookupError: the set has no such print.
    """
    entry = next((one for one in prints(folder) if (one.seed, one.finger, one.touch) == (seed, finger, touch)), None)
    if entry is None:
        raise LookupError(f"no print of {seed}, finger {finger}, touch {touch} in {folder}")
    data = (folder / entry.file).read_bytes()
    if form == "PNG":
        return data
    with Image.open(io.BytesIO(data)) as picture:
        if form == "WSQ":
            return bytes(import_module("_wsq").compress(picture.tobytes(), picture.height, picture.width, _WSQ_RATIO))
        out = io.BytesIO()
        picture.save(out, "BMP", dpi=(PPI, PPI))
    return out.getvalue()


def rebuild(folder: Path = FOLDER) -> int:
    """Write all files and the manifest anew, and return how many prints there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    listed = [_written(folder, made, data) for made, data in _made()]
    lines = ",\n".join(json.dumps(asdict(entry)) for entry in listed)
    (folder / MANIFEST).write_text(f"[\n{lines}\n]\n", "utf-8")
    return len(listed)


def _made() -> Iterator[tuple[Print, bytes]]:
    for person, seed in enumerate(PEOPLE, 1):
        for finger in FINGERS:
            whole = image.master(seed, finger)
            for touch in range(1, TOUCHES + 1):
                grey, width, height = image.impression(whole, str(touch))
                entry = Print(f"{person}-{finger}-{touch}.png", seed, finger, str(touch), sha256(grey).hexdigest())
                yield entry, png(grey, width, height, small=True)


def _written(folder: Path, entry: Print, data: bytes) -> Print:
    (folder / entry.file).write_bytes(data)
    return entry


@click.command()
def main() -> None:
    """Make the prints of the repository again."""
    click.echo(f"{rebuild()} sidik jari tiruan ditulis ke {FOLDER}.")


if __name__ == "__main__":
    main()
