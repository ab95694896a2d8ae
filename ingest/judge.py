"""Which landed rows go into quarantine: the typing rules, set-based (R-085, X10).

One pass over the landing table names the few rows that may break a rule; only those are looked at closely.

Reasons are codes; `REASONS` gives each its sentence. A row may have several. What only breaks a rule of the Pedoman
(training too short, NIK "00" ...) is typed all the same: that is judged by the filter stage, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.landing import LANDING
from posko.db.staging_columns import DATE_COLUMNS, KEY_COLUMN, TEXT_COLUMNS

if TYPE_CHECKING:
    from datetime import date

REASONS = {
    "KEY_BLANK": "ID TKI kosong",
    "KEY_DUPLICATE": "ID TKI muncul lebih dari sekali",
    "KEY_WHITESPACE": "ID TKI diawali atau diakhiri spasi, tab atau baris baru",
    "KEY_EXPONENT": "ID TKI berbentuk eksponen (rusak oleh lembar sebar)",
    "NUMBER_EXPONENT": "nomor berbentuk eksponen (rusak oleh lembar sebar)",
    "DATE_NOT_MDY": "tanggal tidak sesuai format yang disepakati atau tidak ada di kalender",
    "DATE_BEFORE_1900": "tanggal sebelum tahun 1900",
    "DATE_IN_FUTURE": "tanggal lahir setelah hari penerimaan, atau tanggal lain lebih dari setahun sesudahnya",
    "CONTROL_CHARACTER": "teks memuat karakter kendali",
    "NOT_UTF8": "teks bukan UTF-8 yang sah",
    "TOO_LONG": "teks lebih panjang daripada kolomnya",
    "UPDATED_AT_INVALID": "updated_at bukan waktu yang sah",
}
"""Reason code -> what it means, in Indonesian."""

NUMBERS = ("no_ktp", "no_telepon", "no_sertifikasi_kompetensi", "no_sertifikasi_blkln")
EXPONENT = "^[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$"
SUSPECTS_AT_MOST = 50_000
"""So many keys the client holds; if more rows are suspect (dates of another order, say) it names none of them."""
KEYS_A_STEP = 1000
OTHER_DATES_MAY_LEAD_DAYS = 366
"""A training date may lie ahead a little and is then held back by DV-E01/E02; beyond this it is a typing error."""


def suspects(cursor: Any, *, today: date) -> list[str] | None:
    """Return the keys of the landed rows that may have to go into quarantine; None when they are too many to name."""
    cursor.execute(
        f"select {KEY_COLUMN} from {LANDING} where {_suspect_sql()} limit {SUSPECTS_AT_MOST + 1}", _values(today)
    )
    keys = [key for (key,) in cursor.fetchall()]
    return keys if len(keys) <= SUSPECTS_AT_MOST else None


def quarantine_landed(cursor: Any, *, batch_id: int, today: date, among: list[str] | None) -> int:
    """Move the landed rows that cannot be typed into quarantine, and return how many; in one transaction of the caller.

    Args:
        cursor: of the transaction.
        batch_id: the batch whose rows are in the landing table.
        today: the day that the rules take for today.
        among: the keys that `suspects` named; None: look at all rows.
    """
    values = {"batch": batch_id, "exponent": EXPONENT, **_values(today)}
    if among is None:
        _quarantine_where(cursor, _suspect_sql(), values)
    else:
        for start in range(0, len(among), KEYS_A_STEP):
            some = {"keys": among[start : start + KEYS_A_STEP]}
            _quarantine_where(cursor, f"{KEY_COLUMN} in %(keys)s", values | some)
    cursor.execute(
        f"delete {LANDING} from {LANDING} join posko_staging.quarantine as refused"
        f" on refused.{KEY_COLUMN} = {LANDING}.{KEY_COLUMN} and refused.row_crc = {LANDING}.row_crc"
        f" where refused.batch_id = %(batch)s",
        values,
    )
    return int(cursor.rowcount)


def _quarantine_where(cursor: Any, condition: str, values: dict[str, Any]) -> None:
    cursor.execute(
        f"insert into posko_staging.quarantine (batch_id, id_tki, reasons, row_as_sent, key_crc, row_crc, first_seen_at)"
        f" select %(batch)s, {KEY_COLUMN}, reasons, row_as_sent, key_crc, row_crc, utc_timestamp(6) from ("
        f" select {KEY_COLUMN}, {_reasons_sql()} as reasons, {_as_sent_sql()} as row_as_sent,"
        f" crc32({KEY_COLUMN}) as key_crc, row_crc from {LANDING} where {condition}) as suspect where reasons <> ''",
        values,
    )


def _values(today: date) -> dict[str, Any]:
    return {"today": today, "lead": OTHER_DATES_MAY_LEAD_DAYS}


def _date_faults() -> list[tuple[str, str]]:
    faults = []
    for column in DATE_COLUMNS:
        latest = "%(today)s" if column == "tanggal_lahir" else "%(today)s + interval %(lead)s day"
        faults += [
            ("DATE_NOT_MDY", f"{column}_date is null and {column} <> ''"),
            ("DATE_BEFORE_1900", f"{column}_date < '1900-01-01'"),
            ("DATE_IN_FUTURE", f"{column}_date > {latest}"),
        ]
    return faults


def _reasons_sql() -> str:
    faults = {
        "KEY_EXPONENT": [f"{KEY_COLUMN} regexp %(exponent)s"],
        "NUMBER_EXPONENT": [f"{column} regexp %(exponent)s" for column in NUMBERS],
    }
    for reason, condition in _date_faults():
        faults.setdefault(reason, []).append(condition)
    cases = ", ".join(f"if({' or '.join(conditions)}, '{reason}', null)" for reason, conditions in faults.items())
    return f"concat_ws(',', {cases})"


def _suspect_sql() -> str:
    """Return a cheap condition that no faulty row escapes; only the few rows that meet it are looked at closely."""
    numbers = f"concat_ws(' ', {', '.join((KEY_COLUMN, *NUMBERS))})"
    return " or ".join([*(condition for _, condition in _date_faults()), f"{numbers} regexp '[0-9][eE][-+0-9]'"])


def _as_sent_sql() -> str:
    pairs = ", ".join(f"'{column}', {column}" for column in TEXT_COLUMNS)
    return f"json_object({pairs}, 'updated_at', cast(updated_at as char charset utf8mb4))"
