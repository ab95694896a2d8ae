"""Where no line to BNP2TKI exists results leave as a package file, each sending once, for its recipient alone (§14.3-14.4; R-164)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps import returning_file
from apps.returning import give_back, hear
from apps.returning_file import RELAY, file_site
from exports.package_keys import make_keys
from exports.package_site import Site
from posko.domain.source_result import COLUMNS
from posko.services import packages_keys
from posko.services.packages import HERE
from tests.support.decided import decided, number_of, publish, revoke
from tests.support.returning import at_source, make_tables, receive_again, trained

pytestmark = pytest.mark.server


@pytest.fixture
def own(settings, tmp_path):
    """Settings of an installation with a folder of its own for packages and their keys."""
    return settings.model_copy(update={"var_dir": tmp_path / "var", "secrets_dir": tmp_path / "secrets"})


@pytest.fixture
def relay(world, own, tmp_path):
    """The BNSP server at BNP2TKI, whose keys BNSP has registered and which trusts BNSP."""
    there = Site(tmp_path / "relay", RELAY)
    there.trust(make_keys(own.secrets / "packages", HERE).card)
    card = there.make_keys()
    world.desk("BN1").do(
        packages_keys.register_key, body=card.body, sign_public=card.sign.hex(), age_recipient=card.age
    )
    return there


@pytest.fixture
def site(world, own, relay):
    made = file_site(own, world.office)
    assert made is not None
    return made


def files(own):
    return sorted((own.var / "packages").glob("*/*.posko"))


def rows_in(relay, path):
    opened = relay.look(path.read_bytes())
    return opened.manifest, opened.tables["results"].to_pylist()


def test_the_package_holds_the_rows_of_hasil_uji_and_its_recipient_takes_it_over(world, own, relay, site):
    passed = decided(world, "1")
    decided(world, "2", result="BK")
    publish(world)

    assert give_back(world.office, site) == {"returned": 2, "delivered": 2}
    (path,) = files(own)
    manifest, rows = rows_in(relay, path)

    assert [tuple(row) for row in rows] == [COLUMNS] * 2
    assert [(row["id_tki"], row["hasil"], row["no_sertifikasi_kompetensi"], row["versi"]) for row in rows] == [
        ("1", "KOMPETEN", number_of(passed), 1),
        ("2", "BELUM", None, 1),
    ]
    assert manifest.facts["dispatch_id"] == world.value("select dispatch_id from posko.return_batch")
    assert world.ask("select dispatched_by, source_batch_id is not null from posko.return_batch") == [("FILE", 1)]
    taken = relay.open(path.read_bytes(), person_id="RL1", at=dt.datetime(2026, 3, 17, tzinfo=dt.UTC))
    assert taken.folder is not None


def test_a_correction_is_the_next_package_of_the_chain(world, own, relay, site):
    journey_id = decided(world, "1")
    publish(world)
    give_back(world.office, site)
    revoke(world, journey_id)
    give_back(world.office, site)

    told = [rows_in(relay, path) for path in files(own)]

    assert [manifest.sequence for manifest, _ in told] == [1, 2]
    assert [(row["hasil"], row["versi"]) for _, (row,) in told] == [("KOMPETEN", 1), ("DICABUT", 2)]


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_return_that_was_cut_short_leaves_one_package(world, own, relay, site, monkeypatch, where):
    decided(world, "1")
    publish(world)

    def cut(*_args, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if where == "before":
            patch.setattr(type(site.packages.box), "give_out", cut)
        else:
            patch.setattr(returning_file.FileSite, "_send", _then(returning_file.FileSite._send, cut))
        with pytest.raises(KeyboardInterrupt):
            give_back(world.office, site)

    assert give_back(world.office, site)["delivered"] == 1
    assert len(files(own)) == 1
    assert world.value("select count(*) from posko.package_sent") == 1
    relay.look(files(own)[0].read_bytes())


def _then(first, last):
    def both(*args):
        first(*args)
        last()

    return both


def test_what_bnp2tki_shows_after_loading_the_package_closes_the_journey(world, source, site):
    make_tables(source)
    trained(source, world, "1")
    journey_id = decided(world, "1")
    publish(world)
    give_back(world.office, site)
    at_source(
        source,
        "update tki_tlrt set kode_lsp = 'LSP-1', no_sertifikasi_kompetensi = %s, tanggal_sertifikasi_kompetensi = '3/11/2026'",
        number_of(journey_id),
    )
    receive_again(source, world)

    assert hear(world.office, site)["closed"] == 1
    assert world.status("1") == "CLOSED"


def test_without_keys_on_both_sides_there_is_no_way_by_files(world, own):
    assert file_site(own, world.office) is None
    make_keys(own.secrets / "packages", HERE)
    assert file_site(own, world.office) is None
