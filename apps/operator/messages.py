"""The one catalogue of what screens say: key -> Indonesian and English, gathered from `apps.operator.texts` (R-008).

    t("login.title")                    in the language of the person who looks
    t("search.not_found", tki_id="9")   filled

A key begins with the name of its module. Sentences of refusals come from `posko.domain.refusals` and are not repeated here.
"""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

import streamlit as st

from apps.operator import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Language = Literal["id", "en"]
LANGUAGES: Mapping[Language, str] = {"id": "Bahasa Indonesia", "en": "English"}
LANGUAGE = "posko_language"
"""Key of the chosen language in the state of a web session."""


def _gathered() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for module in pkgutil.iter_modules(texts.__path__):
        part = importlib.import_module(f"{texts.__name__}.{module.name}").TEXTS
        for key, both in part.items():
            if key in found or not key.startswith(f"{module.name}."):
                raise ValueError(f"the text {key} stands twice or in the wrong module")
            found[key] = both
    return found


CATALOGUE: Mapping[str, tuple[str, str]] = _gathered()


_spoken: ContextVar[Language | None] = ContextVar("posko_spoken", default=None)


def language() -> Language:
    """Return the language of the person who looks; Indonesian unless she chose."""
    return _spoken.get() or ("en" if st.session_state.get(LANGUAGE) == "en" else "id")


@contextmanager
def speaking(tongue: Language) -> Iterator[None]:
    """Say everything in a language, where no page is being run that knows whose it is."""
    before = _spoken.set(tongue)
    try:
        yield
    finally:
        _spoken.reset(before)


def t(key: str, /, **values: object) -> str:
    """Return a text in the language of the person who looks.

    Raises:
        KeyError: the catalogue has no such text, or it needs a value that is missing.
    """
    return say(language(), key, **values)


def say(tongue: Language, key: str, /, **values: object) -> str:
    """Return a text in a language."""
    text = CATALOGUE[key][0 if tongue == "id" else 1]
    return text.format(**values) if values else text
