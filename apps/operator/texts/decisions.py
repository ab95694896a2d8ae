"""Texts of the LSP's decision."""

TEXTS = {
    "decisions.title": ("Keputusan kelulusan", "Decision"),
    "decisions.about": (
        (
            "Pilih sesi, terima tabel hasilnya, lalu tetapkan kelulusan dengan nomor SK. Keputusan yang berbeda dari asesor "
            "wajib beralasan."
        ),
        (
            "Choose a session, receive its results, then decide with the number of the decree. A decision that differs from "
            "the asesor's needs a reason."
        ),
    ),
    "decisions.none": (
        "Tidak ada sesi uji yang menunggu keputusan. Hasil muncul di sini sendiri begitu asesor selesai menilai.",
        "No session waits for a decision. Results appear here by themselves once the asesor has scored.",
    ),
    "decisions.search": ("TUK, asesor, atau nomor sesi", "TUK, asesor or session"),
    "decisions.since": ("Diuji sejak", "Tested since"),
    "decisions.until": ("Diuji sampai", "Tested until"),
    "decisions.number": ("Sesi", "Session"),
    "decisions.exam_on": ("Hari uji", "Exam day"),
    "decisions.tuk": ("TUK", "TUK"),
    "decisions.asesor": ("Asesor", "Asesor"),
    "decisions.tki": ("TKI", "TKI"),
    "decisions.state": ("Keadaan", "State"),
    "decisions.to_decide": ("menunggu keputusan", "to be decided"),
    "decisions.not_received": ("belum diterima", "not received"),
    "decisions.session": ("Sesi uji yang menunggu ({count})", "Sessions that wait ({count})"),
    "decisions.named": (
        "{day} · {tuk} · {asesor} · {tki} TKI · sesi {session}",
        "{day} · {tuk} · {asesor} · {tki} TKI · session {session}",
    ),
    "decisions.named_new": (
        "{day} · {tuk} · {asesor} · {tki} TKI · sesi {session} · baru masuk",
        "{day} · {tuk} · {asesor} · {tki} TKI · session {session} · new",
    ),
    "decisions.to_receive": (
        "Tabel hasil {count} TKI sudah dikirim TUK dan belum diterima LSP. Terima dahulu, lalu tetapkan.",
        "The results of {count} TKI were sent and not yet received. Receive them first, then decide.",
    ),
    "decisions.receive": ("Terima tabel hasil", "Receive the results"),
    "decisions.received": (
        "{count} hasil diterima dan sama dengan yang dikirim (sidik data {sha256}).",
        "{count} results received, equal to what was sent (hash {sha256}).",
    ),
    "decisions.receipt": ("{count} hasil diterima · sidik data {sha256}", "{count} results received · hash {sha256}"),
    "decisions.tki_id": ("ID TKI", "ID TKI"),
    "decisions.full_name": ("Nama", "Name"),
    "decisions.units": ("Unit", "Units"),
    "decisions.asesor_result": ("Hasil asesor", "Asesor's result"),
    "decisions.result": ("Keputusan LSP", "LSP's decision"),
    "decisions.reason": ("Alasan bila berbeda", "Reason if different"),
    "decisions.passed": ("Kompeten (K)", "Competent (K)"),
    "decisions.failed": ("Belum Kompeten (BK)", "Not yet competent (BK)"),
    "decisions.deviating": ("berbeda dari asesor", "differ from the asesor"),
    "decisions.reason_missing": (
        "Keputusan yang berbeda dari asesor wajib beralasan: {first}",
        "A decision that differs from the asesor's needs a reason: {first}",
    ),
    "decisions.sk_no": ("Nomor SK", "SK number"),
    "decisions.sk_example": ("SK/LSP/2012/001", "SK/LSP/2012/001"),
    "decisions.decide": ("Tetapkan", "Decide"),
    "decisions.decided": (
        "{decided} TKI diputuskan: {passed} bersertifikat{span}, {failed} belum kompeten. Hasil terkirim ke BNSP, nomor {batch}.",
        "{decided} TKI decided: {passed} certified{span}, {failed} not yet competent. Results went to BNSP, number {batch}.",
    ),
}
