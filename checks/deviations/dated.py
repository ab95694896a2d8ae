"""A dated parameter inside a statement: the value of the day that is judged, as dbt's macro `parameter_on` reads it (F44)."""

from __future__ import annotations

SINCE = "coalesce(cast(cast(:since as datetime(6)) + interval 7 hour as date) - interval 7 hour, '2000-01-01')"
"""SQL for the midnight in western Indonesia before the moment `:since`, in UTC; the first day of all where that is null."""


def value_on(name: str, day: str) -> str:
    """Return SQL for the value of a parameter of the seed on a day.

    Args:
        name: `param_code` of `dbt_project/seeds/parameter.csv`.
        day: SQL of the day, a column of the query around it.
    """
    return (
        f"(select limits.value from posko_model.parameter as limits where limits.param_code = '{name}' and limits.sub_key = '*'"
        f" and {day} between limits.valid_from and coalesce(limits.valid_until, date '9999-12-31'))"
    )


def local_day(moment: str) -> str:
    """Return SQL for the day of western Indonesia on which a moment in UTC lies."""
    return f"cast({moment} + interval 7 hour as date)"
