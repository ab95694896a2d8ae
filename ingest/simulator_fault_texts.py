r"""Faults of one text of a finished row: missing values, typing to quarantine, awkward text to keep.

The names after `quarantine:` are the reason codes of the receiver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.simulator_people import Person
from ingest.simulator_schema import TKI_COLUMNS

_COLUMNS = [*TKI_COLUMNS, "updated_at"]
NewText = Callable[[Person, str, str], str | None]
"""(person, a day after today, the text as it was) -> the text as it is sent."""


@dataclass(frozen=True, slots=True)
class TextFault:
    """One text of the row replaced."""

    expected: str
    column: int
    text: NewText
    only_once: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether a rule of the filter judges it, not the typing."""
        return "DV-" in self.expected


def _fault(expected: str, column: str, text: str | NewText | None, *, only_once: bool = False) -> TextFault:
    if callable(text):
        return TextFault(expected, _COLUMNS.index(column), text, only_once)
    return TextFault(expected, _COLUMNS.index(column), lambda *_: text, only_once)


def _exponent_nik(_person: Person, _future: str, nik: str) -> str:
    return f"{int(nik):.5E}"


def _day_without_40(_person: Person, _future: str, nik: str) -> str:
    # A man's day for a woman and the reverse: still a possible day, so only DV-I02 can notice.
    day = int(nik[6:8])
    return f"{nik[:6]}{day - 40 if day > 40 else day + 40:02d}{nik[8:]}"


def _other_birth_month(_person: Person, _future: str, nik: str) -> str:
    return f"{nik[:6]}{(int(nik[6:8]) - 1) // 40 * 40 + 11:02d}{int(nik[8:10]) % 12 + 1:02d}{nik[10:]}"


def _other_entry_date(_person: Person, _future: str, number: str) -> str:
    return f"{number[:23]}{int(number[23:27]) - 1}{number[27:29]}15"


_RULES = {
    "blkln_certificate_null": _fault("held_back:DV-E01", "no_sertifikasi_blkln", None),
    "blkln_certificate_empty": _fault("held_back:DV-E01", "no_sertifikasi_blkln", ""),
    "exit_date_null": _fault("held_back:DV-E01", "tanggal_keluar_blkln", None),
    "exit_date_empty": _fault("held_back:DV-E01", "tanggal_keluar_blkln", ""),
    "exit_date_future": _fault("held_back:DV-E01+DV-E02", "tanggal_keluar_blkln", lambda *a: a[1]),
    "blkln_certificate_short": _fault("finding:DV-E06", "no_sertifikasi_blkln", lambda *a: a[2][:-1]),
    "blkln_certificate_prefix": _fault("finding:DV-E06", "no_sertifikasi_blkln", lambda *a: "XX9" + a[2][3:]),
    "blkln_certificate_other_date": _fault("finding:DV-E06", "no_sertifikasi_blkln", _other_entry_date),
    "nik_null": _fault("finding:DV-I01", "no_ktp", None),
    "nik_empty": _fault("finding:DV-I01", "no_ktp", ""),
    "nik_00": _fault("finding:DV-I01", "no_ktp", "00"),
    "nik_15_digits": _fault("finding:DV-I01", "no_ktp", lambda *a: a[2][:-1]),
    "nik_letters": _fault("finding:DV-I01", "no_ktp", lambda *a: a[2][:-2] + "OO"),
    "nik_impossible_province": _fault("finding:DV-I01", "no_ktp", lambda *a: "00" + a[2][2:]),
    "nik_impossible_date": _fault("finding:DV-I01", "no_ktp", lambda *a: a[2][:6] + "7213" + a[2][10:]),
    "nik_wrong_sex": _fault("finding:DV-I02", "no_ktp", _day_without_40),
    "nik_other_birth_date": _fault("finding:DV-I02", "no_ktp", _other_birth_month),
}

