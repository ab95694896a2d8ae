"""A body without a connection takes packages over once and in order, and answers each; without a database (§12.4, 12.10; F09, R-105)."""

from __future__ import annotations

import datetime as dt
import json
import stat
import zlib

import pyarrow.parquet as pq
import pytest

from exports import package_receipt
from exports.package import MOST_FILE, read, write
from exports.package_box import Box, read_file, read_text
from exports.package_keys import Senders, make_keys
from exports.package_manifest import Manifest
from exports.package_schemas import DELIVERED, RECEIPT, SCHEMAS, rows_hash, table_of
from exports.package_site import Site, site_at
from posko.db.staging_columns import TEXT_COLUMNS
from posko.domain.errors import BadInput, ConfigurationError, Refused
from posko.domain.package import Link
from tests.support.packages import AT


@pytest.fixture
def bnsp(tmp_path):
    return make_keys(tmp_path / "bnsp", "BNSP")


@pytest.fixture
def site(tmp_path, bnsp):
    made = Site(tmp_path / "konsorsium", "KONSORSIUM")
    made.make_keys()
    made.trust(bnsp.card)
    return made


class Sender:
    """BNSP's side of the chain."""

    def __init__(self, bnsp, site):
        self.bnsp, self.site, self.last = bnsp, site, Link()

    def next(self, *names, **facts):
        """The next package, with a row for each name."""
        rows = [delivered(f"{number}", name) for number, name in enumerate(names or ("SITI",), 1)]
        table = table_of(DELIVERED, rows)
        told = {
            "batch_id": 7,
            "hop": "BNSP_TO_KONSORSIUM",
            "rows": len(rows),
            "rows_sha256": rows_hash(DELIVERED, table),
            **facts,
        }
        chain = (self.last.sequence + 1, self.last.manifest_sha256, "2026-03-02T01:00:00Z", told)
        manifest = Manifest(DELIVERED, 1, "BNSP", self.site.body, *chain)
        made = write({DELIVERED: table}, manifest, recipient=self.site.keys.card.age, signer=self.bnsp.signer)
        self.last = made.manifest.link
        return made.data


@pytest.fixture
def sender(bnsp, site):
    return Sender(bnsp, site)


def delivered(tki_id, name):
    line = dict.fromkeys(TEXT_COLUMNS) | {"id_tki": tki_id, "nama": name, "updated_at": None}
    text = "\x1f".join("\x1bN" if value is None else value for value in line.values())
    return {**line, "row_crc": zlib.crc32(text.encode())}


def opened(site, data, **other):
    return site.open(data, person_id="KO1", at=AT, **other)


def code(site, data):
    with pytest.raises(Refused) as found:
        opened(site, data)
    return found.value.code


def journal(site):
    return [json.loads(line) for line in (site.folder / "jurnal.jsonl").read_text("utf-8").splitlines()]


def receipt(bnsp, site, path):
    """What BNSP reads in an answer."""
    found = read(path.read_bytes(), keys=bnsp, senders=Senders.of([site.keys.card]), schemas=SCHEMAS)
    return found.manifest, found.tables[RECEIPT].to_pylist()[0]


def test_a_package_is_laid_open_and_answered_with_count_and_hash(bnsp, site, sender):
    taken = opened(site, sender.next("SITI", "NURUL"))

    assert pq.read_table(taken.folder / "delivered.parquet")["nama"].to_pylist() == ["SITI", "NURUL"]
    manifest, row = receipt(bnsp, site, taken.receipt)
    assert (manifest.sender, manifest.recipient, manifest.sequence) == ("KONSORSIUM", "BNSP", 1)
    assert (row["batch_id"], row["rows"], row["status"], row["person_id"], row["reason"]) == (
        7,
        2,
        "LOADED",
        "KO1",
        None,
    )
    assert row["rows_sha256"] == taken.manifest.facts["rows_sha256"]
    assert row["manifest_sha256"] == taken.manifest.link.manifest_sha256
    assert [line["what"] for line in journal(site)] == ["loaded"]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in site.folder.rglob("*"))


def test_an_officer_may_refuse_and_says_why(bnsp, site, sender):
    taken = opened(site, sender.next(), reason="Kami tidak melayani skema ini")

    assert taken.folder is None
    assert not (site.folder / "masuk").exists()
    assert receipt(bnsp, site, taken.receipt)[1]["reason"] == "Kami tidak melayani skema ini"


