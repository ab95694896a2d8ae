"""Packages are made of what was sent and nothing else, one a place in the chain, whole or not at all (§12.4, 12.9; F09, R-103)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest

from apps.packages_demo import demo_package
from exports.package_box import Box
from exports.package_keys import make_keys
from posko.domain.errors import BadInput, NotPermitted, Refused
from posko.domain.package import Link
from posko.services import distribution, packages, packages_keys, packages_received
from posko.settings import Settings
from tests.support.packages import AT, Bodies, split
from tests.support.preparation import WRONG, changes_nothing, refused, registered

pytestmark = pytest.mark.server
BODIES = ("LSP:LSP-1", "TUK:TUK-1", "TUK:TUK-2")


@pytest.fixture
def bodies(world, tmp_path):
    return Bodies(world, tmp_path)


def entry(sequence=1, previous="", digest="ab", **other):
    chain = {"sender": "BNSP", "recipient": "LSP:LSP-1", "sequence": sequence, "previous_sha256": previous}
    files = {
        "manifest_sha256": digest * 32,
        "file_sha256": digest * 32,
        "schema_name": "allocated",
        "schema_version": 1,
    }
    return {**chain, **files, "row_count": 3, "batch_id": None, **other}


def test_a_batch_whose_receiver_had_no_key_when_it_was_sent_waits_for_nothing(world, bodies):
    split(world)
    world.at(world.now.date(), 15)
    bodies.begin(*BODIES)

    assert bodies.bnsp.make() == []


def test_a_batch_that_was_taken_over_on_the_screen_needs_no_package(world, bodies):
    bodies.begin(*BODIES)
    parts = split(world)
    world.desk("TU2").do(distribution.acknowledge, batch_id=parts["TUK:TUK-2"])

    assert [one.manifest.recipient for one in bodies.bnsp.make()] == ["LSP:LSP-1", "TUK:TUK-1"]


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        ("update posko.candidate set full_name = 'ORANG LAIN' where tki_id = '102'", "PACKAGE_ROWS_DIFFER"),
        ("update posko.handoff_line set row_hash = repeat('x', 32) where tki_id = '102'", "PACKAGE_ROWS_DIFFER"),
        ("delete from posko.handoff_line where tki_id = '102' and hop = 'BNSP_TO_TUK'", "PACKAGE_PARTS_DIFFER"),
        ("delete from posko.handoff_line where tki_id = '100' and hop = 'BNSP_TO_LSP'", "PACKAGE_PARTS_DIFFER"),
        ("delete from posko.handoff_line where tki_id = '100' and hop = 'KONSORSIUM_TO_BNSP'", "PACKAGE_PARTS_DIFFER"),
    ],
)
def test_what_is_no_longer_what_was_sent_or_not_the_whole_is_not_packed(world, bodies, tamper, code):
    bodies.begin(*BODIES)
    parts = split(world)
    world.write(tamper)

    with pytest.raises(Refused) as found:
        bodies.bnsp.make([parts["TUK:TUK-2"]])

    assert (found.value.code, found.value.rule) == (code, "DV-A11")
    assert found.value.reference
    assert list((bodies.folder / "packages").rglob("*.posko")) == []
    assert world.value("select count(*) from posko.package_sent") == 0


def test_a_batch_of_another_hop_or_sender_is_not_packed(world, bodies):
    bodies.begin(*BODIES)
    registered(world, "100")
    relay = world.value("select batch_id from posko.handoff_batch where hop = 'RELAY_TO_BNSP'")
    delivered = world.value("select batch_id from posko.handoff_batch where hop = 'BNSP_TO_KONSORSIUM'")

    assert refused(world.desk(None), packages.content, batch_id=relay, sender="BNSP").code == "PACKAGE_NO_BATCH"
    assert refused(world.desk(None), packages.content, batch_id=999, sender="BNSP").code == "PACKAGE_NO_BATCH"
    assert (
        refused(world.desk(None), packages.content, batch_id=delivered, sender="TUK:TUK-1").code == "PACKAGE_NOT_SENDER"
    )
    assert refused(world.desk(None), packages.content, batch_id=delivered, sender="BNSP").code == "PACKAGE_KEY_NONE"


def test_the_row_that_was_sent_is_packed_after_bnp2tki_corrected_it(world, bodies):
    site = bodies.begin("KONSORSIUM")["KONSORSIUM"]
    registered(world, "100")
    world.write(
        "insert into posko_staging.tki_tlrt_history select id_tki, nama, tempat_lahir, tanggal_lahir, jenis_kelamin,"
        " status_perkawinan, no_ktp, alamat, kota_asal, agama, no_telepon, email, pendidikan, sektor, negara_tujuan, kode_lsp,"
        " no_sertifikasi_kompetensi, tanggal_sertifikasi_kompetensi, kode_blkln, no_sertifikasi_blkln, nama_pptkis,"
        " tanggal_sertifikasi_blkln, tanggal_masuk_blkln, tanggal_keluar_blkln, updated_at, tanggal_lahir_date,"
        " tanggal_sertifikasi_kompetensi_date, tanggal_sertifikasi_blkln_date, tanggal_masuk_blkln_date,"
        " tanggal_keluar_blkln_date, batch_id, chunk_no, first_batch_id, row_crc, 'CORRECTED', 2, utc_timestamp(6)"
        " from posko_staging.tki_tlrt where id_tki = '100'"
    )
    world.write("update posko_staging.tki_tlrt set nama = 'NAMA YANG DIBETULKAN' where id_tki = '100'")

    (made,) = bodies.bnsp.make()

    taken = site.open(made.path.read_bytes(), person_id="KO1", at=AT)
    assert pq.read_table(taken.folder / "delivered.parquet")["nama"].to_pylist() != ["NAMA YANG DIBETULKAN"]


def test_a_chain_takes_one_package_a_place_also_of_eight_at_once(world):
    def attempt(number):
        try:
            world.desk(None).do(packages.note_sent, entry=entry(digest=f"{number + 16:02x}"))
        except Refused as refusal:
            return refusal.code
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(attempt, range(8)))

    assert told.count("ok") == 1
    assert set(told) <= {"ok", "CHANGED_MEANWHILE", "PACKAGE_REPLAYED"}
    assert world.value("select count(*) from posko.package_sent") == 1


def test_a_chain_knows_its_last_package_and_takes_only_the_next(world):
    system = world.desk(None)
    system.do(packages.note_sent, entry=entry())

    assert refused(system, packages.note_sent, entry=entry(3, "ab" * 32)).code == "PACKAGE_GAP"
    assert refused(system, packages.note_sent, entry=entry(2, "cd" * 32)).code == "PACKAGE_CHAIN"
    system.do(packages.note_sent, entry=entry(2, "ab" * 32, "ef"))
    system.do(packages_received.note_received, entry=entry(sender="TUK:TUK-1", recipient="BNSP"))
    with world.office.engine.connect() as db:
        assert packages.last_sent(db, "BNSP", "LSP:LSP-1") == Link(2, "ef" * 32)
        assert packages.last_sent(db, "BNSP", "LSP:LSP-2") == Link()
        assert packages.last_received(db, "BNSP") == {"TUK:TUK-1": Link(1, "ab" * 32)}


@pytest.mark.parametrize("place", ["lay", "give_out"])
def test_a_package_that_was_cut_short_is_finished_or_thrown_away(world, bodies, monkeypatch, place):
    bodies.begin(*BODIES)
    split(world)
    before, after = getattr(Box, place), iter([0])

    def cut(self, sealed):
        if next(after, None) is None:
            return before(self, sealed)
        if place == "lay":
            before(self, sealed)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Box, place, cut)
        with pytest.raises(KeyboardInterrupt):
            bodies.bnsp.make()
    entered = world.value("select count(*) from posko.package_sent")
    made = bodies.bnsp.make()

    assert entered == {"lay": 0, "give_out": 1}[place]
    assert len(made) == {"lay": 3, "give_out": 2}[place]
    files = sorted(
        path.relative_to(bodies.folder / "packages").as_posix() for path in (bodies.folder / "packages").rglob("*.p*")
    )
    assert files == [f"{body.replace(':', '%3A')}/000001-allocated.posko" for body in BODIES]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (bodies.folder / "packages").rglob("*.posko"))


def test_two_programs_do_not_work_in_one_box(world, bodies):
    bodies.begin(*BODIES)
    with bodies.bnsp.box.alone(), pytest.raises(BadInput, match="Program lain"):
        bodies.bnsp.make()


def test_an_officer_of_bnsp_registers_and_revokes_keys_and_nobody_else(world, tmp_path):
    card = make_keys(tmp_path, "LSP:LSP-1").card
    told = {"body": card.body, "sign_public": card.sign.hex(), "age_recipient": card.age}
    for who in ("LS1", "KO1", "TU1", "AU1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(packages_keys.register_key, **told)

    made = world.desk("BN1").do(packages_keys.register_key, **told)

    assert refused(world.desk("BN2"), packages_keys.register_key, **told).code == "PACKAGE_KEY_KNOWN"
    with pytest.raises(NotPermitted):
        world.desk("LS1").do(packages_keys.revoke_key, name=made["key_id"], reason="hilang")
    world.desk("BN2").do(packages_keys.revoke_key, name=made["key_id"], reason="hilang")
    assert (
        refused(world.desk("BN2"), packages_keys.revoke_key, name=made["key_id"], reason="hilang").code
        == "PACKAGE_KEY_UNKNOWN"
    )
    assert world.ask("select registered_by, revoked_by, reason from posko.package_key") == [("BN1", "BN2", "hilang")]
    with world.office.engine.connect() as db:
        assert packages_keys.in_force(db) == []


def test_what_a_revoked_key_signed_is_refused_as_of_an_unknown_sender(world, bodies):
    sites = bodies.begin(*BODIES)
    split(world)
    made = {one.manifest.recipient: one for one in bodies.bnsp.make()}
    receipt = sites["TUK:TUK-2"].open(made["TUK:TUK-2"].path.read_bytes(), person_id="TU2", at=AT).receipt
    key = world.value("select key_id from posko.package_key where body = 'TUK:TUK-2'")
    world.desk("BN1").do(packages_keys.revoke_key, name=key, reason="dicuri")

    with pytest.raises(Refused) as found:
        bodies.bnsp.open(receipt.read_bytes())

    assert found.value.code == "PACKAGE_UNKNOWN_SENDER"
    assert world.status("102") == "DISTRIBUTED"


def test_wrong_input_is_refused_in_words_and_changes_nothing(world, tmp_path):
    card = make_keys(tmp_path, "LSP:LSP-1").card
    good = {"body": card.body, "sign_public": card.sign.hex(), "age_recipient": card.age}
    desk, system = world.desk("BN1"), world.desk(None)
    fields = ("sender", "recipient", "sequence", "previous_sha256", "manifest_sha256", "file_sha256", "schema_version")

    changes_nothing(
        world,
        [
            *(lambda v=v, n=n: desk.do(packages_keys.register_key, **{**good, n: v}) for n in good for v in WRONG),
            lambda: desk.do(packages_keys.register_key, **{**good, "body": "LSP:TIDAK-ADA"}),
            *(lambda v=v: desk.do(packages_keys.revoke_key, name=v, reason="hilang") for v in WRONG),
            *(lambda v=v: system.do(packages.content, batch_id=v, sender="BNSP") for v in WRONG),
            *(lambda v=v: system.do(packages.note_sent, entry=v) for v in WRONG),
            *(
                lambda v=v, n=n: system.do(packages.note_sent, entry=entry(**{n: v}))
                for n in fields
                for v in WRONG
                if (n, v) != ("previous_sha256", "")
            ),
            *(lambda v=v: system.do(packages_received.check_receipt, sender="TUK:TUK-1", receipt=v) for v in WRONG),
            *(
                lambda v=v: system.do(packages_received.note_refused, code=v, sentence="x", file_sha256="ab")
                for v in WRONG
            ),
        ],
    )


def test_a_refused_file_is_recorded_although_its_digest_is_full_of_digits(world):
    with pytest.raises(Refused, match="tidak utuh"):
        world.desk(None).do(
            packages_received.note_refused,
            code="PACKAGE_DAMAGED",
            sentence="tidak utuh",
            file_sha256="1" * 40 + "ab" * 12,
        )

    assert world.value("select count(*) from posko_audit.audit_event where action = 'package.note_refused'") == 1


def test_the_demo_gets_the_file_of_a_package_and_brings_its_receipt_home(world, bodies, tmp_path):
    split(world)
    settings = Settings(_env_file=None, var_dir=tmp_path / "var")

    path = demo_package(settings, world.office, world.desk("BN1"))

    assert path == tmp_path / "var" / "packages" / "LSP%3ALSP-1" / "000001-allocated.posko"
    assert path.exists()
    assert world.value("select count(*) from posko.package_sent") == 3
    assert world.ask("select acknowledged_by is not null from posko.distribution order by batch_id") == [
        (1,),
        (0,),
        (0,),
    ]
    assert demo_package(settings, world.office, world.desk("BN1")) is None
    journal = (tmp_path / "var" / "sites" / "LSP%3ALSP-1" / "jurnal.jsonl").read_text("utf-8")
    assert [json.loads(line)["what"] for line in journal.splitlines()] == ["loaded"]
