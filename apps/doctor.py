"""What the machine and the settings must offer, each with its cure: the checks behind `posko doctor`."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pymysql

from apps.pipeline.dbt import dbt_program
from ingest import contract
from posko.db.engine import posko_server, server_of_url, source_server
from posko.db.migrate import applied, newest
from posko.db.return_account import GRANTS
from posko.db.server_process import find_program
from posko.domain.errors import PoskoError
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from posko.db.engine import Server
    from posko.settings import Settings

DISK_FREE_GB = 5


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is well, what was seen, and what to do if it is not."""

    what: str
    is_well: bool
    seen: str
    cure: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding a line; a check that cannot be made is a finding too."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "pasang Python 3.11 atau lebih baru")
    yield from _programs(settings)
    yield from _dbt()
    yield from _folders(settings)
    yield from _reach("server POSKO", lambda: posko_server(settings), "POSKO_DATABASE_URL", _posko_server)
    yield from _reach("server sumber BNP2TKI", lambda: source_server(settings), "POSKO_SOURCE_URL", _source)
    yield from _way_back(settings)


def _programs(settings: Settings) -> Iterator[Finding]:
    if settings.database_url and settings.source_url:
        return
    try:
        found = find_program("mariadbd" if settings.private_server == "mariadb" else "debootstrap")
        yield Finding("program server privat", is_well=True, seen=found)
    except PoskoError as error:
        yield Finding("program server privat", is_well=False, seen="tidak ada", cure=str(error))


def _dbt() -> Iterator[Finding]:
    try:
        python = dbt_program().with_name("python")
    except PoskoError as error:
        yield Finding("lingkungan dbt", is_well=False, seen="tidak ada", cure=str(error))
        return
    asked = (
        "import importlib.metadata as m; print(m.version('dbt-core'), m.version('dbt-mysql'), m.version('protobuf'))"
    )
    answer = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=False)
    versions = answer.stdout.split()
    is_well = answer.returncode == 0 and versions[2].split(".")[0] == "4"
    seen = (
        "dbt-core {}, dbt-mysql {}, protobuf {}".format(*versions)
        if len(versions) == 3
        else answer.stderr.strip()[-120:]
    )
    yield Finding(
        "lingkungan dbt",
        is_well,
        seen,
        "hapus .venv-dbt lalu jalankan ./run setup (protobuf harus di bawah 5)",
    )


def _folders(settings: Settings) -> Iterator[Finding]:
    secrets = settings.secrets
    if secrets.exists():
        mode = stat.S_IMODE(secrets.stat().st_mode)
        yield Finding("folder rahasia", mode & 0o077 == 0, f"{secrets}, mode {mode:o}", f"chmod 700 {secrets}")
    else:
        yield Finding("folder rahasia", is_well=True, seen=f"{secrets}, dibuat saat pertama dipakai")
    inside = secrets.is_relative_to(PROJECT_ROOT)
    if settings.environment == "production":
        yield Finding(
            "rahasia di luar checkout",
            not inside,
            str(secrets),
            "setel POSKO_SECRETS_DIR ke folder di luar checkout",
        )
    settings.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.var).free / 1e9
    yield Finding(
        "ruang disk",
        free >= DISK_FREE_GB,
        f"{free:.0f} GB bebas",
        f"sediakan paling sedikit {DISK_FREE_GB} GB",
    )


def _reach(
    what: str,
    open_server: Callable[[], Server],
    variable: str,
    look_inside: Callable[[Server], Iterator[Finding]],
) -> Iterator[Finding]:
    """Connect; look further only at a server that answers."""
    try:
        server = open_server()
        with closing(server.connect(server.admin)) as connection, connection.cursor() as cursor:
            cursor.execute("select version()")
            (version,) = cursor.fetchone()
    except PoskoError as error:
        yield Finding(what, is_well=False, seen="tidak terjangkau", cure=f"{error} (setelan {variable})")
        return
    yield Finding(what, is_well=True, seen=f"{server.unix_socket or f'{server.host}:{server.port}'}, {version}")
    yield from look_inside(server)


