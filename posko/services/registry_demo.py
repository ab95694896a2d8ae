"""A filled register for the demo: 7 LSP, 60 TUK, assessors, suspensions, ties, rules, holidays (§3.2, §12.5).

Bodies, people and numbers are invented; cities and their places on the map are real. Bodies are filled
in only once, so whatever somebody changed afterwards stays; BLKLN, PPTKIS and holidays are completed on
every call.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.services import registry_demo_rows as rows_of
from posko.services.registry_demo_rows import PlacementCompany, Row, TrainingCentre
from posko.services.registry_demo_sites import station_rows, unit_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

__all__ = ["PlacementCompany", "TrainingCentre", "fill_demo_registry"]

Keyed = tuple[str, tuple[str, ...], list[Row]]
"""Table, the columns that make a row the same row, rows."""


def fill_demo_registry(
    db: sa.Connection,
    *,
    seed: int,
    today: dt.date,
    centres: Sequence[TrainingCentre],
    companies: Sequence[PlacementCompany],
) -> dict[str, int]:
    """Add what the registers of the demo lack and return how many rows each table gained.

    Args:
        db: open transaction; the caller commits.
        seed: of everything drawn.
        today: licences, suspensions and holidays lie around it.
        centres: the BLKLN that the rule and the ties may name.
        companies: the PPTKIS that the ties may name.
    """
    rng = Random(f"registry:{seed}")  # noqa: S311 - a demo, nothing secret
    lsp, tuk = rows_of.lsp_rows(today), rows_of.tuk_rows(rng, today)
    tables: list[Keyed] = [
        ("blkln", ("blkln_code",), [rows_of.centre_row(centre) for centre in centres]),
        ("pptkis", ("pptkis_name",), [rows_of.company_row(company) for company in companies]),
        ("closed_day", ("closed_on", "tuk_code"), rows_of.closed_rows(today)),
    ]
    if _is_empty(db, "lsp"):
        ties = rows_of.tie_rows(rng, tuk, lsp, centres, companies)
        tables += [
            ("lsp", ("lsp_code",), lsp),
            ("tuk", ("tuk_code",), tuk),
            ("tuk_lsp", ("tuk_code", "lsp_code"), rows_of.link_rows(rng, today, tuk, lsp)),
            ("suspension", ("party_kind", "party_code"), rows_of.suspension_rows(today, tuk, lsp)),
            ("ownership_tie", ("party_kind", "party_code", "body_kind", "body_code"), ties),
            *rows_of.asesor_tables(rng, today, lsp),
            ("station", ("station_code",), station_rows(tuk)),
            ("scheme_unit", ("scheme_code", "unit_code"), unit_rows()),
        ]
        if _is_empty(db, "blkln_tuk_rule"):
            rules = rows_of.rule_rows(tuk, centres)
            tables.append(("blkln_tuk_rule", ("blkln_code", "priority"), rules))
    return {name: _add_missing(db, name, keys, rows) for name, keys, rows in tables}


def _is_empty(db: sa.Connection, name: str) -> bool:
    table = sa.table(name, schema="posko")
    return db.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def _add_missing(db: sa.Connection, name: str, keys: tuple[str, ...], rows: list[Row]) -> int:
    if not rows:
        return 0
    table = sa.table(name, *(sa.column(column) for column in rows[0]), schema="posko")
    known = {tuple(row) for row in db.execute(sa.select(*(table.c[key] for key in keys)))}
    missing = [row for row in rows if tuple(row[key] for key in keys) not in known]
    if missing:
        db.execute(sa.insert(table), missing)
    return len(missing)
