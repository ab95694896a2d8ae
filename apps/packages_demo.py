"""The demo's packages: keys for every body of one allocation, its packages, and one of them opened at its LSP (§12.9-12.11; R-103)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sqlalchemy as sa

from apps.packages import Packages
from exports.package_keys import keys_in, make_keys
from exports.package_site import Site
from posko.services import packages_keys
from posko.services.packages import HERE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from exports.package_keys import Card
    from posko.services.office import Desk, Office
    from posko.settings import Settings

_LARGEST = """
    select distribution.balance_check_id from posko.distribution as distribution
    join posko.handoff_batch as batch on batch.batch_id = distribution.batch_id
    left join posko.package_sent as sent on sent.batch_id = distribution.batch_id
    group by distribution.balance_check_id having count(sent.package_id) = 0
    order by sum(batch.row_count) desc, distribution.balance_check_id desc limit 1"""
_PARTS = """
    select distribution.batch_id, concat(distribution.receiver_kind, ':', distribution.receiver_code) as receiver
    from posko.distribution as distribution where distribution.balance_check_id = :id
    order by distribution.receiver_kind, distribution.receiver_code"""
_OFFICER = "select person_id from posko.staff where lsp_code = :code and state = 'ACTIVE' order by person_id limit 1"


def demo_package(settings: Settings, office: Office, officer: Desk) -> Path | None:
    """Make the packages of the largest allocation that has none yet, carry one to its LSP and the receipt back.

    Args:
        settings: of the demo, where all secret keys lie on one machine.
        office: the demo's.
        officer: desk of an officer of BNSP, who registers the keys.

    Returns:
        The file of the LSP's package; None when nothing was split yet, or all of it has packages.
    """
    largest = _ask(office, _LARGEST)
    if not largest:
        return None
    waiting = _ask(office, _PARTS, id=largest[0]["balance_check_id"])
    own = (keys_in(settings.secrets / "packages", HERE) or make_keys(settings.secrets / "packages", HERE)).card
    sites = {
        part["receiver"]: Site(settings.var / "sites" / quote(part["receiver"], safe=""), part["receiver"])
        for part in waiting
    }
    cards = [_card(site, own) for site in sites.values()]
    _register(office, officer, [own, *cards])
    here = Packages.of(settings, office)
    made = here.make([int(part["batch_id"]) for part in waiting])
    first = next((one for one in made if one.manifest.recipient.startswith("LSP:")), made[0])
    site = sites[first.manifest.recipient]
    # A site that was not played before, or remembers a database that is gone, waits for other packages, rightly.
    if site.expects(first.manifest):
        code = first.manifest.recipient.partition(":")[2]
        people = _ask(office, _OFFICER, code=code)
        with office.engine.connect() as db:
            at = office.clock(db)
        taken = site.open(first.path.read_bytes(), person_id=people[0]["person_id"], at=at)
        if taken.receipt:
            here.open(taken.receipt.read_bytes())
    return first.path


def _card(site: Site, own: Card) -> Card:
    """Return the card of a site, with keys made and BNSP trusted if that was not done before."""
    found = keys_in(site.folder / "kunci", site.body)
    if own not in site.cards:
        site.trust(own)
    return found.card if found else site.make_keys()


def _register(office: Office, officer: Desk, cards: Sequence[Card]) -> None:
    with office.engine.connect() as db:
        known = {row["sign_public"] for row in packages_keys.in_force(db)}
    for card in cards:
        if card.sign not in known:
            officer.do(packages_keys.register_key, body=card.body, sign_public=card.sign.hex(), age_recipient=card.age)


def _ask(office: Office, sql: str, **values: object) -> list[dict[str, Any]]:
    with office.engine.connect() as db:
        return [dict(row) for row in db.execute(sa.text(sql), values).mappings()]
