"""Anti-pattern 3 of the requirements: cascade delete. Nobody's deletion lets a certificate disappear (§5.3; R-020, R-181)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from posko.db.accounts import CHANGING
from tests.support.decided import decided, publish

pytestmark = pytest.mark.server
GROWING = (
    "publication",
    "meeting_participant",
    "meeting_comment",
    "case_subject",
    "case_note",
    "decision",
    "assessment",
)


@pytest.fixture
def certified(world):
    decided(world, "9811262")
    publish(world)
    return world


@pytest.mark.parametrize(
    "what",
    [
        "journey where tki_id = '9811262'",
        "candidate where tki_id = '9811262'",
        "exam_session",
        "lsp where lsp_code = 'LSP-1'",
        "tuk where tuk_code = 'TUK-1'",
        "asesor where met_no = 'MET.1'",
        "staff where person_id = 'AS1'",
        "decision",
        "certificate",
        "publication",
        "deviation",
        "deviation_case",
        "appeal",
    ],
)
def test_anti_pattern_3_cascade_delete_is_refused_to_the_application(certified, what):
    with certified.office.engine.begin() as db, pytest.raises(sa.exc.DBAPIError, match="denied"):
        db.exec_driver_sql(f"delete from posko.{what}")

    assert certified.value("select count(*) from posko.certificate") == 1


@pytest.mark.parametrize(
    "what", ["journey", "exam_session", "lsp where lsp_code = 'LSP-1'", "asesor where met_no = 'MET.1'", "decision"]
)
def test_anti_pattern_3_even_the_administrator_deletes_nothing_under_a_certificate(certified, what):
    with certified.admin().begin() as db, pytest.raises(sa.exc.IntegrityError):
        db.exec_driver_sql(f"delete from posko.{what}")

    assert certified.value("select count(*) from posko.certificate") == 1


def test_anti_pattern_3_no_foreign_key_cascades(world):
    rules = world.ask(
        "select constraint_schema, constraint_name, delete_rule, update_rule from information_schema.referential_constraints"
        " where constraint_schema like 'posko%'"
    )

    assert len(rules) > 30
    assert [name for *name, delete, update in rules if {delete, update} - {"RESTRICT", "NO ACTION"}] == []


def test_anti_pattern_3_the_application_may_delete_and_truncate_nothing_but_rules(world):
    grants = world.ask(
        "select table_name from information_schema.table_privileges where grantee like '%posko_app%' and table_schema = 'posko'"
        " and privilege_type in ('DELETE', 'DROP')"
    )
    everywhere = world.ask(
        "select privilege_type from information_schema.schema_privileges where grantee like '%posko_app%'"
        " and privilege_type in ('DELETE', 'DROP', 'ALTER', 'CREATE')"
    )

    assert {name for (name,) in grants} == {"blkln_tuk_rule"}
    assert everywhere == []


@pytest.mark.parametrize("table", GROWING)
def test_what_only_grows_cannot_be_changed_by_the_application(certified, table):
    assert table not in CHANGING
    (column,) = certified.ask(
        "select column_name from information_schema.columns where table_schema = 'posko' and table_name = :t"
        " and extra not like '%%GENERATED%%' order by ordinal_position desc limit 1",
        t=table,
    )[0]

    with certified.office.engine.begin() as db, pytest.raises(sa.exc.DBAPIError, match="denied"):
        db.exec_driver_sql(f"update posko.{table} set {column} = {column}")
