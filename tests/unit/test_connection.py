"""A connection that fails leaves nothing behind."""

from __future__ import annotations

import gc
import socket

import pytest
from pymysql.err import OperationalError

from posko.db.connection import Connection


def open_sockets() -> set[int]:
    return {one.fileno() for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() >= 0}


def test_a_server_that_is_away_leaves_no_socket_open(tmp_path):
    before = open_sockets()

    with pytest.raises(OperationalError) as told:
        Connection(unix_socket=str(tmp_path / "none.sock"), user="root")

    assert told.value.args[0] == 2003
    assert open_sockets() == before
