"""The whole log checked and exported by whoever may, with progress; an outsider checks the export by himself (R-025, R-181)."""

from __future__ import annotations

import zipfile

import pytest

from posko.domain.errors import NotPermitted
from posko.services import audit_export, log_check, registration
from posko.services.audit_notes import read_key, read_note
from posko.services.audit_verify import verify_records
from posko.services.log_check import LogPlace
from tests.support.preparation import refused
from tests.support.sealed import seal_now, tamper

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]


@pytest.fixture
def place(world):
    return LogPlace.of(world.settings, world.server)


def search(world, count):
    for _ in range(count):
        world.desk("BN1").do(registration.search, tki_id="9264729")


def verify(world, place, who="AU1", **more):
    return world.desk(who).do(log_check.verify, log=place, **more)


def test_nothing_can_be_checked_before_the_first_seal(world, place):
    search(world, 1)

    assert refused(world.desk("AU1"), log_check.verify, log=place).code == "LOG_KEY_MISSING"
    assert refused(world.desk("AU1"), log_check.verify).code == "LOG_KEY_MISSING"


def test_a_sound_log_is_found_sound_and_progress_is_told(world, place, monkeypatch):
    monkeypatch.setattr(audit_export, "TOLD_EVERY", 2)
    search(world, 5)
    seal_now(world)
    search(world, 1)
    heard = []

    found = verify(world, place, told=lambda done, total: heard.append((done, total)))

    assert (found["clean"], found["size"], found["verified"], found["unsealed"]) == (True, 5, 5, 1)
    assert found["macs_checked"] is True
    assert [done for done, _ in heard] == [2, 4]
    assert all(total >= 6 for _, total in heard)


def test_each_change_is_found_and_the_finding_stands_in_the_log(world, place):
    search(world, 4)
    seal_now(world)
    tamper(world, "update audit_event set entity_key = '9' where writer_seq = 2")

    found = verify(world, place)

    assert found["clean"] is False
    assert {"mac", "leaf", "root"} <= {one["kind"] for one in found["findings"]}
    ((payload,),) = world.ask("select payload from posko_audit.audit_event where action = 'audit.verify'")
    assert '"leaf"' in payload


def test_each_place_stands_once_in_the_register_however_often_it_is_found(world, place):
    search(world, 4)
    seal_now(world)
    tamper(world, "update audit_event set entity_key = '9' where writer_seq = 2")

    kinds = {one["kind"] for _ in range(2) for one in verify(world, place)["findings"]}

    noted = world.ask("select subject_code from posko.deviation where rule_id = 'DV-X05'")
    assert {code.split()[1] for (code,) in noted} == kinds
    assert len(set(noted)) == len(noted)


def test_a_checkpoint_that_left_the_house_and_is_gone_from_the_database_is_found(world, place):
    search(world, 2)
    seal_now(world)
    tamper(world, "delete from audit_checkpoint")

    assert "no_checkpoint" in {one["kind"] for one in verify(world, place)["findings"]}


def test_the_log_file_is_compared_where_that_was_asked_for(world, place):
    search(world, 3)
    seal_now(world)
    tamper(world, "delete from audit_event where writer_seq = 2")

    kinds = {one["kind"] for one in verify(world, place, with_file=True)["findings"]}

    assert "no_event" in kinds
    assert "not_in_table" in kinds


def test_an_outsider_checks_the_export_from_its_files_alone(world, place, tmp_path):
    search(world, 6)
    seal_now(world)
    file = tmp_path / "log.zip"

    told = world.desk("AU1").do(log_check.export, log=place, file=file, readme="Cara memeriksa")

    assert (told["events"], told["bytes"]) == (6, file.stat().st_size)
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / "out")
        assert packed.read("BACA.txt") == b"Cara memeriksa"
    out = tmp_path / "out"
    notes = [read_note(path.read_text("utf-8")) for path in (out / "checkpoints").iterdir()]
    lines = (out / "events.jsonl").read_bytes().splitlines()
    verdict = verify_records(lines, notes, read_key((out / "log.vkey").read_text("utf-8")))
    assert (verdict.is_clean, verdict.verified) == (True, 6)
    assert b"3603054105830001" not in (out / "events.jsonl").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["out"]  # nothing is left beside it


def test_who_takes_the_export_away_is_recorded_with_the_hash_of_the_file(world, place, tmp_path):
    search(world, 1)
    seal_now(world)
    file = tmp_path / "log.zip"
    made = world.desk("BN1").do(log_check.export, log=place, file=file)

    assert world.desk("BN1").do(log_check.export_taken, file=file) == made["sha256"]

    ((payload,),) = world.ask("select payload from posko_audit.audit_event where action = 'audit.export_taken'")
    assert made["sha256"] in payload
    file.unlink()
    assert refused(world.desk("BN1"), log_check.export_taken, file=file).code == "EXPORT_GONE"


def test_only_the_roles_of_the_table_check_and_export(world, place, tmp_path):
    search(world, 1)
    seal_now(world)
    for who in ("KO1", "LS1", "TU1", "AS1"):
        with pytest.raises(NotPermitted):
            verify(world, place, who)
        with pytest.raises(NotPermitted):
            world.desk(who).do(log_check.export, log=place, file=tmp_path / "log.zip")
        with pytest.raises(NotPermitted):
            world.desk(who).do(log_check.export_taken, file=tmp_path / "log.zip")
    assert list(tmp_path.iterdir()) == []
    for who in ("SA1", "BN1", "AU1"):
        assert verify(world, place, who)["clean"]
