"""No pack that a stranger changed passes, and what was changed is named by its place (§5.7; R-025)."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from exports.audit_pack_archive import MANIFEST, SIGNATURE
from exports.audit_pack_manifest import WHAT
from exports.certificate_keys import Signer
from tests.support.audit_pack_changed import archive_of

pytest_plugins = ["tests.support.audit_pack_fixtures"]
pytestmark = pytest.mark.server


def test_the_untouched_pack_is_sound(pack):
    assert [one.text for one in pack.verdict(pack.data).findings] == []


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_pack_with_changed_bytes_passes(pack, data):
    at = data.draw(st.integers(0, len(pack.data) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(pack.data)
    changed[at] ^= 1 << bit

    assert pack.verdict(bytes(changed)).findings


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(end=st.integers(0, 10**9))
def test_no_pack_that_was_cut_or_lengthened_passes(pack, end):
    cut = end % len(pack.data)

    assert pack.kinds(pack.data[:cut]) == {"archive"}
    assert pack.kinds(pack.data + bytes(end % 2000 + 1)) == {"archive"}


@pytest.mark.parametrize("number", range(30))
def test_a_file_that_is_changed_dropped_moved_or_doubled_is_named(pack, number):
    dice = random.Random(number)
    files = list(pack.files.items())
    place = dice.randrange(len(files) - 2)
    name, content = files[place]
    way = ("change", "drop", "move", "double", "rename")[number % 5]
    if way == "change":
        files[place] = (name, content + b"x")
        expected = {("file", name)}
    elif way == "drop":
        del files[place]
        expected = {("missing", name)}
    elif way == "move":
        other = (place + 1) % (len(files) - 2)
        files[place], files[other] = files[other], files[place]
        expected = {("order", files[min(place, other)][0])}
    elif way == "double":
        files.insert(place, (name, content))
        expected = {("extra", name)}
    else:
        files[place] = ("lain.parquet", content)
        expected = {("missing", name), ("extra", "lain.parquet")}

    assert {(one.kind, one.where) for one in pack.verdict(archive_of(files)).findings} == expected


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_a_pack_without_manifest_or_signature_is_none(pack, name):
    files = [(one, content) for one, content in pack.files.items() if one != name]

    assert ("missing", name) in {(one.kind, one.where) for one in pack.verdict(archive_of(files)).findings}


def test_another_key_and_another_signature_are_named(pack):
    text, stranger = pack.files[MANIFEST], Signer(bytes(range(32)))

    def signed(name, signature):
        line = f"{name.hex()} {signature.hex()}\n".encode()
        return archive_of([*list(pack.files.items())[:-1], (SIGNATURE, line)])

    assert pack.kinds(signed(stranger.id, stranger.sign(WHAT, text))) == {"key"}
    assert pack.kinds(signed(pack.signer.id, stranger.sign(WHAT, text))) == {"signature"}
    assert pack.kinds(signed(pack.signer.id, pack.signer.sign("minutes", text))) == {"signature"}
    assert pack.kinds(archive_of([*list(pack.files.items())[:-1], (SIGNATURE, b"")])) == {"signature"}


def test_a_manifest_that_names_other_files_needs_another_signature(pack):
    text = pack.files[MANIFEST].replace(b'"first": "2026', b'"first": "2025')

    assert text != pack.files[MANIFEST]
    changed = [(name, text if name == MANIFEST else content) for name, content in pack.files.items()]
    assert pack.kinds(archive_of(changed)) == {"signature"}
