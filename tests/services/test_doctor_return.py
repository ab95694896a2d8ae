"""`posko doctor` on the way back to BNP2TKI: what its account may do there, before the first return finds out (§14.3, R-022)."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from apps.doctor import examine
from ingest.simulator_schema import TABLES

pytestmark = pytest.mark.server
WAY, RIGHTS = "pengembalian ke BNP2TKI", "hak akun pengembalian"
ENOUGH = {"hasil_uji": "select, insert", "hasil_uji_konfirmasi": "select"}


@pytest.fixture
def found(clean_posko, source, settings):
    """Examine an installation whose account at the source has these rights; return what is found on the way back."""
    with source.connect() as connection, connection.cursor() as cursor:
        for ddl in TABLES.values():
            cursor.execute(ddl)

    def look(rights):
        with source.connect() as connection, connection.cursor() as cursor:
            cursor.execute("drop user if exists 'kembali'@'127.0.0.1'")
            cursor.execute("create user 'kembali'@'127.0.0.1' identified by 'sandi-uji'")
            for table, what in rights.items():
                cursor.execute(f"grant {what} on {table} to 'kembali'@'127.0.0.1'")
        address = SecretStr(f"mysql://kembali:sandi-uji@127.0.0.1:{source.server.port}/bnp2tki")
        told = {one.what: one for one in examine(settings.model_copy(update={"return_url": address}))}
        return {what: told[what] for what in (WAY, RIGHTS) if what in told}

    return look


def test_an_account_that_adds_and_reads_is_well(found):
    assert {what: one.is_well for what, one in found(ENOUGH).items()} == {WAY: True, RIGHTS: True}


@pytest.mark.parametrize(
    ("rights", "named"),
    [
        ({**ENOUGH, "hasil_uji": "select"}, "INSERT hasil_uji"),
        ({"hasil_uji": "select, insert"}, "SELECT hasil_uji_konfirmasi"),
        ({**ENOUGH, "hasil_uji": "select, insert, delete"}, "DELETE hasil_uji"),
    ],
)
def test_a_right_that_is_missing_or_too_much_is_named(found, rights, named):
    one = found(rights)[RIGHTS]

    assert not one.is_well
    assert one.seen == named
    assert "hasil_uji_konfirmasi" in one.cure


def test_an_account_that_cannot_enter_is_a_finding_with_its_setting(found):
    one = found({})[WAY]

    assert not one.is_well
    assert "POSKO_RETURN_URL" in one.cure
