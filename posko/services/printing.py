"""Printing of certificates on numbered blanks: every copy counted, every blank accounted for (§13.12, Gambar 11; R-138, DV-C03).

A blank is FREE, USED by one copy, or SPOILED. The first copy needs no reason; every further one does and is marked
"salinan". The keys of the print events let no blank carry two copies and no two clerks print the same copy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.certificate_number import parse
from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, journeys
from posko.services.office import Tx, act
from posko.services.rows import Row, add, add_many, change, lsp_of, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence

BLANKS_AT_ONCE = 10_000
_BLANK = re.compile(r"([A-Z]{1,18})([0-9]{1,12})")


def certificate_of(tx: Tx, certificate_no: object) -> Row | None:
    """Return a certificate, locked until the act ends; None when there is none.

    Raises:
        Refused: what was typed is no text.
    """
    number = inputs.text(certificate_no, "Nomor sertifikat", 40)
    tx.about("certificate", number)
    if parse(number) is None:
        return None
    found = one(
        tx.db,
        "select certificate_id, certificate_no, journey_id, tki_id, scheme_code, lsp_code, status from posko.certificate"
        " where certificate_no = :number for update",
        number=number,
    )
    if found is not None:
        tx.context.update(journey_id=found["journey_id"], tki_id=found["tki_id"])
    return found


@act("blank.issue", Command.CHANGE_REGISTER)
def issue_blanks(tx: Tx, *, lsp_code: str, first: str, last: str) -> dict[str, int]:
    """Give an LSP the blanks from `first` to `last`, both included; return how many.

    Raises:
        Refused: no such LSP, the two are no range, or one of them was given out before.
    """
    tx.permit()
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    numbers = blank_range(first, last)
    if one(tx.db, "select 1 as found from posko.lsp where lsp_code = :lsp", lsp=lsp) is None:
        raise refuse("UNKNOWN_LSP", lsp_code=lsp)
    rows = [{"blank_no": number, "lsp_code": lsp, "issued_at": tx.at, "issued_by": tx.person_id} for number in numbers]
    try:
        with tx.db.begin_nested():
            add_many(tx.db, "blank", rows)
    except sa.exc.IntegrityError:
        # Locked, so that it also sees what somebody else gave out since this act began.
        refuse_given(tx.db, numbers, lock=True)
        raise
    tx.record("lsp", lsp, {"first": numbers[0], "last": numbers[-1], "blanks": len(numbers)})
    return {"issued": len(numbers)}


def refuse_given(db: sa.Connection, numbers: Sequence[str], *, lock: bool = False) -> None:
    """Refuse a range of blanks, as `blank_range` returns it, of which some were given out before, whatever became of them.

    Raises:
        Refused: how many they are, the first of them, and who has it.
    """
    given = many(
        db,
        "select blank_no, lsp_code from posko.blank where blank_no between :first and :last"
        f" and char_length(blank_no) = :width order by blank_no{' for update' if lock else ''}",
        first=numbers[0],
        last=numbers[-1],
        width=len(numbers[0]),
    )
    if given:
        told = {"first": numbers[0], "last": numbers[-1], "given": len(given)}
        raise refuse("BLANK_EXISTS", **told, found=given[0]["blank_no"], lsp_code=given[0]["lsp_code"])


def blank_range(first: object, last: object) -> list[str]:
    """Return the numbers of a range of blanks, both ends included, e.g. BL000001 to BL000050.

    Raises:
        Refused: one is no number of a blank, or the two are no range of 1 to `BLANKS_AT_ONCE`.
    """
    low, high = inputs.text(first, "Blangko pertama", 30), inputs.text(last, "Blangko terakhir", 30)
    (letters, start), (others, end) = _parts(low), _parts(high)
    count = int(end) - int(start) + 1
    if letters != others or len(start) != len(end) or not 1 <= count <= BLANKS_AT_ONCE:
        raise refuse("BLANK_RANGE", first=low, last=high, most=BLANKS_AT_ONCE)
    return [f"{letters}{serial:0{len(start)}d}" for serial in range(int(start), int(end) + 1)]


def last_blank(first: object, count: object) -> str:
    """Return the last number of a range that begins with `first` and has `count` blanks; `blank_range` judges whether it is one.

    Raises:
        Refused: `first` is no number of a blank, or `count` is no whole number from 1.
    """
    letters, start = _parts(inputs.text(first, "Blangko pertama", 30))
    end = int(start) + inputs.number(count, "Banyak lembar") - 1
    return f"{letters}{end:0{len(start)}d}"


def _parts(number: str) -> tuple[str, str]:
    """Return letters and digits of a blank's number."""
    found = _BLANK.fullmatch(number) if number.isascii() else None
    if found is None:
        raise refuse("BLANK_SHAPE", what=number)
    return found[1], found[2]


