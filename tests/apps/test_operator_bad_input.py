"""Every form of every page against what nobody should send: a sentence, nothing written, nothing that runs (issue 5; R-020, R-098)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from apps.operator.menu import PAGES
from apps.operator.messages import say
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
from tests.support.fingers import Hands
from tests.support.full import fill_all
from tests.support.operator import cookies_of, look, screens_of, texts_of
from tests.support.tables import tick
from tests.support.world import EXAM_ON, STAFF, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.server
BEFORE = dt.date(2026, 3, 5)
"""A day on which the preparation is under way."""


@dataclass(frozen=True)
class Visit:
    """A page with its forms open: who looks, what the address says (a name of `fill_all`, or a text), what is done first, and when."""

    path: str
    who: str
    at: tuple[str, str] | None = None
    first: Callable[[AppTest, World], AppTest] | None = None
    day: dt.date = EVALUATED_ON


def ticked(prefix):
    return lambda page, _world: tick(page, prefix, 0)


def pressed(key):
    label = say("id", key)
    return lambda page, _world: next(one for one in page.button if one.label == label).click().run()


def second_of(key):
    label = say("id", key)
    return lambda page, _world: next(one for one in page.selectbox if one.label == label).select_index(1).run()


def open_session(page, world):
    return page.radio[0].set_value(world.found["session"]).run()


VISITS = (
    Visit("beranda", "SA1"),
    Visit("cari", "KO1", day=BEFORE),
    Visit("jadwal", "KO1", first=ticked("schedule_rows"), day=BEFORE),
    Visit("usulan", "KO1", day=BEFORE),
    Visit("kapasitas", "KO1"),
    Visit("pembatalan", "KO1", first=ticked("undo_rows"), day=BEFORE),
    Visit("sidik-jari", "KO1"),
    Visit("kirim", "KO1", day=BEFORE),
    Visit("terima", "LS1", day=BEFORE),
    Visit("terima", "TU1", day=BEFORE),
    Visit("asesor-pengganti", "KO1", day=BEFORE),
    Visit("absensi", "TU1", first=open_session, day=EXAM_ON),
    Visit("absensi", "SA1", day=EXAM_ON),
    Visit("pengecualian", "TU1", ("tki", "T2"), day=EXAM_ON),
    Visit("sesi", "TU1", day=EXAM_ON),
    Visit("sesi", "SA1", day=EXAM_ON),
    Visit("penilaian", "AS2", day=EXAM_ON),
    Visit("penilaian", "AS2", first=second_of("scoring.session"), day=EXAM_ON),
    Visit("keputusan", "LS1"),
    Visit("sertifikat", "LS2", first=ticked("certificates_rows")),
    Visit("rapat", "BN1", first=second_of("evaluation.choose")),
    Visit("penyimpangan", "BN1"),
    Visit("kasus", "BN1", first=ticked("case_rows")),
    Visit("kasus", "BN1", ("kasus", "case")),
    Visit("duplikat", "BN1", ("temuan", "duplicate")),
    Visit("banding", "LS1"),
    Visit("banding", "BN1", ("banding", "appeal")),
    Visit("status-sertifikat", "BN1", ("nomor", "certificate")),
    Visit("publikasi", "BN1"),
    Visit("perjalanan", "BN1", ("tki", "500")),
    Visit("log", "BN1"),
    Visit("keadaan", "BN1"),
    Visit("keaslian", "BN1"),
    Visit("sesi-masuk", "BN1"),
    Visit("daftar-resmi", "BN1", first=pressed("registers.add")),
    Visit("stasiun", "SA1", ("stasiun", "ST-1")),
    Visit("petugas", "SA1", first=pressed("staff.new")),
    Visit("petugas", "SA1", ("petugas", "LS1")),
    Visit("parameter", "BN1", ("nama", "appeal_days")),
)
OPENS = ("LS1", "BN1", "KO1", "TU1", "AS2", "SA1")
"""Who looks at a list, the first who may."""
NONSENSE = ("LSP-2", "2026-99-99", "a\x00' or 1=1 --", MARKUP, "x" * 10_000)
OTHERS = ("NURUL KOMARIAH BT DAUD", "MET.3")
"""Name and assessor of the TKI whom only LSP-2 tested."""


@pytest.fixture
def world(clean_posko, settings):
    made = World(clean_posko, settings)
    made.fill()
    hands = Hands(made)
    made.screens = screens_of(made, hands)
    made.found = fill_all(made)
    yield made
    made.close()


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
    names = [_plain(name) for name in forms_of(page)]
    for kind, value in values.items():
        for name in names:
            if [_plain(one) for one in forms_of(page)] != names:
                page = seen(visit)
            form = next((one for one in forms_of(page) if _plain(one) == name), None)
            sent = None if form is None else send(page, form, value)
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
    for visit in VISITS:
        before = written(world)
        with uncut(monkeypatch):
            for where, page in walk(seen, visit, BAD):
                if page is None:
                    found.append((*where, "cannot be sent"))
                    continue
                found += wrong_with(where, page)
                if say("id", "second_person.read") in texts_of(page):
                    found.append((*where, "was laid down"))
        found += [(visit, table, "was written") for table, rows in written(world).items() if rows != before[table]]
    assert found == [], "\n".join(map(str, found))


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
