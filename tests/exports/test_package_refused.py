"""What a loader refuses, each with its own sentence, before anything of a package is looked at (§12.4; F09, R-088)."""

from __future__ import annotations

import io
import random
import tarfile

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import age, package
from exports.package import read
from exports.package_keys import Senders, Signer, make_keys
from exports.package_tables import Schema, to_parquet
from exports.package_tar import MANIFEST, SIGNATURE, pack, unpack
from posko.domain.errors import Refused
from posko.domain.package import FILE_REFUSALS, Link
from posko.domain.refusals import CATALOGUE
from tests.support.packages import SCHEMAS, TABLE, manifest, sealed

FLIPS, CUTS = 200, 100


@pytest.fixture(scope="module")
def bnsp(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("bnsp"), "BNSP")


@pytest.fixture(scope="module")
def lsp(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("lsp"), "LSP:LSP-1")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("other"), "LSP:LSP-2")


@pytest.fixture(scope="module")
def good(bnsp, lsp):
    return sealed(bnsp, lsp)


def refused(bnsp, keys, data, **other):
    """The code with which a file is refused."""
    options = {"senders": Senders.of([bnsp.card]), "schemas": SCHEMAS, "last": {}, **other}
    with pytest.raises(Refused) as found:
        read(data, keys=keys, **options)
    assert found.value.code in FILE_REFUSALS
    return found.value.code


def wrapped(lsp, files):
    """A package of these files as they are, encrypted to its recipient as anybody can."""
    return age.encrypt(pack(files), lsp.card.age)


def signed(bnsp, told, files):
    text = told.text
    return {MANIFEST: text, SIGNATURE: f"{bnsp.signer.id} {bnsp.signer.sign(text).hex()}\n".encode(), **files}


def test_every_flipped_bit_is_refused(bnsp, lsp, good):
    dice = random.Random(7)
    places = [*range(60), *(dice.randrange(len(good.data) * 8) for _ in range(FLIPS - 60))]

    for place in places:
        data = bytearray(good.data)
        data[place // 8] ^= 1 << place % 8
        assert refused(bnsp, lsp, bytes(data)) in {"PACKAGE_DAMAGED", "PACKAGE_NOT_OURS"}, place


def test_every_truncation_is_refused(bnsp, lsp, good):
    step = len(good.data) / CUTS
    for cut in range(CUTS):
        assert refused(bnsp, lsp, good.data[: int(cut * step)]) == "PACKAGE_DAMAGED", cut
    assert refused(bnsp, lsp, good.data[:-1]) == "PACKAGE_DAMAGED"
    assert refused(bnsp, lsp, good.data + b"x") == "PACKAGE_DAMAGED"


def test_every_flipped_bit_below_the_encryption_is_refused(bnsp, lsp, good):
    """Anybody can encrypt to the recipient: what is inside must hold by the signature alone."""
    inside = age.decrypt(good.data, lsp.identities, lsp.body)
    whole = unpack(inside)
    dice = random.Random(11)
    for _ in range(FLIPS):
        name = dice.choice(sorted(whole))
        content = bytearray(whole[name])
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        data = wrapped(lsp, {**whole, name: bytes(content)})
        if (
            name == SIGNATURE
            and content.decode("ascii", "replace").lower().split() == whole[name].decode("ascii").split()
        ):
            continue  # a hex digit in the other case, or another line end, is the same signature
        refused(bnsp, lsp, data)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=3_000))
def test_noise_is_no_archive_and_no_package(data):
    with pytest.raises(Refused) as found:
        unpack(data)
    assert found.value.code in FILE_REFUSALS


def test_a_package_for_another_is_refused_by_its_key(bnsp, other, good):
    assert refused(bnsp, other, good.data) == "PACKAGE_NOT_OURS"


def test_a_package_that_its_recipient_wraps_for_another_is_refused(bnsp, lsp, other, good):
    """LSP-1 holds a manifest that BNSP signed; it may not pass for one that BNSP sent to LSP-2."""
    inside = age.decrypt(good.data, lsp.identities, lsp.body)

    assert refused(bnsp, other, age.encrypt(inside, other.card.age)) == "PACKAGE_WRONG_RECIPIENT"


