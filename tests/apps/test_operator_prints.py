"""Printing on the screens: who finds which button, what the file is, what is written down of it (§9.3, §13.3-14.2; R-134, R-138)."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO

import openpyxl
import pypdfium2
import pytest

from apps.fraud.small_world import EXAM_ON
from apps.operator import messages, print_buttons, session
from posko.domain.errors import Refused
from posko.services import attendance, sessions
from tests.support.decided import EVALUATED_ON
from tests.support.exam import exam_day
from tests.support.full import fill_all
from tests.support.operator import cookies_of, look

pytestmark = pytest.mark.server
LISTS = ["candidates_pdf", "candidates_xlsx", "attendance_pdf", "attendance_xlsx"]
RESULTS = ["results_pdf", "results_xlsx"]
ALONE = ("statement_pdf", "minutes_pdf", "cards_pdf")


@pytest.fixture
def full(world):
    """A world in which there is something of every kind to print."""
    world.found = fill_all(world)
    return world


@pytest.fixture
def signed(world, monkeypatch):
    """Return the desk of one of the staff as her browser has it."""

    def at(who):
        cookies = cookies_of(world, who)
        monkeypatch.setattr(session, "cookies", lambda: cookies)
        return session.signed_in()

    return at


@pytest.fixture
def shown(world, monkeypatch):
    """Return a page as one of the staff sees it, and the kinds of documents that it offers."""

    def at(path, who, **query):
        page = look(path, cookies_of(world, who), monkeypatch, **query)
        if path == "rapat":
            page.session_state["evaluation_tabs"] = messages.say("id", "evaluation.tab_minutes")
            page.run()
        assert not page.exception
        return page, offered(page)

    return at


def choices(page):
    return next(one for one in page.selectbox if one.label == messages.say("id", "prints.choose")).options


def offered(page):
    labels = {messages.say("id", f"prints.{kind}"): kind for kind in (*LISTS, *RESULTS, *ALONE)}
    return [labels[one.proto.label] for one in page.get("download_button") if one.proto.label in labels]


def text_of(pdf):
    assert pdf.startswith(b"%PDF-")
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in pages).replace("\u200b", "")


def taken(world):
    """Return what was written down of files: actor, entity, key, what was told."""
    found = world.ask(
        "select actor_id, entity, entity_key, payload from posko_audit.audit_event where action = 'print.taken' order by event_id"
    )
    return [(actor, entity, key, json.loads(payload)) for actor, entity, key, payload in found]


# Who finds which ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("KO1", LISTS),
        ("LS1", LISTS + RESULTS),
        ("TU1", LISTS),
        ("BN1", LISTS),
        ("SA1", LISTS + RESULTS),
        ("AU1", LISTS),
    ],
)
def test_each_role_is_offered_the_lists_that_its_cells_let_it_print(full, shown, who, kinds):
    assert shown("cetak", who)[1] == kinds


def test_a_tuk_finds_only_its_own_sessions_to_print(full, shown):
    full.at(EXAM_ON, 10)
    all_of_them = full.value("select count(*) from posko.exam_session")
    own = full.ask("select session_id from posko.exam_session where tuk_code = 'TUK-1' order by 1")

    found = {who: {int(one.split(" ")[0]) for one in choices(shown("cetak", who)[0])} for who in ("TU1", "BN1")}

    assert len(found["BN1"]) == all_of_them
    assert found["TU1"]
    assert found["TU1"] <= {number for (number,) in own}


@pytest.mark.parametrize(
    ("path", "who", "query", "kinds"),
    [
        ("rapat", "BN1", {}, ["minutes_pdf"]),
        ("rapat", "AU1", {}, ["minutes_pdf"]),
        ("stasiun", "SA1", {}, ["cards_pdf"]),
        ("stasiun", "AU1", {}, ["cards_pdf"]),
        ("keputusan", "LS1", {}, ["candidates_pdf", "candidates_xlsx", *RESULTS]),
        ("sesi", "TU1", {}, LISTS),
    ],
)
def test_a_document_can_be_printed_on_the_page_that_it_belongs_to(full, shown, path, who, query, kinds):
    full.at(EXAM_ON if path == "sesi" else EVALUATED_ON, 10)

    assert set(kinds) <= set(shown(path, who, **query)[1])


def test_a_statement_can_be_printed_where_it_is_read_and_at_the_door(world, shown):
    number = turned_away(world)

    assert shown("berita-acara", "TU1", nomor=number)[1] == ["statement_pdf"]
    page, _ = shown("absensi", "TU1")
    page.text_input(key="posko_statement").set_value(number).run()
    assert offered(page) == ["statement_pdf", *LISTS]


def turned_away(world):
    day = exam_day(world, "100", "101")
    day.open()
    told = {"session_id": day.session_id, "id_as_typed": "777", "reason": "Namanya tidak ada pada daftar"}
    return world.desk("TU1").do(attendance.turn_away_unregistered, **told)["statement_no"]


# What the file is -----------------------------------------------------------------------------------------------------


def test_a_list_leaves_as_pdf_and_as_xlsx_and_both_are_written_down_with_their_digest(full, signed):
    desk, number = signed("TU1"), full.found["session"]

    pdf, xlsx = (print_buttons.maker(desk, "attendance", number, suffix)() for suffix in ("pdf", "xlsx"))

    assert "Daftar Hadir Peserta" in text_of(pdf)
    assert "Dicetak TU1" in text_of(pdf)
    rows = list(openpyxl.load_workbook(BytesIO(xlsx)).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["ID TKI", "T1", "T2", "T3"]
    assert [(who, entity, key, told["suffix"], told["sha256"]) for who, entity, key, told in taken(full)] == [
        ("TU1", "session", str(number), suffix, sha256(made).hexdigest())
        for suffix, made in (("pdf", pdf), ("xlsx", xlsx))
    ]


def test_minutes_cards_and_results_are_the_documents_of_the_service(full, signed):
    held = text_of(print_buttons.maker(signed("BN1"), "minutes", full.found["meeting"], "pdf")())
    cards = text_of(print_buttons.maker(signed("SA1"), "cards", "all", "pdf")())
    session_id = full.value("select session_id from posko.exam_session where tuk_code = 'TUK-1' and status = 'CLOSED'")
    results = text_of(print_buttons.maker(signed("LS1"), "results", session_id, "pdf")())

    assert "Risalah Rapat Evaluasi" in held
    assert "Kartu Stasiun" in cards
    assert "Daftar Hasil Uji Kompetensi" in results
    assert [(who, entity) for who, entity, _, _ in taken(full)] == [
        ("BN1", "meeting"),
        ("SA1", "station"),
        ("LS1", "session"),
    ]


def test_another_tuks_list_is_refused_though_its_button_was_forged(full, signed):
    with pytest.raises(Refused):
        print_buttons.maker(signed("TU2"), "attendance", full.found["session"], "pdf")()

    assert taken(full) == []


def test_a_button_that_stayed_open_prints_nothing_after_signing_out(full, signed):
    desk = signed("TU1")
    make = print_buttons.maker(desk, "attendance", full.found["session"], "pdf")
    desk.do(sessions.logout)

    with pytest.raises(Refused):
        make()

    assert taken(full) == []
