"""One event with its proof checked on the spot, and what auditors note on it; every change by an administrator is seen (R-025, R-181)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import NotPermitted
from posko.services import audit_proof, audit_search, audit_view, registration, screen_home
from posko.services.audit_export import check_proof
from posko.services.audit_proof import CHECKS
from tests.support.audit import ask
from tests.support.preparation import refused
from tests.support.sealed import seal_now, tamper

pytest_plugins = ["tests.support.sealed_fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.usefixtures("own_checkpoints")]
ALL = dict.fromkeys(CHECKS, True)


def searches(world, count, tki="9264729"):
    """Let BNSP search so often; return the names of the events."""
    for _ in range(count):
        world.desk("BN1").do(registration.search, tki_id=tki)
    told = world.desk("SA1").do(audit_search.search, asked={"who": "BN1"}, limit=100)
    return [row["event"] for row in reversed(told["rows"])][-count:]


def view(world, name, key=None, who="AU1"):
    return world.desk(who).do(audit_view.view, event=name, key=key)


def test_before_the_seal_mac_and_chain_hold_and_the_rest_waits(world):
    (name,) = searches(world, 1)

    found = view(world, name)

    assert found["checks"] == {"mac": True, "chain": True, "seal": None, "root": None, "signature": None}
    assert (found["index"], found["proof"], found["size"]) == (None, None, None)
    assert (found["actor"], found["action"], found["key"]) == ("BN1", "registration.search", "9264729")


@pytest.mark.parametrize("at_once", [2, 3, 10_000])
def test_every_event_of_every_sealing_is_proven_and_its_document_convinces_an_outsider(world, monkeypatch, at_once):
    monkeypatch.setattr(audit_proof, "LEAVES_AT_ONCE", at_once)
    names = searches(world, 7)
    key = seal_now(world)
    names += searches(world, 6)
    seal_now(world)
    names += searches(world, 1)
    seal_now(world)

    for name in names:
        found = view(world, name, key)
        assert found["checks"] == ALL, name
        assert check_proof(json.loads(json.dumps(found["proof"])), key)
        other = {**found["proof"], "record": found["proof"]["record"].replace("BN1", "BN2")}
        assert not check_proof(other, key)
    assert len({view(world, name, key)["size"] for name in names}) == 3


def test_a_sealed_event_that_is_changed_is_named_and_so_is_the_one_after_it(world):
    names = searches(world, 3)
    key = seal_now(world)
    writer, number = names[1].split("/")
    place = f"writer_id = x'{writer}' and writer_seq = {number}"

    tamper(world, f"update audit_event set actor_id = 'KO1' where {place}")
    changed = view(world, names[1], key)
    assert (changed["checks"]["mac"], changed["checks"]["seal"], changed["checks"]["root"]) == (False, False, True)

    tamper(world, f"update audit_event set actor_id = 'BN1', mac = x'{'00' * 32}' where {place}")
    assert view(world, names[1], key)["checks"]["mac"] is False
    assert view(world, names[2], key)["checks"]["chain"] is False


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update audit_seal set leaf_hash = reverse(leaf_hash) where log_index = 1", {"root"}),
        ("delete from audit_seal where log_index = 1", {"root"}),
        ("update audit_checkpoint set note = replace(note, 'posko-bnsp', 'posko-bmsp')", {"signature"}),
        ("update audit_checkpoint set note = 'x'", {"root", "signature"}),
    ],
)
def test_a_changed_seal_or_checkpoint_breaks_the_proof_of_all_that_it_covers(world, change, broken):
    name = searches(world, 4)[-1]
    key = seal_now(world)

    tamper(world, change)

    found = view(world, name, key)
    assert {check for check, outcome in found["checks"].items() if outcome is False} == broken
    if "root" in broken:
        assert found["proof"] is None


def test_a_checkpoint_of_another_key_is_not_taken_for_ours(world, tmp_path):
    name = searches(world, 2)[-1]
    key = seal_now(world)
    foreign = "— posko-bnsp/audit " + "A" * 90 + "==\n"

    tamper(
        world, "update audit_checkpoint set note = concat(substring_index(note, '\\n\\n', 1), '\\n\\n', %s)", foreign
    )

    assert view(world, name, key)["checks"]["signature"] is False
    assert view(world, name, None)["checks"]["signature"] is None


def test_a_note_is_an_event_of_its_own_that_stays(world):
    (name,) = searches(world, 1)
    for who in ("AU1", "BN1", "SA1"):
        world.desk(who).do(audit_view.annotate, event=name, note=f"Diperiksa {who}")

    assert [(note["by"], note["note"]) for note in view(world, name)["notes"]] == [
        ("AU1", "Diperiksa AU1"),
        ("BN1", "Diperiksa BN1"),
        ("SA1", "Diperiksa SA1"),
    ]
    key = seal_now(world)
    assert view(world, view(world, name)["notes"][0]["event"], key)["checks"] == ALL


def test_the_same_note_sent_twice_is_one(world):
    (name,) = searches(world, 1)
    once = world.desk("AU1").once("token")

    assert once.do(audit_view.annotate, event=name, note="Sekali") == once.do(
        audit_view.annotate, event=name, note="Sekali"
    )
    assert len(view(world, name)["notes"]) == 1


def test_whoever_may_not_read_the_log_or_comment_on_cases_notes_nothing(world):
    (name,) = searches(world, 1)
    for who in ("KO1", "LS1", "TU1", "AS1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(audit_view.annotate, event=name, note="Catatan")
        with pytest.raises(NotPermitted):
            view(world, name, who=who)
    assert view(world, name)["notes"] == []


def test_her_own_event_is_shown_to_her_and_not_whether_another_exists(world):
    world.desk("LS1").do(screen_home.who)
    (own,) = [
        f"{writer.hex()}/{seq}"
        for writer, seq in ask(world.server, "select writer_id, writer_seq from audit_event where actor_id = 'LS1'")
    ]

    assert view(world, own, who="LS1")["actor"] == "LS1"
    with pytest.raises(NotPermitted):
        view(world, "00" * 8 + "/1", who="LS1")


@pytest.mark.parametrize(
    "name", ["", "x", "0" * 16, "zz/1", "00" * 8 + "/", "00" * 8 + "/-1", "00" * 8 + "/1", "' or 1=1 --", "A" * 5000, 7]
)
def test_a_name_of_no_event_is_refused_in_words(world, name):
    assert refused(world.desk("AU1"), audit_view.view, event=name).code == "UNKNOWN_EVENT"
    assert refused(world.desk("AU1"), audit_view.annotate, event=name, note="Catatan").code == "UNKNOWN_EVENT"


@pytest.mark.parametrize("note", ["", "  ", "a\x00b", "3603054105830001", "x" * 501, None])
def test_a_note_that_cannot_be_one_is_refused(world, note):
    (name,) = searches(world, 1)

    refused(world.desk("AU1"), audit_view.annotate, event=name, note=note)

    assert view(world, name)["notes"] == []
