"""Where a TKI may go: code, requirements and documents agree, and no other move is legal (DV-X01)."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from apps.cli.flow import command, states_markdown
from posko.domain.errors import IllegalMove, PoskoError, Refused
from posko.domain.flow import flow_markdown
from posko.domain.state_table import reachable
from posko.domain.status import (
    ALLOWED,
    LABELS,
    LIFTED,
    SIDE_FROM,
    SIDE_LABELS,
    WAITING,
    SideStatus,
    Status,
    lift_side,
    move,
    set_side,
    starts_next_attempt,
)
from posko.settings import PROJECT_ROOT

Row = tuple[str, str, str, str]


def section_6() -> list[Row]:
    """Rows of the table of section 6: number, identifier, label, what it may become."""
    text = (PROJECT_ROOT / "docs" / "requirements.md").read_text("utf-8")
    section = text.split("## 6. States of a TKI")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return [(row[0], row[1], row[2], row[5]) for row in rows[2:]]


MAIN = [row for row in section_6() if row[0] != "side"]
SIDE = [row for row in section_6() if row[0] == "side"]


def test_the_states_of_the_requirements_are_the_states_of_the_code_in_their_order() -> None:
    assert [row[1] for row in MAIN] == [state.value for state in Status] == list(ALLOWED)
    assert [row[1] for row in SIDE] == [state.value for state in SideStatus]


def test_the_labels_of_the_requirements_are_the_labels_of_the_code() -> None:
    assert {row[1]: row[2] for row in MAIN} == LABELS
    assert {row[1]: row[2] for row in SIDE} == SIDE_LABELS


@pytest.mark.parametrize("row", MAIN, ids=lambda row: row[1])
def test_a_state_may_become_what_the_requirements_say_and_nothing_else(row: Row) -> None:
    named = set(re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", row[3]))
    assert named == ALLOWED[Status(row[1])]
    assert named or row[3] == "(end)"


@pytest.mark.parametrize("row", SIDE, ids=lambda row: row[1])
def test_a_side_state_may_stand_from_the_state_that_the_requirements_name(row: Row) -> None:
    side, found = SideStatus(row[1]), re.match(r"from ([A-Z]+) on", row[3])
    assert found
    assert SIDE_FROM[side] == reachable(ALLOWED, Status(found[1]))
    assert ("can be lifted" in row[3]) <= (side in LIFTED)


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("to", Status)
def test_every_pair_of_states_is_a_move_or_a_refusal(current: Status, to: Status) -> None:
    if to in ALLOWED[current]:
        assert move(current, to) is to
        return
    with pytest.raises(IllegalMove) as refused:
        move(current, to)
    assert refused.value.rule == "DV-X01"
    assert LABELS[current] in str(refused.value)
    assert LABELS[to] in str(refused.value)


@given(st.data())
def test_a_walk_that_the_table_allows_stays_legal_and_one_step_beside_it_is_refused(data: st.DataObject) -> None:
    current = Status.RECEIVED
    for _ in range(data.draw(st.integers(0, 60))):
        to = data.draw(st.sampled_from(Status))
        if to in ALLOWED[current]:
            current = move(current, to)
        else:
            with pytest.raises(IllegalMove):
                move(current, to)
        if ALLOWED[current]:
            current = move(current, data.draw(st.sampled_from(sorted(ALLOWED[current]))))
    assert current in reachable(ALLOWED, Status.RECEIVED)


def test_every_state_can_be_reached_and_can_reach_the_end() -> None:
    assert reachable(ALLOWED, Status.RECEIVED) == set(Status)
    assert all(Status.CLOSED in reachable(ALLOWED, state) for state in Status)


def test_a_state_that_nothing_drives_on_by_itself_says_what_it_waits_for() -> None:
    refusals = {Status.HELD_BACK, Status.ABSENT, Status.ON_HOLD}
    refusals |= {state for state in Status if state.startswith("TURNED_AWAY")}
    assert set(WAITING) == refusals


def test_only_booking_again_begins_another_attempt() -> None:
    begun = {(a, b) for a in Status for b in ALLOWED[a] if starts_next_attempt(a, b)}
    assert {a for a, _ in begun} == {Status.ABSENT, Status.TURNED_AWAY_NO_MATCH, Status.TURNED_AWAY_NOT_REGISTERED}


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("side", SideStatus)
def test_a_side_state_is_set_once_and_only_late_enough(current: Status, side: SideStatus) -> None:
    nothing: frozenset[SideStatus] = frozenset()
    if current not in SIDE_FROM[side]:
        with pytest.raises(IllegalMove, match=SIDE_LABELS[side]):
            set_side(current, nothing, side)
        return
    standing = set_side(current, nothing, side)
    assert standing == {side}
    with pytest.raises(IllegalMove):
        set_side(current, standing, side)


def test_a_revocation_stands_and_a_suspension_ends() -> None:
    sides = set_side(Status.PUBLISHED, frozenset({SideStatus.SUSPENDED}), SideStatus.REVOKED)
    with pytest.raises(IllegalMove, match="tetap"):
        lift_side(sides, SideStatus.REVOKED)
    assert lift_side(sides, SideStatus.SUSPENDED) == {SideStatus.REVOKED}
    with pytest.raises(IllegalMove, match="tidak sedang berlaku"):
        lift_side(frozenset(), SideStatus.SUSPENDED)
    with pytest.raises(IllegalMove):
        set_side(Status.PUBLISHED, frozenset({SideStatus.REVOKED}), SideStatus.SUSPENDED)


def test_the_document_of_states_is_what_the_command_prints() -> None:
    assert (PROJECT_ROOT / "docs" / "states.md").read_text("utf-8").strip() == states_markdown()


def test_the_command_prints_the_stages_unless_asked_for_something_else() -> None:
    def printed(*options: str) -> str:
        return CliRunner().invoke(command, options).stdout.strip()

    assert printed() == printed("--markdown") == flow_markdown()
    assert printed("--states") == states_markdown()
    assert printed("--markdown", "--states") == f"{flow_markdown()}\n\n{states_markdown()}"


def test_every_refusal_has_a_sentence_a_rule_and_an_exit_code() -> None:
    refused = Refused("Tidak boleh.", rule="DV-S01")
    assert isinstance(refused, PoskoError)
    assert (str(refused), refused.rule, refused.exit_code) == ("Tidak boleh.", "DV-S01", 5)
