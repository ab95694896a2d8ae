"""Parameters of the acts and their defaults (requirements section 9.2). Those of the filter stand in dbt's seeds.

No figure of BNSP was found for most of them; `source` says where a default comes from, and BNSP sets its own with two persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Parameter:
    """Default, unit, and where it comes from."""

    value: int
    unit: str
    source: str


DEFAULTS: Mapping[str, Parameter] = {
    "proof_minutes": Parameter(5, "menit", "perkiraan: bukti sidik jari berlaku sebentar (R-128)"),
    "attendance_tries": Parameter(3, "kali", "DV-I07"),
    "asesor_per_day": Parameter(20, "TKI", "praktik TESDA, 20 sehari (DV-A07)"),
    "retake_days": Parameter(0, "hari", "tidak ditemukan aturan BNSP (R-183)"),
    "attempts_most": Parameter(0, "kali; 0 tanpa batas", "tidak ditemukan aturan BNSP (R-183, DV-N08)"),
    "payment_gate": Parameter(0, "0 mati, 1 nyala", "belum ditetapkan (R-096, DV-A13)"),
    "certificate_years": Parameter(3, "tahun", "praktik LSP; belum ditetapkan bagi TLRT (R-186)"),
    "balance_max_to_mean_percent": Parameter(300, "persen", "toleransi beban, perkiraan (DV-A12)"),
    "balance_least_mean": Parameter(
        5, "TKI rata-rata", "perkiraan: di bawahnya tiga kali rata-rata sering hanya kebetulan (DV-A12)"
    ),
    "acknowledge_days": Parameter(7, "hari", "perkiraan (R-169)"),
    "appeal_days": Parameter(30, "hari", "ISO/IEC 17024 9.8 tanpa angka; perkiraan (R-189)"),
    "complaint_days": Parameter(30, "hari", "ISO/IEC 17024 9.9 tanpa angka; perkiraan (R-189)"),
    "case_days_B": Parameter(3, "hari", "perkiraan (requirements 7.9)"),
    "case_days_H": Parameter(7, "hari", "perkiraan (requirements 7.9)"),
    "case_days_W": Parameter(30, "hari", "perkiraan (requirements 7.9)"),
    "rule_review_least": Parameter(
        20, "penyimpangan diputus", "perkiraan: sebelumnya ambang aturan belum ditinjau (5.2)"
    ),
    "rule_review_percent": Parameter(50, "persen tidak terbukti", "perkiraan: di atasnya ambang aturan ditinjau (5.2)"),
    "case_days_I": Parameter(90, "hari", "perkiraan (requirements 7.9)"),
    "comparison_least_tki": Parameter(20, "TKI", "perkiraan: di bawahnya tingkat kelulusan tidak dibandingkan (R-162)"),
    "scorecard_days": Parameter(90, "hari", "perkiraan: masa kartu nilai sampai dengan hari rapat (14.2, R-162)"),
    "verification_window_minutes": Parameter(15, "menit", "perkiraan; mulai dari pukul 00.00 UTC (R-166, DV-C04)"),
    "verification_tries_number": Parameter(
        5, "kali salah per nomor sertifikat", "perkiraan: kode hanya 24 bit (R-166, DV-C04)"
    ),
    "verification_tries_source": Parameter(20, "kali salah per tempat asal", "perkiraan (R-166, DV-C04)"),
    "login_failures": Parameter(5, "kali", "facts: 5 gagal dalam 15 menit (R-049)"),
    "login_window_minutes": Parameter(15, "menit", "facts (R-049)"),
    "login_lock_minutes": Parameter(15, "menit", "facts (R-049)"),
    "session_idle_minutes": Parameter(15, "menit", "facts (R-049)"),
    "session_hours": Parameter(8, "jam", "facts (R-049)"),
    "tuk_silent_minutes": Parameter(
        30, "menit", "perkiraan: sesi berjalan tanpa catatan selama ini disebut diam (R-003, DV-S08)"
    ),
    "station_silent_minutes": Parameter(5, "menit", "perkiraan: stasiun bertanya setiap beberapa detik (R-003, R-105)"),
    "surveillance_visits": Parameter(10, "kunjungan seminggu", "perkiraan: tim kunjungan BNSP (R-190)"),
    "surveillance_days": Parameter(90, "hari", "perkiraan: temuan dan kasus selama ini menambah bobot (R-190)"),
    "surveillance_base": Parameter(100, "poin", "perkiraan: bobot setiap sesi, supaya semua berpeluang (R-190)"),
    "surveillance_finding": Parameter(20, "poin tiap penyimpangan", "perkiraan (R-190)"),
    "surveillance_statistic": Parameter(80, "poin tiap temuan statistik", "perkiraan: DV-T01..T07 (R-190)"),
    "surveillance_case": Parameter(60, "poin tiap kasus terbuka", "perkiraan (R-190)"),
    "surveillance_unvisited": Parameter(5, "poin tiap minggu", "perkiraan: sejak kunjungan terakhir ke TUK (R-190)"),
}
"""Name -> default."""
