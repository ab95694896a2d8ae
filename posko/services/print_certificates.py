"""What stands on the printed sheet of a certificate, for copies that were counted (§13.12, Gambar 11-12; R-138, DV-C03, DV-C05).

Counting a copy is `printing.print_certificate`; here its content is read. So that no uncounted paper comes into being, a sheet is
given for the last copy only, to whoever printed it, on the day of printing: a jammed printer costs no second copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag

from posko.domain.calendar import WIB, local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.certificate_signature import altered
from posko.services.office import act
from posko.services.rows import many, many_among
from posko.services.secure_codes import open_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.office import Tx
    from posko.services.rows import Row

_SHEETS = """
    select certificate.certificate_no, certificate.secure_code_cipher, certificate.journey_id, certificate.tki_id,
        candidate.full_name, candidate.birth_place, candidate.born_on, certificate.scheme_code, certificate.lsp_code,
        lsp.lsp_name, lsp.license_no as licence_no, decision.sk_no, certificate.certified_on, certificate.valid_until, certificate.status,
        session.exam_on, printed.copy_no, printed.blank_no, printed.printed_at, printed.printed_by
    from posko.certificate as certificate
    join posko.candidate as candidate on candidate.journey_id = certificate.journey_id
    join posko.lsp as lsp on lsp.lsp_code = certificate.lsp_code
    join posko.decision as decision on decision.decision_id = certificate.decision_id
    join posko.exam_session as session on session.session_id = decision.session_id
    left join posko.print_event as printed on printed.certificate_id = certificate.certificate_id and printed.copy_no = (
        select max(copy_no) from posko.print_event as last where last.certificate_id = certificate.certificate_id)
    where certificate.lsp_code = :lsp and certificate.certificate_no in :ids"""
_UNITS = """
    select scheme_code, unit_code, unit_title, valid_from, valid_until from posko.scheme_unit
    where scheme_code in :schemes order by scheme_code, position, unit_code"""


@act("certificate.sheets", Command.PRINT_CERTIFICATE)
def sheets(tx: Tx, *, lsp_code: str, certificate_nos: list[str]) -> list[dict[str, Any]]:
    """Return the sheets of the last copies of these certificates of one LSP, in the order asked.

    Returns:
        For each certificate_no, secure_code, tki_id, full_name, birth_place, born_on, scheme_code, lsp_code, lsp_name, licence_no,
        sk_no, certified_on, valid_until, copy_no, blank_no, `units` (code and title, in force on the exam day); days are ISO texts.

    Raises:
        Refused: no such certificate of this LSP, not valid, altered since it was made (DV-C05), or its last copy was not
            printed by this person today.
    """
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    tx.permit(lsp_code=lsp)
    numbers = inputs.listed(certificate_nos, "Sertifikat", lambda value: inputs.text(value, "Nomor sertifikat", 40))
    found = {row["certificate_no"]: row for row in many_among(tx.db, _SHEETS, numbers, lsp=lsp)}
    wrong = altered(tx.db, [int(row["journey_id"]) for row in found.values()])
    for number in numbers:
        _check(tx, number, found.get(number), wrong)
    rows = [found[number] for number in numbers]
    units = many(tx.db, _UNITS, schemes=sorted({str(row["scheme_code"]) for row in rows}))
    made = [_sheet(tx, row, units) for row in rows]
    tx.record_many(
        [
            tx.event("certificate", row["certificate_no"], {"copy": row["copy_no"], "blank": row["blank_no"]})
            for row in rows
        ]
    )
    return made


def _check(tx: Tx, number: str, row: Row | None, wrong: set[int]) -> None:
    """Refuse a certificate of which no sheet may be made."""
    if row is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=number)
    tx.about("certificate", number)
    tx.context.update(journey_id=row["journey_id"], tki_id=row["tki_id"])
    if int(row["journey_id"]) in wrong:
        raise refuse("CERTIFICATE_ALTERED", certificate_no=number)
    if row["status"] != "VALID":
        raise refuse("NOT_PRINTABLE", certificate_no=number)
    is_todays = row["printed_at"] is not None and (row["printed_at"] + WIB).date() == local_day(tx.at)
    if not is_todays or row["printed_by"] != tx.person_id:
        raise refuse("COPY_NOT_TODAYS", certificate_no=number)


def _sheet(tx: Tx, row: Row, units: Sequence[Row]) -> dict[str, Any]:
    days = {
        name: None if row[name] is None else row[name].isoformat()
        for name in ("born_on", "certified_on", "valid_until")
    }
    told = ("certificate_no", "tki_id", "full_name", "birth_place", "scheme_code", "lsp_code", "lsp_name", "licence_no")
    return {
        **{name: row[name] for name in (*told, "sk_no", "copy_no", "blank_no")},
        **days,
        "secure_code": _code_of(tx, row),
        "units": [[unit["unit_code"], unit["unit_title"]] for unit in units if _is_in_force(unit, row)],
    }


def _code_of(tx: Tx, row: Row) -> str:
    try:
        return open_code(tx.desk.office.keys["secure-code-cipher"], row["certificate_no"], row["secure_code_cipher"])
    except (InvalidTag, ValueError) as error:
        raise refuse("CERTIFICATE_ALTERED", certificate_no=row["certificate_no"]) from error


def _is_in_force(unit: Row, row: Row) -> bool:
    is_of = unit["scheme_code"] == row["scheme_code"] and unit["valid_from"] <= row["exam_on"]
    return bool(is_of and (unit["valid_until"] is None or unit["valid_until"] >= row["exam_on"]))


@act("certificate.unprinted", Command.PRINT_CERTIFICATE)
def unprinted(tx: Tx, *, lsp_code: str, session_id: int | None = None) -> list[str]:
    """Return the numbers of an LSP's valid certificates of which there is no copy, of one session or of all, in their order.

    Raises:
        Refused: another LSP's, or no number of a session.
    """
    lsp = inputs.code(lsp_code, "LSP", 20)
    session = None if session_id is None else inputs.number(session_id, "Sesi uji")
    if session is not None and inputs.looks_like_nik(str(session)):
        # It would stand in the log.
        raise refuse("LOOKS_LIKE_NIK", what="Sesi uji")
    tx.about("lsp", lsp)
    tx.permit(lsp_code=lsp)
    rows = many(
        tx.db,
        "select certificate.certificate_no from posko.certificate as certificate"
        " join posko.decision as decision on decision.decision_id = certificate.decision_id"
        " where certificate.lsp_code = :lsp and certificate.status = 'VALID'"
        " and (:session is null or decision.session_id = :session) and not exists ("
        "  select 1 from posko.print_event as printed where printed.certificate_id = certificate.certificate_id)"
        " order by certificate.certificate_no",
        lsp=lsp,
        session=session,
    )
    tx.record("lsp", lsp, {"unprinted": len(rows), "session": session})
    return [str(row["certificate_no"]) for row in rows]


@act("certificate.counted_today", Command.PRINT_CERTIFICATE)
def counted_today(tx: Tx, *, lsp_code: str) -> list[str]:
    """Return the certificates of which this person counted the last copy today, in the order of their blanks.

    Raises:
        Refused: another LSP's.
    """
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    tx.permit(lsp_code=lsp)
    rows = many(
        tx.db,
        "select certificate.certificate_no, max(printed.blank_no) as blank_no from posko.print_event as printed"
        " join posko.certificate as certificate on certificate.certificate_id = printed.certificate_id"
        " where certificate.lsp_code = :lsp and certificate.status = 'VALID' and printed.printed_by = :who"
        " and date(date_add(printed.printed_at, interval 7 hour)) = :day and printed.copy_no = ("
        "  select max(copy_no) from posko.print_event as last where last.certificate_id = certificate.certificate_id)"
        " group by certificate.certificate_no order by blank_no",
        lsp=lsp,
        who=tx.person_id,
        day=local_day(tx.at),
    )
    tx.record("lsp", lsp, {"counted_today": len(rows)})
    return [str(row["certificate_no"]) for row in rows]


@act("certificate.not_in_force", None)
def not_in_force(tx: Tx) -> dict[str, Any]:
    """Return the certificates that are suspended or revoked, for the signed status list; numbers and states, no person.

    Returns:
        `made_at` (UTC, ISO), `entries`: number -> SUSPENDED or REVOKED.
    """
    tx.permit()
    rows = many(
        tx.db,
        "select certificate_no, status from posko.certificate where status in ('SUSPENDED', 'REVOKED') order by certificate_no",
    )
    tx.record("certificate", "status-list", {"entries": len(rows)})
    entries = {str(row["certificate_no"]): str(row["status"]) for row in rows}
    return {"made_at": tx.at.isoformat(timespec="seconds"), "entries": entries}
