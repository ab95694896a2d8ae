"""The sign-in as plain HTML: number, Enter, finger; one rejection for whatever was wrong (Gambar 1, 2, 7; R-042..R-045)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from apps.operator.fingers import Way
from apps.operator.messages import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apps.operator.messages import Language

THEME = Path(__file__).parent / "theme"
FILES: Mapping[str, str] = {
    "login.css": "text/css; charset=utf-8",
    "login.js": "text/javascript; charset=utf-8",
    "icon.png": "image/png",
}
"""Every file that the sign-in page asks for."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


def form(tongue: Language, *, ways: Sequence[Way], station: str, number: str = "", notice: str = "") -> Response:
    """Return the form of Gambar 1; `notice` is the key of a sentence above it, `number` what was typed before."""
    return _filled(
        "login.html",
        tongue,
        title="title",
        languages=_languages(tongue),
        raw={"ways": _ways(tongue, ways), "notice": _notice(tongue, notice)},
        station=station,
        number=number,
    )


def rejected(tongue: Language) -> Response:
    """Return the rejection of Gambar 2, the same for whatever was wrong."""
    return _filled("rejected.html", tongue, status=403, title="rejected_title", languages=_languages(tongue))


def waiting(tongue: Language, way: Way, request_id: str) -> Response:
    """Return the page that waits for the reader."""
    frame = f'<iframe src="/pembaca/{escape(request_id)}" title="{escape(say(tongue, "login.reader"))}"></iframe>'
    raw = {"frame": frame if way is Way.BROWSER else ""}
    return _filled("waiting.html", tongue, title="waiting_title", raw=raw, request=request_id)


def lost(tongue: Language) -> Response:
    """Return what an address shows that no page has."""
    return _filled("lost.html", tongue, status=404, title="lost_title")


def file_of(name: str) -> Response:
    """Return a file of the page; browsers ask again whether it changed."""
    if name not in FILES:
        return Response(status_code=404, headers=dict(HEADERS))
    return Response((THEME / name).read_bytes(), headers={**HEADERS, "Content-Type": FILES[name]})


def _ways(tongue: Language, ways: Sequence[Way]) -> str:
    rows = []
    for place, way in enumerate(ways):
        checked = " checked" if place == 0 else ""
        mark = f' <small class="demo">{escape(say(tongue, "login.demo"))}</small>' if way.startswith("demo") else ""
        name = escape(say(tongue, f"finger.{way}"))
        rows.append(
            f'<label><input type="radio" name="way" value="{way.value}"{checked}> <span>{name}{mark}</span></label>'
        )
    return "\n".join(rows)


def _notice(tongue: Language, notice: str) -> str:
    return f'<p class="notice" role="status">{escape(say(tongue, notice))}</p>' if notice else ""


def _languages(tongue: Language) -> str:
    links = [
        f'<a href="/bahasa/{code}" lang="{code}" hreflang="{code}">{escape(name)}</a>'
        for code, name in LANGUAGES.items()
        if code != tongue
    ]
    return f'<nav aria-label="{escape(say(tongue, "login.language"))}">{"".join(links)}</nav>'


def _filled(
    name: str,
    tongue: Language,
    *,
    title: str,
    status: int = 200,
    languages: str = "",
    raw: Mapping[str, str] | None = None,
    **values: str,
) -> Response:
    """Return a page: what stands between head and foot is the file `name`; of `values` and the texts nothing is markup, `raw` is."""
    text = Template((THEME / name).read_text("utf-8"))
    words = {
        identifier: escape(say(tongue, f"login.{identifier.removeprefix('t_')}"))
        for identifier in text.get_identifiers()
        if identifier.startswith("t_")
    }
    main = text.substitute({key: escape(value) for key, value in values.items()} | words, **(raw or {}))
    page = Template((THEME / "plain.html").read_text("utf-8"))
    shown = page.substitute(lang=tongue, title=escape(say(tongue, f"login.{title}")), languages=languages, main=main)
    return HTMLResponse(shown, status, headers=dict(HEADERS))
