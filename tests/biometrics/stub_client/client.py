"""A stub of HID's client on the operator's PC: the two TLS ports, the channel, and a reader whose fingers the test puts down.

    with StubClient.run() as client:
        client.plug()
        ...                       the page enumerates, starts, waits
        client.put(png)

It is strict where the SDK must be right: wrong SRP proof, unsealed commands or unknown methods end the connection.
"""

from __future__ import annotations

import base64
import json
import socket
import struct
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.biometrics.stub_client.channel import Account, Handshake, packed, unpacked, url_safe, whole
from tests.biometrics.stub_client.serving import WAIT_SECONDS, certificate, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PORT = 52181
"""Where every HID client listens; the SDK asks nowhere else."""
CHANNEL_PORT = 9001
READER = "4A3F2B10-0000-4500-8000-00000000C0DE"
ENUMERATE, INFO, START, STOP = 1, 2, 3, 4
COMPLETED, ERROR, DISCONNECTED, CONNECTED, QUALITY = 0, 1, 2, 3, 4
PNG_IMAGE = 5
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _BINARY, _CLOSE = 1, 2, 8


@dataclass
class StubClient:
    """The client; `asked` are the methods in the order in which the page asked them."""

    account: Account = field(default_factory=Account)
    readers: list[str] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    is_volatile: bool = False
    channel_port: int = 0
    is_capturing: bool = False
    is_focused: bool = False
    _open: list[Connection] = field(default_factory=list)
    _handshake: Handshake | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @classmethod
    @contextmanager
    def run(cls) -> Iterator[StubClient]:
        """Run one on the ports of the real client, or on the next free one above 9001 as that does."""
        with ExitStack() as stack:
            context = stack.enter_context(certificate())
            client = cls()
            stack.enter_context(served(_front(client), PORT, context))
            client.channel_port = stack.enter_context(served(_channel(client), CHANNEL_PORT, context, may_move=True))
            stack.callback(client.stop)
            yield client

    # what a test does ------------------------------------------------------------------------------------------

    def plug(self, reader: str = READER) -> None:
        """Connect a reader to the PC."""
        self.readers.append(reader)
        self._tell(CONNECTED, reader)

    def unplug(self, reader: str = READER) -> None:
        """Pull the reader out."""
        self.readers.remove(reader)
        self._tell(DISCONNECTED, reader)

    def put(self, png: bytes, *, quality: int = 0, reader: str | None = None) -> None:
        """Put a finger on the reader: quality, and if it is good the picture, once the page waits for one."""
        self.wait(lambda: self.is_capturing and self.is_focused and bool(self._open))
        reader = reader or self.readers[0]
        self._tell(QUALITY, reader, {"Quality": quality})
        if quality == 0:
            samples = json.dumps([url_safe(png)])
            self._tell(COMPLETED, reader, {"SampleFormat": PNG_IMAGE, "Samples": samples})

    def fail(self, code: int) -> None:
        """Let the reader report an error."""
        self.wait(lambda: self.is_capturing)
        self._tell(ERROR, self.readers[0], {"uError": code})

    def restart(self) -> None:
        """Give out other credentials from now on, as the real client does after each start."""
        self.account = Account()
        self.stop()

    def stop(self) -> None:
        """Cut the open connections."""
        for connection in list(self._open):
            connection.cut()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until the page has done something."""
        with self._changed:
            assert self._changed.wait_for(is_so, WAIT_SECONDS), f"the page asked {self.asked} and no more"

    # what the page does ----------------------------------------------------------------------------------------

    def note(self, **changes: Any) -> None:
        """Change something that tests wait for."""
        with self._changed:
            for name, value in changes.items():
                setattr(self, name, value)
            self._changed.notify_all()

    def agree(self, name: str, theirs: int) -> Handshake:
        """Answer the first half of the handshake."""
        assert name == self.account.name, "credentials of an earlier run"
        self._handshake = Handshake(self.account, theirs)
        return self._handshake

    def open(self, connection: Connection, proof: str) -> Handshake:
        """Let a page in that proves the key."""
        made = self._handshake
        assert made is not None
        assert proof == made.proof.hex(), "the page does not know the key"
        self._open.append(connection)
        return made

    def close(self, connection: Connection) -> None:
        """Forget a page."""
        self._open.remove(connection)
        self.note(is_capturing=False)

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Do one command of the page."""
        method = command["Method"]
        asked = unpacked(command["Parameters"]) if "Parameters" in command else {}
        answer: dict[str, Any] = {"Method": method, "Result": 0}
        if method == ENUMERATE:
            answer["Data"] = packed({"DeviceIDs": json.dumps(self.readers)})
        elif method == INFO:
            kind = {"eUidType": int(self.is_volatile), "eDeviceModality": 2, "eDeviceTech": 1}
            answer["Data"] = packed({"DeviceID": asked["DeviceID"], **kind})
        elif method == START:
            assert asked["SampleType"] == PNG_IMAGE
            self.note(is_capturing=True)
        else:
            assert method == STOP
            self.note(is_capturing=False)
        self.note(asked=[*self.asked, method])
        return answer

    def _tell(self, event: int, reader: str, data: dict[str, Any] | None = None) -> None:
        told = {"Event": event, "Device": reader, "Data": packed(data or {})}
        for connection in self._open:
            connection.send({"Type": 1, "Data": packed(told)})


