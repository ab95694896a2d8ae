"""The pages that the gates leave behind (Data Docs) and dbt's lineage, for whoever may watch the gates (§5.1, §12.2, §12.8; R-003, R-105).

    GET /data-docs/index.html          all gates          GET /data-docs/checks/received/index.html

Files below `docs/` of the installation's folder, and only kinds that a page needs: no listing of a folder, nothing whose name begins
with a point, nothing that leads out. Each page that is opened is recorded; scripts run in dbt's page alone, and there without an origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from apps.operator import login_page
from apps.operator.messages import say
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from posko.domain.errors import NotPermitted, Refused
from posko.domain.matrix import MATRIX, ROLE_LABELS, Command
from posko.domain.roles import ACTS, Act
from posko.services import screen_monitoring, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from apps.operator.messages import Language
    from apps.operator.screens import Screens
    from posko.services.office import Desk

BELOW = "/data-docs/"
FIRST = "index.html"
LINEAGE = "lineage/"
KINDS = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".png": "image/png", ".gif": "image/gif",
    ".ico": "image/x-icon", ".svg": "image/svg+xml", ".otf": "font/otf",
}  # fmt: skip
"""Ending of a file that is given out -> its type."""
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
SCRIPTED = f"{POLICY}; script-src 'unsafe-inline' 'unsafe-eval'; sandbox allow-scripts"


def routes(screens: Screens) -> list[Route]:
    """Return the route of one installation."""

    async def show(request: Request) -> Response:
        return await run_in_threadpool(_answer, screens, request)

    return [Route(BELOW.rstrip("/"), _to_first, methods=["GET"]), Route(BELOW + "{path:path}", show, methods=["GET"])]


def is_there(screens: Screens) -> bool:
    """Return whether any gate has left pages."""
    return _file_of(screens, FIRST) is not None


async def _to_first(_request: Request) -> Response:
    return RedirectResponse(BELOW + FIRST, 303)


def _answer(screens: Screens, request: Request) -> Response:
    path = request.path_params["path"]
    if path == "":
        return RedirectResponse(BELOW + FIRST, 303)
    tongue: Language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "id"
    try:
        desk = _desk(screens, request)
    except Refused:
        return RedirectResponse("/masuk", 303)
    file = _file_of(screens, path)
    if desk.by is None or not _may(desk, path, is_page=file is None or file.suffix == ".html"):
        role = ROLE_LABELS[desk.by.role] if desk.by else ""
        return PlainTextResponse(say(tongue, "frame.closed", role=role), 403)
    if file is None:
        return login_page.lost(tongue)
    policy = SCRIPTED if path.startswith(LINEAGE) else POLICY
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    return FileResponse(file, media_type=KINDS[file.suffix], headers=headers)


def _desk(screens: Screens, request: Request) -> Desk:
    station = request.cookies.get(STATION_COOKIE, "")
    ip = request.client.host if request.client else None
    return sessions.principal_of(screens.office, request.cookies.get(COOKIE, ""), station, ip=ip)


def _may(desk: Desk, path: str, *, is_page: bool) -> bool:
    """Return whether who asks may see the gates; a page that is opened is recorded, and any attempt of another role."""
    is_open = desk.by is not None and Act.READ in ACTS[MATRIX[Command.BALANCE][desk.by.role]]
    if is_open and not is_page:
        return True
    try:
        desk.do(screen_monitoring.data_docs, page=path[: screen_monitoring.MOST_PATH])
    except NotPermitted:
        return False
    except Refused:
        # What the log does not take is no path of ours either: there is no such file.
        return is_open
    return is_open


def _file_of(screens: Screens, path: str) -> Path | None:
    """Return a file that may be given out; None: there is none."""
    root = (screens.settings.var / "docs").resolve()
    parts = path.split("/")
    if "\\" in path or "\0" in path or any(part == "" or part.startswith(".") for part in parts):
        return None
    try:
        # A gate's folder is a link to the run that is shown; what it points to stands below the same root.
        found = root.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError):
        return None
    is_inside = found.is_relative_to(root) and found.is_file()
    return found if is_inside and found.suffix in KINDS else None
