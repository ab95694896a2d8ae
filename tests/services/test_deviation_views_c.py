"""What the services leave breaks no rule of certificates, publication and return; what is written past them does (requirements 7.6)."""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest

from apps.fraud.planting import Ground
from apps.fraud.rows_cx import deliver
from posko.services import certification, decision, printing, returns
from tests.support.assessed import assessed
from tests.support.decided import decided, deviation, publish, read_back, send_back
from tests.support.rule_views import RuleViews

pytestmark = pytest.mark.server

RULES = ("c01", "c02", "c03", "c05", "c06", "c09")
NUMBER = "PRT.1025.2026.000000{}"
FIRST, SECOND, THIRD = (NUMBER.format(place) for place in (1, 2, 3))


@pytest.fixture
def views(world) -> RuleViews:
    return RuleViews(world)


@pytest.fixture
def certified(world) -> int:
    """Three TKI whom the LSP decided, with their certificates, and one who did not pass; the session."""
    session = assessed(world, ["9811262", "9811263", "9811264", "9811265"], failed=["9811265"])
    world.desk("LS1").do(decision.decide, session_id=session, sk_no="SK-1")
    return session


def found(views: RuleViews, rule: str) -> dict[str, str]:
    """Return subject -> cause."""
    return {row["subject_code"]: json.loads(row["evidence"])["sebab"] for row in views.rows(rule)}


def alter(world, column: str, value: object, number: str = SECOND, table: str = "certificate") -> None:
    world.write(
        f"update posko.{table} set {column} = :value where journey_id = (select journey_id from posko.certificate"
        " where certificate_no = :number)" if table != "certificate"
        else f"update posko.certificate set {column} = :value where certificate_no = :number",
        value=value, number=number,
    )  # fmt: skip


def test_what_the_services_leave_breaks_no_rule(world, views, certified) -> None:
    bnsp, lsp = world.desk("BN1"), world.desk("LS1")
    bnsp.do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000009")
    for blank, number, reason in (("BL000001", FIRST, None), ("BL000002", FIRST, "Kertas sobek")):
        lsp.do(printing.print_certificate, certificate_no=number, blank_no=blank, reason=reason)
    publish(world)
    send_back(world)

    assert [rule for rule in RULES if views.rows(rule)] == []


def test_a_number_that_no_counter_gave_leaves_a_gap_behind_it(world, views, certified) -> None:
    alter(world, "certificate_no", "PRT.1025.2026.0000077")

    causes = found(views, "c01")

    assert causes == {
        "PRT.1025.2026.0000077": "nomor tidak pernah diberikan penghitung; nomor sebelumnya tidak ada",
        THIRD: "nomor sebelumnya tidak ada",
    }


def test_a_number_that_is_no_number_and_the_end_of_a_series_that_is_gone_are_told(world, views, certified) -> None:
    alter(world, "certificate_no", "SERTIFIKAT-BUATAN-001", THIRD)

    causes = found(views, "c01")

    assert causes["SERTIFIKAT-BUATAN-001"].startswith("bentuk nomor salah")
    assert causes["PRT.1025.2026"] == "nomor terakhir yang diberikan penghitung tidak ada"


def test_a_day_that_was_moved_names_its_certificate_and_not_the_neighbours(world, views, certified) -> None:
    alter(world, "certified_on", dt.date(2026, 3, 2))

    causes = found(views, "c01")

    assert causes == {SECOND: "nomor tidak urut dengan waktu; tanggal sertifikat bukan hari putusan"}
    assert found(views, "c05").keys() == {SECOND}


@pytest.mark.parametrize(
    ("table", "column", "value", "cause"),
    [
        ("certificate", "tki_id", "9999999", "ID TKI pada sertifikat bukan ID TKI peserta"),
        ("certificate", "scheme_code", "LAIN", "skema pada sertifikat bukan skema ujinya"),
    ],
)
def test_a_certificate_that_was_written_over_is_named(world, views, certified, table, column, value, cause) -> None:
    alter(world, column, value, table=table)

    assert found(views, "c02") == {SECOND: cause}


def test_two_certificates_in_force_that_evade_the_key_name_both(world, views) -> None:
    first = decided(world, "100")
    world.write("update posko.journey set status = 'CLOSED' where journey_id = :id", id=first)
    world.write("update posko.certificate set scheme_code = 'TLRT2'")
    decided(world, "100")

    causes = [cause for cause in found(views, "c02").values() if "dua sertifikat yang berlaku" in cause]

    assert len(causes) == 2


@pytest.mark.parametrize("column", ["valid_until", "secure_code_digest", "sk_no"])
def test_a_row_that_was_rewritten_no_longer_has_its_hash(world, views, certified, column) -> None:
    value = {"valid_until": dt.date(2036, 3, 10), "secure_code_digest": bytes(16), "sk_no": "SK-2"}[column]
    alter(world, column, value, table="decision" if column == "sk_no" else "certificate")

    (row,) = views.rows("c05")

    assert (row["subject_code"], row["tki_id"]) == (SECOND, "9811263")


