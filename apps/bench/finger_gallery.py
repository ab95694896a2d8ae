"""A gallery of so many different synthetic fingers for the bench, made by all cores once and then kept below `var/finger-bench`.

Nobody has these fingers, so they are kept in clear; another generator makes another file.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from biometrics.types import Template

FINGER = 2
_STEP = 500


@cache
def matcher() -> NbisMatcher:
    """Return the matcher of this process."""
    return NbisMatcher()


def enrolled(number: int) -> Template:
    """Return the enrolled template of person `number`: one usual touch of a finger of her own."""
    return _template(number, "enrolled", 1.0)


def probe(number: int, hard: float) -> Template:
    """Return another touch of the same finger; `hard` 1 is usual, 2 poor."""
    return _template(number, f"probe:{hard}", hard)


def gallery(count: int, folder: Path, say: Callable[[str], None]) -> list[bytes]:
    """Return the template records of persons 0 to `count` - 1, made now or read from the folder."""
    recipe = sha256(b"".join(enrolled(number).data + probe(number, 2.0).data for number in range(5))).hexdigest()[:12]
    path = folder / f"gallery-{count}-{recipe}.npz"
    if not path.exists():
        say(f"membuat {count} jari tiruan dengan {os.cpu_count()} proses")
        starts = range(0, count, _STEP)
        with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
            made = [
                data
                for some in pool.map(_some, starts, (min(_STEP, count - start) for start in starts))
                for data in some
            ]
        folder.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.stem}.{os.getpid()}.npz")
        np.savez(new, lengths=np.array([len(data) for data in made]), data=np.frombuffer(b"".join(made), np.uint8))
        new.replace(path)
    with np.load(path) as kept:
        data, ends = kept["data"].tobytes(), np.cumsum(kept["lengths"])
    return [
        data[end - length : end] for end, length in zip(ends.tolist(), np.diff(ends, prepend=0).tolist(), strict=True)
    ]


def _some(start: int, count: int) -> list[bytes]:
    return [enrolled(number).data for number in range(start, start + count)]


def _template(number: int, touch: str, hard: float) -> Template:
    master = people.master(f"bench:{number}", FINGER)
    return matcher().template_of(people.impression(master, touch, hard=hard))
