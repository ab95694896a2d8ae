"""Migrations: a bare server becomes the newest schema, and a second call changes nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from posko.db.accounts import GRANTS
from posko.db.engine import Server
from posko.db.migrate import applied, migrate, newest, state_of
from posko.settings import PROJECT_ROOT

pytestmark = pytest.mark.server


def test_a_second_migration_changes_nothing(posko: Server) -> None:
    assert migrate(posko) == []
    assert state_of(posko) == "newest"


def test_every_migration_file_is_applied_in_its_order(posko: Server) -> None:
    files = sorted(Path(PROJECT_ROOT, "posko/db/migrations/versions").glob("[0-9]*.py"))
    engine = posko.engine(posko.admin)
    with engine.connect() as db:
        assert applied(db) == [file.name[:4] for file in files]
    engine.dispose()
    assert newest() == files[-1].name[:4]


def test_no_foreign_key_cascades(posko: Server) -> None:
    engine = posko.engine(posko.admin)
    with engine.connect() as db:
        rules = (
            db.execute(sa.text("select distinct delete_rule from information_schema.referential_constraints"))
            .scalars()
            .all()
        )
    engine.dispose()
    assert "CASCADE" not in rules


def test_no_column_holds_a_password(posko: Server) -> None:
    engine = posko.engine(posko.admin)
    with engine.connect() as db:
        named = db.execute(
            sa.text(
                "select table_name, column_name from information_schema.columns where table_schema like 'posko%'"
                " and (column_name like '%password%' or column_name like '%sandi%')"
            )
        ).all()
    engine.dispose()
    assert named == []


def test_the_table_of_accounts_in_the_module_equals_the_grants() -> None:
    accounts = {"posko_ingest", "posko_dbt", "posko_app", "posko_sealer", "posko_export", "posko_public"}
    assert set(GRANTS) == accounts
    assert "posko_model" not in GRANTS["posko_ingest"]
    assert GRANTS["posko_dbt"]["posko"] == GRANTS["posko_dbt"]["posko_staging"] == GRANTS["posko_export"]["posko"]
