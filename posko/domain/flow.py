"""The eleven stages of POSKO as data: which of the 30 steps of the Pedoman each does, who acts, where the code is (§11-§14).

The README's table is printed from here, and a test proves that every step is claimed exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = {"12": "Persiapan", "13": "Pelaksanaan", "14": "Evaluasi"}
"""Section of the Pedoman -> the name of its group of steps (§11)."""

STEPS = (
    *(f"12.{number}" for number in range(1, 12)),
    *(f"13.{number}" for number in range(1, 15)),
    *(f"14.{number}" for number in range(1, 6)),
)
"""The 30 numbered steps, in the Pedoman's order."""


@dataclass(frozen=True)
class Stage:
    """One stage: `steps` are its paragraphs, `code` the places that do it."""

    name: str
    steps: tuple[str, ...]
    actor: str
    what: str
    code: str


STAGES = (
    Stage(
        "receive",
        ("12.1", "12.2"),
        "sistem",
        "tarik tabel TKI dari BNP2TKI, ketik, karantina",
        "ingest/",
    ),
    Stage(
        "filter",
        ("12.3", "12.4"),
        "sistem",
        "saring yang berhak mendaftar, dengan alasan",
        "dbt fct_tki_eligible, fct_tki_held_back, fct_tki_finding; checks/received.py; posko/services/intake.py",
    ),
    Stage(
        "allocate",
        ("12.5", "12.6"),
        "Konsorsium",
        "usulkan TUK, LSP, dan tanggal bagi tiap TKI",
        "dbt fct_tuk_proposal, fct_tki_unplaced; posko/services/registration.py, scheduling.py, allocation.py",
    ),
    Stage(
        "reconcile",
        ("12.7", "12.8"),
        "BNSP",
        "periksa keseimbangan: tak seorang pun hilang atau ganda",
        "dbt fct_handoff_ledger, fct_allocation_balance; checks/allocation.py; posko/services/distribution.py",
    ),
    Stage(
        "distribute",
        ("12.9", "12.10", "12.11"),
        "sistem",
        "pilah per LSP dan TUK, kirim, akui",
        "posko/services/distribution.py; exports/package.py",
    ),
    Stage(
        "attend",
        ("13.1", "13.2", "13.3", "13.4", "13.5", "13.6"),
        "TUK",
        "absensi peserta dan asesor dengan sidik jari",
        "posko/services/exam_session.py, attendance.py, asesor_check.py",
    ),
    Stage(
        "assess",
        ("13.7", "13.8"),
        "Asesor",
        "nilai per unit setelah sidik jari asesor",
        "posko/services/assessment.py, results.py",
    ),
    Stage("decide", ("13.9", "13.10"), "LSP", "tetapkan kelulusan dengan SK", "posko/services/decision.py"),
    Stage(
        "certify",
        ("13.11", "13.12", "13.13", "13.14"),
        "sistem",
        "nomor sertifikat dan secure code, cetak",
        "posko/services/certification.py, printing.py; exports/certificate.py",
    ),
    Stage(
        "publish",
        ("14.2", "14.1"),
        "BNSP + LSP",
        "nilai penyimpangan, rapat evaluasi, lalu penayangan",
        "dbt fct_deviation_*, fct_evaluation_*; checks/deviations/; posko/services/findings.py, evaluation.py, publication.py;"
        " checks/results.py; exports/site.py",
    ),
    Stage(
        "return",
        ("14.3", "14.4", "14.5"),
        "sistem",
        "kembalikan hasil ke BNP2TKI, baca balik, tutup",
        "posko/services/returns.py; checks/returned.py; exports/return_table.py",
    ),
)
"""The stages in order. Publication follows the evaluation meeting although the Pedoman numbers it first (decision X1)."""


def flow_markdown() -> str:
    """Return the flow table of the README."""
    lines = ["| tahap | langkah | siapa | apa | kode |", "|---|---|---|---|---|"]
    lines += [
        f"| {stage.name} | {_span(stage.steps)} | {stage.actor} | {stage.what} | {stage.code} |" for stage in STAGES
    ]
    return "\n".join(lines)


def _span(steps: tuple[str, ...]) -> str:
    return ", ".join(f"§{step}" for step in steps) if len(steps) < 3 else f"§{steps[0]}-{steps[-1]}"
