"""A certificate checked by number and secure code: the verdict first, few wrong tries, for every role (§13.13, §14.3; R-140, R-166)."""

from __future__ import annotations

import pytest

from posko.services import verification
from posko.services.secure_codes import open_code
from tests.support.operator import NASTY, field, press, say, texts_of
from tests.support.way import whole_way

pytestmark = pytest.mark.server


@pytest.fixture
def seen(seen):
    """Return how one of the staff looks at a page, first of all the auditor."""
    return lambda path, who="AU1": seen(path, who)


def certificate(world):
    """Let one TKI be certified and return number and secure code."""
    whole_way(world, {"9000001": "K"})
    ((number, sealed),) = world.ask("select certificate_no, secure_code_cipher from posko.certificate")
    return number, open_code(world.office.keys["secure-code-cipher"], number, sealed)


def check(page, number, code):
    field(page, "genuine.number").set_value(number)
    field(page, "genuine.code").set_value(code)
    return press(page, "genuine.go")


def test_every_role_checks_a_certificate_and_sees_the_verdict_before_the_masked_holder(world, seen):
    number, code = certificate(world)
    for who in ("SA1", "KO1", "LS1", "TU1", "AS1", "BN1", "AU1"):
        shown = texts_of(check(seen("keaslian", who), number, code))
        assert say("genuine.VALID") in shown, who
        assert "TKI 9000001" not in shown
        assert shown.index(say("genuine.VALID")) < shown.index("9000001</dd>")


@pytest.mark.parametrize("typed", ["  ", *NASTY, "9" * 64])
def test_a_wrong_pair_is_unknown_or_a_sentence_and_tells_nothing_of_a_holder(world, seen, typed):
    number, _ = certificate(world)

    page = check(seen("keaslian"), number, typed)

    assert not page.exception
    shown = texts_of(page)
    assert bool(page.error) != (say("genuine.UNKNOWN") in shown)
    assert "9000001" not in shown


def test_wrong_tries_are_few(world, seen):
    number, code = certificate(world)
    page = seen("keaslian")
    for _ in range(30):
        page = check(page, number, "000000")
        if page.error:
            break

    page = check(page, number, code)
    assert page.error
    assert "9000001" not in texts_of(page)


def test_looking_again_asks_nothing_again(world, seen):
    number, _ = certificate(world)
    page = check(seen("keaslian"), number, "000000")

    page.run()

    verdicts = world.value(
        "select count(*) from posko_audit.audit_event where action = :a", a=verification.verify.meta.name
    )
    assert verdicts == 1
