"""The whole audit log checked or given out from a screen: permission, then the long work, then what came of it (§5.7; R-025, R-181)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from posko.db.audit import MAC_KEY
from posko.db.audit_file import LOG_NAME
from posko.db.secrets import read_or_make_key
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import audit_export, deviation_register
from posko.services.audit_notes import read_note
from posko.services.audit_proof import log_key
from posko.services.audit_verify import Verdict
from posko.services.office import act
from posko.services.rows import many_among, one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa

    from posko.db.engine import Server
    from posko.services.audit_notes import PublicKey
    from posko.services.office import Tx
    from posko.settings import Settings

    Told = Callable[[int, int], None]

ENTITY, RULE = "audit", "DV-X05"
SHOWN = 200
"""Findings that a screen gets; the command has all."""
READ_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class LogPlace:
    """Where the log of one installation is: server, folder of the checkpoints, folder of the secrets, log file."""

    server: Server
    checkpoints: Path
    secrets: Path
    file: Path

    @classmethod
    def of(cls, settings: Settings, server: Server) -> LogPlace:
        """Return the place of an installation's log."""
        return cls(server, settings.var / "audit", settings.secrets, settings.var / "log" / LOG_NAME)

    def key(self) -> PublicKey:
        """Return the log's public key.

        Raises:
            Refused: nothing was ever sealed.
        """
        found = log_key(self.checkpoints)
        if found is None:
            raise refuse("LOG_KEY_MISSING")
        return found


@act("audit.verify", Command.READ_LOG)
def verify(tx: Tx, *, log: LogPlace | None = None, with_file: bool = False, told: Told | None = None) -> dict[str, Any]:
    """Check every event, mac, seal and checkpoint of the log; return the verdict as `Verdict.as_dict`, with 200 findings at most.

    Those stand in the register of deviations too, once each (DV-X05).

    Args:
        tx: the act.
        log: where the log is.
        with_file: compare the log file too, which takes the memory of a hash an event.
        told: hears events read and events there are, every so often.

    Raises:
        Refused: nothing was sealed yet, or the role may not read the log.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    if log is None:
        raise refuse("LOG_KEY_MISSING")
    key, total = log.key(), _events(tx.db)
    kept = [read_note(path.read_text("utf-8")) for path in sorted(log.checkpoints.glob("*.note"))]
    own = log.secrets / MAC_KEY
    verdict = audit_export.verify_tables(
        log.server,
        kept,
        key,
        mac_key=read_or_make_key(own) if own.exists() else None,
        told=None if told is None else lambda done: told(done, total),
    )
    if with_file and log.file.exists():
        audit_export.compare_log_file(log.server, log.file, verdict)
    tx.record(ENTITY, "*", _figures(verdict))
    _note(tx, verdict)
    shown = verdict.as_dict()
    return {**shown, "finding_count": len(verdict.findings), "findings": shown["findings"][:SHOWN]}


@act("audit.export", Command.EXPORT_AUDIT)
def export(
    tx: Tx, *, log: LogPlace | None = None, file: Path | None = None, readme: str = "", told: Told | None = None
) -> dict[str, Any]:
    """Write all that is sealed into one ZIP file for an outsider; return its `events`, `bytes` and `sha256`.

    Args:
        tx: the act.
        log: where the log is.
        file: where the ZIP file shall stand; its folder must be there.
        readme: what tells the outsider how to check it, put beside the events.
        told: hears events written and events there are, every so often.

    Raises:
        Refused: nothing was sealed yet, or the role may not export.
    """
    tx.about(ENTITY, "export")
    tx.permit()
    if log is None or file is None:
        raise refuse("LOG_KEY_MISSING")
    key, total = log.key(), _events(tx.db)
    with TemporaryDirectory(dir=file.parent) as made:
        folder = file.parent / made
        events = audit_export.write_export(
            log.server, key, folder, None if told is None else lambda done: told(done, total)
        )
        (folder / "BACA.txt").write_text(readme, "utf-8")
        _pack(folder, file)
    digest = _digest(file)
    tx.record(ENTITY, "export", {"events": events, "bytes": file.stat().st_size, "sha256": digest})
    return {"events": events, "bytes": file.stat().st_size, "sha256": digest}


@act("audit.export_taken", Command.EXPORT_AUDIT)
def export_taken(tx: Tx, *, file: Path | None = None) -> str:
    """Write down that an export was taken away, before it is; return its SHA-256.

    Raises:
        Refused: there is no such file, or the role may not export.
    """
    tx.about(ENTITY, "export")
    tx.permit()
    if file is None or not file.is_file():
        raise refuse("EXPORT_GONE")
    digest = _digest(file)
    tx.record(ENTITY, "export", {"taken": file.name, "bytes": file.stat().st_size, "sha256": digest})
    return digest


@act("audit.note_findings", None)
def note_findings(tx: Tx, *, verdict: object = None) -> int:
    """Write what `posko audit verify` found in this installation's own log into the register (DV-X05); return how many places are new.

    Raises:
        Refused: this is no verdict.
    """
    tx.about(ENTITY, "*")
    tx.permit()
    if not isinstance(verdict, Verdict):
        raise refuse("NOT_A_LIST", what="Hasil verifikasi")
    new = _note(tx, verdict)
    tx.record(ENTITY, "*", {**_figures(verdict), "new": new})
    return new


def _figures(verdict: Verdict) -> dict[str, Any]:
    kinds = sorted({finding.kind for finding in verdict.findings})
    return {
        **{name: getattr(verdict, name) for name in ("size", "verified", "unsealed", "open_tails", "macs_checked")},
        "findings": len(verdict.findings),
        "kinds": kinds,
    }


def _note(tx: Tx, verdict: Verdict) -> int:
    """Write what is wrong with the log into the register, each place once; return how many places are new."""
    told = {f"log {finding.kind} {finding.where}"[:120]: finding for finding in verdict.findings[:SHOWN]}
    sql = "select subject_code from posko.deviation where rule_id = :rule and subject_kind = 'system' and subject_code in :ids"
    known = {row["subject_code"] for row in many_among(tx.db, sql, sorted(told), rule=RULE)}
    new = {code: finding for code, finding in told.items() if code not in known}
    for code, finding in new.items():
        said = {"found": finding.kind, "where": finding.where[:60]}
        deviation_register.note(tx, RULE, said, mode="D", subject_kind="system", subject_code=code)
    return len(new)


def _events(db: sa.Connection) -> int:
    """Return about how many events there are: what was numbered, which costs no count."""
    row = one(db, "select coalesce(max(event_id), 0) as events from posko_audit.audit_event")
    return int(row["events"]) if row else 0


def _pack(folder: Path, file: Path) -> None:
    """Put all files of a folder into one ZIP file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(folder))


def _digest(file: Path) -> str:
    made = sha256()
    with file.open("rb") as opened:
        while part := opened.read(READ_AT_ONCE):
            made.update(part)
    return made.hexdigest()
