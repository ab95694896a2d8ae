"""The hand-off ledger names exactly the TKI who was dropped, doubled or altered, on every hop (F08, R-182; requirements 8.3 no. 1)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from posko.db.snapshot import snapshot
from posko.domain.handoff import Hop
from posko.services import ledger, ledger_rules
from tests.conftest import empty_posko
from tests.support.way import second_round, whole_way
from tests.support.world import World

pytestmark = pytest.mark.server

FATES = {
    "100": "K", "101": "K", "102": "BK", "103": "ABSENT", "104": "IMPOSTOR", "105": "HELD", "106": "OPEN", "107": "WAITING",
    "108": "FILTERED", "109": "K", "110": "FIXED", "111": "BK",
}  # fmt: skip
"""103 comes at her second attempt, 102 passes at a retake, the certificate of 109 is revoked and returned again."""
VICTIM = "100"
LINE = "from posko.handoff_line where hop = :hop and tki_id = '100'"
DELIVERED = ("BNP2TKI_TO_RELAY", "RELAY_TO_BNSP", "BNSP_TO_KONSORSIUM")
ALLOCATED = ("KONSORSIUM_TO_BNSP", "BNSP_BACK_TO_KONSORSIUM", "BNSP_TO_LSP", "BNSP_TO_TUK")
RETURNED = ("BNSP_TO_RELAY", "RELAY_TO_BNP2TKI")
SESSION = "(select session_id from posko.exam_session where tuk_code = 'TUK-2' limit 1)"
JOURNEY = "(select journey_id from posko.journey where tki_id = '100')"

ASSESSMENT = f"(select assessment_id from posko.assessment where journey_id = {JOURNEY})"


@pytest.fixture(scope="module")
def walked(posko, settings):
    """A world in which everybody went as far as her fate let her; nobody writes to it after that."""
    empty_posko(posko)
    world = World(posko, settings)
    world.fill()
    whole_way(world, FATES)
    second_round(world, again="103", retake="102", revoked="109")
    yield world
    world.close()


@pytest.fixture
def tampered(walked):
    """Check the ledger after statements of an attacker with the administrator's connection, and undo them."""

    def check(*statements, **values):
        with walked.admin().connect() as db:
            db.exec_driver_sql("set foreign_key_checks = 0")
            for statement in statements:
                assert db.execute(sa.text(statement), values if ":hop" in statement else {}).rowcount > 0, statement
            report = ledger.check(db)
            db.rollback()
            db.exec_driver_sql("set foreign_key_checks = 1")
        return report

    return check


def named_at(report):
    return {problem.hop for problem in report.problems if problem.tki_id == VICTIM}


def test_a_whole_way_closes_to_zero_unexplained(walked, tampered):
    report = tampered()

    assert report.problems == []
    assert report.is_clean
    assert report.totals.unexplained == 0
    assert report.totals.by_state == {
        "HELD_BACK": 1,
        "SENT_TO_KONSORSIUM": 1,
        "TURNED_AWAY_NO_MATCH": 1,
        "ON_HOLD": 1,
        "SENT_TO_BNP2TKI": 1,
        "CLOSED_CERTIFIED": 6,
        "CLOSED_NOT_PASSED": 1,
    }
    assert sum(report.totals.by_state.values()) == len(FATES) == report.totals.staged
    assert report.totals.by_batch == {
        1: {
            "lulus": 6,
            "tidak lulus": 1,
            "tidak hadir": 0,
            "ditolak TUK": 1,
            "ditolak filter": 1,
            "karantina": 0,
            "tanpa keterangan": 0,
            "di jalan": 3,
        }
    }
    assert all(hop.sent == hop.received + hop.in_transit for hop in report.hops)
    assert all(hop.received == hop.loaded + hop.rejected > 0 for hop in report.hops)


@pytest.mark.parametrize("hop", Hop)
def test_a_dropped_line_names_the_tki(tampered, hop):
    report = tampered(f"delete {LINE}", hop=hop.value)

    assert report.named == [VICTIM]
    assert hop.value in named_at(report)
    assert ledger_rules.DROPPED in {problem.kind for problem in report.problems}


@pytest.mark.parametrize("hop", Hop)
def test_a_dropped_batch_names_all_its_tki(walked, tampered, hop):
    batch_id, *_ = min(walked.ask(f"select batch_id {LINE}", hop=hop.value))
    inside = {row for (row,) in walked.ask("select tki_id from posko.handoff_line where batch_id = :b", b=batch_id)}

    report = tampered(
        f"delete from posko.handoff_line where batch_id = {batch_id}",
        f"delete from posko.handoff_batch where batch_id = {batch_id}",
    )

    assert set(report.named) == inside
    assert any(
        problem.tki_id is None and "tidak ada lagi dalam buku" in problem.sentence for problem in report.problems
    )


