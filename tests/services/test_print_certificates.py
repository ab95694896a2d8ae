"""What a printed sheet gets from the database: counted copies alone, by who counted them, on that day (§13.12; R-138, DV-C03, DV-C05)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.certificate_batch import blanks_from, print_batch, set_again
from exports.certificate_keys import public_keys_in
from exports.certificate_verify import Verdict, verify_file
from posko.domain.errors import BadInput, NotPermitted, Refused
from posko.domain.roles import Principal, Role
from posko.services import certificate_status, certification, decision, print_certificates, printing, verification
from tests.support.assessed import DECIDE_ON, assessed, ids, sums

pytestmark = pytest.mark.server

FIRST, SECOND, THIRD = (f"PRT.1025.2026.000000{n}" for n in (1, 2, 3))


@pytest.fixture
def ready(world):
    """Three certificates of LSP-1 with ten blanks."""
    session = assessed(world, ids(3))
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000010")
    return world


def count(world, number=FIRST, blank="BL000001", who="LS1", **more):
    return world.desk(who).do(printing.print_certificate, certificate_no=number, blank_no=blank, **more)


def sheets(world, *numbers, who="LS1", lsp="LSP-1"):
    return world.desk(who).do(print_certificates.sheets, lsp_code=lsp, certificate_nos=list(numbers or (FIRST,)))


def code_of(world, number):
    rows = world.desk("LS1").do(certification.certificates, lsp_code="LSP-1")
    return next(row["secure_code"] for row in rows if row["certificate_no"] == number)


def test_a_sheet_holds_what_is_printed_of_the_last_copy(ready):
    count(ready)
    count(ready, blank="BL000002", reason="rusak")

    (sheet,) = sheets(ready)

    assert sheet == {
        "certificate_no": FIRST, "secure_code": code_of(ready, FIRST), "tki_id": "9000001",
        "full_name": sheet["full_name"], "birth_place": sheet["birth_place"], "born_on": sheet["born_on"],
        "scheme_code": "TLRT", "lsp_code": "LSP-1", "lsp_name": "LSP 1", "licence_no": "BNSP-LSP-001-ID", "sk_no": "SK-1",
        "certified_on": "2026-03-10", "valid_until": "2029-03-10", "copy_no": 2, "blank_no": "BL000002",
        "units": [["TLRT.01", "Unit TLRT.01"], ["TLRT.02", "Unit TLRT.02"], ["TLRT.03", "Unit TLRT.03"]],
    }  # fmt: skip
    assert ("certificate.sheets", "certificate", FIRST) in ready.events()


def test_units_of_another_time_are_not_on_the_sheet(ready):
    ready.write("update posko.scheme_unit set valid_until = '2026-03-08' where unit_code = 'TLRT.01'")
    ready.write("update posko.scheme_unit set valid_from = '2026-03-10' where unit_code = 'TLRT.02'")
    count(ready)

    assert sheets(ready)[0]["units"] == [["TLRT.03", "Unit TLRT.03"]]


def test_sheets_come_in_the_order_asked(ready):
    count(ready)
    count(ready, SECOND, "BL000002")

    assert [row["certificate_no"] for row in sheets(ready, SECOND, FIRST)] == [SECOND, FIRST]


def _uncounted(world):
    pass


def _suspended(world):
    count(world)
    world.desk("LS1").do(certificate_status.suspend, certificate_no=FIRST, reason="diperiksa")


def _yesterday(world):
    count(world)
    world.at(DECIDE_ON + dt.timedelta(days=1))


def _somebody_elses(world):
    count(world, who="LS1")
    world.write("update posko.print_event set printed_by = 'LS9'")


def _altered(world):
    count(world)
    world.write("update posko.certificate set valid_until = '2036-03-10' where certificate_no = :n", n=FIRST)


def _code_moved(world):
    count(world)
    world.write(
        "update posko.certificate c join posko.certificate d on d.certificate_no = :o"
        " set c.secure_code_cipher = d.secure_code_cipher where c.certificate_no = :n",
        n=FIRST,
        o=SECOND,
    )


@pytest.mark.parametrize(
    ("prepare", "asked", "code", "rule"),
    [
        (_uncounted, [FIRST], "COPY_NOT_TODAYS", None),
        (_suspended, [FIRST], "NOT_PRINTABLE", None),
        (_yesterday, [FIRST], "COPY_NOT_TODAYS", None),
        (_somebody_elses, [FIRST], "COPY_NOT_TODAYS", None),
        (_altered, [FIRST], "CERTIFICATE_ALTERED", "DV-C05"),
        (_code_moved, [FIRST], "CERTIFICATE_ALTERED", "DV-C05"),
        (count, [FIRST, SECOND], "COPY_NOT_TODAYS", None),
        (count, ["PRT.1025.2026.0000009"], "UNKNOWN_CERTIFICATE", None),
        (count, ["x' or 1=1 -- "], "UNKNOWN_CERTIFICATE", None),
        (count, [FIRST, FIRST], "LIST_DOUBLE", None),
        (count, [], "LIST_EMPTY", None),
        (count, ["P" * 1_000_000], "TEXT_TOO_LONG", None),
        (count, ["<script>\n"], "UNKNOWN_CERTIFICATE", None),
        (count, [None], "TEXT_EMPTY", None),
        (count, "PRT", "NOT_A_LIST", None),
    ],
)
def test_a_sheet_that_may_not_be_made_is_refused_and_changes_nothing(ready, prepare, asked, code, rule):
    prepare(ready)
    before = sums(ready)

    with pytest.raises(Refused) as refused:
        ready.desk("LS1").do(print_certificates.sheets, lsp_code="LSP-1", certificate_nos=asked)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert sums(ready) == before


def test_another_lsps_certificate_is_unknown_to_an_lsp(ready):
    count(ready)

    with pytest.raises(Refused) as refused:
        sheets(ready, who="LS2", lsp="LSP-2")

    assert refused.value.code == "UNKNOWN_CERTIFICATE"


@pytest.mark.parametrize("who", ["LS2", "KO1", "TU1", "AS1", "BN1", "AU1", "SA1"])
def test_nobody_but_the_own_lsp_gets_sheets_or_lists(ready, who):
    count(ready)
    for what, more in (
        (print_certificates.sheets, {"certificate_nos": [FIRST]}),
        (print_certificates.unprinted, {}),
        (print_certificates.counted_today, {}),
    ):
        with pytest.raises(NotPermitted):
            ready.desk(who).do(what, lsp_code="LSP-1", **more)


def test_lists_tell_what_is_unprinted_and_what_was_counted_today(ready):
    desk = ready.desk("LS1")
    count(ready, SECOND, "BL000005")
    count(ready, FIRST, "BL000006")

    assert desk.do(print_certificates.unprinted, lsp_code="LSP-1") == [THIRD]
    assert desk.do(print_certificates.unprinted, lsp_code="LSP-1", session_id=99) == []
    assert desk.do(print_certificates.counted_today, lsp_code="LSP-1") == [SECOND, FIRST]
    ready.at(DECIDE_ON + dt.timedelta(days=1))
    assert desk.do(print_certificates.counted_today, lsp_code="LSP-1") == []


def test_a_batch_counts_each_copy_once_and_its_file_verifies(ready, settings):
    desk = ready.desk("LS1")
    heard = []

    (part,) = print_batch(
        desk, settings, lsp_code="LSP-1", numbers=[FIRST, SECOND, THIRD], first_blank="BL000003", told=heard.append
    )
    (again,) = set_again(desk, settings, lsp_code="LSP-1", numbers=[FIRST, SECOND, THIRD])

    assert ready.ask("select copy_no, blank_no from posko.print_event order by certificate_id") == [
        (1, "BL000003"), (1, "BL000004"), (1, "BL000005"),
    ]  # fmt: skip
    assert again.pdf == part.pdf
    assert heard == [1, 1, 1]
    answers = verify_file(part.pdf, public_keys_in(settings.secrets), today=DECIDE_ON)
    assert [(one.verdict, one.claim.certificate_no) for one in answers] == [
        (Verdict.UNCHECKED, number) for number in (FIRST, SECOND, THIRD)
    ]


def test_a_batch_that_meets_a_used_blank_stops_there(ready, settings):
    count(ready, THIRD, "BL000002")

    with pytest.raises(Refused) as refused:
        list(
            print_batch(ready.desk("LS1"), settings, lsp_code="LSP-1", numbers=[FIRST, SECOND], first_blank="BL000001")
        )

    assert refused.value.code == "BLANK_NOT_FREE"
    assert ready.desk("LS1").do(print_certificates.counted_today, lsp_code="LSP-1") == [FIRST, THIRD]


@pytest.mark.parametrize("first", ["", "000001", "bl000001", "BL", "BL99", "BL\u0660\u0661", "BL000001; drop table"])
def test_blanks_that_cannot_be_counted_on_are_refused(first):
    with pytest.raises(BadInput):
        blanks_from(first, 2)


def test_blanks_are_counted_on_from_the_first():
    assert blanks_from("BL000009", 3) == ["BL000009", "BL000010", "BL000011"]


def test_the_status_list_names_suspended_and_revoked_numbers_alone(ready):
    ready.desk("LS1").do(certificate_status.suspend, certificate_no=FIRST, reason="diperiksa")
    ready.desk("BN1").do(
        certificate_status.revoke,
        certificate_no=SECOND,
        reason="palsu",
        decree_no="SK-CABUT-1",
        second=ready.second("SA1"),
    )

    found = ready.desk(None).do(print_certificates.not_in_force)

    assert found == {"made_at": "2026-03-10T02:00:00", "entries": {FIRST: "SUSPENDED", SECOND: "REVOKED"}}


def signed(world, **other):
    said = {
        "certificate_no": FIRST, "tki_id": "9000001", "lsp_code": "LSP-1", "certified_on": "2026-03-10",
        "valid_until": "2029-03-10", **other,
    }  # fmt: skip
    return world.desk("AU1").do(verification.verify_signed, **said)


def test_a_signed_code_is_worth_what_the_row_says_today(ready):
    assert signed(ready)["verdict"] == "VALID"
    ready.desk("LS1").do(certificate_status.suspend, certificate_no=FIRST, reason="diperiksa")
    assert signed(ready)["verdict"] == "SUSPENDED"
    ready.desk("BN1").do(
        certificate_status.revoke,
        certificate_no=FIRST,
        reason="palsu",
        decree_no="SK-CABUT-1",
        second=ready.second("SA1"),
    )
    assert signed(ready)["verdict"] == "REVOKED"


@pytest.mark.parametrize(
    "other",
    [
        {"certificate_no": "PRT.1025.2026.0000009"}, {"certificate_no": "none"}, {"tki_id": "9000002"}, {"lsp_code": "LSP-2"},
        {"certified_on": "2026-03-11"}, {"valid_until": "2030-03-10"},
    ],
)  # fmt: skip
def test_a_signed_code_that_says_something_else_than_the_row_is_unknown(ready, other):
    assert signed(ready, **other) == {"verdict": "UNKNOWN"}


def test_wrong_tries_with_signed_codes_are_few_too(ready):
    public = ready.office.desk(Principal(Role.PUBLIC), place=ready.desk("AU1").place)
    said = {"certificate_no": FIRST, "tki_id": "1", "lsp_code": "LSP-1", "certified_on": "2026-03-10"}
    for _ in range(5):
        public.do(verification.verify_signed, **said, valid_until="2029-03-10")

    with pytest.raises(Refused) as refused:
        public.do(verification.verify_signed, **said, valid_until="2029-03-10")

    assert refused.value.code == "TOO_MANY_TRIES"


def test_a_row_that_was_altered_is_vouched_for_by_nobody(ready):
    _altered(ready)

    assert signed(ready, valid_until="2036-03-10") == {"verdict": "UNKNOWN"}
    assert ready.value("select count(*) from posko.deviation where rule_id = 'DV-C05'") == 1
