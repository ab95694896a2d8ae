"""Whether a TKI may be tested at this place, on this day, by this assessor (§3.2, §3.4, §12.5; DV-A03, A05, A08, A13, E09, N08).

`load` reads the registers once, for one TKI or for thousands; the judges below are pure and raise the refusal that fits. What only
the database can decide (seats, load, two places at once) is in `placing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec

from posko.domain.errors import Refused
from posko.domain.refusals import refuse
from posko.services.parameters import number_on
from posko.services.rows import Row, many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import sqlalchemy as sa

P = ParamSpec("P")
Span = tuple[date, date | None]

FURTHEST_DAYS = 366
"""An exam day is booked a year ahead at most; what lies further is a slip of the keyboard."""
ADULT, ADULT_INFORMAL = 18, 21
"""Youngest age on the day of the test; 21 with an individual employer (DV-E09, law)."""
EVERY_TUK = "*"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where, when and for which LSP and scheme somebody is tested."""

    exam_on: date
    lsp_code: str
    tuk_code: str
    scheme_code: str
    slot: int = 1


@dataclass(frozen=True)
class Registers:
    """What BNSP's registers say of some LSP and TUK, their assessors, their ties and their closed days."""

    lsp: Mapping[str, Row]
    tuk: Mapping[str, Row]
    asesor: Mapping[str, Row]
    links: Mapping[tuple[str, str, str], Sequence[Span]]
    schemes: Mapping[tuple[str, str], Sequence[Span]]
    suspended: Mapping[tuple[str, str], Sequence[Span]]
    ties: Mapping[tuple[str, str], Sequence[tuple[str, str, Span]]]
    closed: Mapping[tuple[date, str], str]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of the day on which is scheduled, and that day."""

    today: date
    payment_gate: bool
    retake_days: int
    attempts_most: int


def load(db: sa.Connection, *, lsp_codes: Iterable[str], tuk_codes: Iterable[str], days: Iterable[date]) -> Registers:
    """Read the registers for some LSP and TUK, with all assessors of those LSP."""
    codes = {"lsp": sorted(set(lsp_codes)), "tuk": sorted(set(tuk_codes))}
    asesor = many(db, "select * from posko.asesor where lsp_code in :lsp order by met_no", lsp=codes["lsp"])
    links = many(db, "select * from posko.tuk_lsp where lsp_code in :lsp and tuk_code in :tuk", **codes)
    schemes = many(
        db,
        "select scheme.* from posko.asesor_scheme as scheme join posko.asesor as asesor on asesor.met_no = scheme.met_no"
        " where asesor.lsp_code in :lsp",
        lsp=codes["lsp"],
    )
    closed = many(
        db, "select closed_on, tuk_code, reason from posko.closed_day where closed_on in :days", days=sorted(set(days))
    )
    return Registers(
        lsp={
            row["lsp_code"]: row for row in many(db, "select * from posko.lsp where lsp_code in :lsp", lsp=codes["lsp"])
        },
        tuk={
            row["tuk_code"]: row for row in many(db, "select * from posko.tuk where tuk_code in :tuk", tuk=codes["tuk"])
        },
        asesor={row["met_no"]: row for row in asesor},
        links=_spans(links, "tuk_code", "lsp_code", "scheme_code"),
        schemes=_spans(schemes, "met_no", "scheme_code"),
        suspended=_suspended(db),
        ties=_ties(db, codes),
        closed={(row["closed_on"], row["tuk_code"]): row["reason"] for row in closed},
    )


def terms_on(db: sa.Connection, today: date) -> Terms:
    """Return the parameters that count for scheduling on a day."""
    return Terms(
        today=today,
        payment_gate=bool(number_on(db, "payment_gate", today)),
        retake_days=number_on(db, "retake_days", today),
        attempts_most=number_on(db, "attempts_most", today),
    )


def judge_day(registers: Registers, seat: Seat, today: date) -> None:
    """Refuse a day that is not after today, too far away or closed."""
    day = seat.exam_on.isoformat()
    if seat.exam_on <= today:
        raise refuse("DAY_TOO_EARLY", exam_on=day)
    if (seat.exam_on - today).days > FURTHEST_DAYS:
        raise refuse("DAY_TOO_FAR", exam_on=day, days=FURTHEST_DAYS)
    why = registers.closed.get((seat.exam_on, EVERY_TUK)) or registers.closed.get((seat.exam_on, seat.tuk_code))
    if why is not None:
        raise refuse("DAY_CLOSED", exam_on=day, why=why)


def judge_place(registers: Registers, seat: Seat) -> None:
    """Refuse an LSP or TUK that is not registered, licensed and free to work on the day, together, for the scheme (DV-A03)."""
    day = seat.exam_on.isoformat()
    for kind, code, known in (("LSP", seat.lsp_code, registers.lsp), ("TUK", seat.tuk_code, registers.tuk)):
        named = {f"{kind.lower()}_code": code}
        if code not in known:
            raise refuse(f"{kind}_UNKNOWN", **named)
        if not _holds((known[code]["valid_from"], known[code]["valid_until"]), seat.exam_on):
            raise refuse(f"{kind}_EXPIRED", exam_on=day, **named)
        if _any(registers.suspended.get((kind, code)), seat.exam_on):
            raise refuse(f"{kind}_SUSPENDED", exam_on=day, **named)
    if not _any(registers.links.get((seat.tuk_code, seat.lsp_code, seat.scheme_code)), seat.exam_on):
        raise refuse(
            "TUK_NOT_OF_LSP",
            tuk_code=seat.tuk_code,
            lsp_code=seat.lsp_code,
            scheme_code=seat.scheme_code,
            exam_on=day,
        )


def judge_asesor(registers: Registers, seat: Seat, met_no: str) -> None:
    """Refuse an assessor who is not registered for the LSP, the scheme and the day (DV-A05)."""
    day, asesor = seat.exam_on.isoformat(), registers.asesor.get(met_no)
    if asesor is None:
        raise refuse("ASESOR_UNKNOWN", met_no=met_no)
    if asesor["lsp_code"] != seat.lsp_code:
        raise refuse("ASESOR_OF_OTHER_LSP", met_no=met_no, lsp_code=seat.lsp_code)
    if not _holds((asesor["valid_from"], asesor["valid_until"]), seat.exam_on):
        raise refuse("ASESOR_EXPIRED", met_no=met_no, exam_on=day)
    if not _any(registers.schemes.get((met_no, seat.scheme_code)), seat.exam_on):
        raise refuse("ASESOR_SCHEME", met_no=met_no, scheme_code=seat.scheme_code, exam_on=day)
    if _any(registers.suspended.get(("ASESOR", met_no)), seat.exam_on):
        raise refuse("ASESOR_SUSPENDED", met_no=met_no, exam_on=day)


def judge_candidate(registers: Registers, seat: Seat, candidate: Row, terms: Terms, made: Row | None = None) -> None:
    """Refuse a place that does not fit the candidate: ties, age, payment, retake (DV-A08, E09, A13, N08).

    Args:
        registers: with the LSP and TUK of the seat.
        seat: the place.
        candidate: born_on, sector, blkln_code, pptkis_name, payment_status.
        terms: the parameters of today.
        made: `made` (times scheduled before) and `last_on` (day of the last test), None: never.
    """
    day = seat.exam_on.isoformat()
    parties = {("PPTKIS", _name(candidate["pptkis_name"])), ("BLKLN", _name(candidate["blkln_code"]))}
    for body in (("LSP", seat.lsp_code), ("TUK", seat.tuk_code)):
        for kind, code, span in registers.ties.get(body, ()):
            if (kind, code) in parties and _holds(span, seat.exam_on):
                raise refuse("TIED", body=" ".join(body), party=kind, exam_on=day)
    minimum = ADULT_INFORMAL if _name(candidate["sector"]) == "INFORMAL" else ADULT
    age = age_on(candidate["born_on"], seat.exam_on)
    if age < minimum:
        raise refuse("TOO_YOUNG", age=age, exam_on=day, minimum=minimum)
    if terms.payment_gate and candidate["payment_status"] == "BELUM":
        raise refuse("PAYMENT_DUE")
    if made is None:
        return
    if terms.attempts_most and made["made"] >= terms.attempts_most:
        raise refuse("ATTEMPTS_USED", made=made["made"], most=terms.attempts_most)
    earliest = made["last_on"] + timedelta(days=terms.retake_days)
    if seat.exam_on < earliest:
        raise refuse("RETAKE_TOO_SOON", earliest=earliest.isoformat(), days=terms.retake_days)


def refusal_of(judge: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> Refused | None:
    """Return what one of the judges refuses with, None if it lets pass."""
    try:
        judge(*args, **kwargs)
    except Refused as refusal:
        return refusal
    return None


def age_on(born_on: date, day: date) -> int:
    """Return the age in full years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _spans(rows: Iterable[Row], *key: str) -> dict[Any, list[Span]]:
    found: dict[Any, list[Span]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in key), []).append((row["valid_from"], row["valid_until"]))
    return found


