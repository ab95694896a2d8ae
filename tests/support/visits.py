"""Every form of every page, opened: who looks, where, what is done first, for the tests of bad input."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.fraud.small_world import EXAM_ON
from posko.domain.case_status import CaseStatus
from posko.services import cases, list_export, printing, registry_entries, saved_views
from tests.support.decided import EVALUATED_ON, deviation
from tests.support.enrol_page import prove, take_all
from tests.support.operator import field, press, say, texts_of
from tests.support.sheets import csv_of
from tests.support.tables import tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from tests.support.world import World

    First = Callable[[AppTest, World], AppTest]

BEFORE = dt.date(2026, 3, 5)
"""A day on which the preparation is under way."""
REASON, SUSPENDED = "Alasan yang dapat dibaca", "TUK-2"


@dataclass(frozen=True)
class Visit:
    """A page with its forms open.

    Attributes:
        path: which page.
        who: who looks.
        at: what the address says: a name, and a name of `fill_all` or a text.
        first: what is done first.
        day: when.
        then: text of the button that takes what stands in no form; without one it is only typed.
        is_laid_down: something waits for the second person from the beginning.
        with_views: the forms of the own views, which are the same on every list, are walked here.
    """

    path: str
    who: str
    at: tuple[str, str] | None = None
    first: First | None = None
    day: dt.date = EVALUATED_ON
    then: str = ""
    is_laid_down: bool = False
    with_views: bool = False


def ticked(prefix: str, place: int = 0) -> First:
    return lambda page, _world: tick(page, prefix, place)


def pressed(key: str) -> First:
    return lambda page, _world: press(page, key)


def second_of(key: str) -> First:
    return lambda page, _world: next(one for one in page.selectbox if one.label == say(key)).select_index(1).run()


def tab(key: str, label: str) -> First:
    def turn(page: AppTest, _world: World) -> AppTest:
        page.session_state[key] = say(label)
        return page.run()

    return turn


def both(*steps: First) -> First:
    def do(page: AppTest, world: World) -> AppTest:
        for step in steps:
            page = step(page, world)
        return page

    return do


def meeting(name: str) -> First:
    """Open the meeting that is not closed yet, and one of its tabs."""

    def turn(page: AppTest, world: World) -> AppTest:
        chosen = next(one for one in page.selectbox if one.label == say("evaluation.choose"))
        number = world.found["meeting"]  # type: ignore[attr-defined]
        page = chosen.select_index(
            next(i for i, one in enumerate(chosen.options) if one.startswith(f"{number} "))
        ).run()
        return tab("evaluation_tabs", f"evaluation.tab_{name}")(page, world)

    return turn


def appealed(page: AppTest, _world: World) -> AppTest:
    """Open the form of an appeal against a result."""
    return page.text_input(key="appeal_tki").set_value("520").run()


def complained(page: AppTest, _world: World) -> AppTest:
    """Open the form of a complaint."""
    return page.radio(key="appeal_kind").set_value("COMPLAINT").run()


def suspended(page: AppTest, _world: World) -> AppTest:
    """Open the TUK whose suspension `prepare` left."""
    chosen = page.selectbox(key="registers_open:tuk")
    return chosen.select_index(chosen.options.index(SUSPENDED)).run()


def prepare(world: World) -> dict[str, Any]:
    """Leave what a visit needs beside `fill_all`; return the names by which it is shown."""
    told = {"party_kind": "TUK", "party_code": SUSPENDED, "suspended_from": "2030-01-01", "reason": REASON}
    world.desk("BN1").do(registry_entries.suspend, **told)
    world.desk("BN1").do(printing.issue_blanks, lsp_code="LSP-2", first="BL000001", last="BL000009")
    newest = world.value(
        "select certificate_no from posko.certificate where lsp_code = 'LSP-2' order by certificate_id desc limit 1"
    )
    world.desk("LS2").do(printing.print_certificate, certificate_no=newest, blank_no="BL000001")
    world.desk("BN1").do(saved_views.save, list_name="cetakan", view_name="Milik saya", query="")
    read = {"list_name": "log", "kind": "csv", "filters": {}, "rows": 1, "sha256": "a" * 64}
    case_id = world.desk("BN1").do(cases.open_case, deviation_ids=[deviation(world)], title="Kasus yang terbukti")
    for step in (cases.triage, cases.review, cases.confirm):
        world.desk("BN1").do(step, case_id=case_id, note=REASON)
    return {"confirmed": case_id, "event": world.desk("BN1").do(list_export.note, **read)}


def open_session(page: AppTest, world: World) -> AppTest:
    return page.radio[0].set_value(world.found["session"]).run()  # type: ignore[attr-defined]


def uploaded(page: AppTest, _world: World) -> AppTest:
    """Put in a file that would change something."""
    return page.file_uploader[0].set_value(("bayar.csv", csv_of("300;Siti;Lunas"), "text/csv")).run()


def laid_down(form: str) -> First:
    """Fill a form properly and lay it down for the second person."""

    def do(page: AppTest, _world: World) -> AppTest:
        for kind in ("text_input", "text_area"):
            for one in page.get(kind):
                if one.proto.form_id.startswith(form):
                    one.set_value(REASON)
        for one in page.get("radio"):
            if one.proto.form_id.startswith(form):
                one.set_value(one.options[0] if not one.value else one.value)
        button = next(one for one in page.get("button") if one.proto.form_id.startswith(form))
        page = button.click().run()
        assert say("second_person.read") in texts_of(page), [box.value for box in page.error]
        return page

    return do


def way_of(key: str, way: str) -> First:
    """Choose one of several ways."""

    def choose(page: AppTest, _world: World) -> AppTest:
        page.session_state[next(str(one.key) for one in page.radio if str(one.key).startswith(key))] = way
        return page.run()

    return choose


def enrolled(page: AppTest, world: World) -> AppTest:
    """Take a new officer's fingers, up to the second person."""
    page = press(page, "staff.new")
    field(page, "staff.person_id").set_value("NEW-1")
    field(page, "staff.full_name").set_value("Petugas Baru")
    page = press(page, "staff.check")
    if any(one.label == say("enrol.begin") for one in page.button):
        page = prove(take_all(press(page, "enrol.begin")))
    return press(page, "staff.to_second")


