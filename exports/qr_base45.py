"""Base45 of RFC 9285: bytes as the letters that a QR code stores most densely."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {letter: place for place, letter in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Return bytes as base45."""
    letters = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, rest = divmod(value, 45)
            letters.append(ALPHABET[rest])
    return "".join(letters)


def decode(text: str) -> bytes:
    """Return the bytes of a base45 text.

    Raises:
        ValueError: a letter that is none of its own, a length that no bytes have, or a group above what its bytes hold.
    """
    data = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        if len(group) == 1 or any(letter not in _VALUE for letter in group):
            raise ValueError("not base45")
        value = sum(_VALUE[letter] * 45**place for place, letter in enumerate(group))
        size = len(group) - 1
        if value >= 256**size:
            raise ValueError("not base45")
        data += value.to_bytes(size, "big")
    return bytes(data)
