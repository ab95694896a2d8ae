"""The export of the log over its own route: for whom, which file, and recorded before it is given (R-021, R-025, R-045)."""

from __future__ import annotations

import io
import os
import zipfile
from hashlib import sha256

import pytest
from starlette.applications import Starlette

from apps.operator import log_export
from apps.operator.gate import Gate
from posko.services import registration, sessions
from posko.services.audit_proof import log_key
from tests.support.audit_pack import PERIOD, checked, held_of
from tests.support.operator import cookies_of, station_of
from tests.support.sealed import seal_now
from tests.support.served import served

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]


@pytest.fixture
def world(world):
    world.desk("BN1").do(registration.search, tki_id="9264729")
    seal_now(world)
    yield world
    for file in (world.settings.var / "exports").glob("*"):
        file.unlink()


@pytest.fixture
def browser(world):
    with served(Gate(Starlette(routes=log_export.routes(world.screens)))) as client:
        yield client


def sign_in(browser, world, who):
    """Let this browser be signed in as one of the staff; return her desk."""
    cookies = cookies_of(world, who)
    browser.cookies.clear()
    for name, value in cookies.items():
        browser.cookies.set(name, value)
    return sessions.principal_of(world.office, cookies["posko_web"], station_of(who))


def make(desk):
    return log_export.make(desk, lambda _done, _total: None, "id")


def taken(world):
    return [
        who
        for (who,) in world.ask(
            "select actor_id from posko_audit.audit_event where action = 'audit.export_taken' and outcome = 'ok'"
        )
    ]


def test_nobody_without_a_session_gets_it(world, browser):
    make(world.desk("AU1"))

    assert browser.get(log_export.ADDRESS).status_code == 401
    assert taken(world) == []


@pytest.mark.parametrize("who", ["AU1", "BN1", "SA1"])
def test_whoever_made_it_takes_it_away_whole_and_that_is_recorded(world, browser, who):
    made = make(sign_in(browser, world, who))

    answer = browser.get(log_export.ADDRESS)

    assert answer.status_code == 200
    assert sha256(answer.content).hexdigest() == made["sha256"] == answer.headers["x-content-sha256"]
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert {"BACA.txt", "events.jsonl", "log.vkey"} <= set(packed.namelist())
        assert b"posko audit verify" in packed.read("BACA.txt")
    assert taken(world) == [who]


def test_it_is_given_to_nobody_else_and_before_it_was_made_to_nobody(world, browser):
    make(world.desk("AU1"))
    for who in ("KO1", "LS1", "TU1", "AS1", "BN1"):
        sign_in(browser, world, who)
        answer = browser.get(log_export.ADDRESS)
        assert answer.status_code == 403, who
        assert answer.text
    assert taken(world) == []


def test_a_new_export_takes_the_place_of_the_last_one(world, browser):
    desk = sign_in(browser, world, "AU1")
    make(desk)
    first = browser.get(log_export.ADDRESS).content
    seal_now(world)
    make(desk)

    assert browser.get(log_export.ADDRESS).content != first
    assert len(list((world.settings.var / "exports").iterdir())) == 1


def test_what_nobody_fetched_within_a_day_is_gone_with_the_next_one(world):
    make(world.desk("BN1"))
    (forgotten,) = (world.settings.var / "exports").iterdir()
    os.utime(forgotten, (0, 0))

    make(world.desk("AU1"))

    assert not forgotten.exists()
    assert len(list((world.settings.var / "exports").iterdir())) == 1


@pytest.mark.parametrize(
    "path", ["/unduh/audit/../../secrets/audit-mac", "/unduh/audit/x", "/unduh/", "/unduh/audit%2f..%2fx"]
)
def test_no_address_beside_it_leads_to_a_file(world, browser, path):
    make(sign_in(browser, world, "AU1"))

    assert browser.get(path).status_code in {303, 404}


def test_the_auditors_pack_is_made_by_its_page_and_given_over_its_own_route(browser, world):
    """It is the pack of the days that were asked for, recorded before it is given, and verified from the file alone."""
    desk = sign_in(browser, world, "AU1")
    assert browser.get(log_export.PACK_ADDRESS).status_code == 403
    days = (PERIOD.first, PERIOD.last)

    made = log_export.make_pack(desk, lambda _done, _total: None, *days)
    answer = browser.get(log_export.PACK_ADDRESS)

    assert answer.headers["X-Content-SHA256"] == made["sha256"] == sha256(answer.content).hexdigest()
    assert "paket-auditor-posko.tar" in answer.headers["Content-Disposition"]
    assert taken(world)[-1] == "AU1"
    key = log_key(world.settings.var / "audit")
    assert checked(world, answer.content, key, held_of(world)).is_clean
    assert log_export.make_pack(desk, lambda _done, _total: None, *days)["sha256"] == made["sha256"]
