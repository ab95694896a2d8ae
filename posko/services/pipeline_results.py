"""What the filter and the allocation rule found (§12.2, §12.5): read only; dbt makes these tables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.refusals import refuse
from posko.domain.rules import RULES
from posko.services.rows import Row, many_among

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from posko.services.office import Tx

NO_SUCH_TABLE = 1146


@contextmanager
def built() -> Iterator[None]:
    """Turn the server's word that a table of the pipeline is missing into a sentence."""
    try:
        yield
    except sa.exc.ProgrammingError as error:
        if error.orig is not None and error.orig.args[:1] == (NO_SUCH_TABLE,):
            raise refuse("PIPELINE_NEVER_RAN") from error
        raise


def read_by_tki(tx: Tx, sql: str, tki_ids: Sequence[str]) -> list[Row]:
    """Run a query with `in :ids` for many TKI, some at a time."""
    with built():
        return many_among(tx.db, sql, tki_ids)


def eligible_among(tx: Tx, tki_ids: Sequence[str]) -> set[str]:
    """Return those whom the filter lets register today."""
    rows = read_by_tki(tx, "select tki_id from posko_model.fct_tki_eligible where tki_id in :ids", tki_ids)
    return {row["tki_id"] for row in rows}


def held_back(tx: Tx, tki_id: str) -> list[Row]:
    """Return the rules by which a TKI is held back, with the reasons."""
    sql = "select rule_id, reason from posko_model.fct_tki_held_back where tki_id in :ids order by rule_id"
    return read_by_tki(tx, sql, [tki_id])


def refuse_held_back(tx: Tx, tki_id: str) -> None:
    """Refuse a TKI whom the filter holds back, also after she was registered, and say why."""
    why = held_back(tx, tki_id)
    if why:
        tx.context["held_back_by"] = [row["rule_id"] for row in why]
        reasons = " ".join(f"{row['reason']} ({row['rule_id']})" for row in why)
        refusal = refuse("TKI_HELD_BACK", tki_id=tki_id, reasons=reasons)
        refusal.rule = next((row["rule_id"] for row in why if row["rule_id"] in RULES), None)
        raise refusal


def proposals_of(tx: Tx, tki_ids: Sequence[str]) -> dict[str, Row]:
    """Return tki_id -> the place and day that the rule proposes."""
    rows = read_by_tki(
        tx,
        "select tki_id, tuk_code, lsp_code, scheme_code, proposed_on, reason from posko_model.fct_tuk_proposal"
        " where tki_id in :ids",
        tki_ids,
    )
    return {row["tki_id"]: row for row in rows}


def unplaced_reason(tx: Tx, tki_id: str) -> str | None:
    """Return why the rule found no place for a TKI, if it found none."""
    rows = read_by_tki(tx, "select tki_id, reason from posko_model.fct_tki_unplaced where tki_id in :ids", [tki_id])
    return str(rows[0]["reason"]) if rows else None
