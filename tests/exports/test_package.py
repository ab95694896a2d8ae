"""A package is a tar of Parquet with a signed manifest inside age: whole for its recipient, open to standard tools (§12.4; F09)."""

from __future__ import annotations

import datetime as dt
import io
import json
import stat
import subprocess
import tarfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import age
from exports.package import read, read_signed, write
from exports.package_keys import Card, Senders, keys_in, make_keys, read_card
from exports.package_manifest import read_manifest
from exports.package_tables import MOST_ROWS, MOST_UNPACKED, Schema, read_here
from posko.domain.errors import ConfigurationError, Refused
from posko.domain.package import Link
from tests.support.packages import SCHEMAS, TABLE, manifest, sealed

CELL = st.one_of(st.none(), st.text(max_size=30))


@pytest.fixture(scope="module")
def bnsp(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("bnsp"), "BNSP")


@pytest.fixture(scope="module")
def lsp(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("lsp"), "LSP:LSP-1")


def opened(bnsp, lsp, data, **other):
    return read(data, keys=lsp, senders=Senders.of([bnsp.card]), **{"schemas": SCHEMAS, "last": {}, **other})


def test_what_was_sent_arrives_whole_with_its_manifest(bnsp, lsp):
    made = sealed(bnsp, lsp)

    found = opened(bnsp, lsp, made.data)

    assert found.tables["people"].equals(TABLE)
    assert found.manifest == made.manifest
    assert found.manifest.facts == {"batch_id": 17}
    assert found.sha256 == made.sha256
    assert [file.rows for file in found.manifest.files] == [2]


def test_the_standard_program_age_and_plain_parquet_open_it(bnsp, lsp, tmp_path):
    made = sealed(bnsp, lsp)
    (tmp_path / "paket").write_bytes(made.data)
    (tmp_path / "key").write_text(f"{lsp.identities[-1]}\n", "ascii")

    command = ["age", "--decrypt", "-i", str(tmp_path / "key"), str(tmp_path / "paket")]
    archive = subprocess.run(command, capture_output=True, check=True).stdout

    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        assert files.getnames() == ["manifest.json", "manifest.sig", "people.parquet"]
        told = json.loads(files.extractfile("manifest.json").read())
        table = pq.read_table(io.BytesIO(files.extractfile("people.parquet").read()))
    assert table.equals(TABLE)
    assert (told["format"], told["sender"], told["recipient"], told["sequence"]) == (
        "posko-package",
        "BNSP",
        "LSP:LSP-1",
        1,
    )


def test_what_the_program_age_encrypts_is_read_too(lsp, tmp_path):
    (tmp_path / "clear").write_bytes(b"isi")

    command = ["age", "--encrypt", "-r", lsp.card.age, str(tmp_path / "clear")]
    data = subprocess.run(command, capture_output=True, check=True).stdout

    assert age.decrypt(data, lsp.identities, lsp.body) == b"isi"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, st.one_of(st.none(), st.dates(dt.date(1900, 1, 1)))), max_size=20),
    st.dictionaries(
        st.from_regex("[a-z][a-z0-9_]{0,10}", fullmatch=True), st.one_of(st.text(max_size=40), st.integers(-99, 99))
    ),
)
def test_any_rows_and_facts_survive_the_journey(bnsp, lsp, rows, facts):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    parts = [pa.array(one, part.type) for one, part in zip(columns, TABLE.schema, strict=True)]
    table = pa.Table.from_arrays(parts, TABLE.schema.names)
    made = sealed(bnsp, lsp, {"people": table}, facts=facts)

    # The tables are read here: a process for each of sixty would take a minute.
    manifest_, files = read_signed(made.data, keys=lsp, senders=Senders.of([bnsp.card]))
    found = read_here(files["people.parquet"], table.num_rows, MOST_ROWS, MOST_UNPACKED)

    assert found.equals(table)
    assert manifest_.facts == facts


def test_the_same_rows_make_the_same_manifest_and_never_the_same_file(bnsp, lsp):
    first, second = sealed(bnsp, lsp), sealed(bnsp, lsp)

    assert first.manifest.link == second.manifest.link
    assert first.data != second.data


