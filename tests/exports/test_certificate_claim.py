"""The signed text of the QR code: genuine, altered, foreign, and keys that were changed (§13.12; R-140, requirements 8.3 no. 4)."""

from __future__ import annotations

import datetime as dt
import json
import random
import string

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as some

from exports import certificate_claim, qr_base45
from exports.certificate_keys import (
    PublicKeys,
    Signer,
    key_id,
    public_keys_in,
    read_public_keys,
    rotate,
    signer_in,
)
from exports.qr_signed import NotGenuine
from posko.domain.errors import BadInput, ConfigurationError
from tests.support.certificates import KEYS, SIGNER, STATUS_LIST, sheet

CLAIM = sheet().claim(STATUS_LIST)
TEXT = certificate_claim.write(CLAIM, SIGNER)


def why(text: str, keys: PublicKeys = KEYS) -> str:
    with pytest.raises(NotGenuine) as refused:
        certificate_claim.read(text, keys)
    return refused.value.why


def forged(*parts: object, name: bytes = SIGNER.id, signer: Signer = SIGNER) -> str:
    """A text with the true key's signature over a body of our choice."""
    body = cbor2.dumps([1, name, *parts], canonical=True)
    return certificate_claim.PREFIX + qr_base45.encode(body + signer.sign(certificate_claim.WHAT, body))


def test_what_was_written_is_read():
    assert certificate_claim.read(TEXT, KEYS) == CLAIM
    assert certificate_claim.read(TEXT + "\r\n", KEYS) == CLAIM


def test_the_text_is_as_short_as_the_requirements_ask_and_in_the_letters_of_a_qr_code():
    assert len(TEXT) < 320
    assert set(TEXT) <= set(qr_base45.ALPHABET)


@pytest.mark.parametrize("place", range(0, len(TEXT), 2))
def test_one_letter_changed_anywhere_is_refused(place):
    other = "A" if TEXT[place] != "A" else "B"

    assert why(TEXT[:place] + other + TEXT[place + 1 :]) in {"UNREADABLE", "SIGNATURE", "FOREIGN_KEY"}


