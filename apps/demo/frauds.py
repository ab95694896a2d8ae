"""The demo's frauds: some acts that go wrong in the play, what the rules found of them, and BNSP's people at their cases (§5.1-5.2).

Everything goes through the services, as somebody who may sign in would do it. What BNP2TKI planted stands in the files of the simulator.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from apps.demo.cast import SECOND, THIRD
from posko.domain.errors import Refused
from posko.services import cases, exam_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apps.demo.play import Play

HONEST_MINUTES, HASTY_MINUTES = 300, 12
LEAST = 3
"""Candidates of a session in which a fraud is played."""
HASTY, OVERRULED, FOREIGN_DOOR = "DV-S06", "DV-N05", "DV-X04"
HEADINGS = ("aturan", "ditanam", "ditemukan", "contoh", "kasus")
_FOUND = (
    "select d.deviation_id, d.subject_kind, d.subject_code, c.status from posko.deviation as d"
    " left join posko.deviation_case as c on c.case_id = d.case_id"
    " where d.rule_id = :rule and (d.subject_code = :code or d.tki_id = :code or d.session_id = :session) order by d.deviation_id limit 1"
)
_OPEN = "select case_id from posko.deviation_case where rule_id = :rule and status = 'OPEN' and holds_result = 0 order by case_id limit 1"


@dataclass
class Frauds:
    """What was planted, each once in a play: rule -> number of the session or ID of the TKI."""

    planted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def minutes(self, session_id: int, present: int) -> int:
        """Return how long a test takes: once somebody sends the candidates home at once."""
        if present < LEAST or self.planted[HASTY]:
            return HONEST_MINUTES
        self.planted[HASTY].append(str(session_id))
        return HASTY_MINUTES

    def overruled(self, play: Play, session_id: int) -> dict[str, Any]:
        """Return what the LSP decides against the assessor: once it lets somebody pass who was not yet competent."""
        if self.planted[OVERRULED]:
            return {}
        failed = play.ask(
            "select journey.journey_id, journey.tki_id from posko.assessment as scored join posko.journey as journey"
            " on journey.journey_id = scored.journey_id where scored.session_id = :id and scored.result = 'BK' order by 1 limit 1",
            id=session_id,
        )
        if not failed:
            return {}
        journey_id, tki_id = int(failed[0]["journey_id"]), failed[0]["tki_id"]
        self.planted[OVERRULED].append(tki_id)
        return {"results": {journey_id: "K"}, "reasons": {journey_id: "Dinilai cukup oleh LSP"}}

    def try_foreign_door(self, play: Play, tuk: str) -> None:
        """Let the administrator of a TUK try to open the day of another one, once; the services refuse it."""
        if self.planted[FOREIGN_DOOR]:
            return
        other = play.ask(
            "select session_id from posko.exam_session where tuk_code <> :tuk and status = 'PLANNED' order by session_id limit 1",
            tuk=tuk,
        )
        if other:
            self.planted[FOREIGN_DOOR].append(str(other[0]["session_id"]))
            with suppress(Refused):
                play.cast.desk(f"ADM-{tuk}").do(exam_session.open_day, session_id=int(other[0]["session_id"]))


def treat(play: Play) -> int:
    """Let BNSP treat some cases: one is proven and sanctioned, one found to be nothing; the others stay open. Return how many."""
    done = 0
    for rule, judge in ((HASTY, cases.confirm), ("DV-I04", cases.dismiss)):
        for row in play.ask(_OPEN, rule=rule):
            number, desk = int(row["case_id"]), play.cast.desk(THIRD)
            for step in (cases.triage, cases.review, judge):
                desk.do(step, case_id=number, note="Berkas dan catatan diperiksa")
            if judge is cases.confirm:
                desk.do(cases.sanction, case_id=number, note="Asesor diperingatkan tertulis")
            desk.do(cases.close, case_id=number, note="Selesai", second=play.cast.second(SECOND))
            done += 1
    return done


def rows_of(play: Play, folder: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a line for each rule of which frauds were planted, by the play and by the simulator (its files in `folder`)."""
    planted = {rule: list(codes) for rule, codes in play.frauds.planted.items() if codes} if play.frauds else {}
    for rule, codes in _simulated(folder).items():
        planted.setdefault(rule, []).extend(codes)
    for rule, codes in sorted(planted.items()):
        found = [rows[0] for code in codes if (rows := play.ask(_FOUND, rule=rule, code=code, session=_number(code)))]
        example = f"{found[0]['deviation_id']}: {found[0]['subject_kind']} {found[0]['subject_code']}" if found else ""
        yield rule, str(len(codes)), str(len(found)), example, (found[0]["status"] or "") if found else ""


def _simulated(folder: Path) -> dict[str, list[str]]:
    """Return rule -> TKI on whom the simulator planted what it finds."""
    planted: dict[str, list[str]] = defaultdict(list)
    for name in ("demo-faults.jsonl", "demo-answers.jsonl"):
        path = folder / name
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            fault = json.loads(line)
            kind, _, rules = fault["expected"].partition(":")
            if kind in {"finding", "fake"}:
                for rule in rules.split("+"):
                    planted[rule].append(fault["id_tki"])
    return dict(planted)


def _number(code: str) -> int:
    """Return a code as the number of a session; a TKI's ID is longer than any."""
    return int(code) if code.isdecimal() and len(code) < len("9000000") else 0
