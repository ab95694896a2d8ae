"""What the audit log tells: acts in another's place and at night, mass reading, tampering, states without events (DV-C04, DV-X03..X06)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from apps.deviation_run import run_rules
from checks.deviations import behalf as behalf_rule
from checks.deviations import log, reading, replay, verification
from posko.db.snapshot import snapshot
from posko.domain.audit import Place
from posko.domain.journey import key_of
from posko.services import behalf, cases, deviations, exam_session, list_export, registration, registry_entries
from posko.services import verification as certificate_verification
from posko.services.office import server_time
from tests.support.decided import deviation
from tests.support.exam import exam_day
from tests.support.preparation import released
from tests.support.rule_views import RuleViews
from tests.support.sealed import seal_now, tamper

if TYPE_CHECKING:
    from posko.domain.finding import Finding

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints", "limits")]

TODAY = dt.date(2026, 3, 2)
DIGEST = "0" * 64
EXCHANGED = """
    update audit_event as one, (select event_id, mac from audit_event) as other
    set one.prev = other.mac where (one.event_id, other.event_id) in ((2, 2), (3, 1))"""
"""The second event and the third have each other's `prev`."""


@pytest.fixture
def limits(world) -> None:
    """The parameters of the seed."""
    RuleViews(world)


def found(world, module: Any, since: dt.datetime | None = None) -> list[Finding]:
    engine = world.server.engine("posko_export", "posko")
    try:
        with snapshot(engine) as db:
            return list(module.find(db, TODAY, since))
    finally:
        engine.dispose()


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((one.subject_kind, one.subject_code, one.finding_key) for one in findings)


def just_now(world) -> dt.datetime:
    """The server's time, later than whatever was written before."""
    return world.value("select utc_timestamp(6)")


def export(world, who: str, rows: int) -> None:
    told_of = {"list_name": "peserta", "kind": "csv", "filters": {}, "rows": rows, "sha256": DIGEST}
    world.desk(who).do(list_export.note, **told_of)


def test_a_day_in_anothers_place_is_a_finding_for_its_person_and_its_body(world) -> None:
    desk = behalf.on_behalf(world.desk("SA1"), "Konsorsium tidak dapat dihubungi", "KONSORSIUM")
    for _ in range(2):
        desk.do(registration.search, tki_id="9264729")
    exam = exam_day(world, "100")
    tuk = behalf.on_behalf(world.desk("SA1"), "TUK tutup", "TUK:TUK-1")
    tuk.do(exam_session.open_day, session_id=exam.session_id)
    world.desk("SA2").do(registry_entries.history, register="lsp", key="LSP-1")

    (finding,) = found(world, behalf_rule)

    assert (finding.subject_code, finding.finding_key) == ("SA1", "2026-03-09 TUK-1")
    assert finding.evidence["tindakan"] >= 1


def test_a_list_taken_out_at_night_is_a_finding_and_a_look_at_night_is_none(world) -> None:
    world.at(TODAY, 21, 59)
    export(world, "LS1", 10)
    world.at(TODAY, 23, 10)
    world.desk("KO1").do(registration.search, tki_id="9264729")
    export(world, "LS2", 10)

    (finding,) = found(world, behalf_rule)

    assert (finding.subject_code, finding.finding_key) == ("LS2", "luar jam 2026-03-02")
    assert (finding.evidence["pertama"], finding.evidence["nama_tindakan"]) == ("23:10", "list.export")


def test_rows_taken_out_on_one_day_add_up_for_each_person(world) -> None:
    for who, rows in (("LS1", 12_000), ("LS1", 8_000), ("LS2", 19_999), ("BN1", 5)):
        export(world, who, rows)

    (finding,) = found(world, reading)

    assert (finding.subject_code, finding.evidence["baris"], finding.evidence["kali"]) == ("LS1", 20_000, 2)
    assert found(world, reading, just_now(world) + dt.timedelta(days=1)) == []


def test_what_was_found_on_an_earlier_day_stays_when_only_the_newest_days_are_read(world) -> None:
    world.office = dataclasses.replace(world.office, clock=server_time)
    export(world, "LS1", 20_000)
    tamper(world, "update audit_event set occurred_at = occurred_at - interval 3 day")
    first = run_rules(world.office, world.server, rules=["DV-X04"])
    export(world, "LS2", 20_000)

    second = run_rules(world.office, world.server, rules=["DV-X04"])

    assert [run.rules["DV-X04"]["new"] for run in (first, second)] == [1, 1]
    assert (second.total("found"), second.total("gone")) == (1, 0)
    assert world.value("select count(*) from posko.finding where gone_at is null") == 2


def test_many_looks_at_single_tki_are_a_finding(world) -> None:
    world.write("update posko_model.parameter set value = 3 where param_code = 'record_looks_a_day'")
    for number in range(3):
        world.add_tki(str(9_264_000 + number))
        world.desk("KO1").do(registration.search, tki_id=str(9_264_000 + number))
    world.desk("BN1").do(registration.search, tki_id="9264000")

    (finding,) = found(world, reading)

    assert (finding.subject_code, finding.evidence["kali"], finding.evidence["tki"]) == ("KO1", 3, 3)


