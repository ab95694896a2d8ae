"""Who is signed in where, and the truth table, as every role sees them (R-045, R-049, R-060..R-070)."""

from __future__ import annotations

import pytest

from apps.fraud.small_world import STAFF
from apps.operator import messages
from posko.domain.commands import LABELS
from posko.domain.errors import Refused
from posko.domain.matrix import CELL_LABELS, MATRIX, Cell, Role
from posko.services import sessions
from tests.support.operator import cookies_of, look, press, say, station_of, texts_of

pytestmark = pytest.mark.server
END = "signed_in.end"


def says(page, key):
    return say(key) in texts_of(page)


def token_of(world, who):
    return cookies_of(world, who)["posko_web"]


def is_open(world, token, who):
    try:
        sessions.principal_of(world.office, token, station_of(who))
    except Refused:
        return False
    return True


def test_every_role_sees_her_own_sessions_and_only_readers_of_the_log_everybodys(world, seen):
    token_of(world, "TU2")
    for who in ("SA1", "KO1", "LS1", "TU1", "AS1", "BN1", "AU1"):
        page = seen("sesi-masuk", who)

        assert not page.exception
        assert says(page, "signed_in.here"), who
        assert says(page, "signed_in.everybody") is (who in {"SA1", "BN1", "AU1"}), who
        assert ("Petugas TU2" in texts_of(page)) is (who in {"SA1", "BN1", "AU1"}), who
        offered = [one.label for one in page.button]
        assert (say(END) in offered) is (who in {"SA1", "BN1"}), who


def test_ending_all_of_ones_own_signs_out(world, monkeypatch):
    cookies = cookies_of(world, "KO1")
    page = look("sesi-masuk", cookies, monkeypatch)

    press(page, "signed_in.end_own")

    assert not is_open(world, cookies["posko_web"], "KO1")
    assert not look("sesi-masuk", cookies, monkeypatch).title


def end(page, event, reason):
    next(one for one in page.selectbox if one.label == say("signed_in.whose")).set_value(event)
    next(one for one in page.text_input if one.label == say("signed_in.reason")).set_value(reason)
    return press(page, END)


def event_of(world, who):
    return world.value("select auth_event from posko.login_session where active_person = :who", who=who)


def test_another_is_signed_out_with_a_reason_and_only_then(world, seen):
    token = token_of(world, "KO1")
    page = seen("sesi-masuk", "BN1")
    event = event_of(world, "KO1")
    for reason in ("", "a\x00b", "3603054105830001"):
        page = end(page, event, reason)
        assert len(page.error) == 1
        assert is_open(world, token, "KO1")

    page = end(page, event, "Meninggalkan komputer")

    assert [one.value for one in page.success] == [say("signed_in.ended_other", person="KO1")]
    assert not is_open(world, token, "KO1")


def test_where_nobody_was_chosen_nobody_is_signed_out(world, seen):
    token = token_of(world, "KO1")
    page = seen("sesi-masuk", "BN1")
    next(one for one in page.text_input if one.label == say("signed_in.reason")).set_value("Alasan")

    page = press(page, END)

    assert [one.value for one in page.error] == [say("signed_in.choose")]
    assert is_open(world, token, "KO1")


def test_a_newer_sign_in_is_not_ended_by_an_older_list(world, seen):
    token_of(world, "KO1")
    page = seen("sesi-masuk", "BN1")
    older = event_of(world, "KO1")
    next(one for one in page.selectbox if one.label == say("signed_in.whose")).set_value(older)
    newer = token_of(world, "KO1")

    page = end(page, older, "Alasan")

    assert page.error
    assert is_open(world, newer, "KO1")


# Izin -------------------------------------------------------------------------------------------------------------------


def mark_of(cell):
    """Return a cell's mark: a sign, or an Indonesian word; the table's own words are English."""
    key = f"rights.cell_{cell.name}"
    assert (key in messages.CATALOGUE) is cell.value.isascii(), cell
    return say(key) if key in messages.CATALOGUE else cell.value


def test_every_cell_of_the_table_in_force_stands_on_the_page(world, seen):
    page = seen("izin", "KO1")

    assert not page.exception
    (table,) = [one.proto.body for one in page.get("html") if "posko-rights" in one.proto.body]
    rows = table.split("<tr>")[2:]
    assert len(rows) == len(MATRIX)
    for row, (command, cells) in zip(rows, MATRIX.items(), strict=True):
        assert LABELS[command] in row
        assert [part.split(">", 1)[1].split("<")[0] for part in row.split("<td")[1:]] == [
            mark_of(cells[role]) for role in Role
        ]


def test_the_own_role_is_shown_in_words_and_another_can_be_chosen(world, seen):
    page = seen("izin", "AS1")
    assert f"{CELL_LABELS[Cell.OWN_SESSION]}</span>" in texts_of(page)

    chosen = next(one for one in page.selectbox if one.label == say("rights.role"))
    chosen.set_value(Role.AUDITOR).run()

    assert f"{CELL_LABELS[Cell.OWN_SESSION]}</span>" not in texts_of(page)
    assert f"{CELL_LABELS[Cell.ANNOTATE]}</span>" in texts_of(page)
    assert say("balance.title") in texts_of(page)


def test_every_role_may_look_at_the_table(world, seen):
    for who in {role: who for who, (role, *_) in STAFF.items()}.values():
        assert say("rights.whole") in [one.value for one in seen("izin", who).header]
