"""Texts of the packages that an LSP or TUK takes over or refuses."""

TEXTS = {
    "packages.title": ("Terima paket", "Packages received"),
    "packages.about": (
        (
            "Paket peserta dari BNSP. Periksa jumlah dan sidik datanya, lalu terima; peserta baru dapat diuji setelah LSP dan TUK"
            " menerima paketnya. Bila isinya salah, tolak dengan alasan: BNSP melihatnya dalam daftar terbuka."
        ),
        (
            "Packages of candidates from BNSP. Check count and digest, then take over; nobody can be tested before both LSP and TUK did."
            " If the contents are wrong, refuse with a reason: BNSP sees it on its list of open items."
        ),
    ),
    "packages.none": ("Belum ada paket dari BNSP.", "No package came from BNSP yet."),
    "packages.batch": ("No. kiriman", "Batch"),
    "packages.receiver": ("Penerima", "Receiver"),
    "packages.kind": ("Penerima", "Receiver"),
    "packages.code": ("Kode penerima", "Code of the receiver"),
    "packages.sender": ("Pengirim", "Sender"),
    "packages.sent_at": ("Dikirim (WIB)", "Sent (WIB)"),
    "packages.since": ("Dikirim sejak", "Sent from"),
    "packages.rows": ("TKI", "TKI"),
    "packages.state": ("Keadaan", "State"),
    "packages.OPEN": ("belum diterima", "not taken over"),
    "packages.REFUSED": ("ditolak", "refused"),
    "packages.TAKEN_OVER": ("diterima", "taken over"),
    "packages.taken_at": ("Diterima (WIB)", "Taken over (WIB)"),
    "packages.choose": ("Paket yang dibuka", "Package to open"),
    "packages.one": ("Paket nomor {number}", "Package {number}"),
    "packages.count_sent": ("TKI dikirim", "TKI sent"),
    "packages.count_arrived": ("TKI tiba", "TKI arrived"),
    "packages.hash_sent": ("SHA-256 dikirim", "SHA-256 sent"),
    "packages.hash_arrived": ("SHA-256 tiba", "SHA-256 arrived"),
    "packages.whole": (
        "Yang tiba sama dengan yang dikirim: jumlah dan SHA-256 cocok.",
        "What arrived is what was sent: count and SHA-256 agree.",
    ),
    "packages.not_whole": (
        "Yang tiba tidak sama dengan yang dikirim. Tolak paket ini dan hubungi BNSP.",
        "What arrived is not what was sent. Refuse this package and call BNSP.",
    ),
    "packages.exam_on": ("Tanggal uji", "Exam day"),
    "packages.tuk": ("TUK", "TUK"),
    "packages.lsp": ("LSP", "LSP"),
    "packages.met_no": ("Asesor", "Assessor"),
    "packages.no_sessions": ("Tidak ada sesi uji dalam paket ini.", "There are no exam sessions in this package."),
    "packages.take": ("Terima {count} TKI", "Take over {count} TKI"),
    "packages.took": ("Paket nomor {number} diterima: {count} TKI.", "Package {number} was taken over: {count} TKI."),
    "packages.taken": ("Diterima {at} WIB oleh {who}.", "Taken over {at} WIB by {who}."),
    "packages.refuse_title": ("Tolak paket ini", "Refuse this package"),
    "packages.reason": ("Alasan penolakan", "Reason of the refusal"),
    "packages.reason_help": (
        "Sebutkan apa yang salah, tanpa NIK. Paket masih dapat diterima sesudah masalahnya selesai.",
        "Say what is wrong, without a NIK. The package may still be taken over when it is settled.",
    ),
    "packages.refuse": ("Tolak", "Refuse"),
    "packages.refused_now": (
        "Paket nomor {number} ditolak; tidak ada yang dimuat. BNSP melihat alasannya.",
        "Package {number} was refused; nothing was loaded. BNSP sees the reason.",
    ),
    "packages.refused_before": ("Ditolak {at} WIB oleh {who}: {reason}", "Refused {at} WIB by {who}: {reason}"),
    "packages.people": ("Isi paket", "Contents"),
    "packages.tki_id": ("ID TKI", "ID TKI"),
    "packages.full_name": ("Nama", "Name"),
    "packages.tki_state": ("Keadaan TKI", "State of the TKI"),
    "packages.nobody": ("Tidak ada TKI dalam paket ini.", "There is no TKI in this package."),
}
