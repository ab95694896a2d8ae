"""The page served for a test: routes of one world, a web session, prints of the committed set enrolled."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette

from apps.reader_page.routes import COOKIE, routes
from biometrics.readers.browser import BrowserReader
from posko.domain.proof import Purpose
from posko.services import captures, page_captures
from posko.settings import PROJECT_ROOT
from tests.biometrics.stub_client.client import READER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posko.domain.proof import FingerProof
    from tests.support.fingers import Hands
    from tests.support.world import World

PRINTS = PROJECT_ROOT / "biometrics" / "prints"
TKI = "100"


def png(person: int = 1, finger: int = 2, touch: int = 4) -> bytes:
    """Return a picture of the committed set; touch 4 is never enrolled."""
    return (PRINTS / f"{person}-{finger}-{touch}.png").read_bytes()


@dataclass
class Site:
    """One world with the page's routes; `session` is the value of the cookie."""

    world: World
    hands: Hands
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    address: str = ""

    def __post_init__(self) -> None:
        self.app = Starlette(routes=list(routes(self.world.office, self.hands.verifier)))
        self.reader = BrowserReader(self.world.office, self.hands.verifier)
        self.world.write("update posko.station set reader_serial = :uid where station_code = 'ST-1'", uid=READER)

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser of this session shows."""
        return {COOKIE: self.session}

    def enrol(self) -> None:
        """Let the TKI's right forefinger be the first person's of the committed set."""
        self.hands.send_print(TKI, 2, png(touch=1), "PNG")
        self.hands.import_all()

    def ask(self, **more: Any) -> dict[str, Any]:
        """Ask for the finger of the TKI and return the request."""
        asked = {"station_code": "ST-1", "kind": "TKI", "person_id": TKI, "purpose": Purpose.ATTEND, "asked_finger": 2}
        return self.world.desk(None).do(page_captures.ask, **({"session": self.session} | asked | more))

    def read(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return a request as it stands."""
        with self.world.office.engine.connect() as db:
            found = captures.read(db, request["request_id"])
        assert found is not None
        return found

    def take(self, request: dict[str, Any]) -> FingerProof | None:
        """Take the proof, as the screen that asked would."""
        digest = page_captures.digest_of(self.session)
        return self.world.desk(None).do(captures.take, request_id=request["request_id"], session_digest=digest)

    def attempts(self) -> list[tuple[str, str, str, str | None]]:
        """Return outcome, assurance, reader and reason of every stored attempt."""
        return self.world.ask(
            "select outcome, assurance, reader_serial, reason from posko.finger_attempt order by attempt_id"
        )

    def refusals(self) -> tuple[list[str], list[str]]:
        """Return the codes of the recorded refusals, and the rules of the deviations."""
        codes = self.world.ask(
            "select json_value(payload, '$.code') from posko_audit.audit_event where outcome = 'refused' order by event_id"
        )
        rules = self.world.ask("select rule_id from posko.deviation order by deviation_id")
        return [code for (code,) in codes], [rule for (rule,) in rules]

    def url(self, request: dict[str, Any]) -> str:
        """Return the address of a request's page."""
        return f"{self.address}/pembaca/{request['request_id']}"

    @contextmanager
    def served(self) -> Iterator[Site]:
        """Serve the page on a free port of this machine."""
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(self.app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        end = time.monotonic() + 10
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join()
            listener.close()
