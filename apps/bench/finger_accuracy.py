"""`posko finger bench accuracy`: false matches and non-matches on synthetic fingers, and the time of a verification (§8.2, §13.3).

What comes out is a regression test of matcher, thresholds and generator: it is no accuracy in the field, where fingers are wet, worn and
hurried, and it says nothing of false fingers.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

from apps.bench import finger_sets
from apps.bench.finger_rates import Rate, below, reaching
from apps.bench.finger_sets import ENROLLED, FINGER, Kind, grey_sample, matcher
from apps.bench.report import Line, Report, against_limit, load_remark, note
from apps.cli.screen import number
from biometrics.synthetic import image, people
from biometrics.thresholds import CLEAR, threshold_of
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posko.settings import Settings

FNMR_LIMIT, FMR_LIMIT = 0.01, 0.001
VERIFY_LIMIT_MS, ENROL_LIMIT_SECONDS = 400.0, 3.0
IMAGE_FINGERS, IMAGE_TRIALS = 400, 20_000
PEOPLE, PEOPLE_TRIALS = 3_000, 12_000
TIMED, TIMED_ENROLMENTS = 100, 12
REMARKS = (
    "Jari tiruan: angka ini menguji pencocok, ambang, dan pembuat jari tiruan; BUKAN ketelitian di lapangan.",
    "Jari palsu (liveness) tidak diuji sama sekali; tidak satu pun pembaca di sini menjaminnya.",
    "Batas 95 % menurut Clopper-Pearson menganggap percobaan saling bebas; tiap jari dipakai beberapa kali pada FMR, jadi kira-kira.",
)


class Sizes(NamedTuple):
    """How much is measured: fingers and impostor trials of both levels, timed verifications and enrolments."""

    image_fingers: int = IMAGE_FINGERS
    image_trials: int = IMAGE_TRIALS
    people: int = PEOPLE
    people_trials: int = PEOPLE_TRIALS
    timed: int = TIMED
    enrolments: int = TIMED_ENROLMENTS


def measure(settings: Settings, *, sizes: Sizes | None = None, say: Callable[[str], None] = lambda _: None) -> Report:
    """Measure both levels and the times; the sets are kept below `var/finger-bench`."""
    sizes = sizes or Sizes()
    report = Report(
        "finger accuracy",
        f"{number(sizes.image_fingers)} jari citra, {number(sizes.people)} jari minutia, {finger_sets.TOUCHES} sentuhan",
        remarks=load_remark(),
    )
    report.lines += _times(sizes, CLEAR * threshold_of(settings, Purpose.LOGIN), report, say)
    levels = (
        (Kind("citra", True, 1.0), sizes.image_fingers, sizes.image_trials, True),
        (Kind("minutia", False, 1.0), sizes.people, sizes.people_trials, True),
        (Kind("citra-buruk", True, image.HARD), sizes.image_fingers // 2, sizes.image_trials // 2, False),
        (Kind("minutia-buruk", False, people.HARD), sizes.people, sizes.people_trials, False),
    )
    for kind, count, trials, is_limited in levels:
        made = finger_sets.fingers(kind, count, settings.var / "finger-bench", say)
        found = finger_sets.scores(made, trials, say)
        report.lines += _rates(kind, found, settings, report, is_limited=is_limited)
    report.remarks += REMARKS
    return report


def _rates(
    kind: Kind, found: finger_sets.Scores, settings: Settings, report: Report, *, is_limited: bool
) -> list[Line]:
    """Return the lines of one set; only the usual touches have limits."""
    attend, login = (threshold_of(settings, purpose) for purpose in (Purpose.ATTEND, Purpose.LOGIN))
    missed, missed_single = below(found.genuine, attend), below(found.single, attend)
    missed_login, let_in = below(found.genuine, login), reaching(found.impostor_six, login)
    let_in_attend = reaching(found.impostor_six, attend)
    report.extra[kind.name] = {
        "hard": kind.hard,
        "refused": found.refused,
        "fnmr_attend_best_of_three": missed.as_dict(),
        "fnmr_attend_single": missed_single.as_dict(),
        "fnmr_login_best_of_three": missed_login.as_dict(),
        "fmr_login_best_of_three": reaching(found.impostor, login).as_dict(),
        "fmr_login_best_of_six": let_in.as_dict(),
        "fmr_attend_best_of_six": let_in_attend.as_dict(),
        "genuine": _quantiles(found.genuine),
        "impostor": _quantiles(found.impostor),
    }
    return [
        _rate(f"{kind.name}: FNMR di {attend}, terbaik dari 3", missed, 100, "%", FNMR_LIMIT if is_limited else None),
        _rate(f"{kind.name}: FNMR di {attend}, satu lawan satu", missed_single, 100, "%"),
        _rate(f"{kind.name}: FNMR di {login}, terbaik dari 3", missed_login, 100, "%"),
        _rate(f"{kind.name}: FMR di {login}, terbaik dari 6", let_in, 1000, "‰", FMR_LIMIT if is_limited else None),
        _rate(f"{kind.name}: FMR di {attend}, terbaik dari 6", let_in_attend, 1000, "‰"),
    ]


def _rate(what: str, rate: Rate, times: int, unit: str, limit: float | None = None) -> Line:
    words = f"{what} ({rate.words(times)} {unit})"
    if limit is None:
        return note(words, times * rate.share, unit=unit)
    return against_limit(words, [times * rate.share], times * limit, unit=unit)


def _quantiles(scores: Sequence[int]) -> dict[str, int]:
    ranked = sorted(scores)
    places = {"least": 0.0, "p1": 0.01, "median": 0.5, "p99": 0.99, "most": 1.0}
    return {name: ranked[round(place * (len(ranked) - 1))] for name, place in places.items()}


def _times(sizes: Sizes, enough: int, report: Report, say: Callable[[str], None]) -> list[Line]:
    """Time in one process of one thread; what it used of the processor stands beside, since a busy machine adds to the clock."""
    say(f"{sizes.timed} verifikasi dan {sizes.enrolments} pendaftaran satu jari, satu per satu")
    with finger_sets.pool() as workers:
        verified, used, of_all = (sorted(taken) for taken in workers.submit(_verify, sizes.timed, enough).result())
        enrolled, qualities = workers.submit(_enrol, sizes.enrolments).result()
    p95, used_p95 = _p95(verified), _p95(used)
    report.extra["verification_ms"] = {
        "median": statistics.median(verified),
        "p95": p95,
        "most": verified[-1],
        "cpu_median": statistics.median(used),
        "cpu_p95": used_p95,
        "all_p95": _p95(of_all),
    }
    report.extra["enrolment_seconds"] = sorted(enrolled)
    report.extra["nfiq2"] = sorted(qualities)
    return [
        against_limit(f"verifikasi citra lawan 6 templat, p95 dari {len(verified)}", [p95], VERIFY_LIMIT_MS, unit="ms"),
        note("verifikasi, median", statistics.median(verified), unit="ms"),
        note("verifikasi, waktu prosesor satu inti, p95", used_p95, unit="ms"),
        note("verifikasi yang membandingkan keenamnya, p95", _p95(of_all), unit="ms"),
        against_limit(
            f"pendaftaran satu jari: 3 citra, NFIQ2, skor silang; terlama dari {len(enrolled)}",
            [max(enrolled)],
            ENROL_LIMIT_SECONDS,
        ),
        note(f"NFIQ2 median {len(qualities)} citra", statistics.median(qualities) if qualities else 0, unit=""),
    ]


def _p95(ranked: Sequence[float]) -> float:
    return ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]


def _verify(count: int, enough: int) -> tuple[list[float], list[float], list[float]]:
    """Return the milliseconds of so many verifications, by the clock and of the processor, and by the clock where none ends early.

    A picture becomes a template and meets three impressions of each of two fingers, the other one first, all of them loaded for the first
    time; as at the door the comparison ends at a score that leaves no doubt (`biometrics.comparison`).
    """
    taken, used, of_all = [], [], []
    for person in range(count):
        mine, other = f"bench:{person}", f"bench:{person + count}"
        enrolled = [
            matcher().extract(grey_sample(seed, str(touch)), finger=finger)
            for finger, seed in ((FINGER + 5, other), (FINGER, mine))
            for touch in range(ENROLLED)
        ]
        sample = grey_sample(mine, "timed")
        began, began_using = time.perf_counter(), time.process_time()
        made = matcher().extract(sample, finger=FINGER)
        extracted = time.perf_counter() - began
        matcher().compare(made, enrolled, enough=enough)
        taken.append(1_000 * (time.perf_counter() - began))
        used.append(1_000 * (time.process_time() - began_using))
        began = time.perf_counter()
        matcher().compare(made, enrolled)
        of_all.append(1_000 * (time.perf_counter() - began + extracted))
    return taken, used, of_all


def _enrol(count: int) -> tuple[list[float], list[int]]:
    """Return the seconds of so many enrolments of one finger, and the qualities that were found."""
    taken, qualities = [], []
    for person in range(count):
        samples = [grey_sample(f"bench:{person}", f"enrol:{touch}") for touch in range(ENROLLED)]
        began = time.perf_counter()
        made = [matcher().extract(sample, finger=FINGER, with_quality=True) for sample in samples]
        for place, one in enumerate(made):
            matcher().compare(one, made[place + 1 :])
        taken.append(time.perf_counter() - began)
        qualities += [one.quality for one in made if one.quality is not None]
    return taken, qualities