_QUARANTINE = {
    "birth_date_impossible": _fault("quarantine:DATE_NOT_MDY", "tanggal_lahir", "2/30/1988"),
    "exit_date_impossible": _fault("quarantine:DATE_NOT_MDY", "tanggal_keluar_blkln", "2/30/2012"),
    "birth_month_13": _fault("quarantine:DATE_NOT_MDY", "tanggal_lahir", "13/25/1987"),
    "entry_day_first": _fault("quarantine:DATE_NOT_MDY", "tanggal_masuk_blkln", "25/5/2012"),
    "birth_year_two_digits": _fault("quarantine:DATE_NOT_MDY", "tanggal_lahir", "5/1/83"),
    "certificate_date_iso": _fault("quarantine:DATE_NOT_MDY", "tanggal_sertifikasi_blkln", "2012-05-25"),
    "certificate_date_words": _fault("quarantine:DATE_NOT_MDY", "tanggal_sertifikasi_blkln", "25 Mei 2012"),
    "birth_date_no_leap_year": _fault("quarantine:DATE_NOT_MDY", "tanggal_lahir", "2/29/1983"),
    "birth_date_excel_serial": _fault("quarantine:DATE_NOT_MDY", "tanggal_lahir", "30437"),
    "birth_date_before_1900": _fault("quarantine:DATE_BEFORE_1900", "tanggal_lahir", "5/1/1883"),
    "birth_date_future": _fault("quarantine:DATE_IN_FUTURE", "tanggal_lahir", lambda *a: a[1]),
    "nik_exponent": _fault("quarantine:NUMBER_EXPONENT", "no_ktp", _exponent_nik),
    "name_with_bell": _fault("quarantine:CONTROL_CHARACTER", "nama", lambda *a: f"{a[2]}\x07"),
    "name_with_nul": _fault("quarantine:CONTROL_CHARACTER", "nama", lambda *a: f"{a[2][:3]}\0{a[2][3:]}"),
    "address_with_unit_separator": _fault("quarantine:CONTROL_CHARACTER", "alamat", lambda *a: f"{a[2]}\x1f"),
    "address_with_escape": _fault("quarantine:CONTROL_CHARACTER", "alamat", lambda *a: f"\x1bN{a[2]}"),
    "name_too_long": _fault("quarantine:TOO_LONG", "nama", lambda *a: (f"{a[2]} " * 60)[:600]),
    "address_too_long": _fault("quarantine:TOO_LONG", "alamat", lambda *a: (f"{a[2]}, " * 60)[:2500]),
    "key_too_long": _fault("quarantine:TOO_LONG", "id_tki", lambda *a: a[2] + "0" * 60),
    "key_blank": _fault("quarantine:KEY_BLANK", "id_tki", "", only_once=True),
    "key_with_space": _fault("quarantine:KEY_WHITESPACE", "id_tki", lambda *a: f" {a[2]}"),
    "key_exponent": _fault("quarantine:KEY_EXPONENT", "id_tki", lambda *a: f"{int(a[2]):.6E}"),
    "updated_at_zero": _fault("quarantine:UPDATED_AT_INVALID", "updated_at", "0000-00-00 00:00:00.000000"),
}

_AWKWARD = {
    "tab": "SITI\tAMINAH",
    "newline": "SITI\nAMINAH",
    "windows_newline": "SITI\r\nAMINAH",
    "backslash": "SITI\\AMINAH",
    "backslash_at_end": "SITI AMINAH\\",
    "backslash_n": "SITI\\nAMINAH",
    "quotes": "SITI \"NUR\" 'AINI' `X`",
    "text_null": "NULL",
    "text_backslash_capital_n": "\\N",
    "emoji": "SITI \U0001f338 AMINAH",
    "arabic": "سيتي أمينة",
    "right_to_left_mark": "SITI \u200fAMINAH\u202c",
    "combining_marks": "SITI\u0301 AMI\u0303NAH",
    "formula": "=cmd()",
    "formula_excel": "=cmd|'/C calc'!A0",
    "sql": "'; DROP TABLE tki_tlrt; --",
    "html": "<script>alert(1)</script> SITI AMINAH",
    "format_signs": "SITI AMINAH %s %d {0} ${x} 100%",
    "spaces_around": "  SITI AMINAH  ",
}


def _awkward(text: str) -> NewText:
    """Put the row's own words in: many rows with one name would look like one person (DV-I04)."""

    def spell(_person: Person, _future: str, old: str) -> str:
        first, _, rest = old.partition(" ")
        return text.replace("SITI", first).replace("AMINAH", rest)

    return spell


TEXT_FAULTS: dict[str, TextFault] = {
    **_RULES,
    **_QUARANTINE,
    "updated_at_null": _fault("survives", "updated_at", None),
    **{f"name_{kind}": _fault("survives", "nama", _awkward(text)) for kind, text in _AWKWARD.items()},
    **{f"address_{kind}": _fault("survives", "alamat", _awkward(text)) for kind, text in _AWKWARD.items()},
}
"""Kind -> what must become of the row, and the one text that is replaced."""
