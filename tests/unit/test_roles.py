"""Who may do what: the truth table equals the requirements, and every cell of it is tried (F05, R-060..R-070)."""

from __future__ import annotations

import re

import pytest

from posko.domain import roles
from posko.domain.commands import LABELS, REASONS, SHORT, roles_markdown
from posko.domain.errors import NotPermitted, Refused
from posko.domain.matrix import CELL_LABELS
from posko.domain.roles import ACTS, MATRIX, SCOPED, Act, Cell, Command, Principal, Role, permit
from posko.settings import PROJECT_ROOT

HERE = {"lsp_code": "LSP-1", "tuk_code": "TUK-1", "session_id": 1, "person_id": "P-1"}
ELSEWHERE = {"lsp_code": "LSP-2", "tuk_code": "TUK-2", "session_id": 2, "person_id": "P-2"}
NOWHERE: dict[str, None] = dict.fromkeys(HERE)


def section_5() -> list[list[str]]:
    """Rows of the table of section 5, without the bold."""
    text = (PROJECT_ROOT / "docs" / "requirements.md").read_text("utf-8")
    section = text.split("## 5. Roles x commands")[1].split("\n## ")[0].replace("**", "").replace("\\*", "*")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]


ROWS = section_5()[2:]
FROM_THE_TABLE = list(Command)[: len(ROWS)]
PARAGRAPH = re.compile(r"Gambar \d+|\d+\.\d+")


def who(role: Role, *, reason: str | None = "alasan") -> Principal:
    """A person of this role at the LSP, TUK and session of `HERE`."""
    return Principal(
        role=role,
        person_id="P-1",
        lsp_code="LSP-1",
        tuk_code="TUK-1",
        sessions=frozenset({1}),
        on_behalf=reason if role is Role.SUPER else None,
    )


def cells() -> list[tuple[Command, Role]]:
    return [(command, role) for command in Command for role in Role]


def test_the_columns_are_those_of_the_requirements() -> None:
    assert section_5()[0][1:] == [SHORT[role] for role in Role]


@pytest.mark.parametrize(
    ("command", "row"), list(zip(FROM_THE_TABLE, ROWS, strict=True)), ids=lambda value: str(value)[:30]
)
def test_a_row_of_the_requirements_is_the_row_of_the_code(command: Command, row: list[str]) -> None:
    assert [cell.value for cell in MATRIX[command].values()] == row[1:]
    assert set(PARAGRAPH.findall(LABELS[command])) == set(PARAGRAPH.findall(row[0])), "the row is another command's"


def test_every_command_has_a_cell_for_every_role_and_there_is_no_default() -> None:
    assert list(MATRIX) == list(Command)
    assert all(list(row) == list(Role) for row in MATRIX.values())
    assert type(MATRIX) is dict
    assert set(LABELS) == set(Command)


def test_a_command_without_a_cell_is_refused_to_everybody(monkeypatch) -> None:
    monkeypatch.setattr(roles, "MATRIX", {key: row for key, row in MATRIX.items() if key is not Command.LOGIN})
    for role in Role:
        with pytest.raises(NotPermitted):
            permit(who(role), Command.LOGIN, **HERE)


def test_every_command_that_the_requirements_leave_open_gives_its_reason() -> None:
    assert set(REASONS) == set(Command) - set(FROM_THE_TABLE)
    assert all(len(reason) > 40 for reason in REASONS.values())


def test_every_requirement_that_asks_for_a_command_has_one() -> None:
    text = (PROJECT_ROOT / "docs" / "requirements.md").read_text("utf-8")
    asked = text.split("A command without a row fails the build")[1].split("\n---")[0]
    assert set(re.findall(r"R-\d{3}", asked)) <= set(re.findall(r"R-\d{3}", " ".join(LABELS[key] for key in REASONS)))


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize(("command", "role"), cells())
def test_every_cell_permits_at_home_exactly_what_it_says(command: Command, role: Role, act: Act) -> None:
    cell = MATRIX[command][role]
    if act in ACTS[cell]:
        assert permit(who(role), command, act=act, **HERE).cell is cell
    else:
        with pytest.raises(NotPermitted, match=roles.ROLE_LABELS[role]):
            permit(who(role), command, act=act, **HERE)


@pytest.mark.parametrize("place", [ELSEWHERE, NOWHERE], ids=["elsewhere", "nowhere named"])
@pytest.mark.parametrize(("command", "role"), [pair for pair in cells() if ACTS[MATRIX[pair[0]][pair[1]]]])
def test_a_right_to_the_own_reaches_nothing_else(command: Command, role: Role, place: dict) -> None:  # type: ignore[type-arg]
    cell = MATRIX[command][role]
    for act in ACTS[cell]:
        if cell in SCOPED:
            with pytest.raises(NotPermitted) as refused:
                permit(who(role), command, act=act, **place)
            assert refused.value.rule == "DV-X04"
        else:
            permit(who(role), command, act=act, **place)


