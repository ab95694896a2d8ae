"""A file is read, checked line by line and taken over as one act, or refused in words with nothing written (§9.2, §12.5; R-012, R-096)."""

from __future__ import annotations

import json

import pytest

from posko.domain.errors import NotPermitted, Refused
from posko.services import registration, undoing, uploads
from tests.support.preparation import WRONG, changes_nothing, refused, registered, rows_of
from tests.support.sheets import book_of, csv_of

pytestmark = pytest.mark.server
WHY = "Rekap bank 2 Maret"


def read(world, data, kind="payment", name="bayar.csv", who="KO1"):
    return world.desk(who).do(uploads.read, kind=kind, data=data, filename=name)


def check(world, upload, who="KO1", columns=None):
    return world.desk(who).do(uploads.check, upload=upload, columns=columns or dict(upload.guessed))


def commit(world, upload, told, who="KO1", reason=WHY, key=None, columns=None):
    desk = world.desk(who) if key is None else world.desk(who).once(key)
    columns = columns or dict(upload.guessed)
    return desk.do(uploads.commit, upload=upload, columns=columns, version=told["version"], reason=reason)


def states(world):
    return dict(world.ask("select tki_id, payment_status from posko.candidate order by tki_id"))


# payments -------------------------------------------------------------------------------------------------------------


def test_a_check_shows_what_would_change_and_changes_nothing(world):
    registered(world, "100", "101", "102")
    upload = read(world, csv_of("100;Siti;Lunas", "101;Ani;BELUM", "102;Ita;dibebaskan"))
    before = rows_of(world)

    told = check(world, upload)

    assert upload.guessed == {"tki_id": 0, "payment_status": 2}
    assert {name: told[name] for name in ("added", "changed", "same", "wrong")} == {
        "added": 0,
        "changed": 2,
        "same": 1,
        "wrong": 0,
    }
    assert [
        (one["line"], one["key"], one["before"]["payment_status"], one["after"]["payment_status"])
        for one in told["changes"]
    ] == [(2, "100", "BELUM", "LUNAS"), (4, "102", "BELUM", "DIBEBASKAN")]
    assert rows_of(world) == before
    assert states(world) == {"100": "BELUM", "101": "BELUM", "102": "BELUM"}


def test_a_commit_writes_all_lines_with_an_event_and_a_change_each(world):
    registered(world, "100", "101")
    upload = read(world, csv_of("100;Siti;Lunas", "101;Ani;Lunas"))

    made = commit(world, upload, check(world, upload))

    assert made == {"upload_id": 1, "added": 0, "changed": 2, "same": 0}
    assert states(world) == {"100": "LUNAS", "101": "LUNAS"}
    payloads = world.ask("select payload from posko_audit.audit_event where action = 'upload.commit' order by event_id")
    told = [json.loads(payload) for (payload,) in payloads]
    assert [(one["payment_before"], one["payment_after"], one["reason"]) for one in told[:2]] == [
        ("BELUM", "LUNAS", WHY)
    ] * 2
    assert (told[2]["kind"], told[2]["changed"], told[2]["digest"]) == ("payment", 2, upload.digest)
    numbers = [number for (number,) in world.ask("select payment_change_id from posko.payment_change")]
    world.desk("KO1").do(undoing.undo_payment, payment_change_ids=numbers, reason="Rekap salah")
    assert states(world) == {"100": "BELUM", "101": "BELUM"}


def test_every_wrong_line_is_named_with_its_column_and_nothing_is_loaded(world):
    registered(world, "100", "101")
    data = csv_of(
        "100;Siti;Lunas", "999;X;Lunas", "101;Ani;ya", ";Y;Lunas", "100;Siti;Belum", "3603054105830001;Z;Lunas"
    )
    upload = read(world, data)

    told = check(world, upload)

    assert told["wrong"] == 5
    assert [(one["line"], one["column"]) for one in told["problems"]] == [
        (3, "tki_id"),
        (4, "payment_status"),
        (5, "tki_id"),
        (6, "tki_id"),
        (7, "tki_id"),
    ]
    assert "belum terdaftar" in told["problems"][0]["what"]
    assert "sama dengan baris 2" in told["problems"][3]["what"]
    with pytest.raises(Refused) as refusal:
        commit(world, upload, told)
    assert refusal.value.code == "UPLOAD_STALE"
    assert states(world) == {"100": "BELUM", "101": "BELUM"}


