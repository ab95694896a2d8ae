"""The application that strangers reach: GET for a form, POST for the answer, nothing typed in an address (§14.1-14.3; R-160, R-166).

    app = make_app(Public(certificates, site, proxies=(), per_minute=30))

    GET  /                the site that `posko publish` made, with its files
    GET  /verifikasi      forms;  POST: number and secure code, or the text of a QR code
    POST /hasil           a result by ID TKI and birth date, for browsers without script
    GET  /sehat           whether it runs

An unknown number, a wrong code, an altered row and a foreign QR code get one page, of one length, not sooner than `FLOOR`. The log has
method, page, status and milliseconds: no address, and nothing that was typed.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidTag
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from apps.public import answers
from apps.public.limits import Buckets, source_of
from apps.public.tries import Tries
from exports.site_address import typed
from exports.site_pages import FILES, POLICY
from exports.site_reader import look_up, site_words
from posko.domain.calendar import local_day
from posko.domain.errors import ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

    from apps.public.certificates import Certificates
    from apps.public.tries import Asked

    Handler = Callable[[Request, dict[str, str]], Awaitable[tuple[int, bytes]]]

log = logging.getLogger("posko.public")
FLOOR = 0.02
"""Seconds before which no answer to a check goes out: what was found takes no longer than what was not."""
MOST_BODY = 16_384
THREADS = 4
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
KINDS = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "json": "application/json",
}  # fmt: skip
_PAGE = re.compile(r"(?:index|jumlah)\.html|situs\.(?:json|css)|cari\.js")
_PART = re.compile(r"indeks/[0-9a-f]{2}|isi/[0-9a-f]{2}/[0-9a-f]{24}")
_BUSY = "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."
_AWAY = "Pemeriksaan sedang tidak dapat dilakukan. Coba lagi beberapa menit lagi."


@dataclass
class Public:
    """What the application needs: the certificates, the site's public folder, who may say for whom he asks, tries a minute."""

    certificates: Certificates
    site: Path
    proxies: tuple[str, ...] = ()
    per_minute: int = 30
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC).replace(tzinfo=None)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def __post_init__(self) -> None:
        self.asked = Buckets(self.per_minute, 60)
        self.tries = Tries(self.certificates)

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do what waits for a disk or a database beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work, *given)

    def source(self, request: Request) -> str:
        """Return whose tries are counted."""
        peer = request.client.host if request.client else None
        return source_of(peer, request.headers.get("x-forwarded-for"), self.proxies)


def make_app(public: Public) -> Starlette:
    """Return the application of one installation."""

    async def form(_request: Request) -> Response:
        return _html(200, answers.check_form())

    async def home(_request: Request) -> Response:
        return _file(public.site, "index.html") or _html(200, answers.look_form())

    async def file(request: Request) -> Response:
        found = _file(public.site, request.path_params["name"])
        return found or _html(404, answers.plain("Halaman tidak ada", "Alamat ini tidak ada. Pilih dari menu di atas."))

    async def health(_request: Request) -> Response:
        return Response(b"sehat", media_type="text/plain", headers=dict(HEADERS))

    async def check(request: Request, typed_in: dict[str, str]) -> tuple[int, bytes]:
        return await _check(public, public.source(request), typed_in)

    async def look(_request: Request, typed_in: dict[str, str]) -> tuple[int, bytes]:
        return await _look(public, typed_in)

    made = Starlette(
        routes=[
            Route("/", home),
            Route("/sehat", health),
            Route("/verifikasi", form, methods=["GET"]),
            Route("/verifikasi", _limited(public, check), methods=["POST"]),
            Route("/hasil", home, methods=["GET"]),
            Route("/hasil", _limited(public, look), methods=["POST"]),
            Route("/{name:path}", file),
        ]
    )
    made.add_middleware(_Told)
    return made


