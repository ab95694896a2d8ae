"""The TLS ports of the stub: a certificate of its own, a server a port."""

from __future__ import annotations

import datetime as dt
import errno
import ipaddress
import ssl
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_SECONDS = 10.0


class PortBusy(AssertionError):
    """The port that every HID client listens on is taken on this machine."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """Let a page that does wrong find its connection closed; the test then says what is missing."""


@contextmanager
def served(
    handler: type[BaseHTTPRequestHandler], port: int, context: ssl.SSLContext, *, may_move: bool = False
) -> Iterator[int]:
    server = _bound(handler, port, may_move=may_move)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bound(handler: type[BaseHTTPRequestHandler], port: int, *, may_move: bool) -> _Server:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return _Server(("127.0.0.1", port), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            if may_move:
                port += 1
            elif time.monotonic() > end:
                raise PortBusy(
                    f"Port {port} on 127.0.0.1 is taken by another program. HID's SDK asks no other port, so these tests"
                    " cannot run beside a real HID client: stop it and run them again."
                ) from error
            else:
                time.sleep(0.2)


@contextmanager
def certificate() -> Iterator[ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    with tempfile.TemporaryDirectory() as folder:
        chain, private = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, private)
        yield context
