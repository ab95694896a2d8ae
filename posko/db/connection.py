"""PyMySQL's connection, without the socket that it leaves open when a server does not answer on its unix socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from pymysql import err
from pymysql.connections import Connection as _Connection
from pymysql.constants import CR

if TYPE_CHECKING:
    Base = _Connection[Any]
else:
    Base = _Connection


class Connection(Base):
    """A connection that closes what it opened.

    PyMySQL (1.2.4) makes the socket of a unix socket and connects it before it remembers it: when the server is away, nothing closes
    the socket, and it lives until the traceback of the failure is collected.
    """

    def connect(self, sock: socket.socket | None = None) -> None:
        """Connect, over a socket of the caller's if there is one.

        Raises:
            pymysql.err.OperationalError: the server does not answer (2003) or refuses.
        """
        if sock is None and self.unix_socket:
            sock = _reach(str(self.unix_socket), self.connect_timeout)
            self.host_info = "Localhost via UNIX socket"
            # As PyMySQL has it: nobody listens on a unix socket, so a password may pass as it is.
            self._secure = True
        super().connect(sock)


def _reach(path: str, seconds: float | None) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect(path)
    except OSError as error:
        made.close()
        raise err.OperationalError(
            CR.CR_CONN_HOST_ERROR, f"Can't connect to MySQL server on {path!r} ({error})"
        ) from error
    except BaseException:
        made.close()
        raise
    return made
