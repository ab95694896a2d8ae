"""Who becomes staff, and with which finger: enrolment by two persons, replacement, suspension (§8.2; R-048, R-070, F03).

One identification number has one role, for good. The first Super Administrator comes in once, by `bootstrap`, while there is no staff
at all. Everybody else needs two persons of Super Administrator and BNSP, neither of them herself, and her own finger on
a reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import ROLE_LABELS, Command, Role
from posko.domain.proof import Purpose
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs, sessions, templates
from posko.services.office import act
from posko.services.proofs import second_person, use_proof
from posko.services.rows import Row, add, change, many, one

if TYPE_CHECKING:
    from posko.domain.errors import Refused
    from posko.services.office import Tx

ENTITY = "staff"
ROLES = tuple(role for role in Role if role is not Role.PUBLIC)
_SCOPES = {
    "lsp_code": (Role.LSP, "LSP", "STAFF_LSP_OUT", "posko.lsp where lsp_code"),
    "tuk_code": (Role.TUK, "TUK", "STAFF_TUK_OUT", "posko.tuk where tuk_code"),
    "met_no": (Role.ASESOR, "nomor MET", "STAFF_ASESOR_OUT", "posko.asesor where met_no"),
}
"""Column -> the only role that has it, its name, the refusal when it is not in force, where it is registered."""
_MUTEX = "enrolment.bootstrap:once"


@act("staff.bootstrap", None)
def bootstrap(tx: Tx, *, person_id: str, full_name: str, proof: object) -> Row:
    """Enrol the first Super Administrator; only while there is no staff at all.

    Raises:
        Refused: there is staff already, or the finger is not proven.
    """
    about_staff(tx, person_id)
    tx.permit()
    number, name = inputs.person_number(person_id), inputs.text(full_name, "Nama", 255)
    if one(tx.db, "select 1 as found from posko.staff limit 1") is not None:
        raise refuse("BOOTSTRAP_OVER")
    try:
        with tx.db.begin_nested():
            tx.db.execute(
                sa.text(
                    "insert into posko.idempotency (idempotency_key, result, committed_at) values (:key, null, :at)"
                ),
                {"key": _MUTEX, "at": tx.at},
            )
    except sa.exc.IntegrityError as error:
        raise refuse("BOOTSTRAP_OVER") from error
    version = _take_set(tx, number, proof, seconded_by=None)
    return _add(tx, number, name, Role.SUPER, {}, seconded_by=None, version=version or 1)


@act("staff.enrol", Command.ENROL_STAFF)
def enrol(
    tx: Tx,
    *,
    person_id: str,
    full_name: str,
    role: str,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    met_no: str | None = None,
    proof: object,
    second: object,
) -> Row:
    """Enrol one person in one role, by two persons; her own finger must match what was just taken of her.

    Args:
        tx: the act.
        person_id: her identification number.
        full_name: her name.
        role: one of `Role` but the public.
        lsp_code: her LSP; only for an administrator of an LSP.
        tuk_code: her TUK; only for an administrator of a TUK.
        met_no: her MET number; only for an assessor, and in force in the register.
        proof: her finger, for the purpose ENROL.
        second: the finger of the second person.

    Raises:
        Refused: a value is wrong, she has a role already, the finger does not match, or the two persons may not.
    """
    places = {"lsp_code": lsp_code, "tuk_code": tuk_code, "met_no": met_no}
    number, name, wanted, scope = _new(tx, person_id, full_name, role, places, second)
    seconded_by = None if _is_alone(tx, wanted, second) else second_person(tx, second, Command.ENROL_STAFF)
    version = _take_set(tx, number, proof, seconded_by=seconded_by)
    return _add(tx, number, name, wanted, scope, seconded_by=seconded_by, version=version or 1)


def _is_alone(tx: Tx, wanted: Role, second: object) -> bool:
    """Return whether this enrols the second administrator ever, for whom no second person exists yet; the event shows it."""
    if second is not None or wanted not in {Role.SUPER, Role.BNSP}:
        return False
    staff = many(tx.db, "select person_id from posko.staff order by person_id for update")
    return [row["person_id"] for row in staff] == [tx.person_id]


@act("staff.check", Command.ENROL_STAFF)
def check_new(
    tx: Tx,
    *,
    person_id: str,
    full_name: str,
    role: str,
    lsp_code: str | None = None,
    tuk_code: str | None = None,
    met_no: str | None = None,
) -> Row:
    """Say before any finger is taken whether somebody may be enrolled so; `enrol` asks all of it again.

    Raises:
        Refused: as `enrol`, but for fingers.
    """
    places = {"lsp_code": lsp_code, "tuk_code": tuk_code, "met_no": met_no}
    number, name, wanted, scope = _new(tx, person_id, full_name, role, places, None)
    tx.record(ENTITY, number, {"step": "check", "role": wanted.value, **scope})
    return {"person_id": number, "full_name": name, "role": wanted.value, **scope}


@act("staff.replace_finger", Command.ENROL_STAFF)
def replace_finger(tx: Tx, *, person_id: str, proof: object, second: object) -> Row:
    """Take the new finger of one of the staff, by two persons; what was suspended is active again, old proofs count no more.

    Raises:
        Refused: nobody has the number, the finger does not match, or the two persons may not.
    """
    about_staff(tx, person_id)
    tx.permit()
    number = inputs.person_number(person_id)
    _not_herself(tx, number, second)
    found = _locked(tx, number)
    seconded_by = second_person(tx, second, Command.ENROL_STAFF)
    version = _take_set(tx, number, proof, seconded_by=seconded_by) or int(found["template_version"]) + 1
    change(
        tx.db,
        "update posko.staff set template_version = :version, state = 'ACTIVE', enrolled_at = :at, enrolled_by = :by,"
        " seconded_by = :second, suspended_at = null, suspended_by = null, suspended_reason = null where person_id = :id",
        version=version,
        at=tx.at,
        by=tx.person_id,
        second=seconded_by,
        id=number,
    )
    ended = sessions.end_of(tx, number, "FINGER")
    told = {"second": seconded_by, "template_version": version, "was": found["state"], "sessions_ended": ended}
    tx.record(ENTITY, number, told)
    return {"person_id": number, "role": found["role"], "template_version": version}


@act("staff.suspend", Command.SUSPEND_STAFF)
def suspend(tx: Tx, *, person_id: str, reason: str) -> Row:
    """Stop one of the staff at once: her finger opens nothing more, and her session ends.

    Raises:
        Refused: nobody has the number, she is suspended already, or it is oneself.
    """
    about_staff(tx, person_id)
    tx.permit()
    number, why = inputs.person_number(person_id), inputs.reason(reason)
    if tx.by is not None and tx.by.person_id == number:
        raise refuse("OWN_FINGER")
    if _locked(tx, number)["state"] != "ACTIVE":
        raise refuse("ALREADY_SUSPENDED")
    change(
        tx.db,
        "update posko.staff set state = 'SUSPENDED', suspended_at = :at, suspended_by = :by, suspended_reason = :reason"
        " where person_id = :id and state = 'ACTIVE'",
        at=tx.at,
        by=tx.person_id,
        reason=why,
        id=number,
    )
    ended = sessions.end_of(tx, number, "SUSPENDED")
    tx.record(ENTITY, number, {"reason": why, "sessions_ended": ended})
    return {"person_id": number, "sessions_ended": ended}


@act("staff.list", Command.ENROL_STAFF)
def list_staff(tx: Tx) -> list[Row]:
    """Return the staff with role, scope and state, for those who enrol."""
    tx.permit(how=Act.READ)
    found = staff_rows(tx.db)
    tx.record(ENTITY, "*", {"rows": len(found)})
    return found


def staff_rows(db: sa.Connection) -> list[Row]:
    """Return number, name, role, scope and state of all staff; the caller records who asked."""
    found = many(
        db,
        "select person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at from posko.staff order by person_id",
    )
    return [{**row, "enrolled_at": row["enrolled_at"].isoformat()} for row in found]


def about_staff(tx: Tx, person_id: object) -> None:
    """Say that an act is about one of the staff, unless what was given cannot be a number and could be a NIK."""
    tx.about(ENTITY, inputs.person_number_or_none(person_id) or "-")


def _take_set(tx: Tx, number: str, proof: object, *, seconded_by: str | None) -> int | None:
    """Use the proof of the new finger and bring the set that it was compared with into force; return the set's version."""
    used = use_proof(tx, proof, kind="STAFF", person_id=number, purpose=Purpose.ENROL)
    return templates.activate(tx, "STAFF", number, used, seconded_by=seconded_by)


