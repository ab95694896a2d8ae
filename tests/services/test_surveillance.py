"""The weekly sample: committed to, drawn once, by risk; visits recorded; the seed revealed and the sample drawn again (§4.2; R-190)."""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256

import pytest

from apps.fraud.small_world import START
from posko.domain.sampling import draw
from posko.services import cases, deviation_register, surveillance, surveillance_views
from posko.services.office import act
from tests.support.preparation import refused

pytestmark = pytest.mark.server
MONDAY = START.date()
NEXT = MONDAY + dt.timedelta(days=7)


@act("test.surveillance_found", None)
def _found(tx, *, rule_id, kind, code, session_id=None):
    tx.permit()
    tx.record("test", "deviation", {})
    return deviation_register.note(
        tx, rule_id, {"uji": 1}, mode="D", subject_kind=kind, subject_code=code, session_id=session_id
    )


def sessions(world, count=12, *, first=NEXT, start=1):
    """Make sessions on the five working days of a week, at three TUK in turn."""
    for number in range(start, start + count):
        place = number % 3 + 1
        lsp = 2 if place == 3 else 1
        day = first + dt.timedelta(days=number % 5)
        world.write(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at,"
            f" made_by) values ({number}, 'TUK-{place}', 'LSP-{lsp}', 'TLRT', '{day}', {number}, 'MET.{place}', 'PLANNED',"
            " '2026-03-01', 'KO1')"
        )


def drawn(world, week=NEXT, who="BN1"):
    return world.desk(who).do(surveillance.draw, week=week)


def few(world, visits=4):
    world.write(
        "insert into posko.parameter values ('surveillance_visits', '2026-01-01', :n, 'uji', 'BN1', 'SA1', '2026-01-01')",
        n=str(visits),
    )


def visit(world, session_id, outcome="CONFORMS", note="Sesuai pedoman", **more):
    return world.desk("BN1").do(surveillance.record_visit, session_id=session_id, outcome=outcome, note=note, **more)


def parts(world):
    return {
        number: json.loads(text) for number, text in world.ask("select session_id, parts from posko.surveillance_frame")
    }


def test_a_week_is_drawn_from_all_its_sessions_and_the_next_seed_is_promised(world):
    sessions(world)
    sessions(world, 3, first=NEXT + dt.timedelta(days=7), start=50)
    few(world)

    made = drawn(world)

    assert made["sessions"] == 12
    assert len(made["picked"]) == 4
    frame = world.ask("select session_id, weight, is_picked from posko.surveillance_frame order by session_id")
    assert [number for number, _, is_picked in frame if is_picked] == made["picked"]
    promised = world.ask("select week_on, hex(seed_sha256) from posko.surveillance_commitment order by week_on")
    assert [day for day, _ in promised] == [NEXT, NEXT + dt.timedelta(days=7)]
    assert promised[0][1].lower() == made["seed_sha256"]
    assert [key for action, _, key in world.events() if action == "surveillance.draw"] == [
        NEXT.isoformat(), NEXT.isoformat(), (NEXT + dt.timedelta(days=7)).isoformat()
    ]  # fmt: skip


def test_the_seed_stands_nowhere_before_it_is_revealed(world):
    sessions(world, 3)
    drawn(world)
    key = world.office.keys["surveillance-seed"]
    seed = surveillance.hmac.digest(key, f"surveilans|{NEXT.isoformat()}".encode(), "sha256")
    named = (
        "select table_schema, table_name from information_schema.tables where table_schema in ('posko', 'posko_audit')"
    )
    tables = [".".join(row) for row in world.ask(named)]
    values = {value for table in tables for row in world.ask(f"select * from {table}") for value in row}

    written = [value.hex() if isinstance(value, bytes) else str(value).lower() for value in values]
    assert len(tables) > 60
    assert [value for value in written if seed.hex() in value] == []
    assert sum(sha256(seed).hexdigest() in value for value in written) >= 2
    assert refused(world.desk("BN1"), surveillance.reveal, week=NEXT).code == "SAMPLE_SEED_KEPT"


def test_a_week_is_drawn_once_and_nobody_can_draw_until_it_suits(world):
    sessions(world)
    first = drawn(world)

    assert refused(world.desk("BN2"), surveillance.draw, week=NEXT + dt.timedelta(days=3)).code == "SAMPLE_DRAWN"
    assert world.value("select count(*) from posko.surveillance_draw") == 1
    assert {row["session_id"] for row in sample(world)["rows"]} == set(first["picked"])


