"""The auditor's pages: search in the log, one event with its proof, checks of the whole, how things stood (R-021, R-025, R-181, F35)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.operator import jobs
from posko.services import audit_search, registration
from tests.support.operator import NASTY, field, labels, press, say, texts_of
from tests.support.sealed import seal_now, tamper
from tests.support.way import whole_way

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]
SECONDS = 30


@pytest.fixture
def world(world):
    yield world
    for name in list(jobs._jobs):
        jobs._jobs.pop(name).thread.join(SECONDS)


@pytest.fixture
def seen(seen):
    """Return how one of the staff looks at a page, first of all the auditor."""
    return lambda path, who="AU1", **query: seen(path, who, **query)


def finished(page, name, key):
    """Start a long work, wait for its end, and return the page after it."""
    press(page, key)
    jobs._jobs[name].thread.join(SECONDS)
    return page.run()


def search(world, who, count=1, tki="9264729"):
    for _ in range(count):
        world.desk(who).do(registration.search, tki_id=tki)


def name_of(world, who="BN1"):
    """Return the newest event of one of the staff."""
    told = world.desk("SA1").do(audit_search.search, asked={"who": who})
    return told["rows"][0]["event"]


# Log --------------------------------------------------------------------------------------------------------------------


def test_the_log_is_searched_and_each_row_leads_to_its_event(world, seen):
    world.add_tki("9264729")
    search(world, "BN1")
    search(world, "KO1")

    page = seen("log")
    assert not page.exception
    field(page, "log.filter_siapa").set_value("BN1")
    page.run()

    shown = texts_of(page)
    assert "registration.search" in shown
    assert "KO1" not in shown
    assert f"/log?kejadian={name_of(world).replace('/', '%2F')}" in shown
    assert page.query_params["log_siapa"] == "BN1"


@pytest.mark.parametrize("name", ["siapa", "tki", "jenis", "kunci", "tempat"])
def test_nonsense_in_a_filter_is_a_sentence_or_nothing_found_and_no_fault(world, seen, name):
    page = seen("log")
    for typed in ("  ", *NASTY, "9" * 64):
        field(page, f"log.filter_{name}").set_value(typed)
        page.run()

        assert not page.exception, typed
        assert "<script>alert" not in texts_of(page), typed
        assert len(page.error) <= 1, typed


def test_an_older_page_goes_on_behind_the_last_row_though_looking_writes_events(world, seen):
    world.add_tki("9264729")
    search(world, "BN1", count=45)
    asked = (
        "select concat(lower(hex(writer_id)), '%2F', writer_seq) from posko_audit.audit_event where actor_id = 'BN1'"
    )
    names = [one for (one,) in world.ask(f"{asked} order by event_id desc")]

    first = seen("log", log_siapa="BN1")
    second = seen("log", log_siapa="BN1", log_halaman="2")
    last = seen("log", log_siapa="BN1", log_halaman="3")

    for page, part in ((first, names[:20]), (second, names[20:40]), (last, names[40:])):
        shown = texts_of(page)
        assert [one for one in names if f'kejadian={one}"' in shown] == part


def test_an_unindexed_filter_says_how_far_it_looked(world, seen, monkeypatch):
    monkeypatch.setattr(audit_search, "LOOKED_AT", 3)
    world.add_tki("9264729")
    search(world, "BN1", count=6)

    page = seen("log", log_tempat="uji")

    assert any("mundur sampai" in one.value for one in page.info)


def test_an_event_shows_its_proof_and_takes_a_note_once(world, seen):
    world.add_tki("9264729")
    search(world, "BN1")
    name = name_of(world)
    page = seen("log", kejadian=name)
    assert [one.value for one in page.info] == [say("event_view.pending")]
    seal_now(world)
    page.run()
    assert [one.value for one in page.success] == [say("event_view.proven")]

    field(page, "event_view.note").set_value("Diperiksa: <b>wajar</b>")
    press(page, "event_view.note_add")

    assert not page.error
    assert "Diperiksa: &lt;b&gt;wajar&lt;/b&gt;" in texts_of(page)
    page.run()
    assert world.value("select count(*) from posko_audit.audit_event where action = 'audit.annotate'") == 1


@pytest.mark.parametrize("typed", ["", "a\x00b", "3603054105830001"])
def test_a_note_that_cannot_be_one_is_a_sentence_and_writes_nothing(world, seen, typed):
    search(world, "BN1")
    page = seen("log", kejadian=name_of(world))

    field(page, "event_view.note").set_value(typed)
    press(page, "event_view.note_add")

    assert len(page.error) == 1
    assert (
        world.value("select count(*) from posko_audit.audit_event where action = 'audit.annotate' and outcome = 'ok'")
        == 0
    )


def test_a_changed_event_is_said_not_to_be_proven(world, seen):
    search(world, "BN1", count=2)
    name = name_of(world)
    seal_now(world)
    tamper(world, "update audit_event set entity_key = '1' where actor_id = 'BN1'")

    page = seen("log", kejadian=name)

    assert say("event_view.broken") in [one.value for one in page.error]


@pytest.mark.parametrize("name", ["x", "00" * 8 + "/1", "<script>alert(1)</script>", "' or 1=1"])
def test_an_address_of_no_event_is_a_sentence(world, seen, name):
    page = seen("log", kejadian=name)

    assert not page.exception
    assert len(page.error) == 1
    assert "<script>alert" not in texts_of(page)


# Perjalanan -------------------------------------------------------------------------------------------------------------


def test_each_step_of_a_journey_names_its_finger_and_whether_it_is_proven(world, seen):
    whole_way(world, {"9264729": "K"})
    seal_now(world)

    page = seen("perjalanan")
    page.text_input(key="tki").set_value("9264729")
    press(page, "journey.go")

    shown = texts_of(page)
    assert not page.exception
    steps = shown.count("/log?kejadian=")
    assert steps > 10
    assert shown.count(say("step_proofs.proven")) == steps
    digest = world.ask("select lower(hex(sample_sha256)) from posko.finger_proof where used_for = 'attendance.record'")
    assert digest
    assert all(one in shown for (one,) in digest)

    tamper(world, "update audit_event set device = 'lain' where entity = 'journey' limit 1")
    page.run()
    assert say("step_proofs.broken") in texts_of(page)


# Periksa ----------------------------------------------------------------------------------------------------------------


def test_the_whole_is_checked_with_progress_and_a_verdict(world, seen):
    whole_way(world, {"9264729": "K"})
    page = seen("periksa")
    assert say("verify.no_seal") in [one.value for one in page.info]
    seal_now(world)
    page.run()

    finished(page, "verify_log", "verify.log_go")
    finished(page, "verify_ledger", "verify.ledger_go")
    finished(page, "verify_replay", "verify.replay_go")

    assert not page.exception
    assert not page.error
    said = [one.value for one in page.success]
    assert any(one.startswith("Tidak ada temuan") for one in said)
    assert say("verify.ledger_clean") in said
    assert say("verify.replay_equal") in said


def test_what_was_changed_is_found_and_named(world, seen):
    whole_way(world, {"9264729": "K"})
    seal_now(world)
    tamper(world, "update audit_event set device = 'lain' where event_id = 3")
    world.write("update posko.journey set status = 'REGISTERED'")
    page = seen("periksa")

    finished(page, "verify_log", "verify.log_go")
    finished(page, "verify_replay", "verify.replay_go")

    assert len(page.error) == 2
    assert "Segel 2" in texts_of(page)
    assert "9264729/TLRT/1" in texts_of(page)


def test_a_work_that_somebody_else_runs_is_not_started_twice(world, seen, monkeypatch):
    search(world, "BN1")
    seal_now(world)
    monkeypatch.setitem(
        jobs._jobs, "verify_log", jobs.Job("BN1", thread=jobs.threading.Thread(target=print, args=("",)))
    )
    jobs._jobs["verify_log"].thread.start()
    page = seen("periksa")

    press(page, "verify.log_go")

    assert say("jobs.busy") in [one.value for one in page.warning]


def test_the_export_is_made_and_offered_to_whoever_may(world, seen):
    search(world, "BN1")
    seal_now(world)
    page = seen("periksa")

    finished(page, "export_log", "verify.export_go")

    assert any(one.value.startswith("Ekspor siap") for one in page.success)
    assert 'href="/unduh/audit"' in texts_of(page)

    assert say("verify.pack_go") not in labels(page)
    for key in ("verify_pack_first", "verify_pack_last"):
        page.date_input(key=key).set_value(dt.date(2026, 12, 31) if "last" in key else dt.date(2026, 1, 1))
    finished(page.run(), "audit_pack", "verify.pack_go")

    assert any(one.value.startswith("Paket 01-01-2026 sampai 31-12-2026 siap") for one in page.success)
    assert 'href="/unduh/audit-paket"' in texts_of(page)


# Keadaan ----------------------------------------------------------------------------------------------------------------


def test_a_tki_is_shown_as_she_stood_at_the_time_in_the_address(world, seen):
    began = world.now + dt.timedelta(hours=7)
    whole_way(world, {"9264729": "K"})

    now = seen("keadaan")
    now.text_input(key="tki").set_value("9264729").run()
    page = seen("keadaan", pada=(began - dt.timedelta(minutes=1)).isoformat(timespec="minutes"))
    page.text_input(key="tki").set_value("9264729").run()

    assert "DIMUTAKHIRKAN" in texts_of(now)
    assert "DIMUTAKHIRKAN" not in texts_of(page)
    assert say("journey.not_begun") in [one.value for one in page.warning]


def test_a_session_a_register_and_the_ledger_are_shown_as_they_stood(world, seen):
    whole_way(world, {"9264729": "K"})
    number = world.value("select session_id from posko.exam_session")

    session_page = seen("keadaan", apa="session")
    session_page.number_input(key="sesi").set_value(number).run()
    register = texts_of(seen("keadaan", apa="register", daftar="tuk"))
    page = finished(seen("keadaan", apa="ledger"), "as_of_ledger", "state_at.ledger_go")

    assert "DITUTUP" in texts_of(session_page)
    assert "CLOSED" not in texts_of(session_page)
    assert "9264729" in texts_of(session_page)
    assert "TUK-3" in register
    assert "DIMUTAKHIRKAN" in texts_of(page)
    assert not page.exception


@pytest.mark.parametrize("pada", ["kemarin", "9999-99-99", "<script>", "2026-03-01T08:00+07:00"])
def test_a_time_in_the_address_that_is_none_is_left_out(world, seen, pada):
    page = seen("keadaan", tki="9264729", pada=pada, apa="no-such", daftar="staff")

    assert not page.exception
    assert "<script>alert" not in texts_of(page)
