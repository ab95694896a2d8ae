"""Two persons decide whether two identities have one finger: with both sets of minutiae beside each other (§3.3; DV-I05, DV-I06).

Nobody decides on her own finger. SAME and DIFFERENT stay; UNSURE may be decided later. What is done to somebody follows in the case,
whose steps `posko.services.cases` has; here is only what was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.masking import mask_name
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import case_rows, inputs
from posko.services.office import act
from posko.services.proofs import second_person
from posko.services.rows import Row, change, many, one

if TYPE_CHECKING:
    import sqlalchemy as sa

    from posko.services.office import Tx

ENTITY = "duplicate"
SAME, DIFFERENT, UNSURE = "SAME", "DIFFERENT", "UNSURE"
VERDICTS = {SAME: "orang yang sama", DIFFERENT: "orang yang berbeda", UNSURE: "belum dapat dipastikan"}
"""Verdict -> what it is called."""
MOST_SHOWN = 1000
_SIDES = ("one", "other")
_TEMPLATE = (
    "select provenance, is_supervised, taken_at, station_code, reader_kind, quality, minutiae, state"
    " from posko_biometric.finger_template where template_id = :id"
)


def listed(db: sa.Connection, *, only_open: bool = True) -> list[Row]:
    """Return what was found, the newest first; the caller records who asked.

    Args:
        db: a connection that may read.
        only_open: those that nobody decided yet, or not for good.
    """
    where = "where verdict is null or verdict = 'UNSURE'" if only_open else ""
    rows = many(
        db,
        "select candidate_id, one_kind, one_id, one_finger, other_kind, other_id, other_finger, fingers, score, threshold, origin,"
        f" found_at, case_id, verdict from posko.duplicate_candidate {where} order by candidate_id desc limit :most",
        most=MOST_SHOWN,
    )
    return [{**row, "found_at": row["found_at"].isoformat()} for row in rows]


def described(db: sa.Connection, candidate_id: int) -> Row:
    """Return one find with what may be shown of both persons: names masked, no NIK; the caller records who asked.

    Its `sides` are two rows with kind, id, name, version, finger, template and where the template comes from.

    Raises:
        Refused: there is none.
    """
    row = one(db, "select * from posko.duplicate_candidate where candidate_id = :id", id=candidate_id)
    if row is None:
        raise refuse("UNKNOWN_DUPLICATE", candidate_id=candidate_id)
    shown = {name: value for name, value in row.items() if not name.startswith(("one_", "other_"))}
    return {**shown, "sides": [_side(db, row, side) for side in _SIDES]}


@act("duplicates.list", Command.JUDGE_DUPLICATE)
def list_found(tx: Tx, *, only_open: bool = True) -> list[Row]:
    """Return what was found and not decided yet."""
    tx.permit(how=Act.READ)
    rows = listed(tx.db, only_open=bool(only_open))
    tx.record(ENTITY, "register", {"rows": len(rows)})
    return rows


@act("duplicates.view", Command.JUDGE_DUPLICATE)
def view(tx: Tx, *, candidate_id: int, is_drawn: bool = False) -> Row:
    """Return one find for looking at both fingers; whose finger it is does not see it.

    Args:
        tx: the act.
        candidate_id: which find.
        is_drawn: both fingers are about to be drawn for who asks, which the log then says.

    Raises:
        Refused: there is none, or it is her own.
    """
    wanted = inputs.number(candidate_id, "Nomor temuan")
    tx.about(ENTITY, wanted)
    tx.permit(how=Act.READ)
    found = described(tx.db, wanted)
    _check_nobodys_own(found, tx.person_id)
    told = {
        "step": "drawn" if is_drawn is True else "viewed",
        "templates": [side["template"] for side in found["sides"]],
    }
    tx.record(ENTITY, wanted, told)
    return found


@act("duplicates.judge", Command.JUDGE_DUPLICATE)
def judge(
    tx: Tx, *, candidate_id: int, verdict: str, reason: str, second: object, seen: str | None = None
) -> dict[str, Any]:
    """Decide, by two persons, whether both fingers are one person's; return number, verdict and case.

    Args:
        tx: the act.
        candidate_id: which find.
        verdict: SAME, DIFFERENT or UNSURE.
        reason: what was seen.
        second: the finger of the second person.
        seen: when the verdict was given that both had before them, ISO time; empty: there was none; None: not compared.

    Raises:
        Refused: there is none, it is decided, another verdict came meanwhile, one of the two is its subject, or the two may not.
    """
    wanted = inputs.number(candidate_id, "Nomor temuan")
    tx.about(ENTITY, wanted)
    tx.permit()
    said, why = inputs.choice(verdict, "Putusan", tuple(VERDICTS)), inputs.reason(reason)
    row = one(tx.db, "select * from posko.duplicate_candidate where candidate_id = :id for update", id=wanted)
    if row is None:
        raise refuse("UNKNOWN_DUPLICATE", candidate_id=wanted)
    if row["verdict"] in {SAME, DIFFERENT}:
        raise refuse("DUPLICATE_JUDGED", candidate_id=wanted, verdict=VERDICTS[row["verdict"]], case_id=row["case_id"])
    if seen is not None and seen != (row["judged_at"].isoformat() if row["judged_at"] else ""):
        raise refuse("CHANGED_MEANWHILE")
    other = second_person(tx, second, Command.JUDGE_DUPLICATE)
    _check_nobodys_own(described(tx.db, wanted), tx.person_id, other)
    change(
        tx.db,
        "update posko.duplicate_candidate set verdict = :verdict, judged_at = :at, judged_by = :by, seconded_by = :second,"
        " judged_reason = :why where candidate_id = :id",
        verdict=said, at=tx.at, by=tx.person_id, second=other, why=why, id=wanted,
    )  # fmt: skip
    case_rows.add_note(tx, int(row["case_id"]), f"Temuan nomor {wanted} diputus: {VERDICTS[said]}. {why}")
    tx.record(
        ENTITY, wanted, {"step": "judged", "was": row["verdict"], "verdict": said, "reason": why, "second": other}
    )
    return {"candidate_id": wanted, "verdict": said, "case_id": int(row["case_id"])}


def _check_nobodys_own(found: Row, *persons: str) -> None:
    own = {side["id"] for side in found["sides"] if side["kind"] == "STAFF"}
    if own & set(persons):
        raise refuse("DUPLICATE_OWN", candidate_id=found["candidate_id"])


def _side(db: sa.Connection, row: Row, side: str) -> Row:
    kind, number = row[f"{side}_kind"], row[f"{side}_id"]
    sql = (
        "select full_name as name from posko.staff where person_id = :id"
        if kind == "STAFF"
        else "select nama as name from posko_staging.tki_tlrt where id_tki = :id"
    )
    person = one(db, sql, id=number)
    template = one(db, _TEMPLATE, id=row[f"{side}_template"]) or {}
    return {
        **{name: row[f"{side}_{name}"] for name in ("kind", "id", "version", "finger", "template")},
        "name": mask_name(person["name"]) if person and person["name"] else None,
        **template,
    }
