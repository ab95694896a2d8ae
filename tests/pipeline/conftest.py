"""One simulated source, received and built once for the whole folder; tests that change it say so by using `nightly`."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from apps.pipeline.dbt import run_dbt
from ingest.receive import Received, receive
from ingest.registers import parse_date
from ingest.simulator import simulate
from posko.db.engine import Server
from posko.services.registry import PlacementCompany, TrainingCentre, fill_demo_registry
from posko.settings import Settings
from tests.conftest import SourceServer, empty_posko, empty_source

TODAY = dt.datetime.now(dt.UTC).date()
TKI = 2_000

MART_KEYS = {
    "fct_tki_eligible": "tki_id",
    "fct_tki_held_back": "tki_id, rule_id",
    "fct_tki_finding": "tki_id, rule_id",
    "fct_tuk_proposal": "tki_id",
    "fct_tki_unplaced": "tki_id",
    "fct_handoff_ledger": "hop_no, batch_id",
    "fct_allocation_balance": "1, 2, 3",
    "fct_blkln_finding": "1, 2, 3",
}
"""Every mart -> an order that makes two builds comparable."""


@dataclass
class Built:
    """Servers with one build behind them, and questions about it."""

    settings: Settings
    source: SourceServer
    posko: Server
    received: Received
    faults: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(self.posko.connect("posko_export")) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    def one(self, sql: str, *values: Any) -> Any:
        return self.ask(sql, *values)[0][0]

    def rules(self, table: str, tki_id: str) -> set[str]:
        return {rule for (rule,) in self.ask(f"select rule_id from posko_model.{table} where tki_id = %s", tki_id)}

    def marts(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all marts, without the columns that only say when a build was."""
        found = {}
        for mart, order in MART_KEYS.items():
            columns = [
                name
                for (name,) in self.ask(
                    "select column_name from information_schema.columns where table_schema = 'posko_model' and table_name = %s"
                    " order by ordinal_position",
                    mart,
                )
            ]
            assert columns, f"{mart} was not built"
            listed = ", ".join(name if isinstance(name, str) else name.decode() for name in columns)
            found[mart] = self.ask(f"select {listed} from posko_model.{mart} order by {order}")
        return found

    def receive(self, *, verify: bool = False) -> Received:
        self.received = receive(self.source.server, self.posko, self.settings, verify=verify)
        return self.received

    def build(self, *, full: bool = False) -> None:
        run_dbt(self.settings, self.posko, "build", *(["--full-refresh"] if full else []))


@pytest.fixture(scope="package")
def built(settings: Settings, posko: Server, _source: SourceServer, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A source of 2,000 TKI with planted faults, received, and built from nothing."""
    empty_source(_source)
    empty_posko(posko)
    fault_file: Path = tmp_path_factory.mktemp("faults") / "faults.jsonl"
    with closing(_source.connect()) as connection:
        simulate(connection, tki=TKI, seed=7, today=TODAY, fault_share=0.15, fault_file=fault_file)
    fill_register(_source, posko)
    first = receive(_source.server, posko, settings)
    made = Built(
        settings, _source, posko, first, [json.loads(line) for line in fault_file.read_text("utf-8").splitlines()]
    )
    made.build()
    return made


def fill_register(source: SourceServer, posko: Server) -> None:
    """Fill BNSP's registers for what the source names."""
    with closing(source.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("select kode_blkln, nama, kota, kapasitas, berlaku_sampai from blkln order by 1")
        centres = [TrainingCentre(c, n, k, int(p), parse_date(u, "MDY")) for c, n, k, p, u in cursor.fetchall()]
        cursor.execute("select nama_pptkis, no_siup, berlaku_sampai from pptkis order by 1")
        companies = [PlacementCompany(n, s, parse_date(u, "MDY")) for n, s, u in cursor.fetchall()]
    engine = posko.engine("posko_app", "posko")
    with engine.begin() as db:
        fill_demo_registry(db, seed=7, today=TODAY, centres=centres, companies=companies)
    engine.dispose()