def _limited(public: Public, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint for what is typed: so many a minute from one place, none of it long, no answer before the floor."""

    async def endpoint(request: Request) -> Response:
        began, source = time.monotonic(), public.source(request)
        if not public.asked.take(source):
            headers = {"Retry-After": str(public.asked.wait(source))}
            return _html(429, answers.plain("Terlalu banyak percobaan", _BUSY), headers)
        typed_in = await _typed_in(request)
        if typed_in is None:
            return _html(413, answers.plain("Isian terlalu panjang", "Isian ini terlalu panjang atau tidak terbaca."))
        try:
            status, body = await handler(request, typed_in)
        except ConnectionFailed:
            log.exception("the database does not answer")
            status, body = 503, answers.plain("Coba lagi nanti", _AWAY)
        await asyncio.sleep(max(0.0, began + FLOOR - time.monotonic()))
        return _html(status, body)

    return endpoint


async def _check(public: Public, source: str, typed_in: dict[str, str]) -> tuple[int, bytes]:
    number, code, qr = (typed_in.get(name, "").strip() for name in ("nomor", "kode", "qr"))
    if not qr and not (number and code):
        return 400, answers.check_form(answers.notice("Isi nomor sertifikat dan secure code, atau teks kode QR."))
    asked: Asked = ("QR", qr) if qr else ("CODE", number)
    today = local_day(public.clock())
    await public.run(public.tries.bring_up_to_date, today)
    if not public.tries.take(source, asked):
        return 429, answers.plain("Terlalu banyak percobaan", _BUSY)
    given = (public.certificates.by_qr, qr) if qr else (public.certificates.by_code, number, code)
    try:
        found = await public.run(*given, today)
    except ConnectionFailed:
        public.tries.give_back(source, asked)
        raise
    if found.row is not None:
        public.tries.give_back(source, asked)
    return 200, answers.check_form(answers.verdict_card(found))


async def _look(public: Public, typed_in: dict[str, str]) -> tuple[int, bytes]:
    wanted = typed(typed_in.get("id_tki", ""), typed_in.get("tanggal_lahir", ""))
    if wanted is None:
        return 400, answers.look_form(answers.notice("Isi ID TKI, dan tanggal lahir seperti 31-12-1990."))
    try:
        words = await public.run(site_words, public.site)
        if words is None:
            return 200, answers.look_form(answers.notice("Belum ada hasil yang ditayangkan."))
        found = await public.run(look_up, public.site, words["garam"], *wanted)
    except (OSError, InvalidTag):
        log.exception("a file of the site is gone or was altered")
        return 503, answers.plain("Coba lagi nanti", _AWAY)
    return 200, answers.look_form(answers.result_cards(wanted[0], found, words))


async def _typed_in(request: Request) -> dict[str, str] | None:
    """Return the fields of a form, the first of each name; None when it is too long or none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10, errors="strict")
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}


def _file(site: Path, name: str) -> Response | None:
    """Return a file of the public site; its parts never change, its pages are asked for again."""
    is_part = _PART.fullmatch(name) is not None
    if not is_part and not _PAGE.fullmatch(name):
        return None
    try:
        data = (site / name).read_bytes()
    except OSError:
        if name not in {"situs.css", "cari.js"}:
            return None
        data = (FILES / name).read_bytes()
    kind = KINDS.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    keep = "public, max-age=31536000, immutable" if name.startswith("isi/") else "no-cache"
    return Response(data, media_type=kind, headers={**HEADERS, "Cache-Control": keep})


def _html(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    made = {**HEADERS, "Cache-Control": "no-store", **(headers or {})}
    return Response(body, status, media_type="text/html; charset=utf-8", headers=made)


class _Told:
    """Writes one line for each request: method, page, status, milliseconds."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), [0]

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        await self.app(scope, receive, sent)
        path = scope["path"]
        page = path if path in {"/", "/verifikasi", "/hasil", "/sehat"} or _PAGE.fullmatch(path[1:]) else "-"
        log.info("%s %s %d %.1f ms", scope["method"], page, status[0], (time.monotonic() - began) * 1000)
