"""What goes from body to body without a click: to the Konsorsium, LSP and TUK, the public, and back to BNP2TKI (§12.3-14.5; R-018).

Each step is an act of its own and may be repeated: whatever was cut short, the next run goes on. People's gates stand between: BNSP's
balance before the distribution, the closed minutes before the publication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from apps.returning import give_back, hear
from posko.services import distribution, intake, publication

if TYPE_CHECKING:
    from apps.returning import ReturnSite
    from posko.services.office import Office

_BALANCED = "select balance_check_id from posko.balance_check where is_complete = 1 and released_at is null order by balance_check_id"
_STOPPED = "select count(*) from posko.publication_stop where is_open = 1"
_DISCUSSED = (
    "select distinct item.meeting_id from posko.meeting_item as item"
    " join posko.evaluation_meeting as meeting on meeting.meeting_id = item.meeting_id and meeting.state = 'CLOSED'"
    " join posko.journey as journey on journey.journey_id = item.journey_id and journey.status = 'EVALUATED'"
    " where item.finding = 'PUBLISH' order by item.meeting_id"
)
_CHANGED = (
    "select count(*) from posko.certificate as own join posko.publication as shown on shown.journey_id = own.journey_id"
    " where own.status <> shown.certificate_status and not exists (select 1 from posko.publication as newer"
    " where newer.journey_id = shown.journey_id and newer.version > shown.version)"
)
_TO_RETURN = (
    "select (select count(*) from posko.journey where status = 'PUBLISHED')"
    " + (select count(*) from posko.return_batch where dispatch_id is not null and dispatched_at is null)"
    " + (select count(*) from posko.certificate as own join posko.return_line as line on line.journey_id = own.journey_id"
    " where line.certificate_status <> own.status and not exists (select 1 from posko.return_line as newer"
    " where newer.journey_id = line.journey_id and newer.version > line.version))"
)


def distribute(office: Office) -> dict[str, int]:
    """Hand the eligible to the Konsorsium and forward what BNSP found balanced; return `sent` TKI and `forwarded` packages."""
    system = office.desk(None)
    counts = {"sent": 0, "forwarded": 0}
    done = system.do(intake.send_eligible)
    while done["rows"]:
        counts["sent"] += done["rows"]
        done = system.do(intake.send_eligible, after=done["last"])
    for number in _numbers(office, _BALANCED):
        counts["forwarded"] += len(system.do(distribution.forward_balanced, balance_check_id=number)["batches"])
    return counts


def may_publish(office: Office) -> bool:
    """Return whether something waits to be published: new results unless BNSP stopped that, or a certificate whose state changed."""
    is_new = bool(_numbers(office, _DISCUSSED)) and not _count(office, _STOPPED)
    return is_new or _count(office, _CHANGED) > 0


def is_public(office: Office) -> bool:
    """Return whether anything was ever published: only then there is a site to keep up to date."""
    return _count(office, "select exists (select 1 from posko.publication)") > 0


def publish(office: Office) -> dict[str, int]:
    """Publish what closed meetings let pass, and bring changed certificates up to date; return `published` and `refreshed`.

    While BNSP has stopped the publication nothing new goes out, and a revocation still does.
    """
    system, published = office.desk(None), 0
    for number in [] if _count(office, _STOPPED) else _numbers(office, _DISCUSSED):
        published += system.do(publication.publish, meeting_id=number)["published"]
    return {"published": published, "refreshed": system.do(publication.refresh)["published"]}


def has_returns(office: Office) -> bool:
    """Return whether a result waits to be returned to BNP2TKI, made or not yet."""
    return _count(office, _TO_RETURN) > 0


def hand_over(office: Office, site: ReturnSite | None) -> dict[str, int]:
    """Do all that is due, without the gates that `posko run` asks before; return the counts of all steps.

    Args:
        office: whose system acts.
        site: where results go; None: they wait in the outbox.
    """
    return {**distribute(office), **publish(office), **give_back(office, site), **hear(office, site)}


def _numbers(office: Office, sql: str) -> list[int]:
    with office.engine.connect() as db:
        return [int(row[0]) for row in db.execute(sa.text(sql))]


def _count(office: Office, sql: str) -> int:
    with office.engine.connect() as db:
        return int(db.scalar(sa.text(sql)) or 0)
