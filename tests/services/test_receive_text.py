"""Text is stored exactly as it was sent, or refused by name; never cut, never altered (R-085, X10)."""

from __future__ import annotations

import pytest

from ingest.receive import receive
from tests.support.source import HONEST, make_source, run_sql, send, tki
from tests.support.staging import assert_accounted, open_refusals, reasons_by_key, staged

pytestmark = pytest.mark.server

EXACT = {
    "a tab": "SITI\tAMINAH",
    "a newline": "JL. MAWAR\nRT 01",
    "a carriage return": "JL. MAWAR\r\nRT 01\r",
    "a backslash": "C:\\SITI\\",
    "two trailing backslashes": "SITI\\\\",
    "quotes": "SITI 'AMINAH' \"BINTI\" `ALI`",
    "the text NULL": "NULL",
    "the text \\N": "\\N",
    "an empty text": "",
    "spaces at both ends": "  SITI  ",
    "emoji": "SITI 😀👩🏽‍🏭 🇮🇩",
    "right-to-left text": "سيتي \u202eHANIMA\u202c أمينة",
    "combining marks": "e\u0301 n\u0303",
    "the byte order mark": "\ufeffSITI",
    "a formula": "=cmd()|' /C calc'!A0",
    "another formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "SQL": "Robert'); DROP TABLE tki_tlrt; -- %s",
    "format marks": "%s %(nama)s {0} $1",
    "a noncharacter": "SITI\uffff",
    "C1 controls": "SITI\u0085\u009f",
    "the last code point": "SITI\U0010ffff",
}


@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT.keys())
def test_awkward_text_is_stored_exactly(source, clean_posko, settings, text):
    make_source(source)
    send(source, tki("1", nama=text, alamat=text), tki("2"))

    received = receive(source.server, clean_posko, settings)

    assert (staged(clean_posko, "1")["nama"], staged(clean_posko, "1")["alamat"]) == (text, text)
    assert_accounted(source, clean_posko, received)


def test_all_awkward_texts_together_are_stored_exactly_in_every_column(source, clean_posko, settings):
    make_source(source)
    free = ("nama", "tempat_lahir", "alamat", "agama", "kode_lsp", "nama_pptkis", "no_telepon")
    send(source, *(tki(f"{n}", **dict.fromkeys(free, text)) for n, text in enumerate(EXACT.values())))

    received = receive(source.server, clean_posko, settings)

    assert received.typed == len(EXACT)
    assert_accounted(source, clean_posko, received)


def test_null_and_empty_text_stay_different(source, clean_posko, settings):
    make_source(source)
    send(source, tki("1", nama=None, updated_at=None), tki("2", nama=""), tki("3", nama="NULL"), tki("4", nama="\\N"))

    received = receive(source.server, clean_posko, settings)

    assert [staged(clean_posko, key)["nama"] for key in "1234"] == [None, "", "NULL", "\\N"]
    assert_accounted(source, clean_posko, received)


def test_every_control_character_is_quarantined_as_sent(source, clean_posko, settings):
    codes = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F]
    make_source(source)
    send(source, *(tki(f"{code}", nama=f"SITI{chr(code)}AMINAH") for code in codes), tki("alone", nama="\0"), tki("A"))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {key: {"CONTROL_CHARACTER"} for key in [*map(str, codes), "alone"]}
    assert received.typed == 1
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("code", [0x00, 0x1B, 0x7F], ids=hex)
def test_one_control_character_alone_is_noticed(source, clean_posko, settings, code):
    make_source(source)
    send(source, tki("1", nama=f"SITI{chr(code)}AMINAH"), tki("2"))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1": {"CONTROL_CHARACTER"}}
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("text", ["\x1bN", "\x1f", "\x1e", "A\x1fB\x1eC\x1bN\x1b", "\x1b", "\x1bN\x1f" * 23])
def test_the_separators_of_the_transfer_in_a_text_do_not_shift_columns(source, clean_posko, settings, text):
    make_source(source)
    send(source, tki("1"), tki("2", nama=text), tki("3", nama=None))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"2": {"CONTROL_CHARACTER"}}
    assert_accounted(source, clean_posko, received)


def test_a_control_character_in_the_key_is_quarantined(source, clean_posko, settings):
    make_source(source)
    send(source, tki("1\x00"), tki("1"))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1\x00": {"CONTROL_CHARACTER"}}
    assert_accounted(source, clean_posko, received)


def test_over_long_text_is_quarantined_whole_and_not_cut(source, clean_posko, settings):
    make_source(source)
    send(
        source,
        tki("1", nama="A" * 256),
        tki("2", nama="A" * 255),
        tki("3", alamat="😀" * 2001),
        tki("4", alamat="😀" * 2000),
        tki("5", nama="A" * 255 + " "),
        tki("6" * 65),
        tki("6" * 64),
    )

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {key: {"TOO_LONG"} for key in ("1", "3", "5", "6" * 65)}
    assert_accounted(source, clean_posko, received)


