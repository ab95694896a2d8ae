"""Fixtures of the audit tests; a test module asks for them with `pytest_plugins`."""

from __future__ import annotations

import pytest

from tests.support.audit import empty


@pytest.fixture
def audit_db(posko):
    """POSKO's server with an empty log."""
    empty(posko)
    return posko


@pytest.fixture
def app_engine(audit_db):
    """Engine of the operational account."""
    engine = audit_db.engine("posko_app", "posko")
    yield engine
    engine.dispose()
