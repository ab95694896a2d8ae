"""What was changed on one TKI: who, when, before and after (§12.5-14.5; R-001, R-021, R-131).

What POSKO changed is told by the audit log alone: places, payments, scores, side states. What BNP2TKI corrected is told by the versions
that staging keeps; the NIK is masked there as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_nik
from posko.domain.matrix import Command
from posko.domain.status import Status
from posko.services import inputs
from posko.services.office import act
from posko.services.registration_record import FIELDS
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from posko.services.office import Tx

PLACE = ("exam_on", "lsp_code", "tuk_code", "met_no")
"""What a place is made of, in the order of Gambar 6."""
_COLUMNS = ", ".join(column for _, column, _ in FIELDS)
_VERSIONS = f"""
    select {_COLUMNS}, change_kind, replaced_by_batch_id as batch_id, replaced_at from posko_staging.tki_tlrt_history
    where id_tki = :tki order by replaced_at, replaced_by_batch_id"""
_NOW = f"select {_COLUMNS} from posko_staging.tki_tlrt where id_tki = :tki"


def changes_of(history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the events of one journey changed, in their order.

    Args:
        history: the events as `as_of` tells them: at, event, action, outcome, actor, role, on_behalf_of, told.

    Returns:
        at, event, actor, role, on_behalf_of, `what` (PLACE, PAYMENT, RESULT or SIDE), `before` and `after` (None: nothing), reason.
        A refused act changed nothing and is left out, as is a move that changed only the state.
    """
    found: list[dict[str, Any]] = []
    place: dict[str, Any] | None = None
    for step in history:
        told = step["told"]
        if step["outcome"] != "ok":
            continue
        known = {name: told[name] for name in PLACE if told.get(name) is not None}
        if told.get("to") == Status.ALLOCATED.value and len(known) == len(PLACE):
            found.append(_change(step, "PLACE", place, known))
            place = known
        elif told.get("to") == Status.REGISTERED.value and "undone" in told:
            found.append(_change(step, "PLACE", place or known, None))
            place = None
        found += _others(step)
    return found


@act("screen.record_changes", Command.READ_LOG)
def record_changes(tx: Tx, *, tki_id: str) -> list[Row]:
    """Return what BNP2TKI changed on the record of a TKI after it had come once, the oldest first.

    Returns:
        at, batch_id, kind (CORRECTED, DELETED, QUARANTINED), and `fields`: label, before and after of each that differs.

    Raises:
        Refused: no such ID, or the role may not read the log.
    """
    wanted = inputs.tki(tki_id)
    tx.about("tki", wanted)
    tx.permit()
    versions = many(tx.db, _VERSIONS, tki=wanted)
    following = [*versions[1:], *(many(tx.db, _NOW, tki=wanted) or [{}])]
    tx.record("tki", wanted, {"changes": len(versions)})
    return [
        {
            "at": before["replaced_at"].isoformat(),
            "batch_id": int(before["batch_id"]),
            "kind": before["change_kind"],
            "fields": list(_differing(before, after)) if before["change_kind"] == "CORRECTED" else [],
        }
        for before, after in zip(versions, following, strict=False)
    ]


def _differing(before: Row, after: Row) -> Iterator[dict[str, Any]]:
    for label, column, _ in FIELDS:
        old, new = before.get(column), after.get(column)
        if old != new:
            is_nik = column == "no_ktp"
            yield {
                "label": label,
                "before": mask_nik(old) if is_nik else old,
                "after": mask_nik(new) if is_nik else new,
            }


def _others(step: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    told = step["told"]
    if "payment_after" in told and told["payment_before"] != told["payment_after"]:
        yield _change(step, "PAYMENT", told["payment_before"], told["payment_after"])
    if "units_changed" in told:
        yield _change(step, "RESULT", told["before"], told["after"])
    if "side" in told:
        yield _change(step, "SIDE", None if told["stands"] else told["side"], told["side"] if told["stands"] else None)


def _change(step: Mapping[str, Any], what: str, before: object, after: object) -> dict[str, Any]:
    return {
        **{name: step[name] for name in ("at", "event", "actor", "role", "on_behalf_of")},
        "what": what,
        "before": before,
        "after": after,
        "reason": step["told"].get("reason"),
    }
