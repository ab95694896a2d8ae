"""Runs a gate's rules with Great Expectations, as the read-only account, and leaves Data Docs behind.

The library takes seconds to import, so only functions import it. Its telemetry is off before it is loaded.
"""

from __future__ import annotations

import html
import os
import time
import warnings
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from checks.gate import (
    SHOWN_PROBLEMS,
    ExpectationResult,
    GateResult,
    could_not_ask,
    judge,
    name_problems,
    one_line,
    outcome_of,
)
from checks.pages import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from checks.gate import Rule
    from posko.db.engine import Server

ACCOUNT = "posko_export"


def run_rules(server: Server, *, gate: str, table: str, rules: Sequence[Rule], docs_dir: Path) -> GateResult:
    """Run the rules of a gate and publish its pages.

    Args:
        server: POSKO's own server; only read.
        gate: name of the gate, also of its folder of pages.
        table: `schema.table` that the rules call `{batch}`.
        rules: what must hold.
        docs_dir: folder of all pages; the gate's own are replaced at once.

    Raises:
        ConnectionFailed: the server does not answer.
    """
    began, checked_at = time.monotonic(), datetime.now(UTC).replace(tzinfo=None)
    server.connect(ACCOUNT).close()
    site = Site(docs_dir, gate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns about the libraries that it was built on
        try:
            results = _run(server, gate, table, rules, site.folder)
        except Exception as error:  # noqa: BLE001 - whatever keeps the library from asking is no finding about the data
            why = one_line(str(error)) or type(error).__name__
            results = [could_not_ask(rule, why) for rule in rules]
    seconds = round(time.monotonic() - began, 3)
    result = GateResult(gate, outcome_of(results), tuple(results), site.index, checked_at, seconds)
    site.publish(result)
    return result


def _run(server: Server, gate: str, table: str, rules: Sequence[Rule], site: Path) -> list[ExpectationResult]:
    gx = _library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    schema, name = table.split(".")
    # `creator` keeps the password out of every configuration that the library prints or stores.
    source = context.data_sources.add_sql(
        "posko",
        connection_string="mysql+pymysql://",
        kwargs={"creator": lambda: server.connect(ACCOUNT, schema), "isolation_level": "READ COMMITTED"},
    )
    asset = source.add_table_asset(name, table_name=name, schema_name=schema)
    batch = asset.add_batch_definition_whole_table("semua")
    suite = context.suites.add(gx.ExpectationSuite(name=gate))
    for rule in rules:
        suite.add_expectation(_expectation(rule))
    definition = gx.ValidationDefinition(name=gate, data=batch, suite=suite)
    context.validation_definitions.add(definition)
    context.add_data_docs_site("gerbang", _site_config(site))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name=gate,
            validation_definitions=[definition],
            actions=[gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["gerbang"])],
            result_format="COMPLETE",
        )
    )
    (ran,) = checkpoint.run().run_results.values()
    answers = {one.expectation_config.meta["rule"]: one for one in ran.results}
    return [_read(rule, answers.get(rule.name)) for rule in rules]


@cache
def _library() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: PLC0415 - seconds; see above

    return great_expectations


@cache
def _expectation_class() -> Any:
    """Return the expectation "this SQL finds nothing"; the library's own would ask the server twice."""
    from great_expectations.expectations.core import unexpected_rows_expectation as library  # noqa: PLC0415

    class SqlFindsNothing(library.UnexpectedRowsExpectation):
        metric_dependencies = ("unexpected_rows_query.table",)

        def _validate(
            self,
            metrics: dict[str, Any],
            runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 - the library's signature
            execution_engine: Any = None,  # noqa: ARG002 - the library's signature
        ) -> dict[str, Any]:
            problems = [str(row["problem"]) for row in metrics["unexpected_rows_query.table"]]
            # The pages print `observed_value` as it stands, and what BNP2TKI sent may hold markup.
            observed = name_problems(problems)
            result = {"observed_value": html.escape(observed), "details": {"observed": observed}}
            return {"success": not problems, "result": result}

    return SqlFindsNothing


def _expectation(rule: Rule) -> Any:
    sql = f"{rule.sql} limit {SHOWN_PROBLEMS + 1}"
    if "{batch}" not in sql:
        sql += " /* {batch} */"  # the library prints a warning about a query that does not name its table
    return _expectation_class()(
        description=rule.description,
        unexpected_rows_query=sql,
        severity="warning" if rule.only_warns else "critical",
        meta={"rule": rule.name},
    )


def _read(rule: Rule, answer: Any) -> ExpectationResult:
    if answer is None:
        return judge(rule, success=False, observed=None, exception_info=None)
    seen = ((answer.result or {}).get("details") or {}).get("observed")
    return judge(rule, success=bool(answer.success), observed=seen, exception_info=answer.exception_info)


def _site_config(site: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
    }
