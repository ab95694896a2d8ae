"""Reconcile stage: nobody vanishes, nobody is in two places, parts sum to the whole (§12.7-12.8, R-102, R-182)."""

import pytest

from apps.pipeline.dbt import run_dbt
from posko.domain.errors import DataRefused
from tests.pipeline.conftest import Built

pytestmark = pytest.mark.pipeline


def test_the_ledger_balances_at_every_hop(built: Built) -> None:
    rows = built.ask("select hop_no, sent, received, loaded, rejected, in_transit from posko_model.fct_handoff_ledger")
    assert rows
    for hop, sent, received, loaded, rejected, in_transit in rows:
        assert sent == received + in_transit, f"hop {hop}"
        assert received == loaded + rejected, f"hop {hop}"


def test_the_first_hop_of_the_ledger_is_what_each_batch_brought(built: Built) -> None:
    ledger = built.ask(
        "select batch_id, sent, received, loaded, rejected from posko_model.fct_handoff_ledger where hop_no = 1 order by 1"
    )
    batches = built.ask(
        "select batch_id, source_rows, staged_rows, accepted, refused from posko_staging.receive_batch"
        " where state = 'DONE' order by 1"
    )
    assert ledger == batches
    assert all(sent == accepted + refused for _, sent, _, accepted, refused in batches)


def test_a_tki_that_vanishes_behind_the_pipelines_back_stops_the_build_by_name(built: Built) -> None:
    victim = built.one("select tki_id from posko_model.fct_tki_eligible order by tki_id limit 1")
    with built.posko.connect(built.posko.admin) as connection, connection.cursor() as cursor:
        cursor.execute("delete from posko_model.fct_tki_eligible where tki_id = %s", (victim,))
        connection.commit()
    with pytest.raises(DataRefused, match="assert_"):
        run_dbt(built.settings, built.posko, "test", "--select", "test_type:singular")
    built.build(full=True)
    assert built.one("select count(*) from posko_model.fct_tki_eligible where tki_id = %s", victim) == 1
