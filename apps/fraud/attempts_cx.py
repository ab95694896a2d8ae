"""What the services prevent or note of certificates and states, tried on the stage (§1.4, §14.5; DV-C08, DV-X01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.fraud.planting import Planted
from posko.services import exam_session, return_fakes

if TYPE_CHECKING:
    from apps.fraud.stage import Attempt, Stage

_SENT = """
    insert into posko_staging.tki_tlrt (id_tki, nama, no_sertifikasi_kompetensi, updated_at, batch_id, chunk_no, first_batch_id)
    values (:tki, 'NAMA SIMULASI', :number, utc_timestamp(6), 1, 1, 1)"""


def invented_numbers(stage: Stage) -> list[Planted]:
    """DV-C08: BNP2TKI shows a number that was never issued; near: an empty one."""
    shown = {"7900001": "PRT.1025.2011.0000001", "7900002": "SERTIFIKAT-1", "7900003": ""}
    for tki_id, number in shown.items():
        stage.write(_SENT, tki=tki_id, number=number)
    while stage.desk(None).do(return_fakes.find)["found"]:
        pass
    return [Planted("DV-C08", "tki", f"{tki_id}/{number}", is_fraud=bool(number)) for tki_id, number in shown.items()]


def jumped_state(stage: Stage) -> list[Planted]:
    """DV-X01: the TUK ends a session that was never opened; near: one whose day went in order."""
    day, honest = stage.exam_day(), stage.exam_day()
    stage.try_it(day.tuk(), exam_session.end_session, session_id=day.session_id)
    honest.release()
    return [
        Planted("DV-X01", "session", str(day.session_id)),
        Planted("DV-X01", "session", str(honest.session_id), is_fraud=False),
    ]


ATTEMPTS: dict[str, Attempt] = {"DV-C08": invented_numbers, "DV-X01": jumped_state}
