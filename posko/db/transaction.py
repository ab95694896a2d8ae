"""The only way to write operational rows: `run_tx` (5.2-5.3; R-086, R-137).

An act is one function in one transaction. It is committed wholly or leaves nothing, is repeated when the server asks for that, and is
never done twice: under an idempotency key the first answer is kept, and whoever submits the same key again gets it.

The key's row is inserted first, so it is also the look-up: while another transaction with the same key is still on its way to a
commit, even one whose client lost the line, the insert waits for it, and then finds the answer or a free place.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
from pymysql.err import MySQLError

from posko.domain.errors import Conflict, ConnectionFailed, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

DUPLICATE = 1062
CONFLICTS = frozenset({1020, 1205, 1213, 1305})
"""Record changed since last read, lock wait timeout, deadlock: the whole function is repeated. A deadlock inside a savepoint shows as
1305: the server took the savepoint away with the transaction, so that going back to it fails."""
LOST = frozenset({0, 1053, 1927, 2002, 2003, 2006, 2013, 2055, 4031})
"""The server does not answer, shut down or cut the line."""

KEY = re.compile(r"[!-~]{1,190}")
_jitter = secrets.SystemRandom()


class _CutAtCommit(Exception):
    """The line was cut after COMMIT was sent; nobody here knows whether it counts."""


def run_tx(
    engine: sa.Engine, fn: Callable[[sa.Connection], T], *, idempotency_key: str | None = None, attempts: int = 8
) -> T:
    """Run `fn` in one READ COMMITTED transaction, commit it, and return what it returned.

    Args:
        engine: of the account that writes.
        fn: the act. It may be called several times, so it does nothing but read and write through the connection that it gets: no
            commit, no DDL, no network, no waiting for a person, and it lets the server's errors pass. READ COMMITTED does not
            protect a value that was read to be written back: lock it (`for update`) or write under a condition.
        idempotency_key: names this submission of this act, e.g. `attendance:<form uuid>`; 1 to 190 visible ASCII characters, no
            personal data. What `fn` returns must then survive JSON, because it is kept and given to every later submitter.
        attempts: how often the function is called at most.

    Returns:
        What `fn` returned, or what it returned when this key was first committed.

    Raises:
        Conflict: others kept changing the same rows; nothing was written.
        OutcomeUnknown: the line was cut during a commit, and no key or no answering server could settle whether it counts.
        ConnectionFailed: the server stayed away; nothing was written.
        TypeError: the result does not survive JSON; nothing was written.
    """
    if idempotency_key is not None and not KEY.fullmatch(idempotency_key):
        raise ValueError(idempotency_key)
    if attempts < 1:
        raise ValueError(attempts)
    is_in_doubt = False
    failure: Exception | None = None
    for attempt in range(attempts):
        if failure is not None:
            _pause(failure, attempt)
        try:
            return _attempt(engine, fn, idempotency_key)
        except _CutAtCommit as cut:
            if idempotency_key is None:
                raise _unknown(has_key=False) from cut
            is_in_doubt, failure = True, cut
        except (sa.exc.DBAPIError, MySQLError, ConnectionFailed) as error:
            if _code(error) not in CONFLICTS | LOST:
                raise
            failure = error
    if is_in_doubt:
        raise _unknown(has_key=True) from failure
    raise _given_up(failure) from failure


def _attempt(engine: sa.Engine, fn: Callable[[sa.Connection], T], key: str | None) -> T:
    with engine.connect() as db:
        transaction = db.begin()
        try:
            db.exec_driver_sql("set transaction isolation level read committed")
            if key is not None and not _claim(db, key):
                return cast("T", _first_answer(db, key))
            result = fn(db)
            if not transaction.is_active:
                raise RuntimeError("an act must not commit or roll back by itself")
            if key is not None:
                _keep(db, key, result)
            _commit(transaction)
        finally:
            # Also after 1205, which undoes only its own statement, and after whatever fn raised. A cut line has nothing to roll back.
            if transaction.is_active:
                transaction.rollback()
        return result


def _commit(transaction: sa.RootTransaction) -> None:
    try:
        transaction.commit()
    except sa.exc.DBAPIError as error:
        if _code(error) in LOST:
            raise _CutAtCommit from error
        raise


def _claim(db: sa.Connection, key: str) -> bool:
    """Insert the key's row and return whether it is ours; wait for a transaction that inserted it and is not over."""
    try:
        db.execute(
            sa.text(
                "insert into posko.idempotency (idempotency_key, result, committed_at) values (:key, null, utc_timestamp(6))"
            ),
            {"key": key},
        )
    except sa.exc.IntegrityError as error:
        if _code(error) != DUPLICATE:
            raise
        return False
    return True


def _first_answer(db: sa.Connection, key: str) -> Any:
    kept = db.execute(
        sa.text("select result from posko.idempotency where idempotency_key = :key"), {"key": key}
    ).scalar_one()
    return json.loads(kept)


def _keep(db: sa.Connection, key: str, result: object) -> None:
    text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    if json.loads(text) != result:
        raise TypeError(f"an act under an idempotency key must return what survives JSON, not {type(result).__name__}")
    written = db.execute(
        sa.text(
            "update posko.idempotency set result = :result, committed_at = utc_timestamp(6) where idempotency_key = :key"
        ),
        {"key": key, "result": text},
    )
    if written.rowcount != 1:
        raise RuntimeError("the transaction was rolled back under the act, which let a server's error not pass")


def _code(error: Exception) -> int | None:
    """Return the server's error number, from whatever wraps it."""
    cause: BaseException | None = error
    if isinstance(error, sa.exc.DBAPIError):
        cause = error.orig
    elif isinstance(error, ConnectionFailed):
        cause = error.__cause__
    number = cause.args[0] if cause is not None and cause.args else None
    return number if isinstance(number, int) else None


def _pause(failure: Exception, attempt: int) -> None:
    """Wait a random while, longer each time: milliseconds after a conflict, up to two seconds for a server that starts again."""
    first, longest = (0.01, 0.5) if _code(failure) in CONFLICTS else (0.1, 2.0)
    limit = min(first * 2**attempt, longest)
    time.sleep(_jitter.uniform(limit / 4, limit))


def _unknown(*, has_key: bool) -> OutcomeUnknown:
    what = (
        "Ulangi permintaan yang sama: bila sudah tersimpan, jawaban pertama diberikan kembali."
        if has_key
        else "Periksa dahulu keadaannya sebelum mengulang."
    )
    return OutcomeUnknown(f"Sambungan terputus tepat saat menyimpan; belum diketahui apakah tersimpan. {what}")


def _given_up(failure: Exception | None) -> Conflict | ConnectionFailed:
    if failure is not None and _code(failure) in CONFLICTS:
        return Conflict("Data yang sama sedang diubah oleh pihak lain. Tidak ada yang tersimpan; ulangi sebentar lagi.")
    return ConnectionFailed(
        "Server basis data tidak menjawab. Tidak ada yang tersimpan; periksa jaringan, lalu ulangi."
    )
