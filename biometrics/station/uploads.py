"""Late attendance as the server takes it: the chain is checked, every finger compared again, each entry answered once (R-185, DV-I10).

What the station found itself decides nothing. The server opens the template that the station made of the finger, compares it with the set
in force, and records through the services; a second upload of an entry gets the first answer.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from biometrics import iso19794
from biometrics.errors import BiometricError
from biometrics.station.messages import assurance, binary, moment, number, table_of, text
from biometrics.station.queue import hash_of, is_signed, root_of
from biometrics.station.sealing import seal, unseal
from biometrics.types import ANY_FINGER, PPI, Encoding, Sample, Template
from posko.domain.errors import Refused
from posko.domain.proof import FingerProof, Purpose, seal_of
from posko.domain.refusals import refuse
from posko.services import station_uploads
from posko.services.rows import one
from posko.services.station_uploads import ATTEND, NOT_COMPARED, OPERATOR, PROBE_BROKEN, Entry

if TYPE_CHECKING:
    import sqlalchemy as sa

    from biometrics.station.service import Service
    from posko.domain.proof import PersonKind
    from posko.services.office import Desk
    from posko.services.station_knock import Admitted

MOST_ENTRIES = 20
"""Entries that one upload holds at most."""
LARGEST_SEQ = 2**31 - 1
LARGEST_SCORE = 10_000
_KINDS: dict[str, tuple[PersonKind, Purpose]] = {
    OPERATOR: ("STAFF", Purpose.LOGIN),
    ATTEND: ("TKI", Purpose.ATTEND),
}


def take(service: Service, station: Admitted, body: bytes) -> dict[str, Any]:
    """Take entries in their order and return `answers`, one an entry.

    Args:
        service: the server.
        station: who sent them, proven.
        body: `{"entries": [...]}`, each as `biometrics.station.queue` wrote it.

    Raises:
        Refused: an entry is not signed by this station, is not the next one, or does not follow the one before; recorded. Those
            before it are taken.
    """
    desk = service.desk(station)
    try:
        entries = table_of(body).get("entries")
        if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
            raise refuse("STATION_MESSAGE")
    except Refused as refusal:
        service.refuse(desk, station, refusal.code)
        raise
    return {"answers": [_one(service, desk, station, signed) for signed in entries]}


def _one(service: Service, desk: Desk, station: Admitted, signed: dict[str, Any]) -> dict[str, Any]:
    if not is_signed(signed, Ed25519PublicKey.from_public_bytes(station.signing_key)):
        service.refuse(desk, station, "STATION_ENTRY_UNSIGNED")
    try:
        entry = _entry(station, signed)
        serial = text(signed["entry"], "reader_serial")
        kind = text(signed["entry"], "reader_kind", 20)
    except Refused as refusal:
        service.refuse(desk, station, refusal.code)
        raise
    with service.office.engine.connect() as db:
        known = station_uploads.answered(db, station.key_id, entry.seq)
        last = station_uploads.state_of(db, station.key_id)
    if known is not None:
        if known["entry_sha256"] != entry.entry_sha256:
            service.refuse(desk, station, "STATION_ENTRY_AGAIN", seq=entry.seq)
        return {**known["answer"], "again": True}
    if entry.seq != last["seq"] + 1:
        service.refuse(desk, station, "STATION_GAP", seq=entry.seq, expected=last["seq"] + 1)
    before = root_of(station.key_id) if last["entry_sha256"] is None else last["entry_sha256"].hex()
    if signed["entry"]["previous"] != before:
        service.refuse(desk, station, "STATION_CHAIN", seq=entry.seq)
    if serial != station.reader_serial:
        return desk.do(station_uploads.take, entry=entry, proof=None, problem=refuse("STATION_OTHER_READER"))
    proof, problem, is_recorded = _compared(service, station, entry, signed["entry"], kind)
    return desk.do(station_uploads.take, entry=entry, proof=proof, problem=problem, is_recorded=is_recorded)


def _entry(station: Admitted, signed: dict[str, Any]) -> Entry:
    told = signed["entry"]
    kind = text(told, "kind", 10)
    digest = binary(told, "sample_sha256")
    if kind not in _KINDS or len(digest) != sha256().digest_size or told.get("key_id") != station.key_id:
        raise refuse("STATION_MESSAGE")
    return Entry(
        key_id=station.key_id,
        seq=number(told, "seq", LARGEST_SEQ, 1),
        station_code=station.station_code,
        tuk_code=station.tuk_code,
        entry_sha256=bytes.fromhex(hash_of(signed)),
        kind=kind,
        session_id=None if told.get("session_id") is None else number(told, "session_id", 2**62, 1),
        person_id=text(told, "person_id", 64),
        sample_sha256=digest,
        captured_at=moment(told, "captured_at"),
        local_score=number(told, "local_score", LARGEST_SCORE),
    )


def _compared(
    service: Service, station: Admitted, entry: Entry, told: dict[str, Any], reader_kind: str
) -> tuple[FingerProof | None, Refused | None, bool]:
    """Compare the finger of an entry again; return its proof, or why there is none and whether that is recorded already."""
    nonce = sha256(b"late" + entry.entry_sha256).hexdigest()[:32]
    kind, purpose = _KINDS[entry.kind]
    with service.office.engine.connect() as db:
        earlier = _earlier(db, nonce)
        is_copy = earlier is None and _is_known(db, entry.sample_sha256)
    if earlier is not None:
        return _proof_again(service, entry, earlier), None, True
    if is_copy:
        return None, refuse("SAMPLE_REPLAYED"), False
    try:
        sample = _sample(service, station, entry, told, reader_kind, nonce)
    except (BiometricError, Refused, ValueError, struct.error):
        return None, refuse(PROBE_BROKEN), False
    try:
        found = service.verifier.verify(
            kind, entry.person_id, purpose, sample, station_code=station.station_code, is_late=True
        )
    except Refused as refusal:
        return None, refusal, True
    return found.proof, None if found.proof else refuse(NOT_COMPARED), False


def _sample(
    service: Service, station: Admitted, entry: Entry, told: dict[str, Any], reader_kind: str, nonce: str
) -> Sample:
    """Return the finger of an entry as a record of minutiae: the station kept no image."""
    matcher = service.verifier.matcher
    data = unseal(binary(told, "probe"), service.keys.sealing, context_of(entry.station_code, entry.person_id))
    if text(told, "format", 20) != matcher.format:
        raise refuse(PROBE_BROKEN)
    probe = Template(matcher.format, ANY_FINGER, data, number(told, "minutiae", 255))
    impression = matcher.impression_of(probe)
    return Sample(
        data=iso19794.write(impression),
        width=impression.width,
        height=impression.height,
        ppi=PPI,
        reader_kind=reader_kind,
        reader_serial=station.reader_serial,
        captured_at=entry.captured_at,
        nonce=nonce,
        assurance=assurance(told),
        encoding=Encoding.ISO_19794_2,
    )


def context_of(station_code: str, person_id: str) -> str:
    """Return what a probe is sealed as."""
    return f"probe|{station_code}|{person_id}"


def probe_of(template: Template, receiver: bytes, station_code: str, person_id: str) -> dict[str, Any]:
    """Return the fields of an entry that hold its finger, sealed for the server."""
    sealed = seal(template.data, receiver, context_of(station_code, person_id))
    return {"probe": base64.b64encode(sealed).decode(), "format": template.format, "minutiae": template.minutiae}


def _is_known(db: sa.Connection, sample_sha256: bytes) -> bool:
    """Return whether the image behind an entry came before: in a comparison, or in an entry."""
    found = one(
        db,
        "select exists (select 1 from posko.finger_attempt where sample_sha256 = :digest) or"
        " exists (select 1 from posko.station_upload where sample_sha256 = :digest) as is_known",
        digest=sample_sha256,
    )
    return bool(found and found["is_known"])


def _earlier(db: sa.Connection, nonce: str) -> dict[str, Any] | None:
    """Return the comparison of this entry that was stored just before the server was cut off."""
    return one(
        db,
        "select proof_id, outcome, score, threshold, quality, template_version, reader_serial, sample_sha256, captured_at"
        " from posko.finger_attempt where nonce = :nonce",
        nonce=nonce,
    )


def _proof_again(service: Service, entry: Entry, row: dict[str, Any]) -> FingerProof | None:
    """Return the proof of a stored comparison, as it was; None: it proved nothing."""
    if row["proof_id"] is None:
        return None
    kind, purpose = _KINDS[entry.kind]
    bare = FingerProof(
        proof_id=row["proof_id"],
        person_kind=kind,
        person_id=entry.person_id,
        purpose=purpose,
        station_code=entry.station_code,
        is_match=row["outcome"] == "MATCH",
        score=int(row["score"] or 0),
        threshold=int(row["threshold"] or 0),
        quality=int(row["quality"] or 0),
        template_version=int(row["template_version"] or 1),
        reader_serial=row["reader_serial"],
        sample_sha256=row["sample_sha256"],
        captured_at=row["captured_at"],
    )
    return replace(bare, seal=seal_of(bare, service.office.keys["finger-proof"]))
