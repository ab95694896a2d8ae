"""Acting in another's place on the pages, its list, and the counts of the first page (R-008, R-069)."""

from __future__ import annotations

import pytest

from posko.services import behalf, distribution, publication_stop
from tests.support.operator import NO_REASON, cookies_of, field, labels, press, said, say, texts_of
from tests.support.preparation import released

pytestmark = pytest.mark.server


def take(page):
    label = say("packages.take", count=1)
    return next(button for button in page.button if button.label == label).click().run()


# Atas nama ------------------------------------------------------------------------------------------------------------


def begin(page, role, party, reason):
    page = page.selectbox(key="posko_behalf_role").set_value(role).run()
    if party is not None:
        page.selectbox(key=f"posko_behalf_party:{role}").set_value(party)
    page.text_input(key="posko_behalf_reason").set_value(reason)
    return press(page, "behalf.begin")


def banner(page):
    found = [element.proto.body for element in page.get("html")]
    return [body for body in found if 'class="posko-behalf"' in body]


def test_who_acts_for_another_is_marked_on_the_page_and_listed_afterwards(world, seen):
    released(world, "100")
    page = begin(seen("terima", "SA1"), "TUK", "TUK:TUK-1", "TUK kebanjiran <b>")
    assert not page.exception
    (mark,) = banner(page)
    assert "TUK TUK-1" in mark
    assert "TUK kebanjiran &lt;b&gt;" in mark

    page = take(page)
    page = press(page, "behalf.end")

    assert banner(page) == []
    assert world.ask(
        "select receiver_code, acknowledged_by from posko.distribution where acknowledged_at is not null"
    ) == [("TUK-1", "SA1")]
    shown = texts_of(seen("atas-nama", "AU1"))
    assert "TUK-1" in shown
    assert "distribution.acknowledge" in shown
    assert "TUK kebanjiran &lt;b&gt;" in shown


def test_without_acting_for_anybody_a_package_is_not_taken_over(world, seen):
    released(world, "100")
    page = seen("terima", "SA1")

    page = take(page)

    assert not page.exception
    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.distribution where acknowledged_at is not null") == 0


def test_whoever_acts_for_one_body_cannot_act_for_another(world, seen):
    parts = {part["receiver_code"]: part["batch_id"] for part in released(world, "100")}
    page = begin(seen("terima", "SA1"), "TUK", "TUK:TUK-2", "TUK kebanjiran")
    page = field(page, "packages.choose", "selectbox").set_value(parts["TUK-1"]).run()

    page = take(page)

    assert len(said(page)) == 1
    assert "TUK-2" in said(page)[0]
    assert world.value("select count(*) from posko.distribution where acknowledged_at is not null") == 0


@pytest.mark.parametrize("typed", NO_REASON)
def test_acting_for_another_needs_a_proper_reason(world, seen, typed):
    page = begin(seen("beranda", "SA1"), "LSP", "LSP:LSP-1", typed)

    assert not page.exception
    assert len(said(page)) == 1
    assert banner(page) == []


def test_the_next_sign_in_in_the_same_tab_does_not_act_for_anybody(world, seen, monkeypatch):
    page = begin(seen("beranda", "SA1"), "KONSORSIUM", None, "Konsorsium libur")
    assert len(banner(page)) == 1
    other = cookies_of(world, "SA2")
    monkeypatch.setattr("apps.operator.session.cookies", lambda: other)

    page = page.run()

    assert not page.exception
    assert banner(page) == []


def test_nobody_else_can_begin_to_act_for_another(world, seen):
    for who in ("BN1", "KO1", "LS1"):
        assert say("behalf.begin") not in labels(seen("beranda", who))


# Perlu perhatian ------------------------------------------------------------------------------------------------------


def test_the_first_page_counts_what_needs_somebody_and_leads_there(world, seen):
    parts = {part["receiver_code"]: part["batch_id"] for part in released(world, "100")}
    world.desk("BN1").do(publication_stop.stop, reason="Diperiksa")
    behalf.on_behalf(world.desk("SA1"), "LSP libur", "LSP:LSP-1").do(distribution.acknowledge, batch_id=parts["LSP-1"])

    tuk, bnsp = texts_of(seen("beranda", "TU1")), texts_of(seen("beranda", "BN1"))

    assert f'<b>1</b><a href="/terima?terima_keadaan=OPEN" target="_self">{say("attention.packages")}</a>' in tuk
    assert f'<b>1</b><a href="/publikasi" target="_self">{say("attention.stopped")}</a>' in bnsp
    assert f'<a href="/atas-nama" target="_self">{say("attention.behalf")}</a>' in bnsp
    assert say("attention.packages") not in bnsp
