"""Certificates that are tried out slowly, and numbers that are checked from many places (§13.13; DV-C04, R-166).

Who fills a window of wrong tries is stopped and noted by the verification itself. Here stands who stays below that for a day: counted are
wrong tries by number and by place, and for each number the places from which it was asked for. The public application writes nothing, so
what strangers try there is known from the fronts of POSKO only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from checks.deviations.dated import SINCE, local_day, value_on
from posko.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

RULE = "DV-C04"
_SLOW = f"""
    select counted.* from (
        select subject_kind, subject, {local_day("tried_at")} as day_on, count(*) as tries,
            count(distinct window_began_at) as windows, max(tried_at) as last_at
        from posko.verification_try group by subject_kind, subject, {local_day("tried_at")}
    ) as counted
    where counted.tries >= case counted.subject_kind when 'NUMBER' then {value_on("verification_wrong_number", "counted.day_on")}
            else {value_on("verification_wrong_source", "counted.day_on")} end
        and not exists (
            select 1 from posko.deviation as noted where noted.rule_id = '{RULE}' and noted.finding_id is null
                and noted.subject_code = concat(counted.subject_kind, ':', counted.subject)
                and noted.occurred_at >= counted.day_on - interval 7 hour and noted.occurred_at < counted.day_on + interval 17 hour)"""
_PLACES = f"""
    select counted.* from (
        select event.entity_key as certificate_no, {local_day("event.occurred_at")} as day_on, count(*) as tries,
            count(distinct coalesce(event.ip, event.device, '-')) as places, max(event.occurred_at) as last_at
        from posko_audit.audit_event as event
        where event.action in ('certificate.verify', 'certificate.verify_signed') and event.entity = 'certificate'
            and event.entity_key <> '-' and event.outcome = 'ok'
            and event.occurred_at >= {SINCE}
        group by event.entity_key, {local_day("event.occurred_at")}
    ) as counted where counted.places >= {value_on("verification_places", "counted.day_on")}"""


def find(db: sa.Connection, on: date, since: datetime | None = None) -> Iterator[Finding]:  # noqa: ARG001 - each day is judged by its own value
    """Yield a finding for each number and each place on a day of many wrong tries, and for each number asked for from many places."""
    for row in db.execute(sa.text(_SLOW)).mappings():
        kind, code = (
            ("certificate", row["subject"]) if row["subject_kind"] == "NUMBER" else ("system", f"asal {row['subject']}")
        )
        told = {
            "sebab": "percobaan salah tersebar sepanjang hari",
            "salah": int(row["tries"]),
            "jendela": int(row["windows"]),
        }
        yield Finding(RULE, kind, code, f"salah {row['day_on']}", told, row["last_at"])
    for row in db.execute(sa.text(_PLACES), {"since": since}).mappings():
        told = {
            "sebab": "satu nomor diperiksa dari banyak tempat",
            "tempat": int(row["places"]),
            "kali": int(row["tries"]),
        }
        yield Finding(RULE, "certificate", row["certificate_no"], f"tempat {row['day_on']}", told, row["last_at"])
