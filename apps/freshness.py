"""How fresh each table is: when it was last fed, by which batch, and how many rows it has (§1.6, R-003)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from datetime import datetime

TABLES = {
    "posko_staging.tki_tlrt": "receive",
    "posko_staging.quarantine": "receive",
    "posko_staging.tki_sidik_jari": "receive",
    "posko_staging.blkln": "receive",
    "posko_staging.pptkis": "receive",
    "posko_model.fct_tki_eligible": "transform",
    "posko_model.fct_tki_held_back": "transform",
    "posko_model.fct_tki_finding": "transform",
    "posko_model.fct_tuk_proposal": "transform",
    "posko_model.fct_tki_unplaced": "transform",
    "posko_model.fct_handoff_ledger": "transform",
    "posko_model.fct_allocation_balance": "transform",
    "posko_model.fct_evaluation_attempt": "transform",
    "posko_model.fct_evaluation_month": "transform",
}
"""Table -> the stage that feeds it."""


@dataclass(frozen=True)
class Freshness:
    """One table: rows now (None: not made yet) and the end of the last good stage that fed it, UTC."""

    table: str
    rows: int | None
    fed_at: datetime | None


def freshness(db: sa.Connection) -> list[Freshness]:
    """Return the freshness of every table that the pipeline feeds."""
    ends = db.execute(
        sa.text(
            "select stage, max(ended_at) from posko.job_run"
            " where outcome = 'ok' and stage in ('receive', 'transform') group by stage"
        )
    )
    fed: dict[str, datetime] = {str(stage): ended_at for stage, ended_at in ends}
    found = {
        f"{schema}.{table}"
        for schema, table in db.execute(
            sa.text(
                "select table_schema, table_name from information_schema.tables where table_schema in ('posko_staging', 'posko_model')"
            )
        )
    }
    return [
        Freshness(table, _count(db, table) if table in found else None, fed.get(stage) if table in found else None)
        for table, stage in TABLES.items()
    ]


def _count(db: sa.Connection, table: str) -> int:
    return int(db.execute(sa.text(f"select count(*) from {table}")).scalar_one())
