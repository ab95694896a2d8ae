"""`posko bench core` measures what it says, on a real server and a small size."""

from __future__ import annotations

import pytest

from apps.bench import core
from apps.bench.core_acts import certify, decide
from apps.bench.core_usual import ACTS as ACTS_MEASURED
from apps.bench.installation import throw_away
from posko.services.office import ACTS
from posko.settings import Settings

pytestmark = pytest.mark.server


def test_core_is_measured_without_gap_or_double():
    with throw_away(Settings(_env_file=None)) as installation:
        report = core.measure(installation, certificates=500, writers=4, used_codes=20_000)

    lines = {line.what: line for line in report.lines}
    assert len(lines) == 15
    for words in ("keputusan, nomor, dan kode", "tindakan decide seutuhnya"):
        assert all(lines[f"{words}: {what}"].holds for what in ("nomor terakhir (celah)", "nomor berbeda (ganda)"))
        assert lines[f"{words}: kode berbeda (ganda)"].holds
        assert lines[f"{words}, per detik"].measured > 0
    for name in ("tindakan decide", *ACTS_MEASURED):
        line = lines[f"{name} dengan log, per detik"]
        assert (line.at_least, len(line.samples), len(line.base_samples)) == (0.7, 3, 3)
        assert line.measured > 0
    assert lines["tempat terisi oleh 320 permintaan"].holds
    assert lines["kode terpakai dari seluruh ruang"].measured == pytest.approx(0.12, abs=0.02)


def test_the_measured_acts_stand_in_no_list_of_acts():
    assert not {certify.meta.name, decide.meta.name} & ACTS.keys()
