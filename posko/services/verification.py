"""Whether a certificate is genuine: number and secure code together, asked by anybody (§13.13, §14.3; R-140, R-166, R-186).

Numbers run on and can be guessed, codes have only 24 bits. So a wrong code gets the same answer as a number that does not
exist, both take the same work, and wrong tries are few: each takes one slot of its window, for the number and for the place it
comes from, and a slot is a key of a table, so that no crowd of tries at once finds more. The certificate's row is locked
meanwhile: tries at one number come one after the other. Nothing of the holder is told before the verdict. How few is "few" are
dated parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.certificate_number import parse
from posko.domain.masking import mask_name
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.secure_code import digest_of, is_same, typed
from posko.services import deviation_register, inputs
from posko.services.certificate_signature import altered, note_altered
from posko.services.office import Tx, act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, add, one

if TYPE_CHECKING:
    from datetime import datetime

_NOTHING = bytes(16)
_KNOWN = """
    select certificate.certificate_no, certificate.journey_id, certificate.tki_id, candidate.full_name, certificate.scheme_code,
        certificate.certified_on, certificate.valid_until, certificate.status, certificate.secure_code_digest,
        certificate.lsp_code, lsp.lsp_name
    from posko.certificate
    join posko.candidate on candidate.journey_id = certificate.journey_id
    join posko.lsp on lsp.lsp_code = certificate.lsp_code
    where certificate.certificate_no = :number
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one try: minutes of a window, when this one began, and kind of subject -> wrong tries in it at most."""

    minutes: int
    window: datetime
    most: dict[str, int]


@act("certificate.verify", Command.VERIFY_CERTIFICATE)
def verify(tx: Tx, *, certificate_no: str, secure_code: str) -> dict[str, Any]:
    """Return the verdict on number and code, and for a genuine pair the least that lets its holder be known.

    Returns:
        `verdict`: VALID, EXPIRED, SUSPENDED, REVOKED or UNKNOWN; beside each but the last `certificate_no`, `tki_id`, the masked
        name, scheme, LSP, `certified_on` and `valid_until`.

    Raises:
        Refused: something is not typed, or there were too many wrong tries for this number or from here.
    """
    number = inputs.text(certificate_no, "Nomor sertifikat", 40).upper()
    code = typed(inputs.text(secure_code, "Secure code", 20))
    tx.permit()
    is_number = parse(number) is not None
    tx.about("certificate", number if is_number else "-")
    found = _known(tx, number) if is_number else None
    subjects = _subjects(tx, number if is_number else None)
    limits = _limits(tx)
    _refuse_if_many(tx, subjects, limits)
    # The digest is made and compared for a number that does not exist too: the time must not tell.
    made = digest_of(tx.desk.office.keys["secure-code-digest"], code)
    is_right = is_same(made, found["secure_code_digest"] if found else _NOTHING)
    if found is None or not is_right:
        _count_wrong(tx, subjects, limits)
        tx.record(*tx.subject, {"verdict": "UNKNOWN"})
        return {"verdict": "UNKNOWN"}
    verdict = _verdict(tx, found)
    tx.record(*tx.subject, {"verdict": verdict})
    return {"verdict": verdict} | ({} if verdict == "UNKNOWN" else _shown(found))


@act("certificate.verify_signed", Command.VERIFY_CERTIFICATE)
def verify_signed(
    tx: Tx, *, certificate_no: str, tki_id: str, lsp_code: str, certified_on: str, valid_until: str
) -> dict[str, Any]:
    """Return the verdict on a certificate whose signed QR code was read, by what our row says today.

    Whoever asks has checked the signature; what the code says takes the place of the secure code, and a wrong one counts as a wrong try.

    Returns:
        As `verify`.

    Raises:
        Refused: as `verify`.
    """
    number = inputs.text(certificate_no, "Nomor sertifikat", 40)
    said = (
        inputs.tki(tki_id),
        inputs.code(lsp_code, "LSP", 20),
        inputs.day(certified_on, "Tanggal sertifikat"),
        inputs.day(valid_until, "Tanggal berlaku"),
    )
    tx.permit()
    is_number = parse(number) is not None
    tx.about("certificate", number if is_number else "-")
    found = _known(tx, number) if is_number else None
    subjects, limits = _subjects(tx, number if is_number else None), _limits(tx)
    _refuse_if_many(tx, subjects, limits)
    if found is None or said != (found["tki_id"], found["lsp_code"], found["certified_on"], found["valid_until"]):
        _count_wrong(tx, subjects, limits)
        tx.record(*tx.subject, {"verdict": "UNKNOWN", "by": "qr"})
        return {"verdict": "UNKNOWN"}
    verdict = _verdict(tx, found)
    tx.record(*tx.subject, {"verdict": verdict, "by": "qr"})
    return {"verdict": verdict} | ({} if verdict == "UNKNOWN" else _shown(found))


def _known(tx: Tx, number: str) -> Row | None:
    is_there = one(
        tx.db, "select 1 as found from posko.certificate where certificate_no = :number for update", number=number
    )
    return one(tx.db, _KNOWN, number=number) if is_there else None


def _verdict(tx: Tx, found: Row) -> str:
    """Return what the certificate is worth today; nobody vouches for a row that was altered since it was made (DV-C05)."""
    if altered(tx.db, [int(found["journey_id"])]):
        note_altered(tx, int(found["journey_id"]), found["tki_id"], found["certificate_no"])
        return "UNKNOWN"
    is_expired = found["status"] == "VALID" and found["valid_until"] < local_day(tx.at)
    return "EXPIRED" if is_expired else str(found["status"])


def _shown(found: Row) -> dict[str, Any]:
    return {
        "certificate_no": found["certificate_no"],
        "tki_id": found["tki_id"],
        "masked_name": mask_name(found["full_name"]),
        "scheme_code": found["scheme_code"],
        "lsp_name": found["lsp_name"],
        "certified_on": found["certified_on"].isoformat(),
        "valid_until": found["valid_until"].isoformat(),
    }


def _subjects(tx: Tx, number: str | None) -> dict[str, str]:
    """Return what wrong tries are counted for: the place, and the number if it has the shape of one."""
    place = tx.desk.place
    source = {"SOURCE": (place.ip or place.device or "-")[:64]}
    return source if number is None else {"NUMBER": number, **source}


def _limits(tx: Tx) -> Limits:
    """Return the limits of the day, as BNSP has set them (R-166)."""
    day = local_day(tx.at)
    minutes = number_on(tx.db, "verification_window_minutes", day)
    most = {kind: number_on(tx.db, f"verification_tries_{kind.lower()}", day) for kind in ("NUMBER", "SOURCE")}
    return Limits(minutes, _window(tx.at, minutes), most)


def _window(at: datetime, minutes: int) -> datetime:
    """Return when the window of so many minutes began in which a moment lies; the first of a day begins at midnight UTC."""
    since = (at.hour * 60 + at.minute) % minutes
    return at - timedelta(minutes=since, seconds=at.second, microseconds=at.microsecond)


def _tries(tx: Tx, kind: str, subject: str, limits: Limits) -> int:
    found = one(
        tx.db,
        "select coalesce(max(slot), 0) as tries from posko.verification_try"
        " where subject_kind = :kind and subject = :subject and window_began_at = :window",
        kind=kind,
        subject=subject,
        window=limits.window,
    )
    return int(found["tries"]) if found else 0


def _refuse_if_many(tx: Tx, subjects: dict[str, str], limits: Limits) -> None:
    for kind, subject in subjects.items():
        if _tries(tx, kind, subject, limits) >= limits.most[kind]:
            raise refuse("TOO_MANY_TRIES", minutes=limits.minutes)


def _count_wrong(tx: Tx, subjects: dict[str, str], limits: Limits) -> None:
    """Take a slot for each subject; whoever takes the last one of a window is a deviation (DV-C04)."""
    for kind, subject in subjects.items():
        slot = _take_slot(tx, kind, subject, limits)
        if slot == limits.most[kind]:
            evidence = {"kind": kind, "subject": subject, "wrong": slot, "minutes": limits.minutes}
            deviation_register.note(
                tx, "DV-C04", evidence, mode="D", subject_kind="verification"[:12], subject_code=f"{kind}:{subject}"
            )


def _take_slot(tx: Tx, kind: str, subject: str, limits: Limits) -> int:
    while (slot := _tries(tx, kind, subject, limits) + 1) <= limits.most[kind]:
        row = {"subject_kind": kind, "subject": subject, "window_began_at": limits.window, "slot": slot}
        try:
            with tx.db.begin_nested():
                add(tx.db, "verification_try", {**row, "tried_at": tx.at})
        except sa.exc.IntegrityError:
            continue  # somebody took this slot since we looked
        return slot
    raise refuse("TOO_MANY_TRIES", minutes=limits.minutes)
