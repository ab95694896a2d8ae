"""One run at a time, across machines: a lease row with a fence number.

Not a server-local lock (`GET_LOCK` is granted twice on a cluster). Whoever holds the lease renews it from a thread of its
own; who shows no sign of life for the lease's length may be replaced, and the fence number then rises, so that a sleeper
that wakes up can no longer commit: each of its transactions asks `check_fence` first, which also holds the row until commit.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pymysql

from posko.domain.errors import LeaseHeld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymysql.connections import Connection as PyMySQL

    from posko.db.engine import Server

LOCK_WAIT_TIMEOUT = 1205


@dataclass
class Lease:
    """A held lease: `fence` is its number, `lost` is set when somebody else took it over."""

    schema: str
    name: str
    fence: int
    lost: threading.Event = field(default_factory=threading.Event)

    def check_fence(self, cursor: Any) -> None:
        """Hold the lease row until this transaction ends.

        Raises:
            LeaseHeld: somebody else took the lease over; nothing of this transaction may be kept.
        """
        cursor.execute(
            f"select fence from {self.schema}.lease where lease_name = %s lock in share mode",
            (self.name,),
        )
        row = cursor.fetchone()
        if row is None or row[0] != self.fence:
            self.lost.set()
            raise LeaseHeld(
                f"Proses lain telah mengambil alih '{self.name}'; proses ini berhenti tanpa menulis apa pun lagi."
            )


@contextmanager
def held_lease(server: Server, account: str, schema: str, name: str, *, seconds: int) -> Iterator[Lease]:
    """Hold the lease `name` in `schema` while the block runs.

    Raises:
        LeaseHeld: another live process holds it; the sentence names it.
    """
    connection = server.connect(account, schema, autocommit=False)
    try:
        lease = _acquire(connection, schema, name, seconds)
    except pymysql.err.OperationalError as error:
        connection.close()
        if error.args[0] != LOCK_WAIT_TIMEOUT:
            raise
        raise LeaseHeld(f"'{name}' sedang dijalankan oleh proses lain. Tunggu sampai selesai, lalu ulangi.") from error
    except BaseException:
        connection.close()
        raise
    stop = threading.Event()
    keeper = threading.Thread(
        target=_keep,
        args=(server, account, connection, lease, seconds, stop),
        name=f"lease-{name}",
        daemon=True,
    )
    keeper.start()
    try:
        yield lease
    finally:
        stop.set()
        keeper.join()
        _release(server, account, lease)


def _acquire(connection: PyMySQL[Any], schema: str, name: str, seconds: int) -> Lease:
    with connection.cursor() as cursor:
        # Who holds the row in a long transaction renews it right after; nobody waits for him longer than the lease.
        cursor.execute("set session innodb_lock_wait_timeout = %s", (max(seconds, 1),))
        cursor.execute(
            f"insert ignore into {schema}.lease (lease_name, fence, holder, expires_at)"
            " values (%s, 0, '', utc_timestamp(6))",
            (name,),
        )
        connection.commit()
        cursor.execute(
            f"select holder, expires_at from {schema}.lease where lease_name = %s and expires_at > utc_timestamp(6)",
            (name,),
        )
        held = cursor.fetchone()
        connection.commit()
        if held:
            raise _held(name, *held)
        cursor.execute(
            f"update {schema}.lease set fence = fence + 1, holder = %s,"
            " expires_at = utc_timestamp(6) + interval %s second where lease_name = %s and expires_at <= utc_timestamp(6)",
            (f"{socket.gethostname()}:{os.getpid()}", seconds, name),
        )
        taken = cursor.rowcount == 1
        cursor.execute(f"select fence, holder, expires_at from {schema}.lease where lease_name = %s", (name,))
        fence, holder, expires_at = cursor.fetchone()
        connection.commit()
    if not taken:
        raise _held(name, holder, expires_at)
    return Lease(schema, name, fence)


def _held(name: str, holder: str, expires_at: object) -> LeaseHeld:
    return LeaseHeld(
        f"'{name}' sedang dijalankan oleh {holder} (sampai {expires_at} UTC). Tunggu sampai selesai, lalu ulangi."
    )


def _keep(
    server: Server, account: str, connection: PyMySQL[Any], lease: Lease, seconds: int, stop: threading.Event
) -> None:
    """Renew a third of the lease's length apart; after a cut connection try again with a new one.

    While a long transaction of ours holds the row, stay in the queue for it: nobody else gets it first.
    """
    pause = seconds / 3
    while not stop.wait(pause):
        pause = seconds / 3
        try:
            if not _renew(connection, lease, seconds):
                lease.lost.set()
                break
        except pymysql.err.MySQLError as error:
            if error.args and error.args[0] == LOCK_WAIT_TIMEOUT:
                pause = 0
                continue
            try:
                if connection.open:
                    connection.close()
                connection = server.connect(account, lease.schema, autocommit=False)
            except Exception:  # noqa: BLE001, S112 - the server is away; the next round tries again, and the fence decides
                continue
            pause = 0
    if connection.open:
        connection.close()


def _renew(connection: PyMySQL[Any], lease: Lease, seconds: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {lease.schema}.lease set expires_at = utc_timestamp(6) + interval %s second"
            " where lease_name = %s and fence = %s",
            (seconds, lease.name, lease.fence),
        )
        alive = cursor.rowcount == 1
        connection.commit()
    return bool(alive)


def _release(server: Server, account: str, lease: Lease) -> None:
    """Free the lease at once; if the server is away it expires by itself."""
    try:
        with server.connect(account, lease.schema) as connection, connection.cursor() as cursor:
            cursor.execute(
                f"update {lease.schema}.lease set expires_at = utc_timestamp(6) where lease_name = %s and fence = %s",
                (lease.name, lease.fence),
            )
            connection.commit()
    except Exception:  # noqa: BLE001 - releasing is a courtesy; the lease's own end is the guarantee
        return
