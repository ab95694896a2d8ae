"""Enrolment step by step, as a screen goes through it: open, six impressions, again, cancel (§6.1, §8.2; R-026, R-048, X11, F03).

    desk.do(enrolment_steps.begin, kind="STAFF", person_id="BN-7", fingers=[2, 7])
    ...                          a reader answers six requests for the purpose ENROL_IMPRESSION: `biometrics.impressions.take`
    impressions.finish(...)      judges the six as one set, which then waits for its proof (`template_capture`)

Staff are enrolled under ENROL_STAFF, TKI under REGISTER. An impression that is no good is refused at once, with its reason, and does not
count; the time is limited, so that nothing of a person who went away stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.fingers import FINGERS, finger_name
from posko.domain.matrix import Command
from posko.domain.proof import PersonKind, Purpose
from posko.domain.refusals import CATALOGUE, refuse
from posko.domain.roles import Act
from posko.services import enrolment_rows, finger_attempts, inputs, template_capture, templates
from posko.services.enrolment_rows import CANCELLED, EXPIRED, OPEN
from posko.services.office import act
from posko.services.rows import Row, one
from posko.services.templates import SealedTemplate, add_rows

if TYPE_CHECKING:
    from posko.services.finger_attempts import Attempt
    from posko.services.office import Tx

LIFE = dt.timedelta(minutes=15)
"""How long an enrolment may take; afterwards what was taken of it is worthless."""
IMPRESSIONS = 3
KINDS = ("STAFF", "TKI")
_COMMANDS = {"STAFF": Command.ENROL_STAFF, "TKI": Command.REGISTER}


@dataclass(frozen=True, slots=True)
class Impression:
    """What one touch gave: the encrypted template, or the code of what is wrong with it; made by `biometrics` alone."""

    person_kind: PersonKind
    person_id: str
    finger: int
    attempt: Attempt
    sealed: SealedTemplate | None
    problem: str | None = None


@act("finger_set.begin", Command.ENROL_STAFF)
def begin(tx: Tx, *, kind: str, person_id: str, fingers: object) -> Row:
    """Begin to take two fingers of a person, three times each; what the same officer began before is cancelled.

    Args:
        tx: the act, of one of the two persons who enrol.
        kind: `STAFF` or `TKI`.
        person_id: her identification number or ID TKI.
        fingers: two different numbers of ISO/IEC 19794-2, 1-10.

    Returns:
        `enrolment_id`, and `seconds` that it may take.

    Raises:
        Refused: no such person, her own finger, two fingers are not named, BNP2TKI's print is there, or a colleague takes them now.
    """
    person, number = _permitted(tx, kind, person_id)
    if person == "STAFF" and tx.by is not None and tx.by.person_id == number:
        raise refuse("OWN_FINGER")
    one_finger, other_finger = _two_fingers(fingers)
    if person == "TKI":
        template_capture.check_reference(tx, number)
    swept = enrolment_rows.sweep(tx)
    before = enrolment_rows.standing(tx.db, person, number, lock=True)
    if before is not None:
        if before["opened_by"] != tx.person_id:
            raise refuse("ENROL_RUNNING", who=before["opened_by"])
        enrolment_rows.close(tx, person, number, CANCELLED)
    row: Row = {
        "person_kind": person, "person_id": number, "finger_one": one_finger, "finger_two": other_finger, "state": OPEN,
        "opened_at": tx.at, "opened_by": tx.person_id, "expires_at": tx.at + LIFE,
    }  # fmt: skip
    try:
        with tx.db.begin_nested():
            add_rows(tx.db, "enrolment", [row])
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error
    made = enrolment_rows.standing(tx.db, person, number)
    enrolment_id = int(made["enrolment_id"]) if made else 0
    tx.record(tx.subject[0], number, {"enrolment": enrolment_id, "fingers": [one_finger, other_finger], "swept": swept})
    return {"enrolment_id": enrolment_id, "seconds": int(LIFE.total_seconds())}


@act("finger_set.take_impression", None)
def take_impression(tx: Tx, *, impression: Impression) -> Row:
    """Keep one impression of an enrolment under way, or write down why it is no good; either way its sample is spent.

    Returns:
        `problem` (a code of the catalogue, None: it counts), `kept` (impressions of this finger), `event`.

    Raises:
        Refused: no enrolment is under way, the finger was taken three times, the sample came before (DV-I10), or it is a file in
            production.
    """
    tx.permit()
    impression = finger_attempts.made_by_biometrics(impression, Impression)
    tx.about(_entity(impression.person_kind), impression.attempt.person_id)
    tx.context.update(finger=impression.finger, station=impression.attempt.station_code)
    row = enrolment_rows.open_of(tx.db, impression.person_kind, impression.person_id, tx.at, lock=True)
    if row is None or impression.finger not in {row["finger_one"], row["finger_two"]}:
        raise refuse("ENROL_NOT_OPEN")
    if impression.problem == finger_attempts.FOREIGN:
        raise refuse(finger_attempts.FOREIGN)
    there = [each for each in enrolment_rows.kept(tx.db, row["enrolment_id"]) if each["finger"] == impression.finger]
    if len(there) >= IMPRESSIONS:
        raise refuse("ENROL_FINGER_FULL")
    finger_attempts.keep_samples(tx, (impression.attempt,))
    told = {
        "enrolment": int(row["enrolment_id"]),
        "finger": impression.finger,
        **finger_attempts.told_of(impression.attempt),
    }
    if impression.problem is not None or impression.sealed is None:
        event = tx.record(*tx.subject, {**told, "code": impression.problem}, outcome="failed")
        return {"problem": impression.problem, "kept": len(there), "event": event}
    _keep(tx, int(row["enrolment_id"]), impression, impression.sealed, len(there) + 1)
    return {"problem": None, "kept": len(there) + 1, "event": tx.record(*tx.subject, told)}


@act("finger_set.take_again", Command.ENROL_STAFF)
def take_again(tx: Tx, *, kind: str, person_id: str, finger: int) -> Row:
    """Let go of what was taken of one finger, so that it can be taken anew.

    Raises:
        Refused: no enrolment is under way, or it is none of its fingers.
    """
    person, number, row = _running(tx, kind, person_id)
    if isinstance(finger, bool) or finger not in {row["finger_one"], row["finger_two"]}:
        raise refuse("ENROL_FINGERS")
    cleared = enrolment_rows.clear(tx.db, int(row["enrolment_id"]), finger)
    tx.record(tx.subject[0], number, {"enrolment": int(row["enrolment_id"]), "finger": finger, "cleared": cleared})
    return {"cleared": cleared, "kind": person}


@act("finger_set.supervise", Command.ENROL_STAFF)
def supervise(tx: Tx, *, kind: str, person_id: str) -> Row:
    """Answer for impressions of low quality (20-34) in this enrolment; it stands with the set for good.

    Raises:
        Refused: no enrolment is under way.
    """
    _, number, row = _running(tx, kind, person_id)
    enrolment_rows.supervise(tx.db, int(row["enrolment_id"]))
    tx.record(tx.subject[0], number, {"enrolment": int(row["enrolment_id"]), "supervised": True})
    return {"enrolment_id": int(row["enrolment_id"])}


@act("finger_set.cancel", Command.ENROL_STAFF)
def cancel(tx: Tx, *, kind: str, person_id: str) -> Row:
    """Break an enrolment off; nothing of what was taken stays but that it was taken.

    Raises:
        Refused: there is none.
    """
    person, number = _permitted(tx, kind, person_id)
    closed = enrolment_rows.close(tx, person, number, CANCELLED)
    if closed is None:
        raise refuse("ENROL_NOT_OPEN")
    tx.record(tx.subject[0], number, {"enrolment": closed})
    return {"enrolment_id": closed}


@act("finger_set.progress", Command.ENROL_STAFF)
def progress(tx: Tx, *, kind: str, person_id: str) -> Row:
    """Return how the newest enrolment of a person stands.

    Returns:
        `state`: OPEN, CAPTURED, CANCELLED, EXPIRED, or None: there was none; `fingers`: its two; `seconds` left; `opened_by`;
        `is_supervised`; `kept`: finger, seq, quality, minutiae of each impression that counts; `last`: the newest touch with `finger`,
        `outcome` and, where it did not count, `code` and `sentence`; `pending`: version of the set that waits for its proof, or None.

    Raises:
        Refused: no such number, or the role may not.
    """
    person, number = _permitted(tx, kind, person_id, how=Act.READ)
    row = enrolment_rows.newest_of(tx.db, person, number)
    pending = templates.rows_of(tx.db, person, number, templates.PENDING)
    tx.record(tx.subject[0], number, {"step": "progress"})
    told: Row = {"state": None, "pending": int(pending[0]["version"]) if pending else None}
    if row is None:
        return told
    is_over = row["state"] == OPEN and row["expires_at"] <= tx.at
    kept = [] if is_over else enrolment_rows.kept(tx.db, int(row["enrolment_id"]))
    return told | {
        "state": EXPIRED if is_over else row["state"],
        "fingers": [int(row["finger_one"]), int(row["finger_two"])],
        "seconds": max(0, int((row["expires_at"] - tx.at).total_seconds())),
        "opened_by": row["opened_by"],
        "is_supervised": bool(row["is_supervised"]),
        "kept": [{name: each[name] for name in ("finger", "seq", "quality", "minutiae")} for each in kept],
        "last": _last(tx, person, number, row["opened_at"]),
    }


def _permitted(tx: Tx, kind: object, person_id: object, *, how: Act = Act.DO) -> tuple[PersonKind, str]:
    """Return kind and number of the person, if the role may enrol such persons."""
    person = "TKI" if inputs.choice(kind, "Jenis orang", KINDS) == "TKI" else "STAFF"
    number = inputs.tki(person_id) if person == "TKI" else inputs.person_number(person_id)
    tx.about(_entity(person), number)
    tx.permit(how=how, command=_COMMANDS[person])
    return ("TKI", number) if person == "TKI" else ("STAFF", number)


def _running(tx: Tx, kind: object, person_id: object) -> tuple[PersonKind, str, Row]:
    person, number = _permitted(tx, kind, person_id)
    row = enrolment_rows.open_of(tx.db, person, number, tx.at, lock=True)
    if row is None:
        raise refuse("ENROL_NOT_OPEN")
    return person, number, row


def _entity(kind: str) -> str:
    return "tki" if kind == "TKI" else "staff"


def _two_fingers(given: object) -> tuple[int, int]:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise refuse("ENROL_FINGERS")
    one_finger, other = given
    if any(isinstance(each, bool) or not isinstance(each, int) or not 1 <= each < len(FINGERS) for each in given):
        raise refuse("ENROL_FINGERS")
    if one_finger == other:
        raise refuse("ENROL_FINGERS")
    return one_finger, other


def _keep(tx: Tx, enrolment_id: int, impression: Impression, sealed: SealedTemplate, seq: int) -> None:
    if sealed.seq != seq:
        raise refuse("CHANGED_MEANWHILE")
    attempt = impression.attempt
    row: Row = {
        "enrolment_id": enrolment_id, "finger": impression.finger, "seq": seq, "state": "KEPT", "format": sealed.format,
        "key_id": sealed.key_id, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext, "minutiae": sealed.minutiae,
        "quality": sealed.quality, "station_code": attempt.station_code, "reader_kind": attempt.reader_kind,
        "reader_serial": attempt.reader_serial, "taken_at": tx.at,
    }  # fmt: skip
    try:
        with tx.db.begin_nested():
            add_rows(tx.db, "enrolment_impression", [row])
    except sa.exc.IntegrityError as error:
        raise refuse("CHANGED_MEANWHILE") from error


def _last(tx: Tx, kind: PersonKind, number: str, since: dt.datetime) -> Row | None:
    """Return the newest touch of this enrolment, with the sentence why it did not count."""
    row = one(
        tx.db,
        "select asked_finger, outcome, reason, quality, minutiae from posko.finger_attempt where person_kind = :kind"
        " and person_id = :person and purpose = :purpose and received_at >= :since order by attempt_id desc limit 1",
        kind=kind,
        person=number,
        purpose=Purpose.ENROL_IMPRESSION.value,
        since=since,
    )
    if row is None:
        return None
    sentence = CATALOGUE.get(row["reason"]) if row["outcome"] == "REFUSED" else None
    said = sentence.text.format(finger=finger_name(int(row["asked_finger"]))) if sentence else None
    shown = {name: row[name] for name in ("outcome", "quality", "minutiae")}
    return {"finger": int(row["asked_finger"]), **shown, "code": row["reason"], "sentence": said}
