"""What an LSP's pages ask before they act: sessions that wait for its decision, its certificates and blanks (§13.9-13.12; R-134..R-138).

An LSP names itself and sees nothing else; a Super Administrator who names none sees all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import inputs, list_query, paging
from posko.services.office import act
from posko.services.results import waiting_batches
from posko.services.rows import many_among, one

if TYPE_CHECKING:
    from posko.services.office import Tx
    from posko.services.rows import Row

STATUSES = ("VALID", "SUSPENDED", "REVOKED", "EXPIRED")
"""Standings of a certificate."""
_SESSION = (
    "session.session_id, session.exam_on, session.lsp_code, session.tuk_code, tuk.tuk_name, session.met_no, asesor.asesor_name,"
    " session.status"
)
_UNDECIDED_SEARCHED = list_query.contains(
    "session.tuk_code", "tuk.tuk_name", "session.met_no", "asesor.asesor_name", "session.session_id"
)
_UNDECIDED = f"""
    from posko.journey as journey
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    join posko.exam_session as session
        on session.session_id = allocation.session_id and session.status in ('SCORED', 'CLOSED')
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    join posko.asesor as asesor on asesor.met_no = session.met_no
    where journey.status = 'ASSESSED' and (:lsp is null or session.lsp_code = :lsp)
        and (:since is null or session.exam_on >= :since) and (:until is null or session.exam_on <= :until)
        and {_UNDECIDED_SEARCHED}
    group by {_SESSION}"""
_SEARCHED = list_query.contains("certificate.certificate_no", "certificate.tki_id", "candidate.full_name")
_CERTIFICATE = (
    "certificate.certificate_id, certificate.certificate_no, certificate.tki_id, candidate.full_name, certificate.lsp_code,"
    " certificate.certified_on, certificate.valid_until, certificate.status"
)
_FILTERED = """
    (:lsp is null or certificate.lsp_code = :lsp)
        and (:status is null or certificate.status = :status)
        and (:since is null or certificate.certified_on >= :since)
        and (:until is null or certificate.certified_on <= :until)
        and (:printed is null or :printed = exists (
            select 1 from posko.print_event as printed where printed.certificate_id = certificate.certificate_id))"""
_CERTIFIED = f"from posko.certificate as certificate where {_FILTERED}"
_HELD = f"""
    from posko.certificate as certificate
    join posko.candidate as candidate on candidate.journey_id = certificate.journey_id
    where {_FILTERED} and {_SEARCHED}"""
_ORDERS = {name: f"certificate.{name}" for name in ("certificate_no", "tki_id", "certified_on")} | {
    "full_name": "candidate.full_name"
}
_COPIES = """
    select certificate_id, count(*) as copies, max(printed_at) as printed_at
    from posko.print_event where certificate_id in :ids group by certificate_id"""


@act("screen.undecided_sessions", Command.DECIDE)
def undecided_sessions(
    tx: Tx,
    *,
    lsp_code: str | None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    search: str | None = None,
    since: object = None,
    until: object = None,
) -> dict[str, Any]:
    """Return a part of the sessions whose results were sent and are not decided, the oldest first (§13.9).

    Args:
        tx: the act.
        lsp_code: whose; None: of all, for a Super Administrator.
        limit: rows at most.
        offset: rows before them.
        search: a part of the session's number, of code or name of the TUK or of the assessor; None or blank: all.
        since: held on this day or later.
        until: held on this day or earlier.

    Returns:
        `total`, and `rows`: session_id, exam_on, lsp_code, tuk_code, tuk_name, met_no, asesor_name, tki, label, `is_received`:
        whether the LSP took over all that was sent.

    Raises:
        Refused: no such code, day or search, or another LSP's.
    """
    lsp = _seen(tx, lsp_code)
    asked = {
        "lsp": lsp,
        "search": list_query.searched(search),
        "since": paging.day_or_none(since, "Sejak"),
        "until": paging.day_or_none(until, "Sampai"),
    }
    columns, order = f"{_SESSION}, count(*) as tki", "session.exam_on, session.session_id"
    total, rows = list_query.page(tx.db, columns, _UNDECIDED, order, asked, limit=limit, offset=offset)
    tx.record("lsp", lsp or "all", {"sessions": len(rows), "offset": offset, "is_searched": search is not None})
    return {"total": total, "rows": [_undecided(tx, row) for row in rows]}


@act("screen.certificates", Command.PRINT_CERTIFICATE)
def certificates(
    tx: Tx,
    *,
    lsp_code: str | None,
    limit: int = paging.PAGE_ROWS,
    offset: int = 0,
    search: str | None = None,
    status: str | None = None,
    printed: bool | None = None,
    since: object = None,
    until: object = None,
    order: str | None = None,
) -> dict[str, Any]:
    """Return a part of the certificates, the newest first, with how often each was printed (§13.12, Gambar 11).

    Args:
        tx: the act.
        lsp_code: whose; None: of all, for a Super Administrator.
        limit: rows at most.
        offset: rows before them.
        search: a part of an ID TKI, a certificate number or a name; None or blank: all.
        status: one of `STATUSES`; None: any.
        printed: whether there is a copy; None: either.
        since: certified on this day or later.
        until: certified on this day or earlier.
        order: `certificate_no`, `tki_id`, `full_name` or `certified_on`, downwards after a minus; None: the newest first.

    Returns:
        `rows`: certificate_no, tki_id, full_name, lsp_code, certified_on, valid_until, status, copies, printed_at (None: never);
        `total`: how many there are, counted only a little beyond `paging.MOST_ROWS`.

    Raises:
        Refused: no such code, status, day, order or search, or another LSP's.
    """
    lsp = _seen(tx, lsp_code)
    asked = {
        "lsp": lsp,
        "search": list_query.searched(search),
        "status": None if status is None else inputs.choice(status, "Keadaan", STATUSES),
        "printed": None if printed is None else int(printed is True),
        "since": paging.day_or_none(since, "Sejak"),
        "until": paging.day_or_none(until, "Sampai"),
    }
    by = list_query.ordered(order, _ORDERS, "certificate.certificate_id desc")
    # Counted without the holders where nothing is searched for: an LSP has hundreds of thousands.
    counts = _CERTIFIED if asked["search"] is None else None
    total, rows = list_query.page(tx.db, _CERTIFICATE, _HELD, by, asked, limit=limit, offset=offset, counted_in=counts)
    tx.record("lsp", lsp or "all", {"certificates": len(rows), "offset": offset, "is_searched": search is not None})
    return {"rows": _with_copies(tx, rows), "total": total}


def _seen(tx: Tx, lsp_code: str | None) -> str | None:
    """Return the LSP that is asked about, None for all of them, if who asks may see it."""
    lsp = None if lsp_code is None else inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp or "all")
    tx.permit(how=Act.READ, lsp_code=lsp)
    return lsp


def _undecided(tx: Tx, row: Row) -> dict[str, Any]:
    """Return a session that waits; a correction that came after the table waits to be taken over too."""
    is_closed = row["status"] == SessionStatus.CLOSED.value
    return {
        **{name: value for name, value in row.items() if name != "status"},
        "label": LABELS[SessionStatus(row["status"])],
        "is_received": is_closed and not waiting_batches(tx.db, int(row["session_id"])),
    }


def _with_copies(tx: Tx, rows: list[Row]) -> list[dict[str, Any]]:
    """Return certificates with how often each was printed, and when last."""
    ids = [int(row["certificate_id"]) for row in rows]
    copies = {row["certificate_id"]: row for row in many_among(tx.db, _COPIES, ids)}
    return [
        {
            **{name: value for name, value in row.items() if name != "certificate_id"},
            "copies": int(copies[row["certificate_id"]]["copies"]) if row["certificate_id"] in copies else 0,
            "printed_at": copies.get(row["certificate_id"], {}).get("printed_at"),
        }
        for row in rows
    ]


@act("screen.next_blank", Command.PRINT_CERTIFICATE)
def next_blank(tx: Tx, *, lsp_code: str) -> str | None:
    """Return the lowest free blank of an LSP, which the clerk holds against the one in her hand; None: there is none.

    Raises:
        Refused: another LSP's.
    """
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    tx.permit(how=Act.READ, lsp_code=lsp)
    row = one(
        tx.db, "select min(blank_no) as blank_no from posko.blank where lsp_code = :lsp and state = 'FREE'", lsp=lsp
    )
    tx.record("lsp", lsp, {"next_blank": row["blank_no"] if row else None})
    return None if row is None or row["blank_no"] is None else str(row["blank_no"])
