"""`posko finger enrol | verify | import | rotate` as a person calls them (§6.1, §8.2; R-026, R-048, R-187)."""

from __future__ import annotations

import json
import re
from collections import deque

import pytest
from click.testing import CliRunner

from apps.cli import acts, context, station_reader
from apps.cli.main import posko as command
from biometrics.errors import NoFinger
from biometrics.synthetic.committed import FOLDER
from posko.domain.errors import BadInput, Refused
from posko.services.office import server_time
from tests.support.fingers import touch

pytestmark = pytest.mark.server
STATION = ("--station", "ST-0")


@pytest.fixture
def installation(world, clean_posko, settings, monkeypatch):
    """The world as the commands reach it, with the server's own clock."""
    acts._writer.cache_clear()
    monkeypatch.setattr(context, "settings", lambda: settings)
    monkeypatch.setattr(context, "posko", lambda: clean_posko)
    monkeypatch.setattr(context, "app_engine", lambda: world.office.engine)
    with world.office.engine.connect() as db:
        world.now = server_time(db)
    yield world
    acts._writer.cache_clear()


def run(*words):
    result = CliRunner().invoke(command, ["finger", *map(str, words)])
    if isinstance(result.exception, Exception):
        raise result.exception
    return result


class Queue:
    """A reader on which the fingers lie in a line."""

    kind, serial = "synthetic", "READER-0"

    def __init__(self, samples):
        self.samples = deque(samples)

    def capture(self, nonce, *, seconds=15.0):
        if not self.samples:
            raise NoFinger
        return self.samples.popleft()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.fixture
def lie(installation, hands, monkeypatch):
    """Put these fingers on the reader: (whose, finger), one after the other."""

    def put(*fingers):
        samples = [hands.sample(whose, finger, station="ST-0") for whose, finger in fingers]
        queue = Queue(samples)
        monkeypatch.setattr(station_reader, "_opened", lambda *_: queue)
        return queue

    return put


def files(*names):
    return [word for name in names for word in ("--file", FOLDER / f"{name}.png")]


def six(whose):
    return [(whose, finger) for finger in (2, 7) for _ in range(3)]


def test_the_first_super_administrator_comes_in_with_prints_from_files(installation):
    installation.write("delete from posko.staff")
    prints = files("1-2-1", "1-2-2", "1-2-3", "1-7-1", "1-7-2", "1-7-3", "1-7-4")
    reader = ("--reader", "file", "--serial", "READER-0", *STATION)

    made = run("enrol", "SUPER-1", "--first", "--name", "Pertama", *reader, *prints, "--json")

    assert json.loads(made.stdout) == {"person_id": "SUPER-1", "role": "SUPER", "template_version": 1}
    assert "Letakkan telunjuk kiri (3 dari 3)." in made.stderr
    own = run("verify", "--staff", "SUPER-1", *reader, *files("1-2-4"), "--json")
    other = run("verify", "--staff", "SUPER-1", *reader, *files("2-2-1"), "--json")
    assert (own.exit_code, json.loads(own.stdout)["outcome"]) == (0, "MATCH")
    assert (other.exit_code, json.loads(other.stdout)["outcome"]) == (1, "NO_MATCH")
    with pytest.raises(Refused) as refused:
        run("enrol", "SUPER-2", "--first", "--name", "Kedua", *reader, *prints)
    assert refused.value.code in {"BOOTSTRAP_OVER", "SAMPLE_REPLAYED"}


def test_two_officers_enrol_a_third_with_their_own_fingers(installation, hands, lie):
    hands.enrol("SA1")
    hands.enrol("BN1", second=installation.second("BN2"))
    lie(("SA1", 2), *six("NEW"), ("NEW", 7), ("BN1", 2))
    words = ("--reader", "zk", *STATION, "--role", "KONSORSIUM", "--name", "Baru", "--by", "SA1", "--second", "BN1")

    made = run("enrol", "NEW", *words)

    assert made.stdout == "NEW terdaftar dengan sidik jari versi 1.\n"
    assert installation.ask("select enrolled_by, seconded_by from posko.staff where person_id = 'NEW'") == [
        ("SA1", "BN1")
    ]


def test_a_finger_that_is_not_the_officers_enrols_nobody(installation, hands, lie):
    hands.enrol("SA1")
    lie(("SOMEBODY", 2))

    with pytest.raises(BadInput, match="ditolak"):
        run("enrol", "NEW", "--reader", "zk", *STATION, "--role", "BNSP", "--by", "SA1", "--second", "BN1")
    assert installation.ask("select * from posko_biometric.finger_template where person_id = 'NEW'") == []


def test_fingers_are_replaced_by_two_officers(installation, hands, lie):
    hands.enrol("SA1")
    hands.enrol("BN1", second=installation.second("BN2"))
    lie(("SA1", 2), *six("KO1"), ("KO1", 2), ("BN1", 7))

    made = run("enrol", "KO1", "--replace", "--reader", "zk", *STATION, "--by", "SA1", "--second", "BN1", "--json")

    assert json.loads(made.stdout)["template_version"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("enrol", "NEW", "--role", "BNSP"),
        ("enrol", "NEW", "--by", "SA1"),
        ("enrol", "NEW", "--first", "--fingers", "2"),
        ("enrol", "NEW", "--first", "--fingers", "2,2"),
        ("enrol", "NEW", "--first", "--fingers", "0,7"),
        ("verify",),
        ("verify", "--tki", "T1", "--staff", "SA1"),
    ],
)
def test_what_is_left_out_is_said_before_any_finger_is_taken(lie, words):
    reader = lie(*six("NEW"))
    made = run(*words, "--reader", "zk", *STATION)

    assert made.exit_code == 2
    assert len(reader.samples) == 6


def test_the_print_of_a_tki_is_verified_in_words(installation, hands, lie):
    hands.know("T1")
    lie(("T1", 7))

    made = run("verify", "--tki", "T1", "--reader", "zk", *STATION)

    assert made.exit_code == 0
    assert re.search(r"telunjuk kiri", made.stdout)
    assert re.search(r"cocok", made.stdout)


def test_prints_of_bnp2tki_are_taken_over_and_refusals_named(installation, hands):
    hands.send_print("T1", 2, touch("T1"))
    hands.send_print("T2", 2, b"opaque", "SIMULASI")

    shown = run("import")
    again = json.loads(run("import", "--json").stdout)

    assert "rekaman simulasi, isinya tidak terbaca" in shown.stdout
    assert again == {"sets": 0, "templates": 0, "refused": {}}


def test_the_key_is_changed_and_the_old_one_stays_for_a_day(installation, hands, monkeypatch, tmp_path):
    private = installation.settings.model_copy(update={"secrets_dir": tmp_path / "secrets"})
    monkeypatch.setattr(context, "settings", lambda: private)
    first = json.loads(run("rotate", "--json").stdout)

    assert first == {"key": "finger-template-1", "resealed": 0, "continued": False}
    assert json.loads(run("rotate", "--json").stdout)["key"] == "finger-template-2"
    assert json.loads(run("rotate", "--drop-old", "--json").stdout) == {"dropped": []}
