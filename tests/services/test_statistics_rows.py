"""What the statistical rules read of the real tables, under the account that only reads (§4.2)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from checks.deviations import statistics
from checks.deviations.frames import Frames, read
from posko.db.snapshot import snapshot
from posko.domain.finding import Finding
from tests.support.statistic_rows import put_parameters, put_result, put_session
from tests.support.world import World

ON = dt.date(2026, 6, 30)
DAY = dt.date(2026, 3, 9)


def frames_of(world: World) -> Frames:
    with snapshot(world.server.engine("posko_export", "posko")) as db:
        return read(db, ON)[0]


def found(world: World) -> list[Finding]:
    with snapshot(world.server.engine("posko_export", "posko")) as db:
        return list(statistics.find(db, ON))


def test_an_installation_without_results_has_no_findings(world: World) -> None:
    put_parameters(world)
    assert found(world) == []


def test_one_session_is_read_with_places_units_and_doors(world: World) -> None:
    put_parameters(world)
    number = put_session(world, DAY, ["K", "TLRT.01,TLRT.03", "K"])
    frames = frames_of(world)
    assert frames.tests[["session_id", "met", "tuk", "lsp", "blkln", "pptkis"]].drop_duplicates().values.tolist() == [
        [number, "MET.1", "TUK-1", "LSP-1", "H05AN001", "DUTA ANANDA SETIA"]
    ]
    assert frames.tests["passed"].tolist() == [1, 0, 1]
    assert frames.tests["month"].tolist() == [202603] * 3
    assert frames.weak[["pattern", "units"]].values.tolist() == [["TLRT.01,TLRT.03", 2]]
    assert np.diff(frames.doors["second"].sort_values()).tolist() == [60.0, 60.0]
    assert frames.doors[["score", "quality", "is_exception", "staff"]].drop_duplicates().values.tolist() == [
        [90, 70, 0, "TU1"]
    ]
    assert frames.sessions["scored_after"].tolist() == [3600]


def test_a_correction_replaces_the_result_that_was_corrected(world: World) -> None:
    put_parameters(world)
    number = put_session(world, DAY, ["TLRT.02"])
    ((journey_id, proof),) = world.ask("select journey_id, proof_id from posko.assessment")
    with world.admin().begin() as db:
        at = dt.datetime.combine(DAY, dt.time(9))
        put_result(db, number, journey_id, proof, "K", met="MET.1", at=at, version=2, reason="Salah ketik")
    frames = frames_of(world)
    assert frames.tests["passed"].tolist() == [1]
    assert frames.weak.empty


def test_only_the_months_before_the_day_are_read_and_no_cancelled_session(world: World) -> None:
    put_parameters(world)
    put_session(world, dt.date(2025, 6, 30), ["K"])
    first = put_session(world, dt.date(2025, 7, 1), ["K"])
    last = put_session(world, ON, ["K"])
    put_session(world, ON + dt.timedelta(days=1), ["K"])
    cancelled = put_session(world, DAY, ["K"])
    world.write("update posko.exam_session set status = 'CANCELLED' where session_id = :id", id=cancelled)
    frames = frames_of(world)
    assert (
        set(frames.tests["session_id"])
        == set(frames.doors["session_id"])
        == set(frames.sessions["session_id"])
        == {first, last}
    )


def test_an_exception_has_no_score_and_a_late_upload_tells_no_time(world: World) -> None:
    put_parameters(world)
    put_session(world, DAY, ["K", "K"], score=None, pptkis=None)
    late = put_session(world, DAY, ["K"], slot=2)
    world.write("update posko.attendance set late_seconds = 600 where session_id = :id", id=late)
    frames = frames_of(world)
    assert frames.doors[["score", "is_exception"]].values.tolist() == [[0, 1], [0, 1]]
    assert set(frames.tests["pptkis"]) == {"", "DUTA ANANDA SETIA"}


@pytest.mark.pipeline
def test_a_door_like_clockwork_is_found_among_real_rows(world: World) -> None:
    put_parameters(world)
    rng = np.random.default_rng(2)
    for day in range(30):
        put_session(world, DAY + dt.timedelta(days=day), ["K"] * 12, gaps=list(11 + rng.gamma(1.6, 45, 12)))
    number = put_session(
        world, DAY + dt.timedelta(days=31), ["K"] * 12, gaps=[40 + 0.5 * (turn % 2) for turn in range(12)]
    )
    (one,) = [each for each in found(world) if each.rule_id == "DV-T06"]
    assert (one.subject_kind, one.subject_code, one.finding_key, one.session_id) == (
        "tuk",
        "TUK-1",
        f"sesi-{number}",
        number,
    )
    assert one.observed_at.date() == DAY + dt.timedelta(days=31)
    # A flag opens a case and never changes a result.
    assert world.value("select count(*) from posko.assessment where result = 'K'") == 31 * 12
