"""Where the servers of the tests keep their data: in memory where there is room, because the tests wait for the disk most of their time.

Nothing that is tested is lost by it: what a killed server or client leaves behind is the same, for both outlive the process alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

MEMORY, DISK = Path("/dev/shm"), Path("/var/tmp")
ENOUGH = 10 * 2**30
"""Bytes free in the machine and in its memory folder; three workers use about 3 GB."""


def roomy_folder() -> Path:
    """Return the folder below which this process should make its own."""
    has_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if has_memory and _available() > ENOUGH else DISK


def _available() -> int:
    """Return the bytes of memory that are free or can be freed; those of the container where it has a limit of its own."""
    lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text("ascii").splitlines())
    free = int(lines["MemAvailable"].split()[0]) * 1024
    limit, used = (Path("/sys/fs/cgroup") / name for name in ("memory.max", "memory.current"))
    if limit.exists() and limit.read_text("ascii").strip().isdigit():
        free = min(free, int(limit.read_text("ascii")) - int(used.read_text("ascii")))
    return free
