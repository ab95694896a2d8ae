"""The short form of a digest by which people and the log name a key, a file or a sending."""

from __future__ import annotations

LENGTH = 16
"""Hex digits: 64 bits tell apart whatever one office names."""


def short_digest(digest: str) -> str:
    """Return 16 hex digits of a digest in hex: its first, or, where these are decimal digits alone, the first sixteen with a letter.

    One digest in 1,800 begins with sixteen decimal digits, which could be taken for a NIK and which the log therefore refuses.
    """
    windows = (digest[start : start + LENGTH] for start in range(len(digest) - LENGTH + 1))
    # a digest without any letter is only ever typed by somebody; fifteen digits are no NIK
    return next((window for window in windows if not window.isdecimal()), digest[: LENGTH - 1])
