"""What the log keeps of an auditor's pack: its digest, whatever digits are in it, and nothing else in its place (§5.7; R-025)."""

from __future__ import annotations

import datetime as dt

import pytest

from posko.domain.errors import Refused
from posko.services import audit_pack
from posko.services.audit_pack_rows import Period

pytestmark = pytest.mark.server

PERIOD = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.mark.parametrize("digest", ["1" * 64, f"ab{'0123456789' * 6}cd"])
def test_a_digest_may_hold_as_many_digits_as_a_nik(world, digest):
    told = world.desk("AU1").do(audit_pack.made, period=PERIOD, sha256=digest, counts={"rows": 1})

    assert told["sha256"] == digest
    ((payload,),) = world.ask("select payload from posko_audit.audit_event where action = 'audit.pack_made'")
    assert digest in payload


@pytest.mark.parametrize("digest", ["", "x" * 64, "a" * 63, "3603054105830001", None])
def test_what_is_no_digest_is_refused(world, digest):
    with pytest.raises(Refused):
        world.desk("AU1").do(audit_pack.made, period=PERIOD, sha256=digest, counts={})
