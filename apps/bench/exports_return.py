"""`posko bench exports`: the return of results into BNP2TKI's table, until they are marked as standing there (§14.3-14.4).

Measured is `apps.returning.deliver` on two private servers: take, write, read again, compare, mark, relay. What comes before it, the act
that makes the returns with its journeys, hand-offs and events, is noted beside it. Both run in this process.
"""

from __future__ import annotations

import time
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.bench.core_rows import new_ids, put_assessed, put_registers
from apps.bench.report import against_limit, note
from apps.cli.screen import number
from apps.returning import TableSite, deliver, give_back, table_site
from ingest.simulator_schema import TABLES
from posko.db.migrate import migrate
from posko.domain.errors import DataRefused
from posko.services.office import Office

if TYPE_CHECKING:
    from apps.bench.installation import Installation
    from apps.bench.report import Line

RESULTS = 100_000
LIMIT_SECONDS = 20.0
FAILING = 8
"""One in so many did not pass."""
_EXAM_ON, _AT = date(2026, 3, 9), datetime.fromisoformat("2026-03-09T08:00")
_DECIDED = (
    """insert into posko.decision (journey_id, session_id, lsp_code, sk_no, result, asesor_result, decided_at, decided_by)
        select score.journey_id, score.session_id, 'LSP-B', 'SK-1', score.result, score.result, :at, 'CLERK-0'
        from posko.assessment as score""",
    """insert into posko.certificate (journey_id, decision_id, tki_id, scheme_code, lsp_code, certificate_no, certified_on, valid_until,
        secure_code_digest, secure_code_cipher, status, status_at)
        select own.journey_id, own.decision_id, journey.tki_id, journey.scheme_code, own.lsp_code,
            concat('PRT.1025.2026.', lpad(own.decision_id, 7, '0')), '2026-03-10', '2029-03-10',
            left(unhex(sha2(own.decision_id, 256)), 16), 'C680C6', 'VALID', :at
        from posko.decision as own join posko.journey as journey on journey.journey_id = own.journey_id where own.result = 'K'""",
    "update posko.journey set status = 'PUBLISHED', moved_at = :at",
)


def measure_return(installation: Installation, results: int) -> list[Line]:
    """Return so many results and compare the time with the limit; what stands at the source must be all of them, each once.

    Raises:
        DataRefused: it is not.
    """
    site = _site(installation)
    engine = installation.target.engine("posko_app", "posko")
    office = Office.of(installation.settings, engine)
    _put_published(installation, results)
    began = time.monotonic()
    made = give_back(office, None)["returned"]
    making = time.monotonic() - began
    installation.settle()
    began = time.monotonic()
    delivered = deliver(office, site)
    seconds = time.monotonic() - began
    office.close()
    engine.dispose()
    if not made == delivered == results or _standing(installation) != (results, results):
        raise DataRefused(f"{made} dicatat, {delivered} dikirim, {_standing(installation)} tertulis dari {results}.")
    limit = LIMIT_SECONDS * results / RESULTS
    return [
        against_limit(f"{number(results)} hasil tertulis di BNP2TKI, dibaca ulang, ditandai", [seconds], limit),
        note("mencatat pengembalian di kotak keluar, dengan buku serah terima dan log", making),
    ]


def _site(installation: Installation) -> TableSite:
    migrate(installation.target)
    with (
        closing(installation.source.connect(installation.source.admin)) as connection,
        connection.cursor() as cursor,
    ):
        for table in ("hasil_uji", "hasil_uji_konfirmasi"):
            cursor.execute(TABLES[table])
    site = table_site(installation.settings, installation.source)
    if site is None:
        raise DataRefused("Tabel hasil_uji tidak ada di sumber.")
    return site


def _put_published(installation: Installation, results: int) -> None:
    engine = installation.target.engine(installation.target.admin, "posko")
    with engine.begin() as db:
        put_registers(db, 1)
        ids = new_ids(db, results)
        put_assessed(db, ids, exam_on=_EXAM_ON, at=_AT, failed=ids[::FAILING], each=50)
        for statement in _DECIDED:
            db.execute(sa.text(statement), {"at": _AT} if ":at" in statement else {})
    engine.dispose()


def _standing(installation: Installation) -> tuple[int, int]:
    """Return how many rows stand at the source, and of how many TKI and versions."""
    with (
        closing(installation.source.connect(installation.source.admin)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select count(*), count(distinct id_tki, versi) from hasil_uji")
        rows, keys = cursor.fetchone() or (0, 0)
    return int(rows), int(keys)
