"""What an LSP's pages ask before they act: sessions that wait for its decision, its certificates and blanks (§13.9-13.12; R-134..R-138).

An LSP names itself and sees nothing else; a Super Administrator who names none sees all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.roles import Act
from posko.domain.session_status import LABELS, SessionStatus
from posko.services import inputs
from posko.services.office import act
from posko.services.results import waiting_batches
from posko.services.rows import many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

PAGE = 20
"""Rows of one page."""
SEARCH_MOST = 64
_UNDECIDED = """
    from posko.journey as journey
    join posko.allocation as allocation
        on allocation.journey_id = journey.journey_id and allocation.attempt_no = journey.attempt_no
    join posko.exam_session as session
        on session.session_id = allocation.session_id and session.status in ('SCORED', 'CLOSED')
    join posko.tuk as tuk on tuk.tuk_code = session.tuk_code
    join posko.asesor as asesor on asesor.met_no = session.met_no
    where journey.status = 'ASSESSED' and (:lsp is null or session.lsp_code = :lsp)"""
_CERTIFICATES = """
    select certificate.certificate_id, certificate.certificate_no, certificate.tki_id, candidate.full_name,
        certificate.lsp_code, certificate.certified_on, certificate.valid_until, certificate.status
    from posko.certificate as certificate
    join posko.candidate as candidate on candidate.journey_id = certificate.journey_id
    where (:lsp is null or certificate.lsp_code = :lsp)
        and (:search is null or certificate.certificate_no = :search or certificate.tki_id = :search)
        and (:unprinted = 0 or not exists (
            select 1 from posko.print_event as printed where printed.certificate_id = certificate.certificate_id))
    order by certificate.certificate_id desc limit :most offset :before"""
_COPIES = """
    select certificate_id, count(*) as copies, max(printed_at) as printed_at
    from posko.print_event where certificate_id in :ids group by certificate_id"""


@act("screen.undecided_sessions", Command.DECIDE)
def undecided_sessions(tx: Tx, *, lsp_code: str | None, page: int) -> dict[str, Any]:
    """Return one page of the sessions whose results were sent and are not decided, the oldest first (§13.9).

    Returns:
        `total`, and `rows`: session_id, exam_on, lsp_code, tuk_code, tuk_name, met_no, asesor_name, tki, label, `is_received`:
        whether the LSP took over all that was sent.

    Raises:
        Refused: no such code or page, or another LSP's.
    """
    lsp = None if lsp_code is None else inputs.code(lsp_code, "LSP", 20)
    page = inputs.number(page, "Halaman", inputs.MOST_ROWS)
    tx.about("lsp", lsp or "all")
    tx.permit(how=Act.READ, lsp_code=lsp)
    total = one(tx.db, f"select count(distinct session.session_id) as sessions {_UNDECIDED}", lsp=lsp)
    rows = many(
        tx.db,
        "select session.session_id, session.exam_on, session.lsp_code, session.tuk_code, tuk.tuk_name, session.met_no,"
        f" asesor.asesor_name, session.status, count(*) as tki {_UNDECIDED}"
        " group by session.session_id, session.exam_on, session.lsp_code, session.tuk_code, tuk.tuk_name, session.met_no,"
        " asesor.asesor_name, session.status order by session.exam_on, session.session_id limit :most offset :before",
        lsp=lsp,
        most=PAGE,
        before=(page - 1) * PAGE,
    )
    tx.record("lsp", lsp or "all", {"page": page, "sessions": len(rows)})
    shown = [
        {
            **{name: value for name, value in row.items() if name != "status"},
            "label": LABELS[SessionStatus(row["status"])],
            # A correction that came after the table waits to be taken over too.
            "is_received": row["status"] == SessionStatus.CLOSED.value
            and not waiting_batches(tx.db, int(row["session_id"])),
        }
        for row in rows
    ]
    return {"total": int(total["sessions"]) if total else 0, "rows": shown}


@act("screen.certificates", Command.PRINT_CERTIFICATE)
def certificates(
    tx: Tx, *, lsp_code: str | None, page: int, search: str | None = None, only_unprinted: bool = False
) -> dict[str, Any]:
    """Return one page of certificates, the newest first, with how often each was printed (§13.12, Gambar 11).

    Args:
        tx: the act.
        lsp_code: whose; None: of all, for a Super Administrator.
        page: from 1.
        search: a whole ID TKI or certificate number; None or blank: all.
        only_unprinted: only those of which there is no copy.

    Returns:
        `rows`: certificate_no, tki_id, full_name, lsp_code, certified_on, valid_until, status, copies, printed_at (None: never);
        `is_last`: there is no further page. No total: an LSP has hundreds of thousands, and a page must not count them.

    Raises:
        Refused: no such code, page or search, or another LSP's.
    """
    lsp = None if lsp_code is None else inputs.code(lsp_code, "LSP", 20)
    page = inputs.number(page, "Halaman", inputs.MOST_ROWS)
    is_blank = search is None or (isinstance(search, str) and not search.strip())
    wanted = None if is_blank else inputs.text(search, "Pencarian", SEARCH_MOST)
    tx.about("lsp", lsp or "all")
    tx.permit(how=Act.READ, lsp_code=lsp)
    found = many(
        tx.db,
        _CERTIFICATES,
        lsp=lsp,
        search=wanted,
        unprinted=int(only_unprinted is True),
        most=PAGE + 1,
        before=(page - 1) * PAGE,
    )
    rows = found[:PAGE]
    ids = [int(row["certificate_id"]) for row in rows]
    copies = {row["certificate_id"]: row for row in many(tx.db, _COPIES, ids=ids)} if ids else {}
    tx.record("lsp", lsp or "all", {"page": page, "certificates": len(rows), "is_searched": wanted is not None})
    shown = [
        {
            **{name: value for name, value in row.items() if name != "certificate_id"},
            "copies": int(copies[row["certificate_id"]]["copies"]) if row["certificate_id"] in copies else 0,
            "printed_at": copies.get(row["certificate_id"], {}).get("printed_at"),
        }
        for row in rows
    ]
    return {"rows": shown, "is_last": len(found) <= PAGE}


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
