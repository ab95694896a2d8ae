"""The verifier finds every change of a sealed log, and accepts nothing that it could not check.

A log is made here without a database: several writers, events in one order, checkpoints on the way.
"""

from __future__ import annotations

import random

import pytest

from posko.domain import audit
from posko.domain.errors import BadInput
from posko.domain.merkle import CompactRange, leaf_hash, tree_root
from posko.services.audit_notes import COSIGNATURE, cosign, make_note, public_key, read_note, with_signatures
from posko.services.audit_verify import LogReader, verify_records
from tests.support.audit import KEY, SIGNING, SYSTEM, event

LOG_KEY = public_key(SIGNING)
EVENTS, STEP = 200, 50


class Maker:
    """Makes records as `AuditWriter` does."""

    def __init__(self, key: bytes = KEY) -> None:
        self.key, self.heads, self.records = key, {}, []

    def add(self, writer: bytes, made) -> None:
        seq, prev = self.heads.get(writer, (0, audit.FIRST_PREV))
        fields = audit.event_fields(made.texts(), made.actor.kind, made.outcome, made.payload)
        data = audit.event_bytes(
            fields, at=f"2012-06-06T12:00:{len(self.records) % 60:02}.000000Z", writer_id=writer, writer_seq=seq + 1
        )
        mac = audit.mac_of(self.key, prev, data)
        self.heads[writer] = (seq + 1, mac)
        self.records.append(audit.record_bytes(data, prev, mac))

    def attest(self, writer: bytes, action: str = audit.HEARTBEAT) -> None:
        told = {name.hex(): [seq, mac.hex()] for name, (seq, mac) in self.heads.items() if name != writer}
        self.add(writer, audit.Event(action, SYSTEM, "audit", "x", payload={audit.WRITERS: told}))


def a_log(key: bytes = KEY, events: int = EVENTS) -> list[bytes]:
    dice, maker = random.Random(1), Maker(key)
    for number in range(events):
        maker.add(bytes([dice.randrange(4)]) * 8, event(number))
    return maker.records


def note_of(records, size, private=SIGNING):
    return read_note(make_note(size, tree_root(map(leaf_hash, records[:size])), private))


GOOD = a_log()
PUBLISHED = [note_of(GOOD, size) for size in range(STEP, EVENTS + 1, STEP)]


def verify(records, notes=PUBLISHED, **options):
    return verify_records(records, notes, LOG_KEY, **options)


def test_an_undisturbed_log_is_clean_to_its_last_event():
    verdict = verify(GOOD, mac_key=KEY)
    assert (verdict.is_clean, verdict.verified, verdict.size, verdict.macs_checked, verdict.checkpoints) == (
        True,
        EVENTS,
        EVENTS,
        True,
        4,
    )


def edit_text(records, dice):
    at = dice.randrange(len(records))
    records[at] = records[at].replace(b'"tki.search"', b'"tki.view"')


def edit_one_byte(records, dice):
    at = dice.randrange(len(records))
    place = dice.randrange(len(records[at]))
    records[at] = records[at][:place] + bytes([records[at][place] ^ 1]) + records[at][place + 1 :]


def edit_time(records, dice):
    at = dice.randrange(len(records))
    records[at] = records[at].replace(b".000000Z", b".000001Z")


def delete_middle(records, dice):
    del records[dice.randrange(1, len(records) - 1)]


def delete_tail(records, dice):
    del records[-dice.randrange(1, STEP * 2) :]


def swap(records, dice):
    one, other = dice.sample(range(len(records)), 2)
    records[one], records[other] = records[other], records[one]


def renumber(records, dice):
    """Take one event out and number the rest of its writer anew, as only an attacker without the key would."""
    at = dice.randrange(len(records) - 20)
    gone = records.pop(at)
    writer = gone[gone.index(b'"writer":"') :][:26]
    for place in range(at, len(records)):
        if writer in records[place]:
            seq = int(records[place].split(b'"seq":')[1].split(b",")[0])
            records[place] = records[place].replace(b'"seq":%d,' % seq, b'"seq":%d,' % (seq - 1))


