"""`posko bench exports` measures what it says: so many certificates, each of them genuine (§13.12)."""

from __future__ import annotations

import json
import subprocess
import sys

from apps.bench import exports
from posko.settings import PROJECT_ROOT


def test_the_certificates_that_were_measured_verify_and_the_limits_shrink_with_their_number():
    # In a process of its own: memory is that of the whole process, and this one has run other tests.
    asked = [sys.executable, "-m", "apps.cli.main", "bench", "exports", "--certificates", "20", "--json"]
    result = subprocess.run(asked, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)

    told = json.loads(result.stdout)
    assert (told["certificates"], told["pages_verified_of_last_file"]) == (20, 20)
    assert told["bytes"] > 20_000
    seconds, memory, _ = told["lines"]
    assert (seconds["base"], memory["base"]) == (0.24, 400.0)
    assert seconds["measured"] > 0
    assert 20 < memory["measured"] < 400


def test_each_certificate_of_the_bench_is_another():
    assert len({exports.a_sheet(place) for place in range(1, 50)}) == 49
