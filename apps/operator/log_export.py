"""The audit log as one file for an outsider: made by a page, fetched over a route of its own, because it may be larger than memory (R-025).

    GET /unduh/audit

The file is the one that this person made last; nothing of the address chooses it. Who takes it away is recorded before the first byte.
"""

from __future__ import annotations

import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route

from apps.operator.messages import say
from apps.operator.screens import current
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from posko.db.engine import posko_server
from posko.domain.errors import ConnectionFailed, Refused
from posko.services import log_check, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from apps.operator.jobs import Told
    from apps.operator.messages import Language
    from apps.operator.screens import Screens
    from posko.services.office import Desk

ADDRESS = "/unduh/audit"
SHOWN_NAME = "log-audit-posko.zip"
KEPT_SECONDS = 86_400


def routes(screens: Screens) -> list[Route]:
    """Return the route of one installation."""

    async def give(request: Request) -> Response:
        return await run_in_threadpool(_answer, screens, request)

    return [Route(ADDRESS, give, methods=["GET"])]


def log_place() -> log_check.LogPlace:
    """Return where the log of this installation is."""
    settings = current().settings
    return log_check.LogPlace.of(settings, posko_server(settings))


def make(desk: Desk, told: Told, tongue: Language) -> dict[str, Any]:
    """Make the file of whoever asks, in place of her last one."""
    file = _file_of(desk)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(file.parent)
    return desk.do(log_check.export, log=log_place(), file=file, readme=say(tongue, "verify.readme"), told=told)


def _file_of(desk: Desk) -> Path:
    """Return the path of a person's export; her number may hold strokes and blanks, its digest holds none."""
    person = desk.by.person_id if desk.by and desk.by.person_id else "-"
    return current().settings.var / "exports" / f"audit-{sha256(person.encode()).hexdigest()[:24]}.zip"


def _forget_old(folder: Path) -> None:
    """Delete exports that nobody fetched within a day; the next one is made from the log anyway."""
    until = time.time() - KEPT_SECONDS
    for file in folder.glob("*.zip"):
        if file.stat().st_mtime < until:
            file.unlink(missing_ok=True)


def _answer(screens: Screens, request: Request) -> Response:
    cookies, ip = request.cookies, request.client.host if request.client else None
    try:
        desk = sessions.principal_of(screens.office, cookies.get(COOKIE, ""), cookies.get(STATION_COOKIE, ""), ip=ip)
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 401)
    try:
        file = _file_of(desk)
        digest = desk.do(log_check.export_taken, file=file)
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 403)
    except ConnectionFailed:
        tongue: Language = "en" if cookies.get(LANGUAGE_COOKIE) == "en" else "id"
        return PlainTextResponse(say(tongue, "frame.down"), 503)
    headers = {"Cache-Control": "no-store", "X-Content-SHA256": digest}
    return FileResponse(file, media_type="application/zip", filename=SHOWN_NAME, headers=headers)