def double(records, dice):
    at = dice.randrange(len(records))
    records.insert(dice.randrange(len(records)), records[at])


def rebuild_all(records, dice):
    """Make the whole log anew with the stolen key of the macs, one event different."""
    records[:] = a_log()
    made = Maker()
    changed = dice.randrange(len(records))
    for number in range(len(records)):
        made.add(bytes([number % 3]) * 8, event(number, action="tki.view" if number == changed else "tki.search"))
    records[:] = made.records


def insert_forged(records, dice):
    maker = Maker(b"f" * 32)
    maker.add(bytes([9]) * 8, event(1))
    records.insert(dice.randrange(len(records)), maker.records[0])


ATTACKS = [
    edit_text,
    edit_one_byte,
    edit_time,
    delete_middle,
    delete_tail,
    swap,
    renumber,
    double,
    rebuild_all,
    insert_forged,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=[one.__name__ for one in ATTACKS])
@pytest.mark.parametrize("holder", [True, False], ids=["holder of the key", "outsider"])
def test_a_thousand_random_changes_of_a_sealed_log_are_all_found(attack, holder):
    dice = random.Random(attack.__name__)
    for _ in range(1_000 // len(ATTACKS)):
        records = list(GOOD)
        attack(records, dice)
        verdict = verify(records, mac_key=KEY if holder else None)
        assert records != GOOD
        assert not verdict.is_clean
        assert verdict.verified < EVENTS


def test_what_stands_before_the_change_is_still_proven():
    records = list(GOOD)
    records[120] = records[120].replace(b"tki.search", b"tki.view")
    assert verify(records).verified == 100


def test_an_event_forged_after_the_last_checkpoint_is_unverified_for_outsiders_and_found_by_the_holder():
    forger = Maker(b"f" * 32)
    forger.add(bytes([9]) * 8, event(1))
    records = [*GOOD, *forger.records]
    outsider, holder = verify(records), verify(records, mac_key=KEY)
    assert (outsider.is_clean, outsider.size - outsider.verified) == (True, 1)
    assert [one.kind for one in holder.findings] == ["mac"]


def test_a_log_rebuilt_with_the_stolen_signing_key_passes_its_own_checkpoint_but_no_earlier_published_one():
    records = list(GOOD)
    rebuild_all(records, random.Random(1))
    forged = note_of(records, EVENTS)
    assert verify(records, [forged]).is_clean, "the documented limit: nothing else to hold against it"
    verdict = verify(records, [forged, PUBLISHED[0]])
    assert "root" in {one.kind for one in verdict.findings}
    assert verdict.verified == 0
    same_size = verify(records, [forged, PUBLISHED[-1]])
    assert "two_roots" in {one.kind for one in same_size.findings}


def test_a_checkpoint_that_another_key_signed_counts_for_nothing():
    verdict = verify(GOOD, [note_of(GOOD, EVENTS, bytes(32))])
    assert [one.kind for one in verdict.findings] == ["signature"]
    assert verdict.verified == 0


def test_without_a_checkpoint_nothing_is_called_proven():
    with pytest.raises(BadInput, match="checkpoint"):
        verify(GOOD, [])


def test_an_empty_log_does_not_pass_for_a_published_one():
    assert {one.kind for one in verify([]).findings} == {"truncated"}


def test_a_checkpoint_over_nothing_proves_nothing():
    empty = note_of([], 0)
    verdict = verify(GOOD, [empty])
    assert (verdict.is_clean, verdict.verified) == (True, 0)


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"null", b"[]", b'{"event":1}', b"\xff\xfe", b'{"event":{},"mac":"","prev":""}']
)
def test_a_line_that_is_no_record_is_a_finding_and_no_crash(junk):
    records = [*GOOD[:10], junk, *GOOD[10:]]
    assert "not_canonical" in {one.kind for one in verify(records).findings}