VISITS = (
    Visit("beranda", "SA1"),
    Visit("cari", "KO1", day=BEFORE),
    Visit("jadwal", "KO1", first=ticked("schedule_rows"), day=BEFORE),
    Visit("usulan", "KO1", day=BEFORE),
    Visit("unggah", "KO1", first=uploaded, day=BEFORE),
    Visit("kapasitas", "KO1"),
    Visit("pembatalan", "KO1", first=ticked("undo_rows"), day=BEFORE),
    Visit("sidik-jari", "KO1"),
    Visit("sidik-jari", "KO1", ("tki", "300"), day=BEFORE),
    Visit("kirim", "KO1", day=BEFORE),
    Visit("terima", "LS1", day=BEFORE),
    Visit("terima", "TU1", day=BEFORE),
    Visit("asesor-pengganti", "KO1", day=BEFORE),
    Visit("absensi", "TU1", first=open_session, day=EXAM_ON),
    Visit("absensi", "SA1", day=EXAM_ON),
    Visit("pengecualian", "TU1", ("tki", "T2"), day=EXAM_ON),
    Visit("sesi", "TU1", day=EXAM_ON),
    Visit("sesi", "SA1", day=EXAM_ON),
    Visit("penilaian", "AS2", day=EXAM_ON),
    Visit("penilaian", "AS2", first=second_of("scoring.session"), day=EXAM_ON),
    Visit("keputusan", "LS1"),
    Visit("sertifikat", "LS2", first=ticked("certificates_rows")),
    Visit("sertifikat", "LS2", first=ticked("certificates_rows", 1)),
    Visit("sertifikat", "LS2", first=pressed("certificates.batch_look")),
    Visit("rapat", "BN1", first=meeting("results")),
    Visit("rapat", "BN1", first=meeting("people")),
    Visit("rapat", "LS2", first=meeting("comments"), then="evaluation.comment_send"),
    Visit("rapat", "BN1", first=meeting("minutes"), then="evaluation.close"),
    Visit("penyimpangan", "BN1"),
    Visit("kasus", "BN1", first=ticked("case_rows")),
    Visit("kasus", "BN1", ("kasus", "case")),
    Visit("kasus", "BN1", ("kasus", "confirmed")),
    Visit("kasus", "AU1", ("kasus", "case"), tab("case_tabs", "cases.tab_notes"), then="cases.comment_send"),
    Visit("surveilans", "BN1"),
    Visit("duplikat", "BN1", ("temuan", "duplicate")),
    Visit("banding", "LS1"),
    Visit("banding", "LS2", first=appealed),
    Visit("banding", "BN1", first=complained),
    Visit("banding", "BN1", ("banding", "appeal")),
    Visit("status-sertifikat", "BN1", ("nomor", "certificate")),
    Visit("publikasi", "BN1"),
    Visit("perjalanan", "BN1", ("tki", "500")),
    Visit("log", "BN1"),
    Visit("log", "AU1", ("kejadian", "event")),
    Visit("keadaan", "BN1"),
    Visit("keaslian", "BN1"),
    Visit("sesi-masuk", "BN1"),
    Visit("daftar-resmi", "BN1", first=pressed("registers.add")),
    Visit("daftar-resmi", "BN1", ("daftar", "tuk"), suspended),
    Visit("stasiun", "SA1", ("stasiun", "ST-1")),
    Visit("blangko", "BN1", first=second_of("blanks.to_lsp")),
    Visit("petugas", "SA1", first=pressed("staff.new"), then="staff.check"),
    Visit("petugas", "SA1", ("petugas", "LS1")),
    Visit("parameter", "BN1", ("nama", "appeal_days")),
    Visit("cetak", "BN1", with_views=True),
)
"""The forms as they open."""
SIGN = "second_person.sign"
LATER = (
    Visit("pengecualian", "TU1", ("tki", "T2"), laid_down("except"), EXAM_ON, SIGN, is_laid_down=True),
    Visit("duplikat", "BN1", ("temuan", "duplicate"), laid_down("judge"), then=SIGN, is_laid_down=True),
    Visit("banding", "BN1", ("banding", "appeal"), laid_down("decide"), then=SIGN, is_laid_down=True),
    Visit(
        "status-sertifikat",
        "BN1",
        ("nomor", "certificate"),
        both(way_of("way:", "revoke"), laid_down("revoke")),
        then=SIGN,
        is_laid_down=True,
    ),
    Visit(
        "kasus",
        "BN1",
        ("kasus", "confirmed"),
        both(way_of("to:", CaseStatus.CLOSED), laid_down("step")),
        then=SIGN,
        is_laid_down=True,
    ),
    Visit("petugas", "SA1", first=enrolled, then=SIGN, is_laid_down=True),
)
"""What two persons decide, at its second step: the number of the second person."""
