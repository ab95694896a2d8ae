"""TCP proxies before a database server: what every one does, and one that cuts every connection at once after so many bytes."""

from __future__ import annotations

import contextlib
import dataclasses
import select
import socket
import struct
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from posko.db.engine import Server

HARD_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER that makes a close a reset, as a broken line does."""


class Line:
    """Passes bytes between clients and one server until it is left; `_passed_on` says what becomes of them."""

    def __init__(self, behind: Server) -> None:
        self._behind = behind
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
        self._join()

    @property
    def server(self) -> Server:
        """The server as seen through the proxy."""
        return dataclasses.replace(
            self._behind, unix_socket=None, host="127.0.0.1", port=self._listener.getsockname()[1]
        )

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()
        self._threads.clear()

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
        """Pass bytes both ways until one end closes, all is over, or no more are to pass."""
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            self._begun(client, server)
            server.connect(self._behind.unix_socket)
            while not self._stop.is_set() and not self._is_over():
                for end in select.select([client, server], [], [], 0.05)[0]:
                    data = end.recv(65536)
                    if not data or not self._passed_on(client, server, data, is_asked=end is client):
                        return

    def _begun(self, client: socket.socket, server: socket.socket) -> None:
        """Prepare both ends of a new connection."""

    def _is_over(self) -> bool:
        return False

    def _passed_on(self, client: socket.socket, server: socket.socket, data: bytes, *, is_asked: bool) -> bool:
        """Send bytes on to the other end and return whether the connection goes on."""
        (server if is_asked else client).sendall(data)
        return True


class Proxy(Line):
    """Counts the bytes, and resets every connection when `cut_after` of them have passed."""

    def __init__(self, behind: Server) -> None:
        super().__init__(behind)
        self.passed = 0
        self.cut_after: int | None = None
        self._counting = threading.Lock()

    def start_over(self, *, cut_after: int | None) -> None:
        """Count anew, and cut after so many bytes in all, both directions and all connections together."""
        self._stop.set()
        self._join()
        self._stop.clear()
        self.passed, self.cut_after = 0, cut_after

    def is_cut(self) -> bool:
        """Whether the bytes are used up."""
        return self.cut_after is not None and self.passed >= self.cut_after

    def _begun(self, client: socket.socket, server: socket.socket) -> None:
        for end in (client, server):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)

    def _is_over(self) -> bool:
        return self.is_cut()

    def _passed_on(self, client: socket.socket, server: socket.socket, data: bytes, *, is_asked: bool) -> bool:
        return super()._passed_on(client, server, data[: self._room_for(len(data))], is_asked=is_asked)

    def _room_for(self, size: int) -> int:
        with self._counting:
            room = size if self.cut_after is None else max(self.cut_after - self.passed, 0)
            self.passed += size
        return room
