"""What the evaluation's dashboards show: stages, pass rates, comparisons, lead times, the door, certificates, deviations (§14.2; R-162).

All of it is counted from the marts, so every answer is that of one load; an LSP names itself and sees nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from posko.domain.calendar import local_day
from posko.domain.estimates import Standing, quantile, standing, wilson
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.roles import Act
from posko.services import inputs
from posko.services.evaluation_marts import BODIES, DAYS, Asked, Load, load
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

ENTITY = "dashboard"
NAMES = {
    "ASESOR": "select met_no as code, asesor_name as name from posko.asesor where met_no in :ids",
    "TUK": "select tuk_code as code, tuk_name as name from posko.tuk where tuk_code in :ids",
    "LSP": "select lsp_code as code, lsp_name as name from posko.lsp where lsp_code in :ids",
    "BLKLN": "select blkln_code as code, blkln_name as name from posko.blkln where blkln_code in :ids",
}
"""Kind of body -> query of the names of some."""
CHOICES = {"lsp": "lsp_code", "tuk": "tuk_code", "skema": "scheme_code", "negara": "destination"}
"""Filter -> column of the monthly counts whose values may be chosen."""


@act("dashboard.load", Command.EVALUATE)
def state(tx: Tx, *, lsp_code: str | None) -> dict[str, Any] | None:
    """Return which load the marts hold, and what may be chosen in the filters; None: they were never made.

    Returns:
        `load_no`, `data_at` (UTC), `touched`: journeys written since; `months` as YYYY-MM, `lsp` and `tuk` as code -> name, `skema` and
        `negara` as lists: what occurs in the counts that the reader may see.

    Raises:
        Refused: another LSP's.
    """
    lsp = _scope(tx, lsp_code)
    found = load(tx.db)
    tx.record(ENTITY, "load", {"load": found.number if found else None})
    if found is None:
        return None
    values = {
        name: [
            row["value"]
            for row in many(
                tx.db,
                f"select distinct {column} as value from posko_model.fct_evaluation_month"
                " where (:lsp is null or lsp_code = :lsp) order by 1",
                lsp=lsp,
            )
        ]
        for name, column in {**CHOICES, "months": "month_on"}.items()
    }
    return {
        "load_no": found.number,
        "data_at": found.data_at,
        "touched": found.touched,
        "months": [f"{value:%Y-%m}" for value in values["months"]],
        "lsp": _named(tx, "LSP", values["lsp"]),
        "tuk": _named(tx, "TUK", values["tuk"]),
        "skema": values["skema"],
        "negara": values["negara"],
    }


@act("dashboard.stages", Command.EVALUATE)
def stages(tx: Tx, *, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return how many attempts came to each stage in each month: `month` (YYYY-MM), `stage`, `tki`, in the order of time and stages.

    Raises:
        Refused: what was asked for is none, or another LSP's; the marts were never made.
    """
    wanted, _ = _open(tx, asked, "stages")
    where, values = wanted.where("month_on", "counted")
    rows = many(
        tx.db,
        "select counted.month_on, counted.stage, sum(counted.tki) as tki from posko_model.fct_evaluation_month as counted"
        f" where {where} group by counted.month_on, counted.stage",
        **values,
    )
    order = list(DAYS)
    found = [{"month": f"{row['month_on']:%Y-%m}", "stage": row["stage"], "tki": int(row["tki"])} for row in rows]
    return sorted(found, key=lambda row: (row["month"], order.index(row["stage"])))


