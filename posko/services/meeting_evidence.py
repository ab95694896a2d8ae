"""What an evaluation meeting sees, and what is frozen of it when its minutes are closed (§14.2; R-067, R-162)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.matrix import Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, scorecards
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.services.office import Tx

_RESULTS = """
    select {group} as code, count(*) as tested, sum(d.result = 'K') as passed
    from posko.meeting_item i
    join posko.decision d on d.journey_id = i.journey_id
    join posko.exam_session s on s.session_id = d.session_id
    where i.meeting_id = :id and (:lsp is null or d.lsp_code = :lsp)
    group by {group} order by {group}
"""
_GROUPS = {"per_lsp": "d.lsp_code", "per_tuk": "s.tuk_code", "per_asesor": "s.met_no"}
_ITEMS = """
    from posko.meeting_item i join posko.journey j on j.journey_id = i.journey_id
    left join posko.decision d on d.journey_id = i.journey_id
    where i.meeting_id = :id and (:lsp is null or d.lsp_code = :lsp)
"""
_HELD = f"select i.journey_id, j.tki_id, i.reason {_ITEMS} and i.finding = 'HOLD' order by i.journey_id"
_COMMENTS = (
    "select lsp_code, comment from posko.meeting_comment where meeting_id = :id"
    " and (:lsp is null or lsp_code = :lsp) order by comment_id"
)


def looked_at(tx: Tx, meeting_id: object) -> tuple[Row, str | None]:
    """Permit who asks to look at a meeting; return its row, and the LSP to whose part she is limited (None: the whole).

    Raises:
        Refused: no such meeting, or an LSP without results on its table.
    """
    number = inputs.number(meeting_id, "Nomor rapat")
    tx.about("meeting", number)
    own = tx.by.lsp_code if tx.by is not None and tx.by.role is Role.LSP else None
    is_there = own is None or own in lsp_codes(tx.db, number)
    tx.permit(how=Act.READ, lsp_code=own if is_there else None)
    row = one(tx.db, "select * from posko.evaluation_meeting where meeting_id = :id", id=number)
    if row is None:
        raise refuse("UNKNOWN_MEETING", meeting_id=number)
    return row, own


def participants(db: sa.Connection, meeting_id: int) -> list[Row]:
    """Return who was there, and for whom."""
    return many(
        db,
        "select person_id, organisation from posko.meeting_participant where meeting_id = :id order by person_id",
        id=meeting_id,
    )


def lsp_codes(db: sa.Connection, meeting_id: int) -> set[str]:
    """Return the LSP whose results are on the table."""
    found = many(
        db,
        "select distinct d.lsp_code from posko.meeting_item i join posko.decision d on d.journey_id = i.journey_id"
        " where i.meeting_id = :id",
        id=meeting_id,
    )
    return {row["lsp_code"] for row in found}


def summary(db: sa.Connection, meeting: Row, *, lsp_code: str | None = None) -> dict[str, Any]:
    """Return results and pass rates, deviations, open cases, holds and comments of one meeting, as texts and whole numbers.

    `passed_permille` is the share of those who passed, in thousandths. With `lsp_code` only what belongs to that LSP.
    """
    values = {"id": meeting["meeting_id"], "lsp": lsp_code}
    rates = {
        name: [_rate(row) for row in many(db, _RESULTS.format(group=group), **values)]
        for name, group in _GROUPS.items()
    }
    total = {
        "tested": sum(row["tested"] for row in rates["per_lsp"]),
        "passed": sum(row["passed"] for row in rates["per_lsp"]),
    }
    return {
        "meeting_id": int(meeting["meeting_id"]),
        "held_on": meeting["held_on"].isoformat(),
        "state": meeting["state"],
        "results": {**total, "passed_permille": _permille(total["passed"], total["tested"])},
        **rates,
        "deviations": [
            {"rule_id": row["rule_id"], "severity": row["severity"], "found": int(row["found"])}
            for row in many(
                db,
                "select v.rule_id, v.severity, count(*) as found from posko.deviation v where v.journey_id in"
                f" (select i.journey_id {_ITEMS}) group by v.rule_id, v.severity order by v.rule_id",
                **values,
            )
        ],
        "open_cases": [
            {**row, "due_at": row["due_at"].isoformat()}
            for row in many(
                db,
                "select distinct c.case_id, c.severity, c.status, c.due_at from posko.deviation_case c"
                " join posko.deviation v on v.case_id = c.case_id where c.status <> 'CLOSED' and v.journey_id in"
                f" (select i.journey_id {_ITEMS}) order by c.case_id",
                **values,
            )
        ],
        "held": many(db, _HELD, **values),
        "comments": many(db, _COMMENTS, **values),
    }


def seen(db: sa.Connection, meeting: Row, *, lsp_code: str | None = None) -> dict[str, Any]:
    """Return what a meeting has before it as `summary`: as it is now, or, once its minutes are closed, as it was frozen."""
    kept: dict[str, Any] = json.loads(meeting["evidence"]) if meeting["evidence"] else {}
    found: dict[str, Any] | None = kept if lsp_code is None else kept.get("own", {}).get(lsp_code)
    return found or summary(db, meeting, lsp_code=lsp_code)


def frozen(db: sa.Connection, meeting: Row) -> str:
    """Return the evidence as it is kept with the minutes: canonical JSON of what `seen` returns and of the scorecards.

    Under `own` stands the part of each LSP, `scorecards_sha256` is the digest of the cards, and `checkpoint` the newest one of the audit
    log, so that paper holds it too (requirements 8.3 no. 2).
    """
    closed = {**meeting, "state": "CLOSED"}

    def part(lsp_code: str | None) -> dict[str, Any]:
        made = scorecards.make(db, scorecards.span_of(db, meeting, lsp_code=lsp_code))
        return {**summary(db, closed, lsp_code=lsp_code), scorecards.KEY: made}

    whole = part(None)
    own = {lsp_code: part(lsp_code) for lsp_code in sorted(lsp_codes(db, meeting["meeting_id"]))}
    told = {**whole, scorecards.DIGEST: scorecards.digest(whole[scorecards.KEY]), "checkpoint": _checkpoint(db)}
    return canonical({**told, "own": own})


def _checkpoint(db: sa.Connection) -> dict[str, Any] | None:
    """Return size and root of the newest checkpoint of the audit log; None before the first."""
    row = one(db, "select size, root, made_at from posko_audit.audit_checkpoint order by size desc limit 1")
    return row and {"size": int(row["size"]), "root": row["root"].hex(), "made_at": row["made_at"].isoformat()}


def digest(db: sa.Connection, meeting: Row) -> bytes:
    """Return SHA-256 over all that closed minutes hold, recomputed from the rows: whoever changes one of them shows."""
    values = {"id": meeting["meeting_id"]}
    items = many(
        db,
        "select journey_id, finding, reason, noted_by from posko.meeting_item where meeting_id = :id order by journey_id",
        **values,
    )
    comments = many(
        db,
        "select comment_id, lsp_code, comment, made_by from posko.meeting_comment where meeting_id = :id order by comment_id",
        **values,
    )
    held = {**meeting, "held_on": meeting["held_on"].isoformat()}
    return digest_of(held, participants(db, meeting["meeting_id"]), items, comments)


def digest_of(meeting: Row, people: Sequence[Row], items: Sequence[Row], comments: Sequence[Row]) -> bytes:
    """Return what `digest` does of rows that are given, as an auditor's pack holds them; `held_on` is ISO text."""
    told: dict[str, object] = {
        "meeting_id": int(meeting["meeting_id"]),
        **{name: meeting[name] for name in ("held_on", "place", "minutes", "evidence")},
        "participants": people,
        "items": items,
        "comments": comments,
    }
    return sha256(canonical(told).encode()).digest()


def closed_meetings(db: sa.Connection, meeting_id: int | None = None) -> list[Row]:
    """Return the meetings with closed minutes, or the one that is named, in their order."""
    return many(
        db,
        "select * from posko.evaluation_meeting where state = 'CLOSED' and (:id is null or meeting_id = :id) order by meeting_id",
        id=meeting_id,
    )


def altered_minutes(db: sa.Connection) -> list[int]:
    """Return the closed meetings whose rows no longer fit the hash of their minutes; for the check of the whole."""
    return [int(row["meeting_id"]) for row in closed_meetings(db) if digest(db, row) != row["minutes_sha256"]]


def _rate(row: Row) -> Row:
    tested, passed = int(row["tested"]), int(row["passed"])
    return {"code": row["code"], "tested": tested, "passed": passed, "passed_permille": _permille(passed, tested)}


def _permille(passed: int, tested: int) -> int:
    return round(1000 * passed / tested) if tested else 0
