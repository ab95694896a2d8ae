"""A TCP line between a station and the server that a test cuts: at once, or after so many bytes."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import TYPE_CHECKING, Self

from tests.support.proxy import HARD_CLOSE

if TYPE_CHECKING:
    from types import TracebackType


class CutLine:
    """Passes bytes from a port of its own to a server's; `cut_after` bytes in all (None: never) it resets every connection."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self.passed = 0
        self.cut_after: int | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def cut(self) -> None:
        """Cut the line until it is mended."""
        self.cut_after = 0

    def mend(self, *, cut_after: int | None = None) -> None:
        """Let bytes pass again, so many at most."""
        with self._lock:
            self.passed, self.cut_after = 0, cut_after

    @property
    def is_cut(self) -> bool:
        """Whether nothing passes any more."""
        return self.cut_after is not None and self.passed >= self.cut_after

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
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)
        with client, contextlib.suppress(OSError):
            if self.is_cut:
                return
            with socket.create_connection(("127.0.0.1", self._behind)) as server:
                while not self._stop.is_set() and not self.is_cut:
                    for end in select.select([client, server], [], [], 0.02)[0]:
                        data = end.recv(65536)
                        if not data:
                            return
                        (server if end is client else client).sendall(data[: self._room_for(len(data))])

    def _room_for(self, size: int) -> int:
        with self._lock:
            room = size if self.cut_after is None else max(self.cut_after - self.passed, 0)
            self.passed += size
        return room
