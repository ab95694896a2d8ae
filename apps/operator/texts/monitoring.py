"""Texts of the watch of BNSP."""

TEXTS = {
    "monitoring.title": ("Pantauan", "Monitoring"),
    "monitoring.about": (
        (
            "Sesi hari ini, stasiun yang diam, antrean per tahap, hasil gerbang pemeriksaan, dan kesegaran data. Diam "
            "berarti tidak ada peristiwa yang tercatat selama batas waktunya."
        ),
        (
            "Today's sessions, silent stations, the backlog per stage, the gates and the freshness of the data. Silent "
            "means that nothing was recorded for as long as the limit says."
        ),
    ),
    "monitoring.tab_sessions": ("Sesi", "Sessions"),
    "monitoring.tab_stations": ("Stasiun", "Stations"),
    "monitoring.tab_stages": ("Antrean per tahap", "Backlog per stage"),
    "monitoring.tab_data": ("Gerbang dan data", "Gates and data"),
    "monitoring.day": ("Hari uji lain", "Another day"),
    "monitoring.of_day": ("Hari uji {day}", "Exam day {day}"),
    "monitoring.search": ("TUK, LSP, atau nomor sesi", "TUK, LSP or session"),
    "monitoring.search_station": ("Stasiun atau TUK", "Station or TUK"),
    "monitoring.total": ("sesi", "sessions"),
    "monitoring.under_way": ("sedang berjalan hari itu", "under way that day"),
    "monitoring.silent": ("diam, di halaman ini", "silent, on this page"),
    "monitoring.no_sessions": ("Tidak ada sesi pada hari ini.", "There are no sessions on this day."),
    "monitoring.session": ("No. sesi", "Session"),
    "monitoring.tuk": ("TUK", "TUK"),
    "monitoring.lsp_code": ("LSP", "LSP"),
    "monitoring.state": ("Keadaan", "State"),
    "monitoring.present": ("Hadir", "Present"),
    "monitoring.listed": ("Terdaftar", "Listed"),
    "monitoring.last": ("Peristiwa terakhir (WIB)", "Last event (WIB)"),
    "monitoring.silence": ("Tanda", "Sign"),
    "monitoring.is_silent": ("diam", "silent"),
    "monitoring.answers": ("menjawab", "answers"),
    "monitoring.station": ("Stasiun", "Station"),
    "monitoring.name": ("Nama", "Name"),
    "monitoring.seen": ("Terakhir terlihat (WIB)", "Last seen (WIB)"),
    "monitoring.skew": ("Selisih jam (detik)", "Clock skew (s)"),
    "monitoring.stations_help": (
        "Stasiun yang pernah menjawab, dan yang seharusnya menjawab karena TUK-nya sedang menguji. Diam: melewati batas parameter.",
        "Stations that ever answered, and those that should because their TUK is testing. Silent: longer than the parameter allows.",
    ),
    "monitoring.no_stations": (
        "Belum ada stasiun yang menjawab, dan tidak ada TUK yang sedang menguji.",
        "No station has answered yet, and no TUK is testing.",
    ),
    "monitoring.stage": ("Tahap yang ditunggu", "Stage waited for"),
    "monitoring.waiting": ("TKI menunggu", "TKI waiting"),
    "monitoring.oldest": ("Terlama (hari)", "Longest (days)"),
    "monitoring.done": ("Selesai, 30 hari", "Done, 30 days"),
    "monitoring.lead": ("Rata-rata (jam)", "Mean (hours)"),
    "monitoring.stages_help": (
        (
            "Rata-rata adalah waktu kerja tahap yang selesai dalam 30 hari terakhir, dari awal sampai akhirnya."
            " Angka di sini paling tua satu menit."
        ),
        "The mean is how long a stage's work took that was finished in the last 30 days. Numbers here are a minute old at most.",
    ),
    "monitoring.stage_allocate": (
        "Alokasi: daftar dan jadwal (12.5-12.6)",
        "Allocation: register, schedule (12.5-12.6)",
    ),
    "monitoring.stage_again": ("Jadwal ulang setelah tidak hadir atau ditolak", "Another day after absence or refusal"),
    "monitoring.stage_reconcile": ("Keseimbangan (12.7-12.8)", "Balance (12.7-12.8)"),
    "monitoring.stage_distribute": ("Distribusi ke LSP dan TUK (12.9-12.11)", "Distribution (12.9-12.11)"),
    "monitoring.stage_attend": ("Hari uji (13.1-13.6)", "Exam day (13.1-13.6)"),
    "monitoring.stage_assess": ("Penilaian (13.7)", "Scoring (13.7)"),
    "monitoring.stage_decide": ("Keputusan LSP (13.10)", "Decision of the LSP (13.10)"),
    "monitoring.stage_certify": ("Nomor dan pengiriman hasil (13.11-13.14)", "Number and results (13.11-13.14)"),
    "monitoring.stage_evaluate": ("Rapat evaluasi (14.2)", "Evaluation meeting (14.2)"),
    "monitoring.stage_publish": ("Penayangan (14.1)", "Publication (14.1)"),
    "monitoring.stage_return": ("Pengembalian ke BNP2TKI (14.3-14.5)", "Return to BNP2TKI (14.3-14.5)"),
    "monitoring.gates": ("Gerbang pemeriksaan", "Gates"),
    "monitoring.gate": ("Gerbang", "Gate"),
    "monitoring.gate_received": ("Data yang diterima (12.2)", "Data received (12.2)"),
    "monitoring.gate_allocation": ("Alokasi (12.8)", "Allocation (12.8)"),
    "monitoring.outcome": ("Hasil", "Outcome"),
    "monitoring.checked": ("Diperiksa (WIB)", "Checked (WIB)"),
    "monitoring.not_passed": ("Tidak lulus", "Not passed"),
    "monitoring.passed": ("lulus", "passed"),
    "monitoring.failed": ("tidak lulus", "failed"),
    "monitoring.could_not_run": ("tidak dapat berjalan", "could not run"),
    "monitoring.never": ("belum pernah berjalan", "never ran"),
    "monitoring.why": ("Yang tidak lulus: {gate}", "What did not pass: {gate}"),
    "monitoring.data_docs": ("Halaman pemeriksaan (Data Docs)", "Pages of the gates (Data Docs)"),
    "monitoring.freshness": ("Kesegaran data", "Freshness of the data"),
    "monitoring.table": ("Tabel", "Table"),
    "monitoring.rows": ("Baris", "Rows"),
    "monitoring.fed": ("Data per (WIB)", "Data as of (WIB)"),
}
