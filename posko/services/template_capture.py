"""Enrolment of fingers: captured by those on duty, proven by a fresh finger before it counts (§6.1, §8.2; R-026, R-048, X11, F03).

Two fingers, three impressions each, that match each other: `biometrics.enrolment` judges, and what it found wrong is refused here, so
that it is recorded. The set waits as PENDING until a finger that is taken again matches it; `enrolment` (staff) and `enrol_tki`
then bring it into force, by two persons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.fingers import finger_name
from posko.domain.matrix import Command
from posko.domain.proof import Purpose
from posko.domain.refusals import refuse
from posko.services import enrolment_rows, finger_attempts, inputs, templates
from posko.services.enrolment import about_staff
from posko.services.office import act
from posko.services.proofs import second_person, use_proof
from posko.services.rows import many, one
from posko.services.templates import FROM_BNP2TKI, FROM_ENROLMENT, PENDING, Captured

if TYPE_CHECKING:
    from posko.domain.proof import PersonKind
    from posko.services.office import Tx
    from posko.services.rows import Row

PROBLEMS = (
    "ENROL_SHAPE",
    "ENROL_UNUSABLE",
    "ENROL_FEW_MINUTIAE",
    "ENROL_QUALITY_UNKNOWN",
    "ENROL_QUALITY_LOW",
    "ENROL_NEEDS_SUPERVISOR",
    "ENROL_IMPRESSIONS_DIFFER",
    "ENROL_SAME_FINGER",
)
"""What `biometrics.enrolment` may find wrong with a capture, in the order in which it looks."""
_EXPECTED = frozenset({*PROBLEMS, finger_attempts.FOREIGN})
CAPTURED_AGAIN = "direkam ulang sebelum dibuktikan"


@act("finger_set.capture_first", None)
def capture_first(tx: Tx, *, person_id: str, taken: Captured) -> Row:
    """Keep the fingers of the first Super Administrator until she proves one; only while there is no staff at all.

    Raises:
        Refused: there is staff already, or as `capture_staff`.
    """
    about_staff(tx, person_id)
    tx.permit()
    number = inputs.person_number(person_id)
    if one(tx.db, "select 1 as found from posko.staff limit 1") is not None:
        raise refuse("BOOTSTRAP_OVER")
    return _keep(tx, "STAFF", number, taken)


@act("finger_set.capture_staff", Command.ENROL_STAFF)
def capture_staff(tx: Tx, *, person_id: str, taken: Captured) -> Row:
    """Keep the fingers of one of the staff, or of one to be, until she proves one.

    Args:
        tx: the act, of one of the two persons who enrol.
        person_id: her identification number.
        taken: what `biometrics.enrolment` took of her.

    Returns:
        `version` of the set, and how many `impressions` it has.

    Raises:
        Refused: the capture is no good, a sample came before (DV-I10), or it is one's own finger.
    """
    about_staff(tx, person_id)
    tx.permit()
    number = inputs.person_number(person_id)
    if tx.by is not None and tx.by.person_id == number:
        raise refuse("OWN_FINGER")
    return _keep(tx, "STAFF", number, taken)


@act("finger_set.capture_tki", Command.REGISTER)
def capture_tki(tx: Tx, *, tki_id: str, taken: Captured) -> Row:
    """Keep the fingers of a TKI of whom BNP2TKI sent none, until she proves one (X11).

    Raises:
        Refused: BNP2TKI's print is there and stays the reference, no such TKI, or as `capture_staff`.
    """
    tki = _about_tki(tx, tki_id)
    tx.permit()
    check_reference(tx, tki)
    return _keep(tx, "TKI", tki, taken)


@act("finger_set.enrol_tki", Command.REGISTER)
def enrol_tki(tx: Tx, *, tki_id: str, proof: object, second: object) -> Row:
    """Bring the captured fingers of a TKI into force, by two persons and her own fresh finger; the set before stays as history.

    Args:
        tx: the act.
        tki_id: ID TKI.
        proof: her finger, for the purpose ENROL.
        second: the finger of a second person who may register.

    Raises:
        Refused: nothing was captured, the finger does not match, BNP2TKI's print came meanwhile, or the two persons may not.
    """
    tki = _about_tki(tx, tki_id)
    tx.permit()
    check_reference(tx, tki)
    seconded_by = second_person(tx, second, Command.REGISTER)
    used = use_proof(tx, proof, kind="TKI", person_id=tki, purpose=Purpose.ENROL)
    version = templates.activate(tx, "TKI", tki, used, seconded_by=seconded_by)
    if version is None:
        raise refuse("NOTHING_CAPTURED")
    tx.record("tki", tki, {"version": version, "second": seconded_by, "provenance": FROM_ENROLMENT})
    return {"tki_id": tki, "version": version}


def _about_tki(tx: Tx, tki_id: object) -> str:
    tki = inputs.tki(tki_id)
    tx.about("tki", tki)
    return tki


def check_reference(tx: Tx, tki: str) -> None:
    """Refuse where BNP2TKI's own print is in force, because it is the reference (6.1), and a TKI whom BNP2TKI never sent.

    Raises:
        Refused: one of the two.
    """
    if one(tx.db, "select 1 as found from posko_staging.tki_tlrt where id_tki = :id", id=tki) is None:
        raise refuse("TKI_UNKNOWN", tki_id=tki)
    in_force = many(
        tx.db,
        "select distinct provenance from posko_biometric.finger_template where person_kind = 'TKI' and person_id = :id"
        " and state = 'ACTIVE'",
        id=tki,
    )
    if any(row["provenance"] == FROM_BNP2TKI for row in in_force):
        raise refuse("PRINT_IS_REFERENCE")


def _keep(tx: Tx, kind: PersonKind, person_id: str, taken: Captured) -> Row:
    """Write a good capture as the person's waiting set; the one that waited before is retired, because its proof will not come."""
    taken = finger_attempts.made_by_biometrics(taken, Captured)
    tx.context.update(taken.told)
    if taken.problem in _EXPECTED:
        raise refuse(taken.problem, finger=finger_name(int(taken.told.get("finger", 0))))
    if taken.problem is not None or not taken.templates:
        raise ValueError(f"a capture that cannot be kept: {taken.problem}")
    templates.retire(tx, kind, person_id, CAPTURED_AGAIN, state=PENDING)
    templates.put(tx, kind, person_id, taken, state=PENDING, provenance=FROM_ENROLMENT)
    finger_attempts.keep_samples(tx, taken.attempts)
    enrolment_rows.close(tx, kind, person_id, enrolment_rows.CAPTURED)
    told = {"version": taken.version, "impressions": len(taken.templates), "station": taken.station_code}
    told |= {"reader": taken.reader_serial, "supervised": taken.is_supervised, **taken.told}
    tx.record(tx.subject[0], person_id, told)
    return {"version": taken.version, "impressions": len(taken.templates)}
