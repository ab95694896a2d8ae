"""How the dashboards ask the marts: which months, bodies and countries, and which list stands behind a mark (§14.2; R-162).

The marts are what dbt made of the operational rows at its last load; a mark and the list behind it read the same load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.rows import one

if TYPE_CHECKING:
    import sqlalchemy as sa

ANY = "*"
"""In the name of a mark: not limited by this."""
NAME_MOST = 255
MOST_TOUCHED = 10_000
"""Journeys written since the last load, up to which they are counted."""
FILTERS = ("dari", "sampai", "lsp", "tuk", "skema", "negara")
"""Names of what a dashboard may be asked for, as they stand in its address."""
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
DAYS = {
    "registered": "registered_on",
    "allocated": "allocated_on",
    "distributed": "distributed_on",
    "acknowledged": "acknowledged_on",
    "examined": "examined_on",
    "assessed": "assessed_on",
    "decided": "decided_on",
    "certified": "certified_on",
    "printed": "printed_on",
    "published": "published_on",
    "closed": "closed_on",
    "whole": "closed_on",
}
"""Stage -> column of its day, as `evaluation_stages` of dbt says it; `whole` is the way from registration to BNP2TKI's record."""
OUTCOMES = {
    "PRESENT": "attempt.attendance = 'PRESENT'",
    "ABSENT": "attempt.attendance = 'ABSENT'",
    "TURNED_AWAY_NOT_REGISTERED": "attempt.attendance = 'TURNED_AWAY_NOT_REGISTERED'",
    "TURNED_AWAY_NO_MATCH": "attempt.attendance = 'TURNED_AWAY_NO_MATCH'",
    "K": "attempt.result = 'K'",
    "BK": "attempt.result = 'BK'",
    "UNPRINTED": "attempt.copies = 0",
    "PRINTED": "attempt.copies = 1",
    "REPRINTED": "attempt.copies > 1",
}
"""Outcome in the name of a mark -> condition on an attempt."""
BODIES = {"ASESOR": "met_no", "TUK": "tuk_code", "LSP": "lsp_code", "BLKLN": "blkln_code"}
"""Kind of body that is compared -> its column of an attempt."""


@dataclass(frozen=True)
class Asked:
    """What a dashboard looks at: months from the first to before the last (None: no limit), and bodies (None: all)."""

    since: date | None = None
    before: date | None = None
    lsp: str | None = None
    tuk: str | None = None
    scheme: str | None = None
    destination: str | None = None

    @classmethod
    def of(cls, asked: object) -> Asked:
        """Return what was asked for under the names of `FILTERS`.

        Raises:
            Refused: it is no table, an unknown name, a month or code that is none.
        """
        said = inputs.named(asked, "Saringan", FILTERS)
        words = {name: said.get(name) or None for name in FILTERS}
        since, until = _month(words["dari"]), _month(words["sampai"])
        return cls(
            since,
            None if until is None else next_month(until),
            _code(words["lsp"], "LSP"),
            _code(words["tuk"], "TUK"),
            _code(words["skema"], "Skema"),
            None if words["negara"] is None else inputs.text(words["negara"], "Negara", NAME_MOST),
        )

    def where(self, day: str, alias: str) -> tuple[str, dict[str, Any]]:
        """Return the condition on a table whose month or day is `day`, and its values."""
        limits = {
            f"{alias}.{day} >= :since": ("since", self.since),
            f"{alias}.{day} < :before": ("before", self.before),
            f"{alias}.lsp_code = :lsp": ("lsp", self.lsp),
            f"{alias}.tuk_code = :tuk": ("tuk", self.tuk),
            f"{alias}.scheme_code = :scheme": ("scheme", self.scheme),
            f"{alias}.destination = :destination": ("destination", self.destination),
        }
        used = {condition: pair for condition, pair in limits.items() if pair[1] is not None}
        return " and ".join([f"{alias}.{day} is not null", *used]), dict(used.values())

    def told(self) -> dict[str, str]:
        """Return what was asked for as the log keeps it."""
        named = {"since": self.since, "before": self.before, "tuk": self.tuk, "scheme": self.scheme}
        return {name: str(value) for name, value in {**named, "destination": self.destination}.items() if value}


@dataclass(frozen=True)
class Mark:
    """One mark of a dashboard: the attempts of a stage with an outcome, in a month, of a body; `ANY` where it is not limited.

    Its name is `stage.outcome.month.kind.body`; the body comes last, because its code may hold points.
    """

    stage: str
    outcome: str = ANY
    month: str = ANY
    kind: str = ANY
    body: str = ANY

    def __str__(self) -> str:
        return ".".join((self.stage, self.outcome, self.month, self.kind, self.body))

    @classmethod
    def of(cls, name: object) -> Mark:
        """Return the mark of this name.

        Raises:
            Refused: it names none.
        """
        found = inputs.text(name, "Tanda", NAME_MOST).split(".", 4)
        if len(found) != len(cls.__dataclass_fields__):
            raise refuse("NO_SUCH_CODE", what="Tanda")
        made = cls(*found)
        inputs.choice(made.stage, "Tahap", DAYS)
        inputs.choice(made.outcome, "Hasil", (ANY, *OUTCOMES))
        inputs.choice(made.kind, "Pihak", (ANY, *BODIES))
        if made.month != ANY:
            _month(made.month)
        return made

    def where(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        """Return the condition on `fct_evaluation_attempt as attempt`, and its values."""
        day = DAYS[self.stage]
        condition, values = asked.where(day, "attempt")
        parts = [condition]
        if self.outcome != ANY:
            parts.append(OUTCOMES[self.outcome])
        if self.month != ANY:
            first = _month(self.month)
            parts.append(f"attempt.{day} >= :month and attempt.{day} < :month_end")
            values |= {"month": first, "month_end": None if first is None else next_month(first)}
        if self.kind != ANY:
            parts.append(f"attempt.{BODIES[self.kind]} = :body")
            values["body"] = self.body
        return " and ".join(parts), values


@dataclass(frozen=True)
class Load:
    """The load that the marts hold: its number, the moment up to which acts are in it (UTC), journeys written since.

    `touched` is counted only a little beyond `MOST_TOUCHED`.
    """

    number: int
    data_at: datetime
    touched: int = field(default=0)


def load(db: sa.Connection) -> Load | None:
    """Return the last finished load; None where the marts were never made."""
    there = one(
        db,
        "select count(*) as found from information_schema.tables"
        " where table_schema = 'posko_model' and table_name = 'evaluation_state'",
    )
    state = there and there["found"] and one(db, "select load_no, data_at from posko_model.evaluation_state")
    if not state or state["data_at"] is None:
        return None
    touched = one(
        db,
        "select count(*) as found from (select 1 from posko.journey"
        f" where touched_at >= :at and status <> 'SENT_TO_KONSORSIUM' limit {MOST_TOUCHED + 1}) as touched",
        at=state["data_at"],
    )
    return Load(int(state["load_no"]), state["data_at"], int(touched["found"]) if touched else 0)


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month(value: object) -> date | None:
    """Return the first day of a month `YYYY-MM`; None where none was asked for."""
    if value is None:
        return None
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise refuse("NOT_A_DATE", what="Bulan")
    return inputs.day(f"{value}-01", "Bulan")


def _code(value: object, what: str) -> str | None:
    return None if value is None else inputs.code(value, what, 40)
