"""Where a sign-in leads: the page that was asked for without one, with its filters, if it is open to whoever then signs in.

It is kept in a cookie that only the sign-in's own addresses get. Whatever is no page of ours, with a plain query, is no destination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from apps.operator.menu import BY_PATH
from posko.domain.matrix import Role

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "posko_tujuan"
NAME = "tujuan"
"""Name in the address of the sign-in, for a page that was open when its session ended."""
LONGEST, MOST_FIELDS, SECONDS = 1500, 30, 900


def of(path: str, query: str) -> str | None:
    """Return a page and its query as one text, or None where it is no page of ours or its query is none of ours."""
    page = path.strip("/")
    if page not in BY_PATH:
        return None
    try:
        fields = parse_qsl(query, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        return None
    made = f"/{page}?{urlencode(fields)}" if fields else f"/{page}"
    return made if len(made) <= LONGEST and "".join(value for _, value in fields).isprintable() else None


def keep(response: Response, where: str | None, *, is_tls: bool) -> None:
    """Keep a destination in the browser until the sign-in; None: the earlier one stays."""
    if where is not None:
        response.set_cookie(
            COOKIE, quote(where, safe=""), path="/masuk", max_age=SECONDS, httponly=True, samesite="lax", secure=is_tls
        )


def shown(request: Request) -> str | None:
    """Return the destination that the address of the sign-in names."""
    wanted = urlsplit(request.query_params.get(NAME, ""))
    return None if wanted.scheme or wanted.netloc else of(wanted.path, wanted.query)


def of_role(request: Request, role: object, otherwise: str) -> str:
    """Return where somebody of this role is led after her sign-in."""
    wanted = urlsplit(unquote(request.cookies.get(COOKIE, "")))
    where = None if wanted.scheme or wanted.netloc else of(wanted.path, wanted.query)
    is_open = where is not None and role in set(Role) and BY_PATH[wanted.path.strip("/")].is_open_to(Role(str(role)))
    return where if where is not None and is_open else otherwise


def leave(response: Response) -> None:
    """Forget the destination."""
    response.delete_cookie(COOKIE, path="/masuk")
