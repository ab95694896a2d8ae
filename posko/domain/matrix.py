"""Who may do what: the truth table of roles and commands (§5.7, §9, §12.7, §13.7; requirements section 5, decisions X2, X9).

Every command has a cell for every role; there is no default, and a command without a row fails the build. What nobody may do (make a
number, score in another's place) is a row of refusals, so that the refusal is tested like everything else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """Kind of user, in the order of the table's columns; the value is what the database holds."""

    SUPER = "SUPER"
    KONSORSIUM = "KONSORSIUM"
    LSP = "LSP"
    TUK = "TUK"
    ASESOR = "ASESOR"
    BNSP = "BNSP"
    AUDITOR = "AUDITOR"
    PUBLIC = "PUBLIC"


ROLE_LABELS: Mapping[Role, str] = {
    Role.SUPER: "Super Administrator",
    Role.KONSORSIUM: "Administrator Konsorsium",
    Role.LSP: "Administrator LSP",
    Role.TUK: "Administrator TUK",
    Role.ASESOR: "Asesor",
    Role.BNSP: "Administrator BNSP",
    Role.AUDITOR: "Auditor",
    Role.PUBLIC: "Umum",
}
"""Role -> name on the screen."""


class Command(StrEnum):
    """What can be done in POSKO; the value is what the log holds."""

    LOGIN = "LOGIN"
    SEARCH = "SEARCH"
    REGISTER = "REGISTER"
    SEND_ALLOCATION = "SEND_ALLOCATION"
    BALANCE = "BALANCE"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    PRINT_LIST = "PRINT_LIST"
    ATTEND = "ATTEND"
    VERIFY_ASESOR = "VERIFY_ASESOR"
    END_SESSION = "END_SESSION"
    SCORE = "SCORE"
    DECIDE = "DECIDE"
    NUMBER = "NUMBER"
    PRINT_CERTIFICATE = "PRINT_CERTIFICATE"
    SEE_SECURE_CODE = "SEE_SECURE_CODE"
    EVALUATE = "EVALUATE"
    PUBLISH = "PUBLISH"
    TRIAGE_CASE = "TRIAGE_CASE"
    CLOSE_CASE = "CLOSE_CASE"
    READ_LOG = "READ_LOG"
    JUDGE_DUPLICATE = "JUDGE_DUPLICATE"
    ENROL_STAFF = "ENROL_STAFF"
    SUSPEND_STAFF = "SUSPEND_STAFF"
    BIOMETRIC_EXCEPTION = "BIOMETRIC_EXCEPTION"
    CORRECT_SCORE = "CORRECT_SCORE"
    REVOKE_CERTIFICATE = "REVOKE_CERTIFICATE"
    SUSPEND_CERTIFICATE = "SUSPEND_CERTIFICATE"
    REINSTATE_CERTIFICATE = "REINSTATE_CERTIFICATE"
    RECORD_APPEAL = "RECORD_APPEAL"
    DECIDE_APPEAL = "DECIDE_APPEAL"
    CHANGE_REGISTER = "CHANGE_REGISTER"
    CHANGE_PARAMETER = "CHANGE_PARAMETER"
    VERIFY_CERTIFICATE = "VERIFY_CERTIFICATE"
    SEARCH_PUBLIC = "SEARCH_PUBLIC"
    EXPORT_AUDIT = "EXPORT_AUDIT"
    DRAW_SAMPLE = "DRAW_SAMPLE"
    SUBJECT_VIEW = "SUBJECT_VIEW"


class Cell(StrEnum):
    """What a role may do with a command; the value is the mark in the requirements' table."""

    YES = "✔"
    OWN = "own"
    OWN_SESSION = "own session"
    ON_BEHALF = "✔*"
    READ = "read"
    MASKED = "masked"
    COMMENT = "comment"
    COMMENT_OWN = "comment own"
    ANNOTATE = "read + annotate"
    OWN_EVENTS = "own events"
    ONE_OF_TWO = "one of the two"
    ONE_OF_TWO_OWN = "one of the two, own"
    AFTER_GATE = "after the gate"
    START_STOP = "start / stop"
    COMPLAINT = "complaint"
    READ_RESULT = "read result"
    NO = "✖"


CELL_LABELS: Mapping[Cell, str] = {
    Cell.YES: "boleh",
    Cell.OWN: "hanya milik LSP atau TUK sendiri",
    Cell.OWN_SESSION: "hanya sesi yang ditugaskan kepadanya",
    Cell.ON_BEHALF: "atas nama pihak lain: wajib beralasan, ditandai, dan masuk daftar tinjauan",
    Cell.READ: "hanya membaca",
    Cell.MASKED: "hanya membaca, dengan isi disamarkan",
    Cell.COMMENT: "membaca dan memberi catatan",
    Cell.COMMENT_OWN: "membaca dan memberi catatan, hanya milik LSP atau TUK sendiri",
    Cell.ANNOTATE: "membaca dan memberi catatan",
    Cell.OWN_EVENTS: "hanya tentang dirinya sendiri",
    Cell.ONE_OF_TWO: "salah satu dari dua orang yang harus bertindak",
    Cell.ONE_OF_TWO_OWN: "salah satu dari dua orang, hanya milik LSP atau TUK sendiri",
    Cell.AFTER_GATE: "hanya setelah gerbang rapat evaluasi",
    Cell.START_STOP: "memulai atau menghentikan; sistem yang mengerjakan",
    Cell.COMPLAINT: "menyampaikan pengaduan",
    Cell.READ_RESULT: "membaca hasil yang sudah ditayangkan",
    Cell.NO: "ditolak dan dicatat",
}
"""Cell -> what it means, for the screen and the table in the documents."""

