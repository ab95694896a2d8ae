"""What an LSP's pages ask, on a real server (§13.9-13.12)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import NotPermitted
from posko.services import decision, printing, screen_lsp
from tests.support.assessed import assessed, ids
from tests.support.decided import decided, number_of
from tests.support.preparation import WRONG, refused


def sessions(world, who="LS1", lsp="LSP-1", **asked):
    return world.desk(who).do(screen_lsp.undecided_sessions, lsp_code=lsp, **asked)


def certificates(world, **asked):
    return world.desk("LS1").do(screen_lsp.certificates, **{"lsp_code": "LSP-1", **asked})


def test_a_session_waits_until_it_is_decided_and_only_for_its_own_lsp(world):
    own = assessed(world, ids(3))
    assessed(world, ids(2, 9_100_001), lsp="LSP-2")

    seen = sessions(world)

    assert seen["total"] == 1
    assert [(row["session_id"], row["tki"], row["is_received"]) for row in seen["rows"]] == [(own, 3, True)]
    world.desk("LS1").do(decision.decide, session_id=own, sk_no="SK/1")
    assert sessions(world) == {"total": 0, "rows": []}
    assert sessions(world, "LS2", "LSP-2")["total"] == 1
    assert sessions(world, "SA1", None)["total"] == 1


def test_results_that_were_sent_but_not_taken_over_are_told_apart(world):
    number = assessed(world, ids(1))
    world.write("update posko.exam_session set status = 'SCORED' where session_id = :n", n=number)

    (row,) = sessions(world)["rows"]

    assert (row["is_received"], row["label"]) == (False, "SUDAH_DINILAI")


def test_certificates_come_newest_first_twenty_a_page_with_their_copies(world):
    made = [decided(world, tki_id) for tki_id in ids(22)]
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000002")
    newest = number_of(made[-1])
    world.desk("LS1").do(printing.print_certificate, certificate_no=newest, blank_no="BL000001")

    first, second = certificates(world), certificates(world, offset=20)

    assert [len(first["rows"]), first["total"], len(second["rows"]), second["total"]] == [20, 22, 2, 22]
    assert first["rows"][0]["certificate_no"] == newest
    assert [row["copies"] for row in first["rows"][:2]] == [1, 0]
    assert first["rows"][0]["printed_at"] == world.now
    assert certificates(world, printed=False)["total"] == 21
    assert [row["certificate_no"] for row in certificates(world, printed=True)["rows"]] == [newest]


def test_a_certificate_is_found_by_number_id_or_name_of_its_holder_within_the_own_lsp(world):
    own, _ = decided(world, "9000001"), decided(world, "9000002", name="SITI 100%_AMINAH")
    decided(world, "9000003", lsp="LSP-2", tuk="TUK-3", met="MET.3")

    assert [row["tki_id"] for row in certificates(world, search=number_of(own))["rows"]] == ["9000001"]
    assert [row["tki_id"] for row in certificates(world, search="9000002")["rows"]] == ["9000002"]
    assert certificates(world, search="9000003")["rows"] == []
    assert [row["tki_id"] for row in certificates(world, search="siti")["rows"]] == ["9000002"]
    assert [row["tki_id"] for row in certificates(world, search="100%_a")["rows"]] == ["9000002"]
    for nothing in ("' or '1'='1", "0%1", "100_", "!"):
        assert certificates(world, search=nothing)["rows"] == []


def test_certificates_are_filtered_by_standing_and_day_and_sorted_by_name(world):
    for tki_id, name in (("9000001", "BUDI"), ("9000002", "ANI"), ("9000003", "CICI")):
        decided(world, tki_id, name=name)
    world.write("update posko.certificate set status = 'REVOKED' where tki_id = '9000003'")
    (day,) = {row["certified_on"] for row in certificates(world)["rows"]}
    after = day + dt.timedelta(days=1)

    assert [row["full_name"] for row in certificates(world, order="full_name")["rows"]] == ["ANI", "BUDI", "CICI"]
    assert [row["full_name"] for row in certificates(world, order="-full_name")["rows"]] == ["CICI", "BUDI", "ANI"]
    assert [row["full_name"] for row in certificates(world, status="REVOKED")["rows"]] == ["CICI"]
    assert [certificates(world, since=one)["total"] for one in (day, after.isoformat())] == [3, 0]
    assert [certificates(world, until=one)["total"] for one in (day, day - dt.timedelta(days=1))] == [3, 0]


def test_sessions_that_wait_are_found_by_tuk_or_assessor_and_by_day(world):
    number = assessed(world, ids(1))
    (row,) = sessions(world)["rows"]

    for found in (row["tuk_name"].lower(), row["met_no"], str(number)):
        assert sessions(world, search=found)["total"] == 1
    assert sessions(world, search="TUK-9") == {"total": 0, "rows": []}
    assert sessions(world, since=row["exam_on"] + dt.timedelta(days=1))["total"] == 0
    assert sessions(world, until=row["exam_on"])["total"] == 1


def test_the_next_blank_is_the_lowest_free_one(world):
    assert world.desk("LS1").do(screen_lsp.next_blank, lsp_code="LSP-1") is None
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000003")
    world.desk("LS1").do(printing.spoil_blank, blank_no="BL000001", reason="Sobek")

    assert world.desk("LS1").do(screen_lsp.next_blank, lsp_code="LSP-1") == "BL000002"


def test_another_lsp_is_refused_and_noted_and_no_lsp_at_all_too(world):
    reads = (
        (screen_lsp.undecided_sessions, {}),
        (screen_lsp.certificates, {}),
        (screen_lsp.next_blank, {}),
    )
    for read, asked in reads:
        assert refused(world.desk("LS1"), read, lsp_code="LSP-2", **asked).rule == "DV-X04"
        for who in ("KO1", "TU1", "AS1", "BN1", "AU1"):
            with pytest.raises(NotPermitted):
                world.desk(who).do(read, lsp_code="LSP-1", **asked)
    assert refused(world.desk("LS1"), screen_lsp.certificates, lsp_code=None).rule == "DV-X04"


def test_wrong_values_are_refused_in_words(world):
    desk = world.desk("LS1")
    for value in WRONG:
        for read in (screen_lsp.undecided_sessions, screen_lsp.certificates):
            refused(desk, read, lsp_code="LSP-1", limit=value)
            refused(desk, read, lsp_code="LSP-1", offset=value)
            if value not in (None, "", "  "):
                refused(desk, read, lsp_code="LSP-1", search=value)
                refused(desk, read, lsp_code="LSP-1", since=value)
        refused(desk, screen_lsp.next_blank, lsp_code=value)
        if value is not None:
            refused(desk, screen_lsp.certificates, lsp_code="LSP-1", status=value)
        if value not in (None, ""):
            refused(desk, screen_lsp.certificates, lsp_code="LSP-1", order=value)
