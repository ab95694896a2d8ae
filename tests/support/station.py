"""Stations for the tests: keys registered at the world's stations, fingers enrolled, signed requests, an agent's line without a network."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

from apps.station_api.app import make_app
from apps.station_api.serve import service_of
from biometrics.nbis_matcher import NbisMatcher
from biometrics.station import messages, wire
from biometrics.station.keys import StationKeys
from biometrics.station.link import LineCut, TurnedAway
from biometrics.synthetic import people
from biometrics.synthetic.reader import SyntheticReader
from biometrics.vault import Vault
from posko.domain.proof import Purpose
from posko.services import captures, station_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from biometrics.station.service import Service
    from biometrics.types import Sample
    from posko.domain.proof import FingerProof
    from tests.support.world import World

FINGER = 2


def enrol(world: World, kind: str, *person_ids: str, finger: int = FINGER) -> None:
    """Put three impressions of a synthetic finger of each person into force, as an enrolment would."""
    vault, matcher, rows = Vault.of(world.settings), NbisMatcher(), []
    for person_id in person_ids:
        master = people.master(f"{kind}:{person_id}", finger)
        for seq in (1, 2, 3):
            template = matcher.template_of(people.impression(master, f"enrol-{seq}", hard=0.5), 80)
            key_id, nonce, sealed = vault.seal(template, kind=kind, person_id=person_id, version=1, seq=seq)
            rows.append(
                {"kind": kind, "person": person_id, "finger": finger, "seq": seq, "format": template.format, "key": key_id,
                 "nonce": nonce, "sealed": sealed, "minutiae": template.minutiae}
            )  # fmt: skip
    for row in rows:
        world.write(
            "insert into posko_biometric.finger_template (person_kind, person_id, version, finger, seq, format, key_id, nonce,"
            " ciphertext, quality, minutiae, provenance, state, reader_kind, reader_serial, taken_at, taken_by, activated_at)"
            " values (:kind, :person, 1, :finger, :seq, :format, :key, :nonce, :sealed, 80, :minutiae, 'ENROLMENT', 'ACTIVE',"
            " 'synthetic', 'READER-0', '2026-01-01', 'BN1', '2026-01-01')",
            **row,
        )


def register(world: World, folder: Path, station: str) -> StationKeys:
    """Make the keys of a station on its own disk and register them."""
    folder.mkdir(exist_ok=True)
    keys = StationKeys.make(folder, station)
    card = keys.card()
    world.desk("BN1").do(
        station_keys.register,
        station_code=station,
        signing_key=card["signing_key"],
        sealing_key=card["sealing_key"],
        proof=key_finger(world),
    )
    return keys


def key_finger(world: World) -> FingerProof:
    """Return the finger with which BN1 registers and revokes keys."""
    return world.proof("STAFF", "BN1", Purpose.STATION_KEY, "ST-0")


@dataclass
class Line:
    """What `biometrics.station.link.Link` does, straight into the application, with the world's clock; `skew` is the station's."""

    world: World
    client: httpx.Client
    keys: StationKeys
    skew: dt.timedelta = dt.timedelta()
    counter: int = 0
    sent: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)

    def ask(self, target: str) -> dict[str, Any]:
        return self.send("GET", target, b"")

    def tell(self, target: str, message: dict[str, Any]) -> dict[str, Any]:
        return self.send("POST", target, json.dumps(message).encode())

    def send(self, method: str, target: str, body: bytes, **headers: str) -> dict[str, Any]:
        self.counter += 1
        at = self.world.now + self.skew
        made = self.keys.signer.headers(method, target, body, at=at, counter=self.counter) | headers
        return self.again(method, target, body, made)

    def again(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        """Send a request with these headers; also one that was sent before."""
        self.sent.append((method, target, body, headers))
        answer = self.client.request(method, target, content=body, headers=headers)
        told: dict[str, Any] = answer.json()
        if answer.status_code == 503:
            raise LineCut("503")
        if answer.status_code != 200:
            raise TurnedAway(told["code"], told["sentence"])
        return told


@dataclass
class Stations:
    """The world's stations with a server in this process, and fingers to put on their readers."""

    world: World
    service: Service
    client: httpx.Client
    folder: Path

    def line(self, station: str = "ST-1") -> Line:
        """Register a station and return its line."""
        return Line(self.world, self.client, register(self.world, self.folder / station, station))

    def ask(self, tki_id: str = "100", station: str = "ST-1", **more: Any) -> dict[str, Any]:
        """Ask for a finger, as a page does."""
        wanted = {"kind": "TKI", "person_id": tki_id, "purpose": Purpose.ATTEND} | more
        return self.world.desk(None).do(captures.ask, station_code=station, **wanted)

    def sample(self, whose: str, nonce: str, serial: str = "READER-1", *, hard: float = 0.5) -> Sample:
        """Return a touch of a synthetic finger; `whose` is `TKI:100`."""
        return self.reader(lambda: whose, serial, hard=hard).capture(nonce)

    def reader(self, whose: Any, serial: str = "READER-1", *, hard: float = 0.5) -> SyntheticReader:
        """Return a reader on which the finger of `whose()` lies."""
        clock = lambda: self.world.now  # noqa: E731 - two words
        return SyntheticReader(serial, clock, lambda: (whose(), FINGER), settings=self.world.settings, hard=hard)

    def answer(
        self, line: Line, asked: dict[str, Any], taken: Sample, changed: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send a sample as the answer to a request."""
        return line.tell(wire.ANSWERS, messages.written(asked["request_id"], taken) | (changed or {}))

    def take(self, asked: dict[str, Any]) -> Any:
        """Take the proof, as the page does."""
        return self.world.desk(None).do(captures.take, request_id=asked["request_id"])


@contextmanager
def stations_of(world: World, folder: Path) -> Iterator[Stations]:
    """Serve the stations of a world from a thread of this process, which sees the world's clock."""
    service = service_of(world.settings, world.office)
    config = uvicorn.Config(make_app(service, poll_seconds=0.3), log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            yield Stations(world, service, client, folder)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def any_nonce() -> str:
    """Return a nonce that nobody asked with."""
    return secrets.token_hex(16)
