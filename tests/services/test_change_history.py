"""Who changed what on a TKI, when, before and after, told by the log and by the versions that staging keeps (R-001, R-021, R-131)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted
from posko.services import as_of, change_history, registration, undoing
from tests.support.preparation import WRONG, changes_nothing, place, refused, registered

pytestmark = pytest.mark.server


def changes(world, tki_id="100"):
    with world.admin().connect() as db:
        (journey,) = as_of.journey_at(db, tki_id)
    return change_history.changes_of(journey.as_dict()["history"])


def told(world, **place_of):
    return {"exam_on": "2026-03-09", "lsp_code": "LSP-1", "tuk_code": "TUK-1", "met_no": "MET.1", **place_of}


def test_a_place_a_payment_and_what_was_undone_are_told_as_before_and_after(world):
    (journey_id,) = registered(world, "100")
    desk = world.desk("KO1")
    desk.do(registration.set_payment, journey_id=journey_id, payment_status="LUNAS")
    place(world, journey_id)
    number = world.value("select allocation_id from posko.allocation")
    desk.do(undoing.undo_schedule, allocation_ids=[number], reason="Minta tanggal lain")
    place(world, journey_id, met_no="MET.2", tuk_code="TUK-2", reason="Lebih dekat")

    found = changes(world)

    assert [(one["what"], one["before"], one["after"], one["reason"]) for one in found] == [
        ("PAYMENT", "BELUM", "LUNAS", None),
        ("PLACE", None, told(world), None),
        ("PLACE", told(world), None, "Minta tanggal lain"),
        ("PLACE", None, told(world, tuk_code="TUK-2", met_no="MET.2"), "Lebih dekat"),
    ]
    assert {(one["actor"], one["role"]) for one in found} == {("KO1", "KONSORSIUM")}


def test_a_refused_change_and_a_payment_that_stays_are_no_changes(world):
    (journey_id,) = registered(world, "100")
    refused(world.desk("KO1"), registration.set_payment, journey_id=journey_id, payment_status="HUTANG")
    world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status="BELUM")

    assert changes(world) == []


def test_what_bnp2tki_corrected_is_told_field_by_field_with_the_nik_masked(world):
    world.add_tki("100", alamat="BARU", no_ktp="3603054105830002")
    columns = "id_tki, nama, alamat, no_ktp, batch_id, chunk_no, first_batch_id, row_crc"
    world.write(
        f"insert into posko_staging.tki_tlrt_history ({columns}, change_kind, replaced_by_batch_id, replaced_at)"
        " select id_tki, nama, 'LAMA', '3603054105830001', 1, 1, 1, 7, 'CORRECTED', 2, '2026-03-01 03:00' from posko_staging.tki_tlrt"
    )

    (change,) = world.desk("BN1").do(change_history.record_changes, tki_id="100")

    assert (change["at"], change["batch_id"], change["kind"]) == ("2026-03-01T03:00:00", 2, "CORRECTED")
    fields = {one["label"]: (one["before"], one["after"]) for one in change["fields"]}
    assert fields["Alamat"] == ("LAMA", "BARU")
    assert fields["Nomor KTP"] == ("************0001", "************0002")
    assert "Nama" not in fields


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
def test_only_who_may_read_the_log_reads_it(world, who):
    with pytest.raises(NotPermitted):
        world.desk(who).do(change_history.record_changes, tki_id="100")

    assert world.desk("AU1").do(change_history.record_changes, tki_id="100") == []


def test_wrong_input_is_refused_in_words(world):
    changes_nothing(world, [lambda v=v: world.desk("BN1").do(change_history.record_changes, tki_id=v) for v in WRONG])
