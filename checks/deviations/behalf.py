"""What a Super Administrator did in another's place, and acts outside working hours (§9.1; DV-X03, R-069).

Both are read from the audit log. Every day in another's place is to be reviewed, so each is a finding; of the acts only those count outside
hours that decide, print, change a register or let data out: a look at a list at night is nobody's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from checks.deviations.dated import SINCE, local_day, value_on
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

RULE = "DV-X03"
WEIGHTY = (
    *("assessment.score", "assessment.correct", "decision.decide", "certificate.print", "certificate.revoke"),
    *("certificate.suspend", "certificate.reinstate", "blank.issue", "staff.enrol", "staff.suspend", "parameter.set"),
    *("registry.save", "registry.import", "allocation.send_allocation", "distribution.release", "asesor.substitute"),
    *("evaluation.close_minutes", "evaluation.release_hold", "publication.start", "publication.stop"),
    *("case.close", "case.dismiss", "appeal.decide", "undo.schedule", "undo.payment", "list.export", "audit.export"),
)
"""Acts that nobody does at night without a reason."""
_IS_PLAYED = """
    select json_value(payload, '$.played_at') is not null as is_played from posko_audit.audit_event
    where actor_kind = 'person' and action <> 'staff.login' order by event_id desc limit 1"""
_PLAYED = "coalesce(cast(json_value(event.payload, '$.played_at') as datetime(6)), event.occurred_at)"
_BEHALF = """
    select event.actor_id, event.on_behalf_of, {day} as day_on, count(*) as acts, sum(event.outcome = 'refused') as refused,
        group_concat(distinct event.action order by event.action separator ', ') as actions, max(event.occurred_at) as last_at
    from posko_audit.audit_event as event
    where event.actor_id in (select person_id from posko.staff where role = 'SUPER') and event.on_behalf_of is not null
        and event.occurred_at >= {SINCE}
    group by event.actor_id, event.on_behalf_of, {day}"""
_NIGHT = """
    select done.actor_id, done.day_on, count(*) as acts, date_format(min(done.local_at), '%H:%i') as first_at,
        date_format(max(done.local_at), '%H:%i') as last_at, max(done.occurred_at) as observed_at,
        group_concat(distinct done.action order by done.action separator ', ') as actions
    from (
        select event.actor_id, event.action, event.occurred_at, {moment} + interval 7 hour as local_at, {day} as day_on
        from posko_audit.audit_event as event
        where event.action in :weighty and event.actor_kind = 'person' and event.outcome = 'ok' and event.entity <> 'journey'
            and event.occurred_at >= {SINCE}
    ) as done
    where hour(done.local_at) < {begin} or hour(done.local_at) >= {end}
    group by done.actor_id, done.day_on"""
LONGEST = 200
"""Characters of the names of acts that the evidence takes."""


def find(db: sa.Connection, on: date, since: datetime | None = None) -> Iterator[Finding]:  # noqa: ARG001 - each day is judged by its own value
    """Yield a finding for each person, day and body in whose place she acted, and for each person and day of acts outside hours.

    Args:
        db: connection of `posko_export`.
        on: the day judged.
        since: only from the day on in which this moment lies (UTC); None: all.
    """
    is_played = bool(db.scalar(sa.text(_IS_PLAYED)))
    since = None if is_played else since  # a played day is not that of the server's clock
    moment = _PLAYED if is_played else "event.occurred_at"
    day = local_day(moment)
    for row in db.execute(sa.text(_BEHALF.format(day=day, SINCE=SINCE)), {"since": since}).mappings():
        told = {
            "sebab": "bertindak atas nama pihak lain",
            "pihak": row["on_behalf_of"],
            "tindakan": int(row["acts"]),
            "ditolak": int(row["refused"]),
            "nama_tindakan": row["actions"][:LONGEST],
        }
        yield Finding(RULE, "staff", row["actor_id"], f"{row['day_on']} {row['on_behalf_of']}", told, row["last_at"])
    begin, end = (value_on(name, "done.day_on") for name in ("work_begins_hour", "work_ends_hour"))
    night = sa.text(_NIGHT.format(moment=moment, day=day, SINCE=SINCE, begin=begin, end=end))
    night = night.bindparams(sa.bindparam("weighty", expanding=True))
    for row in db.execute(night, {"weighty": WEIGHTY, "since": since}).mappings():
        told = {
            "sebab": "tindakan di luar jam kerja",
            "tindakan": int(row["acts"]),
            "pertama": row["first_at"],
            "terakhir": row["last_at"],
            "nama_tindakan": row["actions"][:LONGEST],
        }
        yield Finding(RULE, "staff", row["actor_id"], f"luar jam {row['day_on']}", told, row["observed_at"])
