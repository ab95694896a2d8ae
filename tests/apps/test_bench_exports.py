"""`posko bench exports` measures what it says: so many certificates, each of them genuine (§13.12)."""

from __future__ import annotations

import json
import subprocess
import sys

from apps.bench import exports, exports_packages
from posko.settings import PROJECT_ROOT


def test_the_certificates_that_were_measured_verify_and_the_limits_shrink_with_their_number():
    # In a process of its own: memory is that of the whole process, and this one has run other tests.
    asked = [
        sys.executable,
        "-m",
        "apps.cli.main",
        "bench",
        "exports",
        "--certificates",
        "20",
        "--package-rows",
        "500",
        "--results",
        "300",
        "--site",
        "0",
        "--public-seconds",
        "0",
        "--json",
    ]
    result = subprocess.run(asked, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)

    told = json.loads(result.stdout)
    assert (told["certificates"], told["pages_verified_of_last_file"]) == (20, 20)
    assert told["bytes"] > 20_000
    seconds, memory, _, package, *_ = told["lines"]
    assert (seconds["base"], memory["base"]) == (0.24, 400.0)
    assert seconds["measured"] > 0
    assert 20 < memory["measured"] < 400
    assert (told["package_rows"], told["package_rows_verified"], package["base"]) == (500, 500, 0.025)
    assert told["package_bytes"] > 5_000
    (returned,) = [line for line in told["lines"] if "tertulis di BNP2TKI" in line["what"]]
    assert (returned["base"], returned["measured"] > 0) == (0.06, True)


def test_each_certificate_of_the_bench_is_another():
    assert len({exports.a_sheet(place) for place in range(1, 50)}) == 49


def test_each_candidate_in_a_package_of_the_bench_is_another():
    rows = exports_packages.candidates(200)

    assert len({row["tki_id"] for row in rows}) == len({row["full_name"] for row in rows}) == 200
