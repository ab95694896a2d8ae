"""Templates under their key: bound to their row, readable by nobody without the key, sealed anew under kill -9 (R-187)."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics import rotation
from biometrics.errors import TemplateBroken
from biometrics.types import Template
from biometrics.vault import Vault
from posko.domain.errors import ConfigurationError, Refused
from posko.services import template_keys

ROW = {"person_kind": "TKI", "person_id": "9264729", "version": 2, "seq": 1}
OTHER = {"person_kind": "STAFF", "person_id": "9264730", "version": 3, "seq": 2, "finger": 7, "format": "zk/10"}


def row_of(vault: Vault, template: Template, **where):
    where = {**ROW, **where}
    key_id, nonce, ciphertext = vault.seal(
        template, kind=where["person_kind"], person_id=where["person_id"], version=where["version"], seq=where["seq"]
    )
    sealed = {"key_id": key_id, "nonce": nonce, "ciphertext": ciphertext, "finger": template.finger}
    return {**where, **sealed, "format": template.format, "minutiae": template.minutiae, "quality": template.quality}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("secrets")


@given(data=st.binary(max_size=2000), finger=st.integers(0, 10), quality=st.none() | st.integers(0, 100))
def test_what_was_sealed_opens_as_it_was(folder, data, finger, quality):
    vault = Vault(folder)
    template = Template("nbis-py/0.1.3", finger, data, 30, quality)

    row = row_of(vault, template)

    assert vault.open(row) == template
    assert len(data) < 8 or data not in row["ciphertext"]


@pytest.mark.parametrize("column", OTHER)
def test_a_row_that_says_something_else_does_not_open(folder, column):
    vault = Vault(folder)
    row = row_of(vault, Template("nbis-py/0.1.3", 2, b"minutiae", 30, 60))

    with pytest.raises(TemplateBroken):
        vault.open({**row, column: OTHER[column]})


@pytest.mark.parametrize("column", ["nonce", "ciphertext"])
def test_a_flipped_bit_does_not_open(folder, column):
    vault = Vault(folder)
    row = row_of(vault, Template("nbis-py/0.1.3", 2, b"minutiae", 30, 60))
    broken = bytes([row[column][0] ^ 1]) + row[column][1:]

    with pytest.raises(TemplateBroken):
        vault.open({**row, column: broken})


def test_a_lost_key_is_named_and_never_made_anew(tmp_path):
    vault = Vault(tmp_path)
    row = row_of(vault, Template("nbis-py/0.1.3", 2, b"minutiae", 30, 60))
    vault.make_key()
    (tmp_path / "finger-template-1").unlink()

    with pytest.raises(ConfigurationError, match="finger-template-1"):
        Vault(tmp_path).open(row)
    assert [path.name for path in tmp_path.iterdir()] == ["finger-template-2"]


@pytest.mark.parametrize("name", ["../audit-key", "finger-template-0", "finger-template-1/../x", ""])
def test_a_row_cannot_name_another_file_as_its_key(tmp_path, name):
    vault = Vault(tmp_path)
    row = row_of(vault, Template("nbis-py/0.1.3", 2, b"minutiae", 30, 60))

    with pytest.raises(ConfigurationError):
        vault.open({**row, "key_id": name})


def test_another_process_seals_with_a_new_key_at_once(tmp_path):
    one, other = Vault(tmp_path), Vault(tmp_path)
    template = Template("nbis-py/0.1.3", 2, b"minutiae", 30, 60)
    before = row_of(one, template)
    time.sleep(0.02)

    other.make_key()

    assert before["key_id"] == "finger-template-1"
    assert row_of(one, template)["key_id"] == "finger-template-2"
    assert other.open(before) == template


# rotation ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_secrets(world, tmp_path):
    """The world with a folder of secrets of its own, because keys are dropped."""
    world.settings = world.settings.model_copy(update={"secrets_dir": tmp_path / "secrets"})
    return world


def fill(world, vault: Vault, persons: int) -> None:
    rows = [
        row_of(vault, Template("nbis-py/0.1.3", 2, f"secret minutiae {n}".encode() * 20, 30, 60), person_id=str(n))
        for n in range(persons)
    ]
    with world.admin().begin() as db:
        db.exec_driver_sql(
            "insert into posko_biometric.finger_template (person_kind, person_id, version, finger, seq, format, key_id, nonce,"
            " ciphertext, quality, minutiae, provenance, state, reader_kind, reader_serial, taken_at, taken_by)"
            " values (%(person_kind)s, %(person_id)s, %(version)s, %(finger)s, %(seq)s, %(format)s, %(key_id)s, %(nonce)s,"
            " %(ciphertext)s, %(quality)s, %(minutiae)s, 'BNP2TKI', 'ACTIVE', 'test', '-', '2026-01-01', 'test')",
            rows,
        )


def opened(world, vault: Vault) -> list[bytes]:
    with world.office.engine.connect() as db:
        rows = template_keys.rows_under_others(db, "none", 100_000)
    return sorted(vault.open(row).data for row in rows)


@pytest.mark.server
def test_after_a_rotation_every_template_lies_under_the_new_key_and_says_the_same(own_secrets):
    vault = Vault.of(own_secrets.settings)
    fill(own_secrets, vault, 450)
    before = opened(own_secrets, vault)

    done = rotation.rotate(own_secrets.office, vault)

    assert (done.key_id, done.resealed, done.is_continued) == ("finger-template-2", 450, False)
    assert own_secrets.ask("select key_id, count(*) from posko_biometric.finger_template group by key_id") == [
        ("finger-template-2", 450)
    ]
    assert opened(own_secrets, Vault.of(own_secrets.settings)) == before
    assert [action for action, *_ in own_secrets.events()] == ["finger_key.reseal"] * 3


@pytest.mark.server
def test_an_old_key_goes_only_after_a_day_and_when_nothing_lies_under_it(own_secrets):
    vault = Vault.of(own_secrets.settings)
    fill(own_secrets, vault, 3)
    vault.make_key()
    later = time.time() + rotation.KEPT_SECONDS + 60

    assert rotation.drop_old(own_secrets.office, vault, now=later) == []
    rotation.rotate(own_secrets.office, vault)
    assert rotation.drop_old(own_secrets.office, vault) == []
    assert rotation.drop_old(own_secrets.office, vault, now=later) == ["finger-template-1"]
    assert vault.key_ids() == ["finger-template-2"]
    assert len(opened(own_secrets, Vault.of(own_secrets.settings))) == 3


@pytest.mark.server
def test_no_key_goes_whose_template_came_meanwhile(own_secrets):
    vault = Vault.of(own_secrets.settings)
    fill(own_secrets, vault, 1)

    with pytest.raises(Refused):
        own_secrets.desk(None).do(template_keys.note_dropped, key_ids=["finger-template-1"])


KILLED = """
import pickle
import sys
from pathlib import Path

