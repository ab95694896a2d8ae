"""The application that a web server runs: sign-in routes, the reader's page, the gate, and Streamlit's pages behind it.

    uvicorn.run(make_app(Screens(settings, office, verifier)))

One a process. Whatever a page will need is imported before the first one asks, and after the imports everything that will stay is taken
out of the garbage collector's sight: a collection then costs milliseconds instead of a tenth of a second.
"""

from __future__ import annotations

import gc
import importlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from apps.operator import data_docs, finger_pictures, frame, log_export, login_routes, pages
from apps.operator.gate import Gate
from apps.operator.menu import PAGES
from apps.operator.screens import install
from apps.reader_page.routes import routes as reader_page
from posko.db.secrets import read_or_make_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apps.operator.screens import Screens

SCRIPT = Path(__file__).parents[1] / "operator_app.py"
CONFIG = Path(__file__).parent / "theme" / "config.toml"
LATE = ("pandas", "pyarrow")
"""What Streamlit imports when the first table is shown: a second for whoever comes first, and objects that no freeze has seen."""


def make_app(screens: Screens) -> st.App:
    """Return the application of one installation."""
    install(screens)
    # Equal in every process of an installation, so that a proxy may lead a browser to any of them.
    secret = read_or_make_key(screens.settings.secrets / "web-cookie").hex()
    options = {**dict(_settings()), "server.cookieSecret": secret}
    config.get_config_options(force_reparse=True, options_from_flags=options)
    for name in (*LATE, *(f"{pages.__name__}.{page.module}" for page in PAGES)):
        importlib.import_module(name)
    app = st.App(
        SCRIPT,
        routes=[
            *login_routes.routes(screens),
            *reader_page(screens.office, screens.verifier),
            *data_docs.routes(screens),
            *finger_pictures.routes(screens),
            *log_export.routes(screens),
        ],
        middleware=[Middleware(Gate)],
        on_script_error=frame.show_fault,
    )
    gc.collect()
    gc.freeze()
    return app


def _settings() -> Iterator[tuple[str, Any]]:
    """Yield Streamlit's options from the theme's file: `section.option` and value."""
    return _flat("", tomllib.loads(CONFIG.read_text("utf-8")))


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", value
