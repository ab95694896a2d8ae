"""What the rules find, read from their views and asked of their modules, some at once (§5.2; docs/deviations.md).

A view is read under the account of the application, which reads through it; a module is asked under the account that only reads.
"""

from __future__ import annotations

import importlib
import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.db.snapshot import snapshot
from posko.domain.errors import ConfigurationError
from posko.domain.finding import Finding
from posko.domain.rules import RULES
from posko.services.finding_rows import server_time
from posko.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from posko.db.engine import Server
    from posko.domain.rules import Rule
    from posko.services.office import Office

AT_ONCE = 2
"""Rules that are read at once: each keeps one processor of the database busy."""
TEMPORARY_MB = 256
"""What a rule's temporary table may take in memory; past the server's 16 MB a year's group by goes to disk and takes twice as long."""
LONGEST = ("checks.deviations.log", "checks.deviations.replay")
"""Modules that read the whole log."""
MODULES = PROJECT_ROOT / "checks" / "deviations"
_COLUMNS = (
    "subject_kind, cast(subject_code as char(121)) as subject_code, cast(finding_key as char(121)) as finding_key, tki_id, journey_id,"
    " session_id, cast(evidence as char) as evidence, cast(observed_at as datetime(6)) as observed_at"
)
_VIEWS = "select table_name, view_definition from information_schema.views where table_schema = 'posko_model' and table_name like :name"
_PARAMETERS = "select param_code, sub_key, value, valid_from, valid_until from posko_model.parameter order by 1, 2, 4"


@dataclass(frozen=True)
class Read:
    """What a view or module found, when reading began (server's clock, UTC), and how many seconds it took."""

    started_at: datetime
    found: list[Finding]
    seconds: float

    def of(self, rule_id: str) -> list[Finding]:
        """Return what belongs to one rule; a view has but one."""
        return [each for each in self.found if each.rule_id in {"", rule_id}]


@contextmanager
def reading(
    office: Office, server: Server, day: date, since: Mapping[str, datetime | None]
) -> Iterator[Callable[[str], Read]]:
    """Begin to read all these rules (rule -> from when on, None: everything), and yield what gives the outcome of one.

    Giving it waits until it is read, and raises what reading raised. A module that several rules share is asked once, from the earliest
    moment that one of them wants.
    """
    export = server.engine("posko_export", "posko")
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rule")
    reads: dict[str, Future[Read]] = {}
    try:
        # The modules read most, the whole log among it: they begin first, so that none of them is waited for at the end.
        for rule_id in sorted(since, key=lambda one: (RULES[one].is_sql, RULES[one].judged_by not in LONGEST)):
            rule = RULES[rule_id]
            if rule.judged_by not in reads:
                wanted = [since[one] for one in since if RULES[one].judged_by == rule.judged_by]
                first = None if None in wanted else min(moment for moment in wanted if moment is not None)
                engine, ask = (office.engine, _view) if rule.is_sql else (export, _module)
                reads[rule.judged_by] = pool.submit(ask, engine, rule, day, first)
        yield lambda rule_id: reads[RULES[rule_id].judged_by].result()
    finally:
        pool.shutdown(cancel_futures=True)
        export.dispose()


def definitions(db: sa.Connection) -> dict[str, bytes]:
    """Return rule -> SHA-256 of its row, its view or module, and its thresholds: when one changes, everything is judged anew.

    Raises:
        ConfigurationError: dbt never ran here, so there are neither thresholds nor views.
    """
    if not sa.inspect(db).has_table("parameter", schema="posko_model"):
        raise ConfigurationError("Aturan dan ambangnya belum dibuat. Jalankan posko transform lebih dahulu.")
    views = {row[0]: row[1] for row in db.execute(sa.text(_VIEWS), {"name": "fct_deviation_%"})}
    values: dict[str, list[str]] = {}
    for row in db.execute(sa.text(_PARAMETERS)):
        values.setdefault(row[0], []).append(str(tuple(row)))
    # The modules share code, so a change of one counts for all.
    modules = "".join(path.read_text("utf-8") for path in sorted(MODULES.glob("*.py")))
    made = {}
    for rule_id, rule in RULES.items():
        code = modules if rule.is_module else views.get(rule.judged_by, "")
        lines = [str(rule), code, *(line for name in rule.parameters for line in values.get(name, ()))]
        made[rule_id] = sha256("|".join(lines).encode()).digest()
    return made


def _view(engine: sa.Engine, rule: Rule, _day: date, since: datetime | None) -> Read:
    """Read a view, or what of it was touched since a time."""
    began = time.monotonic()
    with engine.connect() as db, _room(db):
        started_at = server_time(db)
        where = "" if since is None else " where touched_at >= :since"
        values = {} if since is None else {"since": since}
        rows = db.execute(sa.text(f"select {_COLUMNS} from posko_model.{rule.judged_by}{where}"), values).mappings()
        found = [_finding(dict(row)) for row in rows]
    return Read(started_at, found, time.monotonic() - began)


def _module(engine: sa.Engine, rule: Rule, day: date, since: datetime | None) -> Read:
    """Ask a module; one whose rules need not judge everything is told from when on."""
    began = time.monotonic()
    find: Callable[..., Iterable[Finding]] = importlib.import_module(rule.judged_by).find
    more = () if rule.scope == "all" else (since,)
    with snapshot(engine) as db, _room(db):
        started_at = server_time(db)
        found = list(find(db, day, *more))
    return Read(started_at, found, time.monotonic() - began)


@contextmanager
def _room(db: sa.Connection) -> Iterator[None]:
    """Let temporary tables of this connection be larger, until it is given back."""
    names = ("tmp_table_size", "max_heap_table_size")
    for name in names:
        db.exec_driver_sql(f"set session {name} = {TEMPORARY_MB * 1024 * 1024}")
    try:
        yield
    finally:
        for name in names:
            db.exec_driver_sql(f"set session {name} = default")


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(rule_id="", **{**row, "evidence": json.loads(row["evidence"])})
