"""Free secure codes: none twice, whoever races, however full the space is (§13.13; R-140)."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from posko.domain.errors import Refused
from posko.domain.secure_code import digest_of
from posko.services import secure_codes
from posko.services.office import ACTS, act

pytestmark = pytest.mark.server


@act("test.codes", None)
def codes(tx, *, wanted: int):
    tx.record("test", "codes")
    return secure_codes.take_codes(tx, wanted)


@pytest.fixture(autouse=True, scope="module")
def _own_acts():
    yield
    ACTS.pop("test.codes", None)


def test_a_used_code_is_never_taken_again(world, monkeypatch):
    drawn = iter(["AAAAAA"] * 20 + [f"{code:06X}" for code in range(1000)])
    monkeypatch.setattr(secure_codes, "draw", lambda: next(drawn))
    world.write(
        "insert into posko.secure_code_used values (:d)", d=digest_of(world.office.keys["secure-code-digest"], "AAAAAA")
    )

    assert world.desk(None).do(codes, wanted=3) == ["000000", "000001", "000002"]


def test_who_loses_a_race_for_a_code_draws_anew_for_that_row_only(world, monkeypatch):
    key = world.office.keys["secure-code-digest"]
    untaken = secure_codes._untaken
    looks = []

    def taken_after_the_look(tx, drawn):
        looks.append(len(drawn))
        free = untaken(tx, drawn)
        if len(looks) == 1:
            with world.admin().begin() as db:
                db.execute(sa.text("insert into posko.secure_code_used values (:d)"), {"d": next(iter(free))})
        return free

    monkeypatch.setattr(secure_codes, "_untaken", taken_after_the_look)

    made = world.desk(None).do(codes, wanted=10)

    assert len(set(made)) == 10
    assert looks == [10 + secure_codes.SPARE, 10, 1 + secure_codes.SPARE]
    assert world.value("select count(*) from posko.secure_code_used") == 11
    assert {digest_of(key, code) for code in made} <= {
        d for (d,) in world.ask("select digest from posko.secure_code_used")
    }


def test_when_hardly_a_code_is_free_the_act_is_refused(world, monkeypatch):
    monkeypatch.setattr(secure_codes, "draw", lambda: "AAAAAA")

    with pytest.raises(Refused) as refused:
        world.desk(None).do(codes, wanted=2)

    assert refused.value.code == "CODES_EXHAUSTED"
    assert world.value("select count(*) from posko.secure_code_used") == 0


@given(wanted=st.integers(1, 40), space=st.integers(60, 400))
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_codes_are_different_in_a_space_of_any_size(world, wanted, space):
    draws = random.Random(space)
    world.write("delete from posko.secure_code_used")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(secure_codes, "draw", lambda: f"{draws.randrange(space):06X}")
        made = world.desk(None).do(codes, wanted=wanted)

    assert len(set(made)) == wanted == world.value("select count(*) from posko.secure_code_used")
