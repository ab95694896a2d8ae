"""Take the audit log out of the database, prove single events, and verify the tables themselves (§5.7, R-025, R-181).

An export is a folder: `events.jsonl` (line n is the record with place n, counted from 0), `checkpoints/*.note`, `log.vkey`.
"""

from __future__ import annotations

import base64
import hashlib
from contextlib import closing
from typing import TYPE_CHECKING, Any

from posko.db import audit_rows
from posko.db.audit_file import lines_of
from posko.domain.errors import BadInput
from posko.domain.merkle import consistency_proof, includes, inclusion_proof, is_consistent, leaf_hash
from posko.services.audit_notes import (
    Checkpoint,
    PublicKey,
    is_signed,
    public_key,
    read_note,
    with_signatures,
    witnessed_at,
)
from posko.services.audit_verify import LogReader, RootWatch, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server
    from posko.services.sealing import Keeper

ACCOUNT, SCHEMA = "posko_export", "posko_audit"
TOLD_EVERY = 5_000
"""Events between two words on how far a long work has come."""
EVENTS, CHECKPOINTS, KEY = "events.jsonl", "checkpoints", "log.vkey"

_NOTES = "select size, note from audit_checkpoint order by size"
_COSIGNATURES = "select line from audit_cosignature where size = %s order by witness"
_LEAVES = "select log_index, leaf_hash from audit_seal order by log_index"
_RECORD = audit_rows.SEALED.replace("s.log_index >= %s order by s.log_index", "s.log_index = %s")
_LOST = (
    "select e.event_id from audit_event e left join audit_seal s on s.event_id = e.event_id"
    " left join audit_pending p on p.event_id = e.event_id where s.event_id is null and p.event_id is null"
)


def _open(server: Server) -> closing[PyMySQL[Any]]:
    """Open one snapshot of the whole log: what is sealed meanwhile is seen entirely or not at all."""
    raw = server.connect(ACCOUNT, SCHEMA, autocommit=False)
    with raw.cursor() as cursor:
        cursor.execute("set session transaction isolation level repeatable read")
        cursor.execute("start transaction with consistent snapshot")
    return closing(raw)


def export(server: Server, keeper: Keeper, folder: Path) -> int:
    """Write every sealed event and every checkpoint into a folder; return how many events.

    Raises:
        BadInput: the folder holds an export already.
    """
    return write_export(server, public_key(keeper.private), folder)


