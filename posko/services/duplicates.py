"""What waits for the 1:N search, and what it found: a deviation and a case for people, never a refusal (§3.3; DV-I05, DV-I06, R-070).

`biometrics.search` compares and the system's desk records: one act a searched set of templates, so that a search that was broken off is
done again and one that is done is never repeated. A pair of identities stands once, whichever of the two was searched first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.refusals import refuse
from posko.services import case_rows, deviation_register, inputs
from posko.services.office import act
from posko.services.rows import Row, add, change, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from posko.domain.proof import PersonKind
    from posko.services.office import Tx

ENTITY = "duplicate"
TKI, STAFF = "TKI", "STAFF"
INDEX, NIK, NAME = "INDEX", "NIK", "NAME"
"""Why two fingers were compared: they share keys, their persons share a NIK, or name and day of birth."""
TWO_TKI, TKI_AND_STAFF, TWO_STAFF = "DV-I05", "DV-I06", "DV-N06"
MOST_IN_BLOCK = 50
"""Persons of one NIK or one name and birthday that are compared at most."""
_QUEUE = "posko_biometric.duplicate_search"
_TEMPLATE = "posko_biometric.finger_template"
_COLUMNS = (
    "template_id, person_kind, person_id, version, finger, seq, format, key_id, nonce, ciphertext, quality, minutiae"
)
_PAPERS = "select id_tki, no_ktp, nama, tanggal_lahir_date as born_on from posko_staging.tki_tlrt where id_tki in :ids"
_ALIKE = (
    "select id_tki, {columns} from (select id_tki, {columns}, row_number() over (partition by {columns} order by id_tki) as place"
    " from posko_staging.tki_tlrt where {condition}) as ranked where place <= :most"
)


@dataclass(frozen=True, slots=True)
class Match:
    """Two sets of templates whose fingers match: the searched one (`own_...`) and another person's.

    `score` and `threshold` are in the matcher's units, `index_score` what the index gave (None: the pair came from a block), `fingers`
    how many pairs of fingers match, `origin` one of INDEX, NIK, NAME.
    """

    own_template: int
    own_finger: int
    kind: PersonKind
    person_id: str
    version: int
    finger: int
    template_id: int
    score: int
    threshold: int
    fingers: int
    index_score: float | None
    origin: str
    format: str


def waiting(db: sa.Connection, most: int, after: int = 0) -> list[Row]:
    """Return sets that were not searched yet, the longest waiting first."""
    return many(
        db,
        f"select search_id, person_kind, person_id, version from {_QUEUE} where state = 'PENDING' and search_id > :after"
        " order by search_id limit :most",
        after=after,
        most=most,
    )


def count_waiting(db: sa.Connection) -> int:
    """Return how many sets were not searched yet."""
    found = one(db, f"select count(*) as waiting from {_QUEUE} where state = 'PENDING'")
    return int(found["waiting"]) if found else 0


def active_ids(db: sa.Connection, form: str) -> list[int]:
    """Return the numbers of all templates in force of one format, ascending."""
    rows = db.exec_driver_sql(
        f"select template_id from {_TEMPLATE} where state = 'ACTIVE' and format = %s order by template_id", (form,)
    )
    return [int(number) for (number,) in rows]


def count_foreign(db: sa.Connection, form: str) -> int:
    """Return how many templates in force are of another format, and so are not searched."""
    found = one(db, f"select count(*) as others from {_TEMPLATE} where state = 'ACTIVE' and format <> :form", form=form)
    return int(found["others"]) if found else 0


def templates_by_id(db: sa.Connection, ids: Sequence[int]) -> list[Row]:
    """Return encrypted templates in force; those retired meanwhile are left out."""
    sql = f"select {_COLUMNS} from {_TEMPLATE} where template_id in :ids and state = 'ACTIVE' order by template_id"
    return many_among(db, sql, list(ids))


def template_of_any_state(db: sa.Connection, template_id: int) -> Row | None:
    """Return one encrypted template, in force or not: a find shows what was compared then."""
    return one(db, f"select {_COLUMNS} from {_TEMPLATE} where template_id = :id", id=template_id)


def templates_of(db: sa.Connection, kind: str, persons: Sequence[str], form: str) -> list[Row]:
    """Return the encrypted templates in force of some persons, of one format."""
    sql = (
        f"select {_COLUMNS} from {_TEMPLATE} where person_kind = :kind and person_id in :ids and state = 'ACTIVE'"
        " and format = :form order by template_id"
    )
    return many_among(db, sql, list(persons), kind=kind, form=form)


def blocks(db: sa.Connection, tki_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return for each TKI the others that could be the same person by their papers: ID -> (other ID -> NIK or NAME).

    Staging has no index on these columns, so many TKI are asked for with one walk through it each. No NIK is told.
    """
    own = {row["id_tki"]: row for row in many_among(db, _PAPERS, list(tki_ids))}
    niks = sorted({row["no_ktp"] for row in own.values() if row["no_ktp"]})
    names = sorted({row["nama"] for row in own.values() if row["nama"] and row["born_on"]})
    by_nik = _alike(db, ("no_ktp",), niks)
    by_name = _alike(db, ("nama", "tanggal_lahir_date"), names)
    found: dict[str, dict[str, str]] = {}
    for tki_id, row in own.items():
        papers = dict.fromkeys(by_name.get((row["nama"], row["born_on"]), ()), NAME)
        papers |= dict.fromkeys(by_nik.get((row["no_ktp"],), ()), NIK)
        papers.pop(tki_id, None)
        found[tki_id] = papers
    return found


