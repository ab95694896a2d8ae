"""The window "TLRT - Secure Code": ID, Nama, Tanggal, No Sertifikat, Secure Code (§14.3, Gambar 12; R-140, R-165).

An LSP sees its own certificates, an auditor the codes masked. There is no file of this list: whoever holds numbers and codes together
could print certificates that pass for genuine, so they are read on the screen, a page at a time, and every look is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command, Role
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.certification import LISTED, is_masked, looked_at
from posko.services.list_query import counted
from posko.services.office import act
from posko.services.paging import PAGE_ROWS, code_or_none, day_or_none, part
from posko.services.rows import many

if TYPE_CHECKING:
    from posko.services.office import Tx

MOST_SEEN = 100
"""Codes that one look shows at most."""
_WHERE = """
    where (:lsp is null or certificate.lsp_code = :lsp)
        and (:tki is null or certificate.tki_id = :tki) and (:number is null or certificate.certificate_no = :number)
        and (:since is null or certificate.certified_on >= :since) and (:until is null or certificate.certified_on <= :until)"""


@act("certification.window", Command.SEE_SECURE_CODE)
def window(
    tx: Tx,
    *,
    tki_id: str | None = None,
    certificate_no: str | None = None,
    lsp_code: str | None = None,
    since: object = None,
    until: object = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
) -> dict[str, Any]:
    """Return one part of the certificates, the newest first, as `certification.certificates` does.

    Args:
        tx: the act.
        tki_id: only of this TKI.
        certificate_no: only this number.
        lsp_code: only of this LSP; an LSP sees its own, whether it says so or not.
        since: certified on this day or later.
        until: certified on this day or earlier.
        limit: rows of this part, at most `MOST_SEEN`.
        offset: rows before it.

    Returns:
        `rows` (`certification.certificates` tells their columns), `total` (counted as `list_query.counted` does), and `is_masked`.

    Raises:
        Refused: no such ID, number, code, day or part of the list, or another LSP's.
    """
    own = tx.by.lsp_code if tx.by is not None and tx.by.role is Role.LSP else None
    lsp = code_or_none(lsp_code, "LSP", 20) or own
    asked = {
        "lsp": lsp,
        "tki": inputs.tki(tki_id) if tki_id else None,
        "number": code_or_none(certificate_no, "Nomor sertifikat"),
        "since": day_or_none(since, "Tanggal"),
        "until": day_or_none(until, "Tanggal"),
    }
    tx.about("lsp", lsp or "all")
    tx.permit(how=Act.READ, lsp_code=lsp)
    most = inputs.number(limit, "Banyak baris", MOST_SEEN)
    rows = f"select certificate.certificate_id from posko.certificate as certificate {_WHERE}"
    # The part is cut out before anything is joined to it: of a million certificates twenty are read.
    cut = f"{rows} order by certificate.certificate_id desc limit :most offset :before"
    ids = [row["certificate_id"] for row in many(tx.db, cut, **asked, **part(most, offset))]
    newest = f"{LISTED} where certificate.certificate_id in :ids order by certificate.certificate_id desc"
    found = many(tx.db, newest, ids=ids) if ids else []
    tx.record("lsp", lsp or "all", {"shown": len(found), "masked": is_masked(tx)})
    total = counted(tx.db, rows, **asked)
    return {"rows": looked_at(tx, found), "total": total, "is_masked": is_masked(tx)}