def test_a_package_goes_on_behind_the_one_before(bnsp, lsp):
    first = sealed(bnsp, lsp)
    last = opened(bnsp, lsp, first.data).manifest.link
    second = sealed(bnsp, lsp, sequence=2, previous_sha256=last.manifest_sha256)

    found = opened(bnsp, lsp, second.data, last={"BNSP": last})

    assert found.manifest.link.sequence == 2


def test_an_older_schema_is_read_where_there_is_an_upgrade(bnsp, lsp):
    old = TABLE.drop_columns(["born_on"])
    upgrade = {1: lambda tables: {"people": tables["people"].append_column("born_on", pa.nulls(2, pa.date32()))}}
    schemas = {"people": Schema("people", 2, SCHEMAS["people"].tables, upgrade)}

    found = opened(bnsp, lsp, sealed(bnsp, lsp, {"people": old}, schema_version=1).data, schemas=schemas)

    assert found.tables["people"].schema.names == ["tki_id", "full_name", "born_on"]


def test_a_new_key_signs_and_the_old_one_still_opens(bnsp, tmp_path):
    first = make_keys(tmp_path, "TUK:A/B 1")
    old = write({"people": TABLE}, manifest(recipient="TUK:A/B 1"), recipient=first.card.age, signer=bnsp.signer)

    second = make_keys(tmp_path, "TUK:A/B 1")

    assert second.signer.id != first.signer.id
    assert len(second.identities) == 2
    assert opened(bnsp, second, old.data).tables["people"].equals(TABLE)


def test_secret_keys_are_readable_by_their_owner_only_and_never_on_the_card(tmp_path):
    made = make_keys(tmp_path / "kunci", "LSP:LSP-1")

    files = sorted((tmp_path / "kunci").iterdir())
    assert [path.name for path in files] == ["package-LSP%3ALSP-1-0001.age", "package-LSP%3ALSP-1-0001.sign"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o400, 0o400]
    assert stat.S_IMODE((tmp_path / "kunci").stat().st_mode) == 0o700
    card = made.card.text()
    assert made.identities[0] not in card
    assert made.signer.private.hex() not in card
    assert read_card(card) == Card("LSP:LSP-1", made.signer.public, made.card.age)


def test_half_a_pair_of_keys_is_said_and_not_replaced(tmp_path):
    make_keys(tmp_path, "BNSP")
    (tmp_path / "package-BNSP-0001.sign").unlink()

    with pytest.raises(ConfigurationError, match="cadangan"):
        keys_in(tmp_path, "BNSP")
    assert keys_in(tmp_path, "KONSORSIUM") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"kind": "posko-package-card", "body": "BNSP", "sign": "zz", "age": "age1"}',
        "{" * 100_000,
        '{"kind": "other"}',
    ],
)
def test_what_is_no_card_is_refused(text):
    with pytest.raises(Refused) as found:
        read_card(text)
    assert found.value.code == "PACKAGE_KEY_WRONG"


@pytest.mark.parametrize("body", ["", "LSP", "LSP:", "bnsp", "LSP:../x\n", "TUK:" + "A" * 60, "LSP:É"])
def test_a_body_without_a_proper_name_gets_no_keys(tmp_path, body):
    with pytest.raises(Refused) as found:
        make_keys(tmp_path, body)
    assert found.value.code == "PACKAGE_BODY_WRONG"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": 0},
        {"sequence": True},
        {"schema_version": 2**60},
        {"schema": "../x"},
        {"previous_sha256": "ab"},
        {"sequence": 2},
        {"created_at": "kemarin"},
        {"facts": {"batch_id": 1.5}},
        {"facts": {"x": "y" * 501}},
        {"facts": {"X Y": 1}},
        {"facts": {"batch_id": 2**60}},
    ],
)
def test_a_manifest_that_no_reader_would_take_is_not_written(bnsp, lsp, wrong):
    with pytest.raises(Refused) as found:
        sealed(bnsp, lsp, **wrong)
    assert found.value.code == "PACKAGE_CONTENT"


def test_only_the_exact_bytes_of_a_manifest_are_one(bnsp, lsp):
    text = sealed(bnsp, lsp).manifest.text

    assert read_manifest(text).link == Link(1, sealed(bnsp, lsp).manifest.link.manifest_sha256)
    for other in (
        text + b" ",
        text.replace(b'"sequence": 1', b'"sequence":  1'),
        text.replace(b"17", b"1.7e1"),
        b"[]",
        b"\xff",
    ):
        with pytest.raises(Refused):
            read_manifest(other)
