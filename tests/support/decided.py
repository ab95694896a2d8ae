"""Journeys whose results LSP have sent, put there by the administrator's connection: where the evaluation begins (§13.14)."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.services import evaluation, publication, returns

if TYPE_CHECKING:
    from tests.support.world import World

TESTED_ON = dt.date(2026, 3, 9)
EVALUATED_ON = dt.date(2026, 3, 16)


def session(world: World, *, lsp: str = "LSP-1", tuk: str = "TUK-1", met: str = "MET.1", slot: int = 1) -> int:
    """Return a closed exam session, made if it is not there."""
    with world.admin().begin() as db:
        found = db.scalar(
            sa.text("select session_id from posko.exam_session where met_no = :met and slot = :slot"),
            {"met": met, "slot": slot},
        )
        if found is not None:
            return int(found)
        made = db.execute(
            sa.text(
                "insert into posko.exam_session (tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at, made_by)"
                " values (:tuk, :lsp, 'TLRT', :day, :slot, :met, 'CLOSED', '2026-03-03', 'KO1')"
            ),
            {"tuk": tuk, "lsp": lsp, "day": TESTED_ON, "met": met, "slot": slot},
        )
        return int(made.lastrowid)


def decided(
    world: World,
    tki_id: str,
    *,
    result: str = "K",
    lsp: str = "LSP-1",
    tuk: str = "TUK-1",
    met: str = "MET.1",
    status: str = "RESULT_SENT",
    name: str = "NURUL KOMARIAH BT DAUD",
) -> int:
    """Return a new journey that stands at RESULT_SENT (or where told) with candidate, place, decision and, for K, certificate."""
    session_id = session(world, lsp=lsp, tuk=tuk, met=met)
    with world.admin().begin() as db:
        number = 1 + db.scalar(
            sa.text("select coalesce(max(journey_no), 0) from posko.journey where tki_id = :t"), {"t": tki_id}
        )
        journey_id = _add(
            db, "journey", tki_id=tki_id, scheme_code="TLRT", journey_no=number, attempt_no=1, status=status,
            opened_at="2026-03-02", moved_at="2026-03-12",
        )  # fmt: skip
        _add(
            db, "candidate", journey_id=journey_id, tki_id=tki_id, scheme_code="TLRT", full_name=name, born_on="1983-05-01",
            address="KP. TINGGULUH", phone="0812345678", email="nurul@example.org", source_batch_id=1, source_row_crc=1,
            registered_at="2026-03-02", registered_by="KO1",
        )  # fmt: skip
        _add(
            db, "allocation", journey_id=journey_id, attempt_no=1, session_id=session_id, allocated_at="2026-03-03",
            allocated_by="KO1",
        )  # fmt: skip
        decision_id = _add(
            db, "decision", journey_id=journey_id, session_id=session_id, lsp_code=lsp, sk_no="SK-1", result=result,
            asesor_result=result, decided_at="2026-03-11", decided_by="LS1",
        )  # fmt: skip
        if result == "K":
            _add(
                db, "certificate", journey_id=journey_id, decision_id=decision_id, tki_id=tki_id, scheme_code="TLRT",
                lsp_code=lsp, certificate_no=number_of(journey_id), certified_on="2026-03-11", valid_until="2029-03-11",
                secure_code_digest=sha256(str(journey_id).encode()).digest()[:16], secure_code_cipher=b"C680C6",
                status_at="2026-03-11",
            )  # fmt: skip
    return journey_id


def three(world: World) -> None:
    """Bring three TKI of different names to a certificate of LSP-1."""
    for tki_id, name in (("9000001", "BUDI"), ("9000002", "ANI"), ("9000003", "SITI AMINAH")):
        decided(world, tki_id, name=name)


def number_of(journey_id: int) -> str:
    """Return the certificate number that the helper gives to a journey."""
    return f"PRT.1025.2026.{4538766 + journey_id:07d}"


def read_back(world: World, tki_id: str, **other: Any) -> dict[str, dict[str, Any]]:
    """Return what BNP2TKI would show of one TKI after it updated its table as it was told."""
    ((lsp, number, day),) = world.ask(
        "select l.lsp_code, l.certificate_no, l.certified_on from posko.return_line l where l.tki_id = :t and l.is_last = 1",
        t=tki_id,
    )
    shown = {
        "kode_lsp": lsp,
        "no_sertifikasi_kompetensi": number or "",
        "tanggal_sertifikasi_kompetensi": day.isoformat() if day else "",
    }
    return {tki_id: {**shown, **other}}


def evaluate(world: World, *journey_ids: int) -> int:
    """Hold a meeting over these results, or all, and close its minutes; return its number."""
    world.at(EVALUATED_ON)
    desk = world.desk("BN1")
    meeting_id = desk.do(
        evaluation.open_meeting, held_on=EVALUATED_ON, place="Jakarta", journey_ids=list(journey_ids) or None
    )
    desk.do(evaluation.note_participants, meeting_id=meeting_id, person_ids=["BN1", "LS1", "LS2"])
    desk.do(evaluation.close_minutes, meeting_id=meeting_id, minutes="Semua hasil dibahas.")
    return meeting_id


def publish(world: World, *journey_ids: int) -> int:
    """Evaluate and publish these results, or all; return the meeting's number."""
    meeting_id = evaluate(world, *journey_ids)
    world.desk(None).do(publication.publish, meeting_id=meeting_id)
    return meeting_id


def send_back(world: World) -> int:
    """Return what is published to BNP2TKI on both legs; return the return's number."""
    made = world.desk(None).do(returns.make_return)
    world.desk(None).do(returns.relay, return_batch_id=made["return_batch_id"])
    return int(made["return_batch_id"])


def revoke(world: World, journey_id: int, status: str = "REVOKED") -> None:
    """Let the certificate of a journey change its state."""
    world.write(
        "update posko.certificate set status = :s, status_at = '2026-03-20' where journey_id = :j",
        s=status,
        j=journey_id,
    )


def deviation(
    world: World,
    journey_id: int | None = None,
    *,
    severity: str = "H",
    rule: str = "DV-N05",
    mode: str = "D",
    **more: Any,
) -> int:
    """Return a new deviation in no case; `evidence` and other columns may be given."""
    evidence = str(more.pop("evidence", "{}"))
    row = {
        "rule_id": rule, "severity": severity, "mode": mode, "journey_id": journey_id, "subject_kind": "journey",
        "subject_code": "x", "evidence": evidence, "evidence_sha256": sha256(evidence.encode()).digest(),
        "occurred_at": "2026-03-12", **more,
    }  # fmt: skip
    with world.admin().begin() as db:
        return _add(db, "deviation", **row)


def _add(db: sa.Connection, table: str, **row: Any) -> int:
    columns = ", ".join(row)
    made = db.execute(
        sa.text(f"insert into posko.{table} ({columns}) values ({', '.join(':' + name for name in row)})"), row
    )
    return int(made.lastrowid or 0)


EMPTY = {"kode_lsp": "", "no_sertifikasi_kompetensi": None, "tanggal_sertifikasi_kompetensi": ""}
"""What BNP2TKI's row shows of a result that it has not recorded."""


def acknowledge(world: World, return_id: int, *backs: dict[str, Any]) -> Any:
    """Let the system read what BNP2TKI shows of the results of a return."""
    shown = {key: value for back in backs for key, value in back.items()}
    return world.desk(None).do(returns.acknowledge, return_batch_id=return_id, read_back=shown)
