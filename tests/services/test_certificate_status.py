"""Suspension, reinstatement, revocation (§3.5; R-186)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import IllegalMove, NotPermitted, Refused
from posko.services import certificate_status, decision
from tests.support.assessed import assessed, ids, sums

pytestmark = pytest.mark.server

NUMBER = "PRT.1025.2026.0000001"
ACTS = {
    "suspend": certificate_status.suspend,
    "reinstate": certificate_status.reinstate,
    "revoke": certificate_status.revoke,
}


@pytest.fixture
def certified(world):
    """One certificate of LSP-1."""
    world.desk("LS1").do(decision.decide, session_id=assessed(world, ids(1)), sk_no="SK-1")
    return world


def do(world, name, who="BN1", second="SA1", **more):
    asked = {"certificate_no": NUMBER, "reason": "pengawasan", "decree_no": "SK-7", **more}
    return world.desk(who).do(ACTS[name], second=second and world.second(second), **asked)


def stands(world):
    return world.ask(
        "select c.status, j.is_suspended, j.is_revoked, j.status from posko.certificate as c join posko.journey as j using (journey_id)"
    )[0]


@pytest.mark.parametrize(
    ("way", "end"),
    [
        (["suspend"], ("SUSPENDED", 1, 0, "RESULT_SENT")),
        (["suspend", "reinstate"], ("VALID", 0, 0, "RESULT_SENT")),
        (["suspend", "reinstate", "suspend"], ("SUSPENDED", 1, 0, "RESULT_SENT")),
        (["revoke"], ("REVOKED", 0, 1, "RESULT_SENT")),
        (["suspend", "revoke"], ("REVOKED", 1, 1, "RESULT_SENT")),
    ],
)
def test_certificate_and_journey_stand_where_the_acts_led(certified, way, end):
    for name in way:
        do(certified, name)

    assert stands(certified) == end


@pytest.mark.parametrize(
    ("way", "name"),
    [
        ([], "reinstate"),
        (["suspend"], "suspend"),
        (["revoke"], "suspend"),
        (["revoke"], "reinstate"),
        (["revoke"], "revoke"),
        (["suspend", "revoke"], "reinstate"),
    ],
)
def test_a_status_that_does_not_follow_is_refused_and_changes_nothing(certified, way, name):
    for before in way:
        do(certified, before)
    before = sums(certified)

    with pytest.raises(Refused) as refused:
        do(certified, name)

    assert refused.value.code == "STATUS_STANDS"
    assert sums(certified) == before


def test_each_change_stands_in_the_log_with_reason_and_both_persons(certified):
    do(certified, "revoke", reason="nilai dipalsukan")

    actor, key, payload = certified.ask(
        "select actor_id, entity_key, payload from posko_audit.audit_event where action = 'certificate.revoke'"
    )[0]
    assert (actor, key) == ("BN1", "9000001/TLRT/1")
    assert '"reason":"nilai dipalsukan"' in payload
    assert '"second":"SA1"' in payload
    assert certified.ask("select status_reason from posko.certificate") == [("nilai dipalsukan",)]


@pytest.mark.parametrize("name", ["revoke", "reinstate"])
@pytest.mark.parametrize(
    ("second", "code"),
    [
        (None, "SECOND_PERSON_MISSING"),
        ("BN1", "SECOND_PERSON_SAME"),
        ("LS1", "NotPermitted"),
        ("XX9", "SECOND_PERSON_UNKNOWN"),
    ],
)
def test_revoking_and_reinstating_need_a_second_person_with_the_right(certified, name, second, code):
    do(certified, "suspend")
    before = sums(certified)

    with pytest.raises(Refused) as refused:
        do(certified, name, second=second)

    assert refused.value.code == code
    assert sums(certified) == before


def test_the_own_lsp_suspends_alone_but_neither_revokes_nor_reinstates(certified):
    do(certified, "suspend", who="LS1", second=None)

    for name in ("revoke", "reinstate"):
        with pytest.raises(NotPermitted):
            do(certified, name, who="LS1")
    assert stands(certified)[0] == "SUSPENDED"


@pytest.mark.parametrize("name", list(ACTS))
@pytest.mark.parametrize("who", ["LS2", "KO1", "TU1", "AS1", "AU1"])
def test_nobody_else_may(certified, name, who):
    before = sums(certified)

    with pytest.raises(NotPermitted):
        do(certified, name, who=who)

    assert sums(certified) == before


@pytest.mark.parametrize("name", list(ACTS))
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"certificate_no": "PRT.1025.2026.0000009"}, "UNKNOWN_CERTIFICATE"),
        ({"certificate_no": "bukan nomor"}, "UNKNOWN_CERTIFICATE"),
        ({"certificate_no": None}, "TEXT_EMPTY"),
        ({"certificate_no": "x" * 10_000_000}, "TEXT_TOO_LONG"),
        ({"reason": None}, "TEXT_EMPTY"),
        ({"reason": " "}, "TEXT_EMPTY"),
        ({"reason": "a\x07"}, "TEXT_CONTROL"),
        ({"reason": "a" * 501}, "TEXT_TOO_LONG"),
        ({"reason": "NIK 3603054105830001"}, "LOOKS_LIKE_NIK"),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(certified, name, asked, code):
    before = sums(certified)

    with pytest.raises(Refused) as refused:
        do(certified, name, **asked)

    assert refused.value.code == code
    assert sums(certified) == before


def test_a_journey_before_its_certificate_takes_no_side_state(certified):
    certified.write("update posko.journey set status = 'ASSESSED'")

    with pytest.raises(IllegalMove):
        do(certified, "suspend")

    assert stands(certified)[0] == "VALID"


# decree, history, remarks, what was seen -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["revoke", "reinstate"])
@pytest.mark.parametrize(
    ("decree", "code"),
    [(None, "TEXT_EMPTY"), (" ", "TEXT_EMPTY"), ("S" * 101, "TEXT_TOO_LONG"), ("a\x07", "TEXT_CONTROL")],
)
def test_revoking_and_reinstating_need_a_decree(certified, name, decree, code):
    do(certified, "suspend")
    before = sums(certified)

    with pytest.raises(Refused) as refused:
        do(certified, name, decree_no=decree)

    assert refused.value.code == code
    assert sums(certified) == before


@pytest.mark.parametrize("decree", [None, "", "SK-9"])
def test_who_must_suspend_at_once_may_write_the_decree_later(certified, decree):
    do(certified, "suspend", decree_no=decree)

    assert certified.ask("select status_to, decree_no from posko.certificate_note") == [("SUSPENDED", decree or None)]


def test_every_change_stays_with_reason_decree_and_both_persons(certified):
    do(certified, "suspend", who="LS1", second=None, reason="Laporan", decree_no=None)
    do(certified, "revoke", reason="Terbukti")

    assert certified.ask(
        "select status_from, status_to, note, decree_no, noted_by, noted_role, seconded_by from posko.certificate_note order by note_id"
    ) == [
        ("VALID", "SUSPENDED", "Laporan", None, "LS1", "LSP", None),
        ("SUSPENDED", "REVOKED", "Terbukti", "SK-7", "BN1", "BNSP", "SA1"),
    ]


def test_what_was_changed_since_it_was_seen_is_not_changed_again_unseen(certified):
    seen = certified.value("select status_at from posko.certificate").isoformat()
    certified.now += dt.timedelta(minutes=1)
    do(certified, "suspend")
    now = certified.value("select status_at from posko.certificate").isoformat()

    with pytest.raises(Refused) as refused:
        do(certified, "revoke", seen=seen)
    assert refused.value.code == "CHANGED_MEANWHILE"
    assert do(certified, "revoke", seen=now)["status"] == "REVOKED"


@pytest.mark.parametrize("who", ["LS1", "BN1", "SA1"])
def test_the_lsp_that_issued_it_and_those_who_decide_may_remark(certified, who):
    certified.desk(who).do(certificate_status.remark, certificate_no=NUMBER, note="Sudah kami periksa")

    assert certified.ask("select status_to, note, noted_by from posko.certificate_note") == [
        (None, "Sudah kami periksa", who)
    ]
    assert stands(certified)[0] == "VALID"


@pytest.mark.parametrize("who", ["LS2", "TU1", "KO1", "AS1", "AU1"])
def test_others_do_not_remark(certified, who):
    with pytest.raises(NotPermitted):
        certified.desk(who).do(certificate_status.remark, certificate_no=NUMBER, note="Ingin tahu")

    assert certified.value("select count(*) from posko.certificate_note") == 0
