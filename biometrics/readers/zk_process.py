"""The process that owns a reader of ZKTeco: the only one that loads pyzkfp (GPLv3) and .NET; `python -m biometrics.readers.zk_process`.

Questions come as lines of JSON on standard input: `list`, `open`, `capture`; the end of the input closes the device. pyzkfp is used
as it is, but its methods hide return codes (a device that could not be opened is a handle of 0, a capture that failed with an
unknown code is "no finger"), so each call here is the one of the .NET class below the wrapper, with its code looked at.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import time
from typing import Any, Final

WIDTH, HEIGHT, DPI, SERIAL = 1, 2, 3, 1103
"""Numbers of the SDK's parameters."""
ALREADY, NO_DEVICE, NOT_OPENED, NO_FINGER, BUSY, TIMED_OUT = 1, -3, -6, -8, -12, -28
WAITING: Final = (NO_FINGER, BUSY, TIMED_OUT)
POLL_SECONDS: Final = 0.1
LOOK_SECONDS: Final = 1.0
"""How often a device is looked for while nobody puts a finger on it: the SDK does not say that it was pulled out."""
SIDES: Final = range(64, 2049)


class Failed(Exception):
    """A call that did not do what it should; `code` is a key of `zk_codes.SENTENCES`, `detail` what the runtime said."""

    def __init__(self, code: int | str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}")
        self.code = str(code)
        self.detail = detail


class Device:
    """The SDK and one open device; `native` is the .NET class `zkfp2` that the wrapper holds."""

    def __init__(self) -> None:
        self.native: Any = None
        self.handle: Any = None
        self.size = (0, 0)

    def list(self) -> dict[str, Any]:
        """Return the devices; opens none."""
        self.close()
        self._start()
        count = self.native.GetDeviceCount()
        self.close()
        if count < 0:
            raise Failed(count)
        return {"devices": [f"ZKTeco {number}" for number in range(count)]}

    def open(self, index: int = 0) -> dict[str, Any]:
        """Open one device; return its serial number, size in pixels and dpi."""
        self.close()
        self._start()
        count = self.native.GetDeviceCount()
        if index >= count:
            raise Failed(count if count < 0 else NO_DEVICE)
        self.handle = self.native.OpenDevice(index)
        if int(str(self.handle)) == 0:
            self.handle = None
            raise Failed(NOT_OPENED)
        width, height, dpi = (
            int.from_bytes(self._parameter(code, 4)[:4], sys.byteorder) for code in (WIDTH, HEIGHT, DPI)
        )
        if width not in SIDES or height not in SIDES or dpi <= 0:
            raise Failed("BAD_SIZE", f"{width} x {height}, {dpi} dpi")
        self.size = (width, height)
        serial = self._parameter(SERIAL, 128).split(b"\0")[0].decode("ascii", "replace").strip()
        return {"serial": serial, "width": width, "height": height, "ppi": dpi}

    def capture(self, seconds: float) -> dict[str, Any]:
        """Wait for a finger and return its grey image."""
        if self.handle is None:
            raise Failed("NOT_OPEN")
        from System import Array, Byte  # noqa: PLC0415 - exists only after .NET was loaded

        image, features = Array[Byte](self.size[0] * self.size[1]), Array[Byte](2048)
        until = time.monotonic() + seconds
        look_at = time.monotonic() + LOOK_SECONDS
        while True:
            code, _ = self.native.AcquireFingerprint(self.handle, image, features, 2048)
            if code == 0:
                return {"image": base64.b64encode(bytes(image)).decode()}
            if code not in WAITING:
                raise Failed(code)
            now = time.monotonic()
            if now >= until:
                raise Failed(BUSY if code == BUSY else "NO_FINGER")
            if now >= look_at:
                look_at = now + LOOK_SECONDS
                if self.native.GetDeviceCount() < 1:
                    raise Failed("UNPLUGGED")
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Close the device and release the SDK; what fails here is gone anyway."""
        if self.native is None:
            return
        if self.handle is not None:
            self.native.CloseDevice(self.handle)
            self.handle = None
        self.native.Terminate()

    def _start(self) -> None:
        if self.native is None:
            self.native = load()
        code = self.native.Init()
        if code == ALREADY:  # a Terminate that failed, when the device was pulled out
            self.native.Terminate()
            code = self.native.Init()
        if code != 0:
            raise Failed(code)

    def _parameter(self, number: int, room: int) -> bytes:
        from System import Array, Byte  # noqa: PLC0415 - exists only after .NET was loaded

        value = Array[Byte](room)
        code, size = self.native.GetParameters(self.handle, number, value, room)
        if code != 0:
            raise Failed(code)
        return bytes(value)[:size]


def load() -> Any:
    """Load .NET and the wrapper, and return the .NET class below it.

    Raises:
        Failed: pyzkfp or a .NET runtime is missing, or Mono would be taken.
    """
    if sys.platform != "win32" and os.environ.get("PYTHONNET_RUNTIME") != "coreclr":
        raise Failed("MONO" if has_mono() else "NO_DOTNET")
    try:
        from pyzkfp import ZKFP2  # noqa: PLC0415 - only here, in this process
    except ImportError as error:
        raise Failed("NOT_INSTALLED", error.name or "") from error
    except RuntimeError as error:
        raise Failed("NO_DOTNET") from error
    return ZKFP2().zkfp2


def has_mono() -> bool:
    """Whether Python.NET would find Mono here."""
    try:
        from clr_loader import find_libmono  # noqa: PLC0415 - part of the optional extra
    except ImportError as error:
        raise Failed("NOT_INSTALLED", error.name or "") from error
    try:
        return bool(find_libmono())
    except RuntimeError:
        return False


def answer(device: Device, question: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked and return the answer, or the failure as one."""
    does: dict[str, Any] = {"list": device.list, "open": device.open, "capture": device.capture}
    do = does[question.pop("do")]
    try:
        return {"ok": do(**question)}
    except Failed as failed:
        return {"failed": failed.code, "detail": failed.detail}
    except Exception as error:  # noqa: BLE001 - exceptions of .NET, whose classes exist only after it was loaded
        name = type(error).__name__
        known = {
            "DllNotFoundException": "NO_LIBRARY",
            "BadImageFormatException": "WRONG_LIBRARY",
            "EntryPointNotFoundException": "WRONG_LIBRARY",
        }
        device.native, device.handle = None, None
        return {"failed": known.get(name, "NET_ERROR"), "detail": "" if name in known else name}


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks, who then closes the input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a driver prints is no answer
    device = Device()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(answer(device, json.loads(line))).encode() + b"\n")
        answers.flush()
    device.close()


if __name__ == "__main__":
    main()
