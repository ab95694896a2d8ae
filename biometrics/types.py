"""What passes between a reader, a matcher and those who ask them: sample, template, result (ISO/IEC 19794; facts of the readers).

Capturing and matching are apart: every reader gives a `Sample`, and only a `Matcher` makes a `Template` of it. Templates of
different formats are never compared, because a number that came out of that would mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import TracebackType

PPI = 500
"""Resolution that templates are made at, pixels per inch: what NIST's algorithms were made for."""
ANY_FINGER = 0
"""Finger position "unknown" of ISO/IEC 19794-2; 1 is the right thumb, 10 the left little finger."""


class Encoding(StrEnum):
    """What the bytes of a sample are."""

    GREY8 = "GREY8"
    """One byte a pixel, row by row, dark ridges on white."""
    ISO_19794_2 = "ISO_19794_2"
    """A finger minutiae record of ISO/IEC 19794-2:2005, from a reader that extracts by itself; in the demo only."""


class Assurance(StrEnum):
    """How sure it is that the sample was captured from a finger just now, at the place that it names."""

    STATION = "STATION"
    """Signed by the key of a registered station."""
    BROWSER = "BROWSER"
    """From a page in a browser: the sender could have replaced it. Lower, and marked on every row."""
    FILE = "FILE"
    """From a file or a generator; refused in production."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One captured finger.

    Attributes:
        data: the bytes, as `encoding` says.
        width: pixels.
        height: pixels.
        ppi: resolution, pixels per inch.
        reader_kind: which adapter captured it: `zk`, `fprint`, `browser`, `file`, `synthetic`.
        reader_serial: serial number of the device, as the register of stations knows it.
        captured_at: UTC, no zone.
        nonce: the number, used once, that was asked with; 32 hex digits.
        assurance: how sure it is that this was a finger.
        encoding: what `data` is.
    """

    data: bytes = field(repr=False)
    width: int
    height: int
    ppi: int
    reader_kind: str
    reader_serial: str
    captured_at: datetime
    nonce: str
    assurance: Assurance
    encoding: Encoding = Encoding.GREY8

    @property
    def sha256(self) -> bytes:
        """Digest of the bytes: what is kept of a sample."""
        return sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class Template:
    """Features of one impression of one finger.

    `format` names matcher and version (`nbis-py/0.1.3`); `finger` is 0-10 (ISO/IEC 19794-2); `quality` is 0-100 (NFIQ2; None: not
    measured); `minutiae` how many there are. `data` is secret: a finger can be drawn from it (ISO/IEC 24745).
    """

    format: str
    finger: int
    data: bytes = field(repr=False)
    minutiae: int
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The best score of one sample against some templates of one person.

    `score` is in the matcher's units (NBIS: 0 to about 400), `best` the place of the best template in the sequence that was given
    (None: there was none), so that its finger is known.
    """

    score: int
    best: int | None


class Reader(Protocol):
    """A device that captures fingers; one process owns it. Use it as a context manager."""

    kind: str
    serial: str

    def capture(self, nonce: str, *, seconds: float = 15.0) -> Sample:
        """Wait for a finger and return it.

        Raises:
            NoFinger: none came in time.
            PoorCapture: the device says that it could not read the finger.
            ReaderFailed: the device is gone or broken; the sentence says what to do.
        """
        ...

    def __enter__(self) -> Self:
        """Open the device."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the device, whatever happened."""
        ...


class Matcher(Protocol):
    """What makes templates and compares them."""

    format: str

    def extract(self, sample: Sample, *, finger: int = ANY_FINGER, with_quality: bool = False) -> Template:
        """Return the template of a sample; with its NFIQ2 quality if asked for, which takes half a second.

        Raises:
            SampleRefused: not a fingerprint, empty, too large, of a wrong resolution, or with too few minutiae.
        """
        ...

    def compare(self, probe: Template, enrolled: Sequence[Template], *, enough: int | None = None) -> MatchResult:
        """Return the best score of a probe against the enrolled impressions; from `enough` on, the best of those compared so far.

        Raises:
            FormatDiffers: a template is of another format than the probe.
            TemplateBroken: the bytes are no template of this format.
        """
        ...
