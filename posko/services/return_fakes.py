"""Certificate numbers at BNP2TKI that POSKO never issued, or issued to somebody else: fakes, whether returned or not (§14.5, DV-C08).

The whole of what BNP2TKI last delivered is asked at once, so that a number that somebody wrote beside a TKI who was never tested shows too,
also where her row is in quarantine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.services import deviation_register
from posko.services.office import act
from posko.services.return_acknowledge import shortened
from posko.services.rows import many

if TYPE_CHECKING:
    from posko.services.office import Tx

MOST_AT_ONCE = 1_000
_TOLD = "case when shown.number regexp '[0-9]{16}' then '16 angka atau lebih' else left(shown.number, 40) end"
"""A number as `shortened` tells it."""
_SHOWN = f"""
    select shown.tki_id, shown.number
    from (select id_tki as tki_id, trim(no_sertifikasi_kompetensi) as number from posko_staging.tki_tlrt
        where no_sertifikasi_kompetensi <> ''
        union select left(id_tki, 64),
            trim(case when json_valid(row_as_sent) then json_value(row_as_sent, '$.no_sertifikasi_kompetensi') end)
        from posko_staging.quarantine where source_table = 'tki_tlrt' and resolved_at is null and id_tki <> '') as shown
    left join posko.certificate as own on own.certificate_no = shown.number and own.tki_id = shown.tki_id
    where shown.number <> '' and own.certificate_no is null and not exists (
        select 1 from posko.deviation as noted
        where noted.rule_id = 'DV-C08' and noted.tki_id = shown.tki_id
            and (noted.subject_code = concat(shown.tki_id, '/', {_TOLD}) or locate(concat('"', {_TOLD}, '"'), noted.evidence) > 0))
    order by shown.tki_id limit :most"""


@act("return.fakes", None)
def find(tx: Tx) -> dict[str, int]:
    """Note the numbers that BNP2TKI shows and that were never issued to that TKI, each once (DV-C08).

    Returns:
        `found`: how many were noted now; a thousand at most, the next call goes on.
    """
    tx.about("return", "numbers")
    tx.permit()
    rows = many(tx.db, _SHOWN, most=MOST_AT_ONCE)
    event = tx.record("return", "numbers", {"found": len(rows)})
    for row in rows:
        told = shortened(row["number"])
        deviation_register.note(
            tx,
            "DV-C08",
            {"shown": told},
            mode="D",
            subject_kind="tki",
            subject_code=f"{row['tki_id']}/{told}",
            tki_id=row["tki_id"],
            audit_event=event,
        )
    return {"found": len(rows)}
