"""A read-back closes a line only when it shows what was sent, whatever BNP2TKI shows (§14.5; R-168, DV-C07)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.errors import Refused
from posko.services.return_lines import READ_BACK, checked_read_back, difference

NUMBER, DAY = "PRT.1025.2026.4538766", dt.date(2026, 3, 11)
SHOWN = st.fixed_dictionaries(
    {
        "kode_lsp": st.sampled_from(["LSP-1", " LSP-1 ", "LSP-2", "", None]),
        "no_sertifikasi_kompetensi": st.sampled_from([NUMBER, NUMBER.lower(), NUMBER[:-1], "", None])
        | st.text(max_size=300),
        "tanggal_sertifikasi_kompetensi": st.sampled_from(["2026-03-11", "3/11/2026", "11/3/2026", "", None, DAY])
        | st.text(max_size=300),
    }
)


def line(status, number=NUMBER):
    return {"lsp_code": "LSP-1", "certificate_no": number, "certified_on": DAY, "certificate_status": status}


def judged(sent, shown):
    return difference(sent, checked_read_back({"1": shown})["1"])


@given(SHOWN, st.sampled_from(["VALID", "SUSPENDED"]))
def test_who_passed_is_closed_only_by_the_same_three_values(shown, status):
    try:
        found = judged(line(status), shown)
    except Refused:
        return
    is_same = (
        (shown["kode_lsp"] or "").strip() == "LSP-1"
        and (shown["no_sertifikasi_kompetensi"] or "").strip() == NUMBER
        and shown["tanggal_sertifikasi_kompetensi"] in {"2026-03-11", "3/11/2026", DAY}
    )
    assert (found == "") is is_same
    if found is None:
        assert not any((str(shown[name] or "")).strip() for name in READ_BACK)


@given(SHOWN)
def test_who_did_not_pass_or_was_revoked_is_never_closed_while_a_number_or_date_is_shown(shown):
    for sent in (line("REVOKED"), line(None, None)):
        try:
            found = judged(sent, shown)
        except Refused:
            return
        if (shown["no_sertifikasi_kompetensi"] or "").strip() or shown[
            "tanggal_sertifikasi_kompetensi"
        ] == "2026-03-11":
            assert found


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_comes_back_is_read_or_refused(value):
    with suppress(Refused):
        checked_read_back(value)


def test_a_row_that_was_not_shown_is_missing_and_not_different():
    assert difference(line("VALID"), None) is None
    with pytest.raises(Refused):
        checked_read_back({"1": {"kode_lsp": ""}})