def write_export(server: Server, key: PublicKey, folder: Path, told: Callable[[int], None] | None = None) -> int:
    """Do as `export` for whoever has the log's public key alone; `told` hears every so often how many events were written."""
    if (folder / EVENTS).exists():
        raise BadInput(f"Folder {folder} sudah berisi ekspor. Pilih folder baru.")
    (folder / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
    written = 0
    with _open(server) as raw:
        with (folder / EVENTS).open("wb") as file:
            for row in _telling(audit_rows.rows(raw, audit_rows.SEALED, (0,)), told):
                # A seal without its event leaves an empty line: the places after it stay true, and it is found.
                file.write((audit_rows.stored(row).record if row[0] is not None else b"-") + b"\n")
                written += 1
        for size, note in _notes(raw):
            (folder / CHECKPOINTS / f"{size:012}.note").write_text(note, "utf-8")
    (folder / KEY).write_text(key.text + "\n", "utf-8")
    return written


def _telling(rows: Iterator[tuple[Any, ...]], told: Callable[[int], None] | None) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, and tell after each so many how many they were."""
    for number, row in enumerate(rows, start=1):
        yield row
        if told is not None and number % TOLD_EVERY == 0:
            told(number)


def _notes(raw: PyMySQL[Any]) -> list[tuple[int, str]]:
    with raw.cursor() as cursor:
        cursor.execute(_NOTES)
        found = []
        for size, note in cursor.fetchall():
            cursor.execute(_COSIGNATURES, (size,))
            found.append((int(size), with_signatures(note, [line for (line,) in cursor.fetchall()])))
    return found


def add_cosignatures(server: Server, text: str, witness: PublicKey) -> int:
    """Keep a witness's line from a note that came back from it; return when it signed, in seconds since 1970.

    Raises:
        BadInput: the note is not one of ours, or the witness has not signed it.
    """
    note = read_note(text)
    at = witnessed_at(note, witness)
    with closing(server.connect("posko_sealer", SCHEMA, autocommit=False)) as raw, raw.cursor() as cursor:
        cursor.execute("select note from audit_checkpoint where size = %s", (note.size,))
        own = cursor.fetchone()
        if not own or read_note(own[0]).body != note.body or at is None:
            raise BadInput("Tanda tangan saksi tidak sah untuk checkpoint ini; tidak ada yang disimpan.")
        for line in note.signatures:
            single = Checkpoint(note.origin, note.size, note.root, note.body, (line,))
            if witnessed_at(single, witness) is not None:
                cursor.execute(
                    "insert ignore into audit_cosignature (size, witness, line, received_at)"
                    " values (%s, %s, %s, utc_timestamp(6))",
                    (note.size, witness.name, line),
                )
        raw.commit()
    return at


def verify_tables(
    server: Server,
    checkpoints: Sequence[Checkpoint],
    key: PublicKey,
    *,
    mac_key: bytes | None = None,
    told: Callable[[int], None] | None = None,
) -> Verdict:
    """Verify the tables: records, macs, seals, what waits, and every checkpoint of the database and of `checkpoints`.

    `told` hears every so often how many sealed events were read.
    """
    reader = LogReader(mac_key)
    with _open(server) as raw:
        stored = [read_note(note) for _, note in _notes(raw)]
        watch = RootWatch([*stored, *checkpoints], key)
        known = {one.body for one in stored}
        watch.look(reader)
        for row in _telling(audit_rows.rows(raw, audit_rows.SEALED, (0,)), told):
            _feed_sealed(reader, row)
            watch.look(reader)
        for row in audit_rows.rows(raw, audit_rows.UNSEALED):
            reader.feed_unsealed(audit_rows.stored(row).record)
        for (event_id,) in audit_rows.rows(raw, _LOST):
            reader.verdict.add("lost_pending", event_id)
    for one in checkpoints:
        if one.body not in known:
            reader.verdict.add("no_checkpoint", one.size)
    verdict = reader.end()
    watch.end(reader)
    return verdict


def _feed_sealed(reader: LogReader, row: tuple[Any, ...]) -> None:
    index, leaf = row[-2], row[-1]
    if index != reader.tree.size:
        reader.verdict.add("seal_gap", index)
    if row[0] is None:
        reader.verdict.add("no_event", index)
        reader.feed(b"-")
        return
    record = audit_rows.stored(row).record
    if leaf_hash(record) != leaf:
        reader.verdict.add("leaf", index)
    reader.feed(record)


def compare_log_file(server: Server, path: Path, verdict: Verdict) -> None:
    """Compare the log file on disk with the table, both ways, for the writers that the file knows (§1.6).

    A line that the table lacks is a finding. An event that the file lacks is counted: a process that dies between
    COMMIT and the line leaves one, and nothing is lost by it.
    """
    with _open(server) as raw:
        table: dict[bytes, bytes] = {}
        writers: dict[bytes, bytes] = {}
        for row in audit_rows.rows(raw, audit_rows.SEALED, (0,)):
            _remember(row, table, writers)
        for row in audit_rows.rows(raw, audit_rows.UNSEALED):
            _remember(row, table, writers)
    told = set()
    for number, line in enumerate(lines_of(path), start=1):
        if not line.endswith(b'"}'):
            verdict.add("torn", number)
            continue
        digest = hashlib.sha256(line).digest()
        if digest in table:
            told.add(table.pop(digest))
        elif digest not in writers:
            verdict.add("not_in_table", number)
    verdict.not_in_file = sum(writer in told for writer in table.values())


def _remember(row: tuple[Any, ...], table: dict[bytes, bytes], writers: dict[bytes, bytes]) -> None:
    if row[0] is not None:
        digest = hashlib.sha256(audit_rows.stored(row).record).digest()
        table[digest] = writers[digest] = row[1]


def prove_inclusion(server: Server, index: int, size: int | None = None) -> dict[str, Any]:
    """Return the proof that one event has its place under a checkpoint; whole in itself, to be checked by `check_proof`.

    Raises:
        BadInput: there is no such event or checkpoint.
    """
    with _open(server) as raw:
        note = _note_of(raw, size)
        leaves = _leaves(raw)[: note.size]
        row = next(audit_rows.rows(raw, _RECORD, (index,)), None)
    if row is None or row[0] is None or not 0 <= index < note.size:
        raise BadInput(f"Peristiwa {index} tidak ada di bawah checkpoint {note.size}.")
    return {
        "kind": "inclusion",
        "index": index,
        "record": audit_rows.stored(row).record.decode(),
        "checkpoint": note.text,
        "proof": [base64.b64encode(one).decode() for one in inclusion_proof(leaves, index)],
    }


def prove_consistency(server: Server, older: int, newer: int | None = None) -> dict[str, Any]:
    """Return the proof that the log under the newer checkpoint begins with the whole log under the older one.

    Raises:
        BadInput: there is no such checkpoint.
    """
    with _open(server) as raw:
        old, new = _note_of(raw, older), _note_of(raw, newer)
        if old.size > new.size:
            raise BadInput("Checkpoint lama lebih besar dari yang baru. Tukar keduanya.")
        leaves = _leaves(raw)[: new.size]
    return {
        "kind": "consistency",
        "older": old.text,
        "checkpoint": new.text,
        "proof": [base64.b64encode(one).decode() for one in consistency_proof(leaves, old.size)],
    }


def check_proof(document: dict[str, Any], key: PublicKey) -> bool:
    """Return whether a proof convinces: both its own arithmetic and the signatures of its checkpoints. No database.

    Raises:
        BadInput: the document is no proof.
    """
    try:
        path = [base64.b64decode(one, validate=True) for one in document["proof"]]
        new = read_note(document["checkpoint"])
        if document["kind"] == "inclusion":
            leaf = leaf_hash(document["record"].encode())
            return is_signed(new, key) and includes(new.root, new.size, int(document["index"]), leaf, path)
        old = read_note(document["older"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("Berkas bukan bukti dari posko audit prove.") from error
    is_whole = is_consistent(old.root, old.size, new.root, new.size, path)
    return document["kind"] == "consistency" and is_signed(old, key) and is_signed(new, key) and is_whole


def _note_of(raw: PyMySQL[Any], size: int | None) -> Checkpoint:
    notes = _notes(raw)
    for found, note in reversed(notes):
        if size in {None, found}:
            return read_note(note)
    raise BadInput(
        f"Tidak ada checkpoint {size if size is not None else ''}. Yang ada: {[one for one, _ in notes[-20:]]}"
    )


def _leaves(raw: PyMySQL[Any]) -> list[bytes]:
    return [leaf for _, leaf in audit_rows.rows(raw, _LEAVES)]
