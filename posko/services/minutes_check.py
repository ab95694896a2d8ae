"""Proving closed minutes: rows, hash and scorecards again, and whether a paper is one of ours (§5.3, §14.2; DV-X05, R-162, 8.3 no. 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.refusals import refuse
from posko.services import deviation_register, inputs, meeting_evidence, scorecards
from posko.services.office import act
from posko.services.rows import many

if TYPE_CHECKING:
    from posko.services.office import Tx


@act("evaluation.check_minutes", None)
def check(tx: Tx, *, meeting_id: int | None = None) -> list[dict[str, Any]]:
    """Recompute the hash of closed minutes from their rows, and their scorecards from the rows up to the meeting.

    What does not fit stands in the register too (DV-X05), once for each meeting.

    Args:
        tx: the act.
        meeting_id: only this meeting; None: all with closed minutes.

    Returns:
        For each meeting `meeting_id`, `sha256`, `scorecards_sha256` as it was frozen, `is_intact`, and `is_same_again` (of the cards;
        None: none were frozen).

    Raises:
        Refused: the meeting that was named has no closed minutes.
    """
    tx.permit()
    wanted = None if meeting_id is None else inputs.number(meeting_id, "Nomor rapat")
    tx.about("meeting", wanted or "all")
    closed = meeting_evidence.closed_meetings(tx.db, wanted)
    if wanted is not None and not closed:
        raise refuse("UNKNOWN_MEETING", meeting_id=wanted)
    found = [
        {
            "meeting_id": int(row["meeting_id"]),
            "sha256": row["minutes_sha256"].hex(),
            scorecards.DIGEST: meeting_evidence.seen(tx.db, row).get(scorecards.DIGEST),
            "is_intact": meeting_evidence.digest(tx.db, row) == row["minutes_sha256"],
            "is_same_again": scorecards.is_same_again(tx.db, row),
        }
        for row in closed
    ]
    wrong = [row for row in found if not row["is_intact"] or row["is_same_again"] is False]
    for row in wrong:
        _note_once(tx, row)
    tx.record(
        "meeting", wanted or "all", {"checked": len(found), "altered": [row["meeting_id"] for row in wrong][:100]}
    )
    return found


def _note_once(tx: Tx, row: dict[str, Any]) -> None:
    code = str(row["meeting_id"])
    known = many(
        tx.db,
        "select 1 as found from posko.deviation where rule_id = 'DV-X05' and subject_kind = 'meeting' and subject_code = :code limit 1",
        code=code,
    )
    if not known:
        told = {"risalah": code, "isi": "utuh" if row["is_intact"] else "berubah"}
        told["kartu_nilai"] = "berbeda" if row["is_same_again"] is False else "sama"
        deviation_register.note(tx, "DV-X05", told, mode="D", subject_kind="meeting", subject_code=code)
