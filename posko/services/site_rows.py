"""What the public site is made of: rows of `posko.publication`, and what of their persons may never be in it (§14.1-14.2; R-160, R-188).

Only an act writes publications, and only after the minutes were closed, so the site cannot be ahead of the gate. Birth dates are read
because a result is found by them; NIK, address, phone and e-mail so that the gate can look for them. None of these is ever written out.

New rows are those behind a mark. Numbers are given before they are committed, so a row may appear below it later: the rows of each thousand
numbers are counted against the last time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posko.domain.secure_code import digest_of
from posko.services.rows import chunks, many, many_among, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from posko.services.rows import Row

BUCKET = 1000
"""Numbers of publications that are counted together."""
SHORTEST_ADDRESS = 8
_FIRST = "join posko.publication as first on first.journey_id = shown.journey_id and first.version = 1"
_NEW = (
    f"from posko.publication as shown {_FIRST} where shown.publication_id > :since and shown.publication_id <= :until"
)
_KNOWN = " and (:known = 0 or first.publication_id <= :since)"
_CLASS = "{0}.lsp_code, left(cast({0}.tested_on as char), 7) as month, {0}.result, coalesce({0}.certificate_status, '-') as status"
_ADDED = f"select {_CLASS.format('shown')}, count(*) as tki {_NEW}{_KNOWN} group by 1, 2, 3, 4"
_REPLACED = (
    f"select {_CLASS.format('old')}, count(*) as tki from posko.publication as shown {_FIRST}"
    " join posko.publication as old on old.journey_id = shown.journey_id and old.version = shown.version - 1"
    f" where shown.publication_id > :since and shown.publication_id <= :until{_KNOWN} group by 1, 2, 3, 4"
)
_RESULTS = f"""
    select shown.tki_id, candidate.born_on, shown.masked_name, shown.result, shown.lsp_code, shown.tuk_code, shown.tested_on,
        shown.certificate_no, shown.certificate_status, shown.published_at, shown.version,
        candidate.address, candidate.phone, candidate.email, staged.no_ktp as nik
    from posko.publication as shown {_FIRST}
    join posko.candidate on candidate.journey_id = shown.journey_id
    left join posko_staging.tki_tlrt as staged on staged.id_tki = shown.tki_id
    where shown.tki_id in :ids and shown.publication_id <= :until and first.publication_id <= :first
        and not exists (select 1 from posko.publication as later where later.journey_id = shown.journey_id
            and later.version > shown.version and later.publication_id <= :until)
    order by shown.tki_id, shown.tested_on, shown.journey_id"""
_ADDRESS = f"""
    select 1 as found from posko.candidate join posko.publication as shown on shown.journey_id = candidate.journey_id
    where char_length(candidate.address) >= {SHORTEST_ADDRESS} and locate(upper(candidate.address), :text) > 0 limit 1"""


@dataclass(frozen=True, slots=True)
class Span:
    """Publications behind `since` up to `until`; `known`: only of journeys that were public by `since`."""

    since: int
    until: int
    known: bool = False

    def values(self) -> dict[str, int]:
        """Return the span as the values of a query."""
        return {"since": self.since, "until": self.until, "known": int(self.known)}


@dataclass(frozen=True)
class SiteRows:
    """The rows of one moment: `db` sees one snapshot and writes nothing; `code_key` makes the digest of a secure code."""

    db: sa.Connection
    code_key: bytes

    def is_stopped(self) -> bool:
        """Return whether BNSP has stopped the publication (nothing new goes out; a revocation still does)."""
        return one(self.db, "select 1 as found from posko.publication_stop where is_open = 1") is not None

    def newest(self) -> int:
        """Return the highest number of a publication, 0 without any."""
        found = one(self.db, "select coalesce(max(publication_id), 0) as newest from posko.publication")
        return int(found["newest"]) if found else 0

    def counts(self, until: int) -> dict[int, int]:
        """Return bucket of `BUCKET` numbers -> rows in it, up to a number."""
        sql = (
            f"select publication_id div {BUCKET} as bucket, count(*) as found from posko.publication"
            " where publication_id <= :until group by 1"
        )
        return {int(row["bucket"]): int(row["found"]) for row in many(self.db, sql, until=until)}

    def changed(self, span: Span) -> set[str]:
        """Return the ID TKI that have rows in a span."""
        return {row["tki_id"] for row in many(self.db, f"select distinct shown.tki_id {_NEW}{_KNOWN}", **span.values())}

    def results(self, tki_ids: Iterable[str], *, until: int, first: int) -> Iterator[list[Row]]:
        """Yield some at a time the newest version of each result of these TKI, with what must not be shown of them.

        Args:
            tki_ids: which.
            until: no version behind this number.
            first: no journey whose first version is behind this number.
        """
        for some in chunks(sorted(tki_ids)):
            yield many(self.db, _RESULTS, ids=some, until=until, first=first)

    def totals(self, span: Span) -> dict[tuple[str, str, str, str], int]:
        """Return how a span changes the totals: (LSP, month, result, state of the certificate) -> more or fewer results."""
        made: dict[tuple[str, str, str, str], int] = {}
        for sign, sql in ((1, _ADDED), (-1, _REPLACED)):
            for row in many(self.db, sql, **span.values()):
                key = (row["lsp_code"], row["month"], row["result"], row["status"])
                made[key] = made.get(key, 0) + sign * int(row["tki"])
        return {key: count for key, count in made.items() if count}

    def names(self) -> dict[str, dict[str, str]]:
        """Return the names that stand on the pages: `lsp` and `tuk`, code -> name."""
        return {
            kind: {row["code"]: row["name"] for row in many(self.db, sql)}
            for kind, sql in (
                ("lsp", "select lsp_code as code, lsp_name as name from posko.lsp"),
                ("tuk", "select tuk_code as code, tuk_name as name from posko.tuk"),
            )
        }

    def issued(self, codes: Sequence[str]) -> set[str]:
        """Return those of these texts that are the secure code of a certificate."""
        digests = {digest_of(self.code_key, code): code for code in codes}
        sql = "select secure_code_digest as digest from posko.certificate where secure_code_digest in :ids"
        return {digests[row["digest"]] for row in many_among(self.db, sql, list(digests))}

    def holds_address(self, text: str) -> bool:
        """Return whether a text holds the address of anybody whose result is public."""
        return bool(many(self.db, _ADDRESS, text=text.upper()))
