"""What the page of a certificate's standing shows: certificates found, one with its changes and remarks (§3.5; R-186).

An LSP sees its own. There is no secure code here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.certificate_number import parse
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.list_query import SEARCH_MOST, Wanted, page
from posko.services.office import act
from posko.services.rows import Row, lsp_of, many, one
from posko.services.session_rows import own_scope

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("VALID", "SUSPENDED", "REVOKED", "EXPIRED")
_COLUMNS = """
    certificate.certificate_no, certificate.tki_id, candidate.full_name, certificate.lsp_code, certificate.scheme_code,
    certificate.certified_on, certificate.valid_until, certificate.status, certificate.status_at, certificate.status_reason"""
_HELD = """
    from posko.certificate as certificate join posko.candidate as candidate on candidate.journey_id = certificate.journey_id"""
_NOTES = """
    select note.note_id, note.status_from, note.status_to, note.note, note.decree_no, note.noted_at, note.noted_by, note.noted_role,
        note.seconded_by
    from posko.certificate_note as note join posko.certificate as certificate on certificate.certificate_id = note.certificate_id
    where certificate.certificate_no = :number order by note.note_id"""


@act("screen.certificate_standings", Command.REVOKE_CERTIFICATE)
def listed(
    tx: Tx, *, status: str | None = None, search: str | None = None, limit: int = 20, offset: int = 0
) -> dict[str, Any]:
    """Return certificates that fit all filters given, those whose standing changed last first.

    Without a state and a search only what is not valid: there are hundreds of thousands of the others.

    Args:
        tx: the act.
        status: one of `STATES`.
        search: a whole ID TKI or certificate number.
        limit: rows of this page.
        offset: rows before it.

    Returns:
        `total`, and `rows`: certificate_no, tki_id, full_name, lsp_code, scheme_code, certified_on, valid_until, status, status_at (ISO),
        status_reason.

    Raises:
        Refused: wrong values.
    """
    own = own_scope(tx).get("lsp_code")
    tx.about("certificate", "register")
    tx.permit(how=Act.READ, lsp_code=own)
    wanted = Wanted("(:lsp is null or certificate.lsp_code = :lsp)", lsp=own)
    wanted.equal("status", "certificate.status", status, "Keadaan", STATES)
    if search:
        whole = inputs.text(search, "Pencarian", SEARCH_MOST)
        wanted.add("(certificate.certificate_no = :search or certificate.tki_id = :search)", search=whole)
    if not status and not search:
        wanted.add("certificate.status <> 'VALID'")
    order = "certificate.status_at desc, certificate.certificate_id desc"
    # Counted without the holders: an LSP has hundreds of thousands.
    total, rows = page(
        tx.db,
        _COLUMNS,
        f"{_HELD} where {wanted.where}",
        order,
        wanted.values,
        limit=limit,
        offset=offset,
        counted_in=f"from posko.certificate as certificate where {wanted.where}",
    )
    tx.record("certificate", "register", {"rows": len(rows), "filters": wanted.names})
    return {"total": total, "rows": [_shown(row) for row in rows]}


@act("screen.certificate_standing", Command.REVOKE_CERTIFICATE)
def view(tx: Tx, *, certificate_no: str) -> dict[str, Any]:
    """Return one certificate with its standing, every change of it and every remark; `status_at` is what a change is compared with.

    Raises:
        NotPermitted: it is another LSP's.
        Refused: there is none.
    """
    number = inputs.text(certificate_no, "Nomor sertifikat", 40)
    tx.about("certificate", number)
    is_number = parse(number) is not None
    row = (
        one(tx.db, f"select {_COLUMNS} {_HELD} where certificate.certificate_no = :number", number=number)
        if is_number
        else None
    )
    tx.permit(how=Act.READ, lsp_code=lsp_of(row))
    if row is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=number)
    notes = many(tx.db, _NOTES, number=number)
    tx.record("certificate", number, {"step": "viewed"})
    return {**_shown(row), "notes": [{**note, "noted_at": note["noted_at"].isoformat()} for note in notes]}


def _shown(row: Row) -> dict[str, Any]:
    days = {name: row[name].isoformat() for name in ("certified_on", "valid_until", "status_at")}
    return {**row, **days}
