"""How often one address or one number may be tried: buckets of tokens in memory, never more than so many of them (R-166).

A bucket that is full again says nothing, so it is forgotten first; a flood of addresses costs the oldest bucket, not the memory.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST = 50_000
LOOKED_AT = 16
"""Oldest buckets that are looked at for one that is full again."""


@dataclass
class Buckets:
    """Buckets by key, each of `size` tokens that come back over `seconds`."""

    size: float
    seconds: float
    most: int = MOST
    clock: Callable[[], float] = time.monotonic
    held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str) -> bool:
        """Take a token; False when there is none."""
        now = self.clock()
        left = self._left(key, now)
        if left < 1:
            return False
        self._put(key, left - 1, now)
        return True

    def give_back(self, key: str) -> None:
        """Give a token back that was taken for nothing."""
        now = self.clock()
        left = self._left(key, now) + 1
        if left >= self.size:
            self.held.pop(key, None)  # a full bucket is the same as none
        else:
            self._put(key, left, now)

    def wait(self, key: str) -> int:
        """Return in how many seconds there will be a token."""
        missing = max(0.0, 1 - self._left(key, self.clock()))
        return int(missing * self.seconds / self.size) + 1

    def _left(self, key: str, now: float) -> float:
        left, since = self.held.get(key, (self.size, now))
        return min(self.size, left + (now - since) * self.size / self.seconds)

    def _put(self, key: str, left: float, now: float) -> None:
        self.held[key] = (left, now)
        self.held.move_to_end(key)
        if len(self.held) > self.most:
            self._forget_one(now)

    def _forget_one(self, now: float) -> None:
        oldest = [key for key, _ in zip(self.held, range(LOOKED_AT), strict=False)]
        full = (key for key in oldest if self._left(key, now) >= self.size)
        del self.held[next(full, oldest[0])]


def source_of(peer: str | None, forwarded: str | None, proxies: Sequence[str]) -> str:
    """Return whose tries are counted: the peer, or who stands behind a proxy that is ours; of IPv6 the network of the site.

    Args:
        peer: address at the other end of the line.
        forwarded: `X-Forwarded-For`, believed from the right, as far as proxies of ours wrote it.
        proxies: addresses of our proxies; none: the header means nothing.
    """
    chain = [part.strip() for part in (forwarded or "").split(",") if part.strip()] if proxies else []
    found = peer or "-"
    while found in proxies and chain:
        found = chain.pop()
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "-"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