from biometrics import rotation
from biometrics.vault import Vault
from posko.services.office import Office
from posko.settings import Settings

settings = Settings(_env_file=None, var_dir=Path(sys.argv[1]), secrets_dir=Path(sys.argv[2]))
server = pickle.loads(bytes.fromhex(sys.argv[3]))
rotation.STEP = 20
office = Office.of(settings, server.engine("posko_app", "posko"))
rotation.rotate(office, Vault.of(settings), tell=lambda count: print(count, flush=True))
"""


@pytest.mark.server
def test_a_rotation_that_is_killed_is_finished_by_the_next_and_no_template_is_lost(own_secrets, posko):
    vault = Vault.of(own_secrets.settings)
    fill(own_secrets, vault, 400)
    before = opened(own_secrets, vault)
    arguments = [str(own_secrets.settings.var), str(own_secrets.settings.secrets), pickle.dumps(posko).hex()]

    with subprocess.Popen([sys.executable, "-c", KILLED, *arguments], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline().strip() == "20"
        os.kill(killed.pid, signal.SIGKILL)

    under = dict(own_secrets.ask("select key_id, count(*) from posko_biometric.finger_template group by key_id"))
    assert under["finger-template-1"] > 0
    assert under["finger-template-2"] >= 20
    assert opened(own_secrets, Vault.of(own_secrets.settings)) == before

    done = rotation.rotate(own_secrets.office, Vault.of(own_secrets.settings))

    assert done.is_continued
    assert done.key_id == "finger-template-2"
    assert done.resealed == under["finger-template-1"]
    assert opened(own_secrets, Vault.of(own_secrets.settings)) == before