@pytest.mark.parametrize(("command", "role"), [pair for pair in cells() if MATRIX[pair[0]][pair[1]] in SCOPED])
def test_who_has_no_place_of_their_own_owns_nothing(command: Command, role: Role) -> None:
    for place in (HERE, NOWHERE):
        with pytest.raises(NotPermitted):
            permit(Principal(role), command, act=Act.READ, **place)


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_super_administrator_acts_on_behalf_only_with_a_reason(command: Command, reason: str | None) -> None:
    if MATRIX[command][Role.SUPER] is Cell.ON_BEHALF:
        with pytest.raises(NotPermitted, match="alasan"):
            permit(who(Role.SUPER, reason=reason), command)
        given = permit(who(Role.SUPER, reason="TUK tidak dapat dihubungi"), command)
        assert (given.is_on_behalf, given.reason) == (True, "TUK tidak dapat dihubungi")
        assert not permit(who(Role.SUPER, reason=reason), command, act=Act.READ).is_on_behalf


@pytest.mark.parametrize("command", Command)
def test_only_what_is_done_in_anothers_place_is_marked_so(command: Command) -> None:
    cell = MATRIX[command][Role.SUPER]
    if Act.DO in ACTS[cell]:
        assert permit(who(Role.SUPER), command).is_on_behalf == (cell is Cell.ON_BEHALF)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPER])
def test_nobody_else_acts_on_behalf(role: Role) -> None:
    with pytest.raises(NotPermitted, match="atas nama"):
        permit(Principal(role, "P-1", on_behalf="alasan"), Command.VERIFY_CERTIFICATE)


@pytest.mark.parametrize("act", Act)
def test_super_administrator_neither_scores_nor_numbers_even_with_a_reason(act: Act) -> None:
    for command in (Command.SCORE, Command.NUMBER):
        with pytest.raises(Refused):
            permit(who(Role.SUPER), command, act=act, **HERE)


def test_nobody_at_all_makes_a_number_and_only_the_assessor_of_the_session_scores() -> None:
    assert set(MATRIX[Command.NUMBER].values()) == {Cell.NO}
    for command in (Command.SCORE, Command.CORRECT_SCORE):
        assert [role for role in Role if Act.DO in ACTS[MATRIX[command][role]]] == [Role.ASESOR]


def test_the_assessor_writes_nothing_but_scores() -> None:
    done = {command for command in Command if Act.DO in ACTS[MATRIX[command][Role.ASESOR]]}
    reads = {Command.READ_LOG, Command.VERIFY_CERTIFICATE, Command.SEARCH_PUBLIC}
    assert done - reads == {Command.LOGIN, Command.SCORE, Command.CORRECT_SCORE}


def test_the_auditor_changes_nothing() -> None:
    done = {command for command in Command if Act.DO in ACTS[MATRIX[command][Role.AUDITOR]]}
    reads = {Command.SEARCH, Command.PRINT_LIST, Command.READ_LOG, Command.EXPORT_AUDIT}
    assert done == reads | {Command.LOGIN, Command.VERIFY_CERTIFICATE, Command.SEARCH_PUBLIC}


def test_super_administrator_includes_bnsp() -> None:
    for command in set(Command) - {Command.PUBLISH}:
        assert MATRIX[command][Role.SUPER] is MATRIX[command][Role.BNSP] or MATRIX[command][Role.BNSP] is Cell.NO


def test_a_permission_says_what_the_service_must_still_see_to() -> None:
    assert permit(who(Role.BNSP), Command.CLOSE_CASE).needs_second_person
    assert permit(who(Role.LSP), Command.BIOMETRIC_EXCEPTION, **HERE).needs_second_person
    assert permit(who(Role.SUPER), Command.PUBLISH).needs_gate
    assert permit(who(Role.AUDITOR), Command.SEE_SECURE_CODE, act=Act.READ).is_masked
    plain = permit(who(Role.BNSP), Command.BALANCE)
    assert not any((plain.needs_second_person, plain.needs_gate, plain.is_masked, plain.is_on_behalf))


def test_every_kind_of_cell_has_its_rights_and_its_words() -> None:
    assert set(ACTS) == set(CELL_LABELS) == set(Cell)
    assert {cell for row in MATRIX.values() for cell in row.values()} == set(Cell)


def test_the_document_of_roles_is_what_the_command_prints() -> None:
    assert (PROJECT_ROOT / "docs" / "roles.md").read_text("utf-8").strip() == roles_markdown()
