"""An auditor's pack of a period is whole, the same each time, signed, logged, and verified from the file alone (§5.7; R-025)."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import tarfile
from dataclasses import dataclass
from hashlib import sha256

import pyarrow.parquet as pq
import pytest

from exports import audit_pack
from exports.audit_pack_manifest import read_manifest
from exports.certificate_keys import Signer
from posko.db.secrets import read_or_make_key
from posko.domain.errors import BadInput, NotPermitted, Refused
from posko.services import audit_pack_rows, registration
from posko.services.audit_notes import COSIGNATURE, cosign, make_note, public_key, read_note, with_signatures
from posko.services.audit_pack_rows import Period
from posko.services.audit_pack_tables import TABLES
from posko.services.sealing import SIGNING_KEY
from tests.support.audit_pack import PERIOD, SEEN, checked, held_of, made, packed, story
from tests.support.sealed import seal_now

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]


@pytest.fixture
def told(world):
    """A world with a story, and the log's key."""
    return world, story(world)


def tables(data):
    """Return name -> rows of each table, read as any tool would."""
    found = {name: [] for name in TABLES}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.name.endswith(".parquet"):
                content = archive.extractfile(member).read()
                found[member.name.partition("/")[0]] += pq.read_table(io.BytesIO(content)).to_pylist()
    return found


def test_a_pack_holds_everything_of_the_period_and_is_found_sound(told, tmp_path):
    world, key = told
    path = tmp_path / "paket.posko"

    done = made(world, path)
    verdict = checked(world, path.read_bytes(), key, held_of(world))

    assert [one.text for one in verdict.findings] == []
    assert (verdict.events, verdict.proven) == (done.events, done.events)
    assert verdict.checkpoints >= 3
    empty = {name for name in TABLES if not verdict.counts.get(name)}
    assert empty <= {"parameter_of_rules", "meeting_comment", "case_subject"}
    found = tables(path.read_bytes())
    for name, sql in {
        "line": "handoff_line",
        "batch": "handoff_batch",
        "deviation": "deviation",
        "case_note": "case_note",
    }.items():
        assert len(found[name]) == world.value(f"select count(*) from posko.{sql}"), name
    assert {row["rule_id"] for row in found["rule"]} >= {"DV-E01", "DV-T07", "DV-X06"}
    assert {row["change_kind"] for row in found["finding_change"]} == {"FOUND", "GONE"}


def test_it_holds_nobodys_nik_name_birth_date_address_or_template(told, tmp_path):
    world, _ = told
    made(world, tmp_path / "p")
    text = repr(tables((tmp_path / "p").read_bytes()))

    people = world.ask("select full_name, born_on, address, phone, email from posko.candidate")
    names = {str(value) for row in people for value in row if value} | {"Petugas BN1", "Asesor 1"}
    assert [name for name in names if name in text] == []
    assert re.findall(r"(?<![0-9a-fA-F])\d{16}(?![0-9a-fA-F])", text) == []
    assert "9000001" in text


def test_the_same_data_give_the_same_bytes_and_any_tool_opens_them(told, tmp_path):
    world, _ = told
    first = packed(world)

    assert packed(world) == first
    (tmp_path / "p.tar").write_bytes(first)
    listed = subprocess.run(
        ["tar", "tf", tmp_path / "p.tar"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert listed[0] == "BACA.txt"
    assert listed[-2:] == ["manifest.json", "manifest.sig"]
    with tarfile.open(tmp_path / "p.tar") as archive:
        manifest = read_manifest(archive.extractfile("manifest.json").read())
        for file in manifest.files:
            assert sha256(archive.extractfile(file.name).read()).hexdigest() == file.sha256


def test_who_took_it_and_what_it_was_stand_in_the_log(told, tmp_path):
    world, _ = told
    done = made(world, tmp_path / "p")

    rows = world.ask(
        "select actor_id, action, payload from posko_audit.audit_event where entity_key = 'pack' order by event_id"
    )
    assert [(who, action) for who, action, _ in rows] == [("AU1", "audit.pack"), ("AU1", "audit.pack_made")]
    assert done.sha256 in rows[1][2]
    assert sha256((tmp_path / "p").read_bytes()).hexdigest() == done.sha256


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_who_is_audited_takes_no_pack(world, tmp_path, who):
    with pytest.raises(NotPermitted):
        made(world, tmp_path / "p", who)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"first": dt.date(2026, 3, 9), "last": dt.date(2026, 3, 8)}, "DATES_REVERSED"),
        ({"first": dt.date(2010, 1, 1), "last": dt.date(2026, 1, 1)}, "PACK_TOO_LONG"),
        ({"first": "kemarin"}, "NOT_A_DATE"),
        ({}, "LOG_KEY_MISSING"),
    ],
)
def test_what_cannot_be_packed_is_refused_and_leaves_no_file(world, tmp_path, days, code):
    with pytest.raises(Refused) as refused:
        made(world, tmp_path / "p", **days)

    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(world, tmp_path):
    (tmp_path / "p").write_text("milik orang lain")

    with pytest.raises(BadInput):
        made(world, tmp_path / "p")
    assert (tmp_path / "p").read_text() == "milik orang lain"


def test_a_period_in_which_nothing_happened_is_an_empty_pack_that_is_sound(told):
    world, key = told
    data = packed(world, period=Period(dt.date(2019, 1, 1), dt.date(2019, 12, 31)))

    verdict = checked(world, data, key, held_of(world)[-1:])

    assert [one.text for one in verdict.findings] == []
    assert (verdict.events, verdict.counts.get("line", 0)) == (0, 0)
    assert verdict.counts["rule"] == 75


