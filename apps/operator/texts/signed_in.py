"""Texts of who is signed in where."""

TEXTS = {
    "signed_in.title": ("Sesi masuk", "Who is signed in"),
    "signed_in.about": (
        (
            "Setiap orang punya paling banyak satu sesi yang terbuka; masuk di tempat lain mengakhiri yang lama. Bila Anda melihat sesi"
            " yang bukan milik Anda, akhiri semuanya dan beri tahu BNSP: jari Anda mungkin dipakai orang lain."
        ),
        (
            "Everybody has one open session at most; a sign-in elsewhere ends the older one. If you see a session that was not yours, end"
            " them all and tell BNSP: somebody else may be using your finger."
        ),
    ),
    "signed_in.own": ("Sesi Anda", "Your sessions"),
    "signed_in.none": ("Belum ada sesi.", "There are no sessions."),
    "signed_in.station": ("Stasiun", "Station"),
    "signed_in.opened_at": ("Masuk (WIB)", "Signed in (WIB)"),
    "signed_in.last_seen_at": ("Terakhir terlihat (WIB)", "Last seen (WIB)"),
    "signed_in.ended": ("Keadaan", "State"),
    "signed_in.here": ("Sesi ini", "This session"),
    "signed_in.OPEN": ("Aktif", "Active"),
    "signed_in.IDLE": ("Diam terlalu lama", "Idle too long"),
    "signed_in.EXPIRED": ("Lewat umur", "Too old"),
    "signed_in.end_LOGOUT": ("keluar", "signed out"),
    "signed_in.end_LOGOUT_ALL": ("keluar di semua tempat", "signed out everywhere"),
    "signed_in.end_REPLACED": ("masuk di tempat lain", "signed in elsewhere"),
    "signed_in.end_SUSPENDED": ("dibekukan", "suspended"),
    "signed_in.end_FINGER": ("sidik jari diganti", "finger replaced"),
    "signed_in.end_ENDED_BY_OTHER": ("diakhiri petugas lain", "ended by another"),
    "signed_in.end_OTHER_STATION": ("dibawa ke stasiun lain", "carried to another station"),
    "signed_in.end_EXPIRED": ("lewat umur", "too old"),
    "signed_in.end_IDLE": ("diam terlalu lama", "idle too long"),
    "signed_in.end_own": ("Akhiri semua sesi saya", "End all my sessions"),
    "signed_in.end_own_help": (
        "Mengakhiri sesi ini dan semua sesi Anda yang lain; setelah itu masuk lagi dengan sidik jari.",
        "Ends this session and every other one of yours; then sign in again with your finger.",
    ),
    "signed_in.own_events": ("Yang terakhir dicatat atas nomor Anda", "What was last recorded under your number"),
    "signed_in.at": ("Waktu (WIB)", "Time (WIB)"),
    "signed_in.action": ("Tindakan", "Act"),
    "signed_in.object": ("Pokok", "Object"),
    "signed_in.outcome": ("Hasil", "Outcome"),
    "signed_in.everybody": ("Semua yang masuk", "Everybody who is signed in"),
    "signed_in.search": ("Nomor, nama, atau stasiun", "Number, name or station"),
    "signed_in.role": ("Peran", "Role"),
    "signed_in.state": ("Keadaan", "State"),
    "signed_in.person_id": ("Nomor", "Number"),
    "signed_in.full_name": ("Nama", "Name"),
    "signed_in.nobody": ("Tidak ada yang masuk.", "Nobody is signed in."),
    "signed_in.end_other": ("Akhiri sesi petugas lain", "End another's session"),
    "signed_in.whose": ("Sesi", "Session"),
    "signed_in.reason": ("Alasan", "Reason"),
    "signed_in.end": ("Akhiri", "End"),
    "signed_in.end_other_help": (
        "Petugas itu dapat masuk lagi dengan sidik jarinya. Untuk mencegahnya, bekukan petugas itu.",
        "That person can sign in again with her finger. To prevent that, suspend her.",
    ),
    "signed_in.choose": ("Pilih sesi yang akan diakhiri.", "Choose the session to end."),
    "signed_in.ended_other": ("Sesi {person} diakhiri.", "The session of {person} was ended."),
}
