"""What the office sees of the staff: a list that is searched and paged in the database, and one person with her fingers (§8.2; R-048)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import finger_sets, inputs
from posko.services.enrolment import ENTITY, ROLES, about_staff
from posko.services.list_query import contains, ordered, searched
from posko.services.office import act
from posko.services.paging import choice_or_none, part
from posko.services.rows import Row, many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

STATES = ("ACTIVE", "SUSPENDED", "NO_FINGER")
"""States that a list may be asked for; NO_FINGER: nobody's finger opens anything under this number."""
_FROM = f"""
    from posko.staff as staff
    left join (select person_id, count(distinct finger) as fingers from posko_biometric.finger_template
        where person_kind = 'STAFF' and state = 'ACTIVE' group by person_id) as known on known.person_id = staff.person_id
    where {contains("staff.person_id", "staff.full_name", "staff.lsp_code", "staff.tuk_code", "staff.met_no")}
        and (:role is null or staff.role = :role)
        and (:state is null or staff.state = :state or (:state = 'NO_FINGER' and known.fingers is null))"""
ORDERS = {"full_name": "staff.full_name", "enrolled_at": "staff.enrolled_at", "role": "staff.role"}
"""What the list may be sorted by -> column."""
_PLACES = {
    "LSP": "select lsp_code as code, lsp_name as name from posko.lsp",
    "TUK": "select tuk_code as code, tuk_name as name from posko.tuk",
    "ASESOR": "select met_no as code, asesor_name as name from posko.asesor",
}


@act("screen.staff", Command.ENROL_STAFF)
def listed(
    tx: Tx, *, limit: int, offset: int, search: str | None = None, role: str | None = None, state: str | None = None,
    order: str | None = None,
) -> Row:  # fmt: skip
    """Return one page of the staff by number.

    Args:
        tx: the act.
        limit: rows at most.
        offset: rows before.
        search: part of a number, a name or a scope; None or blank: all.
        role: one of the roles, or None.
        state: one of `STATES`, or None.
        order: one of `ORDERS`, downwards after a minus; None: by number.

    Returns:
        `total`, and `rows`: person_id, full_name, role, scope, state, fingers (in force), enrolled_at (ISO).

    Raises:
        Refused: a filter that there is not.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    asked = {
        "search": searched(search),
        "role": choice_or_none(role, "Peran", ROLES),
        "state": choice_or_none(state, "Keadaan", STATES),
    }
    by, some = ordered(order, ORDERS, "staff.person_id"), part(limit, offset)
    total = one(tx.db, f"select count(*) as staff {_FROM}", **asked)
    rows = many(
        tx.db,
        "select staff.person_id, staff.full_name, staff.role, coalesce(staff.lsp_code, staff.tuk_code, staff.met_no) as scope,"
        f" staff.state, coalesce(known.fingers, 0) as fingers, staff.enrolled_at {_FROM}"
        f" order by {by} limit :most offset :before",
        **some,
        **asked,
    )
    tx.record(ENTITY, "*", {"rows": len(rows), "before": some["before"], "is_searched": asked["search"] is not None})
    shown = [{**row, "fingers": int(row["fingers"]), "enrolled_at": row["enrolled_at"].isoformat()} for row in rows]
    return {"total": int(total["staff"]) if total else 0, "rows": shown}


@act("screen.staff_member", Command.ENROL_STAFF)
def member(tx: Tx, *, person_id: str) -> Row:
    """Return one of the staff: `person`, her `sets` of templates, and the 1:N `search` of them.

    Raises:
        Refused: nobody has the number.
    """
    about_staff(tx, person_id)
    tx.permit(how=Act.READ)
    number = inputs.person_number(person_id)
    row = one(
        tx.db,
        "select person_id, full_name, role, lsp_code, tuk_code, met_no, state, enrolled_at, enrolled_by, seconded_by,"
        " suspended_at, suspended_by, suspended_reason, template_version from posko.staff where person_id = :id",
        id=number,
    )
    if row is None:
        raise refuse("UNKNOWN_STAFF")
    tx.record(ENTITY, number, {"screen": "staff"})
    times = {name: row[name].isoformat() if row[name] else None for name in ("enrolled_at", "suspended_at")}
    return {
        "person": {**row, **times},
        "sets": finger_sets.sets_of(tx.db, "STAFF", number),
        "search": finger_sets.search_of(tx.db, "STAFF", number),
    }


@act("screen.staff_scopes", Command.ENROL_STAFF)
def scopes(tx: Tx, *, role: str) -> dict[str, str]:
    """Return code -> name of the bodies or assessors in force today to which a new officer of this role may belong; none for others.

    An assessor who has a number already is left out.

    Raises:
        Refused: there is no such role.
    """
    tx.about(ENTITY, "*")
    tx.permit(how=Act.READ)
    wanted = inputs.choice(role, "Peran", ROLES)
    found: list[Row] = []
    if wanted in _PLACES:
        taken = (
            " and met_no not in (select met_no from posko.staff where met_no is not null)" if wanted == "ASESOR" else ""
        )
        found = many(
            tx.db,
            f"{_PLACES[wanted]} where valid_from <= :day and valid_until >= :day{taken} order by code limit :most",
            day=local_day(tx.at),
            most=inputs.MOST_ROWS,
        )
    tx.record(ENTITY, "*", {"role": wanted, "places": len(found)})
    return {row["code"]: row["name"] for row in found}
