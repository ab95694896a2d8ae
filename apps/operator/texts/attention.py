"""Texts of the counts of the first page that are not TKI who wait."""

TEXTS = {
    "attention.packages": ("paket menunggu diterima LSP atau TUK", "packages to be taken over"),
    "attention.packages_refused": ("paket ditolak penerimanya", "packages refused by their receiver"),
    "attention.unbalanced": (
        "kiriman tidak seimbang, dapat ditarik kembali",
        "unbalanced batches that may be withdrawn",
    ),
    "attention.lapsed": ("sesi dengan asesor yang tidak berlaku", "sessions whose assessor is not in force"),
    "attention.cases_overdue": ("kasus lewat tenggat", "cases past their day"),
    "attention.duplicates": ("temuan sidik jari ganda belum diputus", "finds of the 1:N search without a verdict"),
    "attention.appeals": ("banding dan aduan belum diputuskan", "appeals and complaints not decided"),
    "attention.stopped": ("penayangan dihentikan", "publication stopped"),
    "attention.held_by_case": ("hasil ditahan kasus", "results held by a case"),
    "attention.returns_different": ("hasil berbeda di BNP2TKI", "results that differ at BNP2TKI"),
    "attention.returns_overdue": ("hasil belum diakui BNP2TKI lewat tenggat", "results not acknowledged in time"),
    "attention.behalf": ("tindakan atas nama pihak lain, 7 hari", "acts on another's behalf, 7 days"),
}
