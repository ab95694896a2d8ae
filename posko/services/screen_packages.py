"""What an LSP or TUK sees of the packages that BNSP sent it, before it takes them over or refuses them (§12.10-12.11; R-105, R-182).

The hash that was sent stands beside the hash of the rows as they are now: who takes over sees that nothing was added, lost or altered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.handoff import batch_hash
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import inputs
from posko.services.distribution import scope_of
from posko.services.handed_rows import recomputed
from posko.services.list_query import page
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, code_or_none, day_or_none
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("OPEN", "REFUSED", "TAKEN_OVER")
_STATE = """case when package.acknowledged_at is not null then 'TAKEN_OVER' when exists (select 1 from posko.package_refusal as
    refusal where refusal.batch_id = package.batch_id) then 'REFUSED' else 'OPEN' end"""
_PACKAGE_COLUMNS = (
    "package.batch_id, package.receiver_kind, package.receiver_code, package.acknowledged_at, package.acknowledged_by, package.state,"
    " batch.row_count, batch.sent_at"
)
_PACKAGES = f"""
    from (select package.batch_id, package.receiver_kind, package.receiver_code, package.acknowledged_at,
            package.acknowledged_by, {_STATE} as state from posko.distribution as package
            where (:kind is null or package.receiver_kind = :kind) and (:code is null or package.receiver_code = :code)) as package
    join posko.handoff_batch as batch on batch.batch_id = package.batch_id
    where (:state is null or package.state = :state) and (:since is null or batch.sent_at >= :since)"""
_ROW_COLUMNS = "line.tki_id, candidate.full_name, session.exam_on, session.tuk_code, session.lsp_code, session.met_no, journey.status"
_ROWS = """
    from posko.handoff_line as line
    join posko.candidate as candidate on candidate.journey_id = line.journey_id
    join posko.journey as journey on journey.journey_id = line.journey_id
    left join posko.allocation as allocation
        on allocation.journey_id = line.journey_id and allocation.attempt_no = line.attempt_no
    left join posko.exam_session as session on session.session_id = allocation.session_id
    where line.batch_id = :id and (:tki is null or line.tki_id = :tki)"""


@act("distribution.packages_of", Command.ACKNOWLEDGE)
def inbox(
    tx: Tx,
    *,
    receiver_kind: str | None = None,
    receiver_code: str | None = None,
    state: str | None = None,
    since: object = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return packages, those not taken over first: an LSP and a TUK see their own, whether they say so or not.

    Args:
        tx: the act.
        receiver_kind: only of LSP or of TUK.
        receiver_code: only of this one.
        state: one of `STATES`.
        since: sent on this day (UTC) or later.
        limit: rows of this part.
        offset: rows before it.

    Returns:
        `rows`: batch_id, receiver_kind, receiver_code, row_count, sent_at, acknowledged_at (ISO), acknowledged_by, state; `total`.

    Raises:
        Refused: no such choice, code, day or part of the list, or another's.
    """
    kind = inputs.choice(receiver_kind, "Penerima", ("LSP", "TUK")) if receiver_kind else None
    code = code_or_none(receiver_code, "Penerima", 20)
    if tx.by is not None and tx.by.role in {Role.LSP, Role.TUK}:
        kind, code = kind or tx.by.role.value, code or tx.by.lsp_code or tx.by.tuk_code
    tx.about("inbox", f"{kind or '*'}:{code or '*'}")
    lsp_code, tuk_code = scope_of(kind, code) if kind and code else (None, None)
    tx.permit(how=Act.READ, lsp_code=lsp_code, tuk_code=tuk_code)
    asked = {
        "kind": kind,
        "code": code,
        "state": inputs.choice(state, "Keadaan", STATES) if state else None,
        "since": day_or_none(since, "Tanggal"),
    }
    order = "package.acknowledged_at is not null, package.batch_id desc"
    total, rows = page(tx.db, _PACKAGE_COLUMNS, _PACKAGES, order, asked, limit=limit, offset=offset)
    tx.record("inbox", f"{kind or '*'}:{code or '*'}", {"rows": len(rows)})
    return {"rows": [_iso(row) for row in rows], "total": total}


