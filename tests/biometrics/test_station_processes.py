"""The real programs: server over TLS, agent and door as processes of their own, a line that is cut, kill -9 (R-041, R-185)."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from biometrics.station import uploading, wire
from biometrics.station.link import LineCut, Link
from biometrics.station.queue import Queue
from biometrics.station.tls import client_context, server_files
from posko.domain.calendar import local_day
from posko.domain.proof import Purpose
from posko.services import attendance, captures
from posko.settings import PROJECT_ROOT
from tests.support.exam import exam_day
from tests.support.line import CutLine
from tests.support.station import enrol, register
from tests.support.station_place import TKI, Place, finish, free_port, is_done, listens, started_with, wait

pytestmark = pytest.mark.server


@pytest.fixture
def place(world, settings, tmp_path):
    """An exam day that is today by the real clock, and a running server."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    world.now = now
    day = exam_day(world, *TKI, on=local_day(now))
    world.now = now
    day.open()
    enrol(world, "TKI", *TKI)
    enrol(world, "STAFF", "TU1")
    keys = register(world, tmp_path / "ST-1", "ST-1")
    port = free_port()
    environment = started_with(settings, tmp_path / "ST-1") | {"POSKO_STATION_PORT": str(port)}
    with CutLine(port) as line, ExitStack() as stack:
        environment["POSKO_STATION_URL"] = f"https://localhost:{line.port}"
        made = Place(world, environment, line, tmp_path / "ST-1", keys, day.session_id, stack)
        server = made.start("serve")
        wait(lambda: server.poll() is not None or listens(port))
        assert server.poll() is None, server.communicate()[0]
        yield made
        for process in made.started[1:]:
            finish(process)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) in {0, -signal.SIGTERM}


def test_a_page_asks_the_agent_answers_over_tls_and_the_candidate_is_present(place):
    world = place.world
    place.lay("TKI:100")
    agent = place.start("run", *place.reader())
    desk = world.office.desk(None)
    asked = desk.do(captures.ask, station_code="ST-1", kind="TKI", person_id="100", purpose=Purpose.ATTEND)

    wait(lambda: is_done(world, asked["request_id"]) or agent.poll() is not None)
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    proof = desk.do(captures.take, request_id=asked["request_id"])
    found = world.desk("TU1").do(attendance.record_attendance, session_id=place.session_id, tki_id="100", proof=proof)

    assert found["outcome"] == "PRESENT"
    assert (place.folder / "day-list.json").exists()
    agent.send_signal(signal.SIGTERM)
    assert agent.wait(40) == 0


def test_two_agents_of_one_station_do_not_run_side_by_side(place):
    agent = place.start("run", *place.reader())
    wait((place.folder / "day-list.json").exists)

    second = place.start("run", *place.reader())

    assert second.wait(40) == 4
    assert agent.poll() is None


def test_an_authority_that_is_not_the_pinned_one_is_not_believed(place, settings, tmp_path):
    other = settings.model_copy(update={"secrets_dir": tmp_path / "other"})
    server_files(other)
    context = client_context(other)

    with Link(place.environment["POSKO_STATION_URL"], context, place.keys.signer) as link, pytest.raises(LineCut):
        link.ask(wire.SERVER)


def _fetch_list(place):
    agent = place.start("run", *place.reader())
    wait(lambda: (place.folder / "day-list.json").exists() or agent.poll() is not None)
    agent.kill()
    agent.wait()


