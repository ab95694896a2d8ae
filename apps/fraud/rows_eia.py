"""Rows that the planters of training, identity and allocation write or read: a TKI as BNP2TKI sent her, places, sessions (§12.1-12.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted
from ingest.simulator_people import mdy

if TYPE_CHECKING:
    from apps.fraud.planting import Ground

DAY = dt.timedelta(days=1)
DATES = {
    "born": "tanggal_lahir",
    "certified": "tanggal_sertifikasi_blkln",
    "entered": "tanggal_masuk_blkln",
    "left": "tanggal_keluar_blkln",
}
"""Short name -> date column of staging; the day itself stands beside its text."""
TEXTS = {
    "name": "nama",
    "place": "tempat_lahir",
    "sex": "jenis_kelamin",
    "nik": "no_ktp",
    "sector": "sektor",
    "country": "negara_tujuan",
    "blkln": "kode_blkln",
    "number": "no_sertifikasi_blkln",
    "company": "nama_pptkis",
}
_SENT = f"""
    select {", ".join(f"{column} as `{name}`" for name, column in TEXTS.items())},
        {", ".join(f"{column}_date as `{name}`" for name, column in DATES.items())}
    from posko_staging.tki_tlrt where id_tki = :tki"""
_SESSION_BESIDE = """
    insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)
    select :tuk, lsp_code, scheme_code, exam_on, :slot, met_no, :status, made_at, made_by from posko.exam_session where session_id = :id"""
_FILLERS = "select journey_id from posko.journey order by journey_id desc limit :most"


def many(ground: Ground, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    return [dict(row) for row in ground.db.execute(sa.text(sql), values).mappings()]


def value(ground: Ground, sql: str, **values: Any) -> Any:
    """Return the first value of a query; None where there is no row."""
    return ground.db.execute(sa.text(sql), values).scalar()


def insert(ground: Ground, sql: str, **values: Any) -> int:
    """Write one row and return its number."""
    return int(ground.db.execute(sa.text(sql), values).lastrowid)


def sent(ground: Ground, tki_id: str) -> dict[str, Any]:
    """Return what BNP2TKI sent of a TKI: the names of `TEXTS` and `DATES`."""
    (row,) = many(ground, _SENT, tki=tki_id)
    return row


def send(ground: Ground, tki_id: str, **changed: Any) -> None:
    """Let BNP2TKI have sent something else of a TKI; dates change with their texts."""
    sets: dict[str, Any] = {}
    for name, new in changed.items():
        if name in DATES:
            sets[DATES[name]] = mdy(new.toordinal())
            sets[f"{DATES[name]}_date"] = new
        else:
            sets[TEXTS[name]] = new
    listed = ", ".join(f"{name} = :{name}" for name in sets)
    ground.run(f"update posko_staging.tki_tlrt set {listed} where id_tki = :tki", {**sets, "tki": tki_id})


def numbered(
    row: dict[str, Any], *, certified: dt.date | None = None, entered: dt.date | None = None, hours: int | None = None
) -> str:
    """Return the number of a BLKLN certificate (Gambar 5) with other dates or hours in it."""
    old = str(row["number"])
    told = certified or row["certified"], entered or row["entered"]
    said = old[20:23] if hours is None else f"{hours:03d}"
    return f"AP2{told[0]:%Y%m%d}{old[11:20]}{said}{told[1]:%Y%m%d}"


def name_of(row: dict[str, Any]) -> str:
    """Return a journey as the log and the findings name it."""
    return f"{row['tki_id']}/{row['scheme_code']}/{row['journey_no']}"


def place_of(row: dict[str, Any]) -> str:
    """Return an attempt of a journey as the findings name it."""
    return f"{name_of(row)}/{row['attempt_no']}"


def halves(rows: list[Any]) -> list[tuple[Any, bool]]:
    """Return each row with whether it becomes a fraud: the first half does, the second half becomes near misses."""
    return [(row, place < len(rows) // 2) for place, row in enumerate(rows)]


def session_beside(
    ground: Ground, row: dict[str, Any], *, tuk_code: str, status: str = "PLANNED", slot: int = 9
) -> int:
    """Write another session of the same day and assessor, at a TUK, and return its number."""
    return insert(ground, _SESSION_BESIDE, tuk=tuk_code, slot=slot, status=status, id=row["session_id"])


def other_tuk(ground: Ground, tuk_code: str) -> str:
    """Return a TUK in another city."""
    sql = """select there.tuk_code from posko.tuk as there join posko.tuk as here on here.tuk_code = :tuk
        where there.city <> here.city order by there.tuk_code limit 1"""
    return str(value(ground, sql, tuk=tuk_code))


def fill_up(ground: Ground, session_id: int, seats: int) -> None:
    """Give so many more places of a session to people who were tested elsewhere."""
    rows = many(ground, _FILLERS, most=max(seats, 1))[: max(seats, 0)]
    first = 50 + session_id * 100
    ground.run(
        """insert into posko.allocation (journey_id, attempt_no, session_id, allocated_at, allocated_by)
        select :journey, :attempt, session_id, made_at, made_by from posko.exam_session where session_id = :session""",
        [
            {"journey": row["journey_id"], "attempt": first + place, "session": session_id}
            for place, row in enumerate(rows)
        ],
    )


def more_seats(ground: Ground, tuk_code: str, day: dt.date, seats: int) -> None:
    """Let a TUK have so many more seats on a day, so that what another rule needs does not overfill it."""
    ground.run(
        "update posko.tuk_day set capacity = capacity + :seats where tuk_code = :tuk and exam_on = :day",
        {"seats": max(seats, 0), "tuk": tuk_code, "day": day},
    )


def of_session(rule_id: str, kind: str, code: str, session_id: int, *, is_fraud: bool) -> Planted:
    """Return a finding on a session that its subject has."""
    return Planted(rule_id, kind, code, str(session_id), is_fraud=is_fraud)