@dataclass
class Connection:
    """One open WebSocket of a page."""

    client: StubClient
    wire: socket.socket
    made: Handshake | None = None
    _sending: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, proof: str) -> None:
        """Answer the page until it goes."""
        self.made = self.client.open(self, proof)
        try:
            while (message := self._message()) is not None:
                kind, data = message
                if kind == _TEXT:
                    told = json.loads(data)
                    assert told["type"] == "sdk.focusChanged"
                    self.client.note(is_focused=told["data"])
                elif kind == _BINARY:
                    answer = self.client.answer(unpacked(self.made.opened(data)))
                    self.send({"Type": 0, "Data": packed(answer)})
        finally:
            self.client.close(self)

    def send(self, message: dict[str, Any]) -> None:
        """Send one sealed message."""
        assert self.made is not None
        data = self.made.sealed(packed(message))
        length = len(data)
        size = (
            bytes([length])
            if length < 126
            else struct.pack(">BH" if length < 2**16 else ">BQ", 126 + (length >= 2**16), length)
        )
        with self._sending:
            self.wire.sendall(bytes([0x80 | _BINARY]) + size + data)

    def cut(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self.wire.shutdown(socket.SHUT_RDWR)

    def _message(self) -> tuple[int, bytes] | None:
        """Return kind and bytes of the next frame; None: the page is gone. The SDK sends no fragments."""
        try:
            first, second = self._exactly(2)
            length = second & 0x7F
            if length > 125:
                (length,) = struct.unpack(">H" if length == 126 else ">Q", self._exactly(2 if length == 126 else 8))
            mask = self._exactly(4)
            data = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self._exactly(length)))
        except (EOFError, OSError):
            return None
        return None if first & 0x0F == _CLOSE else (first & 0x0F, data)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.wire.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data


class _Handler(BaseHTTPRequestHandler):
    client: StubClient

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def give(self, table: dict[str, Any]) -> None:
        body = json.dumps(table).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
        self.end_headers()
        self.wfile.write(body)


def _front(made: StubClient) -> type[_Handler]:
    class Front(_Handler):
        client = made

        def do_GET(self) -> None:
            if self.path != "/get_connection":
                self.send_error(404)
                return
            account = self.client.account
            self.give(
                {
                    "endpoint": f"https://127.0.0.1:{self.client.channel_port}/?web_sdk_id=stub&web_sdk_minport={CHANNEL_PORT}"
                    f"&web_sdk_port={self.client.channel_port}&web_sdk_secure=true&web_sdk_username={account.name}"
                    f"&web_sdk_password={account.password.hex().upper()}&web_sdk_salt={account.salt.hex().upper()}"
                }
            )

    return Front


def _channel(made: StubClient) -> type[_Handler]:
    class Channel(_Handler):
        client = made

        def do_POST(self) -> None:
            assert self.path == "/connect"
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            agreed = self.client.agree(asked["username"][0], int(asked["A"][0], 16))
            self.give({"B": whole(agreed.public).hex(), "version": int(asked["version"][0])})

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            assert asked.path == "/fingerprints"
            accept = base64.b64encode(sha1(self.headers["Sec-WebSocket-Key"].encode() + _GUID).digest()).decode()
            self.protocol_version = "HTTP/1.1"
            self.send_response(101)
            for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.flush()
            Connection(self.client, self.connection).serve(parse_qs(asked.query)["M1"][0])
            self.close_connection = True

    return Channel
