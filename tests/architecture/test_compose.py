"""The plan for containers is the plan of the systemd units: the same commands, at the same times, with settings that exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time

import pytest
import yaml

from posko.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
OF_STATIONS = {"posko-station.service"}
"""Stands on a TUK's computer, not on the server."""


def commands_of(service: dict[str, object]) -> list[str]:
    """Return the `posko` commands that a service of compose runs."""
    words = service.get("command")
    text = shlex.join(words) if isinstance(words, list) else ""
    return [" ".join(shlex.split(one)) for one in re.findall(r"posko ([^;']+)", text)]


def commands_of_units() -> set[str]:
    told = [unit for unit in DEPLOY.glob("systemd/*.service") if unit.name not in OF_STATIONS]
    found = {
        line for unit in told for line in re.findall(r"^Exec\w+=\S+/posko (.+)$", unit.read_text("utf-8"), re.MULTILINE)
    }
    return {line.replace("%i", port) for line in found for port in ("8501", "8502")}


def test_containers_run_what_the_units_run_and_migrate_before() -> None:
    found = {command for service in SERVICES.values() for command in commands_of(service)}

    assert found == commands_of_units() | {"migrate"}


def test_the_timers_of_containers_go_when_those_of_the_units_go() -> None:
    when = {
        name: service["command"][2]
        for name, service in SERVICES.items()
        if "deploy/every.sh" in service.get("command", [])
    }
    calendar = {
        timer.stem.removeprefix("posko-"): re.findall(r"^OnCalendar=(.+)$", timer.read_text("utf-8"), re.MULTILINE)[0]
        for timer in DEPLOY.glob("systemd/*.timer")
    }
    said = {"hourly": "3600", "minutely": "60", "*:07/15": "900"}

    assert when == {
        name: said.get(text)
        or re.sub(r"^(?:(Sun) )?\*-\*-\* (\d\d:\d\d):00$", lambda m: ",".join(filter(None, m.groups())), text)
        for name, text in calendar.items()
    }


def test_the_server_in_the_container_is_set_as_the_private_one() -> None:
    told = set(SERVICES["mariadb"]["command"])
    source = (PROJECT_ROOT / "posko" / "db" / "server.py").read_text("utf-8")
    sized = ("--innodb-buffer-pool-size", "--innodb-log-file-size")

    needed = {
        option
        for option in re.findall(r'"(--[a-z-]+=[A-Za-z0-9_.]+)"', source)
        if option.startswith(
            ("--local-infile", "--character-set", "--collation", "--innodb", "--bind", "--max-allowed")
        )
    }
    assert len(needed) >= 6
    assert {option for option in needed if not option.startswith(sized)} <= told


def test_no_password_stands_in_the_plan_and_every_service_runs_as_nobody_special() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert not re.search(r"PASSWORD(?!_FILE)", text)
    ours = [service for service in SERVICES.values() if service["image"].startswith("posko")]
    assert len(ours) >= 10
    assert all(service["cap_drop"] == ["ALL"] and service["read_only"] for service in ours)


@pytest.mark.parametrize("when", ["1", "{soon}"])
def test_the_timer_of_containers_starts_its_command_at_its_time(tmp_path, when) -> None:
    told = tmp_path / "told"
    soon = time.strftime("%H:%M:%S", time.localtime(time.time() + 2))
    words = [
        "sh",
        str(DEPLOY / "every.sh"),
        when.format(soon=soon),
        sys.executable,
        "-c",
        f"open({str(told)!r}, 'a').write('x')",
    ]
    with subprocess.Popen(words) as timer:
        until = time.monotonic() + 20
        while not told.exists() and time.monotonic() < until:
            time.sleep(0.1)
        timer.kill()
    assert told.read_text("utf-8").startswith("x")


def test_the_timer_of_containers_refuses_a_time_that_is_none() -> None:
    done = subprocess.run(["sh", str(DEPLOY / "every.sh"), "nie", "true"], capture_output=True, timeout=20, check=False)
    assert done.returncode == 2
