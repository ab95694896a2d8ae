"""Every page x role, as a browser without a menu would ask for it; the table of pages says what must come (R-045, R-060..R-070)."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from apps.fraud.small_world import STAFF
from apps.operator import frame, session
from apps.operator.menu import BY_PATH, PAGES
from apps.operator.messages import CATALOGUE
from apps.operator.pages import home
from posko.domain.matrix import ROLE_LABELS, Role
from posko.services import intake, sessions
from tests.support.operator import SECONDS, cookies_of, look, press, say, texts_of

pytestmark = pytest.mark.server
WHO = {role: next(who for who, (name, *_) in STAFF.items() if name == role) for role in Role if role is not Role.PUBLIC}
TKI = "9264729"


def test_the_role_gets_the_page_and_any_other_role_is_refused_and_recorded(world, monkeypatch):
    world.add_tki(TKI)
    for role, who in WHO.items():
        cookies = cookies_of(world, who)
        refused = 0
        for page in PAGES:
            seen = look(page.path, cookies, monkeypatch)
            shown = texts_of(seen)
            where = f"{page.path} as {role}"
            assert not seen.exception, (where, seen.exception)
            if page.is_open_to(role):
                assert say(page.title) in shown, where
                assert say("frame.closed_title") not in shown, where
                continue
            refused += 1
            assert say("frame.closed", role=ROLE_LABELS[role]) in shown, where
            assert say(page.title) not in [title.value for title in seen.title], where
        recorded = [
            key for action, entity, key in world.events("refused") if (action, entity) == ("screen.turned_away", "page")
        ]
        assert len(recorded) == refused, role
        world.write("delete from posko_audit.audit_event")


@pytest.mark.parametrize("path", BY_PATH)
def test_nobody_sees_a_page_without_a_session(world, monkeypatch, path):
    world.add_tki(TKI)

    for cookies in ({}, {"posko_web": "x" * 43, session.STATION_COOKIE: "ST-0"}):
        seen = look(path, cookies, monkeypatch)

        assert [warning.value for warning in seen.warning] == [say("frame.over")]
        assert not seen.title
        assert TKI not in texts_of(seen)


def test_a_session_that_was_ended_elsewhere_ends_with_the_next_look(world, monkeypatch):
    cookies = cookies_of(world, "KO1")
    assert look("cari", cookies, monkeypatch).title

    desk = sessions.principal_of(world.office, cookies["posko_web"], "ST-0")
    desk.do(sessions.logout)

    assert not look("cari", cookies, monkeypatch).title


def test_a_session_carried_to_another_station_is_over(world, monkeypatch):
    cookies = cookies_of(world, "KO1")

    assert not look("cari", {**cookies, session.STATION_COOKIE: "ST-1"}, monkeypatch).title
    assert not look("cari", cookies, monkeypatch).title


def test_every_page_has_a_module_and_a_title_and_an_address_of_its_own():
    assert len(BY_PATH) == len(PAGES)
    assert all(page.title in CATALOGUE for page in PAGES)
    assert all(re.fullmatch(r"[a-z][a-z-]*", page.path) for page in PAGES)
    assert all(any(page.is_open_to(role) for role in WHO) for page in PAGES)


def test_every_text_stands_in_both_languages_with_the_same_values():
    places = re.compile(r"\{(\w+)")

    for key, (indonesian, english) in CATALOGUE.items():
        assert indonesian.strip(), key
        assert english.strip(), key
        assert set(places.findall(indonesian)) == set(places.findall(english)), key


def test_a_search_shows_the_record_with_the_nik_masked(world, monkeypatch):
    world.add_tki(TKI, nama="<script>alert(1)</script>")
    seen = look("cari", cookies_of(world, "KO1"), monkeypatch)

    seen.text_input(key="tki").set_value(TKI)
    press(seen, "search.go")

    shown = texts_of(seen)
    assert "3603054105830001" not in shown
    assert "0001" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "H05AN001" in shown


@pytest.mark.parametrize("typed", ["0" * 16, "' or 1=1 --", "<script>", "\u202e9264729", "9" * 64, "tidak ada"])
def test_a_search_for_nonsense_is_a_sentence_and_no_fault(world, monkeypatch, typed):
    world.add_tki(TKI)
    seen = look("cari", cookies_of(world, "KO1"), monkeypatch)

    seen.text_input(key="tki").set_value(typed)
    press(seen, "search.go")

    assert not seen.exception
    assert len(seen.error) + len(seen.warning) == 1
    assert "H05AN001" not in texts_of(seen)


def test_a_registered_tki_is_registered_once_and_offered_no_more(world, monkeypatch):
    world.add_tki(TKI)
    world.desk(None).do(intake.send_eligible)
    seen = look("cari", cookies_of(world, "KO1"), monkeypatch)
    seen.text_input(key="tki").set_value(TKI)
    press(seen, "search.go")

    press(seen, "search.register")

    assert not seen.exception
    assert [said.value for said in seen.success] == [say("search.registered", journey=world.journey_id(TKI))]
    assert world.status(TKI) == "REGISTERED"
    assert say("search.register") not in [one.label for one in seen.button]


def test_a_fault_shows_a_number_that_stands_in_the_log(world, monkeypatch, caplog):
    def script() -> None:
        from apps.operator import frame  # noqa: PLC0415

        frame.show_fault(RuntimeError("secret of the inside"))

    monkeypatch.setattr(frame.log, "propagate", True)
    seen = AppTest.from_function(script, default_timeout=SECONDS).run()

    (said,) = [error.value for error in seen.error]
    number = said.rsplit(" ", 1)[-1]
    assert re.fullmatch(r"[0-9A-F]{8}", number)
    assert number in caplog.text
    assert "secret" not in said


def test_what_waits_leads_to_the_page_where_it_is_done(world, monkeypatch):
    world.add_tki(TKI)
    world.desk(None).do(intake.send_eligible)

    shown = texts_of(look("beranda", cookies_of(world, "KO1"), monkeypatch))

    label = say("home.SENT_TO_KONSORSIUM")
    assert f'<b>1</b><a href="/usulan" target="_self">{label}</a>' in shown
    assert f"<b>0</b><span>{say('home.REGISTERED')}</span>" in shown


def test_every_page_that_home_leads_to_is_there():
    assert set(home.DONE_ON.values()) <= set(BY_PATH)


def test_whoever_acts_for_another_says_why_first(world, monkeypatch):
    world.add_tki(TKI)
    world.desk(None).do(intake.send_eligible)
    seen = look("cari", cookies_of(world, "SA1"), monkeypatch)
    seen.text_input(key="tki").set_value(TKI)
    press(seen, "search.go")
    offered = say("search.register")
    assert offered not in [one.label for one in seen.button]

    press(seen, "behalf.begin")
    assert len(seen.error) == 1  # no reason was given
    next(field for field in seen.text_input if field.label == say("behalf.reason")).set_value(
        "Konsorsium tidak dapat dihubungi"
    )
    press(seen, "behalf.begin")
    assert offered in [one.label for one in seen.button]
    press(seen, "search.register")

    assert world.status(TKI) == "REGISTERED"
    told = world.ask("select on_behalf_of from posko_audit.audit_event where action = 'registration.register'")
    assert told[0][0] is not None
    press(seen, "behalf.end")
    assert not seen.exception
