"""Readers of ZKTeco (SLK20R, ZK9500, ZK6500, ZK8500R) through pyzkfp, in a process of its own (§8.2, R-041).

pyzkfp is GPLv3 and loads .NET and a closed library; neither ever comes into this process (docs/licences.md). Only the image is
taken: ZKTeco's templates can be matched by its SDK alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from biometrics.readers.child import Child
from biometrics.readers.device import DeviceReader
from biometrics.readers.zk_codes import failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from biometrics.errors import ReaderFailed


@dataclass
class ZkReader(DeviceReader):
    """A reader of ZKTeco; `index` is its place among several, `environment` what its process gets besides ours."""

    kind = "zk"
    name = "ZKTeco"
    index: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable

    def __post_init__(self) -> None:
        self._child = Child(self.name, (self.python, "-m", "biometrics.readers.zk_process"), self.environment)

    def _which(self) -> dict[str, Any]:
        return {"index": self.index}

    def _failure(self, code: str, detail: str) -> ReaderFailed:
        return failure(code, detail)
