"""A checkpoint is believed only with the log's signature, a witness only with its own (C2SP signed notes)."""

from __future__ import annotations

import base64
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posko.domain.errors import BadInput
from posko.services.audit_notes import (
    COSIGNATURE,
    cosign,
    is_signed,
    make_note,
    public_key,
    read_key,
    read_note,
    with_signatures,
    witnessed_at,
)

PRIVATE, OTHER, ROOT = bytes(range(32)), bytes(range(1, 33)), b"r" * 32
NOTE = make_note(42, ROOT, PRIVATE)
KEY = public_key(PRIVATE)


def test_a_note_is_read_back_and_signed_by_its_key_only():
    note = read_note(NOTE)
    assert (note.origin, note.size, note.root, note.text) == ("posko-bnsp/audit", 42, ROOT, NOTE)
    assert is_signed(note, KEY)
    assert not is_signed(note, public_key(OTHER))
    assert not is_signed(note, public_key(PRIVATE, "another/log"))


def test_the_form_is_that_of_signed_notes():
    """The key number of the example key of the signed-note specification, and a signature over the text with its line end."""
    example = read_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert example.number.hex() == "c74f20a3"
    body, line = NOTE.split("\n\n")
    data = base64.b64decode(line.removeprefix("— posko-bnsp/audit "))
    Ed25519PublicKey.from_public_bytes(KEY.raw).verify(data[4:], (body + "\n").encode())


def test_a_key_is_read_back_and_a_mistyped_one_refused():
    assert read_key(KEY.text + "\n") == KEY
    for text in ("", "x", KEY.text[:-4], KEY.text.replace("posko", "posco"), "a+b+c+d"):
        with pytest.raises(BadInput):
            read_key(text)


def test_no_changed_letter_of_a_note_convinces():
    dice = random.Random(5)
    for _ in range(300):
        place = dice.randrange(len(NOTE))
        changed = NOTE[:place] + dice.choice("abcXYZ019+/=\n —") + NOTE[place + 1 :]
        if changed == NOTE:
            continue
        try:
            note = read_note(changed)
        except BadInput:
            continue
        assert not is_signed(note, KEY), (place, changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        NOTE.replace("42", "042"),
        NOTE.replace("42", "-1"),
        NOTE.replace("\n\n", "\n"),
        NOTE.split("\n\n")[0] + "\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadInput):
        read_note(text)


def test_a_witness_signs_size_root_and_time():
    line = cosign(read_note(NOTE), OTHER, witness="bnp2tki.example/w", at=1_338_940_800)
    witness = public_key(OTHER, "bnp2tki.example/w", kind=COSIGNATURE)
    both = with_signatures(with_signatures(NOTE, [line]), [line])
    assert both.count("—") == 2
    assert witnessed_at(read_note(both), witness) == 1_338_940_800
    assert is_signed(read_note(both), KEY)
    assert witnessed_at(read_note(NOTE), witness) is None
    other_tree = with_signatures(make_note(43, ROOT, PRIVATE), [line])
    assert witnessed_at(read_note(other_tree), witness) is None
    assert witnessed_at(read_note(both), public_key(PRIVATE, "bnp2tki.example/w", kind=COSIGNATURE)) is None


def test_a_log_signature_does_not_pass_for_a_witness():
    assert witnessed_at(read_note(NOTE), public_key(PRIVATE, kind=COSIGNATURE)) is None
    assert not is_signed(read_note(NOTE), public_key(PRIVATE, kind=COSIGNATURE))
