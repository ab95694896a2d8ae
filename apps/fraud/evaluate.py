"""How well the rules find what was planted in a simulated year, and how seldom they find what is not there (§5.1-5.3, 4.2; F43, F44).

First everything is judged on the honest year: whatever is found there is a false alarm. Then the sessions of the last day are judged as a
nightly run does. The same year is made again with bodies that cheat (`tilt`); frauds and as many near misses of each rule are planted at
known rows and everything is judged; last, what the services prevent is tried on the stage. A finding on planted rows that its planter did
not name (a stranger's score also lacks an attendance) is counted apart: it is no false alarm, and nobody claimed it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.deviation_run import RulesFailed, run_rules
from apps.fraud.plants import attempts, effects, planters
from apps.fraud.stage import Stage
from posko.domain.errors import BadInput
from posko.domain.rules import RULES
from posko.services.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from apps.deviation_run import DeviationSummary
    from apps.fraud.planting import Ground, Planted, Planter
    from apps.fraud.year import Year

STATISTICAL = frozenset(rule_id for rule_id, rule in RULES.items() if rule.is_statistical)
"""Rules that estimate: they may miss some and flag an honest body now and then, within their limits."""
SAME_PERSON = "DV-I04"
LEAST_RECALL, MOST_FALSE = 0.8, 0.05
"""Of the statistical rules: recall of each at least, and share of false discoveries of all together at most."""
Key = tuple[str, str, str]
"""Subject kind, subject code, finding key."""
_OPEN = "select rule_id, subject_kind, subject_code, finding_key from posko.finding where gone_at is null"
_NOTED = "select distinct rule_id, subject_kind, subject_code from posko.deviation where deviation_id > :after"


@dataclass
class Verdict:
    """What became of one rule: what was planted and found, near misses, other findings on planted rows, false alarms."""

    rule_id: str
    planted: set[Key] = field(default_factory=set)
    near: set[Key] = field(default_factory=set)
    found: set[Key] = field(default_factory=set)
    beside: int = 0
    """Findings on rows that another planter touched: true, but not the ones that were asked for."""
    false: set[Key] = field(default_factory=set)
    """Found in the honest year."""
    by_chance: set[Key] = field(default_factory=set)
    """Found in the honest year, and true of it: women who share all that the rule goes by (`Year.namesakes`)."""
    honest: set[Key] = field(default_factory=set)
    """Honest bodies that a statistical rule flagged in the year in which others cheat."""
    seconds: float = 0.0
    effect: str = ""
    problem: str | None = None

    @property
    def hits(self) -> int:
        """How many of the planted frauds were found."""
        return len(self.planted & self.found)

    @property
    def wrong(self) -> int:
        """How many near misses and honest bodies were found in the year in which others cheat."""
        return len(self.near & self.found) + len(self.honest)

    @property
    def right(self) -> int:
        """How many findings of that year are true, those that no planter of this rule named among them."""
        return self.hits + self.beside

    @property
    def is_statistical(self) -> bool:
        """Whether the rule estimates."""
        return self.rule_id in STATISTICAL


@dataclass
class Evaluation:
    """All verdicts, and the seconds of the three runs: the whole year, the last day, the year with what was planted."""

    tki: int
    seed: int
    each: int
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    fresh: int = 0
    slowest: dict[str, float] = field(default_factory=dict)
    slowest_increment: dict[str, float] = field(default_factory=dict)

    def of(self, rule_id: str) -> Verdict:
        """Return the verdict of a rule, made if there is none."""
        return self.verdicts.setdefault(rule_id, Verdict(rule_id))

    def some(self, *, statistical: bool) -> list[Verdict]:
        """Return the verdicts of the statistical rules, or of the others, in the order of the rules."""
        return [one for _, one in sorted(self.verdicts.items()) if one.is_statistical is statistical]

    @property
    def false_discoveries(self) -> float:
        """Share of what the statistical rules flagged that is honest."""
        some = self.some(statistical=True)
        wrong, right = sum(one.wrong for one in some), sum(one.right for one in some)
        return wrong / (wrong + right) if wrong + right else 0.0

    def missed(self) -> list[str]:
        """Return what the issue asks for and this is not, in words; empty where all limits are kept."""
        said = [f"{one.rule_id} tidak dapat dinilai: {one.problem}" for one in self.verdicts.values() if one.problem]
        for one in self.some(statistical=False):
            if one.hits < len(one.planted):
                said.append(f"{one.rule_id}: hanya {one.hits} dari {len(one.planted)} ditemukan")
            if one.wrong or one.false:
                said.append(f"{one.rule_id}: {one.wrong + len(one.false)} alarm palsu")
        said += [
            f"{one.rule_id}: recall {one.hits} dari {len(one.planted)}"
            for one in self.some(statistical=True)
            if one.hits < LEAST_RECALL * len(one.planted)
        ]
        if self.false_discoveries > MOST_FALSE:
            said.append(f"penemuan palsu aturan statistik {100 * self.false_discoveries:.1f} %")
        said += [f"{rule_id}: tidak ada yang ditanam" for rule_id in unplanted()]
        return said


def evaluate(year: Year, *, tki: int, each: int, say: Callable[[str], None] = lambda _: None) -> Evaluation:
    """Make the year, judge it, plant, judge again, and try what is prevented.

    Args:
        year: on empty servers.
        tki: TKI of the year.
        each: frauds of each rule, and as many near misses.
        say: what tells how far it is.
    """
    done = Evaluation(tki, year.seed, each)
    year.make(tki, say)
    judge_honest(year, done, say)
    year.again(tki, cheats=each, say=say)
    judge_planted(year, done, say)
    try_prevented(year, done, say)
    for rule_id, effect in effects().items():
        done.of(rule_id).effect = effect
    return done


def judge_honest(year: Year, done: Evaluation, say: Callable[[str], None] = lambda _: None) -> None:
    """Judge the honest year, then what came on its last day; everything found is a false alarm."""
    say("dbt")
    year.build()
    say("menilai tahun yang jujur")
    summary, done.seconds["full"] = _run(year, full=True)
    say(f"dinilai dalam {done.seconds['full']:.1f} detik")
    done.slowest = summary.seconds
    for rule_id, seconds in summary.seconds.items():
        done.of(rule_id).seconds = seconds
    done.fresh = year.add_the_last_day(say)
    year.build()
    say("menilai hari terakhir")
    summary, done.seconds["increment"] = _run(year, full=False)
    say(f"dinilai dalam {done.seconds['increment']:.1f} detik")
    done.slowest_increment = summary.seconds
    for rule_id, why in summary.failed.items():
        done.of(rule_id).problem = why
    for rule_id, keys in _found(year).items():
        done.of(rule_id).false |= keys
    shared, alike = done.of(SAME_PERSON), year.namesakes()
    shared.by_chance = {key for key in shared.false if key[2] in alike}
    shared.false -= shared.by_chance


def judge_planted(year: Year, done: Evaluation, say: Callable[[str], None] = lambda _: None) -> None:
    """Plant in a year that was just made, judge everything, and compare."""
    every: list[Planted] = []
    with year.admin() as db:
        ground = year.ground(db)
        for rule_id, planter in planters().items():
            say(f"menanam {rule_id}")
            every += _plant(ground, done.of(rule_id), planter, done.each)
    say("dbt")
    year.build()
    say("menilai tahun dengan kecurangan")
    summary, done.seconds["planted"] = _run(year, full=True)
    for rule_id, why in summary.failed.items():
        done.of(rule_id).problem = why
    now = _found(year)
    touched = {(one.subject_kind, one.subject_code) for one in every if one.rule_id in STATISTICAL}
    for rule_id in sorted(now.keys() | {one.rule_id for one in every}):
        verdict = done.of(rule_id)
        verdict.found = now.get(rule_id, set())
        others = verdict.found - verdict.planted - verdict.near
        if verdict.is_statistical:
            honest = {key for key in others if key[:2] not in touched}
            verdict.honest = honest
            others -= honest
        verdict.beside = len(others)


def try_prevented(year: Year, done: Evaluation, say: Callable[[str], None] = lambda _: None) -> None:
    """Try on the stage what the services prevent; the register must have it."""
    stage = Stage(year.target, year.settings)
    stage.fill()
    try:
        for rule_id, attempt in attempts().items():
            say(f"mencoba {rule_id}")
            verdict, after = done.of(rule_id), _last(year)
            try:
                tried = attempt(stage)
            except Exception as error:  # noqa: BLE001 - one attempt that breaks must not hide the others; the table names it
                verdict.problem = f"{type(error).__name__}: {error}"[:200]
                continue
            with year.admin() as db:
                noted = {(row[0], row[1], row[2]) for row in db.execute(sa.text(_NOTED), {"after": after})}
            for one in tried:
                key = (one.subject_kind, one.subject_code, f"dicoba {one.finding_key}")
                (verdict.planted if one.is_fraud else verdict.near).add(key)
                if (one.rule_id, one.subject_kind, one.subject_code) in noted:
                    verdict.found.add(key)
    finally:
        stage.close()


def unplanted(rules: Collection[str] = tuple(RULES)) -> list[str]:
    """Return the rules that nothing plants and nothing tries, though somebody judges them."""
    known = planters().keys() | attempts().keys()
    judged = [one for one in rules if RULES[one].is_found or RULES[one].judged_by == "act"]
    return [one for one in judged if one not in known]


def _plant(ground: Ground, verdict: Verdict, planter: Planter, each: int) -> list[Planted]:
    """Plant as many as asked for, or half, or half of that, where the year is too small; commit."""
    made: list[Planted] = []
    while each:
        try:
            made = planter(ground, each)
            ground.db.commit()
            verdict.problem = None
            break
        except BadInput as error:
            ground.db.rollback()
            verdict.problem = str(error)
            each //= 2
        except sa.exc.SQLAlchemyError as error:
            ground.db.rollback()
            verdict.problem = f"{type(error).__name__}: {getattr(error, 'orig', error)}"[:200]
            break
    for one in made:
        (verdict.planted if one.is_fraud else verdict.near).add((one.subject_kind, one.subject_code, one.finding_key))
    return made


def _run(year: Year, *, full: bool) -> tuple[DeviationSummary, float]:
    """Judge all rules, once the servers are at rest; return the summary and the seconds of the whole."""
    year.settle()
    engine = year.target.engine("posko_app", "posko")
    began = time.monotonic()
    try:
        summary = run_rules(Office.of(year.settings, engine), year.target, full=full)
    except RulesFailed as failed:
        summary = failed.summary
    finally:
        engine.dispose()
    return summary, time.monotonic() - began


def _found(year: Year) -> dict[str, set[Key]]:
    found: dict[str, set[Key]] = {}
    with year.admin() as db:
        for rule_id, kind, code, key in db.execute(sa.text(_OPEN)):
            found.setdefault(rule_id, set()).add((kind, code, key))
    return found


def _last(year: Year) -> int:
    with year.admin() as db:
        return int(db.scalar(sa.text("select coalesce(max(deviation_id), 0) from posko.deviation")))
