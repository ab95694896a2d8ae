"""The audit log and an auditor's pack as files for outsiders: made by a page, fetched over routes of their own, larger than memory (R-025).

    GET /unduh/audit        the whole log
    GET /unduh/audit-paket  the pack of a period

The file is the one that this person made last; nothing of the address chooses it. Who takes it away is recorded before the first byte.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route

from apps import audit_pack
from apps.operator.messages import say
from apps.operator.screens import current
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from posko.db.engine import posko_server
from posko.domain.errors import ConnectionFailed, Refused
from posko.services import log_check, sessions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from apps.operator.jobs import Told
    from apps.operator.messages import Language
    from apps.operator.screens import Screens
    from posko.services.office import Desk

ADDRESS, PACK_ADDRESS = "/unduh/audit", "/unduh/audit-paket"
SHOWN_NAMES = {ADDRESS: "log-audit-posko.zip", PACK_ADDRESS: "paket-auditor-posko.tar"}
KEPT_SECONDS = 86_400


def routes(screens: Screens) -> list[Route]:
    """Return the routes of one installation."""

    async def give(request: Request) -> Response:
        return await run_in_threadpool(_answer, screens, request)

    return [Route(address, give, methods=["GET"]) for address in SHOWN_NAMES]


def log_place() -> log_check.LogPlace:
    """Return where the log of this installation is."""
    settings = current().settings
    return log_check.LogPlace.of(settings, posko_server(settings))


def make(desk: Desk, told: Told, tongue: Language) -> dict[str, Any]:
    """Make the file with the log of whoever asks, in place of her last one."""
    file = _place(desk, ADDRESS)
    return desk.do(log_check.export, log=log_place(), file=file, readme=say(tongue, "verify.readme"), told=told)


def make_pack(desk: Desk, told: Told, first: date, last: date) -> dict[str, Any]:
    """Make the auditor's pack of these days for whoever asks, in place of her last one; return what it holds."""
    file, settings = _place(desk, PACK_ADDRESS), current().settings
    file.unlink(missing_ok=True)
    written = 0

    def heard(rows: int) -> None:
        nonlocal written
        written += rows
        told(written, 0)

    server = posko_server(settings)
    made = audit_pack.make(desk, server, settings.secrets, first=first, last=last, path=file, told=heard)
    return {**asdict(made), "first": first, "last": last}


def _place(desk: Desk, address: str) -> Path:
    """Return where a person's file is made; what nobody fetched is gone from there."""
    file = _file_of(desk, address)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(file.parent)
    return file


def _file_of(desk: Desk, address: str) -> Path:
    """Return the path of a person's file; her number may hold strokes and blanks, its digest holds none."""
    person = desk.by.person_id if desk.by and desk.by.person_id else "-"
    ending = SHOWN_NAMES[address].rpartition(".")[2]
    return current().settings.var / "exports" / f"audit-{sha256(person.encode()).hexdigest()[:24]}.{ending}"


def _forget_old(folder: Path) -> None:
    """Delete exports that nobody fetched within a day; the next one is made from the log anyway."""
    until = time.time() - KEPT_SECONDS
    for file in folder.glob("*audit-*"):  # a dot before the name: begun, and never finished
        if file.stat().st_mtime < until:
            file.unlink(missing_ok=True)


def _answer(screens: Screens, request: Request) -> Response:
    cookies, ip = request.cookies, request.client.host if request.client else None
    try:
        desk = sessions.principal_of(screens.office, cookies.get(COOKIE, ""), cookies.get(STATION_COOKIE, ""), ip=ip)
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 401)
    try:
        file = _file_of(desk, request.url.path)
        digest = desk.do(log_check.export_taken, file=file)
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 403)
    except ConnectionFailed:
        tongue: Language = "en" if cookies.get(LANGUAGE_COOKIE) == "en" else "id"
        return PlainTextResponse(say(tongue, "frame.down"), 503)
    headers = {"Cache-Control": "no-store", "X-Content-SHA256": digest}
    return FileResponse(file, filename=SHOWN_NAMES[request.url.path], headers=headers)