@act("dashboard.rates", Command.EVALUATE)
def rates(tx: Tx, *, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the share that passed of those decided in each month: `month`, `tested`, `passed`, `share`, and Wilson's `low` and `high`.

    Raises:
        Refused: as `stages`.
    """
    wanted, _ = _open(tx, asked, "rates")
    rows = _outcomes(tx, wanted, "decided")
    return [
        {"month": month, **_share(found.get("K", 0), found.get("K", 0) + found.get("BK", 0))}
        for month, found in rows.items()
    ]


@act("dashboard.door", Command.EVALUATE)
def door(tx: Tx, *, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return what happened at the door in each month: `month`, and a count for each outcome of the attendance.

    Raises:
        Refused: as `stages`.
    """
    wanted, _ = _open(tx, asked, "door")
    names = ("PRESENT", "ABSENT", "TURNED_AWAY_NO_MATCH", "TURNED_AWAY_NOT_REGISTERED")
    return [
        {"month": month, **{name: found.get(name, 0) for name in names}}
        for month, found in _outcomes(tx, wanted, "examined").items()
    ]


@act("dashboard.certificates", Command.EVALUATE)
def certificates(tx: Tx, *, asked: Mapping[str, object]) -> dict[str, Any]:
    """Return the certificates of each month and how often they were printed, and the stock of blanks of each LSP.

    Returns:
        `rows`: month, certified, UNPRINTED, PRINTED (once), REPRINTED, copies. `blanks`: lsp_code, FREE, USED, SPOILED; they are those
        of now, whatever months, TUK or countries were asked for.

    Raises:
        Refused: as `stages`.
    """
    wanted, _ = _open(tx, asked, "certificates")
    where, values = wanted.where("month_on", "counted")
    copies = {
        f"{row['month_on']:%Y-%m}": int(row["copies"])
        for row in many(
            tx.db,
            "select counted.month_on, sum(counted.copies) as copies from posko_model.fct_evaluation_month as counted"
            f" where {where} and counted.stage = 'certified' group by counted.month_on",
            **values,
        )
    }
    names = ("UNPRINTED", "PRINTED", "REPRINTED")
    rows = [
        {
            "month": month,
            "certified": sum(found.values()),
            **{name: found.get(name, 0) for name in names},
            "copies": copies[month],
        }
        for month, found in _outcomes(tx, wanted, "certified").items()
    ]
    blanks: dict[str, dict[str, Any]] = {}
    for row in many(
        tx.db,
        "select lsp_code, state, blanks from posko_model.fct_evaluation_blank where (:lsp is null or lsp_code = :lsp)"
        " order by lsp_code",
        lsp=wanted.lsp,
    ):
        one = blanks.setdefault(row["lsp_code"], {"lsp_code": row["lsp_code"], "FREE": 0, "USED": 0, "SPOILED": 0})
        one[row["state"]] = int(row["blanks"])
    return {"rows": rows, "blanks": list(blanks.values())}


@act("dashboard.leads", Command.EVALUATE)
def leads(tx: Tx, *, asked: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return how long each stage took for those who ended it in these months: `stage`, `tki`, `median`, `p90` in whole hours.

    From two days on the hours are those of whole days.

    Raises:
        Refused: as `stages`.
    """
    wanted, _ = _open(tx, asked, "leads")
    where, values = wanted.where("month_on", "timed")
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in many(
        tx.db,
        "select timed.stage, timed.lead_hours, sum(timed.tki) as tki from posko_model.fct_evaluation_lead as timed"
        f" where {where} group by timed.stage, timed.lead_hours",
        **values,
    ):
        found[row["stage"]][int(row["lead_hours"])] = int(row["tki"])
    return [
        {
            "stage": stage,
            "tki": sum(found[stage].values()),
            "median": quantile(found[stage], 0.5),
            "p90": quantile(found[stage], 0.9),
        }
        for stage in DAYS
        if stage in found
    ]


@act("dashboard.compare", Command.EVALUATE)
def compare(tx: Tx, *, asked: Mapping[str, object], kind: str) -> list[dict[str, Any]]:
    """Return the pass rates of assessors, TUK, LSP or BLKLN, the highest first, those with too few after them in the order of their codes.

    Args:
        tx: the act.
        asked: what to look at.
        kind: one of `BODIES`.

    Returns:
        `code`, `name`, `tested`, `passed`, `share`, `low`, `high`, `standing` (see `posko.domain.estimates`) and `least`. With fewer than
        `least` tested (parameter `comparison_least_tki`) share and interval are None: they are not compared and not ranked.

    Raises:
        Refused: as `stages`; no such kind.
    """
    kind = inputs.choice(kind, "Pihak", BODIES)
    wanted, _ = _open(tx, asked, f"compare-{kind.lower()}")
    where, values = wanted.where("decided_on", "attempt")
    rows = many(
        tx.db,
        f"select attempt.{BODIES[kind]} as code, count(*) as tested, sum(attempt.result = 'K') as passed"
        f" from posko_model.fct_evaluation_attempt as attempt where {where} group by attempt.{BODIES[kind]} order by 1",
        **values,
    )
    counts = [(str(row["code"]), int(row["passed"]), int(row["tested"])) for row in rows]
    tested, passed = sum(each[2] for each in counts), sum(each[1] for each in counts)
    least = number_on(tx.db, "comparison_least_tki", local_day(tx.at))
    names = _named(tx, kind, [code for code, _, _ in counts])
    found = []
    for code, part, whole in counts:
        how = standing(part, whole, passed / tested if tested else 0.0, least)
        line: dict[str, Any] = {"code": code, "name": names[code], "standing": how.value, "least": least}
        shown = _share(part, whole)
        if how is Standing.TOO_FEW:
            shown |= {"share": None, "low": None, "high": None}
        found.append({**line, **shown})
    return sorted(found, key=lambda row: (row["share"] is None, -(row["share"] or 0.0), row["code"]))


def _scope(tx: Tx, lsp_code: object) -> str | None:
    """Return the LSP whose counts are read; None: of all.

    Raises:
        Refused: another LSP's, or all of them where the reader may see only her own.
    """
    lsp = None if lsp_code is None else inputs.code(lsp_code, "LSP", 20)
    tx.about(ENTITY, lsp or "all")
    tx.permit(how=Act.READ, lsp_code=lsp)
    return lsp


def _open(tx: Tx, asked: Mapping[str, object], view: str) -> tuple[Asked, Load]:
    """Return what is asked for and which load answers, and write down that it was looked at."""
    wanted = Asked.of(asked)
    _scope(tx, wanted.lsp)
    found = load(tx.db)
    if found is None:
        raise refuse("MARTS_NOT_MADE")
    tx.record(ENTITY, view, {"load": found.number, "lsp": wanted.lsp or "all", **wanted.told()})
    return wanted, found


def _outcomes(tx: Tx, wanted: Asked, stage: str) -> dict[str, dict[str, int]]:
    """Return month (YYYY-MM) -> outcome -> attempts of one stage, in the order of time."""
    where, values = wanted.where("month_on", "counted")
    found: dict[str, dict[str, int]] = {}
    for row in many(
        tx.db,
        "select counted.month_on, counted.outcome, sum(counted.tki) as tki from posko_model.fct_evaluation_month as counted"
        f" where {where} and counted.stage = :stage group by counted.month_on, counted.outcome order by counted.month_on",
        stage=stage,
        **values,
    ):
        found.setdefault(f"{row['month_on']:%Y-%m}", {})[row["outcome"]] = int(row["tki"])
    return found


def _share(part: int, whole: int) -> dict[str, Any]:
    low, high = wilson(part, whole)
    return {"tested": whole, "passed": part, "share": part / whole if whole else None, "low": low, "high": high}


def _named(tx: Tx, kind: str, codes: list[str]) -> dict[str, str]:
    """Return code -> name of bodies; the code itself where the register has none."""
    names = {row["code"]: row["name"] for row in many(tx.db, NAMES[kind], ids=codes)} if codes else {}
    return {code: names.get(code) or code for code in codes}