@pytest.mark.parametrize(
    ("week", "code"),
    [
        (MONDAY - dt.timedelta(days=1), "WEEK_OVER"),
        (NEXT + dt.timedelta(days=7), "WEEK_FAR"),
        (MONDAY, "SAMPLE_EMPTY"),
        (None, "NOT_A_DATE"),
    ],
)
def test_a_week_that_is_over_far_or_empty_is_not_drawn(world, week, code):
    sessions(world, 3)

    assert refused(world.desk("BN1"), surveillance.draw, week=week).code == code
    assert world.value("select count(*) from posko.surveillance_commitment") == 0


def test_of_a_running_week_only_what_is_to_come_is_drawn(world):
    sessions(world, 10, first=MONDAY)
    world.at(MONDAY + dt.timedelta(days=2))

    assert drawn(world, MONDAY)["sessions"] == 6


def test_findings_cases_and_years_without_a_visit_weigh(world):
    sessions(world)
    system = world.desk(None)
    system.do(_found, rule_id="DV-S06", kind="tuk", code="TUK-2")
    system.do(_found, rule_id="DV-T01", kind="asesor", code="MET.3")
    on_session = system.do(_found, rule_id="DV-N03", kind="session", code="1", session_id=1)
    world.desk("BN1").do(cases.open_case, deviation_ids=[on_session], title="Nilai seragam")

    drawn(world)

    found = parts(world)
    assert found[3] == {"base": 100, "unvisited": 130}
    assert found[2] == {"base": 100, "unvisited": 130, "statistic": 80}
    # Session 1 is at TUK-2 with MET.2: the finding on the TUK, and the one on the session for the TUK and for the assessor.
    assert found[1] == {"base": 100, "unvisited": 130, "finding": 60, "case": 120}
    weights = dict(world.ask("select session_id, weight from posko.surveillance_frame"))
    assert weights == {number: sum(part.values()) for number, part in found.items()}


def test_what_a_case_dismissed_weighs_nothing(world):
    sessions(world)
    number = world.desk(None).do(_found, rule_id="DV-S06", kind="tuk", code="TUK-2")
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[number], title="Sesi pendek")
    for step in (cases.triage, cases.review, cases.dismiss):
        world.desk("BN1").do(step, case_id=case_id, note="Diperiksa")
    world.desk("BN1").do(cases.close, case_id=case_id, note="Selesai", second=world.second("SA1"))

    drawn(world)

    assert all("finding" not in part and "case" not in part for part in parts(world).values())


def test_a_visit_counts_for_its_tuk(world):
    sessions(world, 3, first=MONDAY)
    sessions(world, start=20)
    world.at(MONDAY + dt.timedelta(days=6))
    visit(world, 1)

    drawn(world)

    by_tuk = {tuk: json.loads(text) for tuk, text in world.ask("select tuk_code, parts from posko.surveillance_frame")}
    assert by_tuk["TUK-2"] == {"base": 100}
    assert by_tuk["TUK-1"] == {"base": 100, "unvisited": 130}


def sample(world, who="AU1", **more):
    return world.desk(who).do(surveillance_views.sample, week=NEXT, **more)


def test_when_all_visits_are_recorded_the_seed_is_revealed_and_draws_the_same(world):
    sessions(world)
    few(world)
    picked = drawn(world)["picked"]
    world.at(NEXT + dt.timedelta(days=6))
    for number in picked[:-1]:
        visit(world, number)
    assert refused(world.desk("BN1"), surveillance.reveal, week=NEXT).code == "SAMPLE_SEED_KEPT"
    visit(world, picked[-1], "NOT_VISITED", "Tim sakit")

    told = world.desk("BN1").do(surveillance.reveal, week=NEXT)

    assert told["is_same"] is True
    assert sha256(bytes.fromhex(told["seed"])).hexdigest() == told["seed_sha256"]
    weights = dict(world.ask("select session_id, weight from posko.surveillance_frame"))
    assert draw(weights, 4, bytes.fromhex(told["seed"])) == picked
    assert world.desk("BN2").do(surveillance.reveal, week=NEXT) == told
    (week, _) = reversed(world.desk("AU1").do(surveillance_views.weeks)["weeks"])
    assert (week["seed"], week["visits"], week["picked"]) == (told["seed"], 4, 4)


