"""From what a week's sample is drawn: its sessions with their weight by risk (§4.2; R-017, R-190).

Every session has a base weight, so that everybody may be visited. Findings about its TUK, LSP and assessor add to it, findings of the
statistical rules and open cases more, and each week since the TUK was last visited. What a case found not proven, and what was gone after
a correction, adds nothing. Each part has a highest count, so that one bad TUK does not take all visits.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.sampling import chances, draw
from posko.services.parameter_values import number_on
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import sqlalchemy as sa

MOST = {"finding": 20, "statistic": 5, "case": 5, "unvisited": 26}
"""Part of a weight -> how many of it count at most."""
NEVER = MOST["unvisited"]
"""Weeks since the last visit of a TUK that was never visited."""
_BODIES = (("tuk", "tuk_code"), ("lsp", "lsp_code"), ("asesor", "met_no"))
_SESSIONS = """
    select session_id, tuk_code, lsp_code, met_no, exam_on from posko.exam_session
    where exam_on between :first and :last and status <> 'CANCELLED' order by session_id"""
_DEVIATIONS = """
    select about.kind, about.code, left(about.rule_id, 4) = 'DV-T' as is_statistic, count(*) as found from (
        select subject_kind as kind, subject_code as code, deviation_id, rule_id, case_id, finding_id
        from posko.deviation where is_attempt = 0 and occurred_at >= :since and subject_kind in ('tuk', 'lsp', 'asesor')
        union
        select 'tuk', session.tuk_code, deviation.deviation_id, deviation.rule_id, deviation.case_id, deviation.finding_id
        from posko.deviation as deviation join posko.exam_session as session on session.session_id = deviation.session_id
        where deviation.is_attempt = 0 and deviation.occurred_at >= :since
        union
        select 'asesor', session.met_no, deviation.deviation_id, deviation.rule_id, deviation.case_id, deviation.finding_id
        from posko.deviation as deviation join posko.exam_session as session on session.session_id = deviation.session_id
        where deviation.is_attempt = 0 and deviation.occurred_at >= :since
    ) as about
    where not exists (select 1 from posko.finding as gone where gone.finding_id = about.finding_id and gone.gone_at is not null)
        and not exists (
            select 1 from posko.case_note as note where note.case_id = about.case_id and note.status_to = 'DISMISSED'
                and not exists (select 1 from posko.case_note as later where later.case_id = note.case_id
                    and later.note_id > note.note_id and later.status_to = 'CONFIRMED'))
    group by about.kind, about.code, left(about.rule_id, 4) = 'DV-T'"""
_CASES = """
    select about.kind, about.code, count(*) as found from (
        select subject.subject_kind as kind, subject.subject_code as code, subject.case_id
        from posko.case_subject as subject where subject.subject_kind in ('tuk', 'lsp', 'asesor')
        union
        select 'tuk', session.tuk_code, subject.case_id from posko.case_subject as subject
        join posko.exam_session as session on session.session_id = cast(subject.subject_code as unsigned)
        where subject.subject_kind = 'session'
        union
        select 'asesor', session.met_no, subject.case_id from posko.case_subject as subject
        join posko.exam_session as session on session.session_id = cast(subject.subject_code as unsigned)
        where subject.subject_kind = 'session'
    ) as about
    join posko.deviation_case as open_case on open_case.case_id = about.case_id and open_case.status <> 'CLOSED'
    group by about.kind, about.code"""
_VISITS = "select tuk_code, max(visited_on) as visited_on from posko.surveillance_visit where visited_on is not null group by tuk_code"


@dataclass(frozen=True)
class Frame:
    """The sessions of a week as rows of `surveillance_frame`, without the number of the draw, by session."""

    rows: Sequence[Row]

    @property
    def picked(self) -> list[int]:
        """Return the sessions that were picked."""
        return [int(row["session_id"]) for row in self.rows if row["is_picked"]]

    @property
    def sha256(self) -> bytes:
        """Return SHA-256 over all rows: who changes a weight or a pick shows."""
        told = [[row[name].isoformat() if name == "exam_on" else row[name] for name in COLUMNS] for row in self.rows]
        return sha256(canonical(told).encode()).digest()

    def draws(self, wanted: int, seed: bytes) -> bool:
        """Return whether this seed picks from these weights exactly those that were picked."""
        return draw({int(row["session_id"]): int(row["weight"]) for row in self.rows}, wanted, seed) == self.picked


COLUMNS = ("session_id", "tuk_code", "lsp_code", "met_no", "exam_on", "weight", "parts", "chance_permille", "is_picked")
"""Columns of a row in the order in which they are hashed."""


def made(db: sa.Connection, first: date, last: date, *, today: date, wanted: int, seed: bytes) -> Frame | None:
    """Return the frame of the sessions from `first` to `last` with those that the seed picks; None: there is no session.

    Args:
        db: connection of the act.
        first: first day.
        last: last day.
        today: the day by whose parameters and findings is weighed.
        wanted: how many are to be picked.
        seed: 32 bytes.
    """
    sessions = many(db, _SESSIONS, first=first, last=last)
    if not sessions:
        return None
    parts = {
        int(row["session_id"]): weighed for row, weighed in zip(sessions, _parts(db, sessions, today), strict=True)
    }
    weights = {session_id: sum(part.values()) for session_id, part in parts.items()}
    picked, share = set(draw(weights, wanted, seed)), chances(weights, wanted)
    return Frame(
        [
            {
                **row,
                "weight": weights[row["session_id"]],
                "parts": canonical(parts[row["session_id"]]),
                "chance_permille": int(1000 * share[row["session_id"]]),
                "is_picked": int(row["session_id"] in picked),
            }
            for row in sessions
        ]
    )


def kept(db: sa.Connection, draw_id: int) -> Frame:
    """Return the frame of a draw as it stands in the table."""
    return Frame(
        many(
            db,
            f"select {', '.join(COLUMNS)} from posko.surveillance_frame where draw_id = :id order by session_id",
            id=draw_id,
        )
    )


def parts_of(row: Mapping[str, Any]) -> dict[str, int]:
    """Return the parts of a weight: base, finding, statistic, case, unvisited -> points; parts without points are missing."""
    found: dict[str, int] = json.loads(row["parts"])
    return found


def _parts(db: sa.Connection, sessions: Sequence[Row], today: date) -> list[dict[str, int]]:
    """Return the parts of the weight of each session."""
    points = {name: number_on(db, f"surveillance_{name}", today) for name in ("base", *MOST)}
    since = today - timedelta(days=number_on(db, "surveillance_days", today))
    counts: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in ("finding", "statistic", "case")}
    for row in many(db, _DEVIATIONS, since=since):
        counts["statistic" if row["is_statistic"] else "finding"][row["kind"], row["code"]] += int(row["found"])
    for row in many(db, _CASES):
        counts["case"][row["kind"], row["code"]] += int(row["found"])
    visited = {row["tuk_code"]: row["visited_on"] for row in many(db, _VISITS)}
    found = []
    for session in sessions:
        told = {name: sum(count[kind, session[column]] for kind, column in _BODIES) for name, count in counts.items()}
        last = visited.get(session["tuk_code"])
        told["unvisited"] = NEVER if last is None else max(0, (today - last).days // 7)
        extra = {name: points[name] * min(many_of, MOST[name]) for name, many_of in told.items()}
        found.append({"base": points["base"]} | {name: worth for name, worth in extra.items() if worth})
    return found
