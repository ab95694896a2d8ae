"""The catalogue of refusals: each sentence once, in words that a person can act on, used, and under a rule that exists (R-004, R-020)."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest

from posko.domain.errors import Refused
from posko.domain.refusals import CATALOGUE, PARTS, refuse
from posko.domain.rules import RULES
from posko.settings import PROJECT_ROOT

SERVICES = "\n".join(path.read_text("utf-8") for path in (PROJECT_ROOT / "posko").rglob("*.py"))


def test_no_code_stands_in_two_parts() -> None:
    assert [
        code for code, count in Counter(code for part in PARTS for code in part.SENTENCES).items() if count > 1
    ] == []


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_sentence_is_a_sentence_that_some_act_says(code: str) -> None:
    text = CATALOGUE[code].text

    assert text[0].isupper() or text.startswith("{")
    assert text.endswith((".", "?"))
    assert "  " not in text
    rest = code.partition("_")[2]
    said = rf'"{code}"(?!: Sentence)|f"{{\w+}}_{rest}"'
    assert re.search(said, SERVICES) is not None, f"nobody refuses with {code}"


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_rule_that_a_refusal_names_exists(code: str) -> None:
    assert CATALOGUE[code].rule is None or CATALOGUE[code].rule in RULES


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_sentence_takes_its_values(code: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(CATALOGUE[code].text) if name}
    made = refuse(code, **dict.fromkeys((name.split("[")[0] for name in names), "x"))

    assert isinstance(made, Refused)
    assert (made.code, made.rule) == (code, CATALOGUE[code].rule)


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        refuse("NO_SUCH_SENTENCE")
