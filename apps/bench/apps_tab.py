"""One browser tab of the screens without a browser: Streamlit's own messages over the real websocket.

    async with Tab.opened(address, cookies) as tab:
        await tab.go("cari")
        run = await tab.submit({"ID TKI": "9264729"}, press="Cari")
        run.seconds, run.alerts

A tab keeps what its last run put on the page, as a browser does, and finds fields and buttons by what stands on them. The time of a
run goes from the message that asks for it to the one that says that the page is complete.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from posko.domain.errors import DataRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from websockets.asyncio.client import ClientConnection

STREAM = "/_stcore/stream"
_WIDGETS = frozenset({"text_input", "text_area", "button", "pagination"})


@dataclass
class Run:
    """What one run put on the page: seconds, bytes, alerts, HTML pieces, exceptions that reached the page."""

    seconds: float = 0.0
    size: int = 0
    alerts: list[tuple[bool, str]] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """Return the sentences of red alerts, and exceptions."""
        return [text for is_error, text in self.alerts if is_error] + self.exceptions


@dataclass
class _Shown:
    """Widgets of the page as it stands: what is written on them -> number; of pages: address -> number of its script."""

    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    paging: tuple[str, int] | None = None

    def note(self, kind: str, shown: Any) -> None:
        """Keep one widget; one that is switched off cannot be used."""
        if shown.disabled:
            return
        if kind == "pagination":
            self.paging = (shown.id, shown.num_pages)
        elif kind == "button":
            self.buttons[shown.label] = shown.id
        else:
            self.fields[shown.label] = shown.id


class Tab:
    """One tab of a browser that holds these cookies."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._shown = _Shown()
        self._page = ""
        self._kept: dict[str, Any] = {}
        self.query = ""

    @classmethod
    @asynccontextmanager
    async def opened(cls, address: str, cookies: Mapping[str, str]) -> AsyncIterator[Tab]:
        """Open the websocket of a page as its browser would; the first `go` asks for a page.

        Raises:
            websockets.exceptions.InvalidStatus: the gate turned it away.
        """
        at = urlsplit(address)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        async with connect(
            f"ws://{at.netloc}{STREAM}",
            origin=f"{at.scheme}://{at.netloc}",  # type: ignore[arg-type]  # NewType of str
            additional_headers=headers,
            subprotocols=["streamlit"],  # type: ignore[list-item]  # NewType of str
            max_size=None,
            proxy=None,
        ) as line:
            yield cls(line)

    async def go(self, path: str, query: str = "") -> Run:
        """Go to a page by its address, as a click in the menu does; the first time by name, as a browser that opens."""
        asked = BackMsg()
        known = self._shown.pages.get(path)
        if known is None:
            asked.rerun_script.page_name = path
        self._page, self.query = known or "", query
        return await self._run(asked)

    async def again(self) -> Run:
        """Run the page once more."""
        return await self._run(BackMsg())

    async def submit(self, filled: Mapping[str, str], *, press: str, times: int = 1) -> Run:
        """Fill fields and press a button; both are named by what is written on them. `times`: how often at once.

        Raises:
            DataRefused: the page has no such field or button.
        """
        asked = BackMsg()
        states = asked.rerun_script.widget_states.widgets
        for label, value in filled.items():
            states.add(id=self._number(self._shown.fields, label), string_value=value)
        states.add(id=self._number(self._shown.buttons, press), trigger_value=True)
        return await self._run(asked, times)

    async def turn(self, page: int) -> Run:
        """Turn the list to another page, counted from 1 and taken round; a page without pages just runs again."""
        if self._shown.paging is None:
            return await self.again()
        number, last = self._shown.paging
        asked = BackMsg()
        asked.rerun_script.widget_states.widgets.add(id=number, int_value=1 + (page - 1) % last)
        return await self._run(asked)

    def has(self, label: str) -> bool:
        """Return whether the page has a button with this text that can be pressed."""
        return label in self._shown.buttons

    @staticmethod
    def _number(known: Mapping[str, str], label: str) -> str:
        if label not in known:
            raise DataRefused(f"Halaman tidak memuat {label!r}; yang ada: {', '.join(sorted(known)) or 'tidak ada'}.")
        return known[label]

    async def _run(self, asked: BackMsg, times: int = 1) -> Run:
        asked.rerun_script.query_string = self.query
        if self._page:
            asked.rerun_script.page_script_hash = self._page
        # As a browser does: what it holds already is not sent again.
        asked.rerun_script.cached_message_hashes.extend(self._kept)
        message, began, run = asked.SerializeToString(), time.perf_counter(), Run()
        for _ in range(times):
            await self._line.send(message)
        while True:
            data = await self._line.recv(decode=False)
            run.size += len(data)
            told = self._whole(ForwardMsg.FromString(data))
            kind = told.WhichOneof("type")
            if kind == "delta":
                self._note(told.delta, run)
            elif kind == "new_session":
                run = Run(size=run.size)
                self._shown = _Shown(pages=self._shown.pages)
                self._page = told.new_session.page_script_hash
            elif kind == "navigation":
                self._shown.pages = {one.url_pathname: one.page_script_hash for one in told.navigation.app_pages}
                self._page = told.navigation.page_script_hash or self._page
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    run.exceptions.append("skrip halaman tidak dapat dijalankan")
                run.seconds = time.perf_counter() - began
                return run

    def _whole(self, told: Any) -> Any:
        """Return a message, or the one that it names because it was sent before; keep what may be named later."""
        if told.WhichOneof("type") == "ref_hash":
            return self._kept[told.ref_hash]
        if told.metadata.cacheable:
            self._kept[told.hash] = told
        return told

    def _note(self, delta: Any, run: Run) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        shown: Any = getattr(delta.new_element, kind or "", None)
        if kind in _WIDGETS:
            self._shown.note(kind, shown)
        elif kind == "alert":
            run.alerts.append((shown.format == Alert.ERROR, shown.body))
        elif kind == "html":
            run.html.append(shown.body)
        elif kind == "heading":
            run.titles.append(shown.body)
        elif kind == "exception":
            run.exceptions.append(f"{shown.type}: {shown.message}")