def test_every_bit_of_the_signed_bytes_counts():
    data = qr_base45.decode(TEXT.removeprefix(certificate_claim.PREFIX))
    for place in range(len(data) * 8):
        wrong = bytearray(data)
        wrong[place // 8] ^= 1 << place % 8
        assert why(certificate_claim.PREFIX + qr_base45.encode(bytes(wrong))) in {
            "UNREADABLE",
            "SIGNATURE",
            "FOREIGN_KEY",
        }


@pytest.mark.parametrize("length", range(0, len(TEXT), 7))
def test_a_text_that_was_cut_is_refused(length):
    assert why(TEXT[:length]) in {"UNREADABLE", "SIGNATURE"}


@pytest.mark.parametrize(
    "text",
    ["", "POSKO1:", "POSKO2:" + TEXT[7:], TEXT.lower(), TEXT + "A", TEXT * 20, " " + TEXT, "POSKO1:" + "0" * 4000,
     "https://bnsp.go.id", "POSKO1:\u0660\u0661", "POSKO1:::::::", "\x00" + TEXT, TEXT + "\x00"],
)  # fmt: skip
def test_what_is_no_such_text_is_refused(text):
    assert why(text) in {"UNREADABLE", "SIGNATURE"}


@given(some.text(alphabet=string.printable, max_size=400))
def test_no_text_of_a_stranger_is_genuine_or_breaks_the_reader(text):
    assert why(text) == "UNREADABLE"
    assert why(certificate_claim.PREFIX + text) in {"UNREADABLE", "SIGNATURE", "FOREIGN_KEY"}


def test_a_foreign_key_is_refused_even_when_it_takes_the_name_of_ours():
    stranger = Signer(bytes(31) + b"\x01")

    assert why(certificate_claim.write(CLAIM, stranger)) == "FOREIGN_KEY"
    parts = cbor2.loads(qr_base45.decode(TEXT.removeprefix(certificate_claim.PREFIX)))[2:]
    assert why(forged(*parts, signer=stranger)) == "SIGNATURE"


def test_a_signature_of_another_kind_is_none():
    data = qr_base45.decode(TEXT.removeprefix(certificate_claim.PREFIX))
    body = data[:-64]

    for kind in ("certificate-pdf", "certificate-status", "certificate/1\nposko-bnsp/certificate"):
        assert why(certificate_claim.PREFIX + qr_base45.encode(body + SIGNER.sign(kind, body))) == "SIGNATURE"


@pytest.mark.parametrize(
    "parts",
    [
        (), ("a",) * 5, ("a", "b", "c", "d", "e", 1, 2), ("a", "b", "c", "d", "e", 1, 2, "f", "g"),
        ("a", "b", "c", "d", 5, 1, 2, "f"), ("a", "b", "c", "d", "e", "1", 2, "f"), ("a", "b", "c", "d", "e", 1.5, 2, "f"),
        ("a", "b", "c", "d", "e", True, 2, "f"), ("a", "b", "c", "d", "e", 10**12, 2, "f"), ("a", "b", "c", "d", "e", 1, 2, b"f"),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_unreadable_though_it_is_signed(parts):
    assert why(forged(*parts)) == "UNREADABLE"


def test_a_body_written_in_another_way_is_unreadable_though_it_is_signed():
    parts = cbor2.loads(qr_base45.decode(TEXT.removeprefix(certificate_claim.PREFIX)))
    longer = b"\x98" + bytes([len(parts)]) + b"".join(cbor2.dumps(part, canonical=True) for part in parts)

    assert (
        why(certificate_claim.PREFIX + qr_base45.encode(longer + SIGNER.sign(certificate_claim.WHAT, longer)))
        == "UNREADABLE"
    )


def test_after_a_change_of_keys_the_old_one_still_verifies_and_the_new_one_signs(tmp_path):
    first = signer_in(tmp_path)
    old = certificate_claim.write(CLAIM, first)
    published = read_public_keys(public_keys_in(tmp_path).text())

    second = rotate(tmp_path)
    now = read_public_keys(public_keys_in(tmp_path).text())

    assert signer_in(tmp_path) == second != first
    new = certificate_claim.write(CLAIM, second)
    assert certificate_claim.read(old, now) == certificate_claim.read(new, now) == CLAIM
    assert why(new, published) == "FOREIGN_KEY"
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o400, 0o400]


def test_a_damaged_key_file_is_told_and_never_replaced(tmp_path):
    (tmp_path / "certificate-signing-0001").write_bytes(b"short")

    with pytest.raises(ConfigurationError):
        signer_in(tmp_path)
    assert (tmp_path / "certificate-signing-0001").read_bytes() == b"short"


@pytest.mark.parametrize(
    "change",
    [
        lambda document: {**document, "kind": "other"},
        lambda document: {**document, "keys": []},
        lambda document: {**document, "keys": [{**document["keys"][0], "id": "00" * 8}]},
        lambda document: {**document, "keys": [{**document["keys"][0], "public": "00" * 32}]},
        lambda document: {**document, "keys": [{**document["keys"][0], "public": "zz"}]},
        lambda document: {**document, "keys": {"a": 1}},
        lambda document: [document],
        lambda document: None,
    ],
)
def test_a_file_of_public_keys_that_does_not_fit_is_refused(change):
    with pytest.raises(BadInput):
        read_public_keys(json.dumps(change(json.loads(KEYS.text()))))


@pytest.mark.parametrize("text", ["", "{", "[" * 5_000, "\x00"])
def test_a_file_that_is_no_list_of_keys_is_refused(text):
    with pytest.raises(BadInput):
        read_public_keys(text)


def test_the_name_of_a_key_is_the_one_of_its_bytes():
    assert SIGNER.id == key_id(SIGNER.public)
    assert key_id(bytes(32)) != key_id(bytes(31) + b"\x01")


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_its_standard(data, text):
    assert (qr_base45.encode(data), qr_base45.decode(text)) == (text, data)


@given(some.binary(max_size=300))
def test_base45_gives_back_what_went_in(data):
    assert qr_base45.decode(qr_base45.encode(data)) == data


@pytest.mark.parametrize("text", ["A", "GGW", ":::", "::", "a", "AAAA"])
def test_base45_refuses_what_no_bytes_give(text):
    with pytest.raises(ValueError, match="base45"):
        qr_base45.decode(text)


def test_days_long_ago_and_names_of_any_script_pass():
    for seed in range(20):
        dice = random.Random(seed)
        name = "".join(chr(dice.choice([65, 233, 0x627, 0x4E2D, 0x1F600])) for _ in range(dice.randint(1, 255)))
        claim = sheet(full_name=name, certified_on=dt.date(1945, 8, 17), valid_until=dt.date(2200, 12, 31)).claim("")
        assert certificate_claim.read(certificate_claim.write(claim, SIGNER), KEYS) == claim
