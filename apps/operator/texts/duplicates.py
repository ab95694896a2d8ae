"""Texts of the finds of the 1:N search, and of the page with both fingers, whose Indonesian stands beside what it draws."""

from biometrics.search.side_by_side import WORDS

PAGE = {
    "title": "Duplicate finger find number {number}",
    "remark": (
        "Marked points fall on the same place and direction when both drawings are laid over each other. The score is no"
        " probability: even two different persons reach the threshold at times. Judge SAME only if the pattern of the points"
        " itself convinces you; if in doubt, let both persons enrol again. A picture of a finger was never kept."
    ),
    "score": "Match score",
    "threshold": "{score} (threshold {threshold}, {format})",
    "index_score": "Index score",
    "fingers": "Pairs of fingers that match",
    "together": "Points that fall together",
    "way": "Found by",
    "origin_INDEX": "1:N search",
    "origin_NIK": "the same NIK",
    "origin_NAME": "the same name and birthday",
    "found": "Found at",
    "case": "Case",
    "verdict": "Verdict",
    "verdict_SAME": "the same person",
    "verdict_DIFFERENT": "different persons",
    "verdict_UNSURE": "not sure yet",
    "no_verdict": "none yet",
    "by": "Judged by",
    "by_two": "{one} and {other}, {at}",
    "reason": "Reason",
    "who_TKI": "TKI",
    "who_STAFF": "Staff",
    "name": "Name (masked)",
    "finger": "Finger",
    "no_finger": "not told",
    "finger_0": "any finger",
    "finger_1": "right thumb",
    "finger_2": "right index finger",
    "finger_3": "right middle finger",
    "finger_4": "right ring finger",
    "finger_5": "right little finger",
    "finger_6": "left thumb",
    "finger_7": "left index finger",
    "finger_8": "left middle finger",
    "finger_9": "left ring finger",
    "finger_10": "left little finger",
    "provenance": "Template from",
    "from_BNP2TKI": "BNP2TKI",
    "from_ENROLMENT": "enrolled at POSKO",
    "supervised": "poor quality, supervised",
    "taken": "Taken",
    "place": "Place, reader",
    "quality": "Quality (NFIQ2)",
    "not_measured": "not measured",
    "minutiae": "Minutiae",
    "version": "Version of the template",
    "replaced": "replaced since",
}
"""The words of the page in English."""

TEXTS = {
    **{f"duplicates.page_{name}": (word, PAGE[name]) for name, word in WORDS.items()},
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
