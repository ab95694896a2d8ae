"""The evaluation meeting: BNSP and LSP look at the results together, before anything is published (§14.2; R-161..R-163, R-067, X1).

A meeting takes the results that LSP have sent. Whoever is there is noted, LSP comment on their own results, single results are
held back with a reason, and those under a deviation case are held by themselves. Closing freezes minutes, participants, items,
comments and the evidence that the meeting saw under one SHA-256, and moves each result on to EVALUATED or ON_HOLD.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import Status
from posko.services import holds, inputs, journeys, meeting_evidence, meeting_items, scorecards
from posko.services.meeting_items import HOLD, PUBLISH
from posko.services.office import act
from posko.services.rows import Row, add, add_many, change, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from posko.services.office import Tx

BNSP_ROLES = frozenset({Role.SUPER.value, Role.BNSP.value})


@act("evaluation.open_meeting", Command.EVALUATE)
def open_meeting(
    tx: Tx, *, held_on: date, place: str, journey_ids: Sequence[int] | None = None, cards_since: date | None = None
) -> int:
    """Open a meeting over all results that wait for one, or over those named, and return its number.

    A result that an earlier meeting held back comes in as held, with its reason, and is let go only by name. A result is on
    the table of one open meeting only; a unique key sees to that. Its scorecards count from `cards_since`, else the days of the parameter.

    Raises:
        Refused: wrong values, nothing waits, or one of those named does not wait for a meeting.
    """
    tx.permit()
    day = inputs.day(held_on, "Tanggal rapat")
    where = inputs.text(place, "Tempat rapat", 255)
    since = None if cards_since is None else inputs.day(cards_since, "Awal masa kartu nilai")
    if since is not None and since > day:
        raise refuse("DATES_REVERSED")
    waiting = meeting_items.waiting(tx, None if journey_ids is None else inputs.numbers(journey_ids, "Daftar peserta"))
    cards = {"cards_since": since, "cards_marks": scorecards.marks(tx.db)}
    row = {"held_on": day, "place": where, "state": "OPEN", "opened_at": tx.at, "opened_by": tx.person_id}
    meeting_id = add(tx.db, "evaluation_meeting", {**row, **cards})
    tx.about("meeting", meeting_id)
    reasons = meeting_items.reasons(tx, waiting)
    items = [
        {
            "meeting_id": meeting_id,
            "journey_id": row["journey_id"],
            "finding": HOLD if row["journey_id"] in reasons else PUBLISH,
            "reason": reasons.get(row["journey_id"]),
            "noted_at": tx.at,
            "noted_by": tx.person_id,
        }
        for row in waiting
    ]
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "meeting_item", items)
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    tx.record("meeting", meeting_id, {"held_on": day.isoformat(), "items": len(items), "held": len(reasons)})
    return meeting_id


@act("evaluation.note_participants", Command.EVALUATE)
def note_participants(tx: Tx, *, meeting_id: int, person_ids: Sequence[str]) -> list[str]:
    """Note who is there, staff of BNSP and administrators of LSP; return the organisations that are there now.

    Raises:
        Refused: no such meeting, closed, or one of them is not of BNSP or an LSP.
    """
    tx.permit()
    _open_meeting(tx, meeting_id)
    people = inputs.codes(person_ids, "Daftar hadir")
    staff = {
        row["person_id"]: row
        for row in many(
            tx.db,
            "select person_id, role, lsp_code from posko.staff where person_id in :ids and state = 'ACTIVE'",
            ids=people,
        )
    }
    for person_id in people:
        found = staff.get(person_id)
        if found is None or (found["role"] not in BNSP_ROLES and found["role"] != Role.LSP.value):
            raise refuse("NOT_A_PARTICIPANT", person_id=person_id)
    statement = sa.text(
        "insert ignore into posko.meeting_participant (meeting_id, person_id, organisation, noted_at)"
        " values (:meeting, :person, :organisation, :at)"
    )
    tx.db.execute(
        statement,
        [
            {"meeting": meeting_id, "person": person, "organisation": _organisation(staff[person]), "at": tx.at}
            for person in people
        ],
    )
    organisations = sorted({row["organisation"] for row in meeting_evidence.participants(tx.db, meeting_id)})
    tx.record("meeting", meeting_id, {"step": "participants", "persons": people, "organisations": organisations})
    return organisations


@act("evaluation.hold", Command.EVALUATE)
def hold(tx: Tx, *, meeting_id: int, journey_id: int, reason: str) -> str:
    """Hold one result back, with a reason, or give one that is held another reason; return the finding (R-163).

    Raises:
        Refused: not on the table of this open meeting, or no reason.
    """
    tx.permit()
    return _find(tx, meeting_id, journey_id, HOLD, inputs.reason(reason))


@act("evaluation.release_hold", Command.EVALUATE)
def release_hold(tx: Tx, *, meeting_id: int, journey_id: int, reason: str) -> str:
    """Let a held result go, with a reason; return the finding.

    Raises:
        Refused: not held, no reason, or a deviation case that holds it is not closed (requirements section 7).
    """
    tx.permit()
    return _find(tx, meeting_id, journey_id, PUBLISH, inputs.reason(reason))


@act("evaluation.comment", Command.EVALUATE)
def comment(tx: Tx, *, meeting_id: int, comment: str) -> int:
    """Note what an LSP says to the results of its own, or what BNSP says; return the comment's number.

    Raises:
        NotPermitted: an LSP none of whose results are on the table (DV-X04).
    """
    tx.about("meeting", inputs.number(meeting_id, "Nomor rapat"))
    lsp_code = "BNSP"
    if tx.by is not None and tx.by.role is Role.LSP:
        own = tx.by.lsp_code if tx.by.lsp_code in meeting_evidence.lsp_codes(tx.db, meeting_id) else None
        tx.permit(how=Act.COMMENT, lsp_code=own)
        lsp_code = str(own)
    else:
        tx.permit(how=Act.COMMENT)
    _open_meeting(tx, meeting_id)
    said = inputs.text(comment, "Catatan", 2000, lines=True)
    row = {"meeting_id": meeting_id, "lsp_code": lsp_code, "comment": said, "made_at": tx.at, "made_by": tx.person_id}
    number = add(tx.db, "meeting_comment", row)
    tx.record("meeting", meeting_id, {"step": "comment", "comment_id": number, "lsp_code": lsp_code})
    return number


@act("evaluation.evidence", Command.EVALUATE)
def evidence(tx: Tx, *, meeting_id: int) -> dict[str, Any]:
    """Return what the meeting looks at: results and pass rates per LSP, TUK and asesor, deviations, open cases, holds (R-162).

    Of closed minutes it is what was frozen with them. An LSP sees its own part only.
    """
    meeting, own = meeting_evidence.looked_at(tx, meeting_id)
    seen = meeting_evidence.seen(tx.db, meeting, lsp_code=own)
    tx.record("meeting", meeting_id, {"step": "evidence", "lsp_code": own})
    return seen


@act("evaluation.close_minutes", Command.EVALUATE)
def close_minutes(tx: Tx, *, meeting_id: int, minutes: str) -> dict[str, Any]:
    """Close the minutes: freeze all of the meeting under one SHA-256 and move each result on; only now may it be published (X1).

    Returns:
        `evaluated` and `held`, numbers of results, `sha256` of what was frozen, and `scorecards_sha256` of the cards in it.

    Raises:
        Refused: no such meeting, closed, before its day, nothing on the table, or BNSP or LSP not there.
    """
    tx.permit()
    meeting = _open_meeting(tx, meeting_id)
    written = inputs.text(minutes, "Risalah", 10_000, lines=True)
    if meeting["held_on"] > local_day(tx.at):
        raise refuse("MEETING_TOO_EARLY", held_on=meeting["held_on"].isoformat())
    items = many(
        tx.db, "select * from posko.meeting_item where meeting_id = :id order by journey_id for update", id=meeting_id
    )
    if not items:
        raise refuse("MEETING_EMPTY", meeting_id=meeting_id)
    meeting_items.check_present(tx, meeting_id)
    rows = journeys.read_many(tx, [row["journey_id"] for row in items])
    held = meeting_items.hold_cases(tx, meeting_id, items)
    evidence_text = meeting_evidence.frozen(tx.db, meeting)
    sha256 = meeting_evidence.digest(tx.db, {**meeting, "minutes": written, "evidence": evidence_text})
    change(
        tx.db,
        "update posko.evaluation_meeting set state = 'CLOSED', minutes = :minutes, evidence = :evidence,"
        " minutes_sha256 = :sha256, closed_at = :at, closed_by = :who where meeting_id = :id and state = 'OPEN'",
        minutes=written, evidence=evidence_text, sha256=sha256, at=tx.at, who=tx.person_id, id=meeting_id,
    )  # fmt: skip
    change(tx.db, "update posko.meeting_item set is_settled = 1 where meeting_id = :id", id=meeting_id)
    go_on = [row for row in rows if row["journey_id"] not in held]
    stay = [row for row in rows if row["journey_id"] in held and row["status"] == Status.RESULT_SENT.value]
    told = {int(row["journey_id"]): {"meeting_id": meeting_id} for row in rows}
    journeys.advance_many(tx, go_on, Status.EVALUATED, told)
    journeys.advance_many(tx, stay, Status.ON_HOLD, told)
    cards = json.loads(evidence_text)[scorecards.DIGEST]
    answer = {"evaluated": len(go_on), "held": len(held), "sha256": sha256.hex(), scorecards.DIGEST: cards}
    tx.record("meeting", meeting_id, {"step": "closed", **answer})
    return answer


def _open_meeting(tx: Tx, meeting_id: object) -> Row:
    """Return a meeting that may still be written, locked."""
    wanted = inputs.number(meeting_id, "Nomor rapat")
    tx.about("meeting", wanted)
    row = one(tx.db, "select * from posko.evaluation_meeting where meeting_id = :id for update", id=wanted)
    if row is None:
        raise refuse("UNKNOWN_MEETING", meeting_id=wanted)
    if row["state"] != "OPEN":
        raise refuse("MEETING_CLOSED", meeting_id=wanted)
    return row


def _find(tx: Tx, meeting_id: object, journey_id: object, finding: str, reason: str) -> str:
    """Write the finding of one item of an open meeting."""
    meeting = _open_meeting(tx, meeting_id)
    wanted = inputs.number(journey_id, "Nomor peserta")
    row = journeys.read(tx, wanted)
    item = one(
        tx.db,
        "select finding from posko.meeting_item where meeting_id = :meeting and journey_id = :journey for update",
        meeting=meeting["meeting_id"],
        journey=wanted,
    )
    if item is None:
        raise refuse("NOT_AN_ITEM", journey_id=wanted, meeting_id=meeting["meeting_id"])
    if finding == PUBLISH and item["finding"] == PUBLISH:
        raise refuse("NOT_HELD", journey_id=wanted)
    why = holds.held_by_case(tx.db, [wanted]) if finding == PUBLISH else {}
    if why:
        raise refuse("HELD_BY_CASE", journey_id=wanted, why=why[wanted])
    change(
        tx.db,
        "update posko.meeting_item set finding = :finding, reason = :reason, noted_at = :at, noted_by = :who"
        " where meeting_id = :meeting and journey_id = :journey",
        finding=finding, reason=reason, at=tx.at, who=tx.person_id, meeting=meeting["meeting_id"], journey=wanted,
    )  # fmt: skip
    tx.record("journey", journeys.name_of(row), {"meeting_id": meeting["meeting_id"], "finding": finding})
    return finding


def _organisation(staff: Row) -> str:
    return "BNSP" if staff["role"] in BNSP_ROLES else f"LSP:{staff['lsp_code']}"
