"""The sign-in as a browser asks for it: the gate before a page that holds a secret."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from apps.operator import login_routes
from apps.operator.gate import Gate
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from apps.operator.screens import Screens

SECRET = "the page behind the sign-in"
OWN = {"number": "KO1", "station": "ST-0", "way": "demo_own"}


@contextmanager
def gated(screens: Screens) -> Iterator[httpx.Client]:
    """Serve the sign-in with a page and a websocket behind it, and yield a client that keeps cookies and follows nothing."""

    async def page(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(SECRET)

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(SECRET)
        await socket.close()

    behind = [WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", page)]
    with served(Gate(Starlette(routes=[*login_routes.routes(screens), *behind]))) as client:
        yield client


def sign_in(browser: httpx.Client, **more: str) -> Any:
    """Send the form of Gambar 1 for KO1 and her own finger, with other entries where they are given; return the answer."""
    browser.get("/masuk")
    return browser.post("/masuk", data={**OWN, **more})
