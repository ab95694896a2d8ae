"""A meeting of BNSP and LSP: opened, attended, its minutes closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posko.services import evaluation
from tests.support.decided import EVALUATED_ON

if TYPE_CHECKING:
    from tests.support.world import World


def open_(world: World, *journey_ids: int, who: str = "BN1") -> Any:
    world.at(EVALUATED_ON)
    return world.desk(who).do(
        evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta", journey_ids=list(journey_ids) or None
    )


def attend(world: World, meeting_id: int, *people: str) -> Any:
    return world.desk("BN1").do(
        evaluation.note_participants, meeting_id=meeting_id, person_ids=people or ("BN1", "LS1")
    )


def close(world: World, meeting_id: int) -> Any:
    return world.desk("BN1").do(evaluation.close_minutes, meeting_id=meeting_id, minutes="Dibahas.\nSelesai.")
