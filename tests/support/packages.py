"""Packages for tests: keys of every body, sites without a database, and BNSP's installation in a small world."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from apps.packages import Packages
from exports.package import Sealed, write
from exports.package_box import Box
from exports.package_keys import Card, Keys, make_keys
from exports.package_manifest import Manifest
from exports.package_site import Site
from exports.package_tables import Schema
from posko.services import allocation, distribution, packages_keys
from tests.support.preparation import place, registered
from tests.support.world import World

AT = dt.datetime.fromisoformat("2026-03-09T03:00")
TABLE = pa.table({"tki_id": ["9264729", "9811262"], "full_name": ["SITI", None], "born_on": [dt.date(1983, 5, 1)] * 2})
SCHEMAS = {"people": Schema("people", 2, {"people": TABLE.schema}, {})}


def manifest(**other: Any) -> Manifest:
    """The first package from BNSP to LSP-1, or another."""
    usual = {"schema": "people", "schema_version": 2, "sender": "BNSP", "recipient": "LSP:LSP-1", "sequence": 1}
    chain = {"previous_sha256": "", "created_at": "2026-03-02T01:00:00Z", "facts": {"batch_id": 17}}
    return Manifest(**{**usual, **chain, **other})


def sealed(bnsp: Keys, lsp: Keys, content: dict[str, pa.Table] | None = None, **other: Any) -> Sealed:
    """A package of `TABLE` or other content."""
    content = {"people": TABLE} if content is None else content
    return write(content, manifest(**other), recipient=lsp.card.age, signer=bnsp.signer)


@dataclass
class Bodies:
    """BNSP with its database, and the sites of others, each with keys; the cards are exchanged as far as a test says."""

    world: World
    folder: Path

    @property
    def bnsp(self) -> Packages:
        """Packages of BNSP."""
        return Packages(self.world.office, self.folder / "secrets", Box(self.folder / "packages"))

    def begin(self, *bodies: str) -> dict[str, Site]:
        """Make keys of BNSP and these bodies, register all of them, and let the bodies trust BNSP; return their sites."""
        own = make_keys(self.folder / "secrets", "BNSP").card
        self.register(own)
        sites = {}
        for body in bodies:
            site = Site(self.folder / body.replace(":", "-"), body)
            self.register(site.make_keys())
            site.trust(own)
            sites[body] = site
        return sites

    def register(self, card: Card) -> None:
        """Register a card by the office."""
        self.world.desk("BN1").do(
            packages_keys.register_key, body=card.body, sign_public=card.sign.hex(), age_recipient=card.age
        )


def sent_back(world: World) -> int:
    """Two TKI at TUK-1 and one at TUK-2, all of LSP-1, sent back to BNSP; return the batch."""
    first, second, third = registered(world, "100", "101", "102")
    place(world, first)
    place(world, second)
    place(world, third, tuk_code="TUK-2", met_no="MET.2", reason="uji")
    return int(world.desk("KO1").do(allocation.send_allocation)["batch_id"])


def split(world: World) -> dict[str, int]:
    """The three packages of that allocation: receiver -> batch."""
    made = world.desk(None).do(distribution.forward, batch_id=sent_back(world))["batches"]
    return {f"{part['receiver_kind']}:{part['receiver_code']}": part["batch_id"] for part in made}
