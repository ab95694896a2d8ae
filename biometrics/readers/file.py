"""A reader that takes fingers from files, one a capture, in order: for the demo and the tests, refused in production (R-041)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from biometrics import images
from biometrics.errors import NoFinger, ReaderFailed
from biometrics.types import Assurance
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import TracebackType

    from biometrics.types import Sample
    from posko.settings import Settings

SUFFIXES: Final = frozenset({".png", ".bmp", ".wsq"})
"""Files of a folder that are taken; the content decides what they are."""


@dataclass
class FileReader:
    """Gives the pictures of `paths`, files or folders, one after the other; a folder in the order of its names.

    `serial` is what the station calls it; `clock` gives UTC without a zone.

    Raises:
        ConfigurationError: the environment is production, where a file proves nobody.
    """

    kind = "file"
    paths: Sequence[Path] | Path
    serial: str
    clock: Callable[[], datetime]
    settings: Settings

    def __post_init__(self) -> None:
        if self.settings.environment == "production":
            raise ConfigurationError("Sidik jari dari berkas tidak boleh dipakai di lingkungan production.")
        self._waiting: deque[Path] | None = None

    def capture(self, nonce: str, *, seconds: float = 15.0) -> Sample:
        """Return the next picture; a file waits for nobody, so `seconds` plays no part.

        Raises:
            NoFinger: all files were given.
            ReaderFailed: a file or folder cannot be read.
            SampleRefused: the file is no picture of a finger; the next capture takes the next file.
        """
        del seconds
        if self._waiting is None:
            self._waiting = deque(self._found())
        if not self._waiting:
            raise NoFinger
        path = self._waiting.popleft()
        try:
            with path.open("rb") as file:
                data = file.read(images.MOST_BYTES + 1)
        except OSError as error:
            raise self._unreadable(path, error) from error
        return images.sample_of(
            data,
            reader_kind=self.kind,
            reader_serial=self.serial,
            captured_at=self.clock(),
            nonce=nonce,
            assurance=Assurance.FILE,
        )

    def __enter__(self) -> Self:
        """Begin again with the first file."""
        self._waiting = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close nothing: no file stays open."""

    def _found(self) -> list[Path]:
        files = []
        for path in [self.paths] if isinstance(self.paths, Path) else self.paths:
            if path.is_dir():
                try:
                    inside = sorted(path.iterdir())
                except OSError as error:
                    raise self._unreadable(path, error) from error
                files += [file for file in inside if file.suffix.lower() in SUFFIXES and file.is_file()]
            else:
                files.append(path)
        return files

    @staticmethod
    def _unreadable(path: Path, error: OSError) -> ReaderFailed:
        return ReaderFailed(
            f"Berkas sidik jari {path} tidak dapat dibaca ({error.strerror}). Periksa nama dan hak aksesnya."
        )
