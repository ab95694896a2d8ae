"""The marts of the evaluation filled from a world's operational rows by dbt itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.pipeline.dbt import run_dbt
from tests.support.decided import decided

if TYPE_CHECKING:
    from tests.support.world import World

PLACES = (("LSP-1", "TUK-1", "MET.1"), ("LSP-1", "TUK-2", "MET.2"), ("LSP-2", "TUK-3", "MET.3"))
"""LSP, TUK and assessor in turn."""


def make_results(world: World, count: int) -> list[int]:
    """Let every LSP decide, a quarter of them not yet competent, and return the journeys; the first TKI is 9000001."""
    return [
        decided(
            world,
            str(9_000_001 + number),
            result="BK" if number % 4 == 0 else "K",
            **dict(zip(("lsp", "tuk", "met"), PLACES[number % 3], strict=True)),
        )
        for number in range(count)
    ]


def build_marts(world: World) -> None:
    """Let dbt make its whole schema, in place of the tables that the world made for the acts."""
    world.write("drop database posko_model")
    world.write("create database posko_model character set utf8mb4 collate utf8mb4_bin")
    run_dbt(world.settings, world.server, "build")
