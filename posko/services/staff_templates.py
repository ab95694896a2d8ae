"""Templates of staff who left: retired with a reason by two persons, kept as history, never deleted (§8.2; R-026, R-048, R-187)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.services import inputs, templates
from posko.services.enrolment import ENTITY, about_staff
from posko.services.office import act
from posko.services.proofs import second_person
from posko.services.rows import Row, change, one

if TYPE_CHECKING:
    from posko.services.office import Tx


@act("staff.retire_templates", Command.ENROL_STAFF)
def retire(tx: Tx, *, person_id: str, reason: str, second: object) -> Row:
    """Retire all templates of a suspended person, so that no finger is compared with them any more; return how many.

    Her way back is a new enrolment by two persons, as after any suspension.

    Args:
        tx: the act.
        person_id: her identification number.
        reason: why; it stands with each template.
        second: the finger of the second person.

    Raises:
        Refused: nobody has the number, it is oneself or the second person, she is still active, or she has none in force.
    """
    about_staff(tx, person_id)
    tx.permit()
    number, why = inputs.person_number(person_id), inputs.reason(reason)
    if tx.by is not None and tx.by.person_id == number:
        raise refuse("OWN_FINGER")
    found = one(tx.db, "select state, template_version from posko.staff where person_id = :id for update", id=number)
    if found is None:
        raise refuse("UNKNOWN_STAFF")
    if found["state"] != "SUSPENDED":
        raise refuse("NOT_SUSPENDED")
    seconded_by = second_person(tx, second, Command.ENROL_STAFF)
    retired = templates.retire(tx, "STAFF", number, why, state=templates.ACTIVE)
    retired += templates.retire(tx, "STAFF", number, why, state=templates.PENDING)
    if not retired:
        raise refuse("NO_TEMPLATES")
    # A proof that was made a moment ago names the version before.
    change(tx.db, "update posko.staff set template_version = template_version + 1 where person_id = :id", id=number)
    tx.record(ENTITY, number, {"reason": why, "second": seconded_by, "retired": retired})
    return {"person_id": number, "retired": retired}
