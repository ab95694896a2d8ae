"""Permission: whether this person may do this, here (§9; R-060..R-070).

Every service asks `permit` before it does anything. It fails closed: a command without a row, a scope that the caller does not name or
a reason that is missing is a refusal. The steps that the system does by itself (receive, number, publish) ask nobody and have
no principal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posko.domain.commands import LABELS
from posko.domain.errors import NotPermitted
from posko.domain.matrix import MATRIX, ROLE_LABELS, Cell, Command, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MATRIX", "Act", "Cell", "Command", "Permission", "Principal", "Role", "permit"]

OUT_OF_SCOPE = "DV-X04"
"""Deviation rule of a try to reach outside the own scope."""


class Act(StrEnum):
    """What is done with a command: the command itself, or less."""

    DO = "DO"
    READ = "READ"
    COMMENT = "COMMENT"
    START_STOP = "START_STOP"
    COMPLAIN = "COMPLAIN"


_ALL = frozenset({Act.DO, Act.READ, Act.COMMENT})

ACTS: Mapping[Cell, frozenset[Act]] = {
    Cell.YES: _ALL,
    Cell.OWN: _ALL,
    Cell.OWN_SESSION: _ALL,
    Cell.ON_BEHALF: _ALL,
    Cell.ONE_OF_TWO: _ALL,
    Cell.ONE_OF_TWO_OWN: _ALL,
    Cell.READ: frozenset({Act.READ}),
    Cell.MASKED: frozenset({Act.READ}),
    Cell.COMMENT: frozenset({Act.READ, Act.COMMENT}),
    Cell.COMMENT_OWN: frozenset({Act.READ, Act.COMMENT}),
    Cell.ANNOTATE: frozenset({Act.READ, Act.COMMENT}),
    Cell.OWN_EVENTS: frozenset({Act.DO, Act.READ}),
    Cell.AFTER_GATE: frozenset({Act.DO, Act.READ, Act.START_STOP}),
    Cell.START_STOP: frozenset({Act.READ, Act.START_STOP}),
    Cell.COMPLAINT: frozenset({Act.COMPLAIN}),
    Cell.READ_RESULT: frozenset({Act.READ}),
    Cell.NO: frozenset(),
}
"""Cell -> what it lets the role do."""

SCOPED = frozenset({Cell.OWN, Cell.OWN_SESSION, Cell.COMMENT_OWN, Cell.ONE_OF_TWO_OWN, Cell.OWN_EVENTS})
"""Cells that reach only what is the principal's own."""


PARTIES = (Role.KONSORSIUM, Role.LSP, Role.TUK)
"""Roles in whose place a Super Administrator may act; which commands that is, the cells say."""


@dataclass(frozen=True)
class Party:
    """Body in whose place a Super Administrator acts: one of `PARTIES`, with the code of the LSP or TUK."""

    role: Role
    code: str | None = None

    def __str__(self) -> str:
        """Return it as the audit log names it: the code, or the role where there is but one body."""
        return self.code or self.role.value


@dataclass(frozen=True)
class Principal:
    """Who acts: a person who proved a finger, or the public, in one role.

    `person_id` is the identification number (8.2), None for the public; for a TKI who looks at her own data it is her ID TKI.
    `sessions` are the exam sessions to which an assessor is appointed. `on_behalf` is the reason for which a Super Administrator
    acts in another's place, `party` in whose; None: in that of whoever the act is about.
    """

    role: Role
    person_id: str | None = None
    lsp_code: str | None = None
    tuk_code: str | None = None
    sessions: frozenset[int] = frozenset()
    on_behalf: str | None = None
    party: Party | None = None


