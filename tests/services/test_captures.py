"""A page asks for a finger, one reader answers it once, the page takes the proof once (§8.2, §13.2-13.7; X3, DV-I10, DV-I12)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import captures

pytestmark = pytest.mark.server
ASKED = {"station_code": "ST-1", "kind": "TKI", "person_id": "100", "purpose": Purpose.ATTEND}


def _ask(world, **more):
    return world.desk(None).do(captures.ask, **(ASKED | more))


def _claim(world, request, **more):
    told = {
        "request_id": request["request_id"],
        "nonce": request["nonce"],
        "channel": "STATION",
        "station_code": "ST-1",
    }
    return world.desk(None).do(captures.claim, **(told | more))


def _finish(world, request, proof=None):
    world.desk(None).do(captures.finish, request_id=request["request_id"], outcome="MATCH", proof=proof)


def _take(world, request, **more):
    return world.desk(None).do(captures.take, request_id=request["request_id"], **more)


def _read(world, request):
    with world.office.engine.connect() as db:
        return captures.read(db, request["request_id"])


def test_a_request_lives_for_sixty_seconds_and_its_station_finds_it(world):
    first, second = _ask(world), _ask(world, person_id="101")

    with world.office.engine.connect() as db:
        assert captures.waiting(db, world.now, ["ST-1", "ST-2"])["ST-1"]["request_id"] in {
            first["request_id"],
            second["request_id"],
        }
        assert captures.waiting(db, world.now + dt.timedelta(seconds=61), ["ST-1"]) == {}
        assert captures.waiting(db, world.now, []) == {}
    assert first["expires_at"] - world.now == dt.timedelta(seconds=60)
    assert first["nonce"] != second["nonce"]


def test_the_oldest_request_of_a_station_comes_first(world):
    first = _ask(world)
    world.now += dt.timedelta(seconds=2)
    _ask(world, person_id="101")

    with world.office.engine.connect() as db:
        assert captures.waiting(db, world.now, ["ST-1"])["ST-1"]["request_id"] == first["request_id"]


def test_a_browsers_request_is_not_given_to_a_station(world):
    _ask(world, channel="BROWSER")

    with world.office.engine.connect() as db:
        assert captures.waiting(db, world.now, ["ST-1"]) == {}


def test_the_proof_comes_out_as_it_went_in_and_only_once(world):
    request, proof = _ask(world), world.proof("TKI", "100", Purpose.ATTEND)
    _claim(world, request)
    assert _take(world, request) is None
    _finish(world, request, proof)

    assert _read(world, request)["outcome"] == "MATCH"
    assert _take(world, request) == proof
    assert _take(world, request) is None
    assert _read(world, request)["state"] == "TAKEN"
    assert world.value("select count(*) from posko_biometric.capture_request where proof is not null") == 0


def test_a_request_without_a_match_has_an_outcome_and_no_proof(world):
    request = _ask(world)
    world.desk(None).do(captures.finish, request_id=request["request_id"], outcome="READER_ERROR", proof=None)

    assert (_take(world, request), _read(world, request)["outcome"]) == (None, "READER_ERROR")


@pytest.mark.parametrize(
    ("change", "code", "rule"),
    [
        ({"request_id": "0" * 32}, "CAPTURE_UNKNOWN", "DV-I12"),
        ({"request_id": "x"}, "CAPTURE_UNKNOWN", "DV-I12"),
        ({"nonce": "0" * 32}, "CAPTURE_UNKNOWN", "DV-I12"),
        ({"channel": "BROWSER"}, "CAPTURE_UNKNOWN", "DV-I12"),
        ({"station_code": "ST-2"}, "CAPTURE_ELSEWHERE", "DV-I12"),
    ],
)
def test_an_answer_that_is_not_for_this_request_is_refused_and_recorded(world, change, code, rule):
    request = _ask(world)

    with pytest.raises(Refused) as refused:
        _claim(world, request, **change)

    assert (refused.value.code, refused.value.rule) == (code, rule)
    assert world.ask("select rule_id, is_attempt from posko.deviation") == [(rule, 1)]
    assert world.events("refused")[0][0] == "capture.claim"
    assert _read(world, request)["state"] == "ASKED"


def test_an_answer_after_its_time_is_refused_and_recorded(world):
    request = _ask(world)
    world.now += dt.timedelta(seconds=60)

    with pytest.raises(Refused) as refused:
        _claim(world, request)

    assert refused.value.code == "CAPTURE_EXPIRED"
    assert len(world.events("refused")) == 1


def test_of_many_answers_at_once_one_counts(world):
    request = _ask(world)

    def answer(_):
        try:
            return _claim(world, request)["state"]
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(answer, range(8)))

    assert sorted(set(found)) == ["ASKED", "CAPTURE_USED"]
    assert found.count("ASKED") == 1
    assert world.ask("select distinct rule_id from posko.deviation") == [("DV-I10",)]


def test_a_second_result_is_refused(world):
    request = _ask(world)
    _finish(world, request)

    with pytest.raises(Refused) as refused:
        _finish(world, request)

    assert refused.value.code == "CAPTURE_USED"


def test_another_web_session_can_neither_answer_nor_take(world):
    digest = b"a" * 32
    request = _ask(world, channel="BROWSER", session_digest=digest)
    for other in (None, b"b" * 32):
        with pytest.raises(Refused) as refused:
            _claim(world, request, channel="BROWSER", session_digest=other)
        assert refused.value.code == "CAPTURE_ELSEWHERE"

    _claim(world, request, channel="BROWSER", session_digest=digest)
    _finish(world, request, world.proof("TKI", "100", Purpose.ATTEND))
    with pytest.raises(Refused):
        _take(world, request, session_digest=b"b" * 32)

    assert _take(world, request, session_digest=digest) is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": "PLAY"}, "NOT_IN_LIST"),
        ({"kind": "CAT"}, "NOT_IN_LIST"),
        ({"channel": "POST"}, "NOT_IN_LIST"),
        ({"asked_finger": 11}, "NOT_A_NUMBER"),
        ({"person_id": ""}, "TEXT_EMPTY"),
        ({"station_code": "=1+1"}, "NO_SUCH_CODE"),
    ],
)
def test_a_question_that_is_none_is_refused(world, change, code):
    with pytest.raises(Refused) as refused:
        _ask(world, **change)

    assert refused.value.code == code


def test_the_log_does_not_hold_the_number_that_opens_a_proof(world):
    request = _ask(world, person_id="3603054105830001")
    _claim(world, request)
    _finish(world, request)

    told = str(world.ask("select entity_key, payload from posko_audit.audit_event"))
    assert request["request_id"] not in told
    assert "3603054105830001" not in told
