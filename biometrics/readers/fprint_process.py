"""The process that owns a reader known to libfprint, run by the distribution's own Python: gi is only there, and nothing of ours is.

Questions come as lines of JSON on standard input: `list`, `open`, `capture`; the end of the input closes the device. libfprint gives
the image the right way up, dark ridges on white, and waits until the finger was lifted.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from typing import Any

SENSOR_PPI = {"uru4000": 512}
"""Driver -> pixels per inch by the maker's data sheet, where libfprint does not say it."""
USUAL_PPI = 500
OPERATION_CANCELLED = ("g-io-error-quark", 19)
QUARKS = {"fp-device-retry-quark": "retry", "fp-device-error-quark": "error", "g-usb-device-error-quark": "usb"}


class Failed(Exception):
    """What did not work; `code` is a key of `fprint.SENTENCES` or `fprint.RETRIES`, `detail` what the library said."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def load() -> tuple[Any, Any, Any]:
    """Return the modules FPrint, GLib and Gio."""
    try:
        import gi  # noqa: PLC0415 - its absence is an answer
    except ImportError as error:
        raise Failed("NO_GI") from error
    try:
        gi.require_version("FPrint", "2.0")
        from gi.repository import FPrint, Gio, GLib  # noqa: PLC0415 - as above
    except (ValueError, ImportError) as error:
        raise Failed("NO_LIBFPRINT") from error
    return FPrint, GLib, Gio


def code_of(error: Any) -> str:
    """Return the code of a GLib.Error; libfprint writes its domains with spaces."""
    domain = error.domain.replace(" ", "")
    if (domain, error.code) == OPERATION_CANCELLED:
        return "NO_FINGER"
    return f"{QUARKS.get(domain, domain)}:{error.code}"


def serial_of(device: Any) -> str:
    """Return the serial number of the device: USB's, if it has one; a virtual device is named as what it is."""
    if device.get_driver().startswith("virtual"):
        return f"{device.get_driver()}:{device.get_device_id()}"
    usb = device.get_property("fpi-usb-device")
    index = usb.get_serial_number_index() if usb is not None else 0
    return str(usb.get_string_descriptor(index)).strip("\0 ") if index else ""


def ppi_of(driver: str, ppmm: float) -> int:
    """Return pixels per inch: the maker's, or else what libfprint says (pixels per millimetre, 0 for unknown)."""
    return SENSOR_PPI.get(driver) or round(ppmm * 25.4) or USUAL_PPI


class Reader:
    """libfprint and one open device."""

    def __init__(self) -> None:
        self.modules: Any = None
        self.context: Any = None
        self.device: Any = None

    def list(self) -> dict[str, Any]:
        """Return what is connected; opens none."""
        return {"devices": [f"{device.get_name()} ({device.get_driver()})" for device in self.find()]}

    def open(self, driver: str | None = None) -> dict[str, Any]:
        """Open the first device that gives images, of `driver` if given."""
        self.close()
        found = [device for device in self.find() if driver in (None, device.get_driver())]
        if not found:
            raise Failed("NO_DEVICE")
        fprint, glib, _ = self.modules
        with_images = [device for device in found if device.has_feature(fprint.DeviceFeature.CAPTURE)]
        if not with_images:
            raise Failed("NO_IMAGES", found[0].get_name())
        device = with_images[0]
        try:
            device.open_sync(None)
            self.device = device
            serial = serial_of(device)
        except glib.Error as error:
            raise Failed(code_of(error), error.message) from error
        return {"serial": serial, "driver": device.get_driver(), "name": device.get_name()}

    def capture(self, seconds: float) -> dict[str, Any]:
        """Wait for a finger and return its grey image with size and resolution."""
        if self.device is None:
            raise Failed("error:2")
        _, glib, gio = self.modules
        loop, stop = glib.MainLoop(), gio.Cancellable()
        done: Any = []
        self.device.capture(True, stop, lambda _, result: (done.append(result), loop.quit()))
        source = glib.timeout_source_new(int(seconds * 1000))
        source.set_callback(lambda *_: stop.cancel())
        source.attach(None)
        loop.run()
        source.destroy()
        try:
            image = self.device.capture_finish(done[0])
        except glib.Error as error:
            raise Failed(code_of(error), error.message) from error
        ppi = ppi_of(self.device.get_driver(), image.get_ppmm())
        data = base64.b64encode(bytes(image.get_data())).decode()
        return {"image": data, "width": image.get_width(), "height": image.get_height(), "ppi": ppi}

    def close(self) -> None:
        """Close the device; what fails here is gone anyway."""
        if self.device is None:
            return
        _, glib, _ = self.modules
        device, self.device = self.device, None
        try:
            device.close_sync(None)
        except glib.Error as error:
            sys.stderr.write(f"close: {error.message}\n")

    def find(self) -> Any:
        """Return the devices, looked for anew: one that was pulled out is another one when it comes back."""
        self.modules = self.modules or load()
        self.context = self.modules[0].Context()
        self.context.enumerate()
        return self.context.get_devices()


def answer(reader: Reader, question: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked and return the answer, or the failure as one."""
    does: dict[str, Any] = {"list": reader.list, "open": reader.open, "capture": reader.capture}
    do = does[question.pop("do")]
    try:
        return {"ok": do(**question)}
    except Failed as failed:
        return {"failed": failed.code, "detail": failed.detail}


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks, who then closes the input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a driver prints is no answer
    reader = Reader()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(answer(reader, json.loads(line))).encode() + b"\n")
        answers.flush()
    reader.close()


if __name__ == "__main__":
    main()
