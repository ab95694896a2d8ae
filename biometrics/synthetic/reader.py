"""A reader on which a synthetic finger is put: for the demo and the tests, refused in production."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Self

from biometrics import iso19794
from biometrics.errors import NoFinger
from biometrics.synthetic import committed, image, people
from biometrics.synthetic.pattern import HEIGHT, WIDTH
from biometrics.types import PPI, Assurance, Encoding, Sample
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from posko.settings import Settings

_KEPT = 64
"""Image masters that are kept: a finger is usually asked for several times in a row."""


class SyntheticReader:
    """Captures the finger that `whose` names at that moment: seed of the person and finger 1-10, or None for nobody's.

    Each capture is another touch, named by its nonce: the same nonce gives the same bytes, another one never does. The people of
    the repository's prints (`print:N`) always give images, because their prints are images; others as `encoding` says.
    """

    kind = "synthetic"

    def __init__(
        self,
        serial: str,
        clock: Callable[[], datetime],
        whose: Callable[[], tuple[str, int] | None],
        *,
        settings: Settings,
        encoding: Encoding = Encoding.ISO_19794_2,
        hard: float = 1.0,
    ) -> None:
        """Make a reader.

        Args:
            serial: of the device, as the register of stations knows it.
            clock: the time of a capture, UTC, no zone.
            whose: whose finger lies on it.
            settings: of this process.
            encoding: minutiae, in a millisecond, or a grey image, in a tenth of a second.
            hard: how badly the finger lies on it; 1 is usual, 2 poor.

        Raises:
            ConfigurationError: the environment is production.
        """
        if settings.environment == "production":
            raise ConfigurationError("Pembaca sidik jari tiruan tidak boleh dipakai di lingkungan production.")
        self.serial = serial
        self._clock = clock
        self._whose = whose
        self._encoding = encoding
        self._hard = hard
        # What such a device would say of the finger; there is no image whose quality could be measured.
        self._quality = round(max(5.0, 95 - 20 * hard))

    def capture(self, nonce: str, *, seconds: float = 15.0) -> Sample:  # noqa: ARG002 - nobody waits here
        """Return a new touch of the finger that lies on the reader.

        Raises:
            NoFinger: none lies there.
        """
        found = self._whose()
        if found is None:
            raise NoFinger
        seed, finger = found
        encoding = Encoding.GREY8 if seed in committed.PEOPLE else self._encoding
        if encoding is Encoding.GREY8:
            data, width, height = image.impression(_image_master(seed, finger), nonce, hard=self._hard)
        else:
            touched = people.impression(people.master(seed, finger), nonce, hard=self._hard)
            data, width, height = iso19794.write(touched, quality=self._quality), WIDTH, HEIGHT
        return Sample(
            data=data,
            width=width,
            height=height,
            ppi=PPI,
            reader_kind=self.kind,
            reader_serial=self.serial,
            captured_at=self._clock(),
            nonce=nonce,
            assurance=Assurance.FILE,
            encoding=encoding,
        )

    def __enter__(self) -> Self:
        """Nothing is to be opened."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is to be closed."""


@lru_cache(maxsize=_KEPT)
def _image_master(seed: str, finger: int) -> image.Finger:
    return image.master(seed, finger)
