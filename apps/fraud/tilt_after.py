"""Frauds in numbers that follow from the drawn year: who tests whom, which units lack, when fingers came and how well they matched.

Results stay as they were, so nothing that follows from them changes. The strengths stand in the table of `tilt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from apps.fraud.tilt import ALL
from apps.fraud.year_plan import PRESENT, UNITS
from apps.fraud.year_times import MINUTE, SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from apps.fraud.tilt import Tilt
    from apps.fraud.year_plan import Bodies, Course
    from apps.fraud.year_times import Timed

    Ints = NDArray[np.int64]

FAVOURED, SOMETIMES = 0.9, 0.15
MORE_DAYS = 25
HEAPED, HARDLY = 0.9, 0.15
ALIKE, FEW_ALIKE = 6, 4
SAME_THREE = ALL ^ 0b001101
"""What all failures of one session have: three units lack."""
EXCEPTIONS, FEW_EXCEPTIONS = 0.05, 0.001
FULL = 14
"""Present candidates of a session whose times or scores are tilted."""


def tilt_course(tilt: Tilt, course: Course, bodies: Bodies) -> None:
    """Let assessors get the sessions of one place (DV-A09), and change which units lack (DV-T05)."""
    n = max(1, min(tilt.k, len(bodies.asesor_lsp) // 15))
    whole = [tilt.shared.pop() for _ in range(min(2 * n, max(2, len(tilt.shared) // 2)))]
    strong, mild = whole[::2], whole[1::2]
    tilt.told["DV-A09"] = [("asesor", one, "-", one in strong) for one in whole]
    alone = set(tilt.doves) | tilt.hawks | set(tilt.runs) | set(tilt.company) | set(whole)
    asesor, place, day = (np.array(column) for column in (course.asesor, course.place, course.day))
    honest = ~np.isin(asesor, list(alone))
    free = np.bincount(place[honest], minlength=len(bodies.places)).astype(float)
    for one in (*strong, *mild):
        own_lsp = np.array([each.lsp == bodies.asesor_lsp[one] for each in bodies.places])
        wanted = int(np.argmax(np.where(own_lsp, free, -np.inf)))
        # The next one takes another place.
        free[wanted] -= len(day)
        there = np.flatnonzero(honest & (place == wanted))
        _favour(tilt, asesor, day, one, there, FAVOURED if one in strong else SOMETIMES)
    course.asesor[:] = asesor.tolist()
    _tilt_units(tilt, course, asesor, max(1, n // 2))


def _favour(tilt: Tilt, asesor: Ints, day: Ints, one: int, sessions: Ints, share: float) -> None:
    """Give an assessor sessions of one place that honest ones of her LSP had: on days on which she tests, and on some others."""
    own = {int(day[at]) for at in np.flatnonzero(asesor == one)}
    there = {int(day[at]): int(at) for at in sessions}
    for at in np.flatnonzero(asesor == one):
        other = there.pop(int(day[at]), None)
        if other is not None and tilt.rng.random() < share:
            asesor[at], asesor[other] = asesor[other], one
    free = [at for each, at in there.items() if each not in own]
    for at in tilt.rng.permutation(free)[: MORE_DAYS if share == FAVOURED else 0]:
        asesor[at] = one


def _tilt_units(tilt: Tilt, course: Course, asesor: Ints, n: int) -> None:
    """Let near misses vanish for some assessors, and let all failures of some sessions be one vector."""
    rng, units, session = tilt.rng, np.array(course.units), np.array(course.session)
    failed = (np.array(course.outcome) == PRESENT) & (units != ALL)
    lacking = UNITS - np.bitwise_count(units)
    heapers = _busiest(tilt, asesor[session[failed]], 2 * n)
    for place, one in enumerate(heapers):
        mine = failed & (lacking == 1) & (asesor[session] == one)
        mine &= rng.random(len(units)) < (HEAPED if place < n else HARDLY)
        # The next unit after the one that lacks.
        lacks = ALL ^ units
        second = np.where(lacks == 1 << (UNITS - 1), 1, lacks << 1)
        units = np.where(mine, units & (ALL ^ second), units)
    count = np.bincount(session, failed)
    full, some = (rng.permutation(np.flatnonzero(found)) for found in (count >= ALIKE, count == FEW_ALIKE))
    for one in full[:n]:
        units[failed & (session == one)] = SAME_THREE
    for one in some[:n]:
        units[np.flatnonzero(failed & (session == one))[:2]] = ALL ^ (1 << (UNITS - 2))
    course.units[:] = units.tolist()
    tilt.told["DV-T05"] = [("asesor", one, "batas-lulus", place < n) for place, one in enumerate(heapers)]
    tilt.told["DV-T05"] += [("asesor", int(asesor[one]), f"sesi-{one + 1}", True) for one in full[:n]]
    tilt.told["DV-T05"] += [("asesor", int(asesor[one]), f"sesi-{one + 1}", False) for one in some[:n]]


def _busiest(tilt: Tilt, asesor: Ints, n: int) -> list[int]:
    """Return some of those who are in no other fraud, in random order, of the busier half of them."""
    count = np.bincount(asesor, minlength=max(tilt.shared) + 1)
    half = sorted(tilt.shared, key=lambda one: -count[one])[: max(n, len(tilt.shared) // 2)]
    return [int(one) for one in tilt.rng.permutation(half)[:n]]


def tilt_times(tilt: Tilt, course: Course, times: Timed, bodies: Bodies) -> None:
    """Let fingers come, and scores be given, like clockwork (DV-T06), scores be copied (DV-I11), and fingers be passed over (DV-I09)."""
    session, outcome = np.array(course.session), times.sittings["outcome"]
    present = np.bincount(session, outcome == PRESENT, len(course.day))
    done = np.flatnonzero((present >= FULL) & (times.sessions["scored"] >= 0))
    chosen = [int(one) for one in tilt.rng.permutation(done)]
    n = min(max(1, tilt.k // 2), len(chosen) // 6)
    tuk = np.array([place.tuk for place in bodies.places])[np.array(course.place)]
    _tilt_doors(tilt, times, session, tuk, [chosen.pop() for _ in range(2 * n)])
    _tilt_scores(tilt, times, session, tuk, [chosen.pop() for _ in range(4 * n)])
    _tilt_sheets(tilt, times, np.array(course.asesor), n)
    sites = max(1, min(tilt.k // 4, len(set(tuk.tolist())) // 10))
    for place, one in enumerate(tilt.rng.permutation(np.unique(tuk))[: 2 * sites]):
        share = EXCEPTIONS if place < sites else FEW_EXCEPTIONS
        passed_over = (outcome == PRESENT) & (tuk[session] == one) & (tilt.rng.random(len(outcome)) < share)
        times.sittings["is_exception"] = np.where(passed_over, 1, times.sittings["is_exception"])
        times.sittings["misses"] = np.where(passed_over, 0, times.sittings["misses"])
        tilt.told.setdefault("DV-I09", []).extend((kind, int(one), "-", place < sites) for kind in ("tuk", "staff"))


def _tilt_doors(tilt: Tilt, times: Timed, session: Ints, tuk: Ints, chosen: list[int]) -> None:
    arrived = times.sittings["arrived"]
    for place, one in enumerate(chosen):
        is_fraud = place % 2 == 0
        mine = np.flatnonzero(session == one)
        gaps = (
            40 * np.exp(tilt.rng.normal(0, 0.5, len(mine))) if not is_fraud else 40 + tilt.rng.uniform(-1, 1, len(mine))
        )
        arrived[mine] = arrived[mine].min() + (np.cumsum(gaps) * SECOND).astype(np.int64)
        # Whoever starts the test waits for the last of them.
        times.sessions["running"][one] = max(times.sessions["running"][one], arrived[mine].max() + 2 * MINUTE)
        tilt.told.setdefault("DV-T06", []).append(("tuk", int(tuk[one]), f"sesi-{one + 1}", is_fraud))


def _tilt_scores(tilt: Tilt, times: Timed, session: Ints, tuk: Ints, chosen: list[int]) -> None:
    score = times.sittings["score"].astype(float)
    for place, one in enumerate(chosen):
        mine, is_fraud, is_even = session == one, place % 2 == 0, place % 4 < 2
        if is_even:
            middle = 110.0 if is_fraud else float(score[mine].mean())
            score[mine] = middle + (
                tilt.rng.uniform(-1.5, 1.5, mine.sum()) if is_fraud else 0.75 * (score[mine] - middle)
            )
        else:
            score[mine] *= 1.8 if is_fraud else 1.1
        key = f"{'rata' if is_even else 'tinggi'}-skor-{one + 1}"
        tilt.told.setdefault("DV-I11", []).append(("station", int(tuk[one]), key, is_fraud))
    times.sittings["score"] = np.maximum(score.round(), 42).astype(int)


def _tilt_sheets(tilt: Tilt, times: Timed, asesor: Ints, n: int) -> None:
    scored, released, received = (times.sessions[name] for name in ("scored", "released", "received"))
    for place, one in enumerate(_busiest(tilt, asesor, 2 * n)):
        mine = np.flatnonzero((asesor == one) & (scored >= 0) & (received >= 0))
        away, spread = (15 * MINUTE, 20 * SECOND) if place < n else (26 * MINUTE, 16 * MINUTE)
        new = (released[mine] + away + tilt.rng.integers(-spread, spread, len(mine))) | 1
        received[mine] += new - scored[mine]
        scored[mine] = new
        tilt.told.setdefault("DV-T06", []).append(("asesor", int(one), "nilai", place < n))