def test_the_same_submission_twice_loads_once_and_the_same_file_again_changes_nothing(world):
    registered(world, "100")
    upload = read(world, csv_of("100;Siti;Lunas"))
    told = check(world, upload)

    answers = [commit(world, upload, told, key="form-1") for _ in range(2)]

    assert answers[0] == answers[1]
    assert world.value("select count(*) from posko.upload") == 1
    again = check(world, read(world, csv_of("100;Siti;Lunas")))
    assert (again["changed"], again["same"]) == (0, 1)
    with pytest.raises(Refused) as refusal:
        commit(world, upload, again)
    assert refusal.value.code == "UPLOAD_NOTHING"


def test_what_changed_since_the_check_is_not_overwritten(world):
    (journey_id,) = registered(world, "100")
    upload = read(world, csv_of("100;Siti;Lunas"))
    told = check(world, upload)
    world.desk("KO1").do(registration.set_payment, journey_id=journey_id, payment_status="DIBEBASKAN")

    with pytest.raises(Refused) as refusal:
        commit(world, upload, told)

    assert refusal.value.code == "UPLOAD_STALE"
    assert states(world) == {"100": "DIBEBASKAN"}


def test_the_choice_of_columns_is_remembered_for_the_next_file_of_the_same_person(world):
    registered(world, "100", "101")
    strange = "kolom a;kolom b\n{};{}"
    upload = read(world, strange.format("100", "lunas").encode())
    assert upload.guessed == {}
    columns = {"tki_id": 0, "payment_status": 1}
    commit(world, upload, check(world, upload, columns=columns), columns=columns)

    assert read(world, b"Kolom B;x;KOLOM-A\nlunas;1;101").guessed == {"tki_id": 2, "payment_status": 0}


def test_numbers_and_dates_of_a_workbook_are_read_as_they_show(world):
    registered(world, "9264729")
    upload = read(world, book_of(("ID", "Status bayar"), (9264729, "Lunas")), name="bayar.xlsx")

    assert check(world, upload)["changed"] == 1


def test_a_formula_counts_only_in_a_column_that_was_chosen(world):
    registered(world, "100")
    upload = read(world, book_of(("ID", "Bayar", "Jumlah"), ("100", "Lunas", "=1+1")), name="bayar.xlsx")

    assert check(world, upload)["wrong"] == 0
    told = check(world, upload, columns={"tki_id": 0, "payment_status": 2})
    assert [(one["line"], one["column"]) for one in told["problems"]] == [(2, "payment_status")]
    assert "rumus" in told["problems"][0]["what"]


def test_wrong_cells_and_wrong_lines_are_named_together_in_the_order_of_the_file(world):
    registered(world, "100")
    data = book_of(("ID", "Bayar"), ("100", "=1+1"), ("999", "Lunas"), ("100", True), (None, "Lunas"))

    told = check(world, read(world, data, name="bayar.xlsx"))

    assert [(one["line"], one["column"]) for one in told["problems"]] == [
        (2, "payment_status"),
        (3, "tki_id"),
        (4, "payment_status"),
        (5, "tki_id"),
    ]
    assert (told["wrong"], told["changes"]) == (4, [])


# registers ------------------------------------------------------------------------------------------------------------