_YES, _OWN, _BEHALF, _READ, _TWO, _NO = Cell.YES, Cell.OWN, Cell.ON_BEHALF, Cell.READ, Cell.ONE_OF_TWO, Cell.NO
_NOTE_OWN = Cell.COMMENT_OWN


def _row(*cells: Cell) -> dict[Role, Cell]:
    return dict(zip(Role, cells, strict=True))


MATRIX: Mapping[Command, Mapping[Role, Cell]] = {
    Command.LOGIN: _row(_YES, _YES, _YES, _YES, _YES, _YES, _YES, _NO),
    Command.SEARCH: _row(_YES, _YES, _OWN, _OWN, _NO, _YES, _YES, _NO),
    Command.REGISTER: _row(_BEHALF, _YES, _NO, _NO, _NO, _NO, _NO, _NO),
    Command.SEND_ALLOCATION: _row(_BEHALF, _YES, _NO, _NO, _NO, _NO, _NO, _NO),
    Command.BALANCE: _row(_YES, _NO, _NO, _NO, _NO, _YES, _READ, _NO),
    Command.ACKNOWLEDGE: _row(_BEHALF, _NO, _OWN, _OWN, _NO, _NO, _NO, _NO),
    Command.PRINT_LIST: _row(_YES, _YES, _OWN, _OWN, _NO, _YES, _YES, _NO),
    Command.ATTEND: _row(_BEHALF, _NO, _NO, _OWN, _NO, _NO, _NO, _NO),
    Command.VERIFY_ASESOR: _row(_BEHALF, _NO, _NO, _OWN, _NO, _NO, _NO, _NO),
    Command.END_SESSION: _row(_BEHALF, _NO, _NO, _OWN, _NO, _NO, _NO, _NO),
    Command.SCORE: _row(_NO, _NO, _NO, _NO, Cell.OWN_SESSION, _NO, _NO, _NO),
    Command.DECIDE: _row(_BEHALF, _NO, _OWN, _NO, _NO, _NO, _NO, _NO),
    Command.NUMBER: _row(_NO, _NO, _NO, _NO, _NO, _NO, _NO, _NO),
    Command.PRINT_CERTIFICATE: _row(_BEHALF, _NO, _OWN, _NO, _NO, _NO, _NO, _NO),
    Command.SEE_SECURE_CODE: _row(_YES, _NO, _OWN, _NO, _NO, _YES, Cell.MASKED, _NO),
    Command.EVALUATE: _row(_YES, _NO, _NOTE_OWN, _NO, _NO, _YES, _READ, _NO),
    Command.PUBLISH: _row(Cell.AFTER_GATE, _NO, _NO, _NO, _NO, Cell.START_STOP, _READ, Cell.READ_RESULT),
    Command.TRIAGE_CASE: _row(_YES, Cell.COMMENT, _NOTE_OWN, _NOTE_OWN, _NO, _YES, Cell.ANNOTATE, Cell.COMPLAINT),
    Command.CLOSE_CASE: _row(_TWO, _NO, _NO, _NO, _NO, _TWO, _NO, _NO),
    Command.READ_LOG: _row(_YES, _NO, Cell.OWN_EVENTS, Cell.OWN_EVENTS, Cell.OWN_EVENTS, _YES, _YES, _NO),
    Command.JUDGE_DUPLICATE: _row(_TWO, _NO, _NO, _NO, _NO, _TWO, _READ, _NO),
    Command.ENROL_STAFF: _row(_TWO, _NO, _NO, _NO, _NO, _TWO, _NO, _NO),
    Command.SUSPEND_STAFF: _row(_YES, _NO, _NO, _NO, _NO, _YES, _NO, _NO),
    Command.BIOMETRIC_EXCEPTION: _row(_TWO, _NO, Cell.ONE_OF_TWO_OWN, Cell.ONE_OF_TWO_OWN, _NO, _TWO, _READ, _NO),
    Command.CORRECT_SCORE: _row(_NO, _NO, _NO, _NO, Cell.OWN_SESSION, _NO, _READ, _NO),
    Command.REVOKE_CERTIFICATE: _row(_TWO, _NO, _NOTE_OWN, _NO, _NO, _TWO, _READ, _NO),
    Command.SUSPEND_CERTIFICATE: _row(_YES, _NO, _OWN, _NO, _NO, _YES, _READ, _NO),
    Command.REINSTATE_CERTIFICATE: _row(_TWO, _NO, _NOTE_OWN, _NO, _NO, _TWO, _READ, _NO),
    Command.RECORD_APPEAL: _row(_YES, _NO, _OWN, _OWN, _NO, _YES, _READ, Cell.COMPLAINT),
    Command.DECIDE_APPEAL: _row(_TWO, _NO, _NOTE_OWN, _NO, _NO, _TWO, _READ, _NO),
    Command.CHANGE_REGISTER: _row(_YES, _NO, _NO, _NO, _NO, _YES, _READ, _NO),
    Command.CHANGE_PARAMETER: _row(_TWO, _NO, _NO, _NO, _NO, _TWO, _READ, _NO),
    Command.VERIFY_CERTIFICATE: _row(_YES, _YES, _YES, _YES, _YES, _YES, _YES, _YES),
    Command.SEARCH_PUBLIC: _row(_YES, _YES, _YES, _YES, _YES, _YES, _YES, _YES),
    Command.EXPORT_AUDIT: _row(_YES, _NO, _NO, _NO, _NO, _YES, _YES, _NO),
    Command.DRAW_SAMPLE: _row(_YES, _NO, _NO, _NO, _NO, _YES, _READ, _NO),
    Command.SUBJECT_VIEW: _row(_NO, _NO, _NO, _NO, _NO, _NO, _NO, Cell.OWN_EVENTS),
}
"""Command -> role -> cell."""
