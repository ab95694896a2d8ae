"""A year in small for the auditor's pack: the whole way of eight TKI, findings, cases, visits, parameters; sealed several times."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest

from apps.audit_pack import make
from apps.fraud.small_world import EXAM_ON
from exports.audit_pack import write
from exports.audit_pack_verify import verify
from exports.certificate_keys import Signer, public_keys_in, signer_in
from posko.domain.errors import NotPermitted
from posko.domain.finding import Finding
from posko.services import cases, distribution, findings, parameters, surveillance
from posko.services.audit_notes import read_note
from posko.services.audit_pack_rows import Period, open_source
from posko.services.finding_rows import server_time
from posko.services.findings import Judged
from tests.support.sealed import seal_now
from tests.support.way import whole_way

if TYPE_CHECKING:
    from pathlib import Path

    from exports.audit_pack_findings import Verdict
    from posko.services.audit_notes import Checkpoint, PublicKey
    from tests.support.world import World

FATES = {
    **dict.fromkeys(("9000001", "9000002", "9000003"), "K"),
    "9000004": "BK",
    "9000005": "HELD",
    "9000006": "OPEN",
    "9000007": "WAITING",
    "9000008": "FILTERED",
}
PERIOD = Period(dt.date(2026, 1, 1), dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2))
"""The played days and the day of the server, on which the log was written."""
SEEN = dt.datetime.fromisoformat("2026-03-09T05:00")


def story(world: World) -> PublicKey:
    """Play everything that a pack tells of, sealing between; return the log's public key."""
    drawn = _visits_begin(world)
    seal_now(world)
    whole_way(world, FATES)
    seal_now(world)
    _visits_end(world, drawn)
    world.desk("BN1").do(
        parameters.set_parameter, name="retake_days", valid_from=world.now.date() + dt.timedelta(days=9), value=14,
        reason="Rapat pleno", second=world.second("SA1"),
    )  # fmt: skip
    _cases(world)
    for who in ("LS1", "TU1"):
        with pytest.raises(NotPermitted):
            world.desk(who).do(distribution.inbox, receiver_kind="LSP", receiver_code="LSP-2")
    world.write(
        "insert into posko.check_run (run_id, gate, checked_at, outcome, expectation, observed) values"
        " ('uji', 'received', '2026-03-09', 'failed', 'nik', 'NIK 3603054105830001 dua kali')"
    )
    return seal_now(world)


def _visits_begin(world: World) -> list[int]:
    """Draw the week of the exam from two sessions of another day."""
    day = EXAM_ON + dt.timedelta(days=2)
    for number, tuk, lsp in ((901, 1, 1), (902, 3, 2)):
        world.write(
            "insert into posko.exam_session (session_id, tuk_code, lsp_code, scheme_code, exam_on, slot, met_no, status, made_at,"
            f" made_by) values ({number}, 'TUK-{tuk}', 'LSP-{lsp}', 'TLRT', '{day}', 9, 'MET.{tuk}', 'OPEN', '2026-03-01', 'KO1')"
        )
    return list(world.desk("BN1").do(surveillance.draw, week=EXAM_ON)["picked"])


def _visits_end(world: World, picked: list[int]) -> None:
    for number in picked:
        told = {"session_id": number, "outcome": "NOT_HELD", "note": "Gedung terkunci"}
        world.desk("BN1").do(surveillance.record_visit, **told)
    world.desk("BN1").do(surveillance.reveal, week=EXAM_ON)


def _cases(world: World) -> None:
    """Let a rule find two things, one of which goes; open, note and close a case."""
    for codes in (("MET.1", "MET.2"), ("MET.1",)):
        found = [Finding("DV-S06", "asesor", code, "1", {"menit": 4}, SEEN) for code in codes]
        with world.office.engine.connect() as db:
            judged = Judged("uji", None, server_time(db), bytes(32))
        world.desk(None).do(findings.sync, rule_id="DV-S06", found=found, judged=judged)
    number = world.value("select min(case_id) from posko.deviation_case")
    for step in (cases.triage, cases.review, cases.confirm):
        world.desk("BN1").do(step, case_id=number, note=f"Langkah {step.__name__}")
    world.desk("BN1").do(cases.close, case_id=number, note="Selesai", second=world.second("SA1"))


def held_of(world: World) -> list[Checkpoint]:
    """Return every checkpoint that was ever kept beside the log, smallest first."""
    return [read_note(path.read_text("utf-8")) for path in sorted((world.settings.var / "audit").glob("*.note"))]


def packed(world: World, *, period: Period = PERIOD, signer: Signer | None = None, held: Any = ()) -> bytes:
    """Return a pack of the world, signed by its own key or another, without the acts around it."""
    out = io.BytesIO()
    with open_source(world.server, period) as source:
        write(source, out, signer=signer or signer_in(world.settings.secrets), held=held, readme="baca")
    return out.getvalue()


def made(world: World, path: Path, who: str = "AU1", **more: Any) -> Any:
    """Make a pack as the command does."""
    days = {"first": PERIOD.first, "last": PERIOD.last}
    return make(world.desk(who), world.server, world.settings.secrets, **{**days, **more}, path=path)


def checked(world: World, data: bytes, key: PublicKey, held: list[Checkpoint], **more: Any) -> Verdict:
    """Verify a pack as an outsider who was given BNSP's key, the log's key and these checkpoints."""
    ring = more.pop("keys", None) or public_keys_in(world.settings.secrets)
    return verify(io.BytesIO(data), keys=ring, log_key=key, held=held, **more)