@act("certificate.print", Command.PRINT_CERTIFICATE)
def print_certificate(tx: Tx, *, certificate_no: str, blank_no: str, reason: str | None = None) -> dict[str, Any]:
    """Count one printed copy of a certificate on one blank; the second and every further one needs a reason.

    Returns:
        `copy_no`, from 1, and `is_copy`: whether the print must be marked "salinan".

    Raises:
        Refused: no such certificate of this LSP, not valid, no reason for a reprint, or the blank is not free (DV-C03).
    """
    found = certificate_of(tx, certificate_no)
    tx.permit(lsp_code=lsp_of(found))
    if found is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=certificate_no)
    journeys.hold_part(tx, [found["journey_id"]], "LSP")
    if found["status"] != "VALID":
        raise refuse("NOT_PRINTABLE", certificate_no=found["certificate_no"])
    copy_no = 1 + _copies(tx, found["certificate_id"])
    why = None if reason is None else inputs.reason(reason)
    if copy_no > 1 and why is None:
        raise refuse("REPRINT_WITHOUT_REASON", certificate_no=found["certificate_no"])
    blank = _use_blank(tx, found["lsp_code"], blank_no, "USED")
    add(
        tx.db,
        "print_event",
        {
            "certificate_id": found["certificate_id"],
            "copy_no": copy_no,
            "blank_no": blank,
            "reason": why,
            "printed_at": tx.at,
            "printed_by": tx.person_id,
        },
    )
    told = {"copy": copy_no, "blank": blank} | ({"reason": why} if why else {})
    tx.record("certificate", found["certificate_no"], told)
    return {"copy_no": copy_no, "is_copy": copy_no > 1}


def _copies(tx: Tx, certificate_id: int) -> int:
    """Return how many copies there are; the certificate is locked, so that nobody prints meanwhile."""
    found = one(
        tx.db,
        "select coalesce(max(copy_no), 0) as copies from posko.print_event where certificate_id = :id",
        id=certificate_id,
    )
    return int(found["copies"]) if found else 0


def _use_blank(tx: Tx, lsp_code: str, blank_no: object, state: str) -> str:
    """Take a free blank of this LSP; whoever comes second finds it no longer free."""
    wanted = inputs.text(blank_no, "Nomor blangko", 30)
    tx.context["blank_no"] = wanted
    taken = change(
        tx.db,
        "update posko.blank set state = :state where blank_no = :blank and lsp_code = :lsp and state = 'FREE'",
        state=state,
        blank=wanted,
        lsp=lsp_code,
    )
    if taken != 1:
        own = one(
            tx.db,
            "select 1 as found from posko.blank where blank_no = :blank and lsp_code = :lsp",
            blank=wanted,
            lsp=lsp_code,
        )
        raise refuse("BLANK_NOT_FREE" if own else "BLANK_NOT_THIS_LSP", blank_no=wanted)
    return wanted


@act("blank.spoil", Command.PRINT_CERTIFICATE)
def spoil_blank(tx: Tx, *, blank_no: str, reason: str) -> dict[str, str]:
    """Take a free blank out of the stock because it is damaged or lost.

    Raises:
        Refused: no reason, not a blank of this LSP, or not free.
    """
    wanted = inputs.text(blank_no, "Nomor blangko", 30)
    tx.about("blank", wanted)
    found = one(tx.db, "select lsp_code from posko.blank where blank_no = :blank", blank=wanted)
    tx.permit(lsp_code=lsp_of(found))
    if found is None:
        raise refuse("BLANK_NOT_THIS_LSP", blank_no=wanted)
    why = inputs.reason(reason)
    _use_blank(tx, found["lsp_code"], wanted, "SPOILED")
    tx.record("blank", wanted, {"state": "SPOILED", "reason": why})
    return {"blank_no": wanted, "state": "SPOILED"}


@act("blank.stock", Command.PRINT_CERTIFICATE)
def stock(tx: Tx, *, lsp_code: str) -> dict[str, Any]:
    """Return an LSP's stock of blanks beside its copies; `is_balanced` says that each used blank is one copy (DV-C03).

    Raises:
        Refused: another LSP's stock.
    """
    lsp = inputs.code(lsp_code, "LSP", 20)
    tx.about("lsp", lsp)
    # BNSP and the auditor do not print; they see the stock as part of the register that BNSP keeps.
    is_reader = tx.by is not None and tx.by.role in {Role.BNSP, Role.AUDITOR}
    tx.permit(how=Act.READ, lsp_code=lsp, command=Command.CHANGE_REGISTER if is_reader else None)
    states = {
        row["state"]: int(row["blanks"])
        for row in many(
            tx.db, "select state, count(*) as blanks from posko.blank where lsp_code = :lsp group by state", lsp=lsp
        )
    }
    printed = one(
        tx.db,
        "select count(*) as copies, coalesce(sum(blank.state = 'USED' and blank.lsp_code = :lsp), 0) as on_used"
        " from posko.print_event as printed"
        " join posko.certificate on certificate.certificate_id = printed.certificate_id and certificate.lsp_code = :lsp"
        " left join posko.blank on blank.blank_no = printed.blank_no",
        lsp=lsp,
    )
    copies, on_used = (int(printed["copies"]), int(printed["on_used"])) if printed else (0, 0)
    free, used, spoiled = (states.get(state, 0) for state in ("FREE", "USED", "SPOILED"))
    told = {"issued": free + used + spoiled, "free": free, "used": used, "spoiled": spoiled, "copies": copies}
    tx.record("lsp", lsp, told)
    return {**told, "is_balanced": copies == used == on_used}
