"""The log file on disk: every committed event as one JSON line, beside the table and in agreement with it (§1.6, §5.3).

The line is the record, byte for byte (`posko.domain.audit`). It is a second witness: an event that somebody takes out of the
table before it was sealed still stands here, and the comparison names it.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG_NAME = "audit.jsonl"


class LogFile:
    """Appends lines; one `write` a transaction, so that the lines of several processes do not mix."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._is_whole = False

    def __del__(self) -> None:
        if self._handle is not None:
            os.close(self._handle)

    def append(self, lines: list[bytes]) -> None:
        """Append lines. They are committed already, so a full disk is told to the operator and not to the caller."""
        try:
            with self._lock:
                self._write(b"".join(line + b"\n" for line in lines))
        except OSError:
            logging.getLogger("posko").exception("audit_log_file_not_written")

    def _write(self, data: bytes) -> None:
        handle = self._opened()
        if not self._is_whole and _is_torn(handle):
            # Somebody died in the middle of a line: it gets its end first.
            data = b"\n" + data
        self._is_whole = False
        if os.write(handle, data) != len(data):
            raise OSError("the line was not written to its end")
        self._is_whole = True

    def _opened(self) -> int:
        """Return the open file; a new one when the old was rotated away."""
        if self._handle is not None:
            if os.fstat(self._handle).st_nlink:
                return self._handle
            os.close(self._handle)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._is_whole = False
        self._handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        return self._handle


def _is_torn(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a log file without their ends."""
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield line.rstrip(b"\n")
