"""What stands before every answer: no page, download or websocket without a session; headers on all (R-045; facts on CSP).

A page still asks for the session at every run and its service for the role; this only keeps strangers from everything else.
"""

from __future__ import annotations

from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

from apps.operator import destination, finger_pictures, log_export, login_page
from apps.operator.menu import BY_PATH, PAGES
from apps.operator.screens import current
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from posko.domain.errors import ConnectionFailed, Refused
from posko.services import sessions

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from apps.operator.messages import Language

OPEN = frozenset({"/masuk", "/sehat", "/_stcore/health", "/_stcore/host-config", "/favicon.png"})
OPEN_BELOW = ("/masuk/", "/bahasa/", "/pembaca/", "/static/")
"""Addresses without a session: the sign-in, health, and the files of the frontend, which hold no data."""
OWN = ("/_stcore/", "/media/", "/component/", finger_pictures.ADDRESS, log_export.ADDRESS)
"""Addresses behind the session that are no pages."""
ROUTES = ("/data-docs", "/data-docs/")
"""Routes of ours behind the session, and what begins with the second; each asks for the role itself."""
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:;"
    " frame-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FIRST = PAGES[0].path
"""Streamlit gives its first page no address of its own."""
FRAMED = "/pembaca/"
"""The reader's page may stand in a frame of ours."""


MOST_OVER = 10_000
_over: dict[bytes, None] = {}
"""Sessions that are over, by digest: none comes back, and a forgotten tab that asks for ever need not fill the log."""


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if not _is_open(path) and not await _is_signed_in(scope):
            await _turn_away(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        answer: Response | None = None if _is_known(path) else login_page.lost(_tongue(scope))
        if path.strip("/") == FIRST:
            answer = RedirectResponse("/", 303)
        await (answer or self.app)(scope, receive, _with_headers(send, path))


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _is_known(path: str) -> bool:
    is_route = path in ROUTES or path.startswith(ROUTES[1])
    return _is_open(path) or path.startswith(OWN) or is_route or path.strip("/") in {"", *BY_PATH}


def _cookies(scope: Scope) -> dict[str, str]:
    try:
        jar = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _tongue(scope: Scope) -> Language:
    return "en" if _cookies(scope).get(LANGUAGE_COOKIE) == "en" else "id"


async def _is_signed_in(scope: Scope) -> bool:
    cookies = _cookies(scope)
    # Without the station's cookie there was no sign-in here, and the database need not be asked.
    if not cookies.get(COOKIE) or not cookies.get(STATION_COOKIE):
        return False
    shown = sha256(f"{cookies[COOKIE]} {cookies[STATION_COOKIE]}".encode()).digest()
    if shown in _over:
        return False
    ip = scope["client"][0] if scope.get("client") else None
    try:
        await run_in_threadpool(
            sessions.principal_of, current().office, cookies[COOKIE], cookies[STATION_COOKIE], ip=ip
        )
    except Refused:
        _over[shown] = None
        while len(_over) > MOST_OVER:
            _over.pop(next(iter(_over)), None)
        return False
    except ConnectionFailed:
        return False
    return True


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    is_page = scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith(OWN)
    answer: Response = RedirectResponse("/masuk", 303) if is_page else PlainTextResponse("Masuk dahulu.", 401)
    if is_page:
        where = destination.of(scope["path"], scope["query_string"].decode("ascii", "replace"))
        destination.keep(answer, where, is_tls=scope["scheme"] == "https")
    await answer(scope, receive, _with_headers(send, scope["path"]))


def _with_headers(send: Send, path: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                if name == "X-Frame-Options" and path.startswith(FRAMED):
                    continue
                headers.setdefault(name, value)
        await send(message)

    return sent