@pytest.mark.parametrize("hop", Hop)
def test_a_doubled_line_names_the_tki(tampered, hop):
    report = tampered(
        "insert into posko.handoff_batch (batch_id, hop, sender, receiver, row_count, rows_sha256, sent_at)"
        f" select 9999, hop, 'BNSP', 'BNSP', 1, row_hash, utc_timestamp() {LINE} limit 1",
        "insert into posko.handoff_line (batch_id, tki_id, hop, journey_id, attempt_no, version, row_hash, status)"
        f" select 9999, tki_id, hop, journey_id, attempt_no, version, row_hash, 'SENT' {LINE} limit 1",
        hop=hop.value,
    )

    assert report.named == [VICTIM]
    assert ledger_rules.DOUBLED in {problem.kind for problem in report.problems if problem.hop == hop.value}


@pytest.mark.parametrize("hop", Hop)
@pytest.mark.parametrize(
    "change",
    [
        "row_hash = repeat('x', 32)",
        "received_hash = repeat('x', 32)",
        "received_hash = null",
        "row_hash = repeat('x', 32), received_hash = repeat('x', 32)",
        "tki_id = 'X'",
        "status = 'SENT'",
        "hop = 'X'",
    ],
)
def test_an_altered_line_names_the_tki(tampered, hop, change):
    report = tampered(f"update posko.handoff_line set {change} where hop = :hop and tki_id = '100'", hop=hop.value)

    assert report.named == [VICTIM]
    assert hop.value in named_at(report)


@pytest.mark.parametrize(
    ("statement", "hops"),
    [
        ("update posko_staging.tki_tlrt set nama = 'LAIN' where id_tki = '100'", DELIVERED),
        ("update posko_staging.tki_tlrt set alamat = null where id_tki = '100'", DELIVERED),
        ("update posko.candidate set full_name = 'LAIN' where tki_id = '100'", ALLOCATED),
        ("update posko.candidate set born_on = '1999-01-01' where tki_id = '100'", ALLOCATED),
        (f"update posko.allocation set reason = 'titipan' where journey_id = {JOURNEY}", ALLOCATED),
        (f"update posko.allocation set session_id = {SESSION} where journey_id = {JOURNEY}", ALLOCATED),
        (f"update posko.assessment set result = 'BK' where journey_id = {JOURNEY}", ("TUK_TO_LSP",)),
        (f"update posko.score_item set result = 'BK' where assessment_id = {ASSESSMENT} limit 1", ("TUK_TO_LSP",)),
        (f"update posko.decision set sk_no = 'SK/PALSU' where journey_id = {JOURNEY}", ("LSP_TO_BNSP",)),
        (
            "update posko.certificate set certificate_no = 'PRT.1025.2026.9999999' where tki_id = '100'",
            ("LSP_TO_BNSP",),
        ),
        ("update posko.certificate set secure_code_digest = repeat('x', 16) where tki_id = '100'", ("LSP_TO_BNSP",)),
        ("update posko.return_line set certificate_no = 'PRT.1025.2026.9999999' where tki_id = '100'", RETURNED),
        ("update posko.return_line set result = 'BELUM' where tki_id = '100'", RETURNED),
        ("delete from posko_staging.tki_tlrt where id_tki = '100'", DELIVERED),
        ("delete from posko.candidate where tki_id = '100'", ALLOCATED),
        (f"delete from posko.allocation where journey_id = {JOURNEY}", ALLOCATED),
        (f"delete from posko.assessment where journey_id = {JOURNEY}", ("TUK_TO_LSP",)),
        (f"delete from posko.decision where journey_id = {JOURNEY}", ("LSP_TO_BNSP",)),
        ("delete from posko.certificate where tki_id = '100'", ("LSP_TO_BNSP",)),
        ("delete from posko.return_line where tki_id = '100'", RETURNED),
        ("delete from posko.journey where tki_id = '100'", tuple(Hop)),
    ],
)
def test_an_altered_or_dropped_row_names_the_tki_on_its_hops(tampered, statement, hops):
    report = tampered(statement)

    assert report.named == [VICTIM]
    assert named_at(report) >= set(hops)