def test_packages_are_taken_over_in_order_and_once_and_refusals_stand_in_the_journal(site, sender):
    first, second, third = sender.next(), sender.next(), sender.next()
    opened(site, first)

    assert code(site, first) == "PACKAGE_REPLAYED"
    assert code(site, third) == "PACKAGE_GAP"
    opened(site, second)
    opened(site, third)
    assert code(site, third[:-1]) == "PACKAGE_DAMAGED"
    assert code(site, Sender(sender.bnsp, site).next("LAIN")) == "PACKAGE_REPLAYED"

    told = journal(site)
    assert [line["what"] for line in told] == ["loaded", "refused", "refused", "loaded", "loaded", "refused", "refused"]
    assert [line["code"] for line in told if line["what"] == "refused"][:2] == ["PACKAGE_REPLAYED", "PACKAGE_GAP"]
    assert all(
        line["sentence"].endswith(".") and len(line["sha256"]) == 64 for line in told if line["what"] == "refused"
    )


@pytest.mark.parametrize("facts", [{"rows": 2}, {"rows_sha256": "ab" * 32}, {"rows_sha256": ""}])
def test_rows_that_are_not_the_ledgers_are_not_laid_open(site, sender, facts):
    assert code(site, sender.next("SITI", **facts)) == "PACKAGE_CONTENT"
    assert not (site.folder / "masuk").exists()
    assert not (site.folder / "state.json").exists()


def test_only_who_is_trusted_here_is_a_sender(tmp_path, site, sender):
    stranger = Sender(make_keys(tmp_path / "other", "BNSP"), site)

    assert code(site, stranger.next()) == "PACKAGE_UNKNOWN_SENDER"


@pytest.mark.parametrize("place", ["_keep", "_receipt", "_commit", "give_out"])
def test_whatever_is_cut_short_ends_as_if_nothing_had_happened(bnsp, site, sender, monkeypatch, place):
    data = sender.next()
    whole = Box if place == "give_out" else Site
    with monkeypatch.context() as patch:
        patch.setattr(whole, place, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            opened(site, data)

    if place == "give_out":
        assert code(site, data) == "PACKAGE_REPLAYED"
    else:
        opened(site, data)

    (path,) = (site.folder / "keluar").rglob("*.posko")
    assert receipt(bnsp, site, path)[0].sequence == 1
    assert list((site.folder / "keluar").rglob("*.part")) == []
    manifest, _ = receipt(bnsp, site, opened(site, sender.next()).receipt)
    assert manifest.sequence == 2


def test_a_receipt_from_bnsp_is_kept_and_not_answered(bnsp, site):
    row = {
        "batch_id": 7,
        "hop": "KONSORSIUM_TO_BNSP",
        "rows": 3,
        "rows_sha256": "ab" * 32,
        "manifest_sha256": "cd" * 32,
    }
    rest = {"status": "LOADED", "reason": None, "person_id": "posko", "loaded_at": "2026-03-02T01:00:00Z"}
    manifest = Manifest(RECEIPT, 1, "BNSP", "KONSORSIUM", 1, "", "2026-03-02T01:00:00Z")
    made = write(
        {RECEIPT: table_of(RECEIPT, [{**row, **rest}])}, manifest, recipient=site.keys.card.age, signer=bnsp.signer
    )

    taken = opened(site, made.data)

    assert taken.receipt is None
    assert pq.read_table(taken.folder / "receipt.parquet").to_pylist()[0]["status"] == "LOADED"


def test_looking_takes_nothing_over(site, sender):
    first, second = sender.next(), sender.next()

    assert site.look(second).manifest.sequence == 2
    assert (site.expects(site.look(first).manifest), site.expects(site.look(second).manifest)) == (True, False)
    opened(site, first)
    assert (site.expects(site.look(first).manifest), site.expects(site.look(second).manifest)) == (False, True)


def test_two_programs_do_not_work_in_one_site(site, sender):
    with Box(site.folder / "keluar").alone(), pytest.raises(BadInput, match="Program lain"):
        opened(site, sender.next())


def test_a_folder_says_whose_site_it_is(tmp_path, site):
    assert site_at(site.folder) == site
    with pytest.raises(ConfigurationError, match="keygen"):
        site_at(tmp_path)
    with pytest.raises(ConfigurationError, match="keygen"):
        Site(site.folder, "LSP:LSP-1").look(b"")
    with pytest.raises(Refused) as found:
        Site(site.folder, "KONSORSIUM").send(RECEIPT, [], to="LSP:LSP-1", facts={}, at=AT)
    assert found.value.code == "PACKAGE_KEY_NONE"


def test_a_file_too_large_or_not_there_is_said_before_it_is_read(tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(MOST_FILE + 1)

    with pytest.raises(Refused) as found:
        read_file(large)
    assert found.value.code == "PACKAGE_TOO_LARGE"
    for wrong in (
        lambda: read_file(tmp_path / "none"),
        lambda: read_text(tmp_path / "none"),
        lambda: read_file(tmp_path),
    ):
        with pytest.raises(BadInput):
            wrong()


def test_times_are_written_as_utc():
    assert package_receipt.iso(dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)) == "2026-03-02T01:00:00Z"
