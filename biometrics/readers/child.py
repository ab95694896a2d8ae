"""The process that owns a device: questions and answers as lines of JSON, so that no driver can take this process down with it.

A driver that hangs is killed, one that crashes is noticed; both are a `ReaderFailed` here, and the next question starts a new
process. What the driver prints goes to standard error and is only shown as the last line of a crash.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from biometrics.errors import ReaderFailed
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import IO

LONGEST_LINE: Final = 32_000_000
"""Bytes of one answer; a grey image of 3,000 x 3,000 in base64 is 12 million."""
CLOSE_SECONDS: Final = 2.0
"""How long a process may take to close its device before it is killed."""


@dataclass
class Child:
    """One process with a device; `name` is what people call the device, `environment` what the process gets besides ours.

    The settings of POSKO and the virtual devices of libfprint are not handed on: a driver needs no password, and a device that
    is none comes in only when the caller names it.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _answers: SimpleQueue[bytes] = field(default_factory=SimpleQueue, init=False, repr=False)
    _said: deque[bytes] = field(default_factory=deque, init=False, repr=False)
    _listeners: list[Thread] = field(default_factory=list, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Return the number of the process, or None."""
        return self._process.pid if self._process else None

    def ask(self, question: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        """Send one question and return its answer; starts the process if there is none.

        Raises:
            ReaderFailed: the process cannot be started, died, answered nonsense, or did not answer in `seconds`; it is gone then.
        """
        with self._lock:
            process = self._process if self.is_running and self._process else self._start()
            try:
                return self._exchange(process, question, seconds)
            except ReaderFailed:
                self._kill()
                raise

    def close(self) -> None:
        """Let the process close its device and end; kill it if it does not."""
        with self._lock:
            if self._process is None:
                return
            if self._process.stdin:
                with suppress(OSError):  # it has died already
                    self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(CLOSE_SECONDS)
            self._kill()

    def _start(self) -> subprocess.Popen[bytes]:
        self._kill()
        self._answers, self._said = SimpleQueue(), deque(maxlen=20)
        try:
            process = subprocess.Popen(
                self.command,
                cwd=PROJECT_ROOT,
                env=_handed_on() | dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise ReaderFailed(
                f"Program pembaca {self.name} ({self.command[0]}) tidak dapat dijalankan: {error.strerror}. "
                "Pasang program itu; langkahnya ada di docs/readers.md."
            ) from error
        # Threads, because on Windows nobody can wait for a pipe and a clock at once.
        self._listeners = [
            Thread(target=_drain, args=(stream, keep), daemon=True)
            for stream, keep in ((process.stdout, self._answers.put), (process.stderr, self._said.append))
        ]
        for listener in self._listeners:
            listener.start()
        self._process = process
        return process

    def _exchange(
        self, process: subprocess.Popen[bytes], question: Mapping[str, Any], seconds: float
    ) -> dict[str, Any]:
        try:
            if process.stdin:
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
            line = self._answers.get(timeout=seconds)
        except Empty as error:
            raise ReaderFailed(
                f"Pembaca {self.name} tidak menjawab dalam {seconds:.0f} detik dan programnya dihentikan. "
                "Cabut dan pasang kembali pembaca, lalu ulangi."
            ) from error
        except OSError as error:
            raise self._died(process) from error
        if not line:
            raise self._died(process)
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise self._nonsense() from error
        if not isinstance(answer, dict):
            raise self._nonsense()
        return answer

    def _nonsense(self) -> ReaderFailed:
        return ReaderFailed(
            f"Program pembaca {self.name} menjawab dengan sesuatu yang bukan jawaban. Perbarui drivernya, lalu ulangi."
        )

    def _died(self, process: subprocess.Popen[bytes]) -> ReaderFailed:
        """Say how the process ended, with the last line that it wrote."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(CLOSE_SECONDS)
        for listener in self._listeners:
            listener.join(CLOSE_SECONDS)
        code = process.poll()
        how = f"sinyal {-code}" if code is not None and code < 0 else f"kode {code}"
        lines = [line.decode("utf-8", "replace").strip() for line in self._said]
        last = next((line[:200] for line in reversed(lines) if line), "")
        return ReaderFailed(
            f"Program pembaca {self.name} berhenti mendadak ({how}{': ' + last if last else ''}). "
            "Cabut dan pasang kembali pembaca, lalu ulangi; bila terulang, pasang ulang drivernya."
        )

    def _kill(self) -> None:
        """End the process that was started here, and no other."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            with suppress(OSError):  # a question that it did not take
                self._process.stdin.close()
        for listener in self._listeners:
            listener.join(CLOSE_SECONDS)
        self._process = None


def _handed_on() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("POSKO_", "FP_"))}


def _drain(stream: IO[bytes], keep: Callable[[bytes], None]) -> None:
    """Pass lines on until the process ends; an empty line at the end says that it did."""
    with stream:
        while line := stream.readline(LONGEST_LINE):
            keep(line)
    keep(b"")