def test_a_number_asked_for_from_many_places_and_tries_spread_over_a_day_are_findings(world) -> None:
    for place in range(10):
        desk = world.office.desk(world.principal("BN1"), place=Place(ip=f"203.0.113.{place}"))
        desk.do(certificate_verification.verify, certificate_no="PRT.1025.2026.0000009", secure_code="ABCDEF")
        world.now += dt.timedelta(minutes=20)

    assert [key for _, _, key in told(found(world, verification))] == ["salah 2026-03-02", f"tempat {local(world)}"]


def local(world) -> dt.date:
    return (just_now(world) + dt.timedelta(hours=7)).date()


def test_a_sound_log_has_no_finding_sealed_or_not(world) -> None:
    for _ in range(3):
        world.desk("BN1").do(registration.search, tki_id="9264729")
    assert found(world, log) == []
    seal_now(world)
    world.desk("BN1").do(registration.search, tki_id="9264729")

    assert found(world, log) == found(world, log, just_now(world)) == []


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("update audit_event set payload = '{}' where event_id = 2", {"isi"}),
        ("delete from audit_event where event_id = 2", {"rantai", "hilang"}),
        ("delete from audit_event where event_id = 1", {"rantai", "hilang"}),
        ("delete from audit_event order by event_id desc limit 1", {"hilang"}),
        ("delete from audit_seal where log_index >= 2", {"pendek", "segel"}),
        ("update audit_seal set event_id = event_id + 1000 where log_index = 2", {"hilang", "segel"}),
        ("update audit_event set prev = repeat('x', 32) where event_id = 1", {"rantai", "isi"}),
        ("update audit_event set prev = repeat('x', 32) where event_id = 3", {"rantai", "isi"}),
        (EXCHANGED, {"rantai", "isi"}),
    ],
)
def test_a_log_that_was_changed_says_where(world, change, kinds) -> None:
    since = just_now(world)
    for number in range(4):
        world.desk("BN1").do(registration.search, tki_id=f"926472{number}")
    seal_now(world)
    tamper(world, change)

    for every in (None, since):
        keys = {one.finding_key.split()[0] for one in found(world, log, every)}
        assert keys == kinds


def test_events_that_nobody_seals_in_time_are_told_once_anything_was_sealed(world) -> None:
    world.desk("BN1").do(registration.search, tki_id="9264729")
    seal_now(world)
    world.desk("BN1").do(registration.search, tki_id="9264729")
    tamper(world, "update audit_event set occurred_at = occurred_at - interval 3 day order by event_id desc limit 1")

    assert [key for _, _, key in told(found(world, log))] == ["terlambat antrean"]


def test_evidence_that_was_rewritten_is_found_with_its_case_and_once(world) -> None:
    number = deviation(world, severity="W")
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[number], title="Periksa")
    assert found(world, log) == []
    world.write("update posko.deviation set evidence = :new where deviation_id = :id", new='{"x":1}', id=number)
    assert told(found(world, log)) == [("deviation", str(number), "-")]
    digest = hashlib.sha256(b'{"x":1}').digest()
    world.write(
        "update posko.deviation set evidence_sha256 = :digest where deviation_id = :id", digest=digest, id=number
    )
    assert told(found(world, log)) == [("case", str(case_id), "-")]

    world.desk("AU1").do(deviations.verify)

    assert found(world, log) == []


def test_a_state_without_its_event_is_found_in_what_was_touched_and_in_all(world) -> None:
    released(world, "100", "200")
    assert found(world, replay) == found(world, replay, just_now(world) - dt.timedelta(days=1)) == []
    since = just_now(world)
    world.write("update posko.journey set is_appealed = 1 where tki_id = '100'")
    world.write("update posko.exam_session set status = 'OPEN'")
    wanted = [("session", "1", "-"), ("tki", "100", key_of("100", "TLRT", 1))]

    assert told(found(world, replay)) == told(found(world, replay, since)) == wanted
    assert [one.journey_id for one in found(world, replay) if one.tki_id] == [world.journey_id("100")]
    assert found(world, replay, just_now(world) + dt.timedelta(seconds=1)) == []


def test_an_event_without_its_row_and_a_row_without_any_event_are_found(world) -> None:
    released(world, "100", "200")
    since = just_now(world)
    tamper(world, "delete from audit_event where entity = 'journey' and entity_key like '100/%%'")
    tamper(
        world,
        "update audit_event set occurred_at = utc_timestamp(6) where entity = 'journey' and entity_key like '200/%%'",
    )
    world.write("update posko.journey set tki_id = '300' where tki_id = '200'")

    kinds = {one.subject_code: one.evidence["jenis"] for one in found(world, replay)}

    assert kinds == {"100": "NO_EVENT", "200": "NO_ROW", "300": "NO_EVENT"}
    kinds.pop("100")  # its row was not touched since
    assert {one.subject_code: one.evidence["jenis"] for one in found(world, replay, since)} == kinds
