"""The HTTP interface of the stations: five targets, each request signed, each refusal a sentence with its code (§8.2, §13.2-13.6).

    GET  /v1/requests   the next capture request of this station, or nothing after 25 seconds
    POST /v1/answers    the sample for a request, or why there is none
    GET  /v1/day-list   who is expected today, sealed for this station
    POST /v1/uploads    attendance that was taken while the line was cut
    GET  /v1/server     the server's public keys

Stations only ever come from outside: nothing here reaches into a TUK. Beside them stands the page that captures in an operator's own
browser (`apps.reader_page`), which asks for a web session instead of a signature.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from apps.reader_page.routes import routes as reader_page
from apps.station_api.waiting import Waiting
from biometrics.errors import BiometricError
from biometrics.station import day_list, uploads, wire
from biometrics.station.link import POLL_SECONDS
from posko.domain.audit import Place
from posko.domain.errors import ConnectionFailed, PoskoError, Refused
from posko.domain.refusals import refuse
from posko.services import station_knock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from biometrics.station.service import Service
    from posko.services.station_knock import Admitted

    Handler = Callable[[Admitted, bytes], Awaitable[dict[str, Any]]]

log = logging.getLogger("posko.station")
STATUS = {"STATION_TOO_LARGE": 413, "STATION_MESSAGE": 400}
"""HTTP status of a refusal; 403 where none is named."""


def make_app(service: Service, *, poll_seconds: float = POLL_SECONDS) -> Starlette:
    """Return the application of one installation."""
    waiting = Waiting(service.office)

    async def next_request(station: Admitted, _body: bytes) -> dict[str, Any]:
        found = await waiting.next_of(station.station_code, poll_seconds)
        return {"request": None if found is None else service.shown(found)}

    async def answer(station: Admitted, body: bytes) -> dict[str, Any]:
        return await run_in_threadpool(service.answer, station, body)

    async def list_of_day(station: Admitted, _body: bytes) -> dict[str, Any]:
        return dict(await run_in_threadpool(day_list.make, service, station))

    async def upload(station: Admitted, body: bytes) -> dict[str, Any]:
        return await run_in_threadpool(uploads.take, service, station, body)

    async def server(_station: Admitted, _body: bytes) -> dict[str, Any]:
        return dict(service.keys.shown())

    return Starlette(
        routes=[
            Route(wire.REQUESTS, _guarded(service, next_request), methods=["GET"]),
            Route(wire.ANSWERS, _guarded(service, answer), methods=["POST"]),
            Route(wire.DAY_LIST, _guarded(service, list_of_day), methods=["GET"]),
            Route(wire.UPLOADS, _guarded(service, upload), methods=["POST"]),
            Route(wire.SERVER, _guarded(service, server), methods=["GET"]),
            *reader_page(service.office, service.verifier),
        ]
    )


def _guarded(service: Service, handler: Handler) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that lets nobody in but stations that prove themselves, and never shows what went wrong inside."""

    async def endpoint(request: Request) -> JSONResponse:
        try:
            station, body = await _admitted(service, request)
            return JSONResponse(await handler(station, body))
        except Refused as refusal:
            told = {"code": refusal.code, "sentence": str(refusal), "reference": refusal.reference}
            return JSONResponse(told, STATUS.get(refusal.code, 403))
        except ConnectionFailed:
            log.exception("the database does not answer")
            return JSONResponse({"error": "UNAVAILABLE"}, 503)
        except (PoskoError, BiometricError) as error:
            log.exception("a request of a station failed")
            return JSONResponse({"code": type(error).__name__, "sentence": str(error)}, 500)

    return endpoint


async def _admitted(service: Service, request: Request) -> tuple[Admitted, bytes]:
    ip = request.client.host if request.client else None
    body = await _body(request)
    if body is None:
        await run_in_threadpool(_turn_away, service, request, ip, "STATION_TOO_LARGE")
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    knock = wire.knock_of(request.method, target, body or b"", request.headers, ip)
    if knock is None or body is None:
        await run_in_threadpool(_turn_away, service, request, ip, "STATION_UNKNOWN_KEY")
        raise refuse("STATION_UNKNOWN_KEY")
    return await run_in_threadpool(station_knock.admit, service.office, knock), body


async def _body(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > wire.MOST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _turn_away(service: Service, request: Request, ip: str | None, code: str) -> None:
    claimed = request.headers.get("x-posko-station", "?")[:40]
    desk = service.office.desk(None, place=Place(ip=ip and ip[:45]))
    desk.do(station_knock.turn_away, code=code, station_code=claimed, told={"target": request.url.path[:80]})
