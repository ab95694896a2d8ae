"""One `posko` command as a bench starts it: without the checkout's `.env`, and with a note of what it used."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from apps.cli.main import main
from posko.settings import Settings


def run(usage: Path, arguments: list[str]) -> None:
    """Run one command and write CPU seconds and peak memory of this process to `usage`, however it ends."""
    Settings.model_config["env_file"] = None
    try:
        main(arguments)
    finally:
        used = resource.getrusage(resource.RUSAGE_SELF)
        figures = {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": peak_mb()}
        usage.write_text(json.dumps(figures), "utf-8")


def peak_mb() -> float:
    """Return the peak resident memory of this process in MiB.

    Not `ru_maxrss`: a process inherits that from the one that started it, as large as it was.
    """
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2:])
