"""The list of what is open: who waits, what is late, what nobody confirmed (§14.5; R-169, R-182).

Nothing moves these on by itself, so the list is how nobody is forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import WIB, local_day
from posko.domain.case_status import LABELS as CASE_LABELS
from posko.domain.case_status import CaseStatus
from posko.domain.handoff import HOP_LABELS, Hop
from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.status import LABELS, WAITING, Status
from posko.services import holds, inputs
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, day_or_none, part
from posko.services.parameter_values import number_on
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from posko.services.office import Tx

BANDS = (7, 30, 90)
"""Days at which the age of a waiting TKI becomes another group."""
MOST_NAMED = 20
KINDS = ("WAITING", "HELD", "RETURN", "CASE", "APPEAL", "COMPLAINT", "HANDOFF", "STOP")
"""Kinds of open items, in the order of the list."""
_STUCK = (Status.EVALUATED.value, Status.PUBLISHED.value)

Item = dict[str, Any]


@act("open_items.list", Command.BALANCE)
def open_items(tx: Tx, *, day: date | None = None) -> list[Item]:
    """Return all open items of a day (today by default), the oldest first within each kind.

    Each has `kind`, `key`, `what` (in words), `count`, `since`, `age_days`, `due_on` where there is a clock, `is_overdue`, and
    `tki` with the ID TKI of the oldest. Kinds: WAITING (by state and age), HELD (by a case, after the meeting), RETURN (not
    acknowledged after the parameter's days), CASE (past its day), APPEAL and COMPLAINT (not decided), HANDOFF (not confirmed),
    STOP (publication stopped).
    """
    tx.permit(how=Act.READ)
    today = local_day(tx.at) if day is None else inputs.day(day, "Tanggal")
    return _all(tx, today)


@act("open_items.part", Command.BALANCE)
def listed(
    tx: Tx,
    *,
    day: object = None,
    kind: str | None = None,
    only_late: bool = False,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a part of the open items of a day: `rows` as `open_items` tells them, and `total`.

    Args:
        tx: the act.
        day: in Indonesia; None: today.
        kind: one of `KINDS`; None: all.
        only_late: only those past their day.
        limit: rows of this part.
        offset: rows before it.

    Raises:
        Refused: no such day, kind or part of the list.
    """
    tx.permit(how=Act.READ)
    today = day_or_none(day, "Tanggal")
    wanted = inputs.choice(kind, "Jenis", KINDS) if kind else None
    rows_of = part(limit, offset)
    found = [
        item
        for item in _all(tx, today if isinstance(today, date) else local_day(tx.at))
        if wanted in {None, item["kind"]} and (item["is_overdue"] or only_late is not True)
    ]
    return {"rows": found[rows_of["before"] :][: rows_of["most"]], "total": len(found)}


def _all(tx: Tx, today: date) -> list[Item]:
    items = [*_waiting(tx, today), *_held(tx, today), *_returns(tx, today), *_cases(tx, today)]
    items += [*_appeals(tx, today), *_handoffs(tx, today), *_stops(tx, today)]
    counts = {kind: sum(1 for item in items if item["kind"] == kind) for kind in sorted({i["kind"] for i in items})}
    tx.record("open_items", today.isoformat(), {"items": counts})
    return items


def _end(today: date) -> datetime:
    """Return the first moment after a day of western Indonesia, UTC."""
    return datetime.combine(today, time()) + timedelta(days=1) - WIB


def _item(kind: str, key: object, what: str, since: datetime, today: date, **more: Any) -> Item:
    began = local_day(since)
    facts: Item = {"kind": kind, "key": str(key), "what": what, "since": began.isoformat()}
    facts |= {"age_days": (today - began).days, "count": 1, "due_on": None, "is_overdue": False, "tki": []}
    return facts | more


def _waiting(tx: Tx, today: date) -> list[Item]:
    """Return the journeys in a state that may last for ever, by state and age."""
    rows = many(
        tx.db,
        "select status, tki_id, moved_at from posko.journey where status in :waiting and moved_at < :end order by moved_at",
        waiting=[status.value for status in WAITING],
        end=_end(today),
    )
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        age = (today - local_day(row["moved_at"])).days
        groups.setdefault((row["status"], sum(age > band for band in BANDS)), []).append(row)
    items = []
    for (status, band), found in sorted(groups.items(), key=lambda group: (group[0][0], -group[0][1])):
        what = f"{LABELS[Status(status)]}: menunggu {WAITING[Status(status)]}"
        tki = [row["tki_id"] for row in found[:MOST_NAMED]]
        key = f"{status}/{band_label(band)}"
        items.append(_item("WAITING", key, what, found[0]["moved_at"], today, count=len(found), tki=tki))
    return items


def band_label(band: int) -> str:
    """Return the ages of one group, in words."""
    if band == len(BANDS):
        return f"lebih dari {BANDS[-1]} hari"
    return f"{BANDS[band - 1] + 1 if band else 0}-{BANDS[band]} hari"


def _held(tx: Tx, today: date) -> list[Item]:
    """Return the results that went past the meeting and are held by a case since."""
    rows = many(
        tx.db,
        "select journey_id, tki_id, status, moved_at from posko.journey where status in :stuck and moved_at < :end"
        " order by moved_at",
        stuck=list(_STUCK),
        end=_end(today),
    )
    why = holds.held_by_case(tx.db, [int(row["journey_id"]) for row in rows])
    return [
        _item(
            "HELD", row["journey_id"], f"Ditahan: {why[row['journey_id']]}", row["moved_at"], today, tki=[row["tki_id"]]
        )
        for row in rows
        if row["journey_id"] in why
    ]


def _returns(tx: Tx, today: date) -> list[Item]:
    """Return each TKI whose return BNP2TKI did not acknowledge within its days (R-169)."""
    days = number_on(tx.db, "acknowledge_days", today)
    rows = many(
        tx.db,
        "select l.return_batch_id, l.tki_id, l.difference, b.made_at from posko.return_line l"
        " join posko.return_batch b on b.return_batch_id = l.return_batch_id where l.acknowledged_at is null"
        " and b.made_at < :limit and not exists (select 1 from posko.return_line n where n.journey_id = l.journey_id"
        " and n.version > l.version) order by b.made_at, l.tki_id",
        limit=_end(today - timedelta(days=days + 1)),
    )
    return [
        _item(
            "RETURN",
            f"{row['return_batch_id']}/{row['tki_id']}",
            f"Belum diakui BNP2TKI: {row['difference'] or 'belum dimutakhirkan'}",
            row["made_at"],
            today,
            due_on=(local_day(row["made_at"]) + timedelta(days=days)).isoformat(),
            is_overdue=True,
            tki=[row["tki_id"]],
        )
        for row in rows
    ]


def _cases(tx: Tx, today: date) -> list[Item]:
    rows = many(
        tx.db,
        "select case_id, title, severity, status, opened_at, due_at from posko.deviation_case where status <> 'CLOSED'"
        " and opened_at < :end order by due_at",
        end=_end(today),
    )
    return [
        _item(
            "CASE",
            row["case_id"],
            f"Kasus {row['severity']} {CASE_LABELS[CaseStatus(row['status'])]}: {row['title']}",
            row["opened_at"],
            today,
            due_on=local_day(row["due_at"]).isoformat(),
            is_overdue=local_day(row["due_at"]) < today,
        )
        for row in rows
    ]


def _appeals(tx: Tx, today: date) -> list[Item]:
    rows = many(
        tx.db,
        "select appeal_id, kind, tki_id, recorded_at, due_on from posko.appeal where decided_at is null"
        " and recorded_at < :end order by due_on",
        end=_end(today),
    )
    names = {"APPEAL": "Banding", "COMPLAINT": "Pengaduan"}
    return [
        _item(
            row["kind"],
            row["appeal_id"],
            f"{names[row['kind']]} belum diputuskan",
            row["recorded_at"],
            today,
            due_on=row["due_on"].isoformat(),
            is_overdue=row["due_on"] < today,
            tki=[row["tki_id"]] if row["tki_id"] else [],
        )
        for row in rows
    ]


def _handoffs(tx: Tx, today: date) -> list[Item]:
    """Return the hand-overs that the receiver did not confirm (R-182)."""
    rows = many(
        tx.db,
        "select batch_id, hop, sender, receiver, row_count, sent_at, (select refusal.reason from posko.package_refusal as refusal"
        " where refusal.batch_id = batch.batch_id order by refusal.refusal_id desc limit 1) as refusal"
        " from posko.handoff_batch as batch where loaded_at is null and sent_at < :end order by sent_at",
        end=_end(today),
    )
    return [
        _item(
            "HANDOFF",
            row["batch_id"],
            f"{_unconfirmed(row)}: {HOP_LABELS[Hop(row['hop'])]}",
            row["sent_at"],
            today,
            count=int(row["row_count"]),
        )
        for row in rows
    ]


def _unconfirmed(row: Row) -> str:
    if row["refusal"]:
        return f"Ditolak {row['receiver']} ({row['refusal']})"
    return f"Belum dikonfirmasi {row['receiver']}"


def _stops(tx: Tx, today: date) -> list[Item]:
    """Return the stop of the publication, if one stands: nobody's result goes out until it ends."""
    rows = many(
        tx.db,
        "select stop_id, stopped_at, stop_reason from posko.publication_stop where is_open = 1 and stopped_at < :end",
        end=_end(today),
    )
    return [
        _item("STOP", row["stop_id"], f"Penayangan dihentikan: {row['stop_reason']}", row["stopped_at"], today)
        for row in rows
    ]
