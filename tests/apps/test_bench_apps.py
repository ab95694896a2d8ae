"""`posko bench apps` measures what it says: real screens behind nginx, real sign-ins, real fingers, at a small size."""

from __future__ import annotations

import re

import pytest

from apps.bench import apps, apps_site
from apps.bench.installation import kept, throw_away
from apps.operator.menu import BY_PATH
from posko.domain.matrix import Role
from posko.settings import Settings

pytestmark = pytest.mark.server
SMALL = apps.Size(operators=9, think=0.4, seconds=8, processes=2, stations=2, queue=3, looks=2)
PRESENT = "select count(*) from posko.attendance where outcome = 'PRESENT' and station_code <> 'ST-KANTOR'"


def value(installation, sql):
    with installation.target.connect(installation.target.admin) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_the_screens_are_measured_at_work_and_at_the_door_without_a_fault():
    with throw_away(Settings(_env_file=None)) as installation:
        report = apps.measure(installation, tki=2_000, size=SMALL)
        present = value(installation, PRESENT)
        ended = value(installation, "select count(*) from posko.login_session where ended_at is not null")

    lines = {line.what: line for line in report.lines}
    assert report.extra["faults"] == []
    assert lines["galat selama bekerja"].holds
    assert lines["orang yang tidak tercatat hadir, dan galat"].holds
    assert lines["kehadiran dicatat per detik, 9 petugas tetap bekerja"].measured > 0
    assert lines["rerun petugas lain selama antrean itu, 95 %"].measured > 1
    assert present == SMALL.stations * SMALL.queue
    assert ended == 0
    rerun = lines["jalannya satu halaman (rerun), 95 %"]
    assert (rerun.base, rerun.unit, rerun.at_most) == (400, "ms", 1)
    assert rerun.measured > 1
    assert lines["petugas yang dipindah ke proses lain"].holds
    assert "cari" in report.extra["pages"]
    assert report.extra["pages"].keys() <= BY_PATH.keys()
    assert sum(one["runs"] for one in report.extra["pages"].values()) > SMALL.operators
    assert len(lines["halaman masuk terlukis di Chromium"].samples) == SMALL.looks
    assert lines["memori tiap petugas yang masuk"].measured < 50
    assert any(line.startswith("cari") for line in report.chart)


def test_everybody_of_the_seven_roles_is_at_work():
    roles = apps.at_work(100)

    assert len(roles) == 100
    assert set(roles) == set(Role) - {Role.PUBLIC}
    assert set(apps.at_work(7)) == set(Role) - {Role.PUBLIC}


def test_a_kept_installation_is_not_filled_again(tmp_path):
    settings = Settings(_env_file=None)
    said = []
    with kept(settings, tmp_path / "var") as installation:
        apps.fill(installation, 1_000, said.append)
        journeys = value(installation, "select count(*) from posko.journey")
    assert said
    said.clear()

    with kept(settings, tmp_path / "var") as installation:
        apps.fill(installation, 1_000, said.append)
        again = value(installation, "select count(*) from posko.journey")

    assert said == []
    assert again == journeys > 900


def test_the_proxy_of_the_bench_is_the_example_without_tls():
    made = apps_site.configuration(8080, [9001, 9002, 9003])

    assert "listen 127.0.0.1:8080;" in made
    assert re.findall(r"server 127\.0\.0\.1:(\d+)", made) == ["9001", "9002", "9003"]
    assert "ssl" not in made
    assert "hash $cookie_posko_web consistent;" in made
    example = apps_site.EXAMPLE.read_text("utf-8")
    assert "location / {" in made
    assert made.count("location") == example.count("location")
