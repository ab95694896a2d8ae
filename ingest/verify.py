"""Find what differs between source and staging, whatever `updated_at` says: checksums a bucket of keys, then keys (R-082).

Both servers sum the checksums of their rows a bucket at the same time; only buckets that differ are looked at, key by key,
and only keys that differ are pulled. Deletions are found the same way, and nowhere else.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ingest.landing import load_local
from ingest.merge import BUCKETS, CURRENT, QUARANTINE, SOURCE_KEY
from ingest.pull import CUT_MARGIN, ROW_END, Range
from posko.db.staging_columns import FIELD_END, KEY_COLUMN, NULL_MARK, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymysql.connections import Connection as PyMySQL

    from ingest.pull import Snapshot

KEYS_A_CHUNK = 2000

Totals = dict[int, tuple[int, int]]
"""Bucket -> (rows, sum of row checksums)."""


def differing_buckets(snapshot: Snapshot, staging: PyMySQL[Any]) -> list[int]:
    """Return the buckets whose row count or checksum sum differs between the source's snapshot and staging."""
    with ThreadPoolExecutor(1, thread_name_prefix="verify-staging") as beside:
        counting = beside.submit(staged_totals, staging)
        sent = source_totals(snapshot)
        staged = counting.result()
    return sorted(bucket for bucket in sent.keys() | staged.keys() if sent.get(bucket) != staged.get(bucket))


def source_totals(snapshot: Snapshot) -> Totals:
    """Return the totals of the source, computed by the source."""
    rows = snapshot.query(
        f"select {snapshot.shape.key_crc} & {BUCKETS - 1} as bucket, count(*), coalesce(sum(crc32({snapshot.shape.line})), 0)"
        " from tki_tlrt group by bucket"
    )
    return {int(bucket): (int(count), int(total)) for bucket, count, total in rows}


def staged_totals(staging: PyMySQL[Any]) -> Totals:
    """Return the totals of staging: the rows typed now and those open in quarantine."""
    with staging.cursor() as cursor:
        cursor.execute(
            f"select bucket, sum(n), sum(total) from ("
            f" select crc32({KEY_COLUMN}) & {BUCKETS - 1} as bucket, count(*) as n, sum(row_crc) as total from {CURRENT} group by bucket"
            f" union all select key_crc & {BUCKETS - 1}, count(*), sum(row_crc) from {QUARANTINE}"
            f" where source_table = 'tki_tlrt' and resolved_at is null group by 1) as both_kinds group by bucket"
        )
        found = {int(bucket): (int(count), int(total)) for bucket, count, total in cursor.fetchall()}
    staging.commit()
    return found


def fetch_source_keys(snapshot: Snapshot, staging: PyMySQL[Any], buckets: list[int], *, rows: int) -> None:
    """Copy key and checksum of every source row of these buckets into `tki_tlrt_source_key`."""
    shape = snapshot.shape
    line = (
        f"concat_ws({literal(FIELD_END)}, {shape.key_crc} & {BUCKETS - 1},"
        f" ifnull(hex({shape.expressions[KEY_COLUMN]}), {literal(NULL_MARK)}), {shape.key_crc}, ifnull(crc32({shape.line}), 0))"
    )
    chosen = "" if len(buckets) == BUCKETS else f" and {shape.key_crc} & {BUCKETS - 1} in %s"
    with staging.cursor() as cursor:
        cursor.execute(f"truncate table {SOURCE_KEY}")
        wanted = [
            *snapshot.ranges(rows, since=None),
            *([Range(0, None, None, nulls=True)] if shape.key_may_be_null else []),
        ]
        for one in wanted:
            where, values = one.where()
            rest = f"from tki_tlrt where {where}{chosen}"
            values = [*values, *([buckets] if chosen else [])]
            ((count, found),) = snapshot.query(
                f"select count(*), cast(group_concat({line} separator x'1E') as binary) {rest}", values
            )
            if count and not _is_whole(found, count, snapshot.block_limit):
                found = ROW_END.join(one for (one,) in snapshot.query(f"select cast({line} as binary) {rest}", values))
            if found:
                _load_keys(cursor, found)
    staging.commit()


def _is_whole(lines: bytes | None, count: int, limit: int) -> bool:
    """Return whether the source sent all lines in one piece: it cuts, without an error, what is larger than its packets."""
    return lines is not None and len(lines) < limit - CUT_MARGIN and lines.count(ROW_END) + 1 == count


def _load_keys(cursor: Any, lines: bytes) -> None:
    load_local(
        cursor,
        lines,
        lambda path: (
            f"load data local infile '{path}' into table {SOURCE_KEY}"
            " fields terminated by x'1F' escaped by x'1B' lines terminated by x'1E'"
            " (bucket, @key_hex, key_crc, row_crc) set id_tki = unhex(@key_hex)"
        ),
    )


def keys_to_pull(staging: PyMySQL[Any]) -> Iterator[Range]:
    """Yield ranges of the keys whose row staging does not hold as the source sends it now, or that it sends twice."""
    with staging.cursor() as cursor:
        cursor.execute(
            f"select s.id_tki from {SOURCE_KEY} s"
            f" left join {CURRENT} c on c.{KEY_COLUMN} = convert(s.id_tki using utf8mb4) and crc32(c.{KEY_COLUMN}) = s.key_crc"
            " and c.row_crc = s.row_crc"
            f" left join {QUARANTINE} q on q.source_table = 'tki_tlrt' and q.resolved_at is null and q.key_crc = s.key_crc"
            " and q.row_crc = s.row_crc and q.reasons not like '%KEY_DUPLICATE%'"
            f" where c.{KEY_COLUMN} is null and q.quarantine_id is null"
            f" union select s.id_tki from {SOURCE_KEY} s join (select key_crc from {SOURCE_KEY} group by key_crc"
            " having count(*) > 1) as twice using (key_crc) group by s.id_tki having count(*) > 1 order by id_tki"
        )
        keys = [key for (key,) in cursor.fetchall()]
    staging.commit()
    if None in keys:
        yield Range(0, None, None, nulls=True)
    named = [key for key in keys if key is not None]
    for number, start in enumerate(range(0, len(named), KEYS_A_CHUNK), start=1):
        some = named[start : start + KEYS_A_CHUNK]
        yield Range(number, some[0], some[-1], keys=tuple(some))
