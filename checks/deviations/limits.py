"""The dated limits of the statistical rules, as dbt's seed `parameter` holds them (F44; requirements 9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_IN_FORCE = """
    select param_code, sub_key, value from posko_model.parameter
    where param_code like 'statistic%' and valid_from <= :day and coalesce(valid_until, date '9999-12-31') >= :day"""


@dataclass(frozen=True)
class Limits:
    """The values in force on one day, by name and by what each is for (a rule, or `*`)."""

    values: Mapping[tuple[str, str], float]

    @property
    def rate(self) -> float:
        """False discovery rate at which a result is a finding."""
        return self.number("statistic_fdr_percent") / 100

    @property
    def months(self) -> int:
        """How many months back are judged."""
        return int(self.number("statistic_months"))

    def least(self, rule_id: str) -> int:
        """Return how many results a group must have to be judged by a rule."""
        return int(self.number("statistic_least", rule_id))

    def number(self, name: str, sub_key: str = "*") -> float:
        """Return a value; one for the rule itself goes before one for all.

        Raises:
            ConfigurationError: no value is in force.
        """
        found = self.values.get((name, sub_key), self.values.get((name, "*")))
        if found is None:
            raise ConfigurationError(
                f"Parameter {name} ({sub_key}) tidak berlaku hari itu. Lengkapi dbt_project/seeds/parameter.csv, lalu `posko transform`."
            )
        return found


def limits_on(db: sa.Connection, day: date) -> Limits:
    """Return the limits in force on a day."""
    found = db.execute(sa.text(_IN_FORCE), {"day": day})
    return Limits({(str(name), str(sub_key)): float(value) for name, sub_key, value in found})
