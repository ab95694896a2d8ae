"""What every list has: filters, order and page in the address, own views, a recorded file of what was filtered (R-008, R-021)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.operator.listing import in_memory
from tests.support.assessed import ids
from tests.support.decided import decided, three
from tests.support.operator import cookies_of, field, look, press, said, say
from tests.support.tables import values

pytestmark = pytest.mark.server


@pytest.fixture
def seen(world, monkeypatch):
    """Return how a clerk of LSP-1 looks at the certificates, with an address that says more."""
    cookies = cookies_of(world, "LS1")
    return lambda **query: look("sertifikat", cookies, monkeypatch, **query)


def shown(page, column="full_name"):
    return values(page, "certificates_rows", column)


def address(page):
    return {name: value if isinstance(value, str) else value[0] for name, value in page.query_params.items()}


# Address --------------------------------------------------------------------------------------------------------------


def test_an_address_with_filters_and_order_opens_the_list_so(world, seen):
    three(world)
    world.write("update posko.certificate set status = 'REVOKED' where tki_id in ('9000001', '9000003')")

    page = seen(sertifikat_cari="i", sertifikat_keadaan="REVOKED", sertifikat_urut="-full_name")

    assert not page.exception
    assert shown(page) == ["SITI AMINAH", "BUDI"]
    assert page.text_input(key="sertifikat_cari").value == "i"
    assert page.selectbox(key="sertifikat_keadaan").value == "REVOKED"


def test_what_is_chosen_stands_in_the_address_as_a_code_and_leaves_it_when_cleared(world, seen):
    three(world)
    page = seen()

    page.text_input(key="sertifikat_cari").set_value(" ani ").run()
    page.selectbox(key="sertifikat_keadaan").set_value("VALID").run()
    assert address(page) == {"sertifikat_cari": "ani", "sertifikat_keadaan": "VALID"}
    assert shown(page) == ["ANI"]

    page.text_input(key="sertifikat_cari").set_value("").run()
    assert address(page) == {"sertifikat_keadaan": "VALID"}
    assert len(shown(page)) == 3


def test_what_an_address_says_in_vain_is_told_and_the_whole_list_shown(world, seen):
    three(world)

    page = seen(
        sertifikat_keadaan="<script>", sertifikat_sejak="kemarin", sertifikat_urut="1;drop", sertifikat_halaman="-1"
    )

    assert not page.exception
    assert len(shown(page)) == 3
    assert len(said(page, "warning")) == 2
    assert address(page) == {}


@pytest.mark.parametrize("typed", ["0" * 16, "a\x00b", "x" * 65, "\u202eABC"])
def test_a_search_in_the_address_that_cannot_be_is_a_sentence(world, seen, typed):
    three(world)

    page = seen(sertifikat_cari=typed)

    assert not page.exception
    assert len(said(page, "error")) == 1
    assert not page.dataframe


def test_a_list_that_is_filtered_to_nothing_says_so_and_can_be_cleared(world, seen):
    three(world)
    page = seen(sertifikat_cari="tidak ada")
    assert said(page, "info") == [say("listing.nothing_matches")]

    page = press(page, "listing.clear")

    assert len(shown(page)) == 3
    assert address(page) == {}


def test_the_page_stands_in_the_address_and_another_filter_leads_to_the_first(world, seen):
    for tki_id in ids(43):
        decided(world, tki_id)
    page = seen(sertifikat_halaman="3")
    assert len(shown(page)) == 3

    page.text_input(key="sertifikat_cari").set_value("90000").run()

    assert len(shown(page)) == 20
    assert address(page) == {"sertifikat_cari": "90000"}


def test_a_page_behind_the_last_is_the_last(world, seen):
    for tki_id in ids(21):
        decided(world, tki_id)

    page = seen(sertifikat_halaman="99")

    assert not page.exception
    assert shown(page, "tki_id") == ["9000001"]
    assert address(page) == {"sertifikat_halaman": "2"}


# Views ----------------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_chosen_renamed_and_deleted_and_nobody_else_sees_it(world, seen, monkeypatch):
    three(world)
    page = seen(sertifikat_cari="ani", sertifikat_urut="full_name")
    field(page, "listing.view_name").set_value("Milik saya")
    page = press(page, "listing.save_view")
    assert say("listing.view_saved", name="Milik saya") in said(page, "success")

    page = seen()
    assert len(shown(page)) == 3
    next(button for button in page.button if button.label == "Milik saya").click().run()
    assert shown(page) == ["ANI"]
    assert address(page) == {"sertifikat_cari": "ani", "sertifikat_urut": "full_name"}

    field(page, "listing.new_name").set_value("Lain")
    page = press(page, "listing.rename_view")
    assert "Lain" in [button.label for button in page.button]
    assert "Lain" not in [button.label for button in look("sertifikat", cookies_of(world, "LS2"), monkeypatch).button]
    page = press(seen(), "listing.remove_view")
    assert "Lain" not in [button.label for button in page.button]


@pytest.mark.parametrize("name", ["", "   ", "a\x00", "0" * 16])
def test_a_view_without_a_proper_name_is_a_sentence(world, seen, name):
    page = seen()

    field(page, "listing.view_name").set_value(name)
    page = press(page, "listing.save_view")

    assert len(said(page, "error")) == 1
    assert world.value("select count(*) from posko.saved_view") == 0


def test_a_view_named_in_markup_is_only_a_name(world, seen):
    three(world)
    page = seen()

    field(page, "listing.view_name").set_value("<script>alert(1)</script>")
    page = press(page, "listing.save_view")

    assert not page.exception
    assert world.value("select view_name from posko.saved_view") == "<script>alert(1)</script>"


def test_rows_that_were_computed_are_searched_compared_and_cut_into_pages():
    rows = [
        {"code": f"TUK-{number:02}", "name": None, "exam_on": dt.date(2026, 3, 1 + number % 2)} for number in range(25)
    ]
    read = in_memory(rows, ("code", "name"))

    assert [len(read({}, 20, offset)["rows"]) for offset in (0, 20, 40)] == [20, 5, 0]
    assert [row["code"] for row in read({"cari": "tuk-07"}, 20, 0)["rows"]] == ["TUK-07"]
    assert read({"exam_on": "2026-03-01"}, 20, 0)["total"] == 13
    assert read({"cari": "none"}, 20, 0) == {"rows": [], "total": 0}
