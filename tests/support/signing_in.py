"""Signing in past the screens: a good finger, a wrong one, a proof that is forged or used again, and what was written of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from posko.domain.proof import FingerProof, Purpose, seal_of
from posko.services import login

if TYPE_CHECKING:
    from tests.support.world import World

REJECTED = {"ok": False, "token": None, "role": None, "reason": None}


def finger(world: World, who: str = "KO1", purpose: Purpose = Purpose.LOGIN, station: str = "ST-1") -> FingerProof:
    return world.proof("STAFF", who, purpose, station)


def new_finger(world: World, person_id: str) -> FingerProof:
    """Return a finger that was just taken of somebody, to be enrolled."""
    return world.proof("STAFF", person_id, Purpose.ENROL, "ST-0")


def sign_in(world: World, who: str = "KO1", station: str = "ST-1", **more: object) -> dict[str, Any]:
    proof = more["proof"] if "proof" in more else finger(world, who, station=station)
    return world.office.desk(None).do(login.login, id_as_typed=who, station_code=station, proof=proof)


def miss(world: World, who: str = "KO1", station: str = "ST-1") -> dict[str, Any]:
    world.matcher.misses[who] += 1
    return sign_in(world, who, station)


def attempts(world: World) -> list[str]:
    return [row[0] for row in world.ask("select outcome from posko.login_attempt order by attempt_id")]


def later(world: World, **delta: float) -> None:
    world.now += dt.timedelta(**delta)


def forged(world: World) -> FingerProof:
    return dataclasses.replace(finger(world), score=400)


def replayed(world: World) -> FingerProof:
    first = finger(world)
    sign_in(world, proof=first)
    again = dataclasses.replace(first, proof_id="0" * 32)
    return dataclasses.replace(again, seal=seal_of(again, world.office.keys["finger-proof"]))
