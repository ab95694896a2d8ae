"""Whom and what a deviation case is about: drawn from its deviations, completed by who opens it (§5.2; requirements section 7.9).

A subject is a kind and a code. Kinds that hold a result are `journey`, `tki` and `session`; `staff` are persons, who may neither handle nor
close the case. A prevented act names who tried it, so nobody closes the case on an own attempt.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

Subject = tuple[str, str]
STAFF, ASESOR = "staff", "asesor"
NOBODY = frozenset({"posko", "umum"})
"""Who is no person: the system, the public."""


def of_deviations(db: sa.Connection, rows: Sequence[Row]) -> set[Subject]:
    """Return the subjects of a case on these deviations."""
    found: set[Subject] = set()
    for row in rows:
        if row["journey_id"] is not None:
            found.add(("journey", str(row["journey_id"])))
        elif row["tki_id"] is not None:
            found.add(("tki", row["tki_id"]))
        elif row["session_id"] is not None:
            found.add(("session", str(row["session_id"])))
        if row["subject_kind"] not in {"journey", "tki", "session"}:
            found.add((row["subject_kind"], row["subject_code"]))
        by = _who(row) if row["mode"] == "P" else None
        if by is not None:
            found.add((STAFF, by))
    return found | _persons(db, found)


def checked(db: sa.Connection, value: object) -> set[Subject]:
    """Return the subjects that a person named.

    Raises:
        Refused: not a list of pairs of texts.
    """
    if value is None:
        return set()
    if not isinstance(value, list | tuple | set | frozenset) or len(value) > 1000:
        raise refuse("NOT_A_SUBJECT")
    named: set[Subject] = set()
    for pair in value:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise refuse("NOT_A_SUBJECT")
        named.add(
            (inputs.code(pair[0], "Jenis pokok kasus", 12).lower(), inputs.code(pair[1], "Kode pokok kasus", 120))
        )
    return named | _persons(db, named)


def persons(db: sa.Connection, case_id: int) -> frozenset[str]:
    """Return the identification numbers of the persons that a case is about."""
    found = many(
        db,
        "select subject_code from posko.case_subject where case_id = :id and subject_kind = :kind",
        id=case_id,
        kind=STAFF,
    )
    return frozenset(row["subject_code"] for row in found)


def bodies(db: sa.Connection, case_id: int) -> tuple[set[str], set[str]]:
    """Return the LSP and the TUK that a case touches, so that they may comment on it."""
    rows = many(
        db,
        "select s.lsp_code, s.tuk_code from posko.case_subject c join posko.allocation a"
        " on c.subject_kind = 'journey' and c.subject_code = cast(a.journey_id as char) and a.attempt_no is not null"
        " join posko.exam_session s on s.session_id = a.session_id where c.case_id = :id"
        " union select s.lsp_code, s.tuk_code from posko.case_subject c join posko.exam_session s"
        " on c.subject_kind = 'session' and c.subject_code = cast(s.session_id as char) where c.case_id = :id"
        " union select t.lsp_code, t.tuk_code from posko.case_subject c join posko.staff t"
        " on c.subject_kind = 'staff' and c.subject_code = t.person_id where c.case_id = :id"
        " union select if(subject_kind = 'lsp', subject_code, null), if(subject_kind = 'tuk', subject_code, null)"
        " from posko.case_subject where case_id = :id and subject_kind in ('lsp', 'tuk')",
        id=case_id,
    )
    return (
        {row["lsp_code"] for row in rows if row["lsp_code"]},
        {row["tuk_code"] for row in rows if row["tuk_code"]},
    )


def _who(row: Row) -> str | None:
    by = json.loads(row["evidence"]).get("by")
    return by if isinstance(by, str) and by and by not in NOBODY else None


def _persons(db: sa.Connection, subjects: Iterable[Subject]) -> set[Subject]:
    """Return the staff behind assessors that are subjects by their MET number."""
    numbers = sorted(code for kind, code in subjects if kind == ASESOR)
    if not numbers:
        return set()
    found = many(db, "select person_id from posko.staff where met_no in :numbers", numbers=numbers)
    return {(STAFF, row["person_id"]) for row in found}