def test_a_register_is_loaded_with_its_history_and_keeps_columns_that_the_file_does_not_name(world):
    data = csv_of("TUK-1;35", "TUK-9;10", head="Kode TUK;Kapasitas")
    upload = read(world, data, "tuk", who="BN1")

    told = check(world, upload, "BN1")
    assert {one["column"] for one in told["problems"]} >= {"tuk_name", "valid_from"}
    assert {one["line"] for one in told["problems"]} == {3}
    upload = read(world, csv_of("TUK-1;35", head="Kode TUK;Kapasitas"), "tuk", who="BN1")
    told = check(world, upload, "BN1")
    assert [
        (one["key"], one["before"]["capacity_per_day"], one["after"]["capacity_per_day"]) for one in told["changes"]
    ] == [("TUK-1", 20, 35)]
    commit(world, upload, told, "BN1")

    assert world.ask("select capacity_per_day, city from posko.tuk where tuk_code = 'TUK-1'") == [(35, "Kota 1")]
    assert world.ask("select register, register_key, changed_by, reason from posko.registry_change") == [
        ("tuk", "TUK-1", "BN1", WHY)
    ]


@pytest.mark.parametrize("kind", ["lsp", "asesor", "blkln", "tuk_lsp"])
def test_new_rows_of_every_register_are_checked_against_the_others(world, kind):
    lines = {
        "lsp": ("lsp_code;lsp_name;license_no;valid_from;valid_until", "LSP-9;LSP 9;L-9;2026-01-01;2027-01-01"),
        "asesor": ("met_no;asesor_name;lsp_code;valid_from;valid_until", "MET.9;Budi;LSP-8;2026-01-01;2027-01-01"),
        "blkln": ("blkln_code;blkln_name", "B-9;BLKLN 9"),
        "tuk_lsp": ("tuk_code;lsp_code;scheme_code;valid_from;valid_until", "TUK-8;LSP-1;TLRT;2026-01-01;2027-01-01"),
    }[kind]
    upload = read(world, "\n".join(lines).encode(), kind, who="BN1")

    told = check(world, upload, "BN1")

    if kind in {"lsp", "blkln"}:
        assert (told["added"], told["wrong"]) == (1, 0)
        assert commit(world, upload, told, "BN1")["added"] == 1
    else:
        assert [one["line"] for one in told["problems"]] == [2]
        assert "tidak ada pada daftar" in told["problems"][0]["what"]


# rights and bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "kind"),
    [("KO1", "tuk"), ("BN1", "payment"), ("LS1", "payment"), ("LS1", "lsp"), ("AU1", "tuk"), ("TU1", "tuk")],
)
def test_each_kind_is_open_only_to_who_may_do_the_same_by_hand(world, who, kind):
    with pytest.raises(NotPermitted):
        read(world, csv_of("100;Siti;Lunas"), kind, who=who)
    own = read(world, csv_of("1;2;3"), "tuk" if kind == "tuk" else "payment", who="BN1" if kind == "tuk" else "KO1")
    with pytest.raises(NotPermitted):
        world.desk(who).do(uploads.check, upload=own, columns={})


def test_wrong_columns_are_refused_and_forged_ones_too(world):
    registered(world, "100")
    upload, desk = read(world, csv_of("100;Siti;Lunas")), world.desk("KO1")

    for columns, code in [
        ({}, "UPLOAD_COLUMN_MISSING"),
        ({"tki_id": 0}, "UPLOAD_COLUMN_MISSING"),
        ({"tki_id": 0, "payment_status": 0}, "UPLOAD_COLUMN_TWICE"),
        ({"tki_id": 0, "payment_status": 3}, "ROWS_WRONG"),
        ({"tki_id": 0, "payment_status": True}, "ROWS_WRONG"),
        ({"tki_id": 0, "payment_status": 2, "status": 1}, "ROWS_WRONG"),
    ]:
        assert refused(desk, uploads.check, upload=upload, columns=columns).code == code
    changes_nothing(
        world,
        [
            *(lambda v=v: desk.do(uploads.check, upload=v, columns={"tki_id": 0}) for v in WRONG),
            *(lambda v=v: desk.do(uploads.check, upload=upload, columns=v) for v in WRONG),
            *(lambda v=v: desk.do(uploads.read, kind=v, data=b"x", filename="x.csv") for v in WRONG),
            *(lambda v=v: commit(world, upload, {"version": check(world, upload)["version"]}, reason=v) for v in WRONG),
        ],
    )
    assert states(world) == {"100": "BELUM"}
