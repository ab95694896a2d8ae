"""Suspension, reinstatement and revocation of a certificate (§3.5; R-186; ISO/IEC 17024 9.7).

The certificate's own row says what it is worth, and every path that verifies reads it there. The journey gets the side state, so
that the published list and what goes to BNP2TKI say it too. A revocation is for ever; revoking and reinstating need two persons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command, Role
from posko.domain.refusals import refuse
from posko.domain.status import SideStatus
from posko.services import inputs, journeys
from posko.services.office import Tx, act
from posko.services.printing import certificate_of
from posko.services.proofs import second_person
from posko.services.rows import Row, change, lsp_of

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof


@act("certificate.suspend", Command.SUSPEND_CERTIFICATE)
def suspend(tx: Tx, *, certificate_no: str, reason: str, second: FingerProof | None = None) -> dict[str, str]:
    """Suspend a valid certificate until it is reinstated or revoked.

    Raises:
        Refused: no such certificate of this LSP, no reason, or it is not valid.
    """
    row, told = _begin(tx, certificate_no, reason, second)
    _set_status(tx, row, "SUSPENDED", ("VALID",), told["reason"])
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.SUSPENDED, stands=True, told=told)
    return {"certificate_no": row["certificate_no"], "status": "SUSPENDED"}


@act("certificate.reinstate", Command.REINSTATE_CERTIFICATE)
def reinstate(tx: Tx, *, certificate_no: str, reason: str, second: FingerProof | None = None) -> dict[str, str]:
    """Let a suspended certificate be valid again; two persons.

    Raises:
        Refused: no such certificate, no reason, no second person, or it is not suspended.
    """
    row, told = _begin(tx, certificate_no, reason, second)
    _set_status(tx, row, "VALID", ("SUSPENDED",), told["reason"])
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.SUSPENDED, stands=False, told=told)
    return {"certificate_no": row["certificate_no"], "status": "VALID"}


@act("certificate.revoke", Command.REVOKE_CERTIFICATE)
def revoke(tx: Tx, *, certificate_no: str, reason: str, second: FingerProof | None = None) -> dict[str, str]:
    """Revoke a certificate for ever; two persons. A new one for the TKI is a new journey with a number of its own.

    Raises:
        Refused: no such certificate, no reason, no second person, or it is revoked already.
    """
    row, told = _begin(tx, certificate_no, reason, second)
    _set_status(tx, row, "REVOKED", ("VALID", "SUSPENDED"), told["reason"])
    journeys.set_side_of(tx, _journey(tx, row), SideStatus.REVOKED, stands=True, told=told)
    return {"certificate_no": row["certificate_no"], "status": "REVOKED"}


def _begin(tx: Tx, certificate_no: object, reason: object, second: object) -> tuple[Row, dict[str, str]]:
    """Return the certificate, locked, and what the log is told; ask for the right, the reason and the second person."""
    row = certificate_of(tx, certificate_no)
    permission = tx.permit(lsp_code=lsp_of(row))
    if row is None:
        raise refuse("UNKNOWN_CERTIFICATE", certificate_no=tx.subject[1])
    told = {"certificate_no": row["certificate_no"], "reason": inputs.reason(reason)}
    if permission is not None and permission.needs_second_person:
        told["second"] = second_person(tx, second, permission.command)
    if tx.by is not None and tx.by.role is Role.LSP:
        journeys.hold_part(tx, [row["journey_id"]], "LSP")
    return row, told


def _set_status(tx: Tx, row: Row, to: str, since: tuple[str, ...], reason: str) -> None:
    if row["status"] not in since:
        raise refuse("STATUS_STANDS", certificate_no=row["certificate_no"], status=row["status"])
    change(
        tx.db,
        "update posko.certificate set status = :to, status_at = :at, status_reason = :reason where certificate_id = :id",
        to=to,
        at=tx.at,
        reason=reason,
        id=row["certificate_id"],
    )


def _journey(tx: Tx, row: Row) -> Row:
    return journeys.read(tx, int(row["journey_id"]))