def _take(place, waiting, *, kill_at=None, grown=False):
    """Take attendance at the door until all have come; return who was told that it counted.

    `kill_at` names the place in the line at which the program is killed: as soon as the ID was typed or, with `grown`, as soon as the
    queue's file has grown.
    """
    place.lay("STAFF:TU1")
    door = place.start("attend", "--operator", "TU1", *place.reader(), stdin=subprocess.PIPE)
    told = []
    _until(door, r"ID TKI")
    for number, tki_id in enumerate(waiting):
        place.lay(f"TKI:{tki_id}")
        before = (place.folder / "queue.jsonl").stat().st_size
        door.stdin.write(f"{tki_id}\n")
        door.stdin.flush()
        if number == kill_at:
            while grown and (place.folder / "queue.jsonl").stat().st_size == before:
                time.sleep(0.001)
            door.kill()
            door.wait()
            return told
        _until(door, r"nomor \d+: .*ID TKI")
        told.append(tki_id)
    door.stdin.write("\n")
    door.stdin.flush()
    door.wait(40)
    return told


def _until(process, pattern):
    """Read the output of a program until it shows this."""
    seen = ""
    while not re.search(pattern, seen, re.DOTALL):
        letter = process.stdout.read(1)
        assert letter, seen
        seen += letter
    return seen


def test_kill_nine_at_the_door_and_while_sending_neither_loses_nor_doubles(place):
    _fetch_list(place)
    place.line.cut()
    counted = _take(place, TKI, kill_at=3)
    counted += _take(place, [one for one in TKI if one not in counted], kill_at=4, grown=True)
    counted += _take(place, [one for one in TKI if one not in counted])
    assert counted == TKI
    assert place.rows() == []

    killed = 0
    for most in (4_000, 12_000, 20_000):
        place.line.mend()
        sender = place.start("upload")
        wait(lambda: place.line.passed >= most or sender.poll() is not None)  # noqa: B023
        killed += sender.poll() is None
        sender.kill()
        sender.wait()
    assert killed >= 2
    assert place.start("upload").wait(60) == 0

    assert [row[0] for row in place.rows()] == TKI
    assert {row[1:] for row in place.rows()} == {("PRESENT", 1)}
    assert Queue.open(place.folder, place.keys).entries == []
    again = "select count(*) from posko.station_upload where outcome = 'REFUSED'"
    assert place.world.value(again) == place.world.value(f"{again} and answer like '%ATTENDANCE_RECORDED%'") <= 2


def test_a_line_that_is_cut_at_any_byte_neither_loses_nor_doubles(place):
    _fetch_list(place)
    place.line.cut()
    assert set(_take(place, TKI)) == set(TKI)

    queue, cuts = Queue.open(place.folder, place.keys), 0
    for cut_after in range(500, 40_000, 1_500):
        place.line.mend(cut_after=cut_after)
        with place.link() as link:
            try:
                uploading.send(queue, link, lambda _line: None)
                break
            except LineCut:
                cuts += 1
        queue = Queue.open(place.folder, place.keys)

    assert cuts > 5
    assert queue.entries == []
    assert [row[0] for row in place.rows()] == TKI
    assert place.world.value("select count(*) from posko.station_upload") == len(TKI) + 1
    assert place.world.value("select count(*) from posko.deviation") == 0


def _say(environment, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "apps.cli.main", "station", *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_office_registers_lists_and_revokes_what_the_station_made(world, settings, tmp_path):
    environment = started_with(settings, tmp_path / "ST-2")
    card = tmp_path / "ST-2" / "card.json"
    code, shown = _say(environment, "keygen", "ST-2", "--json")
    assert (code, json.loads(shown)) == (0, json.loads(card.read_text()))
    assert _say(environment, "keygen", "ST-2")[0] == 2

    assert _say(environment, "register", "ST-1", "--card", str(card))[0] == 2
    assert _say(environment, "register", "ST-2", "--card", str(card))[0] == 0
    rows = {row["station_code"]: row for row in json.loads(_say(environment, "list", "--json")[1])}
    assert rows["ST-2"]["key_id"] == json.loads(shown)["key_id"]
    assert _say(environment, "revoke", "ST-2", "--reason", "Komputer dicuri")[0] == 0
    assert _say(environment, "register", "ST-2", "--card", str(card))[0] == 5

    assert world.ask("select reason, revoked_at is not null from posko.station_key") == [("Komputer dicuri", 1)]
