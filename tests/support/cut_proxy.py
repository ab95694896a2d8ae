"""A TCP proxy before a database server that cuts the line once, at a COMMIT: before it arrives, after it was obeyed, or on its way."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tests.support.proxy import Line

if TYPE_CHECKING:
    from posko.db.engine import Server

COMMIT = b"\x03COMMIT"
"""COM_QUERY and its text, as the client sends it."""
WRITES = (b"\x03insert ", b"\x03update ")
LATE_SECONDS = 0.3


class CutProxy(Line):
    """Passes bytes; after `cut_next` it cuts once, at the COMMIT of a transaction that wrote, and then passes on as before."""

    def __init__(self, behind: Server) -> None:
        super().__init__(behind)
        self._cut: str | None = None
        self._have_written: set[socket.socket] = set()
        self.cuts = 0

    def engine(self, account: str) -> sa.Engine:
        """An engine through the proxy, as `Server.engine` makes them, without TLS, so that the proxy can read what passes."""
        server = self.server
        return sa.create_engine(
            "mysql+pymysql://",
            creator=lambda: server.connect(account, "posko"),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
        )

    def cut_next(self, when: str) -> None:
        """Cut at the next COMMIT; the client never sees the answer.

        `before`: the server never sees it. `after`: the server obeyed. `late`: the server sees it when the client is long gone.
        """
        self._cut = when

    def _passed_on(self, client: socket.socket, server: socket.socket, data: bytes, *, is_asked: bool) -> bool:
        if is_asked:
            if any(word in data for word in WRITES):
                self._have_written.add(client)
            if client in self._have_written and COMMIT in data and self._cut:
                self._cut_at_commit(client, server, data)
                return False
        return super()._passed_on(client, server, data, is_asked=is_asked)

    def _cut_at_commit(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        when, self._cut = self._cut, None
        self.cuts += 1
        if when == "late":
            client.shutdown(socket.SHUT_RDWR)
            time.sleep(LATE_SECONDS)
        if when in {"after", "late"}:
            server.sendall(data)
            server.recv(65536)
