"""Texts of what proves a step."""

TEXTS = {
    "step_proofs.proven": ("Terbukti", "Proven"),
    "step_proofs.pending": ("Menunggu segel", "Waits for its seal"),
    "step_proofs.broken": ("TIDAK terbukti", "NOT proven"),
    "step_proofs.finger": ("Sidik jari {person}", "Finger of {person}"),
    "step_proofs.match": ("cocok", "match"),
    "step_proofs.no_match": ("tidak cocok", "no match"),
    "step_proofs.score": ("skor {score}, batas {threshold}", "score {score}, threshold {threshold}"),
    "step_proofs.quality": ("mutu {quality}", "quality {quality}"),
    "step_proofs.reader": ("pembaca {serial} ({kind}) di {station}", "reader {serial} ({kind}) at {station}"),
    "step_proofs.taken": ("diambil {at}", "taken {at}"),
    "step_proofs.sample": ("SHA-256 sampel {digest}", "SHA-256 of the sample {digest}"),
    "step_proofs.logged": ("sama dengan log", "as in the log"),
    "step_proofs.not_logged": ("LAIN dari log", "NOT as in the log"),
}
