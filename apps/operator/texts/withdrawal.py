"""Texts of what was sent to BNSP before, and of its withdrawal."""

TEXTS = {
    "withdrawal.title": ("Kiriman sebelumnya", "Sent before"),
    "withdrawal.none": ("Belum ada kiriman ke BNSP.", "Nothing was sent to BNSP yet."),
    "withdrawal.batch": ("No. kiriman", "Batch"),
    "withdrawal.sent_at": ("Dikirim (WIB)", "Sent (WIB)"),
    "withdrawal.rows": ("TKI", "TKI"),
    "withdrawal.state": ("Keadaan", "State"),
    "withdrawal.checked_at": ("Diperiksa (WIB)", "Checked (WIB)"),
    "withdrawal.findings": ("Temuan", "Findings"),
    "withdrawal.SENT": ("menunggu pemeriksaan", "waiting for the check"),
    "withdrawal.INCOMPLETE": ("tidak seimbang", "not balanced"),
    "withdrawal.COMPLETE": ("seimbang", "balanced"),
    "withdrawal.RELEASED": ("diteruskan", "forwarded"),
    "withdrawal.WITHDRAWN": ("ditarik kembali", "withdrawn"),
    "withdrawal.choose": ("Kiriman yang ditarik kembali", "Batch to withdraw"),
    "withdrawal.help": (
        "{count} TKI kembali ke keadaan dialokasikan. Betulkan temuannya, lalu kirim lagi.",
        "{count} TKI are allocated again. Mend what was found, then send again.",
    ),
    "withdrawal.reason": ("Alasan penarikan", "Reason of the withdrawal"),
    "withdrawal.withdraw": ("Tarik kembali", "Withdraw"),
    "withdrawal.done": (
        "Kiriman nomor {number} ditarik kembali: {count} TKI dapat dikirim lagi.",
        "Batch {number} was withdrawn: {count} TKI may be sent again.",
    ),
    "withdrawal.was": (
        "Kiriman {number} ditarik kembali {at} WIB oleh {who}: {reason}",
        "Batch {number} was withdrawn {at} WIB by {who}: {reason}",
    ),
}
