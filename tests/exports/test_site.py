"""The public site: what is found and by whom, what is written again, what a stop holds back (§14.1-14.2; R-160, R-188)."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag

from exports import site_address
from exports.site import build
from exports.site_folder import SiteFolder
from exports.site_reader import look_up, site_words
from posko.domain.errors import ConfigurationError, LeaseHeld
from tests.support.site_rows import AT, BORN, FakeRows


@pytest.fixture(autouse=True)
def _fixed_salt(monkeypatch):
    """Let places be the same in every run: by chance two persons may share a part."""
    monkeypatch.setattr("exports.site._salt", lambda: "garam")


@pytest.fixture
def rows():
    made = FakeRows()
    for number in range(40):
        made.add(f"98112{number:02d}", result="BELUM" if number % 4 == 0 else "KOMPETEN")
    return made


@pytest.fixture
def folder(tmp_path):
    return SiteFolder(tmp_path / "situs")


def publish(rows, folder, **more):
    with folder.held():
        made = build(rows, folder, at=AT, **more)
        if made is not None:
            before = folder.state_or_none()
            assert made.findings == []
            folder.switch(made.state)
            folder.tidy(before)
    return made


def found(folder, tki_id, born_on=BORN):
    return look_up(folder.public, site_words(folder.public)["garam"], tki_id, born_on)


def page(folder, name):
    return (folder.public / name).read_text("utf-8")


def bytes_of(folder):
    """Everything that a web server would give away: name -> bytes."""
    return {
        str(path.relative_to(folder.public)): path.read_bytes()
        for base in (folder.public.resolve(), folder.parts)
        for path in base.rglob("*")
        if path.is_file()
        for path in [
            folder.public / (path.relative_to(base) if base != folder.parts else f"isi/{path.relative_to(base)}")
        ]
    }


def test_who_passed_and_who_did_not_are_found_by_id_and_birth_date(rows, folder):
    publish(rows, folder)

    (passed,), (failed,) = found(folder, "9811201"), found(folder, "9811200")
    assert passed == [
        "S*** N***", "KOMPETEN", "LSP-1", "TUK-1", "2026-03-09", "PRT.1025.2026.4538768", "VALID", "2026-03-16",
    ]  # fmt: skip
    assert failed[1] == "BELUM"
    assert failed[5:7] == [None, None]


@pytest.mark.parametrize(("tki_id", "born_on"), [("9811201", dt.date(1983, 5, 2)), ("404", BORN), ("981120", BORN)])
def test_neither_the_id_nor_the_birth_date_alone_finds_anything(rows, folder, tki_id, born_on):
    publish(rows, folder)

    assert found(folder, tki_id, born_on) == []


def test_no_file_names_a_person_and_pass_and_fail_look_alike(rows, folder):
    publish(rows, folder)

    everything = bytes_of(folder)
    assert len(everything) > 256 + 40
    for name, data in everything.items():
        for secret in (b"98112", b"S***", b"PRT.", b"1983", b"TINGGULUH", b"081234"):
            assert secret not in data, name
    lengths = {len(data) for name, data in everything.items() if name.startswith("isi/")}
    assert all(length % min(lengths) == 0 for length in lengths)


def test_the_totals_need_no_script_and_name_few_together(rows, folder):
    for number in range(3):
        rows.add(f"77{number}", lsp_code="LSP-2")
    publish(rows, folder)

    text = page(folder, "jumlah.html")
    assert "<script" not in text
    assert '<th scope="row">LSP Satu</th><td>30</td><td>10</td><td>75,0 %</td>' in text
    assert "LSP lain, masing-masing kurang dari 5 hasil</th><td>3</td>" in text
    assert "LSP Dua" not in text
    assert '<th scope="row">Maret 2026</th><td>33</td><td>10</td>' in text
    assert text.count("<svg") == 2


def test_only_the_parts_of_who_is_new_are_written_again(rows, folder):
    first = publish(rows, folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.parts.rglob("*") if path.is_file()}
    rows.add("555")
    rows.add("556")

    second = publish(rows, folder)

    after = {path.name: path.stat().st_mtime_ns for path in folder.parts.rglob("*") if path.is_file()}
    assert (first.persons, first.indexes) == (40, 256)
    assert (second.persons, second.parts, second.indexes) == (2, 2, 2)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2
    assert found(folder, "555")
    assert found(folder, "9811201")


def test_nothing_new_makes_no_version(rows, folder):
    publish(rows, folder)

    assert publish(rows, folder) is None
    assert folder.version() == 1


def test_a_revocation_takes_the_place_of_what_stood_there(rows, folder):
    publish(rows, folder)
    rows.add("9811201", certificate_status="REVOKED")

    assert publish(rows, folder).persons == 1

    (row,) = found(folder, "9811201")
    assert row[6] == "REVOKED"
    assert "<li>sudah dicabut: 1</li><li>berlaku: 29</li>" in page(folder, "jumlah.html")


def test_results_that_were_committed_late_below_the_mark_are_not_missed(rows, folder):
    rows.add("555", number=2500)
    publish(rows, folder)
    rows.add("556", number=60)
    rows.add("557", number=2499)

    assert publish(rows, folder) is not None

    assert found(folder, "556")
    assert found(folder, "557")
    assert "<dd>43</dd>" in page(folder, "jumlah.html")
    assert publish(rows, folder) is None


def test_a_stop_lets_nothing_new_out_but_a_revocation(rows, folder):
    publish(rows, folder)
    rows.stopped = True
    rows.add("555")
    rows.add("9811201", certificate_status="REVOKED")

    assert publish(rows, folder).persons == 1
    assert publish(rows, folder) is None

    assert found(folder, "555") == []
    assert found(folder, "9811201")[0][6] == "REVOKED"
    assert "<dd>40</dd>" in page(folder, "jumlah.html")
    assert publish(rows, folder, full=True).persons == 40
    rows.stopped = False
    publish(rows, folder)
    assert found(folder, "555")
    assert "<li>sudah dicabut: 1</li><li>berlaku: 30</li>" in page(folder, "jumlah.html")


def test_a_site_that_begins_during_a_stop_shows_nobody(rows, folder):
    rows.stopped = True

    publish(rows, folder)

    assert found(folder, "9811201") == []
    assert "Belum ada hasil yang ditayangkan." in page(folder, "jumlah.html")


def test_step_by_step_and_anew_give_the_same_records(rows, folder):
    publish(rows, folder)
    rows.add("555")
    rows.add("9811202", certificate_status="SUSPENDED")
    publish(rows, folder)
    before = {name: data for name, data in bytes_of(folder).items() if name.startswith("indeks/")}

    made = publish(rows, folder, full=True)

    assert {name: data for name, data in bytes_of(folder).items() if name.startswith("indeks/")} == before
    assert made.parts == 0
    assert folder.sweep() == 0


def test_two_results_of_one_person_stand_in_one_record_and_parts_of_old_versions_go(rows, folder):
    publish(rows, folder)
    rows.add("9811200", journey="again")
    for number in range(3):
        publish(rows, folder)
        rows.add(f"60{number}")

    assert [row[1] for row in found(folder, "9811200")] == ["BELUM", "KOMPETEN"]
    assert len(list((folder.root / "versi").iterdir())) == 2
    assert folder.sweep() == 0


def test_another_process_waits_and_a_damaged_part_is_named(rows, folder):
    with folder.held(), pytest.raises(LeaseHeld), SiteFolder(folder.root).held():
        pass
    publish(rows, folder)
    for path in folder.parts.rglob("*"):
        if path.is_file():
            path.write_bytes(b"x")
    rows.add("9811201", certificate_status="REVOKED")

    with pytest.raises(ConfigurationError, match="--full"):
        publish(rows, folder)
    publish(rows, folder, full=True)
    assert found(folder, "9811201")[0][6] == "REVOKED"


def test_an_altered_record_is_never_shown():
    address = site_address.address_of("1", BORN, "garam")
    record = bytearray(site_address.seal(address, [["N***"]]))
    record[-1] ^= 1

    with pytest.raises(InvalidTag):
        site_address.open_text(address, bytes(record))


@pytest.mark.parametrize(
    ("number", "born", "expected"),
    [
        (" 9811201 ", "1983-05-01", ("9811201", BORN)),
        ("9811201", "01-05-1983", ("9811201", BORN)),
        ("9811201", " 1/5/1983", ("9811201", BORN)),
        ("9811201", "1983-13-01", None),
        ("9811201", "\u0660\u0661-\u0660\u0665-\u0661\u0669\u0668\u0663", None),
        ("9811201", "", None),
        ("9811201", "1-2-3-4", None),
        ("", "1983-05-01", None),
        ("9811201\x00", "1983-05-01", None),
        ("<script>", "1983-05-01", None),
        ("x" * 65, "1983-05-01", None),
    ],
)
def test_what_is_typed_is_taken_or_is_none(number, born, expected):
    assert site_address.typed(number, born) == expected
