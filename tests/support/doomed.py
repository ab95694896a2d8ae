"""Run one receive in a process of its own that ends itself with SIGKILL at a named point.

python -m tests.support.doomed DATABASE VERIFY FUNCTION WHEN NTH: settings come from the environment (POSKO_*).
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from ingest.receive import receive
from posko.db.engine import posko_server, source_server
from posko.settings import Settings


def at(
    function: str, when: str, nth: int, act: Callable[[], None], put: Callable[[Any, str, Any], None] = setattr
) -> None:
    """Let `act` happen before or after the n-th call of a function, given as module.function or module.Class.method."""
    *path, name = function.split(".")
    owner = _find(path)
    original = getattr(owner, name)
    calls = 0
    counting = threading.Lock()

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal calls
        with counting:
            calls += 1
            is_due = calls == nth
        if is_due and when == "before":
            act()
        outcome = original(*args, **options)
        if is_due and when == "after":
            act()
        return outcome

    put(owner, name, counted)


def _find(path: list[str]) -> Any:
    for length in range(len(path), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(path[:length]))
        except ModuleNotFoundError:
            continue
        for name in path[length:]:
            found = getattr(found, name)
        return found
    raise LookupError(path)


def main() -> None:
    """Receive until the point comes."""
    database, verify, function, when, nth = sys.argv[1:]
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    at(function, when, int(nth), lambda: os.kill(os.getpid(), signal.SIGKILL))
    source = dataclasses.replace(source_server(settings), database=database)
    receive(source, posko_server(settings), settings, verify=verify == "verify")


if __name__ == "__main__":
    main()
