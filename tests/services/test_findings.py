"""What a rule finds goes into the register once, with its history and its case; nothing is deleted (§5.2, R-020; requirements 7)."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from posko.domain.errors import Refused
from posko.domain.finding import Finding
from posko.services import cases, findings, holds, replay
from posko.services.finding_rows import server_time
from posko.services.findings import Judged
from tests.support.decided import EVALUATED_ON, decided

pytestmark = pytest.mark.server

RULE = "DV-S06"
HOLDING = "DV-N07"
SEEN = dt.datetime.fromisoformat("2026-03-09T05:00")


def finding(code="MET.1", key="1", rule_id=RULE, kind="asesor", **more):
    evidence = more.pop("evidence", {"menit": 4, "peserta": 12})
    return Finding(rule_id, kind, code, key, evidence, SEEN, **more)


def sync(world, *found, rule_id=RULE, since=None):
    with world.office.engine.connect() as db:
        judged = Judged("uji", since, server_time(db), bytes(32))
    return world.desk(None).do(findings.sync, rule_id=rule_id, found=found, judged=judged)


def history(world):
    return [row[0] for row in world.ask("select change_kind from posko.finding_change order by change_id")]


def close(world, case_id, judge=cases.dismiss):
    for step in (cases.triage, cases.review, judge):
        world.desk("BN1").do(step, case_id=case_id, note="Diperiksa")
    world.desk("BN1").do(cases.close, case_id=case_id, note="Selesai", second=world.second("BN2"))


@pytest.fixture
def day(world):
    world.at(EVALUATED_ON)
    return world


def test_a_new_finding_is_one_deviation_in_one_case_of_the_system(day):
    counts = sync(day, finding())

    assert counts == {"found": 1, "new": 1, "changed": 0, "gone": 0, "again": 0, "cases": 1}
    assert day.ask(
        "select rule_id, severity, mode, is_attempt, subject_kind, subject_code, case_id, finding_id from posko.deviation"
    ) == [(RULE, "W", "D", 0, "asesor", "MET.1", 1, 1)]
    assert day.ask(
        "select status, severity, holds_result, opened_by, rule_id, subject_code from posko.deviation_case"
    ) == [("OPEN", "W", 0, "posko", RULE, "MET.1")]
    assert day.value("select deviation_id from posko.finding") == 1
    assert day.ask("select subject_kind, subject_code from posko.case_subject order by 1") == [
        ("asesor", "MET.1"),
        ("staff", "AS1"),
    ]


def test_what_is_found_again_and_again_is_written_once(day):
    sync(day, finding())
    day.now += dt.timedelta(days=1)

    counts = sync(day, finding())

    assert (counts["new"], counts["changed"], counts["cases"]) == (0, 0, 0)
    assert day.value("select count(*) from posko.deviation") == 1
    assert history(day) == ["FOUND"]
    assert day.ask("select first_seen_at < last_seen_at, gone_at from posko.finding") == [(1, None)]


def test_evidence_that_changes_is_added_and_the_frozen_one_stays(day):
    sync(day, finding())

    counts = sync(day, finding(evidence={"menit": 5, "peserta": 12}))

    assert counts["changed"] == 1
    assert history(day) == ["FOUND", "CHANGED"]
    assert json.loads(day.value("select evidence from posko.deviation")) == {"menit": 4, "peserta": 12}
    assert day.value("select count(*) from posko.deviation") == 1


def test_a_finding_that_disappears_stays_with_its_history_and_is_told_in_its_case(day):
    sync(day, finding(), finding(key="2"))

    counts = sync(day, finding())

    assert counts["gone"] == 1
    assert day.ask("select finding_key, gone_at is not null from posko.finding order by 1") == [("1", 0), ("2", 1)]
    assert history(day) == ["FOUND", "FOUND", "GONE"]
    assert day.value("select count(*) from posko.deviation where case_id = 1") == 2
    assert "tidak ditemukan lagi" in day.value("select note from posko.case_note order by note_id desc limit 1")
    assert sync(day, finding())["gone"] == 0


def test_what_comes_back_is_a_deviation_of_its_own(day):
    sync(day, finding())
    sync(day)

    counts = sync(day, finding())

    assert (counts["again"], counts["cases"]) == (1, 0)
    assert history(day) == ["FOUND", "GONE", "AGAIN"]
    assert day.ask("select deviation_id, finding_id, case_id from posko.deviation order by 1") == [(1, 1, 1), (2, 1, 1)]
    assert day.value("select deviation_id from posko.finding") == 2


def test_one_open_case_gathers_a_subject_and_a_closed_one_stays_closed(day):
    sync(day, finding())
    assert sync(day, finding(), finding(key="2"))["cases"] == 0
    assert day.ask("select distinct case_id from posko.deviation") == [(1,)]
    close(day, 1)

    counts = sync(day, finding(), finding(key="2"), finding(key="3"), finding(code="MET.2"))

    assert counts["cases"] == 2
    assert day.ask("select case_id, status from posko.deviation_case order by 1") == [
        (1, "CLOSED"),
        (2, "OPEN"),
        (3, "OPEN"),
    ]
    assert day.ask("select finding_key, case_id from posko.deviation d join posko.finding using (finding_id) order by d.deviation_id") == [
        ("1", 1), ("2", 1), ("3", 2), ("1", 3),
    ]  # fmt: skip


def test_the_evidence_of_a_case_is_frozen_and_a_second_person_who_is_no_subject_closes_it(day):
    sync(day, finding(rule_id="DV-N06", kind="staff", code="BN1"), rule_id="DV-N06")
    for step in (cases.triage, cases.review):
        with pytest.raises(Refused):
            day.desk("BN1").do(step, case_id=1, note="Kasus sendiri")
        day.desk("BN2").do(step, case_id=1, note="Diperiksa")
    day.desk("BN2").do(cases.dismiss, case_id=1, note="Bukan")

    with pytest.raises(Refused):
        day.desk("BN2").do(cases.close, case_id=1, note="Selesai", second=day.second("BN1"))
    assert day.desk("BN2").do(cases.close, case_id=1, note="Selesai", second=day.second("SA1")) == "CLOSED"


def test_a_holding_finding_holds_its_result_until_two_persons_closed_the_case(day):
    journey_id = decided(day, "9264729")
    day.at(EVALUATED_ON)
    sync(day, finding(rule_id=HOLDING, kind="tki", code="9264729", journey_id=journey_id), rule_id=HOLDING)

    def held():
        with day.office.engine.connect() as db:
            return holds.held_by_case(db, [journey_id])

    assert "kasus penyimpangan nomor 1" in held()[journey_id]
    close(day, 1)
    assert held() == {}
    sync(day, finding(rule_id=HOLDING, kind="tki", code="9264729", journey_id=journey_id), rule_id=HOLDING)
    assert held() == {}


def test_information_opens_no_case(day):
    assert sync(day, finding(rule_id="DV-S09"), rule_id="DV-S09")["cases"] == 0
    assert day.ask("select severity, case_id from posko.deviation") == [("I", None)]


def test_an_increment_leaves_alone_what_was_not_touched(day):
    sync(day, finding(session_id=7), finding(key="2"))
    day.now += dt.timedelta(days=1)

    counts = sync(day, since=day.value("select utc_timestamp(6)") - dt.timedelta(minutes=10))

    assert counts["gone"] == 0
    assert day.value("select count(*) from posko.finding where gone_at is null") == 2


def test_an_increment_notices_that_a_touched_session_is_clean_now(day):
    decided(day, "9264729")
    session_id = day.value("select min(session_id) from posko.exam_session")
    sync(day, finding(session_id=session_id), finding(key="2"))
    before = day.value("select utc_timestamp(6)")
    day.write("update posko.exam_session set touched_at = utc_timestamp(6)")

    counts = sync(day, since=before)

    assert counts["gone"] == 1
    assert day.ask("select finding_key from posko.finding where gone_at is not null") == [("1",)]


def test_many_findings_get_their_own_cases_in_few_statements(day):
    found = [finding(code=f"90{number:05}", kind="tki", rule_id="DV-I01") for number in range(2500)]

    counts = sync(day, *found, rule_id="DV-I01")

    assert (counts["new"], counts["cases"]) == (2500, 2500)
    assert day.value("select count(distinct case_id) from posko.deviation") == 2500
    assert (
        day.value(
            "select count(*) from posko.deviation d join posko.deviation_case c using (case_id) where d.subject_code <> c.subject_code"
        )
        == 0
    )
    with day.admin().connect() as db:
        assert replay.compare_with_tables(db) == []


def test_no_nik_gets_into_the_register(day):
    told = {
        "nomor": "3603054105830001",
        "kode": 1,
        "angka": 3603054105830001,
        "bagian": 0.3333333333333333,
        "semua": ["3603054105830001"],
    }
    sync(day, finding(evidence=told))

    hidden = {"nomor": "*" * 16, "kode": 1, "angka": "*" * 16, "bagian": 0.3333333333333333, "semua": ["*" * 16]}
    assert json.loads(day.value("select evidence from posko.deviation")) == hidden


@pytest.mark.parametrize(
    "found",
    [(finding(), finding()), (finding(code=""),), (finding(code="x" * 121),), (finding(kind="lebih dari dua belas"),)],
)
def test_a_rule_that_breaks_the_shape_writes_nothing(day, found):
    with pytest.raises(ValueError, match="DV-S06"):
        sync(day, finding(code="MET.3"), *found)

    assert day.value("select count(*) from posko.finding") == day.value("select count(*) from posko.deviation_run") == 0


def test_who_lost_the_lease_writes_nothing(day):
    def lost(_cursor):
        raise Refused("diambil alih")

    judged = Judged("uji", None, SEEN, bytes(32))
    with pytest.raises(Refused):
        day.desk(None).do(findings.sync, rule_id=RULE, found=[finding()], judged=judged, fence=lost)

    assert day.value("select count(*) from posko.finding") == 0


def test_nobody_but_the_system_writes_findings(day):
    judged = Judged("uji", None, SEEN, bytes(32))
    with pytest.raises(PermissionError):
        day.desk("SA1").do(findings.sync, rule_id=RULE, found=[], judged=judged)


def test_what_a_service_noted_gets_a_case_but_for_attempts_and_what_is_let_pass(day):
    noted = [
        ("DV-A12", "W", 0, "handoff"), ("DV-A12", "W", 0, "handoff"), ("DV-X01", "B", 1, "journey"), ("DV-A10", "W", 0, "session"),
        ("DV-I07", "W", 0, "journey"), ("DV-I09", "W", 0, "session"), ("DV-I07", "B", 0, "journey"), ("DV-S09", "I", 0, "session"),
    ]  # fmt: skip
    for number, (rule, severity, attempt, kind) in enumerate(noted):
        day.write(
            "insert into posko.deviation (rule_id, severity, mode, is_attempt, subject_kind, subject_code, evidence,"
            " evidence_sha256, occurred_at)"
            " values (:rule, :severity, 'D', :attempt, :kind, '7/TUK', '{}', unhex(sha2('{}', 256)), :at)",
            rule=rule, severity=severity, attempt=attempt, kind=kind, at=SEEN + dt.timedelta(minutes=number),
        )  # fmt: skip

    assert day.desk(None).do(findings.gather_noted) == 4
    cases = [row[0] for row in day.ask("select case_id from posko.deviation order by deviation_id")]
    assert [case is not None for case in cases] == [True, True, False, True, False, True, True, False]
    assert cases[0] == cases[1]
    assert len(set(cases) - {None}) == 4
    assert day.desk(None).do(findings.gather_noted) == 0
