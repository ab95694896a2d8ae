"""The 1:N search from end to end: real templates, a real index, a real queue (§3.3; DV-I05, DV-I06, R-048, R-187)."""

from __future__ import annotations

import base64
import os
import pickle
import signal
import subprocess
import sys
import threading

import pytest

from biometrics.search.finder import Finder
from biometrics.search.store import KEY, Store
from biometrics.search.work import LEASE, work
from posko.db.lease import held_lease
from posko.domain.errors import LeaseHeld
from posko.services import duplicates
from tests.support.fingers import MATCHER, touch

pytestmark = pytest.mark.server


@pytest.fixture
def store(world, hands, tmp_path) -> Store:
    """A store with a folder and a key of its own."""
    return Store(tmp_path / "finger-index", tmp_path / "secrets", hands.vault, MATCHER)


def search(world, hands, store, **more):
    return work(world.server, world.office, hands.vault, MATCHER, store, lease_seconds=5, **more)


def twin(hands, tki_id: str, of: str, finger: int = 2) -> None:
    """Let BNP2TKI send a finger of somebody else under this TKI, beside one of her own."""
    hands.send_print(tki_id, finger, touch(of, 2, "again"))
    hands.send_print(tki_id, 7 if finger != 7 else 2, touch(tki_id, 7, "bnp2tki"))
    hands.import_all()


def pairs(world):
    return world.ask(
        "select one_kind, one_id, one_finger, other_kind, other_id, other_finger from posko.duplicate_candidate order by candidate_id"
    )


def test_one_finger_under_two_tki_is_found_and_the_others_are_left_alone(world, hands, store):
    hands.know(*map(str, range(1, 13)))
    twin(hands, "99", of="5")

    done = search(world, hands, store)

    assert pairs(world) == [("TKI", "5", 2, "TKI", "99", 2)]
    assert (done.searched, done.new, done.waiting, done.cases) == (13, 1, 0, [1])
    assert world.ask("select rule_id from posko.deviation") == [("DV-I05",)]


def test_a_finger_is_found_under_another_number_of_the_finger(world, hands, store):
    hands.know("1", "2")
    twin(hands, "3", of="1", finger=9)

    search(world, hands, store)

    assert pairs(world) == [("TKI", "1", 2, "TKI", "3", 9)]


def test_a_tki_who_is_of_the_staff_is_found_from_both_sides(world, hands, store):
    hands.enrol("TU1")
    hands.know("1", "2")
    twin(hands, "3", of="TU1")

    done = search(world, hands, store)

    assert pairs(world) == [("STAFF", "TU1", 2, "TKI", "3", 2)]
    assert (done.searched, done.new) == (4, 1)
    assert world.ask("select rule_id, tki_id, subject_code from posko.deviation") == [("DV-I06", "3", "TU1")]


def test_papers_are_compared_even_when_the_index_proposes_nobody(world, hands, store):
    for tki_id, name in (("1", "SITI"), ("2", "SITI"), ("3", "DEWI")):
        world.add_tki(tki_id, nama=name, no_ktp="")
    hands.know("1", "3")
    twin(hands, "2", of="1")
    with world.office.engine.connect() as db:
        index = store.refresh(db).index
        finder = Finder(index, hands.vault, MATCHER)
        papers = duplicates.blocks(db, ["1"])["1"]
        by_index = finder.find(db, "TKI", "1", 1, papers)
        index.remove(index.names.tolist())

        by_papers = finder.find(db, "TKI", "1", 1, papers)
        by_nothing = finder.find(db, "TKI", "1", 1)

    assert [(found.person_id, found.origin) for found in by_index] == [("2", "NAME")]
    assert [(found.person_id, found.origin, found.index_score) for found in by_papers] == [("2", "NAME", None)]
    assert by_nothing == []


def test_what_came_after_the_index_was_built_is_found_and_what_was_retired_is_not(world, hands, store):
    hands.know("1", "2", "3")
    first = search(world, hands, store)
    twin(hands, "8", of="1")

    second = search(world, hands, store)
    hands.send_print("8", 2, touch("8", 2, "her own"))
    hands.import_all()
    hands.send_print("9", 2, touch("1", 2, "a third"))
    hands.import_all()
    third = search(world, hands, store)

    assert (first.refreshed.added, second.refreshed.added, second.searched, second.new) == (6, 2, 1, 1)
    assert third.refreshed.removed > 0
    assert pairs(world) == [("TKI", "1", 2, "TKI", "8", 2), ("TKI", "1", 2, "TKI", "9", 2)]


def test_a_set_that_was_replaced_while_it_waited_is_done_without_a_comparison(world, hands, store):
    hands.know("1")
    twin(hands, "2", of="1")
    hands.send_print("2", 2, touch("2", 2, "her own"))
    hands.import_all()

    done = search(world, hands, store)

    assert (done.searched, pairs(world)) == (3, [])
    assert world.value("select count(*) from posko_biometric.duplicate_search where state = 'PENDING'") == 0


def test_most_and_seconds_leave_the_rest_waiting(world, hands, store):
    hands.know("1", "2", "3", "4")

    assert (search(world, hands, store, most=3).searched, search(world, hands, store, seconds=0).searched) == (3, 0)
    assert search(world, hands, store).waiting == 0


def test_a_template_that_does_not_open_stops_nobody_else(world, hands, store):
    hands.know("1", "2")
    twin(hands, "3", of="1")
    world.write("update posko_biometric.finger_template set ciphertext = 'x' where person_id = '2'")

    done = search(world, hands, store)

    assert (done.searched, done.broken, done.waiting, done.refreshed.broken) == (2, 1, 1, 2)
    assert pairs(world) == [("TKI", "1", 2, "TKI", "3", 2)]