def test_a_record_with_a_key_twice_or_spaces_is_not_accepted():
    for changed in (
        GOOD[0].replace(b'"v":1', b'"v":1,"v":1'),
        GOOD[0].replace(b'"v":1', b'"v": 1'),
        GOOD[0].replace(b'"seq":1,', b'"seq":1.0,'),
    ):
        records = [changed, *GOOD[1:]]
        notes = [note_of(records, EVENTS)]
        assert "not_canonical" in {one.kind for one in verify(records, notes).findings}


def test_a_tail_that_another_writer_has_told_of_is_missed_when_it_is_gone():
    maker = Maker()
    for number in range(4):
        maker.add(b"a" * 8, event(number))
    maker.attest(b"b" * 8)
    assert verify(maker.records, [note_of(maker.records, 5)]).is_clean
    cut = [*maker.records[:3], maker.records[4]]
    verdict = verify(cut, [note_of(cut, 4)])
    assert [(one.kind, one.where) for one in verdict.findings] == [("tail", "6161616161616161/4")]


def test_a_tail_that_was_replaced_is_not_the_one_that_was_told_of():
    maker, other = Maker(), Maker()
    for number in range(3):
        maker.add(b"a" * 8, event(number))
        other.add(b"a" * 8, event(number + (number == 2)))
    maker.attest(b"b" * 8)
    forged = [*other.records, maker.records[3]]
    assert [one.kind for one in verify(forged, [note_of(forged, 4)], mac_key=KEY).findings] == ["claim"]


def test_writers_that_nobody_told_of_are_counted_as_open():
    maker = Maker()
    maker.add(b"a" * 8, event(1))
    maker.add(b"c" * 8, event(1))
    maker.attest(b"b" * 8, audit.CLOSE)
    assert verify(maker.records, [note_of(maker.records, 3)]).open_tails == 0
    maker.add(b"a" * 8, event(2))
    assert verify(maker.records, [note_of(maker.records, 4)]).open_tails == 1


def test_a_writer_that_was_closed_may_not_write_again():
    maker = Maker()
    maker.attest(b"b" * 8, audit.CLOSE)
    maker.add(b"b" * 8, event(2))
    assert [one.kind for one in verify(maker.records, [note_of(maker.records, 2)]).findings] == ["after_close"]


def test_a_missing_cosignature_is_a_finding():
    witness = public_key(b"w" * 32, "witness/one", kind=COSIGNATURE)
    signed = read_note(
        with_signatures(PUBLISHED[-1].text, [cosign(PUBLISHED[-1], b"w" * 32, witness="witness/one", at=1)])
    )
    assert verify(GOOD, [signed], witnesses=[witness]).is_clean
    assert [one.kind for one in verify(GOOD, witnesses=[witness]).findings] == ["witness"] * 4


@pytest.mark.parametrize("first", [1, 50, 127, EVENTS - 1])
def test_a_part_of_the_log_is_read_from_the_edge_before_it(first):
    edge, heard = CompactRange(), []
    for record in GOOD[:first]:
        edge.append(leaf_hash(record))
    reader = LogReader(KEY, edge=edge, told=heard.append)
    for record in GOOD[first:]:
        reader.feed(record)

    verdict = reader.end()

    assert verdict.is_clean
    assert (verdict.size, verdict.root) == (EVENTS, PUBLISHED[-1].root)
    assert len(heard) == EVENTS - first


def test_in_a_part_of_the_log_a_hole_in_a_writers_numbers_is_still_found():
    edge = CompactRange()
    for record in GOOD[:50]:
        edge.append(leaf_hash(record))
    reader = LogReader(edge=edge)
    for record in (*GOOD[50:90], *GOOD[91:]):
        reader.feed(record)

    assert "gap" in {one.kind for one in reader.end().findings}
