"""The views of deviation rules made on a test's server without dbt: their own SQL, rendered by Jinja with the macros of the project."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import sqlalchemy as sa

if TYPE_CHECKING:
    from tests.support.world import World

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MACROS = ("sql", "parameter_on", "act_parameter_on", "certificate", "deviation")
SCHEMAS = {"bnp2tki": "posko_staging"}
"""Source -> schema; all others stand in `posko`."""
_SEED = """
    create table posko_model.parameter (param_code varchar(40), sub_key varchar(40), value decimal(12, 3), valid_from date,
        valid_until date, legal_source varchar(255), is_verified tinyint, primary key (param_code, sub_key, valid_from))"""


class RuleViews:
    """Makes the views of rules in a world, with all that they read, and asks them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.made: set[str] = set()
        self.environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
        self.prelude = "".join((PROJECT / "macros" / f"{name}.sql").read_text("utf-8") for name in MACROS)
        world.write(_SEED)
        with (PROJECT / "seeds" / "parameter.csv").open(encoding="utf-8", newline="") as lines:
            rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(lines)]
        with world.admin().begin() as db:
            db.execute(
                sa.text(
                    "insert into posko_model.parameter"
                    " values (:param_code, :sub_key, :value, :valid_from, :valid_until, :legal_source, :is_verified)"
                ),
                rows,
            )
        self.made.add("parameter")

    def found(self, rule: str) -> dict[str, dict[str, Any]]:
        """Return finding key -> what the view of a rule (`s06`) finds now."""
        rows = self.rows(rule)
        keys = {str(row["finding_key"]): row for row in rows}
        assert len(keys) == len(rows)
        return keys

    def rows(self, rule: str) -> list[dict[str, Any]]:
        """Return what the view of a rule finds now."""
        view = self._ref(f"fct_deviation_{rule}")
        with self.world.server.engine("posko_export", "posko").connect() as db:
            return [dict(row) for row in db.execute(sa.text(f"select * from {view}")).mappings()]

    def _ref(self, name: str) -> str:
        if name not in self.made:
            self.made.add(name)
            (path,) = (PROJECT / "models").rglob(f"{name}.sql")
            code = self.environment.from_string(self.prelude + path.read_text("utf-8")).render(
                ref=self._ref, source=lambda name, table: f"{SCHEMAS.get(name, 'posko')}.{table}"
            )
            with self.world.admin().begin() as db:
                db.exec_driver_sql(f"create view posko_model.{name} as {code.strip()}".replace("%", "%%"))
        return f"posko_model.{name}"
