"""An ASGI application served for a test on a free port of this machine, and a client with cookies."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 20


@contextmanager
def served(app: Any) -> Iterator[httpx.Client]:
    """Serve an application and yield a client that keeps cookies and follows nothing."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        with httpx.Client(base_url=address, timeout=SECONDS, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        listening.close()
