"""Bytes of an event, its mac, and commitments that hide a person and still convince."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain import audit
from posko.domain.audit import Actor, Event, EventRefused, commitment, new_salt, opens
from tests.support.audit import event

SALT = bytes(range(32))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)


def test_a_record_is_the_line_that_the_documents_describe():
    made = audit.event_bytes(
        audit.event_fields(event(7).texts(), "system", "ok", {"b": "é", "a": 1}),
        at=audit.iso(datetime(2012, 6, 6, 12, tzinfo=UTC).replace(tzinfo=None)),
        writer_id=b"\x01" * 8,
        writer_seq=1,
    )
    mac = audit.mac_of(bytes(32), audit.FIRST_PREV, made)
    assert made.decode() == (
        '{"action":"tki.search","actor":{"id":"tests","kind":"system","role":null},"at":"2012-06-06T12:00:00.000000Z",'
        '"auth":null,"entity":"tki","key":"T7","on_behalf_of":null,"outcome":"ok","payload":{"a":1,"b":"é"},'
        '"place":{"device":null,"ip":null,"tuk":null},"seq":1,"v":1,"writer":"0101010101010101"}'
    )
    assert audit.record_bytes(made, audit.FIRST_PREV, mac).endswith(b'","prev":"' + b"0" * 64 + b'"}')


@given(values)
def test_canonical_json_is_stable_and_one_line(value):
    once = audit.canonical(value)
    assert audit.canonical(json.loads(once)) == once
    assert "\n" not in once


def test_every_field_of_an_event_is_in_its_record():
    full = Event(
        "a.b",
        Actor("person", "ID-1", "TUK", "ID-2"),
        "tki",
        "T1",
        "refused",
        {"x": 1},
        audit.Place("PC-1", "10.0.0.1", "TUK-01"),
        "00aa/3",
    )
    text = audit.event_bytes(
        audit.event_fields(full.texts(), "person", "refused", full.payload), at="T", writer_id=bytes(8), writer_seq=1
    ).decode()
    for part in (
        "a.b",
        "person",
        "ID-1",
        '"TUK"',
        "ID-2",
        "tki",
        "T1",
        "refused",
        "PC-1",
        "10.0.0.1",
        "TUK-01",
        "00aa/3",
    ):
        assert part in text


def test_a_commitment_opens_to_its_value_only():
    made = commitment("nik", "3201234567890123", SALT)
    assert opens(made, "nik", "3201234567890123", SALT)
    assert not opens(made, "nik", "3201234567890124", SALT)
    assert not opens(made, "name", "3201234567890123", SALT)
    assert not opens(made, "nik", "3201234567890123", new_salt())
    assert "3201234567890123" not in made
    audit.check(event(payload={"person": made}))


def test_a_short_salt_is_refused():
    with pytest.raises(EventRefused):
        commitment("nik", "1", b"short")


def test_a_mac_written_as_hex_is_no_nik():
    audit.check(event(payload={"writers": {"00aa11bb22cc33dd": [1, "1234567890123456" * 3 + "a" * 16]}}))
