"""Addresses of the two servers and connections to them, one database account a purpose.

A `Server` says where a server is and how its accounts get in. SQLAlchemy serves everything but the bulk loader, which
needs PyMySQL's own `LOAD DATA LOCAL` and unbuffered cursors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pymysql
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from posko.db.connection import Connection
from posko.db.secrets import read_or_make_password
from posko.db.server import private_server
from posko.domain.errors import ConfigurationError, ConnectionFailed

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr
    from pymysql.connections import Connection as PyMySQL

    from posko.settings import Settings

CHARSET = "utf8mb4"
COLLATION = "utf8mb4_bin"
"""One collation everywhere: comparisons are exact, and no two sides of a join can differ in it."""

SOURCE_DATABASE = "bnp2tki"


@dataclass(frozen=True)
class Server:
    """Where a server is: a unix socket or host and port; `admin` and `password` open it."""

    host: str | None
    port: int | None
    unix_socket: str | None
    admin: str
    password: str
    secrets: Path
    database: str | None = None

    def address(self) -> dict[str, Any]:
        """Return the connection arguments that say where the server is."""
        if self.unix_socket:
            # Nobody listens on a unix socket, and loading certificates costs more than most of our statements.
            return {"unix_socket": self.unix_socket, "ssl_disabled": True}
        return {"host": self.host, "port": self.port or 3306}

    def account_password(self, account: str) -> str:
        """Return the password of one of POSKO's own accounts, or of the administrator."""
        return self.password if account == self.admin else read_or_make_password(self.secrets / f"db-{account}")

    def connect(self, account: str, database: str | None = None, **options: Any) -> PyMySQL[Any]:
        """Open a raw PyMySQL connection, UTC, utf8mb4, manual commit.

        Raises:
            ConnectionFailed: the server does not answer or refuses the account.
        """
        try:
            return Connection(
                user=account,
                password=self.account_password(account),
                database=database or self.database,
                charset=CHARSET,
                collation=COLLATION,
                connect_timeout=10,
                init_command="set time_zone = '+00:00'",
                **self.address(),
                **options,
            )
        except pymysql.err.OperationalError as error:
            raise ConnectionFailed(_connection_sentence(account, self, error)) from error

    def engine(self, account: str, database: str | None = None) -> sa.Engine:
        """Return a SQLAlchemy engine for one account: READ COMMITTED, UTC, no pool overflow surprises."""
        return sa.create_engine(
            "mysql+pymysql://",
            creator=lambda: self.connect(account, database),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            # A thread each: a connection that is opened anew costs more than most acts, and begins a new audit writer.
            pool_size=32,
            max_overflow=16,
        )


def _connection_sentence(account: str, server: Server, error: pymysql.err.OperationalError) -> str:
    where = server.unix_socket or f"{server.host}:{server.port}"
    code = error.args[0] if error.args else 0
    if code == 1045:
        return (
            f"Server {where} menolak akun {account}: kata sandi salah. Periksa URL atau berkas rahasianya, lalu ulangi."
        )
    if code in {1044, 1049}:
        return f"Akun {account} tidak boleh membuka basis data {server.database} di {where}, atau basis data itu tidak ada."
    return f"Server {where} tidak menjawab (kode {code}). Periksa alamat dan jaringan, lalu ulangi; tidak ada data yang hilang."


def posko_server(settings: Settings) -> Server:
    """Return POSKO's own server: the one of `POSKO_DATABASE_URL`, or the private one, started if need be."""
    if settings.database_url:
        return server_of_url(settings.database_url, settings.database_password_file, settings, "POSKO_DATABASE_URL")
    private = private_server(settings, "posko").ensure_running()
    return Server(None, private.port, private.socket, "root", private.root_password(), settings.secrets)


def source_server(settings: Settings) -> Server:
    """Return the BNSP server that stands at BNP2TKI: the one of `POSKO_SOURCE_URL`, or the simulated private one."""
    if settings.source_url:
        server = server_of_url(settings.source_url, settings.source_password_file, settings, "POSKO_SOURCE_URL")
        if not server.database:
            raise ConfigurationError("POSKO_SOURCE_URL harus menyebut basis data: mysql://pengguna@host:port/BASISDATA")
        return server
    private = private_server(settings, "bnp2tki").ensure_running()
    server = Server(
        None, private.port, private.socket, "root", private.root_password(), settings.secrets, SOURCE_DATABASE
    )
    with server.connect(server.admin, "information_schema") as connection, connection.cursor() as cursor:
        cursor.execute(f"create database if not exists {SOURCE_DATABASE} character set {CHARSET} collate {COLLATION}")
    return server


def server_of_url(secret: SecretStr, password_file: Path | None, settings: Settings, name: str) -> Server:
    """Return the server of an address in the settings; `name` is the setting, for the sentence.

    Raises:
        ConfigurationError: it is no address of a server.
    """
    try:
        url = make_url(secret.get_secret_value())
    except sa.exc.ArgumentError as error:
        raise ConfigurationError(
            f"{name} bukan alamat yang sah. Bentuknya: mysql://pengguna:sandi@host:port/basisdata"
        ) from error
    if not url.drivername.startswith(("mysql", "mariadb")) or not url.username:
        raise ConfigurationError(f"{name} harus mulai dengan mysql:// dan menyebut pengguna.")
    password = url.password or ""
    if password_file:
        password = settings.path(password_file).read_text("utf-8").strip()
    unix_socket = url.query.get("unix_socket")
    return Server(
        host=url.host or "127.0.0.1",
        port=url.port or 3306,
        unix_socket=str(unix_socket) if unix_socket else None,
        admin=url.username,
        password=str(password),
        secrets=settings.secrets,
        database=url.database,
    )


def is_mariadb(version: str) -> bool:
    """Return whether a `select version()` text is MariaDB's."""
    return "mariadb" in version.lower()
