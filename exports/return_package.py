"""Results to BNP2TKI as a package file, for a site without a line to `hasil_uji`: the same rows with the same columns (§14.3-14.4; R-164).

The package goes to the BNSP server at BNP2TKI (`RELAY`), signed and encrypted as every other; whoever opens it there loads the rows into
`hasil_uji`, whose key (id_tki, versi) lets none in twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from exports.package_tables import Schema
from posko.domain.source_result import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posko.domain.source_result import SourceResult

RESULTS = "results"
_NUMBERS, _TIMES = {"versi"}, {"dikirim_pada"}
TABLE = pa.schema(
    [
        (name, pa.int64() if name in _NUMBERS else pa.timestamp("us") if name in _TIMES else pa.string())
        for name in COLUMNS
    ]
)
SCHEMA = Schema(RESULTS, 1, {RESULTS: TABLE})


def package_rows(rows: Sequence[SourceResult], date_order: str) -> list[dict[str, Any]]:
    """Return results as the rows of the package, the date in BNP2TKI's declared order."""
    return [dict(zip(COLUMNS, row.texts(date_order), strict=True)) for row in rows]