WANTED = {
    "local_infile": ({"1"}, "setel local_infile=ON di server; pemuat memakai LOAD DATA LOCAL"),
    "innodb_flush_log_at_trx_commit": (
        {"1"},
        "setel innodb_flush_log_at_trx_commit=1; tanpa itu listrik padam menghapus data",
    ),
    "character_set_server": ({"utf8mb4"}, "setel character_set_server=utf8mb4"),
    "innodb_snapshot_isolation": ({"1", "ON"}, "setel innodb_snapshot_isolation=ON"),
}
"""Server variable -> accepted values and the cure; a variable that the server does not have is no fault."""


def _posko_server(server: Server) -> Iterator[Finding]:
    with closing(server.connect(server.admin)) as connection, connection.cursor() as cursor:
        cursor.execute("show global variables where variable_name in %s", (list(WANTED),))
        values = {str(name): str(value) for name, value in cursor.fetchall()}
    for name, (accepted, cure) in WANTED.items():
        if name in values:
            value = values[name].replace("ON", "1") if name == "local_infile" else values[name]
            yield Finding(name, value in accepted, values[name], cure)
    engine = server.engine(server.admin)
    try:
        with engine.connect() as db:
            done = applied(db)
        yield Finding("skema basis data", newest() in done, done[-1] if done else "kosong", "jalankan posko migrate")
    finally:
        engine.dispose()


def _source(server: Server) -> Iterator[Finding]:
    try:
        with closing(server.connect(server.admin)) as connection, connection.cursor() as cursor:
            shape = contract.inspect(cursor)
    except PoskoError as error:
        yield Finding(
            "kontrak sumber",
            is_well=False,
            seen="tidak terpenuhi",
            cure=f"{error} Untuk demo: posko simulate.",
        )
        return
    extra = ", ".join(f"{table}: {' '.join(columns)}" for table, columns in shape.extra_columns.items())
    yield Finding("kontrak sumber", is_well=True, seen=f"lengkap{'; kolom tambahan ' + extra if extra else ''}")


def _way_back(settings: Settings) -> Iterator[Finding]:
    """Look whether results can be returned; on the simulated source, where POSKO makes the account itself, nothing is said."""
    if settings.return_url is None and settings.source_url is None:
        return
    what = "pengembalian ke BNP2TKI"
    if settings.return_url is None:
        yield Finding(what, is_well=True, seen="tanpa koneksi (POSKO_RETURN_URL kosong): hasil keluar sebagai paket")
        return
    url, file = settings.return_url, settings.return_password_file
    yield from _reach(what, lambda: server_of_url(url, file, settings, "POSKO_RETURN_URL"), "POSKO_RETURN_URL", _rights)


def _rights(server: Server) -> Iterator[Finding]:
    """See that the account can do what a return does, and cannot rewrite what was sent.

    EXPLAIN asks for the rights of its statement, and does nothing.
    """
    tried = {
        **{f"SELECT {table}": (f"explain select * from {table}", True) for table in GRANTS},
        "INSERT hasil_uji": ("explain insert into hasil_uji (id_tki) values ('-')", True),
        "DELETE hasil_uji": ("explain delete from hasil_uji where id_tki = '-'", False),
    }
    with closing(server.connect(server.admin)) as connection, connection.cursor() as cursor:
        wrong = [right for right, (sql, wanted) in tried.items() if _is_allowed(cursor, sql) is not wanted]
    yield Finding(
        "hak akun pengembalian", not wrong, ", ".join(wrong) or "tambah dan baca saja",
        "beri SELECT, INSERT pada hasil_uji dan SELECT pada hasil_uji_konfirmasi, tidak lebih",
    )  # fmt: skip


def _is_allowed(cursor: Any, sql: str) -> bool:
    try:
        cursor.execute(sql)
    except pymysql.MySQLError:
        return False
    return True
