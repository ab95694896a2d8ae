"""A version of the public site goes out, or is kept back by its gate (§14.1; R-160, R-188, DV-C06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.services.office import Tx

MOST_TOLD = 20
"""Findings that a refusal tells; more would not help."""


@act("publication.release", None)
def release(tx: Tx, *, version: int, persons: int, files: int, findings: Sequence[str] = ()) -> dict[str, int]:
    """Record that a version of the site goes out; what the gate found keeps it back.

    Args:
        tx: the act.
        version: its number.
        persons: TKI who have something new in it.
        files: files that were written for it.
        findings: what may not be public, by kind and file; never the datum itself.

    Returns:
        `version`.

    Raises:
        Refused: the gate found something (DV-C06).
    """
    number = inputs.number(version, "Versi situs")
    tx.about("site", number)
    tx.permit()
    told = inputs.listed(findings, "Temuan", lambda one: inputs.text(one, "Temuan", 100)) if findings else []
    if told:
        tx.context.update(version=number, found=told[:MOST_TOLD], findings=len(told))
        more = f" dan {len(told) - MOST_TOLD} lagi" if len(told) > MOST_TOLD else ""
        raise refuse("SITE_LEAKS", version=number, found=", ".join(told[:MOST_TOLD]) + more)
    news = {
        "persons": persons and inputs.number(persons, "Banyaknya TKI"),
        "files": inputs.number(files, "Banyaknya berkas"),
    }
    tx.record("site", number, {"version": number, **news})
    return {"version": number}
