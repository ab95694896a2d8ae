"""Commands as a person calls them, in this process, on a small world of the suite's own server."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from apps.cli import acts, context
from apps.cli.main import posko

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import pytest

    from posko.settings import Settings
    from tests.support.world import World


@contextmanager
def reached(
    world: World, monkeypatch: pytest.MonkeyPatch, *readers: ModuleType, settings: Settings | None = None
) -> Iterator[World]:
    """Let commands reach a world; whoever comes to the reader of one of these modules is let in. Closes the world at the end."""
    acts._writer.cache_clear()
    monkeypatch.setattr(context, "settings", lambda: settings or world.settings)
    monkeypatch.setattr(context, "posko", lambda: world.server)
    monkeypatch.setattr(context, "app_engine", lambda: world.office.engine)
    monkeypatch.setattr(context, "app_connection", world.office.engine.connect)

    @contextmanager
    def at_the_reader(_reader: object, _station: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(signed_in=world.desk)

    for module in readers:
        monkeypatch.setattr(module, "finger_desk", at_the_reader)
    yield world
    world.close()
    acts._writer.cache_clear()


def run(*words: object, code: int = 0, **more: Any) -> str:
    """Run one command and return what it printed; what it raised is raised, and it must end with this code."""
    result = CliRunner().invoke(posko, [*map(str, words)], **more)
    if isinstance(result.exception, Exception):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout
