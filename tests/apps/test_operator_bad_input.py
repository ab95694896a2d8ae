"""Every form of every page against what nobody should send: a sentence, nothing written, nothing that runs (issue 5; R-020, R-098)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from apps.fraud.small_world import STAFF
from apps.operator.menu import PAGES
from posko.domain.roles import Role
from tests.support.bad_input import (
    BAD,
    MARKUP,
    SQL,
    broke,
    forge,
    forms_of,
    runs,
    send,
    sentences,
    uncut,
    written,
)
from tests.support.decided import EVALUATED_ON
from tests.support.forms import fields_of, forms_on, of_source
from tests.support.full import fill_all
from tests.support.operator import cookies_of, look, say, texts_of
from tests.support.visits import LATER, VISITS, Visit, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.server
OPENS = ("LS1", "BN1", "KO1", "TU1", "AS2", "SA1")
"""Who looks at a list, the first who may."""
NONSENSE = ("LSP-2", "2026-99-99", "a\x00' or 1=1 --", MARKUP, "x" * 10_000)
OTHERS = ("NURUL KOMARIAH BT DAUD", "MET.3")
"""Name and assessor of the TKI whom only LSP-2 tested."""


@pytest.fixture
def world(world):
    world.found = {**fill_all(world), **prepare(world)}
    return world


@pytest.fixture
def seen(world, monkeypatch):
    """Return how a page is seen on a visit, its forms open."""

    def at(visit: Visit) -> AppTest:
        world.at(visit.day, 10)
        query = {visit.at[0]: str(world.found.get(visit.at[1], visit.at[1]))} if visit.at else {}
        page = look(visit.path, cookies_of(world, visit.who), monkeypatch, **query)
        return visit.first(page, world) if visit.first else page

    return at


def walk(seen, visit: Visit, values: Mapping[str, str]) -> Iterator[tuple[tuple[Any, ...], AppTest | None]]:
    """Send every form of a page with each value in all its fields.

    Yields where that was and the page just after; None where the form cannot be sent, or no more.
    """
    page = seen(visit)
    names = [_plain(name) for name in forms_of(page, with_views=visit.with_views)]
    for kind, value in values.items():
        for name in names:
            if [_plain(one) for one in forms_of(page, with_views=visit.with_views)] != names:
                page = seen(visit)
            form = next((one for one in forms_of(page, with_views=visit.with_views) if _plain(one) == name), None)
            sent = None if form is None else send(page, form, value, say(visit.then) if visit.then else "")
            yield (visit.path, visit.who, visit.at, name, kind), sent


def _plain(form: str) -> str:
    """Return the name of a form without the token of its opening."""
    return form.partition(":")[0]


def wrong_with(where: tuple[Any, ...], page: AppTest) -> list[tuple[Any, ...]]:
    """Return what is wrong with a page after a form was sent."""
    said = [*broke(page), *runs(page)]
    if where[3] and not sentences(page):
        said.append("no sentence")
    return [(*where, one) for one in said]


def test_no_form_takes_what_it_must_refuse(world, seen, monkeypatch):
    found: list[Any] = []
    for visit in (*VISITS, *LATER):
        before = written(world)
        with uncut(monkeypatch):
            for where, page in walk(seen, visit, BAD):
                if page is None:
                    found.append((*where, "cannot be sent"))
                    continue
                found += wrong_with(where, page)
                if visit.then and not sentences(page):
                    found.append((*where, "no sentence"))
                if not visit.is_laid_down and say("second_person.read") in texts_of(page):
                    found.append((*where, "was laid down"))
        found += [(visit, table, "was written") for table, rows in written(world).items() if rows != before[table]]
    assert found == [], "\n".join(map(str, found))


def test_no_page_has_a_form_or_a_field_that_the_walk_does_not_know(seen):
    forms, fields = set(), set()
    for visit in (*VISITS, *LATER):
        page = seen(visit)
        forms |= forms_on(page)
        fields |= fields_of(page)

    all_forms, all_fields = of_source()
    assert {name for name in all_forms if not any(one.startswith(name) for one in forms)} == set()
    assert all_fields - fields == set()


def test_markup_and_sql_are_only_text(world, seen):
    found: list[Any] = []
    sent = set()
    for visit in VISITS:
        for where, page in walk(seen, visit, {"text": f"{MARKUP} {SQL}"}):
            if page is not None:
                sent.add(where[0])
                found += wrong_with(where, page)
    assert found == [], "\n".join(map(str, found))
    assert sent == {visit.path for visit in VISITS}
    assert world.value("select count(*) from posko.journey") > 0


def test_a_forged_state_of_a_widget_is_no_fault_and_writes_nothing(world, seen):
    found: list[Any] = []
    for visit in VISITS:
        page = seen(visit)
        before = written(world)
        page = forge(page)
        found += [(visit.path, visit.who, wrong) for wrong in (*broke(page), *runs(page))]
        found += [(visit.path, table, "was written") for table, rows in written(world).items() if rows != before[table]]
    assert found == [], "\n".join(map(str, found))


def test_nonsense_in_an_address_is_no_fault_and_shows_nobody_elses_rows(world, monkeypatch):
    found: list[Any] = []
    seen_lists = 0
    world.at(EVALUATED_ON, 10)
    cookies = {who: cookies_of(world, who) for who in OPENS}
    for page in PAGES:
        who = next(who for who in OPENS if page.is_open_to(Role(STAFF[who][0])))
        plain = look(page.path, cookies[who], monkeypatch)
        keys = [
            str(one.key)
            for kind in ("text_input", "selectbox", "date_input")
            for one in plain.main.get(kind)
            if one.key
        ]
        names = {*keys, *(key.rpartition("_")[0] + part for key in keys for part in ("_halaman", "_urut"))}
        names |= {"kasus", "temuan", "banding", "nomor", "nama", "petugas", "stasiun", "tki", "pada"}
        seen_lists += bool(keys)
        for value in NONSENSE:
            after = look(page.path, cookies[who], monkeypatch, **dict.fromkeys(names, value))
            found += [(page.path, who, value[:20], wrong) for wrong in (*broke(after), *runs(after))]
            shown = texts_of(after) + str([table.value for table in after.dataframe])
            if who == "LS1":
                found += [(page.path, value[:20], other) for other in OTHERS if other in shown]
    assert found == [], "\n".join(map(str, found))
    assert seen_lists > 15