def _add(tx: Tx, number: str, name: str, role: Role, scope: Row, *, seconded_by: str | None, version: int) -> Row:
    row = {"person_id": number, "full_name": name, "role": role.value, "state": "ACTIVE", "enrolled_at": tx.at, **scope}
    row |= {"enrolled_by": tx.person_id if tx.by else None, "seconded_by": seconded_by, "template_version": version}
    try:
        with tx.db.begin_nested():
            add(tx.db, "staff", row)
    except sa.exc.IntegrityError as error:
        known = one(tx.db, "select role from posko.staff where person_id = :id", id=number)
        if known is None:
            raise refuse("MET_TAKEN", met_no=scope.get("met_no")) from error
        raise _known_already(number, known["role"], role) from error
    tx.record(ENTITY, number, {"role": role.value, "second": seconded_by, "template_version": version, **scope})
    return {"person_id": number, "role": role.value, "template_version": version}


def _known_already(number: str, has: str, wanted: Role) -> Refused:
    """Return the refusal of a number that is taken: a slip when the role is the same, else one person in two roles (R-070)."""
    code = "STAFF_EXISTS" if has == wanted else "TWO_ROLES"
    return refuse(code, person_id=number, role=ROLE_LABELS[Role(has)])


def _role(value: object) -> Role:
    if not isinstance(value, str) or value not in ROLES:
        raise refuse("ROLE_WRONG", choices=", ".join(ROLES))
    return Role(value)