@pytest.mark.parametrize(
    "sql",
    [
        "update posko.surveillance_frame set weight = weight + 1 limit 1",
        "update posko.surveillance_frame set is_picked = 1 - is_picked",
        "update posko.surveillance_commitment set seed_sha256 = repeat('x', 32)",
        "update posko.surveillance_draw set wanted = 1",
    ],
)
def test_a_sample_that_was_changed_past_the_application_shows_at_the_reveal(world, sql):
    sessions(world)
    few(world)
    picked = drawn(world)["picked"]
    world.at(NEXT + dt.timedelta(days=6))
    for number in {*picked, *range(1, 13)}:
        visit(world, number)
    world.write(sql)

    assert world.desk("BN1").do(surveillance.reveal, week=NEXT)["is_same"] is False

    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-X05' and subject_kind = 'system'") == 1


def test_a_visit_may_open_a_deviation(world):
    sessions(world)
    drawn(world)
    world.at(NEXT + dt.timedelta(days=6))

    seen = visit(world, 1, "DEVIATES", "Asesor menilai tanpa melihat", rule_id="DV-N03")
    gone = visit(world, 2, "NOT_HELD", "Gedung terkunci")

    rows = world.ask(
        "select deviation_id, rule_id, mode, session_id, evidence from posko.deviation order by deviation_id"
    )
    assert [row[:4] for row in rows] == [
        (seen["deviation_id"], "DV-N03", "D", 1),
        (gone["deviation_id"], "DV-S08", "D", 2),
    ]
    assert json.loads(rows[0][4])["uraian"] == "Asesor menilai tanpa melihat"
    assert {row["outcome"] for row in sample(world, is_picked=False)["rows"]} == {"DEVIATES", "NOT_HELD", None}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"session_id": 99}, "UNKNOWN_SESSION"),
        ({"session_id": 4}, "VISIT_AHEAD"),
        ({"outcome": "DEVIATES"}, "VISIT_RULE"),
        ({"rule_id": "DV-N03"}, "VISIT_NO_RULE"),
        ({"outcome": "DEVIATES", "rule_id": "DV-Z99"}, "NOT_IN_LIST"),
        ({"outcome": "BAIK"}, "NOT_IN_LIST"),
        ({"note": " "}, "TEXT_EMPTY"),
        ({"note": "NIK 3603054105830001"}, "LOOKS_LIKE_NIK"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_and_writes_nothing(world, asked, code):
    sessions(world)
    world.at(NEXT)
    right = {"session_id": 5, "outcome": "CONFORMS", "note": "Sesuai"}

    assert refused(world.desk("BN1"), surveillance.record_visit, **{**right, **asked}).code == code
    assert world.value("select count(*) from posko.surveillance_visit") == 0
    visit(world, 5)
    assert refused(world.desk("BN1"), surveillance.record_visit, **right).code == "VISIT_RECORDED"


def test_coverage_names_what_nobody_looked_at(world):
    sessions(world, 2, first=MONDAY)
    world.write("update posko.exam_session set opened_at = '2026-03-03', status = 'OPEN' where session_id = 1")
    world.write("insert into posko.tuk values ('TUK-9', 'TUK 9', 'Kota', 20, '2025-01-01', '2025-12-31')")
    world.at(MONDAY + dt.timedelta(days=6))

    found = world.desk("AU1").do(surveillance_views.coverage)

    assert {row["tuk_code"]: row["mark"] for row in found["rows"]} == {
        "TUK-1": "EMPTY",
        "TUK-2": "UNVISITED",
        "TUK-3": "SILENT",
    }
    assert found["outside"] == 2
    visit(world, 1)
    assert (
        next(row for row in world.desk("BN1").do(surveillance_views.coverage)["rows"] if row["tuk_code"] == "TUK-2")[
            "mark"
        ]
        == "SEEN"
    )


def test_who_can_be_visited_reads_nothing_and_the_auditor_draws_nothing(world):
    sessions(world)
    for who in ("KO1", "LS1", "TU1", "AS1"):
        for what in (surveillance_views.weeks, surveillance_views.coverage):
            assert "tidak berhak" in str(refused(world.desk(who), what))
        assert "tidak berhak" in str(refused(world.desk(who), surveillance_views.sample, week=NEXT))
    assert "tidak berhak" in str(refused(world.desk("AU1"), surveillance.draw, week=NEXT))
