"""Frauds and near misses of the certificate, its publication and its return, DV-C01..DV-C09 (§13.11-14.5), as the tables keep them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted
from apps.fraud.rows_cx import certificates, deliver, of_certificate, value

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

_DECIDED = "select journey_id from posko.decision join posko.journey using (journey_id) where tki_id = :tki order by journey_id"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def _set(ground: Ground, row: dict[str, Any], table: str, **columns: object) -> None:
    """Change columns of a journey's row past every service."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    ground.run(
        f"update posko.{table} set {sets} where journey_id = :journey", {**columns, "journey": row["journey_id"]}
    )


def _suspend(ground: Ground, row: dict[str, Any]) -> None:
    """Suspend a certificate as an LSP may ask for."""
    told = {"status_reason": "Permintaan LSP", "status_at": row["decided_at"] + DAY}
    _set(ground, row, "certificate", status="SUSPENDED", **told)


def numbers(ground: Ground, k: int) -> list[Planted]:
    """DV-C01: a day moved back by weeks, or a number that no counter gave, which leaves a gap; near: the number before the first kind.

    The hash of the hand-over tells of both too (DV-C05).
    """
    made: list[Planted] = []
    for place, row in enumerate(_apart(certificates(ground, k))):
        beside = [_number(row, step) for step in (-1, 1)]
        if place % 2 == 0:
            made.append(of_certificate("DV-C01", row))
            _set(ground, row, "certificate", certified_on=row["decided_at"].date() - 20 * DAY)
            made.append(Planted("DV-C01", "certificate", beside[0], is_fraud=False))
            continue
        changed = f"{row['certificate_no'][:14]}{9_000_000 + place:07d}"
        for table in ("certificate", "publication"):
            _set(ground, row, table, certificate_no=changed)
        made += [Planted("DV-C01", "certificate", changed), _after_gap(ground, row["certificate_no"], beside[1])]
    return made


def _number(row: dict[str, Any], step: int) -> str:
    """Return the number so many places beside that of a certificate."""
    return f"{row['certificate_no'][:14]}{int(row['certificate_no'][-7:]) + step:07d}"


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of which no other stands two places beside, so that none spoils what another leaves."""
    taken = {row["certificate_no"] for row in rows}
    return [row for row in rows if taken.isdisjoint({_number(row, step) for step in (-2, -1, 1, 2)})]


def _after_gap(ground: Ground, gone: str, following: str) -> Planted:
    """Return what is left to see of a number that is gone: the one after it, or the counter if it was the last."""
    is_there = value(ground, "select count(*) from posko.certificate where certificate_no = :no", no=following)
    return Planted("DV-C01", "certificate", following) if is_there else Planted("DV-C01", "system", gone[:13])


def unfounded(ground: Ground, k: int) -> list[Planted]:
    """DV-C02: a certificate written over to another TKI or into another scheme; near: one that was suspended lawfully."""
    rows, strangers = certificates(ground, 2 * k), ground.waiting(k)
    for place, (row, stranger) in enumerate(zip(rows[:k], strangers, strict=True)):
        changed = {"tki_id": stranger["tki_id"]} if place % 2 == 0 else {"scheme_code": "TLRX"}
        _set(ground, row, "certificate", **changed)
    for row in rows[k:]:
        _suspend(ground, row)
    return [of_certificate("DV-C02", row, is_fraud=place < k) for place, row in enumerate(rows)]


def forged(ground: Ground, k: int) -> list[Planted]:
    """DV-C05: the decree, the last valid day or the code of a certificate rewritten; near: one suspended lawfully."""
    rows = certificates(ground, 2 * k)
    for place, row in enumerate(rows[:k]):
        if place % 3 == 0:
            _set(ground, row, "decision", sk_no="SK/PALSU/1")
        elif place % 3 == 1:
            _set(ground, row, "certificate", valid_until=row["decided_at"].date() + 3650 * DAY)
        else:
            _set(ground, row, "certificate", secure_code_digest=ground.rng.randbytes(16))
    for row in rows[k:]:
        _suspend(ground, row)
    return [of_certificate("DV-C05", row, is_fraud=place < k) for place, row in enumerate(rows)]


def shown(ground: Ground, k: int) -> list[Planted]:
    """DV-C06: shown before the minutes, as passed who was not, with the whole name, or although held; near: published with the minutes."""
    made: list[Planted] = []
    rows = [*ground.journeys(k, result="BK", state="CLOSED"), *certificates(ground, k)]
    for place, row in enumerate(rows):
        number, closed = ground_publication(ground, row)
        is_fraud = place < k
        if not is_fraud:
            _set(ground, row, "publication", published_at=closed)
        elif place % 4 == 0:
            _set(ground, row, "publication", published_at=closed - 2 * HOUR)
        elif place % 4 == 1:
            _set(ground, row, "publication", result="KOMPETEN")
        elif place % 4 == 2:
            _set(ground, row, "publication", masked_name=row["full_name"])
        else:
            _set(ground, row, "meeting_item", finding="HOLD", reason="Ditahan menunggu kasus")
        made.append(Planted("DV-C06", "tki", row["tki_id"], f"tayangan {number}", is_fraud=is_fraud))
    return made


def ground_publication(ground: Ground, row: dict[str, Any]) -> tuple[int, dt.datetime]:
    """Return the number of a journey's publication and when the minutes of its meeting were closed."""
    sql = "select {} from posko.publication p join posko.evaluation_meeting m using (meeting_id) where p.journey_id = :journey"
    number, closed = (
        value(ground, sql.format(what), journey=row["journey_id"]) for what in ("p.publication_id", "m.closed_at")
    )
    return int(number), closed


