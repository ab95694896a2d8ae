"""Texts of the balance."""

TEXTS = {
    "balance.title": ("Keseimbangan", "Balance"),
    "balance.about": (
        (
            "Pilih kiriman Konsorsium dan periksa keseimbangannya: tak seorang pun boleh hilang atau ganda. Yang lengkap "
            "dipilah dan diteruskan ke LSP dan TUK."
        ),
        (
            "Choose a batch of the Konsorsium and check its balance: nobody may be missing or double. A complete one is "
            "split and goes to LSP and TUK."
        ),
    ),
    "balance.none": ("Belum ada kiriman dari Konsorsium.", "Nothing came from the Konsorsium yet."),
    "balance.batch": ("No. kiriman", "Batch"),
    "balance.sent_at": ("Dikirim (WIB)", "Sent (WIB)"),
    "balance.rows": ("TKI", "TKI"),
    "balance.since": ("Dikirim sejak", "Sent since"),
    "balance.until": ("Dikirim sampai", "Sent until"),
    "balance.rest": ("Sisa beralasan", "Rest, justified"),
    "balance.state": ("Keadaan", "State"),
    "balance.load": ("Beban tertinggi : rata-rata", "Highest load : mean"),
    "balance.packages": ("Paket diakui", "Packages acknowledged"),
    "balance.released_at": ("Diteruskan (WIB)", "Forwarded (WIB)"),
    "balance.SENT": ("belum diperiksa", "not checked"),
    "balance.INCOMPLETE": ("tidak lengkap", "incomplete"),
    "balance.COMPLETE": ("lengkap, belum diteruskan", "complete, not forwarded"),
    "balance.RELEASED": ("diteruskan", "forwarded"),
    "balance.WITHDRAWN": ("Ditarik kembali", "withdrawn"),
    "balance.withdrawn": (
        "Konsorsium menarik kembali kiriman ini {at} WIB: {reason}",
        "The Konsorsium withdrew this batch {at} WIB: {reason}",
    ),
    "balance.refusal": ("Alasan penolakan", "Reason of the refusal"),
    "balance.refused": ("ditolak", "refused"),
    "balance.choose": ("Kiriman yang dikerjakan", "Batch to work on"),
    "balance.check": ("Periksa keseimbangan", "Check the balance"),
    "balance.complete": (
        "Kiriman lengkap: tak seorang pun hilang atau ganda. Dapat diteruskan.",
        "The batch is complete: nobody is missing or double. It may be forwarded.",
    ),
    "balance.incomplete": (
        "Kiriman tidak lengkap; temuannya di bawah. Konsorsium harus memperbaikinya.",
        "The batch is not complete; see the findings. The Konsorsium has to mend it.",
    ),
    "balance.clean": ("Pemeriksaan tanpa temuan.", "The check found nothing."),
    "balance.release": ("Pilah dan teruskan", "Split and forward"),
    "balance.release_help": (
        "{rows} TKI dipilah menjadi satu paket bagi setiap LSP dan setiap TUK, lalu dikirim.",
        "{rows} TKI are split into one package for each LSP and each TUK, and sent.",
    ),
    "balance.released": ("{count} paket dikirim ke LSP dan TUK.", "{count} packages went to LSP and TUK."),
    "balance.read_only": ("Peran Anda hanya membaca halaman ini.", "Your role only reads this page."),
    "balance.kind": ("Penerima", "Receiver"),
    "balance.receiver": ("Kode", "Code"),
    "balance.acknowledged": ("Diakui (WIB)", "Acknowledged (WIB)"),
    "balance.not_acknowledged": ("belum diakui", "not acknowledged"),
    "balance.no_packages": ("Tidak ada paket.", "There are no packages."),
}
