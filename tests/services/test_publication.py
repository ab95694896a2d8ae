"""Results of both kinds go public after the minutes, with the least data, in versions (§14.1; R-160, R-161, R-188, X1, DV-C06)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import cases, evaluation, publication, returns
from tests.support.decided import EVALUATED_ON, decided, deviation, evaluate, number_of, publish, revoke

pytestmark = pytest.mark.server
FORBIDDEN = (
    "NURUL",
    "KOMARIAH",
    "DAUD",
    "TINGGULUH",
    "0812345678",
    "nurul@example",
    "1983-05-01",
    "C680C6",
    "3603054105830001",
)
SHOWN = {
    *("tki_id", "masked_name", "result", "lsp_code", "tuk_code", "tested_on", "certificate_no", "certificate_status"),
    *("version", "published_at"),
}


def public(world):
    return world.office.desk(Principal(Role.PUBLIC))


def search(world, text):
    return public(world).do(publication.search, text=text)


def test_who_passed_and_who_did_not_are_both_published(world):
    first, _second = decided(world, "9811262"), decided(world, "9811263", result="BK")
    meeting_id = evaluate(world)

    assert world.desk(None).do(publication.publish, meeting_id=meeting_id) == {"published": 2}

    (passed,), (failed,) = search(world, "9811262"), search(world, "9811263")
    assert (passed["result"], passed["certificate_no"], passed["masked_name"]) == (
        "KOMPETEN",
        number_of(first),
        "N*** K*** B*** D***",
    )
    assert (failed["result"], failed["certificate_no"], failed["certificate_status"]) == ("BELUM", None, None)
    assert search(world, number_of(first)) == [passed]
    assert [world.status(tki) for tki in ("9811262", "9811263")] == ["PUBLISHED", "PUBLISHED"]


@pytest.mark.parametrize("who", [None, "BN1", "SA1"])
def test_nothing_is_published_before_the_minutes_are_closed(world, who):
    decided(world, "1")
    world.at(EVALUATED_ON)
    meeting_id = world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    what = publication.publish if who is None else publication.start

    with pytest.raises(Refused) as refused:
        world.desk(who).do(what, meeting_id=meeting_id)

    assert (refused.value.code, refused.value.rule) == ("MINUTES_OPEN", "DV-C06")
    assert world.ask("select rule_id, mode, severity from posko.deviation") == [("DV-C06", "P", "B")]
    assert world.value("select count(*) from posko.publication") == 0
    assert world.status("1") == "RESULT_SENT"


def test_the_server_itself_keeps_the_gate(world):
    journey_id = decided(world, "1")
    world.at(EVALUATED_ON)
    meeting_id = world.desk("BN1").do(evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta")
    row = (
        "insert into posko.publication (journey_id, meeting_id, meeting_state, version, tki_id, masked_name, result, lsp_code,"
        f" tuk_code, tested_on, published_at) values ({journey_id}, {meeting_id}, '%s', 1, '1', 'N***', 'KOMPETEN', 'LSP-1',"
        " 'TUK-1', '2026-03-09', '2026-03-16')"
    )

    for state in ("CLOSED", "OPEN"):
        with world.office.engine.begin() as db, pytest.raises((sa.exc.IntegrityError, sa.exc.OperationalError)):
            db.exec_driver_sql(row % state)

    assert world.value("select count(*) from posko.publication") == 0


def test_bnsp_may_start_what_the_system_does(world):
    decided(world, "1")
    meeting_id = evaluate(world)

    assert world.desk("BN1").do(publication.start, meeting_id=meeting_id) == {"published": 1}
    assert world.desk("SA1").do(publication.start, meeting_id=meeting_id) == {"published": 0}


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_nobody_else_starts_it(world, who):
    decided(world, "1")
    meeting_id = evaluate(world)

    with pytest.raises(Refused):
        world.desk(who).do(publication.start, meeting_id=meeting_id)

    assert world.status("1") == "EVALUATED"


def test_nothing_of_what_goes_out_names_more_than_it_must(world):
    ids = [decided(world, "1"), decided(world, "2", result="BK")]
    publish(world)
    made = world.desk(None).do(returns.make_return)

    out = [search(world, text) for text in ("1", "2", *(number_of(key) for key in ids))]
    with world.admin().connect() as db:
        tables = [
            [dict(row) for row in db.execute(sa.text(f"select * from posko.{table}")).mappings()]
            for table in ("publication", "return_line", "return_batch")
        ]

    assert {name for found in out for row in found for name in row} == SHOWN
    told = json.dumps([out, tables, made], default=str)
    assert [secret for secret in FORBIDDEN if secret.lower() in told.lower()] == []
    columns = {name for table in tables for row in table for name in row}
    assert not {
        name
        for name in columns
        if any(word in name for word in ("secure", "ktp", "nik", "address", "phone", "religion"))
    }


def test_a_revocation_is_a_new_version_and_the_earlier_one_stays(world):
    journey_id = decided(world, "1")
    publish(world)
    assert world.desk(None).do(publication.refresh) == {"published": 0}
    revoke(world, journey_id)

    assert world.desk(None).do(publication.refresh) == {"published": 1}
    assert world.desk(None).do(publication.refresh) == {"published": 0}

    (row,) = search(world, "1")
    assert (row["version"], row["certificate_status"]) == (2, "REVOKED")
    assert world.ask("select version, certificate_status from posko.publication order by version") == [
        (1, "VALID"),
        (2, "REVOKED"),
    ]


def test_a_suspension_and_its_end_are_versions_too(world):
    journey_id = decided(world, "1")
    publish(world)
    for status in ("SUSPENDED", "VALID"):
        revoke(world, journey_id, status)
        world.desk(None).do(publication.refresh)

    (row,) = search(world, "1")
    assert (row["version"], row["certificate_status"]) == (3, "VALID")


def test_a_case_opened_after_the_meeting_still_keeps_the_result_back(world):
    journey_id = decided(world, "1")
    decided(world, "2")
    meeting_id = evaluate(world)
    found = deviation(world, journey_id)
    bnsp = world.desk("BN1")
    case_id = bnsp.do(cases.open_case, deviation_ids=[found], title="Putusan")

    assert world.desk(None).do(publication.publish, meeting_id=meeting_id) == {"published": 1}
    assert world.status("1") == "EVALUATED"
    for step in (cases.triage, cases.review, cases.dismiss):
        bnsp.do(step, case_id=case_id, note="Diperiksa")
    bnsp.do(cases.close, case_id=case_id, note="Selesai", second=world.second("BN2"))
    assert world.desk(None).do(publication.publish, meeting_id=meeting_id) == {"published": 1}
    assert world.status("1") == "PUBLISHED"


@pytest.mark.parametrize(
    "tamper",
    [
        "update posko.decision set result = 'BK', asesor_result = 'BK'",
        "delete from posko.certificate",
        "delete c, d from posko.certificate c join posko.decision d on d.decision_id = c.decision_id",
    ],
)
def test_a_result_that_does_not_fit_its_decision_is_not_published(world, tamper):
    decided(world, "1")
    meeting_id = evaluate(world)
    with world.admin().begin() as db:
        db.exec_driver_sql("set foreign_key_checks = 0")
        db.exec_driver_sql(tamper)

    with pytest.raises(Refused) as refused:
        world.desk(None).do(publication.publish, meeting_id=meeting_id)

    assert (refused.value.code, refused.value.rule) == ("RESULT_DIFFERS", "DV-C06")
    assert world.value("select count(*) from posko.publication") == 0


def test_eight_at_once_publish_each_result_once(world):
    for number in range(10):
        decided(world, str(number + 1))
    meeting_id = evaluate(world)

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _n: world.desk(None).do(publication.publish, meeting_id=meeting_id)["published"], range(8))
        )

    assert sorted(answers) == [0] * 7 + [10]
    assert world.value("select count(*) from posko.publication") == 10


def test_eight_refreshes_at_once_make_one_version(world):
    journey_id = decided(world, "1")
    publish(world)
    revoke(world, journey_id)

    def refresh(_number):
        try:
            return world.desk(None).do(publication.refresh)["published"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(refresh, range(8)))

    assert world.value("select max(version) from posko.publication") == 2


def test_every_search_is_recorded_without_who_searched(world):
    search(world, "404")

    assert world.events() == [("publication.search", "publication", "404")]
    assert world.value("select actor_id from posko_audit.audit_event") == "umum"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        9811262,
        "NURUL KOMARIAH",
        "%",
        "98112%",
        "3603054105830001",
        "1' or '1'='1",
        "x" * 10_000_000,
        "1\x00",
        "ü",
    ],
)
def test_only_an_id_or_a_number_can_be_searched(world, text):
    with pytest.raises(Refused) as refused:
        search(world, text)

    assert refused.value.code == "SEARCH_BY_NUMBER"
    assert len(world.events("refused")) == 1


@pytest.mark.parametrize(
    ("meeting_id", "code"), [(99, "UNKNOWN_MEETING"), ("1", "NOT_A_NUMBER"), (None, "NOT_A_NUMBER")]
)
def test_an_unknown_meeting_publishes_nothing(world, meeting_id, code):
    for who, what in ((None, publication.publish), ("BN1", publication.start)):
        with pytest.raises(Refused) as refused:
            world.desk(who).do(what, meeting_id=meeting_id)
        assert refused.value.code == code
