"""The public site from the real database: what was published, and nothing that a stop or the gate keeps back (§14.1-14.2; DV-C06)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.publish_site import publish_site, update_site
from exports.site_reader import look_up, site_words
from posko.domain.errors import Refused
from posko.domain.secure_code import digest_of
from posko.services import publication, publication_stop
from tests.support.decided import decided, evaluate, number_of, revoke

pytestmark = pytest.mark.server
BORN = dt.date(1983, 5, 1)


@pytest.fixture
def site(world, tmp_path):
    """The site of this world: publish it, find somebody in it."""
    return _Site(world, tmp_path / "situs")


class _Site:
    def __init__(self, world, root):
        self.world, self.root = world, root

    def publish(self, **more):
        return publish_site(self.world.office, self.world.server, self.root, **more)

    def find(self, tki_id):
        public = self.root / "aktif"
        words = site_words(public)
        return None if words is None else look_up(public, words["garam"], tki_id, BORN)


def test_what_a_closed_meeting_lets_pass_is_found_and_nothing_else(world, site):
    journey_id = decided(world, "1")
    decided(world, "2", result="BK")
    evaluate(world)
    decided(world, "3")

    done = site.publish()

    assert (done.published, done.persons, done.version, done.is_new) == (2, 2, 1, True)
    assert site.find("1") == [
        [
            "N*** K*** B*** D***",
            "KOMPETEN",
            "LSP-1",
            "TUK-1",
            "2026-03-09",
            number_of(journey_id),
            "VALID",
            "2026-03-16",
        ]
    ]
    assert [row[1] for row in site.find("2")] == ["BELUM"]
    assert site.find("3") == []
    assert world.events()[-1] == ("publication.release", "site", "1")


def test_again_nothing_is_new_and_a_revocation_is_one_person(world, site):
    first = decided(world, "1")
    decided(world, "2")
    evaluate(world)
    site.publish()
    assert not site.publish().is_new

    revoke(world, first)
    done = site.publish()

    assert (done.published, done.refreshed, done.persons, done.version) == (0, 1, 1, 2)
    assert site.find("1")[0][6] == "REVOKED"
    assert "sudah dicabut: 1" in (site.root / "aktif" / "jumlah.html").read_text("utf-8")
    assert site.publish(full=True).persons == 2


def test_while_bnsp_has_stopped_it_only_a_revocation_goes_out(world, site):
    first = decided(world, "1")
    evaluate(world)
    site.publish()
    decided(world, "2")
    waiting = evaluate(world)
    world.desk(None).do(publication.publish, meeting_id=waiting)
    world.desk("BN1").do(publication_stop.stop, reason="Diperiksa dahulu")
    decided(world, "3")
    evaluate(world)
    revoke(world, first)

    site.publish()

    assert site.find("1")[0][6] == "REVOKED"
    assert site.find("2") == site.find("3") == []
    world.desk("BN1").do(publication_stop.resume, reason="Selesai diperiksa")
    site.publish()
    assert site.find("2")
    assert site.find("3")


PLANTED = {
    "NIK": "3603054105830001",
    "ALAMAT": "KP. TINGGULUH",
    "TELEPON": "0812345678",
    "SECURE CODE": "C680C6",
}


@pytest.mark.parametrize(("kind", "datum"), PLANTED.items())
def test_a_planted_datum_keeps_the_version_back_and_is_a_deviation(world, site, kind, datum):
    decided(world, "1")
    evaluate(world)
    site.publish()
    journey_id = decided(world, "2")
    evaluate(world)
    digest = digest_of(world.office.keys["secure-code-digest"], "C680C6")
    world.write("update posko.certificate set secure_code_digest = :d where journey_id = :j", d=digest, j=journey_id)
    world.desk(None).do(
        publication.publish, meeting_id=world.value("select max(meeting_id) from posko.evaluation_meeting")
    )
    world.write("update posko.publication set masked_name = :name where journey_id = :j", name=datum, j=journey_id)

    with pytest.raises(Refused) as refused:
        update_site(world.office, world.server, site.root)

    assert (refused.value.code, refused.value.rule) == ("SITE_LEAKS", "DV-C06")
    assert f"{kind} di isi/" in str(refused.value)
    told = world.ask("select evidence from posko.deviation where rule_id = 'DV-C06'")
    assert len(told) == 1
    assert datum not in str(refused.value) + str(told)
    assert site.find("1")
    assert site.find("2") == []
    world.write("update posko.publication set masked_name = 'N***' where journey_id = :j", j=journey_id)
    assert update_site(world.office, world.server, site.root).persons == 1
    assert site.find("2")


def test_the_nik_of_the_delivery_is_looked_for_even_when_it_has_another_shape(world, site):
    world.add_tki("1", no_ktp="36-0305/4105")
    decided(world, "1")
    meeting_id = evaluate(world)
    world.desk(None).do(publication.publish, meeting_id=meeting_id)
    world.write("update posko.publication set tuk_code = '3603054105'")

    with pytest.raises(Refused, match="NIK di isi/"):
        site.publish()

    assert site.find("1") is None


def test_an_address_in_the_name_of_a_body_is_found_among_everybody(world, site):
    decided(world, "1")
    evaluate(world)
    site.publish()
    world.write("update posko.lsp set lsp_name = 'LSP Kp. Tingguluh' where lsp_code = 'LSP-2'")
    decided(world, "2")
    evaluate(world)

    with pytest.raises(Refused, match=r"ALAMAT di situs\.json"):
        site.publish()
