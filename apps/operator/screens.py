"""What all screens of one process share: settings, office, verifier; put in place once at the start, asked for by pages and routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.simulated_prints import Owners
    from biometrics.verification import Verifier
    from posko.services.office import Office
    from posko.settings import Settings


@dataclass(frozen=True)
class Screens:
    """One installation as its screens see it; `owners` says whose finger a made-up TKI puts on a reader, None outside the demo."""

    settings: Settings
    office: Office
    verifier: Verifier
    owners: Owners | None = None

    @property
    def is_demo(self) -> bool:
        """Whether synthetic fingers may be offered."""
        return self.settings.environment == "demo" and self.owners is not None


_installed: list[Screens] = []


def install(screens: Screens) -> None:
    """Make these the screens of this process."""
    _installed[:] = [screens]


def current() -> Screens:
    """Return the screens of this process.

    Raises:
        RuntimeError: none were installed.
    """
    if not _installed:
        raise RuntimeError("the screens were started without an office")
    return _installed[0]