def unanswered(ground: Ground, k: int) -> list[Planted]:
    """DV-C07: a result that nobody read back, or one that BNP2TKI changed after it; near: one that was read back, and a new telephone."""
    made: list[Planted] = []
    last = "select return_batch_id from posko.return_line where journey_id = :journey order by version desc limit 1"
    rows = [row for row in certificates(ground, 4 * k) if _is_settled(ground, row)]
    for place, row in enumerate(rows[: 2 * k]):
        is_fraud, batch = place % 2 == 0, int(value(ground, last, journey=row["journey_id"]))
        if place % 4 < 2:
            ground.run(
                "update posko.return_batch set acknowledged_at = null, dispatched_at = made_at where return_batch_id = :id",
                {"id": batch},
            )
            told = None if is_fraud else "belum dimutakhirkan BNP2TKI setelah tenggat"
            _set(ground, row, "return_line", acknowledged_at=None, difference=told)
        else:
            changed = {"no_sertifikasi_kompetensi": ""} if is_fraud else {"no_telepon": "021-555"}
            deliver(ground, row["tki_id"], **changed)
        made.append(Planted("DV-C07", "return", str(batch), row["tki_id"], is_fraud=is_fraud))
    return made


def _is_settled(ground: Ground, row: dict[str, Any]) -> bool:
    """Return whether what was sent of a journey is the last state of its TKI, and was sent long ago."""
    sql = """
        select count(*) from posko.return_line as line join posko.return_batch as batch using (return_batch_id)
        where line.journey_id = :journey and line.is_last = 1 and batch.made_at < utc_timestamp() - interval 30 day"""
    return bool(value(ground, sql, journey=row["journey_id"]))


def renamed(ground: Ground, k: int) -> list[Planted]:
    """DV-C09: BNP2TKI gives a TKI another name or place of birth after the decision; near: another address, or a change taken back."""
    made: list[Planted] = []
    for place, row in enumerate(certificates(ground, 2 * k)):
        if place < k:
            changed = (
                {"nama": f"{row['full_name']} BINTI SIMULASI"} if place % 2 == 0 else {"tempat_lahir": "KOTA SIMULASI"}
            )
            deliver(ground, row["tki_id"], **changed)
        elif place % 2 == 0:
            deliver(ground, row["tki_id"], alamat="JALAN BARU 1")
        else:
            before = value(ground, "select nama from posko_staging.tki_tlrt where id_tki = :tki", tki=row["tki_id"])
            deliver(ground, row["tki_id"], nama="SALAH KETIK")
            deliver(ground, row["tki_id"], nama=before)
        # Who was decided twice is told of for both.
        decided = ground.db.execute(sa.text(_DECIDED), {"tki": row["tki_id"]}).scalars()
        made += [Planted("DV-C09", "tki", row["tki_id"], f"peserta {each}", is_fraud=place < k) for each in decided]
    return made


PLANTERS: dict[str, Planter] = {
    "DV-C01": numbers, "DV-C02": unfounded, "DV-C05": forged, "DV-C06": shown, "DV-C07": unanswered,
    "DV-C09": renamed,
}  # fmt: skip
