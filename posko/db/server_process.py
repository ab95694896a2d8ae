"""What starting a server process needs from the machine: a user that is not root, a program, a free port, a greeting."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
from typing import TYPE_CHECKING

from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def server_user(near: Path) -> str:
    """Return the user that a private server runs as: never root.

    Raises:
        ConfigurationError: the process is root and the machine has no user for the server.
    """
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    owner = next(folder for folder in (near, *near.parents) if folder.exists()).stat().st_uid
    if owner != 0:
        return pwd.getpwuid(owner).pw_name
    for name in ("mysql", "posko"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ConfigurationError("Tidak ada pengguna sistem untuk server privat. Jalankan: useradd --system posko")


def as_user(user: str) -> list[str]:
    """Return the words before a command that make it run as `user`; none when that is who we are."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


def find_program(name: str) -> str:
    """Return the path of a server program; Debian keeps daemons where an ordinary user's PATH does not look.

    Raises:
        ConfigurationError: it is not installed.
    """
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        raise ConfigurationError(
            f"Program {name} belum terpasang. Jalankan: apt-get install mariadb-server-core mariadb-client-core"
        )
    return found


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Return whether a listener could take this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(socket_path: str) -> bool:
    """Return whether a server sends its greeting on this socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(socket_path)
            return bool(client.recv(4))
        except OSError:
            return False
