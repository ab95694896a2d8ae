"""A world whose log is sealed as an installation seals it, and changed as its administrator could."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from posko.services.audit_proof import log_key
from posko.services.sealing import Keeper, seal

if TYPE_CHECKING:
    from posko.services.audit_notes import PublicKey
    from tests.support.world import World


def seal_now(world: World) -> PublicKey:
    """Seal what waits and return the public key that lies beside the checkpoint."""
    seal(world.server, Keeper.of(world.settings))
    key = log_key(world.settings.var / "audit")
    assert key is not None
    return key


def tamper(world: World, sql: str, *parameters: object) -> None:
    """Change the log as the administrator of the database could."""
    with (
        closing(world.server.connect(world.server.admin, "posko_audit", autocommit=True)) as raw,
        raw.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)