def test_what_a_service_noticed_is_not_found_again(world, views, certified) -> None:
    alter(world, "valid_until", dt.date(2036, 3, 10))
    assert len(views.rows("c05")) == 1

    world.desk("LS1").do(certification.certificates, session_id=certified)

    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-C05'") == 1
    assert views.rows("c05") == []


def test_copies_without_a_reason_and_blanks_without_a_copy_are_told(world, views, certified) -> None:
    desk = world.desk("BN1")
    desk.do(printing.issue_blanks, lsp_code="LSP-1", first="BL000001", last="BL000009")
    desk.do(printing.issue_blanks, lsp_code="LSP-2", first="BM000001", last="BM000009")
    world.desk("LS1").do(printing.print_certificate, certificate_no=FIRST, blank_no="BL000001")
    copy = (
        "insert into posko.print_event (certificate_id, copy_no, blank_no, reason, printed_at, printed_by)"
        " select certificate_id, :copy, :blank, :reason, '2026-03-11', 'LS1' from posko.certificate where certificate_no = :number"
    )
    world.write(copy, copy=2, blank="BM000001", reason=" ", number=FIRST)
    world.write("update posko.blank set state = 'USED' where blank_no = 'BL000005'")

    causes = {row["finding_key"]: json.loads(row["evidence"])["sebab"] for row in views.rows("c03")}

    assert causes == {
        "cetakan 2": "cetak ulang tanpa alasan; blangko milik LSP lain; blangko tidak tercatat terpakai",
        "blangko BL000005": "blangko terpakai tanpa cetakan yang tercatat",
    }


@pytest.mark.parametrize(
    ("column", "value", "cause"),
    [
        ("published_at", "2026-03-12 00:00:00", "tayang sebelum risalah rapat ditutup"),
        ("result", "BELUM", "isi tayang berbeda dari putusan"),
        ("tested_on", "2026-03-01", "isi tayang berbeda dari putusan"),
        ("masked_name", "NURUL KOMARIAH", "nama atau nomor KTP tidak disamarkan"),
        ("masked_name", "N*** 3603054105830001", "nama atau nomor KTP tidak disamarkan"),
    ],
)
def test_what_is_shown_otherwise_than_decided_is_named(world, views, certified, column, value, cause) -> None:
    publish(world)
    alter(world, column, value, table="publication")

    assert found(views, "c06") == {"9811263": cause}


def test_what_the_meeting_held_back_and_is_shown_is_named(world, views, certified) -> None:
    publish(world)
    assert views.rows("c06") == []

    world.write("update posko.meeting_item set finding = 'HOLD', reason = 'Ditahan' where journey_id = 1")

    (cause,) = found(views, "c06").values()
    assert cause == "rapat tidak meloloskan hasil ini"


def test_a_result_that_nobody_read_back_in_time_is_found_until_somebody_does(world, views, certified) -> None:
    publish(world)
    number = send_back(world)
    assert len(views.rows("c07")) == 4

    world.at(dt.date(2026, 4, 1))
    world.desk(None).do(returns.acknowledge, return_batch_id=number, read_back=read_back(world, "9811262"))

    assert views.rows("c07") == []
    assert world.value("select count(*) from posko.deviation where rule_id = 'DV-C07'") == 3


def delivered(world, tki_id: str, **columns: object) -> None:
    with world.admin().begin() as db:
        deliver(Ground(db, random.Random(1)), tki_id, **columns)


def test_bnp2tki_changes_who_a_tki_is_after_the_decision_until_it_takes_that_back(world, views, certified) -> None:
    world.write(
        "insert into posko_staging.receive_batch (mode, state, fence, source_name, started_at, finished_at)"
        " values ('initial', 'DONE', 1, 'uji', '2026-03-01', '2026-03-01')"
    )
    world.add_tki("9811262")
    delivered(world, "9811262", no_telepon="021-555")
    assert views.rows("c09") == []

    delivered(world, "9811262", nama="LAIN", tempat_lahir="LAIN")
    (row,) = views.rows("c09")
    assert (row["subject_code"], json.loads(row["evidence"])["kolom"]) == ("9811262", "nama, tempat lahir")

    delivered(world, "9811262", nama="TKI 9811262", tempat_lahir="Tangerang ")
    assert views.rows("c09") == []


def test_sign_ins_that_stay_below_the_lock_are_found_and_what_the_lock_stopped_is_not(world, views) -> None:
    attempts = [("ST-1", f"N{place}", place) for place in range(8)] + [("ST-2", "AS1", place) for place in range(10)]
    attempts += [("ST-3", f"M{place}", place) for place in range(7)] + [("ST-0", "AS2", place) for place in range(10)]
    for station, number, hour in attempts:
        world.write(
            "insert into posko.login_attempt (attempted_at, id_as_typed, station_code, outcome)"
            " values ('2026-03-09' + interval :hour hour, :number, :station, 'NO_MATCH')",
            hour=hour, number=number, station=station,
        )  # fmt: skip
    deviation(world, rule="DV-X02", mode="P", subject_kind="staff", subject_code="AS2", occurred_at="2026-03-09 05:00")

    kept = {(row["subject_kind"], row["subject_code"]) for row in views.rows("x02")}

    assert kept == {("station", "ST-1"), ("staff", "AS1")}
