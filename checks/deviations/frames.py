"""What the statistical rules read, once for all of them: every result, door and session of the last months as frames (§4.2).

A driver that makes an object of every field would spend seconds on a year of 300,000 TKI: so the server joins the lines of one session
into one text, and pandas takes them apart again. Codes are categories: a frame of a year is some 30 MB.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from checks.deviations.limits import Limits, limits_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EPOCH = "timestamp'2000-01-01 00:00:00'"
_FIELD, _LINE = "\x1f", "\x1e"
_CODES = ("met", "tuk", "lsp", "scheme", "blkln", "pptkis", "station", "staff")
_RESULT = ("assessment_id", "journey_id", "version", "met", "passed", "at")
_DOOR = ("micros", "score", "quality", "is_exception", "station", "staff")
_LONGEST = "set session group_concat_max_len = 100000000"
_SESSIONS = """
    select session_id, tuk_code as tuk, lsp_code as lsp, scheme_code as scheme, met_no as met, exam_on as day, scored_at,
        timestampdiff(second, scoring_opened_at, scored_at) as scored_after
    from posko.exam_session where exam_on between :since and :on and status <> 'CANCELLED'"""
_OF_SESSION = """
    select group_concat(concat_ws('\x1f', sitting.session_id, {fields}) separator '\x1e') as packed
    from posko.exam_session as sitting straight_join {table} as line on line.session_id = sitting.session_id
    where sitting.exam_on between :since and :on and sitting.status <> 'CANCELLED' and {where} group by sitting.session_id"""
_TESTS = _OF_SESSION.format(
    fields="line.assessment_id, line.journey_id, line.version, line.met_no, line.result = 'K',"
    f" timestampdiff(second, {EPOCH}, line.assessed_at)",
    table="posko.assessment",
    where="1 = 1",
)
_DOORS = _OF_SESSION.format(
    fields=f"timestampdiff(microsecond, {EPOCH}, line.recorded_at), coalesce(line.score, 0), coalesce(line.quality, 0),"
    " line.score is null and line.reason is not null, coalesce(line.station_code, ''), line.recorded_by",
    table="posko.attendance",
    where="line.outcome = 'PRESENT' and line.late_seconds is null",
)
_ORIGINS = """
    select coalesce(blkln_code, '') as blkln, coalesce(pptkis_name, '') as pptkis, count(*) as many, group_concat(journey_id) as numbers
    from posko.candidate group by blkln_code, pptkis_name"""
_WEAK = """
    select pattern, units, count(*) as many, group_concat(assessment_id) as numbers from (
        select line.assessment_id, group_concat(item.unit_code order by item.unit_code) as pattern, count(*) as units
        from posko.assessment as line
        straight_join posko.score_item as item on item.assessment_id = line.assessment_id and item.result = 'BK'
        where line.result = 'BK' and line.assessment_id >= :first group by line.assessment_id
    ) as failed group by pattern, units"""
_TIES = """
    select tie_id, party_kind, party_code, body_kind, body_code, valid_from as began from posko.ownership_tie
    where valid_from > :since and valid_from <= :on order by tie_id"""


@dataclass(frozen=True)
class Frames:
    """The last months as frames.

    tests: one row a result that stands: assessment_id, session_id, journey_id, met (who scored), tuk, lsp, scheme, day, month (yyyymm), at,
        blkln, pptkis, passed (0 or 1).
    weak: those of them not yet competent: also pattern (units with BK) and units (how many).
    doors: one row a candidate let in, but for late uploads: session_id, tuk, day, month, at, second, score, quality, is_exception, station,
        staff.
    sessions: session_id, tuk, lsp, scheme, met, day, scored_at, scored_after (seconds from release to score).
    ties: ownership that began in these months.
    span: how many months they are, as the evidence tells it.
    """

    tests: pd.DataFrame
    weak: pd.DataFrame
    doors: pd.DataFrame
    sessions: pd.DataFrame
    ties: pd.DataFrame
    span: Mapping[str, object]


def read(db: sa.Connection, on: date) -> tuple[Frames, Limits]:
    """Read the months before a day, and the limits in force on it.

    Args:
        db: an account that reads `posko` and `posko_model`.
        on: the last day.

    Raises:
        ConfigurationError: the months are no parameter in force.
    """
    limits = limits_on(db, on)
    since = (pd.Timestamp(on) - pd.DateOffset(months=limits.months)).date() + timedelta(days=1)
    asked = {"since": since, "on": on}
    db.exec_driver_sql(_LONGEST)
    sessions = _frame(db, _SESSIONS, asked)
    sessions = _coded(
        sessions.assign(day=pd.to_datetime(sessions["day"]), scored_at=pd.to_datetime(sessions["scored_at"]))
    )
    origins = _numbered(_coded(_frame(db, _ORIGINS, {})), "journey_id")
    tests = _tests(_unpacked(db, _TESTS, asked, _RESULT), sessions, origins)
    doors = _doors(_unpacked(db, _DOORS, asked, _DOOR), sessions)
    first = int(tests["assessment_id"].min()) if len(tests) else 0
    lacking = _numbered(_frame(db, _WEAK, {"first": first}), "assessment_id")
    weak = tests[tests["passed"] == 0].merge(lacking, on="assessment_id")
    ties = _frame(db, _TIES, asked)
    ties = ties.assign(began=pd.to_datetime(ties["began"]))
    span: dict[str, object] = {"bulan_dinilai": limits.months}
    return Frames(tests, weak, doors, sessions, ties, span), limits


def _numbered(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one row for each of the `numbers` of a row, under this name, with the row's other columns."""
    rows = np.repeat(np.arange(len(found)), found["many"].to_numpy(int))
    numbers = [one for one in ",".join(found["numbers"]).split(",") if one]
    return found.drop(columns=["many", "numbers"]).iloc[rows].assign(**{name: np.array(numbers, dtype="int64")})


