"""Each database account may do its own work and is refused everywhere else, by the server itself (§5.4, R-022)."""

from __future__ import annotations

from contextlib import closing

import pymysql
import pytest

from posko.db.accounts import GRANTS, SCHEMAS

pytestmark = pytest.mark.server

READS = {"select"}
WRITES = {"insert", "update", "delete"}
STATEMENTS = {
    "select": "select count(*) from {table}",
    "insert": "insert into {table} (probe) values (1)",
    "update": "update {table} set probe = 2",
    "delete": "delete from {table}",
    "create": "create table {schema}.made_by_probe (probe int)",
    "alter": "alter table {table} add column more int",
    "drop": "drop table {table}",
}
DENIED = {1044, 1045, 1142, 1227, 1370, 3619}
EVERYTHING = set(STATEMENTS)
CASES = [
    (account, schema, statement, _allowed)
    for account, grants in GRANTS.items()
    for schema in SCHEMAS
    for statement in STATEMENTS
    for _allowed in [
        statement in grants.get(schema, "").replace("all", ", ".join(EVERYTHING)).replace(" ", "").split(",")
    ]
]


@pytest.fixture
def probe(posko):
    """A table called `probe` in each schema."""
    with closing(posko.connect(posko.admin, "posko", autocommit=True)) as connection, connection.cursor() as cursor:
        for schema in SCHEMAS:
            cursor.execute(f"drop table if exists {schema}.probe")
            cursor.execute(f"create table {schema}.probe (probe int)")
        yield
        for schema in SCHEMAS:
            cursor.execute(f"drop table if exists {schema}.probe, {schema}.made_by_probe")


@pytest.mark.parametrize(
    ("account", "schema", "statement", "allowed"),
    CASES,
    ids=[f"{a}-{s}-{w}-{'yes' if y else 'no'}" for a, s, w, y in CASES],
)
def test_an_account_may_do_what_its_grants_say_and_nothing_else(posko, probe, account, schema, statement, allowed):
    sql = STATEMENTS[statement].format(schema=schema, table=f"{schema}.probe")
    with closing(posko.connect(account)) as connection, connection.cursor() as cursor:
        if allowed:
            cursor.execute(sql)
        else:
            with pytest.raises(pymysql.err.MySQLError) as refused:
                cursor.execute(sql)
            assert refused.value.args[0] in DENIED


@pytest.mark.parametrize("account", GRANTS)
@pytest.mark.parametrize(
    "sql",
    [
        "select * from mysql.user",
        "create user intruder identified by 'x'",
        "grant all on *.* to posko_app",
        "create database another",
        "select * from posko.probe into outfile '/tmp/probe'",
        "set global max_connections = 1",
    ],
)
def test_no_account_reaches_the_server_itself(posko, probe, account, sql):
    with closing(posko.connect(account)) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.err.MySQLError) as refused:
            cursor.execute(sql)
        assert refused.value.args[0] in {*DENIED, 1410, 1133, 1698}


def test_each_schema_has_one_writer():
    def writes(privileges):
        return privileges == "all" or "insert" in privileges

    writers = {
        schema: {account for account, grants in GRANTS.items() if writes(grants.get(schema, ""))}
        for schema in SCHEMAS[:3]
    }

    assert writers == {"posko_staging": {"posko_ingest"}, "posko": {"posko_app"}, "posko_model": {"posko_dbt"}}


def test_each_account_has_a_password_of_its_own_and_no_other_opens_it(posko):
    passwords = {posko.account_password(account) for account in GRANTS}

    assert len(passwords) == len(GRANTS)
    for account in GRANTS:
        with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
            pymysql.connect(user=account, password="", **posko.address())
