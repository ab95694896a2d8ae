"""How POSKO gets into the server at BNP2TKI to return results: an account that may add to `hasil_uji` and read, nothing else (§5.4, R-022).

It may not change or delete: what was sent once cannot be rewritten, a correction is another version.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posko.db.engine import server_of_url
from posko.db.secrets import read_or_make_password

if TYPE_CHECKING:
    from posko.db.engine import Server
    from posko.settings import Settings

ACCOUNT = "posko_return"
GRANTS = {"hasil_uji": "select, insert", "hasil_uji_konfirmasi": "select"}
"""Table of BNP2TKI's -> what the account may do with it."""


def return_server(settings: Settings, source: Server) -> Server | None:
    """Return the server with the account that writes results: that of `POSKO_RETURN_URL`, or on the simulated source its own.

    None: the site has no connection for it, or the simulated source has no tables yet; then results wait or leave as a package.

    Raises:
        ConfigurationError: the address is none.
        ConnectionFailed: the simulated source does not answer.
    """
    if settings.return_url is not None:
        return server_of_url(settings.return_url, settings.return_password_file, settings, "POSKO_RETURN_URL")
    if settings.source_url is not None:
        return None
    password = read_or_make_password(settings.secrets / f"db-{ACCOUNT}")
    if not _grant(source, password):
        return None
    return replace(source, admin=ACCOUNT, password=password)


def _grant(source: Server, password: str) -> bool:
    """Give the account on the simulated source its rights; return whether the tables are there."""
    with source.connect(source.admin) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from information_schema.tables where table_schema = database() and table_name in %s",
            (tuple(GRANTS),),
        )
        if (cursor.fetchone() or (0,))[0] != len(GRANTS):
            return False
        for host in ("localhost", "127.0.0.1"):
            name = f"'{ACCOUNT}'@'{host}'"
            cursor.execute(f"create user if not exists {name} identified by '{password}'")
            cursor.execute(f"alter user {name} identified by '{password}'")
            for table, rights in GRANTS.items():
                cursor.execute(f"grant {rights} on {table} to {name}")
    return True