def _frame(db: sa.Connection, sql: str, asked: Mapping[str, object]) -> pd.DataFrame:
    """Return the rows of a query."""
    found = db.execute(sa.text(sql), asked)
    return pd.DataFrame(found.fetchall(), columns=list(found.keys()))


def _unpacked(db: sa.Connection, sql: str, asked: dict[str, date], columns: Sequence[str]) -> pd.DataFrame:
    """Return the lines of all sessions, with `session_id` before the columns."""
    text = _LINE.join(str(packed) for packed in db.scalars(sa.text(sql), asked))
    kinds: dict[str, Any] = dict.fromkeys(("session_id", "assessment_id", "journey_id", "micros", "at"), "int64")
    kinds |= dict.fromkeys(("version", "passed", "is_exception"), "int8") | dict.fromkeys(("score", "quality"), "int32")
    kinds |= dict.fromkeys(_CODES, "category")
    return pd.read_csv(
        io.StringIO(text),
        sep=_FIELD,
        lineterminator=_LINE,
        names=["session_id", *columns],
        dtype={name: kinds[name] for name in ("session_id", *columns)},
        keep_default_na=False,
        quoting=3,
    )


def _tests(lines: pd.DataFrame, sessions: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Return the newest version of each result, with where and when it was and who sent her."""
    one = ["session_id", "journey_id"]
    newest = (
        lines.sort_values([*one, "version"], kind="stable").drop_duplicates(one, keep="last").drop(columns="version")
    )
    at = pd.Timestamp("2000-01-01") + pd.to_timedelta(newest["at"], unit="s")
    placed = _placed(newest.assign(at=at), sessions, ["tuk", "lsp", "scheme", "day"])
    return placed.merge(origins, on="journey_id")


def _doors(lines: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Return who was let in, with where and when."""
    at = pd.Timestamp("2000-01-01") + pd.to_timedelta(lines["micros"], unit="us")
    return _placed(lines.assign(at=at, second=lines["micros"] / 1e6).drop(columns="micros"), sessions, ["tuk", "day"])


def _placed(lines: pd.DataFrame, sessions: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return lines with columns of their session and the month of its day."""
    placed = lines.merge(sessions[["session_id", *columns]], on="session_id")
    return placed.assign(month=(placed["day"].dt.year * 100 + placed["day"].dt.month).astype("int32"))


def _coded(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.columns.intersection(list(_CODES)), "category"))
