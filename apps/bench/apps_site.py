"""The screens as an installation serves them: processes of `posko app` behind nginx with the example's own configuration (§9)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from posko.domain.errors import DataRefused
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apps.bench.installation import Installation

EXAMPLE = PROJECT_ROOT / "deploy" / "nginx" / "posko.conf"
OWN_NGINX = PROJECT_ROOT / "var" / "nginx" / "usr" / "sbin" / "nginx"
"""Where `./run bench` unpacks nginx, if the machine has none."""
START_SECONDS = 90.0
_MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    log_format whom '$cookie_posko_web $upstream_addr $status $uri';
    access_log {folder}/access.log whom;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/posko.conf;
}}
"""
_TLS = re.compile(r"^ *(ssl_\w+|add_header Strict-Transport-Security) .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Site:
    """The screens while they are served: address of the proxy, processes behind it, folder of the proxy's logs."""

    address: str
    processes: tuple[subprocess.Popen[bytes], ...]
    folder: Path

    def memory_mb(self) -> list[float]:
        """Return the resident memory of each process, MiB."""
        return [_memory_mb(process.pid) for process in self.processes]

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of the processes so far, of all together."""
        return sum(cpu_seconds(process.pid) for process in self.processes)

    def moved(self) -> int:
        """Return how many browsers (cookies) were led to more than one process, from the proxy's log."""
        seen: dict[str, set[str]] = {}
        for line in (self.folder / "access.log").read_text("utf-8").splitlines():
            cookie, upstream, *_ = line.split(" ")
            if len(cookie) > 1:
                seen.setdefault(cookie, set()).add(upstream)
        return sum(len(where) > 1 for where in seen.values())


@contextmanager
def served(installation: Installation, processes: int) -> Iterator[Site]:
    """Serve the screens of an installation until the block ends.

    Raises:
        DataRefused: nginx is missing, or a process did not start; the sentence is its own.
    """
    ports = _free_ports(processes + 1)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="posko-nginx-", dir="/var/tmp")))
        folder.chmod(0o755)
        started = [stack.enter_context(_process(installation, port, folder / f"app-{port}.log")) for port in ports[1:]]
        for process, port in zip(started, ports[1:], strict=True):
            _wait(f"http://127.0.0.1:{port}", process, folder / f"app-{port}.log")
        proxy = stack.enter_context(_proxy(folder, ports[0], ports[1:]))
        address = f"http://127.0.0.1:{ports[0]}"
        _wait(address, proxy, folder / "error.log")
        yield Site(address, tuple(started), folder)


def configuration(port: int, behind: Sequence[int]) -> str:
    """Return the example's configuration without TLS, on this port and with these processes behind it.

    Raises:
        DataRefused: the example is no longer as it is rewritten here.
    """
    text, found = re.subn(
        r"^( *)listen 443 ssl;", rf"\g<1>listen 127.0.0.1:{port};", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE
    )
    servers = re.findall(r"^ *server 127\.0\.0\.1:\d+([^;]*);\n", text, re.MULTILINE)
    if found != 1 or not servers:
        raise DataRefused(f"{EXAMPLE.name} tidak lagi memuat listen 443 ssl dan server 127.0.0.1.")
    lines = "".join(f"    server 127.0.0.1:{one}{servers[0]};\n" for one in behind)
    text = re.sub(r"(^ *server 127\.0\.0\.1:\d+[^;]*;\n)+", lines, text, flags=re.MULTILINE)
    return _TLS.sub("", text)


@contextmanager
def _process(installation: Installation, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as written:
        process = installation.start("app", "--port", str(port), output=written)
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def _proxy(folder: Path, port: int, behind: Sequence[int]) -> Iterator[subprocess.Popen[bytes]]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or str(OWN_NGINX)
    if not Path(nginx).exists():
        raise DataRefused("nginx tidak ada. Jalankan lewat ./run bench, atau pasang: apt-get install nginx-light")
    (folder / "posko.conf").write_text(configuration(port, behind), "utf-8")
    # As root the workers would be somebody who may not read the folder.
    main = _MAIN.format(folder=folder)
    (folder / "nginx.conf").write_text(f"user root;\n{main}" if os.geteuid() == 0 else main, "utf-8")
    process = subprocess.Popen(
        [nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/sehat", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    said = log.read_text("utf-8").strip().splitlines() if log.exists() else []
    raise DataRefused(f"Layar tidak mulai di {address}: {said[-1] if said else 'tanpa pesan'}")


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process used so far, its own and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_ports(wanted: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(wanted)]
        return [int(one.getsockname()[1]) for one in taken]
