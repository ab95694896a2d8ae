"""The window of Gambar 12: who sees which codes, masked for an auditor, own for an LSP, every look recorded (R-140, R-165)."""

from __future__ import annotations

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import decision, screen_secure_code
from posko.services.certification import MASK
from tests.support.assessed import assessed, ids
from tests.support.decided import decided, number_of

pytestmark = pytest.mark.server
GAMBAR_12 = ["tki_id", "full_name", "certified_on", "certificate_no", "secure_code"]


@pytest.fixture
def certified(world):
    """Let LSP-1 decide two TKI who passed, so that the system numbers them."""
    session_id = assessed(world, ids(2))
    world.desk("LS1").do(decision.decide, session_id=session_id, sk_no="SK/1")
    return world


def window(world, who="BN1", **more):
    return world.desk(who).do(screen_secure_code.window, **more)


def test_the_first_five_columns_are_those_of_gambar_12_in_their_order(certified):
    shown = window(certified)

    assert shown["total"] == 2
    assert [list(row)[:5] for row in shown["rows"]] == [GAMBAR_12] * 2
    assert all(len(row["secure_code"]) == 6 for row in shown["rows"])
    assert all(int(row["secure_code"], 16) >= 0 for row in shown["rows"])


@pytest.mark.parametrize("who", ["SA1", "BN1", "LS1"])
def test_who_may_see_a_code_sees_it_whole(certified, who):
    shown = window(certified, who)

    assert not shown["is_masked"]
    assert MASK not in [row["secure_code"] for row in shown["rows"]]


def test_an_auditor_sees_every_code_masked(certified):
    shown = window(certified, "AU1")

    assert shown["is_masked"]
    assert [row["secure_code"] for row in shown["rows"]] == [MASK] * 2


def test_an_lsp_sees_its_own_and_another_lsp_none(certified):
    decided(certified, "900", lsp="LSP-2", tuk="TUK-3", met="MET.3")

    assert window(certified, "LS1")["total"] == 2
    assert window(certified, "LS2")["total"] == 1
    assert window(certified)["total"] == 3
    with pytest.raises(NotPermitted) as found:
        window(certified, "LS2", lsp_code="LSP-1")
    assert found.value.rule == "DV-X04"


@pytest.mark.parametrize("who", ["KO1", "TU1", "AS1"])
def test_the_other_roles_see_no_code(certified, who):
    with pytest.raises(NotPermitted):
        window(certified, who)


def test_it_is_searched_by_id_number_lsp_and_day(certified):
    first = window(certified)["rows"][0]

    assert window(certified, tki_id=first["tki_id"])["rows"] == [first]
    assert window(certified, certificate_no=first["certificate_no"])["rows"] == [first]
    assert window(certified, lsp_code="LSP-2")["total"] == 0
    assert window(certified, since=first["certified_on"], until=first["certified_on"])["total"] == 2
    assert window(certified, until="2020-01-01")["total"] == 0
    assert [len(window(certified, limit=1, offset=place)["rows"]) for place in range(3)] == [1, 1, 0]


def test_a_row_altered_outside_the_system_is_marked_and_noted_once(certified):
    tki_id = window(certified)["rows"][0]["tki_id"]
    certified.write("update posko.certificate set certified_on = '2020-01-01' where tki_id = :t", t=tki_id)

    marks = [{row["tki_id"]: row["is_altered"] for row in window(certified)["rows"]} for _ in range(2)]

    assert marks[0] == marks[1]
    assert [tki for tki, is_altered in marks[0].items() if is_altered] == [tki_id]
    assert certified.ask("select rule_id, tki_id from posko.deviation") == [("DV-C05", tki_id)]


def test_a_code_that_no_longer_opens_is_shown_as_such(world):
    journey_id = decided(world, "900")

    (row,) = window(world, certificate_no=number_of(journey_id))["rows"]

    assert (row["secure_code"], row["is_altered"]) == ("??????", True)


def test_every_look_is_recorded_without_a_code(certified):
    codes = [row["secure_code"] for row in window(certified)["rows"]]

    action, payload = certified.ask(
        "select action, payload from posko_audit.audit_event order by event_id desc limit 1"
    )[0]
    assert action == "certification.window"
    assert not any(code in payload for code in codes)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"tki_id": "<script>"}, "NO_SUCH_CODE"),
        ({"tki_id": "3603054105830001"}, "LOOKS_LIKE_NIK"),
        ({"certificate_no": "' or 1=1 --"}, "NO_SUCH_CODE"),
        ({"lsp_code": "a\x00"}, "TEXT_CONTROL"),
        ({"since": "kemarin"}, "NOT_A_DATE"),
        ({"limit": 101}, "NOT_A_NUMBER"),
        ({"offset": -1}, "NOT_A_NUMBER"),
    ],
)
def test_a_wrong_question_is_refused_in_words(world, more, code):
    with pytest.raises(Refused) as found:
        window(world, **more)
    assert found.value.code == code
