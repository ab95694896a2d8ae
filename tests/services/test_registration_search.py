"""The search for a TKI: the record of Gambar 5, masked, within the own scope, and every look recorded (§12.5, Gambar 4-5; R-087, R-091)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted
from posko.services import intake, registration
from tests.support.preparation import place, refused, registered

pytestmark = pytest.mark.server
GAMBAR_5 = {
    "tki_id": "9264729", "nama": "KALIAH ETTALA", "status_perkawinan": "Kawin", "no_ktp": "00", "agama": "Islam",
    "alamat": "KP. TINGGULUH RT./RW. 003/001 DS. TAMBIANG KEC.", "pendidikan": "SD", "no_telepon": "", "email": "",
    "no_sertifikasi_blkln": "AP22012052517805314220020120512", "tanggal_keluar_blkln": "5/25/2012",
}  # fmt: skip


def test_the_record_of_gambar_5_is_found_with_its_25_columns(world):
    world.add_tki(**GAMBAR_5)
    world.desk(None).do(intake.send_eligible)

    found = world.desk("KO1").do(registration.search, tki_id="9264729")

    record = found["record"]
    assert len(record) == 25
    assert (record["full_name"], record["birth_place"], record["born_on"]) == (
        "KALIAH ETTALA",
        "TANGERANG",
        "1983-05-01",
    )
    assert (record["marital_status"], record["sector"], record["certificate_no"]) == ("Kawin", "Informal", None)
    assert record["training_ended_on"] == "2026-02-20"
    assert record["payment_status"] is None
    assert (found["status"], found["label"]) == ("SENT_TO_KONSORSIUM", "DIKIRIM_KONSORSIUM")
    assert found["proposal"]["tuk_code"] == "TUK-1"
    assert found["held_back"] == []


@pytest.mark.parametrize(
    ("nik", "shown"), [("3603054105830001", "************0001"), ("00", "**"), ("", ""), (None, None)]
)
def test_a_nik_is_shown_masked(world, nik, shown):
    world.add_tki("100", no_ktp=nik)

    assert world.desk("KO1").do(registration.search, tki_id="100")["record"]["nik"] == shown


def test_a_search_that_finds_nobody_is_recorded_as_a_miss(world):
    assert world.desk("KO1").do(registration.search, tki_id="999") == {"found": False}

    assert world.events("failed") == [("registration.search", "tki", "999")]


def test_a_search_that_finds_somebody_is_recorded_too(world):
    world.add_tki("100")

    world.desk("AU1").do(registration.search, tki_id=" 100 ")

    assert world.events() == [("registration.search", "tki", "100")]


def test_a_search_shows_why_a_tki_is_held_back(world):
    world.add_tki("100", eligible=False)

    found = world.desk("KO1").do(registration.search, tki_id="100")

    assert found["held_back"] == [{"rule": "DV-E09", "reason": "terlalu muda"}]
    assert found["status"] is None


@pytest.mark.parametrize(("who", "may"), [("LS1", True), ("TU1", True), ("LS2", False), ("TU2", False), ("AS1", False)])
def test_lsp_and_tuk_find_only_who_is_allocated_to_them(world, who, may):
    (journey_id,) = registered(world, "100")
    place(world, journey_id)

    if may:
        assert world.desk(who).do(registration.search, tki_id="100")["place"]["tuk_code"] == "TUK-1"
    else:
        with pytest.raises(NotPermitted):
            world.desk(who).do(registration.search, tki_id="100")


def test_an_lsp_cannot_tell_a_stranger_from_one_who_is_not_there(world):
    registered(world, "100")

    known, unknown = (refused(world.desk("LS1"), registration.search, tki_id=tki_id) for tki_id in ("100", "999"))

    assert (str(known), known.rule) == (str(unknown), unknown.rule)
