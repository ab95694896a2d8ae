"""The log replayed and held against the tables: a state without its event, or an event without its state (§5.3; DV-X06, F35).

The comparison is that of `posko as-of now --compare`; a run since the last one replays what was written or told of since then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain import journey
from posko.domain.finding import Finding
from posko.services import replay
from posko.services.replay_since import compare_since
from posko.services.rows import many_among

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from posko.services.replay import Difference

RULE = "DV-X06"
_NUMBERS = "select journey_id, tki_id, scheme_code, journey_no, moved_at from posko.journey where tki_id in :ids"


def find(db: sa.Connection, on: date, since: datetime | None = None) -> Iterator[Finding]:  # noqa: ARG001 - the log is replayed to now
    """Yield a finding for each journey, session and case of which log and tables tell different things.

    Args:
        db: connection of `posko_export`, in one snapshot.
        on: the day judged.
        since: only what was written or told of from this moment on (UTC); None: everything.
    """
    differences = replay.compare_with_tables(db) if since is None else compare_since(db, since)
    rows = many_among(db, _NUMBERS, sorted({each.tki_id for each in differences if each.tki_id}))
    known = {journey.key_of(row["tki_id"], row["scheme_code"], int(row["journey_no"])): row for row in rows}
    now: datetime = db.execute(sa.text("select utc_timestamp(6)")).scalar_one()
    for each in _worst_first(differences):
        told = {"sebab": each.sentence, "jenis": each.kind}
        row = known.get(each.key) if each.tki_id else None
        if each.tki_id:
            yield Finding(
                RULE, "tki", each.tki_id, each.key, told, row["moved_at"] if row else now,
                tki_id=each.tki_id, journey_id=int(row["journey_id"]) if row else None,
            )  # fmt: skip
        elif each.entity == "session" and each.key.isdecimal():
            yield Finding(RULE, "session", each.key, "-", told, now, session_id=int(each.key))
        else:
            yield Finding(RULE, "system", f"{each.entity} {each.key}"[:120], "-", told, now)


def _worst_first(differences: Sequence[Difference]) -> list[Difference]:
    """Return one difference for each thing: what was said of it first."""
    return list({(each.entity, each.key): each for each in reversed(differences)}.values())
