"""Errors of fingers, readers and templates; each is a sentence in Indonesian that says what to do.

BiometricError
├── ReaderFailed         the device, its driver or its program is missing or broken
│   ├── NoFinger         nobody put a finger on it in time
│   └── PoorCapture      the device could not read the finger
├── SampleRefused        these bytes are no usable fingerprint; `code` says why
└── TemplateBroken       these bytes are no template
    └── FormatDiffers    templates of two formats were to be compared
"""

from __future__ import annotations

from posko.domain.errors import BadInput, PoskoError


class BiometricError(PoskoError):
    """Base of the errors of this package."""


class ReaderFailed(BiometricError):
    """The device, its driver or its program is missing or broken."""

    exit_code = 3


class NoFinger(ReaderFailed):
    """Nobody put a finger on the reader in time."""

    def __init__(self) -> None:
        super().__init__("Tidak ada jari pada pembaca. Letakkan jari, lalu ulangi.")


class PoorCapture(ReaderFailed):
    """The device could not read the finger."""

    def __init__(self, why: str = "gambar tidak terbaca") -> None:
        super().__init__(f"Sidik jari tidak terbaca ({why}). Bersihkan jari dan pembaca, lalu ulangi.")


class SampleRefused(BiometricError, BadInput):
    """These bytes are no usable fingerprint.

    `code` is one of EMPTY, TOO_LARGE, TRUNCATED, COLOUR, RESOLUTION, NOT_A_FINGER, FEW_MINUTIAE, POOR_QUALITY, FORMAT.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class TemplateBroken(BiometricError, BadInput):
    """These bytes are no template of the format that they claim."""


class FormatDiffers(TemplateBroken):
    """Templates of two formats were to be compared."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            f"Templat berformat {one} tidak dapat dibandingkan dengan {other}. Daftarkan ulang sidik jari ini."
        )
