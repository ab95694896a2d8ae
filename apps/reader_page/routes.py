"""The addresses of the page that captures in the operator's browser (§8.2, §13.2-13.7; R-041, DV-I10, DV-I12).

    GET  /pembaca/{request_id}      the page of a request that this web session asked for
    POST /pembaca/{request_id}      the PNG, or the reason why there is none
    GET  /pembaca/berkas/{name}     its script, style and HID's SDK

Whoever serves the operator's screens mounts these routes beside them, so that page and session are of one origin, over TLS.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apps.reader_page import messages, page
from biometrics.readers.browser import MOST_BYTES, BrowserReader, Post
from posko.domain.errors import PoskoError, Refused
from posko.services import page_captures

if TYPE_CHECKING:
    from starlette.requests import Request

    from biometrics.verification import Verifier
    from posko.services.office import Office

log = logging.getLogger("posko.reader_page")
COOKIE = "posko_web"
"""Name of the cookie that holds the web session; whoever asks for a finger binds the request to its value."""
MOST_HEADER = 80


def routes(office: Office, verifier: Verifier, *, cookie: str = COOKIE) -> list[Route]:
    """Return the routes of the page.

    Args:
        office: of the installation.
        verifier: what compares the fingers.
        cookie: name of the web session's cookie.
    """
    reader = BrowserReader(office, verifier)

    async def show(request: Request) -> Response:
        digest = page_captures.digest_of(request.cookies.get(cookie, ""))
        return await run_in_threadpool(_shown, office, request.path_params["request_id"], digest)

    async def take(request: Request) -> Response:
        digest = page_captures.digest_of(request.cookies.get(cookie, ""))
        post = await _post(request)
        ip = request.client.host if request.client else None
        return await run_in_threadpool(_taken, reader, request.path_params["request_id"], post, digest, ip)

    async def file(request: Request) -> Response:
        return await run_in_threadpool(page.file_of, request.path_params["name"])

    return [
        Route(page.FOLDER + "/{name}", file, methods=["GET"]),
        Route("/pembaca/{request_id}", show, methods=["GET"]),
        Route("/pembaca/{request_id}", take, methods=["POST"]),
    ]


def _shown(office: Office, request_id: str, session_digest: bytes) -> Response:
    try:
        with office.engine.connect() as db:
            at = office.clock(db)
            asked = page_captures.shown_to(db, request_id, session_digest)
    except PoskoError:
        log.exception("the page of a request could not be made")
        return page.notice(messages.DOWN, 503)
    if asked is None:
        return page.notice(messages.UNKNOWN, 404)
    if asked["state"] != "ASKED" or asked["expires_at"] <= at:
        return page.notice(messages.OVER, 410)
    return page.page_of(asked, at)


def _taken(reader: BrowserReader, request_id: str, post: Post, session_digest: bytes, ip: str | None) -> Response:
    try:
        answered = reader.answer(request_id, post, session_digest=session_digest, ip=ip)
    except Refused as refusal:
        return JSONResponse(messages.refused(refusal), 403, headers=dict(page.HEADERS))
    except PoskoError:
        log.exception("an answer of a page could not be taken")
        return JSONResponse(messages.down(), 503, headers=dict(page.HEADERS))
    return JSONResponse(messages.told(answered), headers=dict(page.HEADERS))


async def _post(request: Request) -> Post:
    """Return what a page sent; of a body that is too large only so much that it shows."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            break
    serial = request.headers.get("x-posko-reader", "")[:MOST_HEADER]
    return Post(
        nonce=request.headers.get("x-posko-nonce", "")[:MOST_HEADER],
        reader_serial=serial if serial.isprintable() and serial else "-",
        png=b"".join(parts),
        why=request.headers.get("x-posko-why"),
    )
