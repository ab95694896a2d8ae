"""Both fingers of a 1:N find as a page in a frame of ours: for who may judge it, recorded at every look, kept nowhere (§3.3; R-021, R-187).

    GET  /temuan/{candidate_id}

It comes over a request of its own and not within the page, so that the browser can be told to forget it.
"""

from __future__ import annotations

import logging
from html import escape
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse
from starlette.routing import Route

from apps.operator.messages import say
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from biometrics.search import side_by_side
from posko.domain.errors import PoskoError, Refused
from posko.services import adjudication, sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from apps.operator.messages import Language
    from apps.operator.screens import Screens

log = logging.getLogger("posko.operator")
ADDRESS = "/temuan/"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store, max-age=0",
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(screens: Screens) -> list[Route]:
    """Return the one route of the pictures of one installation."""

    async def show(request: Request) -> Response:
        return await run_in_threadpool(_shown, screens, request)

    return [Route(ADDRESS + "{candidate_id:int}", show, methods=["GET"])]


def _shown(screens: Screens, request: Request) -> Response:
    cookies = request.cookies
    tongue: Language = "en" if cookies.get(LANGUAGE_COOKIE) == "en" else "id"
    ip = request.client.host if request.client else None
    try:
        desk = sessions.principal_of(screens.office, cookies.get(COOKIE, ""), cookies.get(STATION_COOKIE, ""), ip=ip)
        found = desk.do(adjudication.view, candidate_id=request.path_params["candidate_id"], is_drawn=True)
        with screens.office.engine.connect() as db:
            words = {name: say(tongue, f"duplicates.page_{name}") for name in side_by_side.WORDS}
            vault, matcher = screens.verifier.vault, screens.verifier.matcher
            html = side_by_side.page(db, vault, matcher, found, words=words, language=tongue)
    except Refused as refusal:
        return _notice(str(refusal), 403)
    except PoskoError:
        log.exception("the fingers of a find could not be shown")
        return _notice(say(tongue, "duplicates.broken"), 503)
    return HTMLResponse(html, headers=dict(HEADERS))


def _notice(sentence: str, status: int) -> Response:
    body = (
        f'<!doctype html>\n<html lang="id"><meta charset="utf-8"><title>POSKO</title><p>{escape(sentence)}</p></html>\n'
    )
    return HTMLResponse(body, status, headers=dict(HEADERS))