def test_what_the_log_tells_of_days_around_the_period_needs_no_rows(told):
    """A stretch of the log is wider than its period: hand-offs, cases and findings of the day before are in it, their rows are not."""
    world, key = told
    today = now(world).date()
    data = packed(world, period=Period(today, today))
    assert manifest_of(data).log.size > 40
    world.write("update posko.handoff_batch set sent_at = '2019-01-01'")
    world.write("update posko.deviation_case set opened_at = '2019-01-01', closed_at = '2019-01-02'")
    world.write("update posko.case_note set noted_at = '2019-01-01'")
    world.write("update posko.deviation set occurred_at = '2019-01-01'")
    world.write("update posko.finding set first_seen_at = '2019-01-01', gone_at = '2019-01-02'")
    around = Period(today + dt.timedelta(days=2), today + dt.timedelta(days=2))
    stretch_of_today = Moments(around.first, around.last, around.since - dt.timedelta(days=3), around.until)

    verdict = checked(world, packed(world, period=stretch_of_today), key, held_of(world))

    assert [one.text for one in verdict.findings] == []
    assert verdict.events > 40


def test_a_pack_spreads_over_many_files_in_the_same_order(told, monkeypatch):
    world, key = told
    whole = tables(packed(world))
    monkeypatch.setattr(audit_pack, "FILE_ROWS", 7)

    parts = packed(world)

    assert tables(parts) == whole
    assert len(manifest_of(parts).files) > 60
    assert checked(world, parts, key, held_of(world)).is_clean


@dataclass(frozen=True)
class Moments(Period):
    """A period from one moment of the server's clock to another, which no test can play."""

    since: dt.datetime = SEEN
    until: dt.datetime = SEEN


def now(world):
    return world.value("select utc_timestamp(6)")


def later(world):
    """Let the log grow, sealing each time."""
    for _ in range(5):
        world.desk("BN1").do(registration.search, tki_id="9000001")
        seal_now(world)


@pytest.fixture
def middle(told, monkeypatch):
    """A pack of the middle of a log, made with and without the checkpoints that somebody holds."""
    monkeypatch.setattr(audit_pack_rows, "MARGIN", dt.timedelta(0))
    world, key = told
    begins = now(world)
    later(world)
    period = Moments(PERIOD.first, PERIOD.last, begins, now(world))
    later(world)
    return world, key, period


def test_checkpoints_before_in_and_behind_the_stretch_are_led_to_it(middle):
    world, key, period = middle
    held = held_of(world)
    data = packed(world, period=period, held=held)

    log = manifest_of(data).log
    assert 0 < log.first < log.size < held[-1].size
    sides = {(one.size > log.size) - (one.size < log.first) for one in held}
    assert sides == {-1, 0, 1}
    for one in held:
        verdict = checked(world, data, key, [one])
        assert of_the_log(verdict) == []
        assert verdict.proven == max(0, min(one.size, log.size) - log.first)


def test_without_its_link_a_checkpoint_outside_proves_nothing(middle):
    world, key, period = middle
    data = packed(world, period=period)

    for one in (held_of(world)[1], held_of(world)[-1]):
        verdict = checked(world, data, key, [one])
        assert of_the_log(verdict) == [("held_apart", str(one.size))]
        assert verdict.proven == 0


def test_a_checkpoint_of_another_log_is_refused_at_the_making_and_found_at_the_checking(middle):
    world, key, period = middle
    private = read_or_make_key(world.settings.secrets / SIGNING_KEY)
    held = held_of(world)
    data = packed(world, period=period, held=held)
    for own in held[1:]:
        other = read_note(make_note(own.size, bytes(32), private))
        with pytest.raises(BadInput):
            packed(world, period=period, held=[other])
        verdict = checked(world, data, key, [own, other])
        assert ("held", str(own.size)) in [(each.kind, each.where) for each in verdict.findings]
        assert verdict.proven == 0


def of_the_log(verdict):
    """Return what is found wrong with the log: the rows of a moment are fewer than those of the day that its pack names."""
    found = [(one.kind, one.where) for one in verdict.findings]
    return [(kind, where) for kind, where in found if kind.startswith(("log", "held", "checkpoint"))]


def manifest_of(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return read_manifest(archive.extractfile("manifest.json").read())


def test_a_witness_of_the_held_checkpoint_is_asked_for(told):
    world, key = told
    data, private = packed(world), bytes(range(32))
    newest = held_of(world)[-1]
    witness = public_key(private, "saksi", kind=COSIGNATURE)
    signed = read_note(with_signatures(newest.text, [cosign(newest, private, witness="saksi", at=1_700_000_000)]))

    assert checked(world, data, key, [signed], witnesses=[witness]).is_clean
    assert [one.kind for one in checked(world, data, key, [newest], witnesses=[witness]).findings] == ["witness"]


def test_without_a_checkpoint_of_ones_own_nothing_is_verified(told):
    world, key = told

    with pytest.raises(BadInput):
        checked(world, packed(world), key, [])


def test_a_key_that_was_not_given_is_named(told):
    world, key = told
    stranger = Signer(bytes(range(32)))

    verdict = checked(world, packed(world, signer=stranger), key, held_of(world))

    assert ("key", stranger.id.hex()) in [(one.kind, one.where) for one in verdict.findings]
