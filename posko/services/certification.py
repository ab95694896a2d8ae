"""Certificates: number and secure code made by the system in the decision's own transaction, and their list (§13.11-13.14; R-136..R-141).

`issue` is no act: nobody can call it from outside, and nothing takes a number or a code (X2). The counter of a series is locked
until the act ends, so numbers have no gap after a rollback and none comes twice. One certificate in force for
a TKI and scheme is a unique key (DV-C02).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from posko.domain.calendar import local_day
from posko.domain.certificate_number import LAST_SERIAL, CertificateNumber, Series, order_of_id, series_of
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.secure_code import digest_of
from posko.services import inputs
from posko.services.certificate_signature import altered, note_altered
from posko.services.office import Tx, act
from posko.services.parameters import number_on
from posko.services.rows import Row, add_many, change, lsp_of, many, one
from posko.services.secure_codes import open_code, seal_code, take_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from posko.domain.errors import Refused

MASK, UNREADABLE = "••••••", "??????"
"""What who may not see a code sees, and what stands for one that no longer opens."""
MOST_SHOWN = 5_000
LISTED = """
    select certificate.journey_id, certificate.tki_id, candidate.full_name, certificate.certified_on, certificate.certificate_no,
        certificate.secure_code_cipher, certificate.scheme_code, certificate.lsp_code, certificate.valid_until,
        certificate.status, decision.sk_no, decision.session_id,
        (select count(*) from posko.print_event as printed where printed.certificate_id = certificate.certificate_id) as copies
    from posko.certificate
    join posko.decision on decision.decision_id = certificate.decision_id
    join posko.candidate on candidate.journey_id = certificate.journey_id
