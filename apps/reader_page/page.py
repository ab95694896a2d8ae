"""The page as it is sent: HTML filled for one request, its files, and the headers that let it speak with this PC's client alone."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from apps.reader_page.messages import PURPOSES
from biometrics.readers import browser
from posko.domain.fingers import finger_name
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from posko.services.rows import Row

WEB = Path(browser.__file__).parent / "web"
FILES: Mapping[str, tuple[Path, str]] = {
    "page.css": (WEB / "page.css", "text/css; charset=utf-8"),
    "fresh.js": (WEB / "fresh.js", "text/javascript; charset=utf-8"),
    "page.js": (WEB / "page.js", "text/javascript; charset=utf-8"),
    "reader.js": (WEB / "reader.js", "text/javascript; charset=utf-8"),
    "messages.js": (WEB / "messages.js", "text/javascript; charset=utf-8"),
    "websdk.client.ui.js": (WEB / "vendor/websdk/websdk.client.ui.js", "text/javascript; charset=utf-8"),
    "fingerprint.sdk.js": (WEB / "vendor/fingerprint/fingerprint.sdk.js", "text/javascript; charset=utf-8"),
}
"""Every file that a browser may ask for, by its name in the address."""
FOLDER = "/pembaca/berkas"
CLIENT = "https://127.0.0.1:* wss://127.0.0.1:*"
"""HID's client on the same PC: port 52181, and the one that it names, 9001 or the next that is free."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    f"connect-src 'self' {CLIENT}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page_of(request: Row, at: datetime) -> Response:
    """Return the page of an open request; it says what for and which finger, never whose."""
    return _filled(
        "page.html",
        purpose=PURPOSES[Purpose(request["purpose"])],
        nonce=request["nonce"],
        finger=finger_name(request["asked_finger"]),
        seconds=str(math.floor((request["expires_at"] - at).total_seconds())),
    )


def notice(words: tuple[str, str], status: int) -> Response:
    """Return a page with a heading and a sentence."""
    heading, sentence = words
    return _filled("notice.html", status, heading=heading, sentence=sentence)


def file_of(name: str) -> Response:
    """Return a file of the page; browsers ask again whether it changed."""
    if name not in FILES:
        return Response(status_code=404, headers=dict(HEADERS))
    path, kind = FILES[name]
    return Response(path.read_bytes(), headers={**HEADERS, "Content-Type": kind, "Cache-Control": "no-cache"})


def _filled(name: str, status: int = 200, /, **values: str) -> Response:
    text = Template((WEB / name).read_text("utf-8"))
    shown = {key: escape(value) for key, value in values.items()}
    return HTMLResponse(text.substitute(shown, files=FOLDER), status, headers=dict(HEADERS))
