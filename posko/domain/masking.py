"""How little of a name the public sees (§14.1; R-188): the first letter of each word, and never how long the word is.

mask_name("NURUL KOMARIAH BT DAUD")  ->  "N*** K*** B*** D***"
"""

from __future__ import annotations

HIDDEN = "***"
MOST_WORDS = 6
"""Words that are shown at most, so that a long name stays inside a line and does not tell itself by its length."""


def mask_name(name: str) -> str:
    """Return a name as the public list shows it; a word without a letter to show is hidden wholly."""
    words = name.split()[:MOST_WORDS]
    return " ".join(_mask_word(word) for word in words) or HIDDEN


def _mask_word(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    return letters[0].upper()[:1] + HIDDEN if len(letters) > 1 else HIDDEN
