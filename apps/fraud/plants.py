"""All planters and attempts: each family of rules has a module `plants_<family>` and, for what is prevented, `attempts_<family>`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import apps.fraud
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from apps.fraud.planting import Planter
    from apps.fraud.stage import Attempt


def planters() -> dict[str, Planter]:
    """Return rule -> what plants frauds of its kind in the year."""
    return _joined("plants_", "PLANTERS")


def attempts() -> dict[str, Attempt]:
    """Return rule -> what tries, on the stage, what the rule prevents."""
    return _joined("attempts_", "ATTEMPTS")


def effects() -> dict[str, str]:
    """Return statistical rule -> the size of what its planter plants, in words; modules that plant such have `EFFECTS`."""
    return _joined("plants_", "EFFECTS")


def _joined(prefix: str, name: str) -> dict[str, Any]:
    """Join one dictionary of all modules of a kind.

    Raises:
        ConfigurationError: two modules have the same rule.
    """
    found: dict[str, Any] = {}
    for module in sorted(one.name for one in pkgutil.iter_modules(apps.fraud.__path__) if one.name.startswith(prefix)):
        own: dict[str, Any] = getattr(importlib.import_module(f"apps.fraud.{module}"), name, {})
        if twice := found.keys() & own.keys():
            raise ConfigurationError(f"Aturan {', '.join(sorted(twice))} ada dua kali di {name}.")
        found |= own
    return dict(sorted(found.items()))
