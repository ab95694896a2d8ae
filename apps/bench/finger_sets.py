"""Sets of synthetic fingers for the bench, four touches each, and the scores of all who are compared in them.

Made by all cores once, kept below `var/finger-bench` (nobody has these fingers, so in clear); another generator or another
extraction makes another file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from biometrics.errors import SampleRefused
from biometrics.nbis_matcher import FORMAT, NbisMatcher
from biometrics.synthetic import image, people
from biometrics.types import PPI, Assurance, Sample, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

FINGER = 2
ENROLLED = 3
TOUCHES = ENROLLED + 1
"""Three enrolled impressions and one probe."""
_CHUNK = 20
_AT = datetime(2012, 5, 3)  # noqa: DTZ001 - UTC without a zone, as everywhere; no clock plays a part

Touches = list[Template | None]
"""Templates of the touches of one finger, the probe last; None where the matcher refused the sample."""


@dataclass(frozen=True)
class Kind:
    """One set: `images` (else minutiae), and how hard its touches are."""

    name: str
    images: bool
    hard: float


@dataclass(frozen=True)
class Scores:
    """Scores of one set, NBIS units.

    `single`: probe and one enrolled impression of the same finger. `genuine`: probe and the best of three of its finger.
    `impostor`: probe and the best of three of a stranger's finger; two in a row are the two fingers of one trial. `refused`:
    samples that gave no template.
    """

    single: list[int]
    genuine: list[int]
    impostor: list[int]
    refused: int

    @property
    def impostor_six(self) -> list[int]:
        """Probe and the best of six, as a verification compares: three impressions of each of two fingers."""
        return [max(self.impostor[at : at + 2]) for at in range(0, len(self.impostor), 2)]


def grey_sample(seed: str, touch: str, hard: float = 1.0) -> Sample:
    """Return one touch as a reader's picture."""
    data, width, height = image.impression(_image_master(seed), touch, hard=hard)
    nonce = sha256(f"{seed}{touch}".encode()).hexdigest()[:32]
    return Sample(data, width, height, PPI, "synthetic", "BENCH", _AT, nonce, Assurance.FILE)


def fingers(kind: Kind, count: int, folder: Path, say: Callable[[str], None]) -> list[Touches]:
    """Return the templates of so many fingers, made now or read from the folder."""
    recipe = sha256(repr([one and one.data for one in _touches(kind, 0)]).encode()).hexdigest()[:12]
    path = folder / f"{kind.name}-{count}-{recipe}.json"
    if not path.exists():
        say(f"membuat {count} jari tiruan ({kind.name}), sekali saja")
        with pool() as workers:
            made = list(workers.map(_touches, [kind] * count, range(count), chunksize=_CHUNK))
        folder.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        rows = [[one and [one.data.hex(), one.minutiae] for one in touches] for touches in made]
        new.write_text(json.dumps(rows), "ascii")
        new.replace(path)
    read = json.loads(path.read_text("ascii"))
    return [[one and Template(FORMAT, FINGER, bytes.fromhex(one[0]), one[1]) for one in touches] for touches in read]


def scores(made: Sequence[Touches], trials: int, say: Callable[[str], None]) -> Scores:
    """Compare each probe with its own finger and, in `trials` trials, with two strangers' fingers.

    The strangers of a probe follow it in steps that grow with each round, so that no pair is compared twice.
    """
    count = len(made)
    say(f"membandingkan {count} jari dengan dirinya dan {trials} kali dengan dua jari orang lain")
    pairs = [
        (trial % count, (trial + 2 * (trial // count) + step) % count) for trial in range(trials) for step in (1, 2)
    ]
    with pool() as workers:
        own = list(workers.map(_each, [(one[-1], one[:-1]) for one in made], chunksize=_CHUNK))
        strange = workers.map(_best, [(made[i][-1], made[j][:-1]) for i, j in pairs], chunksize=_CHUNK)
        impostor = list(strange)
    single = [score for found in own for score in found]
    refused = sum(one is None for touches in made for one in touches)
    return Scores(single, [max(found) for found in own], impostor, refused)


def pool() -> ProcessPoolExecutor:
    """Return processes for all cores, started afresh: none inherits a lock of the matcher."""
    return ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))


@cache
def matcher() -> NbisMatcher:
    """Return the matcher of this process."""
    return NbisMatcher()


@cache
def _image_master(seed: str) -> image.Finger:
    return image.master(seed, FINGER)


def _touches(kind: Kind, number: int) -> Touches:
    seed = f"bench:{number}"
    if not kind.images:
        whole = people.master(seed, FINGER)
        return [matcher().template_of(people.impression(whole, str(touch), hard=kind.hard)) for touch in range(TOUCHES)]
    made = [_extracted(grey_sample(seed, str(touch), kind.hard)) for touch in range(TOUCHES)]
    _image_master.cache_clear()
    return made


def _extracted(sample: Sample) -> Template | None:
    try:
        return matcher().extract(sample, finger=FINGER)
    except SampleRefused:
        return None


def _each(compared: tuple[Template | None, Iterable[Template | None]]) -> list[int]:
    """Return the score of a probe with each impression; 0 where one of both was refused."""
    probe, enrolled = compared
    return [matcher().compare(probe, [one]).score if probe and one else 0 for one in enrolled]


def _best(compared: tuple[Template | None, Iterable[Template | None]]) -> int:
    return max(_each(compared))