def test_templates_of_another_matcher_are_counted_and_not_compared(world, hands, store):
    hands.know("1", "2")
    world.write("update posko_biometric.finger_template set format = 'zk/10' where person_id = '2'")

    done = search(world, hands, store)

    assert (len(done.refreshed.index), done.refreshed.foreign, pairs(world)) == (2, 2, [])


# the file ----------------------------------------------------------------------------------------------------------


def refreshed(world, store):
    with world.office.engine.connect() as db:
        return store.refresh(db)


def test_the_kept_index_is_read_by_its_key_only_and_says_nothing_in_clear(world, hands, store, tmp_path):
    hands.know(*map(str, range(1, 6)))
    made = refreshed(world, store)
    content = store.path.read_bytes()
    other = Store(store.path.parent, tmp_path / "other-secrets", hands.vault, MATCHER)

    again = refreshed(world, store)
    under_another_key = refreshed(world, other)

    assert (made.added, again.added, again.is_rebuilt) == (10, 0, False)
    assert again.index.query(made.index.segments[0].keys[:300]) == made.index.query(made.index.segments[0].keys[:300])
    assert (under_another_key.added, under_another_key.is_rebuilt) == (10, True)
    assert store.path.stat().st_mode & 0o777 == 0o600
    for secret in (made.index.segments[0].keys, made.index.names, made.index.segments[0].places):
        for form in (secret.tobytes(), secret.tobytes().hex().encode(), base64.b64encode(secret.tobytes()[:30])):
            assert form[:40] not in content
    assert list(store.path.parent.iterdir()) == [store.path]


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:-40],
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :],
        lambda data: data.replace(b"triplets-1", b"triplets-0"),
        lambda data: data.replace(b"nbis-py", b"nbis-xx"),
        lambda data: b"\xff" * 5000,
    ],
)
def test_a_broken_or_foreign_file_is_made_anew(world, hands, store, harm):
    hands.know("1", "2", "3")
    before = refreshed(world, store).index.nbytes
    store.path.write_bytes(harm(store.path.read_bytes()))

    made = refreshed(world, store)

    assert (made.added, made.is_rebuilt, made.index.nbytes) == (6, True, before)
    assert refreshed(world, store).is_rebuilt is False


def test_an_index_of_another_installation_is_not_taken(world, hands, store, tmp_path):
    hands.know("1", "2", "3")
    refreshed(world, store)
    key = (tmp_path / "secrets" / KEY).read_bytes()
    theirs = Store(tmp_path / "theirs", tmp_path / "their-secrets", hands.vault, MATCHER)
    refreshed(world, theirs)

    store.path.write_bytes(theirs.path.read_bytes())

    assert refreshed(world, store).is_rebuilt
    assert (tmp_path / "secrets" / KEY).read_bytes() == key


# several at once, and none at all ------------------------------------------------------------------------------------

KILLED = """
import pickle
import sys
import time
from pathlib import Path

from biometrics.nbis_matcher import NbisMatcher
from biometrics.search.store import Store
from biometrics.search.work import work
from biometrics.vault import Vault
from posko.services.office import Office
from posko.settings import Settings

folder = Path(sys.argv[1])
settings = Settings(_env_file=None, var_dir=Path(sys.argv[2]))
server = pickle.loads(bytes.fromhex(sys.argv[3]))
office, vault, matcher = Office.of(settings, server.engine("posko_app", "posko")), Vault.of(settings), NbisMatcher()
store = Store(folder / "finger-index", folder / "secrets", vault, matcher)


def say(count):
    print(count, flush=True)
    time.sleep(0.2)


work(server, office, vault, matcher, store, lease_seconds=2, say=say)
"""


def test_a_search_that_is_killed_is_finished_by_the_next_and_finds_nothing_twice(world, hands, store, tmp_path, posko):
    hands.know(*map(str, range(1, 7)))
    twin(hands, "98", of="1")
    twin(hands, "99", of="6")
    arguments = [str(tmp_path), str(world.settings.var), pickle.dumps(posko).hex()]

    with subprocess.Popen([sys.executable, "-c", KILLED, *arguments], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert [killed.stdout.readline().strip() for _ in range(3)] == ["1", "1", "1"]
        os.kill(killed.pid, signal.SIGKILL)
    searched = world.value("select count(*) from posko_biometric.duplicate_search where state = 'DONE'")
    assert 3 <= searched < 8
    world.write("update posko.lease set expires_at = utc_timestamp(6) where lease_name = :name", name=LEASE)

    done = search(world, hands, store)

    assert (done.searched, done.waiting, done.refreshed.is_rebuilt) == (8 - searched, 0, False)
    assert sorted(pairs(world)) == [("TKI", "1", 2, "TKI", "98", 2), ("TKI", "6", 2, "TKI", "99", 2)]
    assert world.value("select count(*) from posko.deviation") == 2


def test_two_searches_do_not_run_at_once(world, hands, store):
    hands.know("1")

    with held_lease(world.server, "posko_app", "posko", LEASE, seconds=5), pytest.raises(LeaseHeld):
        search(world, hands, store)

    assert search(world, hands, store).searched == 1


def test_a_search_that_lost_its_lease_stops(world, hands, store):
    hands.know("1", "2", "3")
    stopped = threading.Event()

    def lose(_count):
        if not stopped.is_set():
            world.write("update posko.lease set fence = fence + 1 where lease_name = :name", name=LEASE)
            stopped.wait(2.5)  # the keeper looks every third of five seconds
            stopped.set()

    done = search(world, hands, store, say=lose)

    assert (done.searched, done.waiting) == (1, 2)
