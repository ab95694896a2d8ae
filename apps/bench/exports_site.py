"""The public site: half a million results from nothing, then what one per cent more costs (§14.1; issue 6).

The limit of the second is its share of the first, twice, and a second: its cost must be that of what is new.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.bench.report import Line, against_limit, note
from apps.cli.screen import number
from apps.publish_site import update_site
from posko.db.migrate import migrate
from posko.services.office import Office

if TYPE_CHECKING:
    from apps.bench.installation import Installation
    from apps.publish_site import Published

RESULTS, PART, FIXED_SECONDS = 500_000, 100, 1.0
_MEETING = (
    "insert into posko.evaluation_meeting (meeting_id, held_on, place, state, minutes, minutes_sha256, opened_at, opened_by, evidence)"
    " values (1, '2026-03-16', 'Jakarta', 'CLOSED', 'Risalah', repeat('x', 32), '2026-03-16', 'BN1', '{}')"
)
_BODIES = (
    (
        "insert into posko.lsp select concat('LSP-', seq), concat('LSP Tata Laksana Rumah Tangga ', seq), 'LIC', '2025-01-01', '2030-12-31'"
        " from seq_1_to_40"
    ),
    (
        "insert into posko.tuk select concat('TUK-', seq), concat('TUK Bekasi ', seq), 'Bekasi', 100, '2025-01-01', '2030-12-31'"
        " from seq_1_to_120"
    ),
)
_ROWS = (
    """insert into posko.candidate (journey_id, tki_id, scheme_code, full_name, born_on, address, phone, source_batch_id, source_row_crc,
        registered_at, registered_by)
        select seq, 9000000 + seq, 'TLRT', 'SITI NURHALIZAH BINTI ABDULLAH', adddate('1980-01-01', seq %% 7000),
            concat('KAMPUNG MELATI NOMOR ', seq, ', TASIKMALAYA'), concat('0813', 10000000 + seq), 1, 1, '2026-03-02', 'KO1' from {seq}""",
    "insert into posko_staging.tki_tlrt (id_tki, no_ktp) select 9000000 + seq, 3603000000000000 + seq from {seq}",
    """insert into posko.publication (journey_id, meeting_id, version, tki_id, masked_name, result, lsp_code, tuk_code, tested_on,
        certificate_no, certificate_status, published_at)
        select seq, 1, 1, 9000000 + seq, 'S*** N*** B*** A***', if(seq %% 8, 'KOMPETEN', 'BELUM'), concat('LSP-', 1 + seq %% 40),
            concat('TUK-', 1 + seq %% 120), adddate('2026-01-01', seq %% 300),
            if(seq %% 8, concat('PRT.1025.2026.', lpad(seq, 7, '0')), null), if(seq %% 8, 'VALID', null), '2026-03-16' from {seq}""",
)


def measure_site(made: Installation, results: int = RESULTS) -> tuple[list[Line], dict[str, Any]]:
    """Publish so many results, then one per cent more, then nothing new; return the lines and what was counted."""
    migrate(made.target)
    engine = made.target.engine("posko_app", "posko")
    office = Office.of(made.settings, engine)
    more = max(1, results // PART)
    _begin(made)
    _put(made, 1, results)
    whole, whole_cpu, first = _timed(made, office)
    _put(made, results + 1, results + more)
    part, part_cpu, second = _timed(made, office)
    nothing, _, third = _timed(made, office)
    engine.dispose()
    limit = 2 * whole * more / results + FIXED_SECONDS
    what = f"situs publik, {number(more)} hasil lagi; batas 2 kali bagiannya + {FIXED_SECONDS:.0f} detik"
    lines = [
        note(f"situs publik, {number(results)} hasil dari nol", whole),
        note("  CPU prosesnya", whole_cpu),
        against_limit(what, [part], limit),
        note("  CPU prosesnya", part_cpu),
        note("situs publik, tidak ada yang baru", nothing),
    ]
    counted = {"site_results": first.persons, "site_files": first.files, "site_more": second.persons}
    return lines, {**counted, "site_more_files": second.files, "site_again_is_new": third.is_new}


def _timed(made: Installation, office: Office) -> tuple[float, float, Published]:
    """Return seconds of the wall and of this process's CPU, and what was published."""
    wall, cpu = time.monotonic(), time.process_time()
    done = update_site(office, made.target, made.settings.site)
    return time.monotonic() - wall, time.process_time() - cpu, done


def _begin(made: Installation) -> None:
    with _admin(made).begin() as db:
        for statement in (_MEETING, *_BODIES):
            db.exec_driver_sql(statement)


def _put(made: Installation, first: int, last: int) -> None:
    """Put publications with their persons where only acts may: what leads up to them is not measured here."""
    with _admin(made).begin() as db:
        db.exec_driver_sql("set session foreign_key_checks = 0, sql_mode = ''")
        for statement in _ROWS:
            db.exec_driver_sql(statement.format(seq=f"seq_{first}_to_{last}"))


def _admin(made: Installation) -> sa.Engine:
    return sa.create_engine(
        "mysql+pymysql://", creator=lambda: made.target.connect(made.target.admin, "posko"), poolclass=sa.NullPool
    )
