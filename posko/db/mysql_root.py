"""A real MySQL beside Debian's MariaDB: its own small Debian tree, because the two servers' packages exclude each other.

Debian's stable release has no MySQL; its unstable one has the current LTS. `debootstrap` unpacks it into a folder, and the
server runs in there as an unprivileged user. Needs root, and the package mirror that this machine already uses.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

SUITE = "sid"
PACKAGE = "mysql-server-core"


def ensure_mysql_root(folder: Path) -> Path:
    """Return a folder with a Debian tree that holds `mysqld`; the first call unpacks it (about half a minute), a second one waits for it.

    Raises:
        ConfigurationError: not root, no debootstrap, or the mirror does not have it.
    """
    if _is_complete(folder):
        return folder
    if os.geteuid() != 0:
        raise ConfigurationError(
            "MySQL privat membutuhkan hak root (chroot). Jalankan sebagai root, atau pakai POSKO_PRIVATE_SERVER=mariadb."
        )
    program = shutil.which("debootstrap", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if program is None:
        raise ConfigurationError("Program debootstrap belum terpasang. Jalankan: apt-get install debootstrap")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_complete(folder):
            _unpack(program, folder)
    return folder


def _is_complete(folder: Path) -> bool:
    return (folder / "usr/sbin/mysqld").exists() and (folder / ".posko-complete").exists()


def _unpack(program: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = subprocess.run(
        [program, "--variant=minbase", f"--include={PACKAGE}", SUITE, str(folder), _mirror()],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        tail = (made.stdout + made.stderr).strip()[-400:]
        raise ConfigurationError(f"MySQL tidak dapat diunduh dengan debootstrap: {tail}")
    for needed in ("var/run/mysqld", "var/lib/mysql-files", "srv/data"):
        (folder / needed).mkdir(parents=True, exist_ok=True)
    (folder / ".posko-complete").touch()


def _mirror() -> str:
    """Return the mirror that apt uses for Debian itself; none is written down in this project."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME) $(ORIGIN)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listed.stdout.splitlines():
        site, codename, origin = (*line.split(" ", 2), "", "")[:3]
        if origin == "Debian" and "security" not in codename and "security" not in site:
            return site
    raise ConfigurationError("apt tidak mengenal cermin Debian di mesin ini; MySQL untuk uji hanya tersedia di Debian.")
