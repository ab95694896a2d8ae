"""Dates are read by the declared order only; what is no such date is refused by name (X10, R-085)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ingest import judge
from ingest.receive import receive
from tests.support.source import make_source, send, tki
from tests.support.staging import assert_accounted, reasons_by_key, staged, staged_date

pytestmark = pytest.mark.server

NO_DATES = {
    "a day that its month does not have": "2/30/2012",
    "a month that no year has": "13/25/2012",
    "29 February of a common year": "2/29/2011",
    "29 February of a century": "2/29/1900",
    "a year of two digits": "5/25/12",
    "a year of five digits": "5/25/20120",
    "a newline at the end": "5/25/2012\n",
    "a space at the end": "5/25/2012 ",
    "a space before": " 5/25/2012",
    "zeros": "0/0/0000",
    "month zero": "0/25/2012",
    "day zero": "5/0/2012",
    "another order": "2012-05-25",
    "dots": "25.05.2012",
    "words": "25 MEI 2012",
    "a time behind it": "5/25/2012 08:00",
    "Arabic digits": "\u0665/\u0662\u0665/\u0662\u0660\u0661\u0662",
    "only slashes": "//",
}


@pytest.mark.parametrize("text", NO_DATES.values(), ids=NO_DATES.keys())
def test_what_is_no_date_of_the_declared_order_is_quarantined(source, clean_posko, settings, text):
    make_source(source)
    send(source, tki("1", tanggal_lahir=text), tki("2", tanggal_keluar_blkln=text), tki("3"))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {"1": {"DATE_NOT_MDY"}, "2": {"DATE_NOT_MDY"}}
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5/25/2012", date(2012, 5, 25)),
        ("05/06/2012", date(2012, 5, 6)),
        ("2/29/2012", date(2012, 2, 29)),
        ("12/31/1999", date(1999, 12, 31)),
        ("1/1/1900", date(1900, 1, 1)),
        ("", None),
        (None, None),
        ("   ", None),
    ],
)
def test_a_date_stands_beside_its_text(source, clean_posko, settings, text, read):
    make_source(source)
    send(source, tki("1", tanggal_masuk_blkln=text))

    received = receive(source.server, clean_posko, settings)

    assert staged(clean_posko, "1")["tanggal_masuk_blkln"] == text
    assert staged_date(clean_posko, "1", "tanggal_masuk_blkln") == read
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize(
    ("order", "text", "read"), [("DMY", "6/5/2012", date(2012, 5, 6)), ("YMD", "2012-5-6", date(2012, 5, 6))]
)
def test_the_order_is_the_declared_one_and_never_guessed(source, clean_posko, settings, order, text, read):
    make_source(source)
    dates = {name: text for name in tki("") if name.startswith("tanggal_")}
    send(source, tki("1", **dates), tki("2", **{**dates, "tanggal_lahir": "5/25/2012"}))

    receive(source.server, clean_posko, settings.model_copy(update={"source_date_format": order}))

    assert staged_date(clean_posko, "1", "tanggal_lahir") == read
    assert reasons_by_key(clean_posko) == {"2": {"DATE_NOT_MDY"}}


def test_dates_before_1900_are_quarantined(source, clean_posko, settings):
    make_source(source)
    send(
        source,
        tki("1", tanggal_lahir="12/31/1899"),
        tki("2", tanggal_masuk_blkln="5/25/1012"),
        tki("3", tanggal_lahir="1/1/0001"),
        tki("4", tanggal_lahir="1/1/1900"),
    )

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {key: {"DATE_BEFORE_1900"} for key in "123"}
    assert_accounted(source, clean_posko, received)


def test_a_birth_after_today_and_other_dates_a_year_ahead_are_quarantined(source, clean_posko, settings):
    today = datetime.now(UTC).date()

    def mdy(days: int) -> str:
        day = today + timedelta(days=days)
        return f"{day.month}/{day.day}/{day.year}"

    make_source(source)
    send(
        source,
        tki("1", tanggal_lahir=mdy(2)),
        tki("2", tanggal_lahir=mdy(-1)),
        tki("3", tanggal_keluar_blkln=mdy(360)),
        tki("4", tanggal_keluar_blkln=mdy(370)),
        tki("5", tanggal_lahir="12/31/9999"),
    )

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {key: {"DATE_IN_FUTURE"} for key in "145"}
    assert_accounted(source, clean_posko, received)


def test_every_reason_of_a_row_is_named_once(source, clean_posko, settings):
    make_source(source)
    send(
        source,
        tki(
            "1e5",
            tanggal_lahir="2/30/2012",
            tanggal_masuk_blkln="13/1/2012",
            tanggal_keluar_blkln="1/1/1800",
            no_ktp="1E5",
        ),
    )

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {
        "1e5": {"KEY_EXPONENT", "NUMBER_EXPONENT", "DATE_NOT_MDY", "DATE_BEFORE_1900"}
    }
    assert_accounted(source, clean_posko, received)


@pytest.mark.parametrize(("named", "step"), [(0, 1000), (2, 1000), (1000, 2), (1000, 1000)])
def test_rows_are_judged_alike_however_many_are_suspect(source, clean_posko, settings, monkeypatch, named, step):
    monkeypatch.setattr(judge, "SUSPECTS_AT_MOST", named)
    monkeypatch.setattr(judge, "KEYS_A_STEP", step)
    make_source(source)
    bad = [tki(f"d{n}", tanggal_lahir="2/30/2012") for n in range(3)] + [tki(f"n{n}", no_ktp="1E5") for n in range(2)]
    suspect_only = tki("1", no_sertifikasi_blkln="AP2E51")
    send(source, *bad, suspect_only, tki("2"))

    received = receive(source.server, clean_posko, settings)

    assert reasons_by_key(clean_posko) == {
        **{f"d{n}": {"DATE_NOT_MDY"} for n in range(3)},
        **{f"n{n}": {"NUMBER_EXPONENT"} for n in range(2)},
    }
    assert_accounted(source, clean_posko, received)
