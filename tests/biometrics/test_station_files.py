"""What stands on a station's disk: keys, the pinned server, the queue, sealed files; what production refuses (§8.2; R-041, R-185)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from biometrics.station.files import alone, write_whole
from biometrics.station.keys import CARD, SEALING, SIGNING, KnownServer, ServerChanged, ServerKeys, StationKeys
from biometrics.station.queue import NAME, Queue, QueueBroken, root_of
from biometrics.station.sealing import SealBroken, seal, unseal
from biometrics.station.tls import client_context, server_files
from posko.domain.errors import BadInput, ConfigurationError, LeaseHeld
from posko.settings import PROJECT_ROOT, Settings


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "ST-1"
    made.mkdir()
    return made


def test_keys_are_made_once_and_only_their_owner_reads_them(folder):
    made = StationKeys.make(folder, "ST-1")

    assert StationKeys.load(folder).card() == made.card() == json.loads((folder / CARD).read_text())
    assert {(folder / name).stat().st_mode & 0o077 for name in (SIGNING, SEALING)} == {0}
    secret = made.signing.private_bytes_raw().hex()
    assert secret not in (folder / CARD).read_text()
    with pytest.raises(BadInput):
        StationKeys.make(folder, "ST-1")


@pytest.mark.parametrize("code", ["", "=1", "a\nb", "3603054105830001", "x" * 41])
def test_a_code_that_no_register_can_hold_gets_no_keys(folder, code):
    with pytest.raises(BadInput):
        StationKeys.make(folder, code)
    assert list(folder.iterdir()) == []


def test_keys_that_are_missing_or_do_not_fit_their_card_are_a_configuration_error(folder):
    with pytest.raises(ConfigurationError):
        StationKeys.load(folder)
    StationKeys.make(folder, "ST-1")
    write_whole(folder / SIGNING, b"x" * 32)
    with pytest.raises(ConfigurationError):
        StationKeys.load(folder)
    write_whole(folder / SIGNING, b"short")
    with pytest.raises(ConfigurationError):
        StationKeys.load(folder)


def test_a_server_that_shows_other_keys_is_not_believed(folder, tmp_path):
    with pytest.raises(ConfigurationError):
        KnownServer.load(folder)
    server = ServerKeys.of(Settings(_env_file=None, secrets_dir=tmp_path / "one"))
    KnownServer.pin(folder, server.shown())
    assert KnownServer.pin(folder, server.shown()).sealing_key == server.sealing.public_key().public_bytes_raw()

    other = ServerKeys.of(Settings(_env_file=None, secrets_dir=tmp_path / "two"))
    with pytest.raises(ServerChanged):
        KnownServer.pin(folder, other.shown())


def test_what_is_sealed_opens_for_its_receiver_and_its_use_alone():
    key, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = seal(b"isi", key.public_key().public_bytes_raw(), "a|ST-1")

    assert unseal(sealed, key, "a|ST-1") == b"isi"
    assert sealed != seal(b"isi", key.public_key().public_bytes_raw(), "a|ST-1")
    broken = [(sealed, other, "a|ST-1"), (sealed, key, "a|ST-2"), (sealed[:-1], key, "a|ST-1"), (b"", key, "a|ST-1")]
    broken += [(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :], key, "a|ST-1") for n in range(len(sealed))]
    broken += [(b"\0" * 100, key, "a|ST-1")]
    for one in broken:
        with pytest.raises(SealBroken):
            unseal(*one)


def test_a_new_key_begins_a_new_chain_but_never_over_what_waits(folder, tmp_path):
    old, new = StationKeys.make(folder, "ST-1"), StationKeys.make(tmp_path / "new", "ST-1")
    queue = Queue.open(folder, old)
    queue.add({"kind": "ATTEND"})

    with pytest.raises(QueueBroken):
        Queue.open(folder, new)
    queue.confirm(1)
    assert Queue.open(folder, old).last[0] == 1

    assert Queue.open(folder, new).last == (0, root_of(new.key_id))


def test_entries_that_the_server_has_are_let_go_of_and_the_numbers_go_on(folder):
    keys = StationKeys.make(folder, "ST-1")
    queue = Queue.open(folder, keys)
    for number in range(5):
        queue.add({"kind": "ATTEND", "person_id": str(number)})
    queue.confirm(3)
    queue.confirm(3)

    opened = Queue.open(folder, keys)

    assert [one["entry"]["seq"] for one in opened.entries] == [4, 5]
    assert opened.add({"kind": "ATTEND"})["entry"]["seq"] == 6
    assert len((folder / NAME).read_text().splitlines()) == 4


@pytest.mark.parametrize("data", [b"", b"x", b"\n", b"[]\n", b"{}\n", b"\xff\n", b'{"head":{"seq":"x"}}\n'])
def test_a_file_that_is_no_queue_is_kept_as_it_is(folder, data):
    keys = StationKeys.make(folder, "ST-1")
    (folder / NAME).write_bytes(data)

    with pytest.raises(QueueBroken):
        Queue.open(folder, keys)
    assert (folder / NAME).read_bytes() == data


def test_one_program_at_a_time_holds_a_station(folder):
    with alone(folder), pytest.raises(LeaseHeld), alone(folder):
        pass
    with alone(folder):
        pass


def test_production_wants_certificates_of_its_own(tmp_path):
    demo = Settings(_env_file=None, secrets_dir=tmp_path)
    chain, _ = server_files(demo)
    assert server_files(demo)[0] == chain
    assert client_context(demo).verify_mode.name == "CERT_REQUIRED"

    with pytest.raises(ConfigurationError):
        server_files(demo.model_copy(update={"environment": "production"}))
    with pytest.raises(ConfigurationError):
        server_files(demo.model_copy(update={"station_tls_cert_file": chain}))
    with pytest.raises(ConfigurationError):
        client_context(demo.model_copy(update={"station_ca_file": tmp_path / "none.pem"}))


def test_the_station_program_needs_neither_a_database_server_nor_the_web_server():
    """A station may be a Windows computer: what only the server has is not loaded there."""
    asked = (
        "import sys, apps.cli.station_run, apps.cli.station_attend, apps.cli.station_keygen, apps.cli.station_upload;"
        "sys.exit(any(name in sys.modules for name in ('posko.db.server', 'posko.db.engine', 'uvicorn', 'starlette')))"
    )
    assert subprocess.run([sys.executable, "-c", asked], cwd=PROJECT_ROOT, check=False).returncode == 0