"""


def issue(tx: Tx, scheme_code: str, rows: Sequence[Row]) -> list[Row]:
    """Give each row (journey_id, decision_id, tki_id, lsp_code) a certificate; return them in the order of the ID TKI.

    Raises:
        Refused: the scheme has no series, numbers or codes are used up, or a TKI holds a certificate in force (DV-C02).
    """
    if not rows:
        return []
    day = local_day(tx.at)
    series = series_of(scheme_code, day.year)
    if series is None:
        raise refuse("SCHEME_WITHOUT_NUMBER", scheme_code=scheme_code)
    first = _take_serials(tx, series, len(rows))
    ordered = sorted(rows, key=lambda row: order_of_id(row["tki_id"]))
    until = _years_later(day, number_on(tx.db, "certificate_years", day))
    digest_key, cipher_key = (tx.desk.office.keys[name] for name in ("secure-code-digest", "secure-code-cipher"))
    made = []
    for serial, (row, code) in enumerate(zip(ordered, take_codes(tx, len(rows)), strict=True), first):
        number = str(CertificateNumber(series, serial))
        made.append(
            {
                "journey_id": row["journey_id"],
                "decision_id": row["decision_id"],
                "tki_id": row["tki_id"],
                "scheme_code": scheme_code,
                "lsp_code": row["lsp_code"],
                "certificate_no": number,
                "secure_code_digest": digest_of(digest_key, code),
                "secure_code_cipher": seal_code(cipher_key, number, code),
                "certified_on": day,
                "valid_until": until,
                "status": "VALID",
                "status_at": tx.at,
            }
        )
    _insert(tx, made)
    return made


def _take_serials(tx: Tx, series: Series, count: int) -> int:
    """Take so many running numbers and return the first; whoever comes next waits until this act has ended."""
    where = {"prefix": series.prefix, "code": series.code, "year": series.year}
    read = (
        "select next_serial from posko.certificate_counter"
        " where prefix = :prefix and number_code = :code and year = :year for update"
    )
    found = one(tx.db, read, **where)
    if found is None:
        # Two acts may both find none: the second waits here, changes nothing, and then reads what the first left.
        change(
            tx.db,
            "insert into posko.certificate_counter (prefix, number_code, year, next_serial) values (:prefix, :code, :year, 1)"
            " on duplicate key update next_serial = next_serial",
            **where,
        )
        found = one(tx.db, read, **where)
    first = int(found["next_serial"]) if found else 1
    if first + count - 1 > LAST_SERIAL:
        raise refuse("NUMBERS_EXHAUSTED", series=f"{series.prefix}.{series.code}.{series.year}")
    change(
        tx.db,
        "update posko.certificate_counter set next_serial = :next"
        " where prefix = :prefix and number_code = :code and year = :year",
        next=first + count,
        **where,
    )
    return first


def _insert(tx: Tx, made: list[Row]) -> None:
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "certificate", made)
    except sa.exc.IntegrityError as error:
        if not _lapse(tx, made):
            raise _why_not(tx, made) or error from error
        _insert(tx, made)


def _lapse(tx: Tx, made: list[Row]) -> int:
    """Let certificates of the same TKI that are out of date stand as EXPIRED, so that a new one may follow; return how many."""
    return change(
        tx.db,
        "update posko.certificate set status = 'EXPIRED', status_at = :at where tki_id in :ids and in_force = :scheme"
        " and status = 'VALID' and valid_until < :day",
        at=tx.at,
        ids=[row["tki_id"] for row in made],
        scheme=made[0]["scheme_code"],
        day=local_day(tx.at),
    )


def _why_not(tx: Tx, made: list[Row]) -> Refused | None:
    """Return which rule of the tables the rows broke."""
    held = many(
        tx.db,
        "select tki_id, certificate_no from posko.certificate where tki_id in :ids and in_force = :scheme order by tki_id limit 1",
        ids=[row["tki_id"] for row in made],
        scheme=made[0]["scheme_code"],
    )
    if held:
        tx.context.update(tki_id=held[0]["tki_id"], certificate_no=held[0]["certificate_no"])
        return refuse("CERTIFICATE_IN_FORCE", tki_id=held[0]["tki_id"])
    taken = many(
        tx.db,
        "select certificate_no from posko.certificate where certificate_no in :numbers order by certificate_no limit 1",
        numbers=[row["certificate_no"] for row in made],
    )
    if taken:
        tx.context.update(certificate_no=taken[0]["certificate_no"])
        return refuse("NUMBER_TAKEN")
    return None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@act("certification.list", Command.SEE_SECURE_CODE)
def certificates(tx: Tx, *, session_id: int | None = None, lsp_code: str | None = None) -> list[dict[str, Any]]:
    """Return the certificates of one session, or of one LSP, newest numbers first (Gambar 11 and 12).

    Each begins with the columns of Gambar 12 in their order: ID, Nama, Tanggal, No Sertifikat, Secure Code. An auditor
    sees the code masked. `is_altered` marks a row that is no longer what was handed over (DV-C05).

    Raises:
        Refused: neither or both are named, the session is unknown, or the list is another LSP's.
    """
    if (session_id is None) == (lsp_code is None):
        raise refuse("CHOOSE_LIST")
    if session_id is not None:
        wanted = inputs.number(session_id, "Sesi uji")
        tx.about("session", wanted)
        session = one(tx.db, "select lsp_code from posko.exam_session where session_id = :id", id=wanted)
        tx.permit(how=Act.READ, lsp_code=lsp_of(session), session_id=wanted)
        if session is None:
            raise refuse("UNKNOWN_SESSION", session_id=wanted)
        found = many(tx.db, f"{LISTED} where decision.session_id = :id order by certificate.certificate_no", id=wanted)
    else:
        wanted_lsp = inputs.code(lsp_code, "LSP", 20)
        tx.about("lsp", wanted_lsp)
        tx.permit(how=Act.READ, lsp_code=wanted_lsp)
        newest = (
            f"{LISTED} where certificate.lsp_code = :lsp order by certificate.certificate_id desc limit {MOST_SHOWN}"
        )
        found = many(tx.db, newest, lsp=wanted_lsp)
    tx.record(*tx.subject, {"shown": len(found), "masked": is_masked(tx)})
    return looked_at(tx, found)


def looked_at(tx: Tx, found: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `LISTED` as who looks may see them; one that was altered since it was made is noted (DV-C05)."""
    wrong = altered(tx.db, [int(row["journey_id"]) for row in found])
    rows = [_shown(tx, row, is_altered=row["journey_id"] in wrong) for row in found]
    for row in rows:
        if row["is_altered"]:
            note_altered(tx, row["journey_id"], row["tki_id"], row["certificate_no"])
    return rows


def is_masked(tx: Tx) -> bool:
    """Return whether who looks may not see the codes."""
    return tx.permission is not None and tx.permission.is_masked


def _code_of(tx: Tx, row: Row) -> str:
    if is_masked(tx):
        return MASK
    try:
        return open_code(tx.desk.office.keys["secure-code-cipher"], row["certificate_no"], row["secure_code_cipher"])
    except (InvalidTag, ValueError):
        return UNREADABLE


def _shown(tx: Tx, row: Row, *, is_altered: bool) -> dict[str, Any]:
    code = _code_of(tx, row)
    return {
        "tki_id": row["tki_id"],
        "full_name": row["full_name"],
        "certified_on": row["certified_on"].isoformat(),
        "certificate_no": row["certificate_no"],
        "secure_code": code,
        "scheme_code": row["scheme_code"],
        "lsp_code": row["lsp_code"],
        "sk_no": row["sk_no"],
        "session_id": row["session_id"],
        "valid_until": row["valid_until"].isoformat(),
        "status": row["status"],
        "copies": row["copies"],
        "journey_id": row["journey_id"],
        "is_altered": is_altered or code == UNREADABLE,
    }
