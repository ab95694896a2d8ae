"""Build the stand-in for ZKTeco's native library, and tell it what to do (facts of the readers: the wrapper above it is the real one)."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("libzkfp.c")
RUNTIME = {
    "runtimeOptions": {
        "tfm": "netcoreapp3.1",
        "framework": {"name": "Microsoft.NETCore.App", "version": "3.1.0"},
        "configProperties": {"System.Globalization.Invariant": True},
    }
}
WIDTH, HEIGHT = 300, 400


def dotnet(folder: Path) -> dict[str, str]:
    """Environment in which pyzkfp finds Microsoft's .NET of the package dotnetcore2, and not Mono."""
    config = folder / "runtimeconfig.json"
    config.write_text(json.dumps(RUNTIME))
    return {
        "PYTHONNET_RUNTIME": "coreclr",
        "PYTHONNET_CORECLR_RUNTIME_CONFIG": str(config),
        "DOTNET_ROOT": str(Path(sysconfig.get_path("purelib")) / "dotnetcore2" / "bin"),
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    }


def compile_library(folder: Path, source: Path = SOURCE, name: str = "libzkfp.dll.so") -> Path:
    """Compile a shared library into a folder that LD_LIBRARY_PATH may name."""
    made = folder / name
    options = ("-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", f"-Wl,-soname,{name}")
    subprocess.run(["gcc", *options, "-o", made, source], check=True)
    return made


@dataclass(frozen=True)
class FakeDevice:
    """The folder that the stand-in reads at every call."""

    folder: Path

    def plug_in(self, width: int = WIDTH, height: int = HEIGHT, dpi: int = 500, serial: str = "ZK9500-0001") -> None:
        self._write("device", f"{width} {height} {dpi} {serial}\n".encode())

    def pull_out(self) -> None:
        (self.folder / "device").unlink()

    def answer(self, **codes: int | str) -> None:
        """Calls that return a code instead of working, or `abort`, or `hang`; without any, all work again.

        `GetParameters_3` is the call for parameter 3.
        """
        lines = [f"{call.replace('_', ':')} {code}\n" for call, code in codes.items()]
        self._write("codes", "".join(lines).encode())

    def put_finger(self, image: bytes, *, finger: int = 1) -> None:
        """One capture after those that wait; finger 0 is a bad print."""
        self._write(f"{time.monotonic_ns():020}.cap", struct.pack("<ii", finger, 1) + image)

    def calls(self) -> list[str]:
        """Names of the calls since the last look."""
        file = self.folder / "calls"
        found = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        return found

    def empty(self) -> None:
        self.folder.mkdir(exist_ok=True)
        for file in self.folder.iterdir():
            file.unlink()

    def _write(self, name: str, content: bytes) -> None:
        draft = self.folder / f"{name}.draft"
        draft.write_bytes(content)
        os.replace(draft, self.folder / name)  # the library may be reading
