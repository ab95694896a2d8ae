"""Texts of the list of those who have no place yet."""

TEXTS = {
    "unallocated.title": ("Belum teralokasi", "Without a place"),
    "unallocated.about": (
        (
            "Semua TKI yang belum punya tempat uji, dengan alasannya. Daftar yang menunggu harus kosong, atau setiap TKI diberi alasan,"
            " sebelum alokasi dikirim (12.5-12.6). Umur dihitung dari data pertama kali diterima, atau dari saat TKI mulai menunggu."
        ),
        (
            "All TKI without a place, and why. Those who wait must get one, or a reason each, before the allocation is sent"
            " (12.5-12.6). Age counts from the first delivery, or from when she began to wait."
        ),
    ),
    "unallocated.help": (
        (
            "Yang paling lama menunggu berdiri paling atas. Yang belum didaftarkan hanya tampil bila golongannya dipilih."
            " Klik ID TKI untuk membuka datanya. Selama halaman dibolak-balik, jumlahnya paling tua satu menit."
        ),
        (
            "Who has waited longest stands first. Those not registered are listed only when their kind is chosen. Click an ID TKI to"
            " open the record. While pages are turned, the counts are a minute old at most."
        ),
    ),
    "unallocated.none": (
        "Semua TKI sudah punya tempat uji; tidak ada yang ditahan saringan.",
        "All TKI have a place; the filter holds nobody back.",
    ),
    "unallocated.search": ("Cari ID TKI atau nama", "Search ID TKI or name"),
    "unallocated.kind": ("Golongan", "Kind"),
    "unallocated.WAITING": ("Menunggu tempat", "Waiting for a place"),
    "unallocated.UNPLACED": ("Tanpa usulan", "No proposal"),
    "unallocated.UNREGISTERED": ("Belum didaftarkan", "Not registered"),
    "unallocated.UNREGISTERED_more": ("Belum didaftarkan (atau lebih)", "Not registered (or more)"),
    "unallocated.SENT_TO_KONSORSIUM": ("Belum didaftarkan", "Not registered"),
    "unallocated.HELD_BACK": ("Ditahan saringan", "Held back"),
    "unallocated.why": ("Alasan", "Reason"),
    "unallocated.NO_RULE": ("Belum ada aturan TUK bagi BLKLN", "No rule for the BLKLN"),
    "unallocated.NO_LICENSED_TUK": ("Tidak ada TUK berizin", "No licensed TUK"),
    "unallocated.ALL_TIED": ("Semua TUK terkait kepemilikan", "All TUK tied by ownership"),
    "unallocated.FULL_UNTIL_HORIZON": ("Semua TUK penuh", "All TUK full"),
    "unallocated.REGISTERED": ("Terdaftar", "Registered"),
    "unallocated.ABSENT": ("Tidak hadir", "Absent"),
    "unallocated.TURNED_AWAY_NO_MATCH": ("Ditolak: sidik jari tidak cocok", "Turned away: no match"),
    "unallocated.TURNED_AWAY_NOT_REGISTERED": ("Ditolak: tidak terdaftar", "Turned away: not registered"),
    "unallocated.proposed": (
        "{state}; usulan {day} di {tuk} belum diterima",
        "{state}; proposed {day} at {tuk}, not accepted",
    ),
    "unallocated.blkln": ("BLKLN", "BLKLN"),
    "unallocated.age": ("Lama menunggu", "Waiting"),
    "unallocated.least": ("{days} hari atau lebih", "{days} days or more"),
    "unallocated.tki_id": ("ID TKI", "ID TKI"),
    "unallocated.full_name": ("Nama", "Name"),
    "unallocated.since": ("Sejak", "Since"),
    "unallocated.days": ("Hari", "Days"),
}