def test_an_unknown_sender_and_a_foreign_key_are_refused(bnsp, lsp, other, good):
    assert refused(bnsp, lsp, good.data, senders=Senders.of([])) == "PACKAGE_UNKNOWN_SENDER"
    assert refused(bnsp, lsp, good.data, senders=Senders.of([other.card])) == "PACKAGE_UNKNOWN_SENDER"
    forged = package.write({"people": TABLE}, manifest(), recipient=lsp.card.age, signer=Signer(bytes(range(32))))
    assert refused(bnsp, lsp, forged.data) == "PACKAGE_UNKNOWN_SENDER"
    # LSP-2 is known, but may not speak for BNSP.
    forged = package.write({"people": TABLE}, manifest(), recipient=lsp.card.age, signer=other.signer)
    assert refused(bnsp, lsp, forged.data, senders=Senders.of([bnsp.card, other.card])) == "PACKAGE_UNKNOWN_SENDER"


def test_a_signature_over_other_bytes_is_refused(bnsp, lsp, good):
    whole = unpack(age.decrypt(good.data, lsp.identities, lsp.body))
    whole[MANIFEST] = whole[MANIFEST].replace(b'"batch_id": 17', b'"batch_id": 18')
    assert refused(bnsp, lsp, wrapped(lsp, whole)) == "PACKAGE_SIGNATURE"
    whole[SIGNATURE] = f"{bnsp.signer.id} \n".encode()
    assert refused(bnsp, lsp, wrapped(lsp, whole)) == "PACKAGE_SIGNATURE"
    whole[SIGNATURE] = f"{bnsp.signer.id} nothex\n".encode()
    assert refused(bnsp, lsp, wrapped(lsp, whole)) == "PACKAGE_SIGNATURE"


def test_replay_gap_and_another_chain_are_refused(bnsp, lsp, good):
    link = good.manifest.link
    third = sealed(bnsp, lsp, sequence=3, previous_sha256="ab" * 32)
    second = sealed(bnsp, lsp, sequence=2, previous_sha256="ab" * 32)

    assert refused(bnsp, lsp, good.data, last={"BNSP": link}) == "PACKAGE_REPLAYED"
    assert refused(bnsp, lsp, good.data, last={"BNSP": Link(5, "cd" * 32)}) == "PACKAGE_REPLAYED"
    assert refused(bnsp, lsp, third.data, last={"BNSP": link}) == "PACKAGE_GAP"
    assert refused(bnsp, lsp, second.data, last={"BNSP": link}) == "PACKAGE_CHAIN"
    assert refused(bnsp, lsp, second.data) == "PACKAGE_GAP"


def test_a_package_wrapped_anew_is_still_a_replay(bnsp, lsp, good):
    again = age.encrypt(age.decrypt(good.data, lsp.identities, lsp.body), lsp.card.age)

    assert again != good.data
    assert refused(bnsp, lsp, again, last={"BNSP": good.manifest.link}) == "PACKAGE_REPLAYED"


def test_a_schema_too_old_too_new_or_unknown_is_refused(bnsp, lsp):
    assert refused(bnsp, lsp, sealed(bnsp, lsp, schema_version=1).data) == "PACKAGE_SCHEMA_OLD"
    assert refused(bnsp, lsp, sealed(bnsp, lsp, schema_version=3).data) == "PACKAGE_SCHEMA_NEW"
    assert refused(bnsp, lsp, sealed(bnsp, lsp, schema="rahasia").data) == "PACKAGE_SCHEMA_UNKNOWN"
    gap = {"people": Schema("people", 4, SCHEMAS["people"].tables, {2: dict})}
    assert refused(bnsp, lsp, sealed(bnsp, lsp).data, schemas=gap) == "PACKAGE_SCHEMA_OLD"


def test_a_newer_format_is_named_as_newer(bnsp, lsp, good):
    text = good.manifest.text.replace(b'"format_version": 1', b'"format_version": 2')
    files = unpack(age.decrypt(good.data, lsp.identities, lsp.body))
    newer = {**files, MANIFEST: text, SIGNATURE: f"{bnsp.signer.id} {bnsp.signer.sign(text).hex()}\n".encode()}

    assert refused(bnsp, lsp, wrapped(lsp, newer)) == "PACKAGE_SCHEMA_NEW"