@act("distribution.look", Command.ACKNOWLEDGE)
def look(tx: Tx, *, batch_id: int) -> dict[str, Any]:
    """Return one package as it arrived: counts and hashes of both sides, its exam sessions, who refused it and why.

    Returns:
        batch_id, receiver_kind, receiver_code, sender, sent_at, acknowledged_at, acknowledged_by; `sent` and `arrived`: counts;
        `sent_sha256` and `arrived_sha256` in hex; `is_whole`: both agree; `sessions`: exam_on, tuk_code, lsp_code, met_no, tki;
        `refusals`: refused_at, refused_by, reason.

    Raises:
        Refused: not a package, or another's.
    """
    package = _package(tx, batch_id)
    number = package["batch_id"]
    sent = (int(package["row_count"]), package["rows_sha256"].hex())
    arrived = _arrived(tx, package)
    sessions = many(
        tx.db,
        f"select session.session_id, session.exam_on, session.tuk_code, session.lsp_code, session.met_no, count(*) as tki {_ROWS}"
        " and session.session_id is not null group by session.session_id, session.exam_on, session.tuk_code, session.lsp_code,"
        " session.met_no order by session.exam_on, session.session_id",
        id=number,
        tki=None,
    )
    refusals = many(
        tx.db,
        "select refused_at, refused_by, reason from posko.package_refusal where batch_id = :id order by refusal_id desc",
        id=number,
    )
    tx.record("handoff", number, {"step": "looked", "rows": sent[0], "is_whole": sent == arrived})
    return {
        **{name: package[name] for name in ("batch_id", "receiver_kind", "receiver_code", "sender", "acknowledged_by")},
        **_iso({name: package[name] for name in ("sent_at", "acknowledged_at")}),
        "sent": sent[0],
        "sent_sha256": sent[1],
        "arrived": arrived[0],
        "arrived_sha256": arrived[1],
        "is_whole": sent == arrived,
        "sessions": [{**row, "exam_on": row["exam_on"].isoformat()} for row in sessions],
        "refusals": [_iso(row) for row in refusals],
    }


@act("distribution.package_rows", Command.ACKNOWLEDGE)
def rows(
    tx: Tx, *, batch_id: int, tki_id: str | None = None, limit: int = PAGE_ROWS, offset: int = 0
) -> dict[str, Any]:
    """Return who is in a package: `rows` of tki_id, full_name, exam_on, tuk_code, lsp_code, met_no, label; and `total`.

    Raises:
        Refused: not a package, another's, or no such ID or part of the list.
    """
    number = _package(tx, batch_id)["batch_id"]
    asked = {"id": number, "tki": inputs.tki(tki_id) if tki_id else None}
    order = "candidate.full_name, line.tki_id"
    total, found = page(tx.db, _ROW_COLUMNS, _ROWS, order, asked, limit=limit, offset=offset)
    tx.record("handoff", number, {"step": "rows", "rows": len(found)})
    shown = [
        {
            **{name: value for name, value in row.items() if name != "status"},
            "exam_on": row["exam_on"] and row["exam_on"].isoformat(),
            "label": LABELS[Status(row["status"])],
        }
        for row in found
    ]
    return {"rows": shown, "total": total}


def _package(tx: Tx, batch_id: object) -> Row:
    """Return a package with its batch, if who asks may see it."""
    number = inputs.number(batch_id, "Nomor kiriman")
    tx.about("handoff", number)
    found = one(
        tx.db,
        "select batch.*, package.receiver_kind, package.receiver_code, package.acknowledged_at, package.acknowledged_by"
        " from posko.distribution as package join posko.handoff_batch as batch on batch.batch_id = package.batch_id"
        " where package.batch_id = :id",
        id=number,
    )
    lsp_code, tuk_code = scope_of(found["receiver_kind"], found["receiver_code"]) if found else (None, None)
    tx.permit(how=Act.READ, lsp_code=lsp_code, tuk_code=tuk_code)
    if found is None:
        raise refuse("NOT_A_PACKAGE", batch_id=number)
    return found


def _arrived(tx: Tx, package: Row) -> tuple[int, str]:
    """Return count and hash of what arrived: of the rows now, and of a package that was taken over as it was then."""
    if package["received_sha256"] is not None:
        return int(package["received_count"]), package["received_sha256"].hex()
    hashes = recomputed(tx.db, package)
    return len(hashes), batch_hash(hashes.values()).hex()


def _iso(row: Row) -> Row:
    """Return a row with its times as ISO texts."""
    times = {name: value.isoformat() for name, value in row.items() if name.endswith("_at") and value is not None}
    return {**row, **times}
