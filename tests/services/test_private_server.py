"""The private server: made on demand, never root, reachable only with its own password, and none the worse for a kill."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

from posko.db.server import PrivateServer

pytestmark = pytest.mark.server


@pytest.fixture
def server() -> Iterator[PrivateServer]:
    """A server of its own below a folder that only its owner may enter, as `mktemp -d` makes them."""
    folder = Path(tempfile.mkdtemp(prefix="posko-private-"))
    made = PrivateServer("uji", folder / "var" / "uji", folder / "secrets", "mariadb", 64, 32, folder / "mysql-root")
    yield made.ensure_running()
    made.destroy()
    shutil.rmtree(folder)


def connect(server: PrivateServer, password: str) -> pymysql.connections.Connection:
    return pymysql.connect(user="root", password=password, unix_socket=server.socket)


def test_it_runs_as_an_ordinary_user_even_when_its_folder_is_closed_to_others(server: PrivateServer) -> None:
    owner = os.stat(f"/proc/{server.pid}").st_uid
    assert owner != 0
    assert (server.data / "ibdata1").stat().st_uid == owner


def test_root_of_the_database_needs_the_password_of_the_secret_file(server: PrivateServer) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
        connect(server, "")
    with connect(server, server.root_password()) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) from mysql.user where user = '' or (user = 'root' and host <> 'localhost')")
        assert cursor.fetchone() == (0,)
    secret = server.secrets / "root-uji"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o400


def test_what_was_committed_is_there_after_a_kill(server: PrivateServer) -> None:
    with connect(server, server.root_password()) as connection, connection.cursor() as cursor:
        cursor.execute("create database uji")
        cursor.execute("create table uji.t (n int) engine = innodb")
        cursor.execute("insert into uji.t values (7)")
        connection.commit()
    server.kill()
    assert server.pid is None
    server.ensure_running()
    with connect(server, server.root_password()) as connection, connection.cursor() as cursor:
        cursor.execute("select n from uji.t")
        assert cursor.fetchall() == ((7,),)


def test_it_keeps_every_commit_on_disk_and_speaks_utf8mb4(server: PrivateServer) -> None:
    with connect(server, server.root_password()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select @@innodb_flush_log_at_trx_commit, @@character_set_server, @@local_infile, @@innodb_snapshot_isolation, @@bind_address"
        )
        assert cursor.fetchone() == (1, "utf8mb4", 1, 1, "127.0.0.1")


def test_starting_a_running_server_again_changes_nothing(server: PrivateServer) -> None:
    pid = server.pid
    assert server.ensure_running().pid == pid


def test_nothing_is_left_behind_when_it_is_destroyed(server: PrivateServer) -> None:
    data = server.data
    server.destroy()
    assert not data.exists()
    assert not server.home.exists()
