"""BNSP stops the publication and lets it go on, with a reason; meanwhile the system publishes nothing (§14.1; requirements section 5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import open_items, publication, publication_stop
from tests.support.decided import decided, evaluate, publish, revoke
from tests.support.preparation import WRONG, changes_nothing, refused

pytestmark = pytest.mark.server


def stop(world, who="BN1", reason="Daftar diperiksa ulang"):
    return world.desk(who).do(publication_stop.stop, reason=reason)


def resume(world, who="BN1", reason="Daftar benar"):
    return world.desk(who).do(publication_stop.resume, reason=reason)


def test_while_it_is_stopped_nothing_is_published_by_the_system_or_by_order(world):
    decided(world, "1")
    meeting_id = evaluate(world)
    stop(world)

    for who, what in ((None, publication.publish), ("BN1", publication.start), ("SA1", publication.start)):
        refusal = refused(world.desk(who), what, meeting_id=meeting_id)
        assert refusal.code == "PUBLICATION_STOPPED"
        assert "2026-03-16 (Daftar diperiksa ulang)" in str(refusal)
    assert world.status("1") == "EVALUATED"
    assert world.value("select count(*) from posko.publication") == 0


def test_after_it_goes_on_what_waited_is_published(world):
    decided(world, "1")
    meeting_id = evaluate(world)
    stop_id = stop(world)["stop_id"]

    assert resume(world, "BN2") == {"stop_id": stop_id}

    assert world.desk(None).do(publication.publish, meeting_id=meeting_id) == {"published": 1}
    assert world.ask("select stopped_by, stop_reason, resumed_by, resume_reason from posko.publication_stop") == [
        ("BN1", "Daftar diperiksa ulang", "BN2", "Daftar benar")
    ]


def test_both_steps_stand_in_the_log_with_their_reasons(world):
    stop(world)
    resume(world)

    assert world.ask(
        "select action, entity, entity_key, json_value(payload, '$.step'), json_value(payload, '$.reason')"
        " from posko_audit.audit_event order by event_id"
    ) == [
        ("publication.stop", "publication", "stop", "stopped", "Daftar diperiksa ulang"),
        ("publication.resume", "publication", "stop", "resumed", "Daftar benar"),
    ]


def test_it_may_be_stopped_again_and_the_stop_before_stays(world):
    for _ in range(2):
        stop(world)
        resume(world)
    stop(world)

    assert world.value("select count(*) from posko.publication_stop") == 3
    assert world.value("select count(*) from posko.publication_stop where resumed_at is null") == 1


def test_what_is_stopped_is_not_stopped_again_and_what_goes_on_is_not_resumed(world):
    assert refused(world.desk("BN1"), publication_stop.resume, reason="x").code == "PUBLICATION_NOT_STOPPED"
    stop(world)
    assert refused(world.desk("BN1"), publication_stop.stop, reason="x").code == "PUBLICATION_STOPPED_BEFORE"


def test_eight_stops_at_once_are_one(world):
    def attempt(_number):
        try:
            return stop(world)["stop_id"] > 0
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))

    assert sorted(answers, key=str) == ["PUBLICATION_STOPPED_BEFORE"] * 7 + [True]
    assert world.value("select count(*) from posko.publication_stop") == 1


def test_what_is_public_stays_and_a_revocation_is_still_shown(world):
    journey_id = decided(world, "1")
    publish(world)
    stop(world)
    revoke(world, journey_id)

    assert world.desk(None).do(publication.refresh) == {"published": 1}
    (row,) = world.desk("AU1").do(publication.search, text="1")
    assert (row["version"], row["certificate_status"]) == (2, "REVOKED")


def test_a_stop_stands_among_the_open_items_until_it_ends(world):
    stop(world)

    (item,) = [item for item in world.desk("BN1").do(open_items.open_items) if item["kind"] == "STOP"]
    resume(world)

    assert (item["what"], item["since"]) == ("Penayangan dihentikan: Daftar diperiksa ulang", "2026-03-02")
    assert world.desk("BN1").do(open_items.open_items) == []


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1", "AU1"])
def test_nobody_else_stops_or_resumes(world, who):
    with pytest.raises(NotPermitted):
        stop(world, who)
    stop(world)
    with pytest.raises(NotPermitted):
        resume(world, who)

    assert world.value("select count(*) from posko.publication_stop where resumed_at is null") == 1


def test_a_super_administrator_stops_too(world):
    stop(world, "SA1")
    assert resume(world, "SA1")["stop_id"] > 0


def test_wrong_reasons_are_refused_in_words_and_change_nothing(world):
    desk = world.desk("BN1")
    changes_nothing(world, [lambda v=v: desk.do(publication_stop.stop, reason=v) for v in WRONG])
    stop(world)
    changes_nothing(world, [lambda v=v: desk.do(publication_stop.resume, reason=v) for v in WRONG])
