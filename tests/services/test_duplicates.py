"""What the 1:N search found goes to people: deviation, case, hold, and a verdict of two who are not its subjects (§3.3; DV-I05, DV-I06)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import adjudication, cases, deviations, duplicates, holds, replay
from posko.services.duplicates import Match
from tests.support.decided import EVALUATED_ON, decided

pytestmark = pytest.mark.server


def match(kind: str = "TKI", person_id: str = "2", **more: object) -> Match:
    made = Match(
        own_template=11, own_finger=2, kind=kind, person_id=person_id, version=1, finger=7, template_id=22,  # type: ignore[arg-type]
        score=97, threshold=60, fingers=1, index_score=12.5, origin="INDEX", format="nbis-py/0.1.3",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def ask(world, kind="TKI", person_id="1", version=1) -> int:
    """Put a set into the queue, as its activation does; return its number."""
    world.write(
        "insert into posko_biometric.duplicate_search (person_kind, person_id, version, asked_at) values (:k, :p, :v, '2026-03-01')",
        k=kind, p=person_id, v=version,
    )  # fmt: skip
    return int(world.value("select max(search_id) from posko_biometric.duplicate_search"))


def record(world, *matches, **whose):
    return world.desk(None).do(duplicates.record, search_id=ask(world, **whose), matches=list(matches))


def judge(world, verdict="SAME", who="BN1", second="SA1", candidate_id=1):
    return world.desk(who).do(
        adjudication.judge,
        candidate_id=candidate_id,
        verdict=verdict,
        reason="susunan titik sama",
        second=world.second(second),
    )


@pytest.fixture
def found(world):
    world.add_tki("1", nama="NURUL KOMARIAH")
    world.add_tki("2", nama="SITI AMINAH")
    return record(world, match())


def test_a_pair_of_tki_is_one_deviation_in_an_open_case_on_both(world, found):
    assert found == {"new": 1, "cases": [1]}
    assert world.ask(
        "select rule_id, severity, mode, is_attempt, tki_id, subject_kind, subject_code, case_id from posko.deviation"
    ) == [("DV-I05", "H", "D", 0, "1", "tki", "2", 1)]
    assert world.ask("select subject_kind, subject_code from posko.case_subject order by 2") == [
        ("tki", "1"),
        ("tki", "2"),
    ]
    assert world.ask("select status, severity, holds_result, opened_by from posko.deviation_case") == [
        ("OPEN", "H", 1, "posko")
    ]
    assert world.ask(
        "select one_id, one_finger, other_id, other_finger, score, verdict from posko.duplicate_candidate"
    ) == [("1", 2, "2", 7, 97, None)]
    assert world.ask("select state, candidates from posko_biometric.duplicate_search") == [("DONE", 1)]


def test_the_results_of_both_tki_wait_until_the_case_is_closed(world):
    journeys = [decided(world, "1"), decided(world, "2")]
    world.at(EVALUATED_ON)
    record(world, match())

    with world.office.engine.connect() as db:
        assert set(holds.held_by_case(db, journeys)) == set(journeys)
    for step in ("triage", "review", "dismiss"):
        world.desk("BN1").do(getattr(cases, step), case_id=1, note=step)
    world.desk("BN1").do(cases.close, case_id=1, note="selesai", second=world.second("SA1"))
    with world.office.engine.connect() as db:
        assert holds.held_by_case(db, journeys) == {}


def test_the_frozen_evidence_holds_and_the_log_tells_the_same_case(world, found):
    record(world, match("TKI", "1", own_template=22, template_id=11, version=2), person_id="2", version=2)

    checked = world.desk("BN1").do(deviations.verify)

    assert (checked["altered"], checked["altered_cases"]) == ([], [])
    with world.admin().connect() as db:
        assert [each for each in replay.compare_with_tables(db) if each.sentence.startswith("Kasus")] == []


def test_the_same_pair_found_from_the_other_side_is_known(world, found):
    again = record(world, match("TKI", "1"), person_id="2")

    assert again == {"new": 0, "cases": []}
    assert world.value("select count(*) from posko.duplicate_candidate") == 1
    assert world.value("select count(*) from posko.deviation") == 1


def test_a_new_finger_of_the_same_pair_feeds_the_open_case_and_after_its_end_opens_another(world, found):
    assert record(world, match(), version=2) == {"new": 1, "cases": [1]}
    for step in ("triage", "review", "dismiss"):
        world.desk("BN1").do(getattr(cases, step), case_id=1, note=step)
    world.desk("BN1").do(cases.close, case_id=1, note="selesai", second=world.second("SA1"))

    assert record(world, match(), version=3) == {"new": 1, "cases": [2]}
    assert world.ask("select case_id, count(*) from posko.deviation group by case_id") == [(1, 2), (2, 1)]


@pytest.mark.parametrize("searched", ["TKI", "STAFF"])
def test_a_tki_with_the_finger_of_staff_breaks_its_own_rule_whichever_was_searched(world, searched):
    world.add_tki("5")
    if searched == "TKI":
        record(world, match("STAFF", "BN1"), person_id="5")
    else:
        record(world, match("TKI", "5"), kind="STAFF", person_id="BN1")

    assert world.ask("select rule_id, tki_id, subject_kind, subject_code from posko.deviation") == [
        ("DV-I06", "5", "staff", "BN1")
    ]
    assert world.ask("select subject_kind, subject_code from posko.case_subject order by 1") == [
        ("staff", "BN1"),
        ("tki", "5"),
    ]
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(cases.triage, case_id=1, note="saya sendiri")
    assert refused.value.code == "CASE_OWN"


def test_two_of_the_staff_with_one_finger_are_one_person_with_two_parts(world):
    record(world, match("STAFF", "LS1"), kind="STAFF", person_id="TU1")

    assert world.ask("select rule_id, tki_id from posko.deviation") == [("DV-N06", None)]


def test_nothing_found_is_recorded_too_and_refuses_nobody(world):
    world.add_tki("1")

    assert record(world) == {"new": 0, "cases": []}

    assert world.ask("select state, candidates from posko_biometric.duplicate_search") == [("DONE", 0)]
    assert world.events()[-1][:2] == ("duplicates.search", "duplicate")
    assert world.value("select count(*) from posko.deviation") == 0


def test_a_search_is_recorded_once(world, found):
    with pytest.raises(Refused) as refused:
        world.desk(None).do(duplicates.record, search_id=1, matches=[match(version=9)])

    assert refused.value.code == "CHANGED_MEANWHILE"
    assert world.value("select count(*) from posko.duplicate_candidate") == 1


def test_papers_lead_to_others_without_telling_the_nik(world):
    nik = "3603054105830001"
    world.add_tki("1", nama="SITI", no_ktp=nik)
    world.add_tki("2", nama="AMINAH", no_ktp=nik)
    world.add_tki("3", nama="SITI", no_ktp="3603054105830002")
    world.add_tki("4", nama="DEWI", no_ktp="")
    world.add_tki("5", nama="RINA", no_ktp="")

    with world.office.engine.connect() as db:
        found = duplicates.blocks(db, ["1", "4", "5", "not there"])

    assert found == {"1": {"2": "NIK", "3": "NAME"}, "4": {}, "5": {}}


def test_a_nik_that_hundreds_share_leads_to_some_of_them_only(world):
    for number in range(60):
        world.add_tki(str(100 + number), nama=f"TKI {number}", no_ktp="0")
    world.add_tki("1", nama="RINA", no_ktp="3603054105830001")
    world.add_tki("2", nama="DEWI", no_ktp="3603054105830001")

    with world.office.engine.connect() as db:
        found = duplicates.blocks(db, ["100", "1"])

    assert len(found["100"]) == duplicates.MOST_IN_BLOCK - 1
    assert found["1"] == {"2": "NIK"}


# verdicts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["SAME", "DIFFERENT"])
def test_two_persons_decide_and_what_they_decided_stays(world, found, verdict):
    assert judge(world, verdict)["verdict"] == verdict

    assert world.ask("select verdict, judged_by, seconded_by, judged_reason from posko.duplicate_candidate") == [
        (verdict, "BN1", "SA1", "susunan titik sama")
    ]
    assert "diputus" in world.value("select note from posko.case_note order by note_id desc limit 1")
    with pytest.raises(Refused) as refused:
        judge(world, "UNSURE")
    assert refused.value.code == "DUPLICATE_JUDGED"


def test_who_is_not_sure_leaves_it_to_others(world, found):
    judge(world, "UNSURE")
    assert [row["candidate_id"] for row in world.desk("BN2").do(adjudication.list_found)] == [1]

    judge(world, "DIFFERENT", "BN2", "SA2")

    assert world.desk("BN2").do(adjudication.list_found) == []
    assert [row["verdict"] for row in world.desk("BN2").do(adjudication.list_found, only_open=False)] == ["DIFFERENT"]


@pytest.mark.parametrize(
    ("who", "second", "code"),
    [
        ("BN1", "BN1", "SECOND_PERSON_SAME"),
        ("BN1", "AU1", "NotPermitted"),
        ("KO1", "BN1", "NotPermitted"),
        ("AU1", "BN1", "NotPermitted"),
        ("LS1", "BN1", "NotPermitted"),
    ],
)
def test_only_two_of_bnsp_and_super_administrator_decide(world, found, who, second, code):
    with pytest.raises(Refused) as refused:
        judge(world, "SAME", who, second)

    assert refused.value.code == code
    assert world.value("select verdict from posko.duplicate_candidate") is None


@pytest.mark.parametrize(("who", "second"), [("BN1", "SA1"), ("SA1", "BN1")])
def test_nobody_decides_on_her_own_finger_nor_looks_at_it(world, who, second):
    world.add_tki("5")
    record(world, match("STAFF", "BN1"), person_id="5")

    with pytest.raises(Refused) as refused:
        judge(world, "DIFFERENT", who, second)
    assert refused.value.code == "DUPLICATE_OWN"
    with pytest.raises(Refused) as refused:
        world.desk("BN1").do(adjudication.view, candidate_id=1)
    assert refused.value.code == "DUPLICATE_OWN"
    assert world.value("select verdict from posko.duplicate_candidate") is None


@pytest.mark.parametrize("verdict", ["YES", "", None, 1])
def test_a_verdict_is_one_of_three(world, found, verdict):
    with pytest.raises(Refused, match="Putusan"):
        judge(world, verdict)


def test_what_is_not_there_is_neither_seen_nor_decided(world):
    with pytest.raises(Refused) as unseen:
        world.desk("BN1").do(adjudication.view, candidate_id=4711)
    with pytest.raises(Refused) as undecided:
        judge(world, candidate_id=4711)

    assert unseen.value.code == undecided.value.code == "UNKNOWN_DUPLICATE"


def test_a_view_masks_the_names_and_is_recorded(world, found):
    seen = world.desk("AU1").do(adjudication.view, candidate_id=1)

    assert [(side["kind"], side["id"], side["name"]) for side in seen["sides"]] == [
        ("TKI", "1", "N*** K***"),
        ("TKI", "2", "S*** A***"),
    ]
    assert world.events()[-1] == ("duplicates.view", "duplicate", "1")
    with pytest.raises(NotPermitted):
        world.desk("TU1").do(adjudication.view, candidate_id=1)
