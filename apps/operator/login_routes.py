"""The addresses of the sign-in, beside the pages and of one origin with them (§8.2, §12.5, §13.1; R-042..R-049).

    GET  /masuk             the form                      POST /masuk            number and way of the finger
    GET  /masuk/jawaban     how the request stands        POST /masuk/selesai    take its proof and sign in
    GET  /bahasa/{code}     another language              GET  /sehat            whether the database answers

The cookie holds a random value: before a sign-in it only binds a capture request to this browser, after it it is the session's token.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from apps.operator import destination, fingers, login_page
from apps.operator.fingers import Asked, Way
from apps.operator.messages import LANGUAGES
from apps.operator.session import LANGUAGE_COOKIE, STATION_COOKIE
from apps.reader_page.routes import COOKIE
from biometrics import attendance
from posko.domain.audit import Place
from posko.domain.errors import PoskoError, Refused
from posko.domain.proof import Purpose
from posko.services import inputs, login
from posko.services.registry_demo_sites import OFFICE_STATION

if TYPE_CHECKING:
    from starlette.requests import Request

    from apps.operator.messages import Language
    from apps.operator.screens import Screens

log = logging.getLogger("posko.operator")
MOST_FORM, MOST_FIELDS = 4096, 10
"""Bytes and fields of a posted form."""
CAPTURE_COOKIE = "posko_capture"
"""Number of the request that the sign-in waits for."""
YEAR = 365 * 24 * 3600
HOME = "/"


def routes(screens: Screens) -> list[Route]:
    """Return the routes of the sign-in of one installation."""

    async def show(request: Request) -> Response:
        response = _with_cookie(request, _form(screens, request))
        destination.keep(response, destination.shown(request), is_tls=request.url.scheme == "https")
        return response

    async def enter(request: Request) -> Response:
        if not _is_own(request):
            return login_page.rejected(_tongue(request))
        form = await _form_of(request)
        return await run_in_threadpool(_entered, screens, request, form)

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(_answer, screens, request)

    async def finish(request: Request) -> Response:
        if not _is_own(request):
            return login_page.rejected(_tongue(request))
        return await run_in_threadpool(_finished, screens, request)

    async def healthy(_request: Request) -> Response:
        return await run_in_threadpool(_healthy, screens)

    return [
        Route("/masuk", show, methods=["GET"]),
        Route("/masuk", enter, methods=["POST"]),
        Route("/masuk/jawaban", answer, methods=["GET"]),
        Route("/masuk/selesai", finish, methods=["POST"]),
        Route("/masuk/berkas/{name}", _file, methods=["GET"]),
        Route("/bahasa/{code}", _language, methods=["GET"]),
        Route("/sehat", healthy, methods=["GET"]),
    ]


def _form(screens: Screens, request: Request, *, notice: str = "", number: str = "") -> Response:
    wanted = notice or ("login.over" if "berakhir" in request.query_params else "")
    default = OFFICE_STATION if screens.is_demo else ""
    station = request.cookies.get(STATION_COOKIE, default)
    ways = fingers.ways(screens)
    return login_page.form(_tongue(request), ways=ways, station=station, number=number, notice=wanted)


def _entered(screens: Screens, request: Request, form: dict[str, str]) -> Response:
    number, station = form.get("number", "").strip(), form.get("station", "").strip()
    chosen = [way for way in fingers.ways(screens) if way.value == form.get("way")]
    if not number:
        return _with_cookie(request, _form(screens, request, notice="login.number_missing"))
    if inputs.person_number_or_none(station) is None or not chosen:
        return _with_cookie(request, _form(screens, request, notice="login.station_missing", number=number))
    way, asked = chosen[0], Asked("STAFF", number, Purpose.LOGIN, station)
    try:
        if way in {Way.DEMO_OWN, Way.DEMO_OTHER}:
            sample = fingers.touched(screens, asked, is_own=way is Way.DEMO_OWN)
            told = attendance.sign_in(screens.verifier, person_id=number, sample=sample, station_code=station)
            return _outcome(request, told, station)
        web = request.cookies.get(COOKIE, "")
        request_id = fingers.ask(screens, asked, way, web)
    except Refused as refusal:
        log.info("a sign-in was refused: %s %s", refusal.code, refusal.reference)
        return login_page.rejected(_tongue(request))
    response = login_page.waiting(_tongue(request), way, request_id)
    _put(request, response, CAPTURE_COOKIE, request_id, path="/masuk", max_age=300)
    return response


def _answer(screens: Screens, request: Request) -> Response:
    row = fingers.look(screens, request.cookies.get(CAPTURE_COOKIE, ""), request.cookies.get(COOKIE, ""))
    over = row is None or row["seconds"] <= 0
    state = "OVER" if over or row is None else "DONE" if row["state"] == "DONE" else "WAIT"
    return JSONResponse({"state": state, "seconds": 0 if row is None else max(0, int(row["seconds"]))})


def _finished(screens: Screens, request: Request) -> Response:
    request_id, web = request.cookies.get(CAPTURE_COOKIE, ""), request.cookies.get(COOKIE, "")
    row = fingers.look(screens, request_id, web)
    if row is None or row["purpose"] != Purpose.LOGIN:
        return login_page.rejected(_tongue(request))
    try:
        proof = fingers.take(screens, request_id, web)
        desk = screens.office.desk(None, place=Place(device=row["station_code"]))
        told = desk.do(login.login, id_as_typed=row["person_id"], station_code=row["station_code"], proof=proof)
    except Refused as refusal:
        log.info("a sign-in was refused: %s %s", refusal.code, refusal.reference)
        return login_page.rejected(_tongue(request))
    return _outcome(request, told, row["station_code"])


def _outcome(request: Request, told: dict[str, object], station: str) -> Response:
    if not told["ok"]:
        return login_page.rejected(_tongue(request))
    where = destination.of_role(request, told["role"], HOME)
    response = RedirectResponse(where, 303, headers=dict(login_page.HEADERS))
    destination.leave(response)
    _put(request, response, COOKIE, str(told["token"]))
    _put(request, response, STATION_COOKIE, station, max_age=YEAR)
    return response


async def _file(request: Request) -> Response:
    return await run_in_threadpool(login_page.file_of, request.path_params["name"])


async def _language(request: Request) -> Response:
    code = request.path_params["code"]
    back = urlsplit(request.headers.get("referer", "")).path or HOME
    response = RedirectResponse(back if back.startswith("/") and not back.startswith("//") else HOME, 303)
    _put(request, response, LANGUAGE_COOKIE, code if code in LANGUAGES else "id", max_age=YEAR)
    return response


def _healthy(screens: Screens) -> Response:
    try:
        with screens.office.engine.connect() as db:
            screens.office.clock(db)
    except PoskoError:
        log.exception("the database does not answer")
        return PlainTextResponse("terganggu", 503)
    return PlainTextResponse("sehat")


def _tongue(request: Request) -> Language:
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "id"


def _is_own(request: Request) -> bool:
    """Return whether a form was sent from a page of ours."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _with_cookie(request: Request, response: Response) -> Response:
    if len(request.cookies.get(COOKIE, "")) < 22:
        _put(request, response, COOKIE, secrets.token_urlsafe(32))
    return response


def _put(
    request: Request, response: Response, name: str, value: str, *, path: str = "/", max_age: int | None = None
) -> None:
    is_tls = request.url.scheme == "https"
    response.set_cookie(name, value, path=path, max_age=max_age, httponly=True, samesite="lax", secure=is_tls)


async def _form_of(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; one that is too long or has too many has none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM:
            return {}
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS, keep_blank_values=True)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
