"""Duplicate fingers and appeals on their pages: laid down by one, signed by another, compared with what both saw (DV-I05, R-189)."""

from __future__ import annotations

import asyncio
import datetime as dt

import httpx
import pytest
from starlette.applications import Starlette

from apps.operator import finger_pictures
from posko.services import appeal_notes, appeals
from tests.services.test_duplicates import judge, match, record
from tests.support.decided import EVALUATED_ON, decided
from tests.support.fingers import touch
from tests.support.operator import NO_REASON, cookies_of, labels, press, said, say, texts_of
from tests.support.two_persons import PLAIN, fill, sign, with_second

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen, world, monkeypatch):
    with_second(world, monkeypatch)
    return seen


def radio(page, key, value):
    next(one for one in page.radio if one.label == say(key)).set_value(value)


# duplicate fingers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def find(world):
    world.add_tki("1", nama="NURUL KOMARIAH")
    world.add_tki("2", nama="SITI AMINAH")
    record(world, match())


def lay_down_verdict(page, verdict="SAME", reason="Susunan titik sama"):
    radio(page, "duplicates.verdict", verdict)
    fill(page, "text_area", "duplicates.reason", reason)
    return press(page, "duplicates.lay_down")


def verdict(world):
    return world.ask("select verdict, judged_by, seconded_by from posko.duplicate_candidate")[0]


def test_a_find_is_judged_by_two_who_read_the_same(world, seen, find):
    page = seen("duplikat", temuan=1)
    assert not page.exception
    assert [one.proto.src for one in page.get("iframe")] == ["/temuan/1"]
    page = lay_down_verdict(page)
    assert verdict(world) == (None, None, None)
    assert "Susunan titik sama" in texts_of(page)

    page = sign(page, "SA1")

    assert said(page, "success") == [say("duplicates.judged", number=1, verdict=say("duplicates.SAME"))]
    assert verdict(world) == ("SAME", "BN1", "SA1")
    assert say("duplicates.lay_down") not in labels(page)


def test_what_was_laid_down_can_be_discarded_and_nobody_signed_it(world, seen, find):
    page = press(lay_down_verdict(seen("duplikat", temuan=1)), "second_person.discard")

    assert say("duplicates.lay_down") in labels(page)
    assert verdict(world) == (None, None, None)


def test_a_verdict_of_others_meanwhile_is_shown_and_not_overwritten(world, seen, find):
    page = lay_down_verdict(seen("duplikat", temuan=1))
    judge(world, "UNSURE", "BN2", "SA2")

    page = sign(page, "SA1")

    assert len(said(page)) == 1
    assert say("duplicates.UNSURE") in texts_of(page)
    assert verdict(world) == ("UNSURE", "BN2", "SA2")


@pytest.mark.parametrize("reason", NO_REASON)
def test_a_verdict_without_a_plain_reason_is_not_laid_down(world, seen, find, reason):
    page = lay_down_verdict(seen("duplikat", temuan=1), reason=reason)

    assert len(said(page)) == 1
    assert say("second_person.sign") not in labels(page)


def test_the_auditor_looks_and_judges_nothing_and_the_konsorsium_sees_no_find(world, seen, find):
    page = seen("duplikat", "AU1", temuan=1)
    assert said(page, "info") == [say("duplicates.read_only")]
    assert say("duplicates.lay_down") not in labels(page)

    assert say("frame.closed_title") in texts_of(seen("duplikat", "KO1", temuan=1))


def test_what_waits_for_two_persons_stands_on_the_first_page_and_leads_to_it(world, seen, find):
    world.desk("TU1").do(appeals.record, kind="COMPLAINT", grounds="Asesor tidur")
    world.now += dt.timedelta(days=8)

    shown = texts_of(seen("beranda"))

    for address, name in (
        ("kasus?kasus_age=OVERDUE", "cases_overdue"),
        ("duplikat?duplikat_state=WAITING", "duplicates"),
        ("banding?banding_state=OPEN", "appeals"),
    ):
        assert f'<b>1</b><a href="/{address}" target="_self">{say(f"attention.{name}")}</a>' in shown


