"""Fixtures of the fault tests: both scenarios, made once."""

from __future__ import annotations

import pytest

from tests.support.scenario import scenarios


@pytest.fixture(scope="session")
def learned(_source, posko, settings):
    """Both scenarios with what an undisturbed run leaves."""
    return scenarios(_source.server, posko, settings)
