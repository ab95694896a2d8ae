"""What staging must hold after every receive, whatever was sent: each row exactly once, exactly as sent or refused by name."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ingest.judge import REASONS
from posko.db.staging_columns import DATE_COLUMNS, FIELD_END, NULL_MARK
from tests.support.source import COLUMNS, sent_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.receive import Received
    from posko.db.engine import Server

FieldsOfRow = tuple[bytes | None, ...]


def ask(target: Server, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of one query on POSKO's server."""
    with target.connect(target.admin, "posko_staging") as connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def change(target: Server, *statements: str) -> None:
    """Run statements on POSKO's server and commit."""
    with (
        target.connect(target.admin, "posko_staging", autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """Wait until the condition holds, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("what was waited for did not happen")


def staged_rows(target: Server) -> list[FieldsOfRow]:
    """Return the typed rows as bytes, in the contract's order of columns."""
    fields = ", ".join(f"cast({name} as binary)" for name in COLUMNS[:-1])
    return ask(target, f"select {fields}, cast(cast(updated_at as char) as binary) from tki_tlrt")


def staged(target: Server, id_tki: str) -> dict[str, str | None]:
    """Return one typed row, texts as text."""
    found = [row for row in staged_rows(target) if row[0] == id_tki.encode()]
    assert len(found) == 1, f"{id_tki!r} is typed {len(found)} times"
    return {name: None if value is None else value.decode() for name, value in zip(COLUMNS, found[0], strict=True)}


def staged_date(target: Server, id_tki: str, column: str) -> date | None:
    """Return the date that stands beside a date text."""
    ((found,),) = ask(target, f"select {column}_date from tki_tlrt where id_tki = %s", id_tki)
    return found


def open_refusals(target: Server) -> list[tuple[str | None, set[str], FieldsOfRow]]:
    """Return key, reasons and the row as sent of every refusal that is open."""
    found = ask(
        target,
        "select id_tki, reasons, row_as_sent, key_crc, row_crc from quarantine where source_table = 'tki_tlrt' and resolved_at is null"
        " order by quarantine_id",
    )
    refusals = []
    for id_tki, reasons, as_sent, key_crc, row_crc in found:
        fields = _fields(as_sent)
        assert (key_crc, row_crc) == _crcs(fields)
        refusals.append((id_tki, set(reasons.split(",")), fields))
    return refusals


def reasons_by_key(target: Server) -> dict[str | None, set[str]]:
    """Return the reasons of the open refusals by key."""
    return {key: reasons for key, reasons, _ in open_refusals(target)}


def assert_accounted(source: Any, target: Server, received: Received) -> None:
    """Every row of the source stands in staging exactly once, byte for byte, typed or in quarantine; all totals agree."""
    typed, refused, sent = staged_rows(target), open_refusals(target), sent_rows(source)
    assert Counter([*typed, *(row for _, _, row in refused)]) == Counter(sent)
    assert all(reasons and reasons <= REASONS.keys() for _, reasons, _ in refused)
    assert (received.received, received.typed, received.quarantined) == (len(sent), len(typed), len(refused))
    assert received.received == received.typed + received.quarantined
    assert received.typed == received.inserted + received.updated + received.unchanged
    _assert_checksums(target, typed)
    _assert_dates(target)
    assert_totals(target)


def assert_totals(target: Server) -> None:
    """The control totals of both sides are stored and equal, chunk by chunk and for each batch that is done."""
    wrong = ask(
        target,
        "select c.* from receive_chunk c join receive_batch b using (batch_id) where b.state = 'DONE' and not"
        " (c.source_rows <=> c.landed_rows + c.refused_rows and c.source_crc_sum <=> c.landed_crc_sum + c.refused_crc_sum)",
    )
    assert wrong == []
    batches = ask(
        target,
        "select b.batch_id, b.state, b.source_rows, b.source_crc_sum, b.staged_rows, b.staged_crc_sum,"
        " (select coalesce(sum(source_rows), 0) from receive_chunk c where c.batch_id = b.batch_id),"
        " (select coalesce(sum(source_crc_sum), 0) from receive_chunk c where c.batch_id = b.batch_id)"
        " from receive_batch b",
    )
    for batch_id, state, rows, crc, staged_count, staged_crc, chunk_rows, chunk_crc in batches:
        assert state in {"DONE", "FAILED"}, f"batch {batch_id} is {state}"
        if state == "DONE":
            assert rows == staged_count == chunk_rows
            assert crc == staged_crc == chunk_crc


def _assert_checksums(target: Server, typed: list[FieldsOfRow]) -> None:
    stored = Counter(crc for (crc,) in ask(target, "select row_crc from tki_tlrt"))
    assert stored == Counter(_crcs(row)[1] for row in typed)


def _assert_dates(target: Server) -> None:
    columns = ", ".join(f"{name}, {name}_date" for name in DATE_COLUMNS)
    for row in ask(target, f"select {columns} from tki_tlrt"):
        for text, typed in zip(row[::2], row[1::2], strict=True):
            assert typed == expected_date(text), text


def expected_date(text: str | None) -> date | None:
    """Return the date of a month/day/year text by the standard library; None when it is no such date."""
    parts = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text or "")
    if parts is None:
        return None
    month, day, year = (int(part) for part in parts.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _fields(as_sent: str) -> FieldsOfRow:
    row = json.loads(as_sent)
    assert set(row) == set(COLUMNS)
    return tuple(_bytes(row[name]) for name in COLUMNS)


def _bytes(value: str | dict[str, str] | None) -> bytes | None:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    return None if value is None else value.encode()


def _crcs(fields: FieldsOfRow) -> tuple[int, int]:
    marked = [NULL_MARK if value is None else value for value in fields]
    return zlib.crc32(marked[0]), zlib.crc32(FIELD_END.join(marked))