@pytest.mark.parametrize(
    "content",
    [
        {"people": TABLE.slice(0, 1)},
        {"people": TABLE.rename_columns(["tki_id", "full_name", "no_ktp"])},
        {"people": TABLE.append_column("more", pa.array(["1", "2"]))},
        {"people": TABLE.set_column(2, "born_on", pa.array(["1983-05-01"] * 2))},
        {"people": TABLE, "more": TABLE},
        {"others": TABLE},
    ],
    ids=["rows", "column", "more", "type", "table", "name"],
)
def test_a_signed_manifest_that_does_not_fit_its_content_is_refused(bnsp, lsp, content):
    """Even a sender with a good key cannot pass other columns, tables or rows than it declares."""
    files = {f"{name}.parquet": to_parquet(table) for name, table in content.items()}
    told = sealed(bnsp, lsp, content).manifest
    rows = tuple(package.File(file.name, 2, file.bytes, file.sha256) for file in told.files)

    assert refused(bnsp, lsp, wrapped(lsp, signed(bnsp, told.with_files(rows), files))) == "PACKAGE_CONTENT"


def test_a_file_more_or_less_than_the_manifest_names_is_refused(bnsp, lsp, good):
    whole = unpack(age.decrypt(good.data, lsp.identities, lsp.body))

    assert refused(bnsp, lsp, wrapped(lsp, {**whole, "more.parquet": b"x"})) == "PACKAGE_CONTENT"
    whole.pop("people.parquet")
    assert refused(bnsp, lsp, wrapped(lsp, whole)) == "PACKAGE_CONTENT"
    whole.pop(SIGNATURE)
    assert refused(bnsp, lsp, wrapped(lsp, whole)) == "PACKAGE_STRANGE_FILE"


def _member(name, kind=tarfile.REGTYPE, **other):
    info = tarfile.TarInfo(name)
    info.type = kind
    for field, value in other.items():
        setattr(info, field, value)
    return info


@pytest.mark.parametrize(
    "info",
    [
        _member("../../etc/cron.d/x"),
        _member("/etc/passwd"),
        _member("sub/people.parquet"),
        _member("people.parquet\x00.sh"),
        _member("people.parquet", tarfile.SYMTYPE, linkname="/etc/passwd"),
        _member("people.parquet", tarfile.LNKTYPE, linkname="manifest.json"),
        _member("people.parquet", tarfile.DIRTYPE),
        _member("people.parquet", tarfile.FIFOTYPE),
        _member("people.parquet", tarfile.CHRTYPE),
        _member("manifest.json"),
        _member("x" * 300 + ".parquet"),
    ],
    ids=lambda info: f"{info.type!r} {info.name[:20]!r}",
)
def test_names_outside_links_devices_and_doubles_are_refused(bnsp, lsp, good, info):
    inside = io.BytesIO()
    with tarfile.open(fileobj=inside, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in unpack(age.decrypt(good.data, lsp.identities, lsp.body)).items():
            member = _member(name, size=len(content))
            archive.addfile(member, io.BytesIO(content))
        archive.addfile(info)

    assert refused(bnsp, lsp, age.encrypt(inside.getvalue(), lsp.card.age)) in {
        "PACKAGE_STRANGE_FILE",
        "PACKAGE_CONTENT",
    }


def test_a_hole_that_claims_terabytes_is_refused_before_it_is_read(bnsp, lsp):
    info = _member("people.parquet", size=0, pax_headers={"GNU.sparse.map": "0,0", "GNU.sparse.size": str(2**42)})
    inside = io.BytesIO()
    with tarfile.open(fileobj=inside, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)

    assert refused(bnsp, lsp, age.encrypt(inside.getvalue(), lsp.card.age)) == "PACKAGE_STRANGE_FILE"


def test_more_files_than_a_package_may_have_are_refused(bnsp, lsp):
    files = {f"t{number}.parquet": b"x" for number in range(50)}

    assert refused(bnsp, lsp, wrapped(lsp, files)) == "PACKAGE_TOO_LARGE"


def test_a_file_over_the_limit_is_refused_before_it_is_decrypted(bnsp, lsp, good, monkeypatch):
    monkeypatch.setattr(package, "MOST_FILE", len(good.data) - 1)
    monkeypatch.setattr(age, "decrypt", lambda *_: pytest.fail("it was decrypted"))

    assert refused(bnsp, lsp, good.data) == "PACKAGE_TOO_LARGE"


def test_each_refusal_has_its_own_sentence():
    sentences = [CATALOGUE[code].text for code in FILE_REFUSALS]

    assert len(set(sentences)) == len(sentences) == 14
