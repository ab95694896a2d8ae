"""Publication: who passed and who did not, after the minutes are closed, with the least data (§14.1; R-160, R-161, R-188, X1).

The system publishes; BNSP may start it, and stop it (`publication_stop`). A publication holds ID TKI, masked name, result, LSP, TUK,
day, and for who passed the number and state of the certificate: no NIK, no address, no phone, no secure code has a column. When a
certificate is revoked, suspended or reinstated, a new version is added and the earlier one stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.masking import mask_name
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import Status
from posko.services import holds, inputs, journeys
from posko.services.office import act
from posko.services.publication_stop import refuse_while_stopped
from posko.services.rows import Row, add_many, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.office import Tx

COMPETENT, NOT_YET = "KOMPETEN", "BELUM"
"""Results as the public reads them."""
PUBLIC_COLUMNS = "tki_id, masked_name, result, lsp_code, tuk_code, tested_on, certificate_no, certificate_status, version, published_at"
_SEARCHED = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./_-]{0,62}[A-Za-z0-9])?")
_DECIDED = (
    "select d.journey_id, d.result, d.lsp_code, s.tuk_code, s.exam_on, n.full_name, n.tki_id,"
    " c.certificate_no, c.status as certificate_status"
    " from posko.decision d join posko.exam_session s on s.session_id = d.session_id"
    " join posko.candidate n on n.journey_id = d.journey_id"
    " left join posko.certificate c on c.decision_id = d.decision_id where d.journey_id in :ids"
)
_OUTDATED = (
    "select p.journey_id, p.meeting_id, p.version from posko.publication p"
    " join posko.certificate c on c.journey_id = p.journey_id"
    " where c.status <> p.certificate_status and not exists (select 1 from posko.publication q"
    " where q.journey_id = p.journey_id and q.version > p.version) order by p.journey_id"
)


@act("publication.publish", None)
def publish(tx: Tx, *, meeting_id: int) -> dict[str, int]:
    """Publish all results of a meeting that may be published; the system does it by itself after the gate.

    What a deviation case holds meanwhile stays where it is, and goes out when this is done again after the case.

    Returns:
        `published`: how many results went out now.

    Raises:
        Refused: BNSP stopped the publication, the minutes are not closed (DV-C06), or a result does not fit its decision (DV-C06).
    """
    tx.permit()
    return _publish(tx, meeting_id)


@act("publication.start", Command.PUBLISH)
def start(tx: Tx, *, meeting_id: int) -> dict[str, int]:
    """Publish the results of a meeting on the order of BNSP; the gate is the same.

    Raises:
        Refused: as `publish`.
    """
    tx.permit(how=Act.START_STOP)
    return _publish(tx, meeting_id)


@act("publication.refresh", None)
def refresh(tx: Tx) -> dict[str, int]:
    """Add a new version of each publication whose certificate changed its state since (R-186); return how many."""
    tx.permit()
    ids = sorted({int(row["journey_id"]) for row in many(tx.db, _OUTDATED)})
    journeys.read_many(tx, ids)
    newest = {int(row["journey_id"]): row for row in many(tx.db, _OUTDATED)} if ids else {}
    known = {key: row for key, row in newest.items() if key in set(ids)}
    rows = _rows(tx, known, {key: (int(row["meeting_id"]), int(row["version"]) + 1) for key, row in known.items()})
    _write(tx, rows)
    tx.record("publication", "versions", {"rows": len(rows), "journeys": sorted(known)[:100]})
    return {"published": len(rows)}


@act("publication.search", Command.SEARCH_PUBLIC)
def search(tx: Tx, *, text: str) -> list[dict[str, Any]]:
    """Return what is published under one ID TKI or certificate number, the newest version of each result; nobody needs to sign in.

    Raises:
        Refused: it is neither an ID TKI nor a certificate number; names and NIK cannot be searched.
    """
    tx.permit()
    wanted = text.strip() if isinstance(text, str) and len(text) <= 100 else ""
    if not _SEARCHED.fullmatch(wanted) or re.search(r"\d{16}", wanted):
        raise refuse("SEARCH_BY_NUMBER")
    found = many(
        tx.db,
        f"select {PUBLIC_COLUMNS} from posko.publication p where (p.tki_id = :text or p.certificate_no = :text)"
        " and not exists (select 1 from posko.publication q where q.journey_id = p.journey_id and q.version > p.version)"
        " order by p.publication_id desc",
        text=wanted,
    )
    tx.record("publication", wanted, {"found": len(found)})
    return [
        {**row, "tested_on": row["tested_on"].isoformat(), "published_at": row["published_at"].isoformat()}
        for row in found
    ]


def _publish(tx: Tx, meeting_id: object) -> dict[str, int]:
    wanted = inputs.number(meeting_id, "Nomor rapat")
    tx.about("meeting", wanted)
    refuse_while_stopped(tx)
    meeting = one(
        tx.db, "select state from posko.evaluation_meeting where meeting_id = :id lock in share mode", id=wanted
    )
    if meeting is None:
        raise refuse("UNKNOWN_MEETING", meeting_id=wanted)
    if meeting["state"] != "CLOSED":
        raise refuse("MINUTES_OPEN", meeting_id=wanted)
    items = many(
        tx.db,
        "select journey_id from posko.meeting_item where meeting_id = :id and finding = 'PUBLISH' order by journey_id",
        id=wanted,
    )
    ready = [
        row
        for row in journeys.read_many(tx, [int(row["journey_id"]) for row in items])
        if row["status"] == Status.EVALUATED.value
    ]
    held = holds.held_by_case(tx.db, [int(row["journey_id"]) for row in ready])
    free = {int(row["journey_id"]): row for row in ready if row["journey_id"] not in held}
    rows = _rows(tx, free, dict.fromkeys(free, (wanted, 1)))
    _write(tx, rows)
    told = {int(str(row["journey_id"])): {"meeting_id": wanted, "result": row["result"], "version": 1} for row in rows}
    journeys.advance_many(tx, list(free.values()), Status.PUBLISHED, told)
    tx.record("meeting", wanted, {"step": "published", "rows": len(rows), "held": sorted(held)[:100]})
    return {"published": len(rows)}


def _rows(tx: Tx, wanted: dict[int, Row], versions: dict[int, tuple[int, int]]) -> list[dict[str, object]]:
    """Return the rows to be published: the decision as it stands, with the certificate as it stands.

    Raises:
        Refused: a result without decision, or passed without certificate, or not passed with one (DV-C06).
    """
    ids = sorted(wanted)
    decided = {int(row["journey_id"]): row for row in many_among(tx.db, _DECIDED, ids)}
    made: list[dict[str, object]] = []
    for journey_id in ids:
        row = decided.get(journey_id)
        if row is None or (row["result"] == "K") != (row["certificate_no"] is not None):
            tx.about("journey", journey_id)
            tx.context.update(journey_id=journey_id)
            raise refuse("RESULT_DIFFERS", journey_id=journey_id)
        meeting_id, version = versions[journey_id]
        made.append(
            {
                "journey_id": journey_id,
                "meeting_id": meeting_id,
                "version": version,
                "tki_id": row["tki_id"],
                "masked_name": mask_name(row["full_name"]),
                "result": COMPETENT if row["result"] == "K" else NOT_YET,
                "lsp_code": row["lsp_code"],
                "tuk_code": row["tuk_code"],
                "tested_on": row["exam_on"],
                "certificate_no": row["certificate_no"],
                "certificate_status": row["certificate_status"],
                "published_at": tx.at,
            }
        )
    return made


def _write(tx: Tx, rows: Sequence[dict[str, object]]) -> None:
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "publication", rows)
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
