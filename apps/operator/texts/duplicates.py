"""Texts of the finds of the 1:N search."""

TEXTS = {
    "duplicates.title": ("Sidik jari ganda", "Duplicate fingers"),
    "duplicates.about": (
        (
            "Pencarian 1:N menemukan jari yang serupa pada dua identitas. Mesin tidak memutuskan: dua orang membandingkan susunan titiknya"
            " lalu menetapkan putusan. Setiap kali gambarnya dibuka, hal itu dicatat."
        ),
        (
            "The 1:N search found alike fingers under two identities. No machine decides: two persons compare the points and judge."
            " Every look at the drawings is recorded."
        ),
    ),
    "duplicates.none": ("Tidak ada temuan sidik jari ganda.", "There are no finds."),
    "duplicates.choose": ("Buka temuan", "Open a find"),
    "duplicates.number": ("Nomor", "Number"),
    "duplicates.one": ("Identitas satu", "One identity"),
    "duplicates.other": ("Identitas lain", "Other identity"),
    "duplicates.score": ("Skor / ambang", "Score / threshold"),
    "duplicates.fingers": ("Jari", "Fingers"),
    "duplicates.way": ("Lewat", "By way of"),
    "duplicates.origin_INDEX": ("pencarian 1:N", "1:N search"),
    "duplicates.origin_NIK": ("NIK yang sama", "same NIK"),
    "duplicates.origin_NAME": ("nama dan tanggal lahir yang sama", "same name and birthday"),
    "duplicates.found": ("Ditemukan (WIB)", "Found (WIB)"),
    "duplicates.case": ("Kasus", "Case"),
    "duplicates.verdict": ("Putusan", "Verdict"),
    "duplicates.WAITING": ("Menunggu putusan", "Waits for a verdict"),
    "duplicates.SAME": ("Orang yang sama", "The same person"),
    "duplicates.DIFFERENT": ("Orang yang berbeda", "Different persons"),
    "duplicates.UNSURE": ("Belum pasti", "Not sure"),
    "duplicates.kind": ("Jenis temuan", "Kind"),
    "duplicates.TWO_TKI": ("Dua TKI", "Two TKI"),
    "duplicates.WITH_STAFF": ("TKI dan petugas", "TKI and staff"),
    "duplicates.TWO_STAFF": ("Dua petugas", "Two of the staff"),
    "duplicates.search": ("ID TKI atau nomor petugas", "ID TKI or staff number"),
    "duplicates.heading": ("Temuan {number}", "Find {number}"),
    "duplicates.to_case": ("Buka kasus {number}", "Open case {number}"),
    "duplicates.read_only": (
        "Putusan diberikan dua orang dari BNSP dan Super Administrator.",
        "The verdict is given by two persons of BNSP and Super Administrator.",
    ),
    "duplicates.judge": ("Putusan dua orang", "Verdict of two persons"),
    "duplicates.judge_help": (
        "Putuskan orang yang sama hanya bila susunan titiknya sendiri meyakinkan. Bila ragu, pilih belum pasti dan rekam ulang jarinya.",
        "Say the same person only if the points themselves convince. In doubt choose not sure and have both fingers captured again.",
    ),
    "duplicates.reason": ("Alasan", "Reason"),
    "duplicates.lay_down": ("Ajukan kepada orang kedua", "Lay down for the second person"),
    "duplicates.judged": ("Temuan {number} diputus: {verdict}.", "Find {number} was judged: {verdict}."),
    "duplicates.by": ("Diputus", "Judged"),
    "duplicates.broken": (
        "Gambar kedua jari tidak dapat dibuat. Hubungi BNSP; tidak ada yang diputus.",
        "The drawings could not be made. Contact BNSP; nothing was decided.",
    ),
}
