"""Frauds and near misses of printed copies and of tried-out certificates, DV-C03 and DV-C04 (§13.12-13.13), as the tables keep them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.fraud.planting import Planted
from apps.fraud.rows_cx import certificates, of_certificate, tell, value

if TYPE_CHECKING:
    from apps.fraud.planting import Ground, Planter

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AGAIN = 0.3
"""Share of a month's first copies of an LSP that the planter prints again."""
_PRINT = """
    insert into posko.print_event (certificate_id, copy_no, blank_no, reason, printed_at, printed_by)
    select certificate.certificate_id, 1 + coalesce((select max(p.copy_no) from posko.print_event p
            where p.certificate_id = certificate.certificate_id), 0),
        :blank, :reason, decision.decided_at + interval 3 day, concat('ADM-', certificate.lsp_code)
    from posko.certificate join posko.decision using (decision_id) where certificate.certificate_id = :id"""
_FREE_BLANK = "select min(blank_no) from posko.blank where state = 'FREE' and (lsp_code = :lsp) = :own"
_MONTH = """
    from posko.print_event as first join posko.certificate as certificate using (certificate_id)
    where certificate.lsp_code = :lsp and date_format(first.printed_at + interval 7 hour, '%Y-%m') = :month and first.copy_no = 1
        and not exists (select 1 from posko.print_event as p where p.certificate_id = first.certificate_id and p.copy_no > 1)
    order by first.certificate_id limit :most"""
_BLANKS = f"""
    insert into posko.blank (blank_no, lsp_code, issued_at, issued_by, state)
    select concat('BY', lpad(first.certificate_id, 10, '0')), :lsp, first.printed_at - interval 20 day, 'BNSP-003', 'USED' {_MONTH}"""
_PRINTS = f"""
    insert into posko.print_event (certificate_id, copy_no, blank_no, reason, printed_at, printed_by)
    select first.certificate_id, 2, concat('BY', lpad(first.certificate_id, 10, '0')), 'Lembar pertama rusak',
        first.printed_at + interval 1 hour, first.printed_by {_MONTH}"""


def copies(ground: Ground, k: int) -> list[Planted]:
    """DV-C03: a copy without a reason, a fourth one, another LSP's blank, a blank used for nothing, a month printed again.

    Near: a third copy with its reason.
    """
    made: list[Planted] = [_print_a_month_again(ground)]
    for place, row in enumerate(certificates(ground, 2 * k)):
        if place >= k:
            _print_until(ground, row, 3)
            made.append(of_certificate("DV-C03", row, "cetakan 3", is_fraud=False))
        elif place % 4 == 0:
            made.append(of_certificate("DV-C03", row, f"cetakan {_print(ground, row, reason=' ')}"))
        elif place % 4 == 1:
            _print_until(ground, row, 4)
            made.append(of_certificate("DV-C03", row, "cetakan 4"))
        elif place % 4 == 2:
            made.append(of_certificate("DV-C03", row, f"cetakan {_print(ground, row, is_own=False)}"))
        else:
            blank = _take_blank(ground, row["lsp_code"], is_own=True)
            made.append(Planted("DV-C03", "lsp", row["lsp_code"], f"blangko {blank}"))
    return made


def _print_a_month_again(ground: Ground) -> Planted:
    """Print many copies of one LSP's busiest month again."""
    busiest = """
        select certificate.lsp_code, date_format(first.printed_at + interval 7 hour, '%Y-%m') as month, count(*) as copies
        from posko.print_event as first join posko.certificate as certificate using (certificate_id)
        where first.copy_no = 1 group by 1, 2 order by copies desc, 1, 2 limit 1"""
    lsp, month, first = ground.db.execute(sa.text(busiest)).one()
    values = {"lsp": lsp, "month": month, "most": max(12, round(AGAIN * first))}
    for statement in (_BLANKS, _PRINTS):
        ground.run(statement, values)
    return Planted("DV-C03", "lsp", lsp, f"bulan {month}")


def _take_blank(ground: Ground, lsp_code: str, *, is_own: bool) -> str:
    """Take a blank of this LSP, or of another one, and mark it used."""
    blank = value(ground, _FREE_BLANK, lsp=lsp_code, own=int(is_own))
    if blank is None:
        blank = f"BX{ground.rng.getrandbits(30):010d}"
        ground.run(
            "insert into posko.blank (blank_no, lsp_code, issued_at, issued_by)"
            " select :blank, lsp_code, utc_timestamp(6) - interval 30 day, 'BNSP-003' from posko.lsp"
            " where (lsp_code = :lsp) = :own limit 1",
            {"blank": blank, "lsp": lsp_code, "own": int(is_own)},
        )
    ground.run("update posko.blank set state = 'USED' where blank_no = :blank", {"blank": blank})
    return str(blank)


def _print(ground: Ground, row: dict[str, Any], *, reason: str = "Lembar pertama rusak", is_own: bool = True) -> int:
    """Print one more copy and return its number."""
    blank = _take_blank(ground, row["lsp_code"], is_own=is_own)
    ground.run(_PRINT, {"blank": blank, "reason": reason, "id": row["certificate_id"]})
    return int(
        value(ground, "select max(copy_no) from posko.print_event where certificate_id = :id", id=row["certificate_id"])
    )


def _print_until(ground: Ground, row: dict[str, Any], copy_no: int) -> None:
    while _print(ground, row) < copy_no:
        pass


def tried(ground: Ground, k: int) -> list[Planted]:
    """DV-C04: wrong tries spread over a day, and a number asked for from a dozen places; near: fewer of each."""
    made: list[Planted] = []
    for place, row in enumerate(certificates(ground, 2 * k)):
        day = (row["decided_at"] + 40 * DAY).date()
        is_fraud, begin = place < k, dt.datetime.combine(day, dt.time(1))
        if place % 3 == 0:
            _try_wrongly(ground, "NUMBER", row["certificate_no"], begin, 12 if is_fraud else 8)
            made.append(of_certificate("DV-C04", row, f"salah {day}", is_fraud=is_fraud))
        elif place % 3 == 1:
            source = f"198.51.100.{place}"
            _try_wrongly(ground, "SOURCE", source, begin, 70 if is_fraud else 40)
            made.append(Planted("DV-C04", "system", f"asal {source}", f"salah {day}", is_fraud=is_fraud))
        else:
            for number in range(12 if is_fraud else 6):
                about, ip = ("certificate", row["certificate_no"]), f"203.0.113.{number}"
                tell(
                    ground,
                    "certificate.verify",
                    who=("umum", "PUBLIC"),
                    about=about,
                    at=begin + number * HOUR / 2,
                    ip=ip,
                )
            made.append(of_certificate("DV-C04", row, f"tempat {day}", is_fraud=is_fraud))
    return made


def _try_wrongly(ground: Ground, kind: str, subject: str, begin: dt.datetime, tries: int) -> None:
    """Write wrong tries, four in each window of a quarter of an hour, so that none is full."""
    quarter = dt.timedelta(minutes=15)
    ground.run(
        "insert into posko.verification_try (subject_kind, subject, window_began_at, slot, tried_at)"
        " values (:kind, :subject, :window, :slot, :window + interval :slot minute)",
        [
            {"kind": kind, "subject": subject, "window": begin + number // 4 * quarter, "slot": 1 + number % 4}
            for number in range(tries)
        ],
    )


PLANTERS: dict[str, Planter] = {"DV-C03": copies, "DV-C04": tried}
