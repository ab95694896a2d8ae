"""Private MariaDB servers (or MySQL, for tests) below `var/`, for the demo, the tests and small installations.

Each has its own data folder, socket, free loopback port and random root password, and never runs as root. A server
process must be able to reach its files through every parent folder, which an unprivileged user cannot in a checkout
below a private folder (as `mktemp -d` makes them): then the data stand in `/var/tmp` and `var/` holds a link.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posko.db.mysql_root import ensure_mysql_root
from posko.db.secrets import read_or_make_password
from posko.db.server_process import answers, as_user, find_program, free_port, port_is_free, server_user
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from posko.settings import Settings

SOCKET_PATH_LIMIT = 100
START_SECONDS = 60

_STARTED: list[subprocess.Popen[bytes]] = []
"""Servers that this process started. They outlive it on purpose; while it lives it must collect those that ended."""


@dataclass(frozen=True)
class PrivateServer:
    """One private server: `home` is its folder below `var/`, `engine` is mariadb or mysql, which runs in `mysql_root`."""

    name: str
    home: Path
    secrets: Path
    engine: str
    buffer_pool_mb: int
    redo_log_mb: int
    mysql_root: Path

    @property
    def data(self) -> Path:
        """Data folder; resolved, because the server must not meet a folder that it may not enter."""
        return (self.home / "data").resolve()

    @property
    def state(self) -> dict[str, str | int]:
        """Port and socket chosen when the server was made."""
        loaded: dict[str, str | int] = json.loads((self.home / "server.json").read_text("utf-8"))
        return loaded

    @property
    def port(self) -> int:
        """Loopback port."""
        return int(self.state["port"])

    @property
    def socket(self) -> str:
        """Path of the unix socket; short enough for the operating system's limit."""
        return str(self.state["socket"])

    @property
    def pid(self) -> int | None:
        """Process id of the running server, or None."""
        for process in _STARTED:
            process.poll()
        file = self.data.parent / "server.pid"
        try:
            pid = int(file.read_text("utf-8"))
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        return pid if self._inside(self.data).encode() in command else None

    def root_password(self) -> str:
        """Password of root@localhost, made with the server."""
        return read_or_make_password(self.secrets / f"root-{self.name}")

    def ensure_running(self) -> PrivateServer:
        """Make the server if it is not there, start it if it does not run, and wait until it answers."""
        if not (self.home / "server.json").exists():
            self._initialise()
        if self.pid is None:
            self._start()
        return self

    def stop(self, *, seconds: float = 60) -> None:
        """Stop the server that this object's pid file names, and wait for its end."""
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while self.pid is not None and time.monotonic() < deadline:
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server as a power cut would: SIGKILL, no shutdown."""
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            while self.pid is not None:
                time.sleep(0.01)

    def destroy(self) -> None:
        """Stop the server and delete all that it holds, wherever it stands."""
        self.stop()
        base = self.data.parent
        shutil.rmtree(self.home, ignore_errors=True)
        if base != self.home:
            shutil.rmtree(base, ignore_errors=True)

    def _initialise(self) -> None:
        user = server_user(self.home.parent)
        shutil.rmtree(self.home / "data", ignore_errors=True)
        base = self._reachable_base(user)
        data, scratch = base / "data", base / "tmp"
        for folder in (base, data, scratch):
            folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(folder, user)
        socket_path = base / "server.sock"
        if len(str(socket_path)) > SOCKET_PATH_LIMIT:
            socket_path = Path(tempfile.mkdtemp(prefix="posko-")) / "server.sock"
            shutil.chown(socket_path.parent, user) if os.geteuid() == 0 else None
        environment = os.environ | {"TMPDIR": self._inside(scratch)}
        made = subprocess.run(
            self._install_command(user, data), capture_output=True, text=True, check=False, cwd="/", env=environment
        )
        if made.returncode != 0:
            raise ConfigurationError(f"Server privat tidak dapat dibuat di {data}: {made.stderr.strip()[-400:]}")
        state = {"port": free_port(), "socket": str(socket_path), "user": user, "fresh": 1}
        (self.home / "server.json").write_text(json.dumps(state), "utf-8")

    def _install_command(self, user: str, data: Path) -> list[str]:
        if self.engine == "mysql":
            inside = self._inside(data)
            return [
                *self._in_root(user),
                "mysqld",
                "--no-defaults",
                "--initialize-insecure",
                f"--datadir={inside}",
            ]
        command = [
            *as_user(user),
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--skip-test-db",
        ]
        return [*command, "--auth-root-authentication-method=normal"]

    def _in_root(self, user: str) -> list[str]:
        entry = pwd.getpwnam(user)
        return ["chroot", f"--userspec={entry.pw_uid}:{entry.pw_gid}", str(self.mysql_root)]

    def _inside(self, path: Path) -> str:
        """Return a path as MySQL sees it inside its tree."""
        return "/" + str(path.relative_to(self.mysql_root.resolve())) if self.engine == "mysql" else str(path)

    def _reachable_base(self, user: str) -> Path:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.engine == "mysql":
            return self._base_in_root()
        if os.geteuid() != 0:
            return self.home
        shutil.chown(self.home, user)
        reach = subprocess.run([*as_user(user), "test", "-x", str(self.home)], check=False, cwd="/")
        if reach.returncode == 0:
            return self.home
        outside = Path("/var/tmp") / f"posko-{self._digest()}"  # noqa: S108 - a name that only this checkout has, owned by the server's user
        shutil.rmtree(outside, ignore_errors=True)
        outside.mkdir(mode=0o750)
        (self.home / "data").unlink(missing_ok=True)
        (self.home / "data").symlink_to(outside / "data")
        return outside

    def _digest(self) -> str:
        """Short name of this very server, for folders that stand outside its home."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:12]

    def _base_in_root(self) -> Path:
        """MySQL's data stand inside its tree, where it can reach them; `data` is a link to them."""
        base = ensure_mysql_root(self.mysql_root).resolve() / "srv" / f"{self.name}-{self._digest()}"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        (self.home / "data").unlink(missing_ok=True)
        (self.home / "data").symlink_to(base / "data")
        return base

    def _start(self) -> None:
        state = self.state
        base = self.data.parent
        if not port_is_free(int(state["port"])):
            state["port"] = free_port()
        user = str(state["user"])
        first = base / "first.sql"
        if state.pop("fresh", 0):
            first.write_text(_first_statements(self.engine, self.root_password()), "utf-8")
            first.chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(first, user)
        (self.home / "server.json").write_text(json.dumps(state), "utf-8")
        options = self._options(state, base) + ([f"--init-file={self._inside(first)}"] if first.exists() else [])
        program = (
            [*self._in_root(user), "mysqld"] if self.engine == "mysql" else [*as_user(user), find_program("mariadbd")]
        )
        with (self.home / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [*program, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        _STARTED.append(process)
        self._wait(process)
        first.unlink(missing_ok=True)

    def _options(self, state: dict[str, str | int], base: Path) -> list[str]:
        own = (
            ["--mysqlx=0", f"--innodb-redo-log-capacity={self.redo_log_mb}M"]
            if self.engine == "mysql"
            else ["--innodb-snapshot-isolation=ON", f"--innodb-log-file-size={self.redo_log_mb}M"]
        )
        return [
            "--no-defaults",
            f"--datadir={self._inside(self.data)}",
            f"--socket={self._inside(base / 'server.sock') if self.engine == 'mysql' else state['socket']}",
            f"--port={state['port']}",
            # Never the machine's /tmp: a server that starts there deletes the temporary tables of those that run.
            f"--tmpdir={self._inside(base / 'tmp')}",
            f"--pid-file={self._inside(base / 'server.pid')}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--local-infile=1",
            f"--secure-file-priv={self._inside(self.data)}",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
            "--innodb-flush-log-at-trx-commit=1",
            f"--innodb-buffer-pool-size={self.buffer_pool_mb}M",
            "--max-connections=200",
            "--max-allowed-packet=64M",
            *own,
        ]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if self.pid is not None and answers(self.socket):
                return
            time.sleep(0.05)
        tail = (self.home / "server.log").read_text("utf-8", "replace")[-600:]
        raise ConfigurationError(f"Server privat {self.name} tidak mau hidup. Akhir catatannya: {tail}")


def _first_statements(engine: str, root_password: str) -> str:
    """Give root its password, and drop the accounts without one. One statement a line, as an init file wants it."""
    own_password = f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{root_password}';\n"
    if engine == "mysql":
        return own_password
    return (
        f"{own_password}"
        "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');\n"
        "FLUSH PRIVILEGES;\n"
    )


def private_server(settings: Settings, name: str) -> PrivateServer:
    """Return the private server `name` (posko or bnp2tki) of these settings; it may not exist yet."""
    return PrivateServer(
        name=name,
        home=settings.var / settings.private_server / name,
        secrets=settings.secrets,
        engine=settings.private_server,
        buffer_pool_mb=settings.private_buffer_pool_mb,
        redo_log_mb=settings.private_redo_log_mb,
        mysql_root=settings.path(settings.mysql_root_dir),
    )
