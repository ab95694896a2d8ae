"""The anti-patterns of certificates seen elsewhere, each shown not to be here (requirements 12.2, numbers 1, 7 and 8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from posko.domain.errors import Refused
from posko.domain.roles import Principal, Role
from posko.services import certificate_status, certification, decision, printing, verification
from tests.support.assessed import assessed, ids

pytestmark = pytest.mark.server


def decide(world, session_id):
    return world.desk("LS1").do(decision.decide, session_id=session_id, sk_no="SK-1")


def test_anti_pattern_1_numbers_are_not_counted_rows(world):
    """50 issues at once and an attempt to delete between them: no number twice, none used again, no issue fails."""
    sessions = [assessed(world, [tki_id]) for tki_id in ids(51)]
    decide(world, sessions[0])
    engine = world.server.engine("posko_app", "posko")
    with pytest.raises(sa.exc.DBAPIError, match="denied"), engine.begin() as db:
        db.exec_driver_sql("delete from posko.certificate")
    engine.dispose()
    # Even when the owner of the database deletes the row, its number does not come again.
    world.write("delete from posko.certificate")

    with ThreadPoolExecutor(25) as pool:
        done = list(pool.map(lambda session: decide(world, session), sessions[1:]))

    made = sorted(row["certificate_no"] for one in done for row in one["certified"])
    assert made == [f"PRT.1025.2026.{serial:07d}" for serial in range(2, 52)]


def test_anti_pattern_7_a_revoked_certificate_is_revoked_everywhere(world):
    session = assessed(world, ids(1))
    decide(world, session)
    (row,) = world.desk("LS1").do(certification.certificates, session_id=session)
    world.desk("BN1").do(
        certificate_status.revoke,
        certificate_no=row["certificate_no"],
        reason="nilai dipalsukan",
        decree_no="SK-7",
        second=world.second("SA1"),
    )
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-1", first="BL1", last="BL2")

    asked = {"certificate_no": row["certificate_no"], "secure_code": row["secure_code"]}
    for desk in (world.office.desk(Principal(Role.PUBLIC)), world.desk("LS1"), world.desk("BN1")):
        assert desk.do(verification.verify, **asked)["verdict"] == "REVOKED"
    assert world.desk("LS1").do(certification.certificates, session_id=session)[0]["status"] == "REVOKED"
    assert world.ask("select is_revoked from posko.journey") == [(1,)]
    with pytest.raises(Refused) as refused:
        world.desk("LS1").do(printing.print_certificate, certificate_no=row["certificate_no"], blank_no="BL1")
    assert refused.value.code == "NOT_PRINTABLE"


def test_anti_pattern_8_a_decision_sent_twice_or_two_at_once_gives_one_certificate(world):
    first, second = assessed(world, ids(1)), assessed(world, ids(1, 9_100_001))

    answers = [world.desk("LS1").once("sk-1").do(decision.decide, session_id=first, sk_no="SK-1") for _ in range(2)]

    def at_once(_):
        return world.desk("LS1").once("sk-2").do(decision.decide, session_id=second, sk_no="SK-1")

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(at_once, range(8)))

    assert answers[0] == answers[1]
    assert all(answer == together[0] for answer in together)
    assert world.ask("select count(*), count(distinct tki_id), max(certificate_no) from posko.certificate") == [
        (2, 2, "PRT.1025.2026.0000002")
    ]
    assert world.value("select count(*) from posko.decision") == 2
    assert world.value("select count(*) from posko.handoff_batch") == 2
