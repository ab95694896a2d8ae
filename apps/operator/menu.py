"""Every page of the screens in one table: path, title, stage, and the commands of the truth table that open it (§9, §12-14).

A page is open to a role when one of its commands is: what may then be done stands in the service, which asks again. Another page is
one line here, one module with `render(desk)` and its texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posko.domain.matrix import MATRIX, Cell, Command, Role
from posko.domain.roles import ACTS, Act

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stage(StrEnum):
    """The three groups of the Pedoman (§11), and what belongs to none; the value is the key of its heading."""

    START = "menu.start"
    PREPARE = "menu.prepare"
    CARRY_OUT = "menu.carry_out"
    EVALUATE = "menu.evaluate"
    AUDIT = "menu.audit"
    OFFICE = "menu.office"


@dataclass(frozen=True)
class Page:
    """One page: address, stage, icon, commands of which one must be open to the role (`act` says how far), module with `render`.

    Its title is the text `<module>.title`.
    """

    path: str
    stage: Stage
    icon: str
    module: str
    commands: tuple[Command, ...]
    act: Act = Act.READ

    @property
    def title(self) -> str:
        """Return the key of the title."""
        return f"{self.module}.title"

    def is_open_to(self, role: Role) -> bool:
        """Return whether the truth table lets this role in; who may only see what is about herself has no use for a page."""
        cells = [MATRIX[command][role] for command in self.commands]
        return any(self.act in ACTS[cell] and cell is not Cell.OWN_EVENTS for cell in cells)


PAGES: tuple[Page, ...] = (
    Page("beranda", Stage.START, ":material/home:", "home", (Command.LOGIN,)),
    Page("cari", Stage.PREPARE, ":material/person_search:", "search", (Command.SEARCH,)),
    Page("jadwal", Stage.PREPARE, ":material/calendar_month:", "schedule", (Command.REGISTER,), Act.DO),
    Page("usulan", Stage.PREPARE, ":material/rule:", "proposals", (Command.REGISTER,), Act.DO),
    Page("kapasitas", Stage.PREPARE, ":material/event_seat:", "capacity", (Command.REGISTER, Command.BALANCE)),
    Page("belum-teralokasi", Stage.PREPARE, ":material/hourglass:", "unallocated", (Command.REGISTER, Command.BALANCE)),
    Page("pembatalan", Stage.PREPARE, ":material/undo:", "undo", (Command.REGISTER,), Act.DO),
    Page(
        "unggah", Stage.PREPARE, ":material/upload_file:", "upload", (Command.REGISTER, Command.CHANGE_REGISTER), Act.DO
    ),
    Page("sidik-jari", Stage.PREPARE, ":material/fingerprint:", "tki_fingers", (Command.REGISTER,)),
    Page("kirim", Stage.PREPARE, ":material/send:", "send", (Command.SEND_ALLOCATION,), Act.DO),
    Page("keseimbangan", Stage.PREPARE, ":material/balance:", "balance", (Command.BALANCE,)),
    Page("terima", Stage.PREPARE, ":material/inventory_2:", "packages", (Command.ACKNOWLEDGE,), Act.DO),
    Page("asesor-pengganti", Stage.CARRY_OUT, ":material/swap_horiz:", "substitutes", (Command.REGISTER,), Act.DO),
    Page("absensi", Stage.CARRY_OUT, ":material/fingerprint:", "attendance", (Command.ATTEND,), Act.DO),
    Page("pengecualian", Stage.CARRY_OUT, ":material/front_hand:", "exceptions", (Command.BIOMETRIC_EXCEPTION,)),
    Page("berita-acara", Stage.CARRY_OUT, ":material/description:", "statements", (Command.ATTEND,)),
    Page("sesi", Stage.CARRY_OUT, ":material/flag:", "session", (Command.END_SESSION,), Act.DO),
    Page("cetak", Stage.CARRY_OUT, ":material/print:", "prints", (Command.PRINT_LIST,)),
    Page("penilaian", Stage.CARRY_OUT, ":material/grading:", "scoring", (Command.SCORE,), Act.DO),
    Page("keputusan", Stage.CARRY_OUT, ":material/gavel:", "decisions", (Command.DECIDE,), Act.DO),
    Page(
        "sertifikat",
        Stage.CARRY_OUT,
        ":material/workspace_premium:",
        "certificates",
        (Command.PRINT_CERTIFICATE,),
        Act.DO,
    ),
    Page("pantauan", Stage.CARRY_OUT, ":material/monitoring:", "monitoring", (Command.BALANCE,)),
    Page("rapat", Stage.EVALUATE, ":material/groups:", "evaluation", (Command.EVALUATE,)),
    Page("evaluasi", Stage.EVALUATE, ":material/bar_chart:", "dashboard", (Command.EVALUATE,)),
    Page("penyimpangan", Stage.EVALUATE, ":material/report:", "deviations", (Command.READ_LOG,)),
    Page("kasus", Stage.EVALUATE, ":material/policy:", "cases", (Command.TRIAGE_CASE,)),
    Page("surveilans", Stage.EVALUATE, ":material/travel_explore:", "surveillance", (Command.DRAW_SAMPLE,)),
    Page("duplikat", Stage.EVALUATE, ":material/fingerprint:", "duplicates", (Command.JUDGE_DUPLICATE,)),
    Page("banding", Stage.EVALUATE, ":material/record_voice_over:", "appeals", (Command.RECORD_APPEAL,)),
    Page(
        "status-sertifikat",
        Stage.EVALUATE,
        ":material/published_with_changes:",
        "standings",
        (Command.REVOKE_CERTIFICATE,),
    ),
    Page("publikasi", Stage.EVALUATE, ":material/public:", "publication", (Command.PUBLISH,)),
    Page("kembali", Stage.EVALUATE, ":material/sync_alt:", "returns", (Command.PUBLISH,)),
    Page("secure-code", Stage.EVALUATE, ":material/password:", "secure_code", (Command.SEE_SECURE_CODE,)),
    Page("atas-nama", Stage.EVALUATE, ":material/supervisor_account:", "behalf", (Command.READ_LOG,)),
    Page("perjalanan", Stage.EVALUATE, ":material/timeline:", "journey", (Command.READ_LOG,)),
    Page("log", Stage.AUDIT, ":material/receipt_long:", "log", (Command.READ_LOG,)),
    Page("keadaan", Stage.AUDIT, ":material/history:", "state_at", (Command.READ_LOG,)),
    Page("periksa", Stage.AUDIT, ":material/fact_check:", "verify", (Command.READ_LOG,)),
    Page("keaslian", Stage.AUDIT, ":material/verified_user:", "genuine", (Command.VERIFY_CERTIFICATE,)),
    Page("sesi-masuk", Stage.AUDIT, ":material/devices:", "signed_in", (Command.LOGIN,)),
    Page("izin", Stage.AUDIT, ":material/rule_settings:", "rights", (Command.LOGIN,)),
    Page("daftar-resmi", Stage.OFFICE, ":material/menu_book:", "registers", (Command.CHANGE_REGISTER,)),
    Page("stasiun", Stage.OFFICE, ":material/sensors:", "stations", (Command.CHANGE_REGISTER,)),
    Page("blangko", Stage.OFFICE, ":material/note_stack:", "blanks", (Command.CHANGE_REGISTER,)),
    Page("petugas", Stage.OFFICE, ":material/badge:", "staff", (Command.ENROL_STAFF,)),
    Page("parameter", Stage.OFFICE, ":material/tune:", "parameters", (Command.CHANGE_PARAMETER,)),
)
"""In the order of the menu; the first is where a sign-in leads."""

BY_PATH = {page.path: page for page in PAGES}


def open_to(role: Role) -> Iterator[Page]:
    """Yield the pages of a role in the order of the menu."""
    return (page for page in PAGES if page.is_open_to(role))
