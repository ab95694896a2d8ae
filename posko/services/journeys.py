"""The only way in which a journey moves: the table of states decides, the row and its event are written together (R-004, DV-X01, DV-X06).

A move is a conditional UPDATE: if the row no longer stands where the act read it, nothing is written. Many journeys move
with one statement and one event each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.journey import ENTITY, key_of, moved, side_changed
from posko.domain.refusals import refuse
from posko.domain.status import SideStatus, Status, lift_side, move, set_side, starts_next_attempt
from posko.services.rows import Row, change, chunks, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx

COLUMNS = "journey_id, tki_id, scheme_code, journey_no, attempt_no, status, is_revoked, is_suspended, is_appealed"
_FLAGS = {
    SideStatus.REVOKED: "is_revoked",
    SideStatus.SUSPENDED: "is_suspended",
    SideStatus.APPEALED: "is_appealed",
}


def open_journeys(tx: Tx, rows: Sequence[tuple[str, str]], *, status: Status = Status.SENT_TO_KONSORSIUM) -> list[Row]:
    """Open one journey for each (tki_id, scheme_code) and return the rows; its number follows the person's last one.

    Raises:
        sqlalchemy.exc.IntegrityError: one of them has an open journey; the unique key says so, not a count.
    """
    made: list[Row] = []
    for some in chunks(rows):
        ids = [tki_id for tki_id, _ in some]
        last = {
            (row["tki_id"], row["scheme_code"]): int(row["last_no"])
            for row in many(
                tx.db,
                "select tki_id, scheme_code, max(journey_no) as last_no from posko.journey where tki_id in :ids"
                " group by tki_id, scheme_code",
                ids=ids,
            )
        }
        numbers = {pair: last.get(pair, 0) + 1 for pair in some}
        tx.db.execute(
            sa.text(
                "insert into posko.journey (tki_id, scheme_code, journey_no, attempt_no, status, opened_at, moved_at)"
                " values (:tki, :scheme, :number, 1, :status, :at, :at)"
            ),
            [
                {"tki": tki, "scheme": scheme, "number": number, "status": status.value, "at": tx.at}
                for (tki, scheme), number in numbers.items()
            ],
        )
        found = many(
            tx.db,
            f"select {COLUMNS} from posko.journey where tki_id in :ids and open_scheme is not null order by journey_id",
            ids=ids,
        )
        made += [row for row in found if numbers.get((row["tki_id"], row["scheme_code"])) == row["journey_no"]]
    tx.record_many([tx.event(ENTITY, name_of(row), moved(None, status, 1)) for row in made])
    return made


def name_of(row: Row) -> str:
    """Return the journey's name in the log."""
    return key_of(row["tki_id"], row["scheme_code"], int(row["journey_no"]))


def read(tx: Tx, journey_id: int) -> Row:
    """Return one journey, locked until the act ends, so that what was read still holds when it is written.

    Raises:
        Refused: there is none.
    """
    row = one(tx.db, f"select {COLUMNS} from posko.journey where journey_id = :id for update", id=journey_id)
    if row is None:
        raise refuse("UNKNOWN_JOURNEY", journey_id=journey_id)
    tx.about(ENTITY, name_of(row))
    tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
    return row


def read_many(tx: Tx, journey_ids: Sequence[int]) -> list[Row]:
    """Return journeys, locked in the order of their number, so that two acts cannot lock each other out."""
    sql = f"select {COLUMNS} from posko.journey where journey_id in :ids order by journey_id for update"
    return many_among(tx.db, sql, sorted(set(journey_ids)))


def advance(tx: Tx, row: Row, to: Status, told: Mapping[str, object] | None = None) -> Row:
    """Move one journey and return it as it stands then.

    Raises:
        IllegalMove: the table of states does not name the move (DV-X01).
        Refused: somebody moved it meanwhile.
    """
    return advance_many(tx, [row], to, {row["journey_id"]: dict(told or {})})[0]


def advance_many(
    tx: Tx, rows: Sequence[Row], to: Status, told: Mapping[int, Mapping[str, object]] | None = None
) -> list[Row]:
    """Move many journeys, all or none, and return them as they stand then; `told` adds to the event of a journey.

    Raises:
        IllegalMove: the table of states does not name one of the moves (DV-X01).
        Refused: somebody moved one of them meanwhile.
    """
    after: list[Row] = []
    groups: dict[tuple[str, bool], list[int]] = {}
    events = []
    for row in rows:
        before = Status(row["status"])
        try:
            move(before, to)
        except Exception:
            tx.about(ENTITY, name_of(row))
            tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
            raise
        is_next = starts_next_attempt(before, to)
        attempt = int(row["attempt_no"]) + is_next
        groups.setdefault((before.value, is_next), []).append(int(row["journey_id"]))
        after.append({**row, "status": to.value, "attempt_no": attempt})
        payload = {**moved(before, to, attempt), **((told or {}).get(int(row["journey_id"])) or {})}
        events.append(tx.event(ENTITY, name_of(row), payload))
    for (before_value, is_next), ids in groups.items():
        _write(tx, ids, before_value, to, is_next=is_next)
    if events:
        tx.record_many(events)
    return after


def _write(tx: Tx, ids: list[int], before: str, to: Status, *, is_next: bool) -> None:
    for some in chunks(ids):
        touched = change(
            tx.db,
            "update posko.journey set status = :to, moved_at = :at, attempt_no = attempt_no + :more"
            " where journey_id in :ids and status = :before",
            to=to.value,
            at=tx.at,
            more=int(is_next),
            ids=some,
            before=before,
        )
        if touched != len(some):
            raise refuse("CHANGED_MEANWHILE")


def _sides_of(row: Row) -> frozenset[SideStatus]:
    return frozenset(side for side, flag in _FLAGS.items() if row[flag])


def set_side_of(tx: Tx, row: Row, side: SideStatus, *, stands: bool, told: Mapping[str, object] | None = None) -> None:
    """Set a side state beside the main one, or lift it.

    Raises:
        IllegalMove: the tables of `posko.domain.status` do not allow it.
    """
    if stands:
        set_side(Status(row["status"]), _sides_of(row), side)
    else:
        lift_side(_sides_of(row), side)
    change(
        tx.db,
        f"update posko.journey set {_FLAGS[side]} = :stands where journey_id = :id",
        stands=int(stands),
        id=row["journey_id"],
    )
    row[_FLAGS[side]] = int(stands)
    tx.record(ENTITY, name_of(row), {**side_changed(side, stands=stands), **(told or {})})


def hold_part(tx: Tx, journey_ids: Sequence[int], part: str) -> None:
    """Note that who acts has this part (KONSORSIUM, LSP, TUK, ASESOR) for these TKI.

    Raises:
        Refused: this person already has another part for one of them (R-070, DV-N06).
    """
    for some in chunks(sorted(set(journey_ids))):
        tx.db.execute(
            sa.text(
                "insert ignore into posko.part_held (journey_id, person_id, part, held_at) values (:id, :who, :part, :at)"
            ),
            [{"id": journey_id, "who": tx.person_id, "part": part, "at": tx.at} for journey_id in some],
        )
        other = many(
            tx.db,
            "select journey_id, part from posko.part_held"
            " where journey_id in :ids and person_id = :who and part <> :part order by journey_id limit 1",
            ids=some,
            who=tx.person_id,
            part=part,
        )
        if other:
            tx.context.update(journey_id=other[0]["journey_id"])
            raise refuse("TWO_PARTS", part=part, other=other[0]["part"])