def test_a_forged_line_row_and_batch_that_agree_are_betrayed_by_the_log(walked, tampered):
    ((batch_id, count),) = walked.ask(f"select batch_id, count(*) {LINE} group by batch_id", hop="LSP_TO_BNSP")
    assert count == 1
    report = tampered(f"update posko.handoff_batch set rows_sha256 = repeat('x', 32) where batch_id = {batch_id}")

    assert report.named == []
    assert any("lain dari yang dicatat log audit" in problem.sentence for problem in report.problems)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update posko.handoff_batch set row_count = row_count + 1 limit 1", "jumlah barisnya tidak cocok"),
        (
            "update posko.handoff_batch set received_count = 0 where received_count > 0 limit 1",
            "jumlah barisnya tidak cocok",
        ),
        (
            "update posko.handoff_batch set rejected_count = 1 where rejected_count = 0 limit 1",
            "jumlah barisnya tidak cocok",
        ),
        ("update posko.handoff_batch set rows_sha256 = repeat('x', 32) limit 1", "bukan sidik baris-barisnya"),
        ("update posko.handoff_batch set received_sha256 = repeat('x', 32) limit 1", "bukan sidik baris-barisnya"),
        ("update posko.handoff_batch set hop = 'X' limit 1", "jalur tidak dikenal 'X'"),
    ],
)
def test_an_altered_batch_is_named(tampered, statement, words):
    report = tampered(statement)

    assert report.named == []
    assert any(words in problem.sentence for problem in report.problems)


def test_a_dropped_correction_or_second_version_names_the_tki(tampered):
    correction = tampered("delete from posko.handoff_line where tki_id = '110' and hop = 'TUK_TO_LSP' and version = 2")
    revoked = tampered("delete from posko.handoff_line where tki_id = '109' and hop = 'BNSP_TO_RELAY' and version = 2")
    first = tampered(
        "update posko.handoff_line set status = 'SENT', received_hash = null where tki_id = '110' and hop = 'TUK_TO_LSP' and version = 1"
    )
    second_try = tampered(
        "delete from posko.handoff_line where tki_id = '103' and hop = 'BNSP_TO_TUK' and attempt_no = 1"
    )

    assert [one.named for one in (correction, revoked, second_try, first)] == [["110"], ["109"], ["103"], ["110"]]


def test_a_jump_of_the_state_leaves_hops_without_a_line(tampered):
    report = tampered("update posko.journey set status = 'CLOSED' where tki_id = '104'")

    assert report.named == ["104"]
    dropped = {problem.hop for problem in report.problems if problem.kind == ledger_rules.DROPPED}
    assert dropped >= {"TUK_TO_LSP", "LSP_TO_BNSP", "BNSP_TO_RELAY", "RELAY_TO_BNP2TKI"}


def test_a_line_ahead_of_the_state_is_unfounded(tampered):
    report = tampered("update posko.journey set status = 'REGISTERED' where tki_id = '100'")

    assert report.named == [VICTIM]
    assert ledger_rules.UNFOUNDED in {problem.kind for problem in report.problems}


def test_a_state_beyond_an_unloaded_batch_is_not_taken_over(tampered):
    report = tampered(
        "update posko.handoff_line set status = 'SENT', received_hash = null"
        " where batch_id = (select batch_id from posko.distribution where receiver_code = 'TUK-1' limit 1)"
    )

    kinds = {(problem.kind, problem.tki_id) for problem in report.problems}
    assert (ledger_rules.NOT_TAKEN_OVER, VICTIM) in kinds


def test_a_tki_in_the_part_of_another_tuk_is_named(tampered):
    report = tampered(
        "update posko.distribution set receiver_code = 'TUK-3' where receiver_kind = 'TUK' and batch_id ="
        " (select batch_id from posko.handoff_line where hop = 'BNSP_TO_TUK' and tki_id = '103' and attempt_no = 2)"
    )

    assert report.named == ["102", "103"]
    assert {problem.kind for problem in report.problems} == {ledger_rules.WRONG_PLACE}


def test_whoever_bnp2tki_withdrew_is_told_apart(walked, tampered):
    report = tampered("delete from posko_staging.tki_tlrt where id_tki = '100'")

    assert report.totals.withdrawn == 1
    assert report.totals.unexplained == 0


def test_too_many_of_a_kind_are_counted_and_not_all_named(walked, tampered, monkeypatch):
    monkeypatch.setattr(ledger_rules, "MOST_NAMED", 3)

    report = tampered("delete from posko.handoff_line where hop = 'BNSP_TO_KONSORSIUM'")

    assert len(report.named) == 3
    assert [problem.kind for problem in report.problems if "lebih dari 3" in problem.sentence] == ["MORE"]


def test_pages_do_not_change_the_verdict(tampered, monkeypatch):
    monkeypatch.setattr("posko.services.ledger_lines.PAGE", 2)

    assert tampered().problems == []
    assert tampered(f"update posko.decision set sk_no = 'X' where journey_id = {JOURNEY}").named == [VICTIM]


def test_the_check_writes_nothing(walked):
    with snapshot(walked.admin()) as db, pytest.raises(sa.exc.DBAPIError, match="READ ONLY"):
        db.execute(sa.text("update posko.journey set attempt_no = 2"))