def _scope(tx: Tx, role: Role, given: Row) -> Row:
    """Return the scope that belongs to the role, as the register holds it today."""
    found: Row = {}
    for column, (owner, label, code, where) in _SCOPES.items():
        if role is not owner:
            if given[column] is not None:
                raise refuse("SCOPE_TOO_MUCH", role=ROLE_LABELS[role], what=label)
            continue
        if given[column] is None:
            raise refuse("SCOPE_MISSING", role=ROLE_LABELS[role], what=label)
        value = inputs.code(given[column], label)
        today = local_day(tx.at)
        if not many(
            tx.db,
            f"select 1 from {where} = :code and valid_from <= :day and valid_until >= :day",
            code=value,
            day=today,
        ):
            raise refuse(code, key=value)
        found[column] = value
    return found


def _new(
    tx: Tx, person_id: object, full_name: object, role: object, places: Row, second: object
) -> tuple[str, str, Role, Row]:
    """Return number, name, role and scope of somebody who has no role yet."""
    about_staff(tx, person_id)
    tx.permit()
    number, name = inputs.person_number(person_id), inputs.text(full_name, "Nama", 255)
    _not_herself(tx, number, second)
    wanted = _role(role)
    scope = _scope(tx, wanted, places)
    known = one(tx.db, "select role from posko.staff where person_id = :id", id=number)
    if known is not None:
        raise _known_already(number, known["role"], wanted)
    return number, name, wanted, scope


def _not_herself(tx: Tx, number: str, second: object) -> None:
    if tx.by is not None and tx.by.person_id == number:
        raise refuse("OWN_FINGER")
    if getattr(second, "person_id", None) == number:
        raise refuse("SECOND_IS_SUBJECT")


def _locked(tx: Tx, number: str) -> Row:
    found = one(
        tx.db, "select role, state, template_version from posko.staff where person_id = :id for update", id=number
    )
    if found is None:
        raise refuse("UNKNOWN_STAFF")
    return found
