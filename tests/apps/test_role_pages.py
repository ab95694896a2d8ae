"""One page of the documents for each role: it names every page of the screens that is open to the role, and no other (docs/peran)."""

from __future__ import annotations

import re

import pytest

from apps.operator.menu import PAGES, open_to
from apps.operator.messages import CATALOGUE
from biometrics.verification import Advice
from posko.domain.errors import NotPermitted
from posko.domain.matrix import ROLE_LABELS, Command, Role
from posko.domain.refusals import CATALOGUE as REFUSALS
from posko.domain.roles import Principal, permit
from posko.settings import PROJECT_ROOT

ROLES = [role for role in Role if role is not Role.PUBLIC]
LONGEST = 80
"""Lines: one page."""
PARTS = ("Tiap hari", "Bila ditolak", "Halaman Anda")


def told(role: Role) -> str:
    return (PROJECT_ROOT / "docs" / "peran" / f"{role.lower()}.md").read_text("utf-8")


def named(text: str) -> list[str]:
    """Return the pages that the table of a role names."""
    table = text.partition("## Halaman Anda")[2]
    return [title for title in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) if title != "halaman"]


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_a_role_names_the_screens_that_are_open_to_it_in_their_order(role):
    assert named(told(role)) == [CATALOGUE[page.title][0] for page in open_to(role)]


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_a_role_is_one_page_with_its_three_parts(role):
    text = told(role)

    assert text.startswith(f"# {ROLE_LABELS[role]}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(PARTS)
    assert len(text.splitlines()) <= LONGEST


@pytest.mark.parametrize("role", ROLES)
def test_what_a_page_of_a_role_calls_a_screen_is_a_screen_of_that_name(role):
    titles = {CATALOGUE[page.title][0] for page in PAGES}
    bold = set(re.findall(r"\*\*([A-Z][^*]+)\*\*", told(role)))

    assert bold <= titles


def said() -> str:
    """Return all that an act or a screen may say, without the values that fill it."""
    with pytest.raises(NotPermitted) as stranger:
        permit(Principal(Role.TUK, "1", tuk_code="TUK-1"), Command.ATTEND, tuk_code="TUK-2")
    texts = [sentence.text for sentence in REFUSALS.values()] + [both[0] for both in CATALOGUE.values()]
    return "\n".join(re.sub(r"\{\w+\}\s?", "", text).lower() for text in [*texts, *Advice, str(stranger.value)])


@pytest.mark.parametrize("role", ROLES)
def test_what_a_page_of_a_role_quotes_is_what_the_screens_say(role):
    quoted = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", told(role))

    assert quoted
    assert [words for words in quoted if words.lower().rstrip(" .") not in said()] == []