def _alike(db: sa.Connection, columns: tuple[str, ...], values: list[str]) -> dict[tuple[object, ...], list[str]]:
    """Return values of these columns -> TKI that have them, so many at most; `values` are those of the first column."""
    sql = _ALIKE.format(columns=", ".join(columns), condition=f"{columns[0]} in :ids")
    found: dict[tuple[object, ...], list[str]] = {}
    for row in many_among(db, sql, values, most=MOST_IN_BLOCK):
        found.setdefault(tuple(row[name] for name in columns), []).append(row["id_tki"])
    return found


@act("duplicates.search", None)
def record(tx: Tx, *, search_id: int, matches: Sequence[Match]) -> dict[str, Any]:
    """Write down what the search of one set found, and that it is done; return how many pairs are new, and their cases.

    Each new pair is a deviation in an open case, which holds the results of its TKI until two persons decided.

    Raises:
        Refused: another process recorded this search meanwhile, or these are no matches.
    """
    tx.permit()
    wanted = inputs.number(search_id, "Nomor pencarian")
    tx.about(ENTITY, wanted)
    if not isinstance(matches, list | tuple) or not all(isinstance(each, Match) for each in matches):
        raise refuse("NOT_A_LIST", what="Daftar temuan")
    own = one(
        tx.db,
        f"select person_kind, person_id, version, state from {_QUEUE} where search_id = :id for update",
        id=wanted,
    )
    if own is None or own["state"] != "PENDING":
        raise refuse("CHANGED_MEANWHILE")
    found = [made for each in matches if (made := _put(tx, own, each)) is not None]
    change(
        tx.db,
        f"update {_QUEUE} set state = 'DONE', searched_at = :at, candidates = :found where search_id = :id",
        at=tx.at,
        found=len(matches),
        id=wanted,
    )
    told = {"person_kind": own["person_kind"], "person_id": own["person_id"], "version": int(own["version"])}
    tx.record(ENTITY, wanted, {**told, "matches": len(matches), "new": [row["candidate_id"] for row in found][:100]})
    return {"new": len(found), "cases": [row["case_id"] for row in found]}


def _put(tx: Tx, own: Row, match: Match) -> Row | None:
    """Write one pair with its deviation and case; None: it is known already."""
    sides = [
        (own["person_kind"], own["person_id"], int(own["version"]), match.own_finger, match.own_template),
        (match.kind, match.person_id, match.version, match.finger, match.template_id),
    ]
    names = ("kind", "id", "version", "finger", "template")
    one_side, other_side = sorted(sides)
    pair: Row = {f"one_{name}": value for name, value in zip(names, one_side, strict=True)}
    pair |= {f"other_{name}": value for name, value in zip(names, other_side, strict=True)}
    if _known(tx, pair):
        return None
    deviation_id = _note(tx, own, match)
    case_id = _case(tx, pair, deviation_id, match.score)
    row = {
        **pair,
        **{name: getattr(match, name) for name in ("fingers", "score", "threshold", "index_score", "origin")},
        "template_format": match.format,
        "found_at": tx.at,
        "deviation_id": deviation_id,
        "case_id": case_id,
    }
    return {"candidate_id": add(tx.db, "duplicate_candidate", row), "case_id": case_id}


def _known(tx: Tx, pair: Row) -> bool:
    columns = ("one_kind", "one_id", "one_version", "other_kind", "other_id", "other_version")
    where = " and ".join(f"{name} = :{name}" for name in columns)
    values = {name: pair[name] for name in columns}
    return one(tx.db, f"select 1 as known from posko.duplicate_candidate where {where}", **values) is not None


def _note(tx: Tx, own: Row, match: Match) -> int:
    """Write the deviation: of the TKI, where one of the two is; it took place, so it holds her result."""
    own_side, other_side = (own["person_kind"], own["person_id"]), (match.kind, match.person_id)
    kinds = {own_side[0], match.kind}
    rule = TWO_TKI if kinds == {TKI} else TWO_STAFF if kinds == {STAFF} else TKI_AND_STAFF
    tki, subject = (other_side, own_side) if own_side[0] == STAFF else (own_side, other_side)
    evidence = {
        "searched": list(own_side),
        "found": list(other_side),
        "versions": [int(own["version"]), match.version],
        "fingers": [match.own_finger, match.finger],
        "score": match.score,
        "threshold": match.threshold,
        "origin": match.origin,
        "by": tx.person_id,
    }
    return deviation_register.note(
        tx,
        rule,
        evidence,
        mode="D",
        subject_kind=subject[0].lower(),
        subject_code=subject[1],
        tki_id=tki[1] if tki[0] == TKI else None,
        severity="H",
    )


def _case(tx: Tx, pair: Row, deviation_id: int, score: int) -> int:
    """Take the deviation into the open case of these two identities, or open one; return its number."""
    rows = many(tx.db, "select * from posko.deviation where deviation_id = :id", id=deviation_id)
    there = one(
        tx.db,
        "select k.case_id from posko.duplicate_candidate d join posko.deviation_case k on k.case_id = d.case_id"
        " where d.one_kind = :one_kind and d.one_id = :one_id and d.other_kind = :other_kind and d.other_id = :other_id"
        " and k.status <> 'CLOSED' order by k.case_id limit 1 for update",
        **{name: pair[name] for name in ("one_kind", "one_id", "other_kind", "other_id")},
    )
    said = f"Sidik jari yang sama pada {_called(pair, 'one')} dan {_called(pair, 'other')} (skor {score})"
    if there is not None:
        case_rows.feed(tx, int(there["case_id"]), rows, said)
        return int(there["case_id"])
    subjects = {(pair[f"{side}_kind"].lower(), str(pair[f"{side}_id"])) for side in ("one", "other")}
    return case_rows.put(tx, rows, said[:255], subjects)


def _called(pair: Row, side: str) -> str:
    return f"{'TKI' if pair[f'{side}_kind'] == TKI else 'petugas'} {pair[f'{side}_id']}"
