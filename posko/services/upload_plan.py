"""What a file would change: each line as a row before and after, or a problem with its line; nothing is written here but on demand.

A plan is made when the file is checked and made again when it is taken over; `version` says whether both mean the same (R-096, R-098).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from posko.domain.errors import Refused
from posko.services import inputs, journeys, payments, registry_history
from posko.services.registration import PAYMENTS
from posko.services.registry_columns import REGISTERS, Problem, plain_row
from posko.services.registry_files import planned
from posko.services.rows import Row, many_among
from posko.services.upload_kinds import PAYMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posko.services.office import Tx
    from posko.services.sheet_files import Line
    from posko.services.upload_kinds import Kind

PAYMENT_WORDS: Mapping[str, str] = {
    **{state.lower(): state for state in PAYMENTS},
    "belum bayar": "BELUM",
    "belum lunas": "BELUM",
    "sudah bayar": "LUNAS",
    "bebas": "DIBEBASKAN",
}
"""How a file may write a payment state -> the state."""
_CANDIDATES = """
    select journey.journey_id, journey.tki_id, candidate.full_name, candidate.payment_status
    from posko.journey as journey join posko.candidate as candidate on candidate.journey_id = journey.journey_id
    where journey.tki_id in :ids and journey.open_scheme is not null order by journey.journey_id"""
_STANDING = "select tki_id, max(status = 'CLOSED') as is_closed from posko.journey where tki_id in :ids group by tki_id"


@dataclass(frozen=True, slots=True)
class Change:
    """One line that changes something: its key as a person knows it, the row before (None: new) and after."""

    line: int
    key: str
    before: Row | None
    after: Row


@dataclass
class Plan:
    """What the lines of a file come to; with a problem there is no change."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many rows are new."""
        return sum(change.before is None for change in self.changes)

    @property
    def version(self) -> str:
        """Digest of what changes from what to what: another one, and something changed since it was shown."""
        told = [[change.key, _plain(change.before), _plain(change.after)] for change in self.changes]
        return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def make(tx: Tx, kind: Kind, lines: Sequence[Line], *, lock: bool) -> Plan:
    """Return the plan of the lines; with `lock` what it names stays as it is until the act ends."""
    return _payments(tx, lines, lock=lock) if kind.name == PAYMENT else _register(tx, kind, lines, lock=lock)


def write(tx: Tx, kind: Kind, plan: Plan, reason: str) -> None:
    """Write a plan that was made under locks.

    Raises:
        Refused: as the acts for single rows.
    """
    if kind.name != PAYMENT:
        registry_history.write(tx, REGISTERS[kind.name], [(one.before, one.after) for one in plan.changes], reason)
        return
    numbers = [int(one.after["journey_id"]) for one in plan.changes]
    before = {int(one.after["journey_id"]): str((one.before or {})["payment_status"]) for one in plan.changes}
    after = {int(one.after["journey_id"]): str(one.after["payment_status"]) for one in plan.changes}
    payments.write(tx, journeys.read_many(tx, numbers), before, after, reason=reason)


def _register(tx: Tx, kind: Kind, lines: Sequence[Line], *, lock: bool) -> Plan:
    register = REGISTERS[kind.name]
    pairs, problems = planned(tx.db, register, lines, lock=lock)
    if problems:
        return Plan(problems=problems)
    changes = [
        Change(line.number, register.key_of(after), before, after)
        for line, (before, after) in zip(lines, pairs, strict=True)
        if before != after
    ]
    return Plan(changes, len(pairs) - len(changes))


def _payments(tx: Tx, lines: Sequence[Line], *, lock: bool) -> Plan:
    asked, problems = _read_payments(lines)
    ids = [tki_id for _, tki_id, _ in asked]
    found: dict[str, list[Row]] = {}
    if lock:
        locked = many_among(tx.db, _CANDIDATES, ids)
        numbers = [int(row["journey_id"]) for row in locked]
        journeys.read_many(tx, numbers)
        payments.states_of(tx, numbers)
    # With locks read once more: what stood there before they were held may have changed.
    for row in many_among(tx.db, _CANDIDATES, ids):
        found.setdefault(str(row["tki_id"]), []).append(row)
    closed = {str(row["tki_id"]): bool(row["is_closed"]) for row in many_among(tx.db, _STANDING, ids)}
    plan = Plan(problems=problems)
    for number, tki_id, state in asked:
        rows = found.get(tki_id, [])
        if len(rows) != 1:
            plan.problems.append(Problem(number, "tki_id", _why_not(tki_id, rows, closed)))
        elif rows[0]["payment_status"] == state:
            plan.same += 1
        else:
            row = rows[0]
            plan.changes.append(Change(number, tki_id, row, {**row, "payment_status": state}))
    return plan if not plan.problems else Plan(problems=sorted(plan.problems, key=lambda problem: problem.line))


def _why_not(tki_id: str, rows: Sequence[Row], closed: Mapping[str, bool]) -> str:
    if rows:
        return f"TKI {tki_id} terdaftar pada lebih dari satu skema; catat pembayarannya satu per satu"
    if closed.get(tki_id):
        return f"pendaftaran TKI {tki_id} sudah selesai; hapus barisnya"
    return f"TKI {tki_id} belum terdaftar; cari dan daftarkan dahulu, atau betulkan ID-nya"


def _read_payments(lines: Sequence[Line]) -> tuple[list[tuple[int, str, str]], list[Problem]]:
    """Return line, ID TKI and state of every line that is right in itself, and every problem of the others."""
    asked: list[tuple[int, str, str]] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for line in lines:
        wrong = []
        tki_id, state = line.values.get("tki_id"), line.values.get("payment_status")
        try:
            tki_id = inputs.tki(str(tki_id) if isinstance(tki_id, int) else tki_id or "")
        except Refused as refusal:
            wrong.append(Problem(line.number, "tki_id", str(refusal).rstrip(".")))
        word = PAYMENT_WORDS.get(state.strip().lower()) if isinstance(state, str) else None
        if word is None:
            wrong.append(Problem(line.number, "payment_status", f"harus salah satu: {', '.join(PAYMENTS)}"))
        if not wrong and str(tki_id) in first:
            wrong.append(Problem(line.number, "tki_id", f"sama dengan baris {first[str(tki_id)]}"))
        problems += wrong
        if not wrong and word is not None:
            first[str(tki_id)] = line.number
            asked.append((line.number, str(tki_id), word))
    return asked, problems


def _plain(row: Row | None) -> Row | None:
    return None if row is None else plain_row(row)
