"""A TCP proxy before a database server that cuts the line once, at a COMMIT: before it arrives, after it was obeyed, or on its way."""

from __future__ import annotations

import contextlib
import dataclasses
import select
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

if TYPE_CHECKING:
    from posko.db.engine import Server

COMMIT = b"\x03COMMIT"
"""COM_QUERY and its text, as the client sends it."""
WRITES = (b"\x03insert ", b"\x03update ")
LATE_SECONDS = 0.3


class CutProxy:
    """Passes bytes; after `cut_next` it cuts once, at the COMMIT of a transaction that wrote, and then passes on as before."""

    def __init__(self, behind: Server) -> None:
        self._behind = behind
        self._cut: str | None = None
        self.cuts = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def engine(self, account: str) -> sa.Engine:
        """An engine through the proxy, as `Server.engine` makes them, without TLS, so that the proxy can read what passes."""
        server = dataclasses.replace(
            self._behind, unix_socket=None, host="127.0.0.1", port=self._listener.getsockname()[1]
        )
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

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._pass, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _pass(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            server.connect(self._behind.unix_socket)
            has_written = False
            while not self._stop.is_set():
                for end in select.select([client, server], [], [], 0.05)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if end is client:
                        has_written |= any(word in data for word in WRITES)
                        if has_written and COMMIT in data and self._cut:
                            self._cut_at_commit(client, server, data)
                            return
                    (server if end is client else client).sendall(data)

    def _cut_at_commit(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        when, self._cut = self._cut, None
        self.cuts += 1
        if when == "late":
            client.shutdown(socket.SHUT_RDWR)
            time.sleep(LATE_SECONDS)
        if when in {"after", "late"}:
            server.sendall(data)
            server.recv(65536)
