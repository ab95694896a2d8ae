"""A file taken over in four steps: read, mapped, checked, committed as one act (§9.2, §12.5; R-012, R-086, R-096, R-098).

`read` takes the file apart and guesses its columns, `check` says line by line what is wrong or what would change, `commit` does it: all
lines or none, and only what the check showed. The log holds counts and the digest of the file, never what stands in it (R-021).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs, upload_plan
from posko.services.office import act
from posko.services.registry_columns import Problem
from posko.services.rows import add, one
from posko.services.sheet_files import Line, SheetWrong, Table, letter, table_of
from posko.services.upload_kinds import HEADING_MOST, KINDS, guess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx
    from posko.services.upload_kinds import Kind
    from posko.services.upload_plan import Plan

MOST_LINES = inputs.MOST_ROWS
"""Lines of one file."""
PREVIEW = 200
"""Changes and problems that a check shows at most; it counts all."""
_LAST = (
    "select columns_json from posko.upload where uploaded_by = :who and kind = :kind order by upload_id desc limit 1"
)


@dataclass(frozen=True)
class Upload:
    """A file that was read: its kind, the digest of its bytes, its table, and column -> place of the heading that is probably meant."""

    kind: str
    digest: str
    table: Table
    guessed: Mapping[str, int]

    @property
    def headings(self) -> list[str]:
        """Headings as they are shown: the text, or the letter of a column without one."""
        return [str(cell)[:HEADING_MOST] if cell else letter(place) for place, cell in enumerate(self.table.heading)]


@act("upload.read", Command.REGISTER)
def read(tx: Tx, *, kind: str, data: bytes, filename: str) -> Upload:
    """Return what stands in a file, with a guess which column is which; nothing is taken over.

    Args:
        tx: the act.
        kind: one of `KINDS`; each is open to whoever may do its command.
        data: the bytes of a CSV or XLSX.
        filename: its name; only the end counts, and it is kept nowhere.

    Raises:
        Refused: no such kind, or a file that cannot be read; the sentence says why.
    """
    wanted = _permitted(tx, kind)
    digest = sha256(data).hexdigest() if isinstance(data, bytes) else "-"
    tx.context.update(digest=digest, bytes=len(data) if isinstance(data, bytes) else 0)
    try:
        table = table_of(data, filename, most_lines=MOST_LINES)
    except SheetWrong as wrong:
        raise refuse("UPLOAD_UNREADABLE", what=wrong.problems[0].what) from wrong
    if not table.lines:
        raise refuse("UPLOAD_UNREADABLE", what="berkas tidak memuat satu baris pun di bawah judul")
    last = one(tx.db, _LAST, who=tx.person_id, kind=wanted.name)
    remembered = json.loads(last["columns_json"]) if last else {}
    tx.record(*tx.subject, {"step": "read", "digest": digest, "bytes": len(data), "rows": len(table.lines)})
    return Upload(wanted.name, digest, table, guess(wanted, table.heading, remembered))


@act("upload.check", Command.REGISTER)
def check(tx: Tx, *, upload: Upload, columns: Mapping[str, int]) -> dict[str, Any]:
    """Say what a file would change, or which lines are wrong; nothing is changed.

    Args:
        tx: the act.
        upload: what `read` returned.
        columns: column -> place of the heading that was chosen for it.

    Returns:
        `added`, `changed`, `same`, `wrong` (counts; with a wrong line nothing would be done), `version` for `commit`; the first `PREVIEW`
        of `problems` (line, column, what) and of `changes` (line, key, before, after).

    Raises:
        Refused: not a file that was read, or a column that is needed was not chosen, or one heading was chosen twice.
    """
    wanted, lines = _mapped(tx, upload, columns)
    plan = _plan(tx, wanted, upload, lines, columns, lock=False)
    counts = _counts(plan)
    tx.record(*tx.subject, {"step": "check", "digest": upload.digest, "rows": len(lines), **counts})
    return {
        **counts,
        "version": plan.version,
        "problems": [problem.told() for problem in plan.problems[:PREVIEW]],
        "changes": [
            {"line": one.line, "key": one.key, "before": one.before, "after": one.after}
            for one in plan.changes[:PREVIEW]
        ],
    }


@act("upload.commit", Command.REGISTER)
def commit(tx: Tx, *, upload: Upload, columns: Mapping[str, int], version: str, reason: str) -> dict[str, int]:
    """Take a file over as it was checked: all lines or none, with the history that single changes have.

    Args:
        tx: the act.
        upload: what `read` returned.
        columns: as for `check`.
        version: what `check` returned: whatever changed since, changes it.
        reason: why.

    Returns:
        `upload_id`, `added`, `changed`, `same`.

    Raises:
        Refused: as `check`; no reason; nothing to change; or the rows are no longer what the check showed.
    """
    wanted, lines = _mapped(tx, upload, columns)
    why = inputs.reason(reason)
    plan = _plan(tx, wanted, upload, lines, columns, lock=True)
    if plan.problems or plan.version != version:
        raise refuse("UPLOAD_STALE")
    if not plan.changes:
        raise refuse("UPLOAD_NOTHING")
    upload_plan.write(tx, wanted, plan, why)
    counts = _counts(plan)
    row = {
        "kind": wanted.name,
        "file_sha256": bytes.fromhex(upload.digest),
        "columns_json": json.dumps(
            {name: upload.headings[place] for name, place in columns.items()}, ensure_ascii=False
        ),
        "row_count": len(lines),
        "changed_count": len(plan.changes),
        "reason": why,
        "uploaded_at": tx.at,
        "uploaded_by": tx.person_id,
    }
    number = add(tx.db, "upload", row)
    tx.record(
        "upload", number, {"kind": wanted.name, "digest": upload.digest, "rows": len(lines), **counts, "reason": why}
    )
    return {"upload_id": number, **{name: counts[name] for name in ("added", "changed", "same")}}


def allowed(commands: set[Command]) -> list[str]:
    """Return the kinds that somebody who may do these commands may upload, for a screen to offer."""
    return [name for name, kind in KINDS.items() if kind.command in commands]


def _permitted(tx: Tx, kind: object) -> Kind:
    """Return the kind if who acts may do its command.

    Raises:
        Refused: no such kind.
        NotPermitted: the command is not open to the role.
    """
    tx.about("upload", "-")
    if not isinstance(kind, str) or kind not in KINDS:
        tx.permit()
        inputs.choice(kind, "Jenis unggahan", KINDS)
    wanted = KINDS[str(kind)]
    tx.about("upload", wanted.name)
    tx.permit(command=wanted.command)
    return wanted


def _mapped(tx: Tx, upload: object, columns: object) -> tuple[Kind, list[Line]]:
    """Return the lines of a file under the chosen columns.

    Raises:
        Refused: no file that was read, a column is missing or unknown, or two take the same heading.
    """
    wanted = _permitted(tx, upload.kind if isinstance(upload, Upload) else None)
    if not isinstance(upload, Upload) or not isinstance(columns, dict):
        raise refuse("ROWS_WRONG")
    names, places = {column.name for column in wanted.columns}, list(columns.values())
    width = len(upload.table.heading)
    if not names >= columns.keys() or not all(type(place) is int and 0 <= place < width for place in places):
        raise refuse("ROWS_WRONG")
    missing = [column.name for column in wanted.columns if column.is_needed and column.name not in columns]
    if missing:
        raise refuse("UPLOAD_COLUMN_MISSING", columns=", ".join(missing))
    if len(set(places)) != len(places):
        raise refuse("UPLOAD_COLUMN_TWICE")
    lines = [
        Line(number, {name: cells[place] if place < len(cells) else None for name, place in columns.items()})
        for number, cells in upload.table.lines
    ]
    return wanted, lines


def _plan(tx: Tx, wanted: Kind, upload: Upload, lines: list[Line], columns: Mapping[str, int], *, lock: bool) -> Plan:
    """Return the plan of the lines, with every problem of their cells; what stands in columns that nobody chose does no harm."""
    made = upload_plan.make(tx, wanted, lines, lock=lock)
    chosen = {letter(place): name for name, place in columns.items()}
    cells = [
        Problem(one_cell.line, chosen[one_cell.column], one_cell.what)
        for one_cell in upload.table.problems
        if one_cell.column in chosen
    ]
    if not cells:
        return made
    named = {(problem.line, problem.column) for problem in cells}
    others = [problem for problem in made.problems if (problem.line, problem.column) not in named]
    return upload_plan.Plan(problems=sorted(cells + others, key=lambda problem: problem.line))


def _counts(plan: Plan) -> dict[str, int]:
    return {
        "added": plan.added,
        "changed": len(plan.changes) - plan.added,
        "same": plan.same,
        "wrong": len({problem.line for problem in plan.problems}),
    }
