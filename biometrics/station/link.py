"""A station's line to the server: signed requests over pinned HTTPS, always outbound (R-041, R-185)."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import TYPE_CHECKING, Any, Self

import httpx

from biometrics.errors import BiometricError
from posko.domain.errors import ConnectionFailed

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from biometrics.station.wire import Signer

POLL_SECONDS = 25.0
"""How long the server keeps a question open before it says that there is nothing."""
ANSWER_SECONDS = 30.0
SILENT_SECONDS = 10.0
"""How long a line may take to open, and a request to be sent."""


class LineCut(ConnectionFailed):
    """The server cannot be reached, or its certificate is not vouched for by the pinned authority."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Server POSKO tidak terhubung ({why}). Periksa jaringan dan alamat; absensi dapat diteruskan dengan posko station attend."
        )


class TurnedAway(BiometricError):
    """The server refused a request; `code` is that of its catalogue, the text its sentence."""

    exit_code = 5

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Link:
    """The line of one station; one process and thread uses it, so that its counter only rises.

    Args:
        url: address of the server, https only.
        context: what the server's certificate is checked with.
        signer: the station's key.
    """

    def __init__(self, url: str, context: ssl.SSLContext, signer: Signer) -> None:
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=SILENT_SECONDS, read=POLL_SECONDS + SILENT_SECONDS)
        # No proxy or certificate of the environment: the line goes where the settings say, or not at all.
        self._client = httpx.Client(base_url=url, verify=context, timeout=timeout, trust_env=False)
        self._signer = signer
        self._counter = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, target: str) -> dict[str, Any]:
        """Ask for something.

        Raises:
            LineCut: no answer.
            TurnedAway: the server refused it.
        """
        return self._send("GET", target, b"")

    def tell(self, target: str, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and return the answer.

        Raises:
            LineCut: no answer; the server may have it all the same.
            TurnedAway: the server refused it.
        """
        return self._send("POST", target, json.dumps(message).encode())

    def _send(self, method: str, target: str, body: bytes) -> dict[str, Any]:
        # By the clock, so that a program that was started anew goes on above its last one.
        self._counter = max(self._counter + 1, time.time_ns() // 1000)
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        headers = self._signer.headers(method, target, body, at=now, counter=self._counter)
        try:
            answer = self._client.request(
                method, target, content=body, headers=headers | {"Content-Type": "application/json"}
            )
            told = answer.json()
        except httpx.TransportError as error:
            raise LineCut(type(error).__name__) from error
        except ValueError as error:
            raise LineCut(f"jawaban {answer.status_code} bukan dari POSKO") from error
        if answer.status_code == httpx.codes.OK and isinstance(told, dict):
            return told
        if isinstance(told, dict) and "code" in told:
            raise TurnedAway(str(told["code"]), str(told.get("sentence", "")))
        raise LineCut(f"jawaban {answer.status_code}")


def now_utc() -> dt.datetime:
    """Return this computer's time, UTC without zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
