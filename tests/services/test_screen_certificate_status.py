"""Certificates whose standing changed are found, and one shows every change and remark; there is no secure code in it (R-186)."""

from __future__ import annotations

import pytest

from posko.domain.errors import Refused
from posko.services import certificate_status, screen_certificate_status
from tests.support.decided import decided, number_of

pytestmark = pytest.mark.server


@pytest.fixture
def numbers(world):
    """Three certificates: two of LSP-1, of which the first is suspended, and one of LSP-2, revoked."""
    made = [number_of(decided(world, "1")), number_of(decided(world, "2"))]
    made.append(number_of(decided(world, "3", lsp="LSP-2", tuk="TUK-3", met="MET.3")))
    world.desk("LS1").do(certificate_status.suspend, certificate_no=made[0], reason="Laporan")
    told = {"reason": "Palsu", "decree_no": "SK-7", "second": world.second("SA1")}
    world.desk("BN1").do(certificate_status.revoke, certificate_no=made[2], **told)
    return made


def found(world, who="BN1", **asked):
    answer = world.desk(who).do(screen_certificate_status.listed, **asked)
    assert answer["total"] == len(answer["rows"])
    return {row["tki_id"] for row in answer["rows"]}


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, {"1", "3"}), ({"status": "SUSPENDED"}, {"1"}), ({"status": "REVOKED"}, {"3"}), ({"status": "EXPIRED"}, set()),
        ({"search": "2"}, {"2"}), ({"search": "404"}, set()), ({"status": "REVOKED", "search": "2"}, set()),
    ],
)  # fmt: skip
def test_without_a_search_only_what_is_not_valid_is_listed(world, numbers, asked, ids):
    assert found(world, **asked) == ids


@pytest.mark.parametrize(("who", "ids"), [("LS1", {"1"}), ("LS2", {"3"}), ("SA1", {"1", "3"}), ("AU1", {"1", "3"})])
def test_an_lsp_finds_its_own(world, numbers, who, ids):
    assert found(world, who) == ids
    assert found(world, who, search="3") == ids & {"3"}


def test_one_shows_its_standing_and_every_change(world, numbers):
    world.desk("LS2").do(certificate_status.remark, certificate_no=numbers[2], note="Sedang kami telusuri")

    seen = world.desk("AU1").do(screen_certificate_status.view, certificate_no=numbers[2])

    assert (seen["status"], seen["status_reason"]) == ("REVOKED", "Palsu")
    assert [(note["status_to"], note["decree_no"], note["note"]) for note in seen["notes"]] == [
        ("REVOKED", "SK-7", "Palsu"),
        (None, None, "Sedang kami telusuri"),
    ]
    assert not [name for name in seen if "secure" in name]


@pytest.mark.parametrize(
    ("who", "number", "code"),
    [
        ("LS2", 0, "NotPermitted"), ("KO1", 0, "NotPermitted"), ("TU1", 0, "NotPermitted"),
        ("BN1", "PRT.1025.2026.9999999", "UNKNOWN_CERTIFICATE"),
        ("BN1", "<script>", "UNKNOWN_CERTIFICATE"), ("BN1", "", "TEXT_EMPTY"), ("BN1", "x" * 41, "TEXT_TOO_LONG"),
        ("LS1", "PRT.1025.2026.9999999", "NotPermitted"),
    ],
)  # fmt: skip
def test_what_is_not_there_or_anothers_is_a_sentence(world, numbers, who, number, code):
    with pytest.raises(Refused) as refused:
        world.desk(who).do(
            screen_certificate_status.view, certificate_no=numbers[number] if isinstance(number, int) else number
        )

    assert refused.value.code == code


@pytest.mark.parametrize(
    "asked", [{"status": "BARU"}, {"search": "x" * 65}, {"search": "a\x00"}, {"limit": 0}, {"offset": -5}]
)
def test_wrong_filters_are_refused(world, numbers, asked):
    with pytest.raises(Refused):
        found(world, **asked)
