"""`posko app` before it serves: what is missing is said, and the demo's time only goes forward."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from apps.cli.app import _clock, command
from apps.operator import demo_clock
from posko.domain.errors import BadInput, ConfigurationError
from posko.services.office import server_time

NOW = dt.datetime.fromisoformat("2026-03-02T01:00")
PLAYED = dt.datetime.fromisoformat("2026-03-10T10:00")


@pytest.fixture
def own(settings, tmp_path):
    """Settings of an installation of its own, in which nothing was played."""
    return settings.model_copy(update={"var_dir": tmp_path})


def test_without_anybody_enrolled_it_names_the_demo(clean_posko, settings, monkeypatch):
    from apps.cli import context  # noqa: PLC0415 - its cached connections are replaced here

    monkeypatch.setattr(context, "settings", lambda: settings)
    monkeypatch.setattr(context, "app_engine", lambda: clean_posko.engine("posko_app", "posko"))

    with pytest.raises(ConfigurationError, match=r"\./run demo"):
        command.callback(port=1, host="127.0.0.1", at=None)


def test_the_time_goes_on_where_the_demo_has_played(own):
    demo_clock.keep(own.var, PLAYED)

    clock = _clock(own, None, NOW)

    assert clock is not server_time


def test_a_demo_that_played_only_the_past_has_the_servers_time(own):
    assert _clock(own, None, NOW) is server_time
    demo_clock.keep(own.var, NOW - dt.timedelta(days=1))
    assert _clock(own, None, NOW) is server_time


@pytest.mark.parametrize("at", ["2026-03-09T08:00", "2026-03-10T16:59", "2026-03-10T09:59+00:00"])
def test_the_demos_time_never_goes_back(own, at):
    demo_clock.keep(own.var, PLAYED)

    with pytest.raises(BadInput, match="2026-03-10T17:00"):
        _clock(own, at, NOW)


@pytest.mark.parametrize("at", ["besok", "2026-13-01T08:00", ""])
def test_a_time_that_is_none_is_refused(own, at):
    with pytest.raises(BadInput, match="bukan waktu"):
        _clock(own, at, NOW)


def test_the_played_time_is_kept_only_when_it_is_later(own):
    for until in (PLAYED, NOW):
        demo_clock.keep(own.var, until)

    assert json.loads((own.var / "demo-played.json").read_text())["played_until"] == PLAYED.isoformat()
