"""Suspension, reinstatement and revocation of a certificate (§3.5; R-186; ISO/IEC 17024 9.7).

The certificate's own row says what it is worth, and every path that verifies reads it there. The journey gets the side state, so
that the published list and what goes to BNP2TKI say it too. A revocation is for ever; revoking and reinstating need two persons and the
number of the decree (SK) that orders it. Each change and each remark of the LSP is a note that stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.domain.status import SideStatus
from posko.services import inputs, journeys
from posko.services.office import Tx, act
from posko.services.printing import certificate_of
from posko.services.proofs import second_person
from posko.services.rows import Row, add, change, lsp_of, one

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof

DECREE_MOST = 100


@act("certificate.suspend", Command.SUSPEND_CERTIFICATE)
def suspend(
    tx: Tx,
    *,
    certificate_no: str,
    reason: str,
    decree_no: str | None = None,
    second: FingerProof | None = None,
    seen: str | None = None,
) -> dict[str, str]:
    """Suspend a valid certificate until it is reinstated or revoked.

    Args:
        tx: the act.
        certificate_no: which.
        reason: why.
        decree_no: of the decree, where there is one already: who must act at once writes it afterwards.
        second: a second person is not needed.
        seen: since when it stood as whoever acts saw it, ISO time; None: not compared.

    Raises:
        Refused: no such certificate of this LSP, no reason, changed meanwhile, or it is not valid.
    """
    row, told = _begin(tx, certificate_no, reason, second, seen)
    decree = None if decree_no is None or decree_no == "" else _decree(decree_no)
    _set_status(tx, row, "SUSPENDED", ("VALID",), told, decree)
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.SUSPENDED, stands=True, told=told)
    return {"certificate_no": row["certificate_no"], "status": "SUSPENDED"}


@act("certificate.reinstate", Command.REINSTATE_CERTIFICATE)
def reinstate(
    tx: Tx,
    *,
    certificate_no: str,
    reason: str,
    decree_no: str,
    second: FingerProof | None = None,
    seen: str | None = None,
) -> dict[str, str]:
    """Let a suspended certificate be valid again; two persons and a decree.

    Raises:
        Refused: no such certificate, no reason, decree or second person, changed meanwhile, or it is not suspended.
    """
    row, told = _begin(tx, certificate_no, reason, second, seen)
    _set_status(tx, row, "VALID", ("SUSPENDED",), told, _decree(decree_no))
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.SUSPENDED, stands=False, told=told)
    return {"certificate_no": row["certificate_no"], "status": "VALID"}


@act("certificate.revoke", Command.REVOKE_CERTIFICATE)
def revoke(
    tx: Tx,
    *,
    certificate_no: str,
    reason: str,
    decree_no: str,
    second: FingerProof | None = None,
    seen: str | None = None,
) -> dict[str, str]:
    """Revoke a certificate for ever; two persons and a decree. A new one for the TKI is a new journey with a number of its own.

    Raises:
        Refused: no such certificate, no reason, decree or second person, changed meanwhile, or it is revoked already.
    """
    row, told = _begin(tx, certificate_no, reason, second, seen)
    _set_status(tx, row, "REVOKED", ("VALID", "SUSPENDED"), told, _decree(decree_no))
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.REVOKED, stands=True, told=told)
    return {"certificate_no": row["certificate_no"], "status": "REVOKED"}


@act("certificate.remark", Command.REVOKE_CERTIFICATE)
def remark(tx: Tx, *, certificate_no: str, note: str) -> int:
    """Say something of a certificate for those who decide on its standing, as the LSP that issued it may; return the note's number.

    Raises:
        Refused: no such certificate, or no text.
    """
    row = certificate_of(tx, certificate_no)
    tx.permit(how=Act.COMMENT, lsp_code=lsp_of(row))
    if row is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=tx.subject[1])
    said = inputs.text(note, "Catatan")
    tx.record("certificate", row["certificate_no"], {"remark": said})
    return _note(tx, row, note=said)


def _begin(tx: Tx, certificate_no: object, reason: object, second: object, seen: object) -> tuple[Row, dict[str, str]]:
    """Return the certificate, locked, and what the log is told; ask for the right, the reason and the second person."""
    row = certificate_of(tx, certificate_no)
    permission = tx.permit(lsp_code=lsp_of(row))
    if row is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=tx.subject[1])
    told = {"certificate_no": row["certificate_no"], "reason": inputs.reason(reason)}
    _check_seen(tx, row, seen)
    if permission is not None and permission.needs_second_person:
        told["second"] = second_person(tx, second, permission.command)
    if tx.by is not None and tx.by.role is Role.LSP:
        journeys.hold_part(tx, [row["journey_id"]], "LSP")
    return row, told


def _check_seen(tx: Tx, row: Row, seen: object) -> None:
    """Refuse to change what stands otherwise than whoever acts saw it."""
    if seen is None:
        return
    found = one(tx.db, "select status_at from posko.certificate where certificate_id = :id", id=row["certificate_id"])
    if found is None or found["status_at"].isoformat() != seen:
        raise refuse("CHANGED_MEANWHILE")


def _decree(value: object) -> str:
    return inputs.text(value, "Nomor SK", DECREE_MOST)


def _set_status(tx: Tx, row: Row, to: str, since: tuple[str, ...], told: dict[str, str], decree: str | None) -> None:
    if row["status"] not in since:
        raise refuse("STATUS_STANDS", certificate_no=row["certificate_no"], status=row["status"])
    if decree is not None:
        told["decree_no"] = decree
    change(
        tx.db,
        "update posko.certificate set status = :to, status_at = :at, status_reason = :reason where certificate_id = :id",
        to=to,
        at=tx.at,
        reason=told["reason"],
        id=row["certificate_id"],
    )
    _note(
        tx,
        row,
        note=told["reason"],
        status_from=row["status"],
        status_to=to,
        decree_no=decree,
        seconded_by=told.get("second"),
    )


def _note(tx: Tx, row: Row, *, note: str, **columns: str | None) -> int:
    made = {
        "certificate_id": row["certificate_id"],
        "note": note,
        "noted_at": tx.at,
        "noted_by": tx.person_id,
        "noted_role": tx.by.role.value if tx.by else "SYSTEM",
        **columns,
    }
    return add(tx.db, "certificate_note", made)


def _journey(tx: Tx, row: Row) -> Row:
    return journeys.read(tx, int(row["journey_id"]))