# the drawings --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pictures(world):
    world.hands.know("1")
    world.hands.send_print("2", 2, touch("1", 2, "again"))
    world.hands.import_all()
    one, other = (
        world.value("select min(template_id) from posko_biometric.finger_template where person_id = :p", p=number)
        for number in ("1", "2")
    )
    for number in ("1", "2"):
        world.add_tki(number, nama="NURUL KOMARIAH")
    found = match(own_template=one, template_id=other, format=world.screens.verifier.matcher.format)
    record(world, found, version=2)  # the import asked for a search of version 1 already
    application = Starlette(routes=finger_pictures.routes(world.screens))

    async def ask(path, cookies):
        transport = httpx.ASGITransport(application, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://posko", cookies=cookies) as browser:
            return await browser.get(path)

    return lambda path, cookies: asyncio.run(ask(path, cookies))


def test_the_drawings_are_sent_to_who_judges_and_kept_by_no_browser(world, pictures):
    answer = pictures("/temuan/1", cookies_of(world, "BN1"))

    assert answer.status_code == 200
    assert answer.text.count("<svg") == 2
    assert "NURUL" not in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert world.ask(
        "select actor_id, json_value(payload, '$.step') from posko_audit.audit_event where action = 'duplicates.view'"
    ) == [("BN1", "drawn")]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_no_other_role_is_sent_a_drawing_and_the_try_is_recorded(world, pictures, who):
    answer = pictures("/temuan/1", cookies_of(world, who))

    assert (answer.status_code, "<svg" in answer.text) == (403, False)
    assert ("duplicates.view", "duplicate", "1") in world.events("refused")


@pytest.mark.parametrize("cookies", [{}, {"posko_web": "x" * 43, "posko_station": "ST-0"}])
def test_nobody_is_sent_a_drawing_without_a_session(world, pictures, cookies):
    answer = pictures("/temuan/1", cookies)

    assert (answer.status_code, "<svg" in answer.text) == (403, False)


def test_whose_finger_it_is_gets_no_drawing_and_a_number_of_nothing_is_a_sentence(world, pictures):
    world.add_tki("5")
    record(world, match("STAFF", "BN1"), person_id="5")
    cookies = cookies_of(world, "BN1")

    own, nothing = pictures("/temuan/2", cookies), pictures("/temuan/99", cookies)

    assert (own.status_code, nothing.status_code) == (403, 403)
    assert "<svg" not in own.text + nothing.text


# appeals and complaints ----------------------------------------------------------------------------------------------


@pytest.fixture
def journey_id(world):
    world.at(EVALUATED_ON)
    return decided(world, "9811262", result="BK")


def record_appeal(page, grounds="Nilai unit 2 keliru", tki_id="9811262"):
    page = page.text_input(key="appeal_tki").set_value(tki_id).run()
    fill(page, "text_area", "appeals.grounds", grounds)
    return press(page, "appeals.record")


@pytest.mark.parametrize("who", ["LS1", "TU1", "BN1"])
def test_an_appeal_is_recorded_where_it_arrives(world, seen, journey_id, who):
    page = record_appeal(seen("banding", who))

    assert not page.exception
    assert said(page, "success") == [say("appeals.recorded_now", number=1)]
    assert world.ask("select kind, journey_id, recorded_by from posko.appeal") == [("APPEAL", journey_id, who)]
    assert "9811262" in texts_of(page)


@pytest.mark.parametrize("who", ["LS2", "TU2"])
def test_the_results_of_others_are_not_offered(world, seen, journey_id, who):
    page = seen("banding", who)
    page = page.text_input(key="appeal_tki").set_value("9811262").run()

    assert said(page, "warning") == [say("appeals.no_result")]


@pytest.mark.parametrize("grounds", NO_REASON)
def test_an_appeal_has_plain_grounds(world, seen, journey_id, grounds):
    page = record_appeal(seen("banding"), grounds)

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.appeal") == 0


@pytest.mark.parametrize("grounds", PLAIN)
def test_markup_in_grounds_is_shown_as_text(world, seen, journey_id, grounds):
    record_appeal(seen("banding"), grounds)

    page = seen("banding", banding=1)

    assert grounds in [element.value for element in page.text]


@pytest.mark.parametrize("code", ["LSP-9", "<script>", "' or 1=1 --"])
def test_a_complaint_names_only_what_is_registered(world, seen, journey_id, code):
    page = seen("banding")
    radio(page, "appeals.kind", "COMPLAINT")
    page = page.run()
    page.text_input(key="complaint_lsp").set_value(code)
    fill(page, "text_area", "appeals.grounds", "Asesor tidur")

    page = press(page, "appeals.record")

    assert len(said(page)) == 1
    assert world.value("select count(*) from posko.appeal") == 0


def decide(page, outcome="GRANTED", answer="Uji ulang tanpa biaya"):
    radio(page, "appeals.outcome", outcome)
    fill(page, "text_area", "appeals.answer", answer)
    return press(page, "appeals.lay_down")


@pytest.fixture
def appeal(world, journey_id):
    return world.desk("LS1").do(appeals.record, kind="APPEAL", grounds="Keberatan", journey_id=journey_id)


def test_an_appeal_progresses_by_notes_and_is_decided_by_two(world, seen, appeal):
    page = seen("banding", "LS1", banding=appeal)
    fill(page, "text_area", "appeals.note", "Lembar nilai terlampir")
    page = press(page, "appeals.note_add")
    assert said(page, "success") == [say("appeals.noted")]
    assert say("appeals.lay_down") not in labels(page)

    page = sign(decide(seen("banding", banding=appeal)), "SA1")

    assert said(page, "success") == [say("appeals.decided_now", number=appeal, outcome=say("appeals.GRANTED"))]
    assert world.ask("select outcome, decided_by, seconded_by from posko.appeal") == [("GRANTED", "BN1", "SA1")]
    assert world.value("select is_appealed from posko.journey") == 0


def test_a_note_that_came_while_two_decide_is_shown_and_nothing_is_decided(world, seen, appeal):
    page = decide(seen("banding", banding=appeal))
    world.desk("LS1").do(appeal_notes.note, appeal_id=appeal, note="Tunggu, ada lembar lain")

    page = sign(page, "SA1")

    assert len(said(page)) == 1
    assert "Tunggu, ada lembar lain" in texts_of(page)
    assert world.value("select decided_at is null from posko.appeal") == 1


def test_an_appeal_past_its_day_says_so(world, seen, appeal):
    world.at(EVALUATED_ON + dt.timedelta(days=40))

    page = seen("banding", banding=appeal)

    assert said(page, "warning") == [say("appeals.overdue", on="15-04-2026")]


@pytest.mark.parametrize("who", ["LS2", "TU2"])
def test_another_body_sees_nothing_of_it(world, seen, appeal, who):
    page = seen("banding", who, banding=appeal)

    assert len(said(page)) == 1
    assert "Keberatan" not in texts_of(page)
