"""No template leaves its vault: not in a dump, the log, its file, an export, a model, an account's sight (R-187, R-021)."""

from __future__ import annotations

import base64
import secrets

import pymysql
import pytest

from biometrics import attendance as gate
from posko.db.accounts import GRANTS
from posko.domain.proof import Purpose
from posko.services import audit_export, template_keys
from posko.services.sealing import Keeper, seal
from tests.support.exam import exam_day
from tests.support.fingers import touch

pytestmark = pytest.mark.server
SCHEMAS = ("posko", "posko_staging", "posko_model", "posko_audit", "posko_biometric")


@pytest.fixture
def played(world, hands):
    """A morning with every kind of finger: imported, enrolled, matched, missed, replayed, refused."""
    hands.know("T1", "T2")
    hands.enrol("AS1")
    day = exam_day(world, "T1", "T2")
    day.open()
    desk, where = world.desk("TU1"), {"session_id": day.session_id, "station_code": "ST-1"}
    for whose in ("T1", "SOMEBODY"):
        gate.attend(hands.verifier, desk, tki_id="T1" if whose == "T1" else "T2", sample=hands.sample(whose), **where)
    gate.verify_asesor(hands.verifier, desk, person_id="AS1", sample=hands.sample("AS1"), **where)
    hands.verify("STAFF", "NOBODY", Purpose.LOGIN, station="ST-0")
    return hands


def needles(hands) -> list[bytes]:
    """Return the middle of every template and of what BNP2TKI and the readers sent, as bytes, hex and base64 might show it."""
    with hands.world.office.engine.connect() as db:
        rows = template_keys.rows_under_others(db, "none", 1000)
    assert len(rows) == 10
    plain = [hands.vault.open(row).data for row in rows] + [touch(tki, 2, "bnp2tki") for tki in ("T1", "T2")]
    found = []
    for data in plain:
        piece = data[60:90]
        assert len(piece) == 30
        found += [piece, piece.hex().encode(), piece.hex().upper().encode()]
        found += [base64.b64encode(piece[shift:])[4:-4] for shift in range(3)]
    return found


def dump(world) -> bytes:
    """Return every value of every table of every schema: what a dump holds, its bytes as they are and as hex."""
    kept = []
    with world.server.connect(world.server.admin) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
            f" and table_schema in {SCHEMAS}"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f"select * from {schema}.{table}")
            for row in cursor.fetchall():
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode()
                    kept += [data, data.hex().encode(), data.hex().upper().encode()]
    return b"\n".join(kept)


def test_a_dump_of_the_whole_server_shows_no_template(world, played):
    everything = dump(world)

    assert all(word in everything for word in (b"BNP2TKI", b"nbis-py/0.1.3", b"finger.compare", b"KP. TINGGULUH"))
    assert [one for one in needles(played) if one in everything] == []


def test_without_its_key_a_dumped_row_is_noise(played):
    with played.world.office.engine.connect() as db:
        rows = template_keys.rows_under_others(db, "none", 1000)

    assert len({bytes(row["nonce"]) for row in rows}) == len(rows)
    assert all(b"FMR" not in bytes(row["ciphertext"]) for row in rows)


def test_no_log_file_and_no_export_shows_one(world, played, tmp_path):
    log = (world.settings.var / "log" / "audit.jsonl").read_bytes()
    keeper = Keeper(secrets.token_bytes(32), tmp_path / "notes")
    seal(world.server, keeper)
    audit_export.export(world.server, keeper, tmp_path / "export")
    exported = b"".join(path.read_bytes() for path in (tmp_path / "export").rglob("*") if path.is_file())

    assert b"finger.compare" in log
    assert b"finger.compare" in exported
    assert [one for one in needles(played) if one in log or one in exported] == []


def test_no_event_tells_the_digest_of_a_finger(world, played):
    told = str(world.ask("select payload from posko_audit.audit_event"))
    digests = world.ask(
        "select hex(sample_sha256), hex(minutiae_digest) from posko.finger_attempt where sample_sha256 is not null"
    )

    assert digests
    assert not any(one.lower() in told.lower() for row in digests for one in row if one)


@pytest.mark.parametrize("account", [account for account in GRANTS if account != "posko_app"])
def test_no_other_account_sees_a_template(world, played, account):
    with world.server.connect(account) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.err.MySQLError) as refused:
            cursor.execute("select ciphertext from posko_biometric.finger_template")
        assert refused.value.args[0] in {1044, 1142}


@pytest.mark.parametrize("table", ["finger_attempt", "finger_import", "exit_scan", "template_set"])
@pytest.mark.parametrize("sql", ["delete from posko.{table}", "update posko.{table} set {column} = {column}"])
def test_what_was_compared_is_never_changed(world, played, table, sql):
    column = {"exit_scan": "session_id", "template_set": "version"}.get(table, "outcome")
    with world.server.connect("posko_app") as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.err.MySQLError) as refused:
            cursor.execute(sql.format(table=table, column=column))
        assert refused.value.args[0] in {1142, 1143}


@pytest.mark.parametrize("table", ["finger_template", "duplicate_search"])
def test_the_application_itself_deletes_no_template(world, played, table):
    with world.server.connect("posko_app") as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.err.MySQLError) as refused:
            cursor.execute(f"delete from posko_biometric.{table}")
        assert refused.value.args[0] == 1142
