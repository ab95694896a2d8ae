"""Texts of the calendar of TUK capacity."""

MONTHS = (
    ("Januari", "January"), ("Februari", "February"), ("Maret", "March"), ("April", "April"), ("Mei", "May"), ("Juni", "June"),
    ("Juli", "July"), ("Agustus", "August"), ("September", "September"), ("Oktober", "October"), ("November", "November"),
    ("Desember", "December"),
)  # fmt: skip

TEXTS = {
    "capacity.title": ("Kapasitas TUK", "TUK capacity"),
    "capacity.about": (
        (
            "Satu baris untuk satu TUK, satu kolom untuk satu hari. Angka di kotak ialah kursi yang masih kosong; klik untuk melihat sesi"
            " ujinya. Hari tutup, izin yang habis, dan pembekuan tidak punya kursi. Beban di atas norma: lebih banyak peserta daripada"
            " kursi, atau bagian TUK dalam sebulan melebihi batas pemeriksaan keseimbangan (12.8)."
        ),
        (
            "One line a TUK, one column a day. The figure is the seats that are free; click it for the sessions. Closed days, expired"
            " licences and suspensions have no seats. Above the norm: more candidates than seats, or a share of the month above what"
            " the balance check accepts (12.8)."
        ),
    ),
    "capacity.month": ("Bulan", "Month"),
    "capacity.search": ("Cari TUK atau kota", "Search TUK or city"),
    "capacity.lsp": ("LSP", "LSP"),
    "capacity.none": ("Tidak ada TUK yang berizin pada bulan ini.", "No TUK is licensed in this month."),
    "capacity.tuk_code": ("TUK", "TUK"),
    "capacity.tuk_name": ("Nama", "Name"),
    "capacity.city": ("Kota", "City"),
    "capacity.per_day": ("Kursi sehari", "Seats a day"),
    "capacity.seats": ("Kursi", "Seats"),
    "capacity.placed": ("Terisi", "Placed"),
    "capacity.left": ("Sisa", "Left"),
    "capacity.load": ("Beban", "Load"),
    "capacity.taken": ("{placed}/{seats} terisi", "{placed}/{seats} placed"),
    "capacity.over": ("di atas norma", "above the norm"),
    "capacity.uneven": ("tidak merata", "uneven"),
    "capacity.is_free": ("kosong", "empty"),
    "capacity.is_some": ("sebagian terisi", "partly filled"),
    "capacity.is_full": ("penuh", "full"),
    "capacity.is_over": ("di atas norma (+ kelebihan)", "above the norm (+ excess)"),
    "capacity.is_closed": ("tutup", "closed"),
    "capacity.day": (
        "{tuk}, {day}: {seats} kursi, {placed} terisi, {left} sisa",
        "{tuk}, {day}: {seats} seats, {placed} placed, {left} left",
    ),
    "capacity.shut": (
        "{tuk}, {day}: tutup ({why}); {seats} kursi, {placed} terisi, {left} sisa",
        "{tuk}, {day}: closed ({why}); {seats} seats, {placed} placed, {left} left",
    ),
    "capacity.day_of": ("Sesi {tuk} pada {day}", "Sessions of {tuk} on {day}"),
    "capacity.close": ("Tutup", "Close"),
    "capacity.session": ("Sesi", "Session"),
    "capacity.slot": ("Giliran", "Slot"),
    "capacity.scheme": ("Skema", "Scheme"),
    "capacity.asesor": ("Asesor", "Assessor"),
    "capacity.asesor_load": ("Beban asesor", "Assessor's load"),
    "capacity.unsent": ("Belum dikirim", "Not sent"),
    "capacity.state": ("Keadaan", "State"),
    "capacity.no_sessions": ("Belum ada sesi uji pada hari itu.", "There is no session on that day."),
    **{f"capacity.month_{number}": both for number, both in enumerate(MONTHS, 1)},
}