def test_an_over_long_text_among_very_many_bad_dates_is_still_noticed(source, clean_posko, settings):
    """A server keeps at most 65,535 warnings of one statement; the one that matters may be the next."""
    dates = "tanggal_lahir = '2/30/2012', tanggal_masuk_blkln = '2/30/2012', tanggal_keluar_blkln = '2/30/2012'"
    more = "tanggal_sertifikasi_blkln = '2/30/2012', tanggal_sertifikasi_kompetensi = '2/30/2012'"
    make_source(source)
    send(source, tki("0"))
    columns = ", ".join(name for name in tki("") if name != "id_tki")
    run_sql(
        source,
        f"update tki_tlrt set {dates}, {more}",
        f"insert into tki_tlrt (id_tki, {columns}) select seq, {columns} from seq_1_to_13500 join tki_tlrt",
        "update tki_tlrt set nama = repeat('A', 300) where id_tki = '9999'",
    )

    received = receive(source.server, clean_posko, settings.model_copy(update={"receive_chunk_rows": 20_000}))

    assert reasons_by_key(clean_posko)["9999"] == {"TOO_LONG"}
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("sent", [b"\xff", b"SITI \xe9", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"A\xc0\x80"])
def test_bytes_that_are_not_utf8_are_quarantined_byte_for_byte(source, clean_posko, settings, sent):
    make_source(source, nama="varbinary(1000) null")
    send(source, tki("1", nama=sent), tki("2", nama="SITI 😀".encode()))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1": {"NOT_UTF8"}}
    ((_, _, row),) = open_refusals(clean_posko)
    assert row[1] == sent
    assert staged(clean_posko, "2")["nama"] == "SITI 😀"
    assert_accounted(source, clean_posko, received)


def test_a_key_that_is_not_utf8_is_quarantined_and_stays_there(source, clean_posko, settings):
    make_source(source, key="varbinary(255) not null")
    send(source, tki(b"\xff\xfe"), tki(b"\xe9"), tki(b"2"))

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    assert reasons_by_key(clean_posko) == {"\\xff\\xfe": {"NOT_UTF8"}, "\\xe9": {"NOT_UTF8"}}
    assert again.pulled == 0
    assert_accounted(source, clean_posko, received)


def test_a_latin1_column_is_converted_right(source, clean_posko, settings):
    make_source(source, nama="varchar(255) character set latin1 null")
    send(source, tki("1", nama="JOSÉ ÑANDÚ €"), tki("2", nama="Ã©"))

    received = receive(source.server, clean_posko, settings)

    assert staged(clean_posko, "1")["nama"] == "JOSÉ ÑANDÚ €"
    assert staged(clean_posko, "2")["nama"] == "Ã©"
    assert_accounted(source, clean_posko, received)


def test_latin1_keys_beyond_ascii_are_each_pulled_once(source, clean_posko, settings):
    make_source(source, key="varchar(64) character set latin1 collate latin1_bin not null")
    send(source, *(tki(f"{first}{second}") for first in "ABCDEÑÆßZ" for second in "AÖZÆÞ"), tki("Â©"), tki("Ã©"))
    small = settings.model_copy(update={"receive_chunk_rows": 1})

    received = receive(source.server, clean_posko, small)
    run_sql(source, "update tki_tlrt set nama = concat('X', id_tki)")
    verified = receive(source.server, clean_posko, small, verify=True)

    assert received.quarantined == 0
    assert verified.updated == received.typed
    assert_accounted(source, clean_posko, verified)


def test_a_source_without_a_column_that_may_be_null_is_read_like_any_other(source, clean_posko, settings):
    kinds = dict.fromkeys(HONEST, "varchar(255) not null") | {"updated_at": "datetime(6) not null"}
    make_source(source, **kinds)
    full = {name: value or "" for name, value in HONEST.items()}
    send(
        source,
        tki("1", **full),
        tki("2", **full | {"nama": "\x1bN"}),
        tki("3", **full | {"updated_at": "0000-00-00 00:00:00"}),
        tki("4", **full | {"email": "\x1f"}),
    )

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    assert reasons_by_key(clean_posko) == {
        "2": {"CONTROL_CHARACTER"},
        "3": {"UPDATED_AT_INVALID"},
        "4": {"CONTROL_CHARACTER"},
    }
    assert again.pulled == 0
    assert_accounted(source, clean_posko, received)


def test_columns_of_several_charsets_and_collations_are_read_together(source, clean_posko, settings):
    make_source(
        source,
        nama="varchar(255) collate utf8mb4_general_ci null",
        alamat="varchar(255) character set latin1 null",
        kota_asal="varbinary(255) null",
        updated_at="timestamp(6) null",
    )
    send(source, tki("1", nama="SITI 😀", alamat="JL. É", kota_asal="Ñ"), tki("2", nama=None, kota_asal=None))

    received = receive(source.server, clean_posko, settings)
    again = receive(source.server, clean_posko, settings, verify=True)

    assert (staged(clean_posko, "1")["alamat"], staged(clean_posko, "1")["kota_asal"]) == ("JL. É", "Ñ")
    assert (received.typed, again.pulled) == (2, 0)
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize("text", ["3.32E+15", "1e5", "3,32406E+15", "12E15"])
def test_a_number_in_exponent_form_is_quarantined(source, clean_posko, settings, text):
    make_source(source)
    send(source, tki("1", no_ktp=text), tki("2", no_telepon=text), tki(text), tki("3", nama=text))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1": {"NUMBER_EXPONENT"}, "2": {"NUMBER_EXPONENT"}, text: {"KEY_EXPONENT"}}
    assert_accounted(source, clean_posko, received)


def test_an_updated_at_that_is_no_time_is_quarantined(source, clean_posko, settings):
    make_source(source)
    send(
        source,
        tki("1", updated_at="0000-00-00 00:00:00"),
        tki("2", updated_at="2012-00-00 00:00:00"),
        tki("3", updated_at="9999-12-31 23:59:59.999999"),
    )

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1": {"UPDATED_AT_INVALID"}, "2": {"UPDATED_AT_INVALID"}}
    assert_accounted(source, clean_posko, received)
