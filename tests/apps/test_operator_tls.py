"""The screens behind nginx with the example's own file and a certificate of its own: TLS, Secure cookies, the websocket (§9; R-045)."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from apps.bench.apps_site import EXAMPLE, OWN_NGINX
from apps.bench.apps_tab import STREAM
from tests.support.operator import cookies_of
from tests.support.site import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server
SECONDS = 30
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/posko.conf;
}}
"""


@pytest.fixture
def live(world):
    """The world goes on in the server's own time, as the served screens do."""
    world.now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return world


@pytest.fixture
def secured(live, tmp_path):
    """The address of the proxy and the certificate that it shows."""
    certificate = self_signed(tmp_path)
    with site_of(live, tmp_path / "app.log") as address, proxy(tmp_path, urlsplit(address).port) as port:
        yield f"https://127.0.0.1:{port}", ssl.create_default_context(cafile=certificate)


def self_signed(folder: Path) -> Path:
    """Write a key and a certificate for this machine's own address, as an installation would get from its authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "posko.example.id")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "posko.key").write_bytes(key.private_bytes(*private))
    (folder / "posko.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "posko.pem"


@contextmanager
def proxy(folder: Path, behind: int | None) -> Iterator[int]:
    """Run nginx with the example's file, of which only addresses and the places of key and certificate are other."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = EXAMPLE.read_text("utf-8").replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    text = text.replace("/etc/posko/tls/", f"{folder}/").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")
    (folder / "posko.conf").write_text(
        re.sub(r"^ *server 127\.0\.0\.1:8502.*\n", "", text, flags=re.MULTILINE), "utf-8"
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), "utf-8")
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or str(OWN_NGINX)
    words = [nginx, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(words)
    try:
        until = time.monotonic() + SECONDS
        while not answers(port):
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < until
        yield port
    finally:
        process.terminate()
        process.wait(SECONDS)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS):
            return True
    except ConnectionRefusedError:
        return False


def test_the_sign_in_comes_by_tls_alone_and_its_cookie_is_never_sent_without(secured):
    address, trusted = secured
    with httpx.Client(base_url=address, verify=trusted, trust_env=False) as browser:
        page = browser.get("/masuk")
        plain = httpx.get(address.replace("https", "http") + "/masuk", trust_env=False)

    assert page.status_code == 200
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert all(
        "Secure" in one and "HttpOnly" in one for one in page.headers.get_list("set-cookie") if "posko_web" in one
    )
    assert any("posko_web" in one for one in page.headers.get_list("set-cookie"))
    assert plain.status_code == 400
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{address}/masuk", trust_env=False)


def test_the_websocket_of_a_page_goes_through_with_a_session_and_its_own_origin_only(live, secured):
    address, trusted = secured
    cookies = "; ".join(f"{name}={value}" for name, value in cookies_of(live, "KO1").items())

    async def opens(cookie: str, origin: str) -> bool:
        try:
            wanted = connect(
                address.replace("https", "wss") + STREAM, ssl=trusted, additional_headers={"Cookie": cookie}, origin=origin,
                proxy=None,
            )  # fmt: skip
            async with wanted:
                return True
        except InvalidStatus:
            return False

    async def play() -> list[bool]:
        return [
            await opens(cookies, address),
            await opens("", address),
            await opens(cookies, "https://lain.example"),
        ]

    assert asyncio.run(play()) == [True, False, False]
