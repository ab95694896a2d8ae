"""What the audit log costs the cheapest usual acts: a payment, a look at one person, a finger at the door (R-021, R-180).

An act that does much hides the cost of its event; these do little. Each is the act itself, done by all writers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from apps.bench.core_crowd import LEAST_SHARE
from apps.bench.core_rows import READER, STATION, TUK, new_ids, put_waiting
from apps.bench.report import against_peer
from biometrics.issue import Issuer
from biometrics.scripted import ScriptedMatcher
from posko.domain.calendar import local_day
from posko.domain.matrix import Role
from posko.domain.proof import Purpose
from posko.domain.roles import Principal
from posko.services.attendance import record_attendance
from posko.services.office import server_time
from posko.services.registration import search, set_payment

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from apps.bench.core_crowd import Crowd
    from apps.bench.report import Line
    from posko.domain.proof import FingerProof
    from posko.settings import Settings

A_SESSION = 50


@dataclass(frozen=True)
class _Waiting:
    """One TKI who waits at the door with her finger."""

    journey_id: int
    tki_id: str
    session_id: int
    proof: FingerProof


@dataclass
class _Rates:
    """Acts a second in each round."""

    logged: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


def usual_acts(crowd: Crowd, admin: sa.Engine, settings: Settings, acts: int, *, rounds: int) -> list[Line]:
    """Measure each usual act with and without its events, in turns, so many acts at a time; return a line each.

    Args:
        crowd: the writers, with the log.
        admin: the server's administrator, who puts the rows before each turn.
        settings: of the installation that is measured on.
        acts: how many of each act in one turn.
        rounds: how many turns with and without; the medians count.
    """
    rates = {name: _Rates() for name in ACTS}
    for _ in range(rounds):
        for who, of in ((crowd, "logged"), (crowd.silent(), "plain")):
            waiting = _put(crowd, admin, settings, acts)
            for name, work in ACTS.items():
                getattr(rates[name], of).append(acts / who.each(partial(work, who), waiting))
    return [
        replace(
            against_peer(f"{name} dengan log, per detik", found.logged, found.plain, "tanpa log", unit=""),
            at_least=LEAST_SHARE,
        )
        for name, found in rates.items()
    ]


def _put(crowd: Crowd, admin: sa.Engine, settings: Settings, acts: int) -> list[_Waiting]:
    issuer = Issuer(ScriptedMatcher.of(settings), crowd.office.keys["finger-proof"])
    with admin.begin() as db:
        at = server_time(db)
        rows = put_waiting(db, new_ids(db, acts), exam_on=local_day(at), at=at, each=A_SESSION)
    return [
        _Waiting(
            journey_id, tki_id, session_id,
            issuer.prove("TKI", tki_id, Purpose.ATTEND, station_code=STATION, reader_serial=READER, at=at),
        )
        for journey_id, tki_id, session_id in rows
    ]  # fmt: skip


def _pay(crowd: Crowd, own: int, one: _Waiting) -> None:
    desk = crowd.office.desk(Principal(Role.KONSORSIUM, f"KO-{own}"))
    desk.do(set_payment, journey_id=one.journey_id, payment_status="DIBEBASKAN")


def _look(crowd: Crowd, own: int, one: _Waiting) -> None:
    crowd.office.desk(Principal(Role.KONSORSIUM, f"KO-{own}")).do(search, tki_id=one.tki_id)


def _scan(crowd: Crowd, own: int, one: _Waiting) -> None:
    desk = crowd.office.desk(Principal(Role.TUK, f"TU-{own}", None, TUK))
    desk.do(record_attendance, session_id=one.session_id, tki_id=one.tki_id, proof=one.proof)


ACTS: dict[str, Callable[[Crowd, int, _Waiting], None]] = {
    "status pembayaran": _pay,
    "melihat satu TKI": _look,
    "sidik jari di pintu": _scan,
}
"""Name in the report -> the act on one TKI; in this order, because a finger ends the waiting."""
