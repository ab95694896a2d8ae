"""Frauds and near misses of sign-in, access and the log, DV-X02..DV-X06 (§5.3-5.4, §9.1, §12.5), as the tables and the log keep them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.fraud.planting import Planted
from apps.fraud.rows_cx import tell, value
from posko.domain.journey import key_of

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

WIB = dt.timedelta(hours=7)
_STAFF = (
    "select person_id, role, lsp_code from posko.staff where state = 'ACTIVE' and role in ({roles}) order by person_id"
)
_ATTEMPT = """
    insert into posko.login_attempt (attempted_at, id_as_typed, station_code, outcome) values (:at, :typed, :station, :outcome)"""


def _days(n: int) -> list[dt.date]:
    """Return n days, the first two months ago, then backwards."""
    first = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=60)
    return [first - dt.timedelta(days=number) for number in range(n)]


def _staff(ground: Ground, *roles: str) -> list[tuple[str, str, str | None]]:
    """Return number, role and LSP of the staff of these roles."""
    sql = _STAFF.format(roles=", ".join(f"'{role}'" for role in roles))
    return [(str(person), str(role), lsp) for person, role, lsp in ground.db.execute(sa.text(sql))]


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute)) - WIB


def rejected(ground: Ground, k: int) -> list[Planted]:
    """DV-X02: a dozen numbers at one station, or one number a dozen times, an hour apart; near: half as many."""
    made: list[Planted] = []
    station = value(ground, "select min(station_code) from posko.station where tuk_code is not null")
    for place, day in enumerate(_days(2 * k)):
        is_fraud, many = place < k, place % 2 == 0
        ids = [f"COBA-{place}-{number}" if many else f"COBA-{place}" for number in range(12 if is_fraud else 6)]
        # A station of nobody, so that honest errors of that day do not add up to the near miss.
        where = f"{station[:20]}-{place}"
        rows = [
            {"at": _at(day, 7 + number), "typed": typed, "station": where, "outcome": "UNKNOWN_ID"}
            for number, typed in enumerate(ids)
        ]
        ground.run(_ATTEMPT, rows)
        subject = ("station", where) if many else ("staff", ids[0])
        made.append(Planted("DV-X02", *subject, str(day), is_fraud=is_fraud))
    return made


def behalf(ground: Ground, k: int) -> list[Planted]:
    """DV-X03: a Super Administrator in an LSP's place, or a decision at night; near: an act of her own, and a look at a list at night."""
    made: list[Planted] = []
    supers, others = _staff(ground, "SUPER"), _staff(ground, "LSP", "KONSORSIUM")
    for place, day in enumerate(_days(2 * k)):
        is_fraud = place < k
        if place % 2 == 0:
            person, role, _ = supers[place % len(supers)]
            party = "LSP-SIM" if is_fraud else None
            tell(ground, "decision.decide", who=(person, role), about=("session", "1"), at=_at(day, 10), behalf=party)
            made.append(Planted("DV-X03", "staff", person, f"{day} LSP-SIM", is_fraud=is_fraud))
        else:
            person, role, _ = others[place % len(others)]
            action = "decision.decide" if is_fraud else "registration.search"
            tell(ground, action, who=(person, role), about=("sitting", "1"), at=_at(day, 2, 30))
            made.append(Planted("DV-X03", "staff", person, f"luar jam {day}", is_fraud=is_fraud))
    return made


def taken(ground: Ground, k: int) -> list[Planted]:
    """DV-X04: lists of 30,000 rows taken out on one day; near: of 15,000."""
    made: list[Planted] = []
    people = _staff(ground, "LSP", "KONSORSIUM", "BNSP")
    for place, day in enumerate(_days(2 * k)):
        person, role, _ = people[place % len(people)]
        rows = 15_000 if place < k else 7_500
        for hour in (9, 15):
            tell(
                ground,
                "list.export",
                who=(person, role),
                about=("export", "peserta"),
                at=_at(day, hour),
                payload={"rows": rows},
            )
        made.append(Planted("DV-X04", "staff", person, f"ekspor {day}", is_fraud=place < k))
    return made


def tampered(ground: Ground, k: int) -> list[Planted]:
    """DV-X05: an event whose predecessor is gone, or that nobody waits to seal; near: events as they are written."""
    made: list[Planted] = []
    who = ("posko", "SUPER")
    for place, day in enumerate(_days(2 * k)):
        is_fraud, is_gap = place < k, place % 2 == 0
        seq = 2 if is_fraud and is_gap else 1
        prev = ground.rng.randbytes(32) if seq == 2 else bytes(32)
        writer = tell(ground, "registry.save", who=who, about=("lsp", "-"), at=_at(day, 10), seq=seq, prev=prev)
        if is_fraud and not is_gap:
            ground.run(
                "delete waits from posko_audit.audit_pending as waits join posko_audit.audit_event as event using (event_id)"
                " where event.writer_id = :writer",
                {"writer": writer},
            )
        key = f"{'rantai' if is_gap else 'segel'} {writer.hex()}/{seq}"
        made.append(Planted("DV-X05", "system", "log audit", key, is_fraud=is_fraud))
    return made


def unlogged(ground: Ground, k: int) -> list[Planted]:
    """DV-X06: a state written past the log, or an event that moved nothing; near: an event that only tells of a look."""
    made: list[Planted] = []
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    for place, row in enumerate(ground.journeys(2 * k, state="CLOSED")):
        name, is_fraud = key_of(row["tki_id"], row["scheme_code"], int(row["journey_no"])), place < k
        if is_fraud and place % 2 == 0:
            ground.run("update posko.journey set is_appealed = 1 where journey_id = :id", {"id": row["journey_id"]})
        else:
            moved = {"side": "APPEALED", "stands": True} if is_fraud else {"rows": 1}
            tell(ground, "appeal.record", who=("posko", "LSP"), about=("journey", name), at=now, payload=moved)
        made.append(Planted("DV-X06", "tki", row["tki_id"], name, is_fraud=is_fraud))
    return made


PLANTERS: dict[str, Planter] = {
    "DV-X02": rejected, "DV-X03": behalf, "DV-X04": taken, "DV-X05": tampered, "DV-X06": unlogged,
}  # fmt: skip
