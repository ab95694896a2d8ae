"""A private server of one test's own, for what must not happen to the servers that all tests share."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posko.db.engine import Server
from posko.db.migrate import migrate
from posko.db.server import PrivateServer, private_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from posko.settings import Settings


@dataclass(frozen=True)
class OwnServer(PrivateServer):
    """A private server with additional options."""

    extra: tuple[str, ...] = ()

    def _options(self, state: dict[str, str | int], base: Path) -> list[str]:
        return [*super()._options(state, base), *self.extra]

    def address(self) -> Server:
        """Where the server is now."""
        return Server(None, self.port, self.socket, "root", self.root_password(), self.secrets)

    def restarted_with(self, *extra: str) -> OwnServer:
        """Stop the server and start it with other options."""
        self.stop()
        other = dataclasses.replace(self, extra=extra)
        other.ensure_running()
        return other


@contextmanager
def own_server(settings: Settings, name: str, *extra: str) -> Iterator[OwnServer]:
    """Make, migrate and in the end destroy a server."""
    like = private_server(settings, name)
    made = OwnServer(**{field.name: getattr(like, field.name) for field in dataclasses.fields(like)}, extra=extra)
    try:
        made.ensure_running()
        migrate(made.address())
        yield made
    finally:
        made.destroy()
