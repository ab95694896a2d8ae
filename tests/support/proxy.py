"""A TCP proxy before a database server that cuts every connection at once after so many bytes, until it is mended."""

from __future__ import annotations

import contextlib
import dataclasses
import select
import socket
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posko.db.engine import Server

HARD_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER that makes a close a reset, as a broken line does."""


class Proxy:
    """Passes bytes between clients and one server, counts them, and cuts at `cut_after`."""

    def __init__(self, behind: Server) -> None:
        self.passed = 0
        self.cut_after: int | None = None
        self._behind = behind
        self._counting = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        self._end_all()

    @property
    def server(self) -> Server:
        """The server as seen through the proxy."""
        return dataclasses.replace(
            self._behind, unix_socket=None, host="127.0.0.1", port=self._listener.getsockname()[1]
        )

    def start_over(self, *, cut_after: int | None) -> None:
        """Count anew, and cut after so many bytes in all, both directions and all connections together."""
        self._end_all()
        self.passed, self.cut_after = 0, cut_after

    def is_cut(self) -> bool:
        """Whether the bytes are used up."""
        return self.cut_after is not None and self.passed >= self.cut_after

    def _end_all(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._stop.clear()

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
        """Pass bytes both ways until one end closes, the bytes are used up or all is over; then reset both ends."""
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            for end in (client, server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)
            server.connect(self._behind.unix_socket)
            while not self._stop.is_set() and not self.is_cut():
                for end in select.select([client, server], [], [], 0.05)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    (server if end is client else client).sendall(data[: self._room_for(len(data))])

    def _room_for(self, size: int) -> int:
        with self._counting:
            room = size if self.cut_after is None else max(self.cut_after - self.passed, 0)
            self.passed += size
        return room
