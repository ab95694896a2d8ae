"""A reader whose device belongs to a child process: open when needed, capture, close (§8.2, R-041).

The child captures and nothing else; nonce, time and assurance are put on the sample here. After a failure the device is opened
anew by the next capture, so a reader that was pulled out and put back works again without a restart of the station.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from biometrics.errors import NoFinger, PoorCapture, ReaderFailed
from biometrics.types import Assurance, Sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from biometrics.readers.child import Child

OPEN_SECONDS: Final = 40.0
"""A .NET runtime and a USB device on an old PC take their time."""
GRACE_SECONDS: Final = 5.0
"""How much longer than asked a capture may take before its process counts as hung."""


@dataclass
class DeviceReader:
    """Common part of the readers with a device; a subclass gives the child and the sentences of its failures.

    `clock` gives UTC without a zone. `serial` is what the device says when it is open; until then, or if it says nothing, what was
    given. `grace` is in seconds.
    """

    clock: Callable[[], datetime]
    serial: str = ""
    grace: float = GRACE_SECONDS
    kind: str = field(init=False)
    name: str = field(init=False)
    _child: Child = field(init=False, repr=False)
    _device: dict[str, Any] | None = field(default=None, init=False, repr=False)

    @property
    def pid(self) -> int | None:
        """Return the number of the process that owns the device, or None."""
        return self._child.pid

    @property
    def assurance(self) -> Assurance:
        """How sure a capture is: a device at this place."""
        return Assurance.STATION

    def devices(self) -> list[str]:
        """Return what is connected, one line a device; opens none, and closes an open one.

        Raises:
            ReaderFailed: driver or program is missing or broken; the sentence says what to do.
        """
        try:
            return [str(line) for line in self._ask({"do": "list"}, OPEN_SECONDS)["devices"]]
        finally:
            self.close()

    def _open(self) -> None:
        device = self._ask({"do": "open", **self._which()}, OPEN_SECONDS)
        self.serial = str(device["serial"]) or self.serial
        self._device = device
        if not self.serial:
            raise ReaderFailed(
                f"Pembaca {self.name} tidak menyebut nomor serinya. Sebutkan nomor pada stikernya dengan --serial."
            )

    def close(self) -> None:
        """Close the device and end its process."""
        self._device = None
        self._child.close()

    def capture(self, nonce: str, *, seconds: float = 15.0) -> Sample:
        """Wait for a finger and return it as a grey image (`biometrics.types.Reader`)."""
        if self._device is None or not self._child.is_running:
            self._open()
        device = self._device or {}
        answer = self._ask({"do": "capture", "seconds": seconds}, seconds + self.grace)
        width, height = (int(answer.get(side) or device[side]) for side in ("width", "height"))
        try:
            data = base64.b64decode(answer["image"], validate=True)
        except binascii.Error:
            data = b""
        if len(data) != width * height:
            raise ReaderFailed(
                f"Pembaca {self.name} memberi gambar yang tidak utuh ({len(data)} bita untuk {width} x {height} piksel). "
                "Perbarui drivernya, lalu ulangi."
            )
        return Sample(
            data=data,
            width=width,
            height=height,
            ppi=int(answer.get("ppi") or device["ppi"]),
            reader_kind=self.kind,
            reader_serial=self.serial,
            captured_at=self.clock(),
            nonce=nonce,
            assurance=self.assurance,
        )

    def __enter__(self) -> Self:
        """Open the device; `serial` is its own from here on.

        Raises:
            ReaderFailed: there is no device, or driver or program is missing or broken; the sentence says what to do.
        """
        try:
            self._open()
        except ReaderFailed:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the device, whatever happened."""
        self.close()

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the answer of the child, or raise what its failure means."""
        try:
            answer = self._child.ask(question, seconds=seconds)
            if isinstance(answer.get("ok"), dict):
                return dict(answer["ok"])
            raise self._failure(str(answer.get("failed")), str(answer.get("detail") or ""))
        except (NoFinger, PoorCapture):
            raise
        except ReaderFailed:
            self._device = None
            raise

    def _which(self) -> dict[str, Any]:
        """Return which device is wanted."""
        return {}

    def _failure(self, code: str, detail: str) -> ReaderFailed:
        """Return what a failure that the child named is for a person."""
        raise NotImplementedError
