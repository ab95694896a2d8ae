"""Enrolment touch by touch: each is judged as it comes, nothing of a broken-off one stays, a double is a case (§6.1, §8.2; R-048)."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.reader_page import messages
from biometrics import impressions
from biometrics.comparison import Outcome
from biometrics.errors import TemplateBroken
from biometrics.readers.browser import Post
from biometrics.search.store import Store
from biometrics.search.work import work
from biometrics.types import Assurance
from posko.domain.errors import NotPermitted, Refused
from posko.domain.proof import Purpose
from posko.services import captures, enrolment, enrolment_steps, finger_sets, page_captures
from tests.biometrics.stub_client.client import READER
from tests.biometrics.stub_client.site import Site, png
from tests.support.fingers import BOTH, MATCHER
from tests.support.station import stations_of

pytestmark = pytest.mark.server


def begin(world, who="NEW", by="SA1", kind="STAFF", fingers=BOTH):
    return world.desk(by).do(enrolment_steps.begin, kind=kind, person_id=who, fingers=list(fingers))


def touch(hands, finger=2, whose="NEW", who="NEW", kind="STAFF", sample=None, **more):
    sample = sample or hands.sample(whose, finger=more.pop("lies", finger), station="ST-0", **more)
    return impressions.take(hands.verifier, kind, who, sample, station_code="ST-0", finger=finger)


def six(hands, whose="NEW", who="NEW", kind="STAFF"):
    return [touch(hands, finger, whose, who, kind).outcome for finger in BOTH for _ in range(3)]


def progress(world, who="NEW", by="SA1", kind="STAFF"):
    return world.desk(by).do(enrolment_steps.progress, kind=kind, person_id=who)


def refused(do) -> str:
    with pytest.raises(Refused) as found:
        do()
    return found.value.code


def waiting(world):
    return world.value("select count(*) from posko_biometric.enrolment_impression where ciphertext is not null")


def test_six_touches_become_a_set_that_two_persons_and_a_fresh_finger_bring_into_force(world, hands):
    begin(world)

    assert six(hands) == [Outcome.CAPTURED] * 6
    assert [(one["finger"], one["seq"]) for one in progress(world)["kept"]] == [(f, n) for f in BOTH for n in (1, 2, 3)]
    assert impressions.finish(hands.verifier, world.desk("SA1"), "STAFF", "NEW") == {"version": 1, "impressions": 6}
    assert waiting(world) == 0
    assert (progress(world)["state"], progress(world)["pending"]) == ("CAPTURED", 1)

    fresh = hands.verify("STAFF", "NEW", Purpose.ENROL, station="ST-0")
    told = {"person_id": "NEW", "full_name": "Petugas Baru", "role": "KONSORSIUM", "second": world.second("BN1")}
    assert world.desk("SA1").do(enrolment.enrol, proof=fresh.proof, **told)["template_version"] == 1
    assert hands.verify("STAFF", "NEW", Purpose.LOGIN, station="ST-0", finger=7).proof.is_match


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ({"whose": "SOMEBODY"}, "ENROL_IMPRESSIONS_DIFFER"),
        ({"finger": 7, "lies": 2}, "ENROL_SAME_FINGER"),
        ({"quality": 19}, "ENROL_QUALITY_LOW"),
        ({"quality": 25}, "ENROL_NEEDS_SUPERVISOR"),
        ({"data": b"no finger"}, "ENROL_UNUSABLE"),
    ],
)
def test_a_touch_that_is_no_good_says_why_and_does_not_count(world, hands, again, code):
    begin(world)
    touch(hands)

    assert touch(hands, **again).outcome is Outcome.NOT_KEPT

    seen = progress(world)
    assert len(seen["kept"]) == 1
    assert (seen["last"]["outcome"], seen["last"]["code"]) == ("REFUSED", code)
    assert seen["last"]["sentence"].endswith(".")
    assert touch(hands).outcome is Outcome.CAPTURED
    assert progress(world)["last"]["sentence"] is None


def test_who_answers_for_a_low_quality_is_marked_on_the_set(world, hands):
    begin(world)
    assert touch(hands, quality=25).outcome is Outcome.NOT_KEPT
    world.desk("SA1").do(enrolment_steps.supervise, kind="STAFF", person_id="NEW")

    for finger in BOTH:
        for _ in range(3):
            assert touch(hands, finger, quality=25).outcome is Outcome.CAPTURED
    impressions.finish(hands.verifier, world.desk("SA1"), "STAFF", "NEW")

    assert world.ask("select distinct is_supervised, quality, taken_by from posko_biometric.finger_template") == [
        (1, 25, "SA1")
    ]


def test_a_wrong_first_touch_is_taken_again(world, hands):
    begin(world)
    touch(hands, whose="SOMEBODY")
    assert touch(hands).outcome is Outcome.NOT_KEPT

    world.desk("SA1").do(enrolment_steps.take_again, kind="STAFF", person_id="NEW", finger=2)

    assert (progress(world)["kept"], waiting(world)) == ([], 0)
    assert six(hands) == [Outcome.CAPTURED] * 6


def test_the_same_touch_sent_twice_is_refused_and_a_deviation(world, hands):
    begin(world)
    sample = hands.sample("NEW", 2, station="ST-0")
    touch(hands, sample=sample)

    assert refused(lambda: touch(hands, sample=sample)) == "SAMPLE_REPLAYED"
    assert world.ask("select rule_id from posko.deviation") == [("DV-I10",)]
    assert len(progress(world)["kept"]) == 1


def test_a_touch_without_an_enrolment_of_another_finger_or_a_fourth_one_is_refused(world, hands):
    assert refused(lambda: touch(hands)) == "ENROL_NOT_OPEN"
    begin(world)
    assert refused(lambda: touch(hands, 3)) == "ENROL_NOT_OPEN"
    for _ in range(3):
        touch(hands)
    assert refused(lambda: touch(hands)) == "ENROL_FINGER_FULL"


def test_nothing_stays_of_an_enrolment_that_was_cancelled_or_whose_time_is_over(world, hands):
    begin(world)
    touch(hands)
    world.desk("SA1").do(enrolment_steps.cancel, kind="STAFF", person_id="NEW")
    assert (progress(world)["state"], waiting(world)) == ("CANCELLED", 0)

    begin(world)
    touch(hands)
    world.now += dt.timedelta(minutes=15)
    assert (progress(world)["state"], progress(world)["kept"]) == ("EXPIRED", [])
    assert refused(lambda: touch(hands)) == "ENROL_NOT_OPEN"
    assert refused(lambda: impressions.finish(hands.verifier, world.desk("SA1"), "STAFF", "NEW")) == "ENROL_SHAPE"
    begin(world, "OTHER")
    assert (progress(world)["state"], waiting(world)) == ("EXPIRED", 0)


def test_one_officer_at_a_time_takes_a_persons_fingers(world, hands):
    begin(world)
    touch(hands)

    assert refused(lambda: begin(world, by="BN1")) == "ENROL_RUNNING"
    assert len(progress(world)["kept"]) == 1
    begin(world)
    assert progress(world)["kept"] == []
    world.now += dt.timedelta(minutes=15)
    begin(world, by="BN1")
    assert progress(world)["opened_by"] == "BN1"


def test_five_touches_are_no_set(world, hands):
    begin(world)
    for finger in (2, 2, 2, 7, 7):
        touch(hands, finger)

    assert refused(lambda: impressions.finish(hands.verifier, world.desk("SA1"), "STAFF", "NEW")) == "ENROL_SHAPE"
    assert len(progress(world)["kept"]) == 5


@pytest.mark.parametrize("fingers", [None, [], [2], [2, 2], [0, 2], [2, 11], [2, 7, 8], ["2", "7"], [True, 2], "27"])
def test_anything_but_two_fingers_is_refused(world, fingers):
    told = {"kind": "STAFF", "person_id": "NEW", "fingers": fingers}
    assert refused(lambda: world.desk("SA1").do(enrolment_steps.begin, **told)) == "ENROL_FINGERS"


def test_nobody_takes_her_own_fingers_and_no_role_those_that_are_not_hers(world):
    assert refused(lambda: begin(world, "SA1")) == "OWN_FINGER"
    world.add_tki("T1")
    for by, kind in (("KO1", "STAFF"), ("TU1", "STAFF"), ("BN1", "TKI"), ("LS1", "TKI")):
        with pytest.raises(NotPermitted):
            begin(world, "T1", by, kind)
    begin(world, "T1", "KO1", "TKI")


def test_nothing_is_enrolled_over_the_print_of_bnp2tki(world, hands):
    world.add_tki("T1")
    hands.know("T1")

    assert refused(lambda: begin(world, "T1", "KO1", "TKI")) == "PRINT_IS_REFERENCE"
    assert refused(lambda: begin(world, "T2", "KO1", "TKI")) == "TKI_UNKNOWN"


def test_a_file_is_no_touch_in_production(world, hands):
    begin(world)
    hands.verifier.settings = world.settings.model_copy(update={"environment": "production"})

    assert refused(lambda: touch(hands, assurance=Assurance.FILE)) == "FILE_IN_PRODUCTION"


def test_a_touch_that_waits_opens_as_nobodys_template(world, hands):
    begin(world)
    touch(hands)
    ((key_id, nonce, text, form),) = world.ask(
        "select key_id, nonce, ciphertext, format from posko_biometric.enrolment_impression"
    )
    row = {
        "person_kind": "STAFF",
        "person_id": "NEW",
        "finger": 2,
        "seq": 1,
        "version": 0,
        "format": form,
        "minutiae": 40,
    }

    with pytest.raises(TemplateBroken):
        hands.vault.open({**row, "key_id": key_id, "nonce": nonce, "ciphertext": text, "quality": 80})


def test_a_station_answers_with_a_touch_that_counts(world, hands, tmp_path):
    begin(world)
    with stations_of(world, tmp_path) as stations:
        line = stations.line()
        asked = stations.ask("NEW", kind="STAFF", purpose=Purpose.ENROL_IMPRESSION, asked_finger=2)
        told = stations.answer(line, asked, stations.sample("NEW", asked["nonce"], hard=0.5))

    assert told["outcome"] == "CAPTURED"
    assert [one["finger"] for one in progress(world)["kept"]] == [2]
    assert world.desk(None).do(captures.take, request_id=asked["request_id"]) is None


def test_the_reader_of_a_browser_gives_a_touch_that_counts_once(world, hands):
    begin(world)
    site = Site(world, hands)
    asked = site.ask(kind="STAFF", person_id="NEW", purpose=Purpose.ENROL_IMPRESSION)
    post, digest = Post(asked["nonce"], READER, png()), page_captures.digest_of(site.session)

    answered = site.reader.answer(asked["request_id"], post, session_digest=digest)

    assert messages.told(answered)["heading"] == "TEREKAM"
    assert [one["finger"] for one in progress(world)["kept"]] == [2]
    assert refused(lambda: site.reader.answer(asked["request_id"], post, session_digest=digest)) == "CAPTURE_USED"
    assert site.take(asked) is None


def test_a_reader_that_gave_nothing_is_told_and_counts_nothing(world, hands):
    begin(world)
    site = Site(world, hands)
    asked = site.ask(kind="STAFF", person_id="NEW", purpose=Purpose.ENROL_IMPRESSION)

    post = Post(asked["nonce"], READER, why="NO_FINGER")
    site.reader.answer(asked["request_id"], post, session_digest=page_captures.digest_of(site.session))

    seen = progress(world)
    assert (seen["last"]["outcome"], seen["last"]["sentence"], seen["kept"]) == ("READER_ERROR", None, [])


def test_a_person_who_is_enrolled_under_another_number_is_a_case_and_no_refusal(world, hands, tmp_path):
    hands.enrol("KO1")
    begin(world)
    assert six(hands, whose="KO1") == [Outcome.CAPTURED] * 6
    impressions.finish(hands.verifier, world.desk("SA1"), "STAFF", "NEW")
    fresh = hands.verify("STAFF", "NEW", Purpose.ENROL, "KO1", station="ST-0")
    told = {"person_id": "NEW", "full_name": "Nama Lain", "role": "BNSP", "second": world.second("BN2")}

    world.desk("SA1").do(enrolment.enrol, proof=fresh.proof, **told)
    store = Store(tmp_path / "finger-index", tmp_path / "secrets", hands.vault, MATCHER)
    done = work(world.server, world.office, hands.vault, MATCHER, store, lease_seconds=5)

    assert len(set(done.cases)) == 1
    with world.office.engine.connect() as db:
        found = finger_sets.search_of(db, "STAFF", "NEW")
    assert (found["state"], found["cases"]) == ("DONE", sorted(set(done.cases)))
