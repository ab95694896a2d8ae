"""`posko publish` and what `posko public` is made of, on a real installation (§14.1-14.3; R-160, R-166)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from apps.cli import context, public, publish
from exports.site_reader import look_up, site_words
from posko.domain.errors import Refused
from tests.support.certificates import KEYS
from tests.support.decided import decided, evaluate, revoke

pytestmark = pytest.mark.server


@pytest.fixture
def run(world, settings, monkeypatch, tmp_path):
    """Run `posko publish` on this world, with a site of its own."""
    own = settings.model_copy(update={"public_site_dir": tmp_path / "situs", "public_proxies": " 10.0.0.1, ,10.0.0.2 "})
    monkeypatch.setattr(context, "settings", lambda: own)
    monkeypatch.setattr(context, "posko", lambda: world.server)
    monkeypatch.setattr(context, "posko_as_it_is", lambda: world.server)
    monkeypatch.setattr(context, "app_engine", lambda: world.office.engine)
    return lambda *given: CliRunner().invoke(publish.command, list(given), catch_exceptions=False)


def test_it_says_what_went_out_and_where(world, run, tmp_path):
    decided(world, "1")
    evaluate(world)

    first, again = run(), run("--json")

    assert "1 hasil ditayangkan, 0 tayangan diperbarui." in first.output
    assert f"Situs versi 1: 1 TKI, 262 berkas baru. {tmp_path / 'situs' / 'aktif'}" in first.output
    told = json.loads(again.output)
    assert (told["published"], told["is_new"], told["version"], told["files"]) == (0, False, 1, 0)


def test_it_writes_where_it_is_told(world, run, tmp_path):
    journey_id = decided(world, "1")
    evaluate(world)
    run("--to", str(tmp_path / "lain"))
    revoke(world, journey_id)

    done = run("--to", str(tmp_path / "lain"), "--full")

    assert "1 tayangan diperbarui" in done.output
    shown = tmp_path / "lain" / "aktif"
    assert look_up(shown, site_words(shown)["garam"], "1", dt.date(1983, 5, 1))[0][6] == "REVOKED"
    assert not (tmp_path / "situs").exists()


def test_what_the_gate_keeps_back_is_told_without_the_datum(world, run):
    decided(world, "1")
    evaluate(world)
    run()
    world.write("update posko.publication set masked_name = '3603054105830001'")

    with pytest.raises(Refused, match="NIK di isi/") as refused:
        run("--full")

    assert "3603054105830001" not in str(refused.value)


def test_the_application_is_made_from_the_settings_and_needs_no_private_key(world, run, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(KEYS.text(), "utf-8")

    made = public.public_of(context.settings(), keys)

    assert made.proxies == ("10.0.0.1", "10.0.0.2")
    assert made.site == tmp_path / "situs" / "aktif"
    assert made.certificates.keys.text() == KEYS.text()
    assert made.certificates.by_code("PRT.1025.2026.0000001", "C680C6", dt.date(2026, 3, 16)).verdict == "UNKNOWN"
    made.pool.shutdown()
