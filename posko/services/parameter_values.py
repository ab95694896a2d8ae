"""The value of a dated parameter on a day (F44, R-028); apart from `parameters`, because proofs are judged by them too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.parameters import DEFAULTS

if TYPE_CHECKING:
    from datetime import date


def number_on(db: sa.Connection, name: str, day: date) -> int:
    """Return the value in force on a day: the newest that began by then, else the default of `posko.domain.parameters`."""
    found = db.scalar(
        sa.text(
            "select value from posko.parameter where parameter_name = :name and valid_from <= :day"
            " order by valid_from desc limit 1"
        ),
        {"name": name, "day": day},
    )
    return DEFAULTS[name].value if found is None else int(found)
