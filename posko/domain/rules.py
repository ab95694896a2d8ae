"""The deviation rules: one catalogue, `dbt_project/seeds/deviation_rule.csv`, that dbt, services and screens read (requirements 7).

Severity B blocks, H holds the result until a case is closed, W warns and opens a case, I informs. Where the requirements name two
(DV-I07) `severity` is the one of the moment of entry, and `found_as` the one of what is found later.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["B", "H", "W", "I"]
Mode = Literal["P", "D"]
Scope = Literal["journey", "session", "event", "all"]

CATALOGUE = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "deviation_rule.csv"
BY_ACT = "act"
NOT_JUDGED = "tidak dinilai"
BY_MODULE = "checks.deviations."
BY_STATISTICS = f"{BY_MODULE}statistics"
BY_SQL = "fct_deviation_"


@dataclass(frozen=True, slots=True)
class Rule:
    """One deviation rule.

    `mode` is P where the act is prevented at entry, D where it is found later. `judged_by` is `act` (a service refuses or notes it, and
    nothing finds it again), the name of a view `fct_deviation_...`, a module `checks.deviations...`, or `tidak dinilai`. `scope` says
    what of it has to be judged again when something changed: the journeys or sessions touched, the events since, or all. `owner` is the
    role that looks after the threshold, `parameters` names the dated values that it is judged by.
    """

    paragraph: str
    severity: Severity
    mode: Mode
    judged_by: str = BY_ACT
    scope: Scope = "event"
    found_as: Severity = "W"
    owner: str = "BNSP"
    parameters: tuple[str, ...] = ()
    description: str = ""

    @property
    def is_found(self) -> bool:
        """Whether a run looks for it; a service refuses or notes the others."""
        return self.is_sql or self.is_module

    @property
    def is_sql(self) -> bool:
        """Whether a view finds it."""
        return self.judged_by.startswith(BY_SQL)

    @property
    def is_module(self) -> bool:
        """Whether a module of `checks.deviations` finds it."""
        return self.judged_by.startswith(BY_MODULE)

    @property
    def is_statistical(self) -> bool:
        """Whether it estimates: it compares with peers, opens a case and never changes a result."""
        return self.judged_by == BY_STATISTICS


def read_catalogue(path: Path = CATALOGUE) -> dict[str, Rule]:
    """Return rule id -> rule, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["rule_id"]: Rule(
                paragraph=row["paragraph"],
                severity=cast("Severity", row["severity"]),
                mode=cast("Mode", row["mode"]),
                judged_by=row["judged_by"],
                scope=cast("Scope", row["scope"]),
                found_as=cast("Severity", row["found_as"]),
                owner=row["owner"],
                parameters=tuple(row["parameters"].split()),
                description=row["description"],
            )
            for row in csv.DictReader(lines)
        }


RULES: Mapping[str, Rule] = read_catalogue()
"""Rule id -> rule."""