@dataclass(frozen=True)
class Permission:
    """A given permission, and what the service must still see to.

    `is_on_behalf`: mark the event and list it for review, with `reason` (R-069). `needs_second_person`: a second person, not the
    same, must act too. `needs_gate`: only after the minutes of the batch are closed (X1). `is_masked`: show no secret in full.
    """

    principal: Principal
    command: Command
    act: Act
    cell: Cell

    @property
    def is_on_behalf(self) -> bool:
        """Whether the act is done in another's place."""
        return self.cell is Cell.ON_BEHALF and self.act is not Act.READ

    @property
    def reason(self) -> str | None:
        """The reason of an act on behalf; None where the act is the principal's own."""
        return self.principal.on_behalf if self.is_on_behalf else None

    @property
    def needs_second_person(self) -> bool:
        """Whether a second person must act too."""
        return self.cell in {Cell.ONE_OF_TWO, Cell.ONE_OF_TWO_OWN} and self.act is Act.DO

    @property
    def needs_gate(self) -> bool:
        """Whether the evaluation meeting must have closed its minutes before."""
        return self.cell is Cell.AFTER_GATE and self.act is not Act.READ

    @property
    def is_masked(self) -> bool:
        """Whether secrets are shown masked."""
        return self.cell is Cell.MASKED


def permit(
    principal: Principal,
    command: Command,
    *,
    act: Act = Act.DO,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    session_id: int | None = None,
    person_id: str | None = None,
) -> Permission:
    """Return the permission for one act, or refuse.

    Args:
        principal: who acts.
        command: what is to be done.
        act: the command itself, or only reading, commenting, starting, complaining.
        lsp_code: the LSP whose rows are touched; an LSP needs its own here, and so for the three below.
        tuk_code: the TUK whose rows are touched.
        session_id: the exam session.
        person_id: the person whom the rows are about, for commands that reach only the own events.

    Raises:
        NotPermitted: the role may not, the scope is not its own (DV-X04), or of an act on behalf the reason is missing or the
            body in whose place it is done could not do it itself.
    """
    if principal.on_behalf is not None and principal.role is not Role.SUPER:
        raise NotPermitted("Hanya Super Administrator yang dapat bertindak atas nama pihak lain.")
    cell = MATRIX.get(command, {}).get(principal.role, Cell.NO)
    if act not in ACTS[cell]:
        raise NotPermitted(
            f"{ROLE_LABELS[principal.role]} tidak berhak atas perintah ini: {LABELS.get(command, command)}."
        )
    permission = Permission(principal, command, act, cell)
    if cell in SCOPED and not _is_own(principal, cell, lsp_code, tuk_code, session_id, person_id):
        raise NotPermitted(
            f"{ROLE_LABELS[principal.role]} hanya berhak atas miliknya sendiri: {LABELS[command]}.", rule=OUT_OF_SCOPE
        )
    if permission.is_on_behalf and not (principal.on_behalf or "").strip():
        raise NotPermitted(f"Bertindak atas nama pihak lain wajib disertai alasan: {LABELS[command]}.")
    if permission.is_on_behalf and principal.party is not None:
        _check_party(principal.party, command, act, lsp_code, tuk_code)
    return permission


def _check_party(party: Party, command: Command, act: Act, lsp_code: str | None, tuk_code: str | None) -> None:
    """Refuse what the body that was named could not do itself: acting in its place reaches no further than it does."""
    cell = MATRIX[command][party.role]
    is_lsp, is_tuk = party.role is Role.LSP, party.role is Role.TUK
    stand_in = Principal(party.role, lsp_code=party.code if is_lsp else None, tuk_code=party.code if is_tuk else None)
    may = act in ACTS[cell] and (cell not in SCOPED or _is_own(stand_in, cell, lsp_code, tuk_code, None, None))
    if not may:
        raise NotPermitted(
            f"Anda sedang bertindak atas nama {ROLE_LABELS[party.role]} {party.code or ''}".rstrip()
            + f", yang tidak berhak atas perintah ini di sini: {LABELS[command]}."
        )


def _is_own(
    principal: Principal,
    cell: Cell,
    lsp_code: str | None,
    tuk_code: str | None,
    session_id: int | None,
    person_id: str | None,
) -> bool:
    """Return whether the named scope is the principal's own; what is not named is nobody's."""
    if cell is Cell.OWN_EVENTS:
        return person_id is not None and person_id == principal.person_id
    if principal.role is Role.LSP:
        return lsp_code is not None and lsp_code == principal.lsp_code
    if principal.role is Role.TUK:
        return tuk_code is not None and tuk_code == principal.tuk_code
    return principal.role is Role.ASESOR and session_id in principal.sessions