def _suspended(db: sa.Connection) -> dict[tuple[str, str], list[Span]]:
    found: dict[tuple[str, str], list[Span]] = {}
    for row in many(db, "select * from posko.suspension where party_kind in ('LSP', 'TUK', 'ASESOR')"):
        span = (row["suspended_from"], row["suspended_until"])
        found.setdefault((row["party_kind"], row["party_code"]), []).append(span)
    return found


def _ties(db: sa.Connection, codes: Mapping[str, list[str]]) -> dict[tuple[str, str], list[tuple[str, str, Span]]]:
    found: dict[tuple[str, str], list[tuple[str, str, Span]]] = {}
    for row in many(
        db,
        "select * from posko.ownership_tie where (body_kind = 'LSP' and body_code in :lsp)"
        " or (body_kind = 'TUK' and body_code in :tuk)",
        **codes,
    ):
        party = (row["party_kind"], _name(row["party_code"]), (row["valid_from"], row["valid_until"]))
        found.setdefault((row["body_kind"], row["body_code"]), []).append(party)
    return found


def _name(value: str | None) -> str:
    return (value or "").strip().upper()


def _holds(span: Span, day: date) -> bool:
    return span[0] <= day and (span[1] is None or day <= span[1])


def _any(spans: Sequence[Span] | None, day: date) -> bool:
    return any(_holds(span, day) for span in spans or ())
