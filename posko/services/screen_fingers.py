"""Where the finger of a TKI comes from, and who has none that could be compared (§6.1, §12.5; R-026, X11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import LABELS, Status
from posko.services import finger_sets, inputs
from posko.services.list_query import contains, counted, searched
from posko.services.office import act
from posko.services.paging import choice_or_none, part
from posko.services.rows import Row, many, one
from posko.services.templates import FROM_BNP2TKI

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "tki"
WAITING = (
    Status.REGISTERED,
    Status.SCHEDULED,
    Status.ALLOCATED,
    Status.RETURNED_TO_BNSP,
    Status.BALANCED,
    Status.DISTRIBUTED,
    Status.ACKNOWLEDGED,
    Status.TURNED_AWAY_NO_MATCH,
    Status.TURNED_AWAY_NOT_REGISTERED,
)
"""States of a TKI who still has an exam day before her, for which she needs a finger."""
MISSING, UNUSABLE = "MISSING", "UNUSABLE"
WHYS = (MISSING, UNUSABLE)
"""Why there is none: BNP2TKI sent nothing, or nothing that could be used."""
_IMPORT = """
    select finger, format, outcome, reason, received_at from posko.finger_import where id_tki = :id
    order by import_id desc limit 20"""
_REASON = """
    (select max(refused.reason) from posko.finger_import as refused
        where refused.id_tki = journey.tki_id and refused.outcome = 'REFUSED')"""
_OF_CANDIDATE = " join posko.candidate as candidate on candidate.journey_id = journey.journey_id"
# `force index`: the server would rather walk all journeys in the order of the page than sort the few that wait.
_WITHOUT = f"""
    from posko.journey as journey force index (journey_status) {{joined}}
    where journey.status in :states
        and not exists (select 1 from posko_biometric.finger_template as template where template.person_kind = 'TKI'
            and template.person_id = journey.tki_id and template.state = 'ACTIVE')
        and (:why is null or (:why = 'UNUSABLE') = ({_REASON} is not null))"""
_SEARCHED = f" and {contains('journey.tki_id', 'candidate.full_name')}"


@act("screen.tki_fingers", Command.REGISTER)
def of_tki(tx: Tx, *, tki_id: str) -> Row:
    """Return what is known of the fingers of one TKI.

    Returns:
        `tki_id`, `full_name`, `has_reference`: BNP2TKI's own print is in force, so nothing is enrolled over it; `sets`, `search` as in
        `finger_sets`; `imports`: what BNP2TKI sent and why it was refused, the newest first.

    Raises:
        Refused: BNP2TKI never sent such a TKI, or the role may not.
    """
    tki = inputs.tki(tki_id)
    tx.about(ENTITY, tki)
    tx.permit(how=Act.READ)
    known = one(tx.db, "select nama from posko_staging.tki_tlrt where id_tki = :id", id=tki)
    if known is None:
        raise refuse("TKI_UNKNOWN", tki_id=tki)
    sets = finger_sets.sets_of(tx.db, "TKI", tki)
    tx.record(ENTITY, tki, {"screen": "fingers", "sets": len(sets)})
    return {
        "tki_id": tki,
        "full_name": known["nama"],
        "has_reference": any(row["state"] == "ACTIVE" and row["provenance"] == FROM_BNP2TKI for row in sets),
        "sets": sets,
        "search": finger_sets.search_of(tx.db, "TKI", tki),
        "imports": [{**row, "received_at": row["received_at"].isoformat()} for row in many(tx.db, _IMPORT, id=tki)],
    }


@act("screen.tki_without_finger", Command.REGISTER)
def without(tx: Tx, *, limit: int, offset: int, search: str | None = None, why: str | None = None) -> Row:
    """Return one page of the registered TKI with an exam before them of whom no finger can be compared, by their number.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before.
        search: part of an ID TKI or a name; None or blank: all.
        why: one of `WHYS`, or None.

    Returns:
        `total`, and `rows`: tki_id, full_name, status, label, why (one of `WHYS`), reason (of the refused record, or None).

    Raises:
        Refused: a filter that there is not, or the role may not.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    asked = {
        "states": [status.value for status in WAITING],
        "search": searched(search),
        "why": choice_or_none(why, "Sebab", WHYS),
    }
    some = part(limit, offset)
    # Registration gives every journey its candidate: only a search asks for her before the page is known.
    is_searched = asked["search"] is not None
    found = _WITHOUT.format(joined=_OF_CANDIDATE) + _SEARCHED if is_searched else _WITHOUT.format(joined="")
    total = counted(tx.db, f"select 1 {found}", **asked)
    rows = many(
        tx.db,
        f"select journey.tki_id, candidate.full_name, journey.status, {_REASON} as reason from"
        f" (select journey.journey_id, journey.tki_id, journey.status {found}"
        f" order by journey.tki_id, journey.journey_id limit :most offset :before) as journey {_OF_CANDIDATE}"
        " order by journey.tki_id, journey.journey_id",
        **some,
        **asked,
    )
    tx.record(ENTITY, "*", {"rows": len(rows), **some, "is_searched": is_searched})
    shown = [
        {**row, "label": LABELS[Status(row["status"])], "why": MISSING if row["reason"] is None else UNUSABLE}
        for row in rows
    ]
    return {"total": total, "rows": shown}
