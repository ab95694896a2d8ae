"""Copy one table with dlt, as its documentation shows it: `sql_database` with the backend that the work names, replace.

Runs in `.venv-bench` as a script of its own; reads its work from standard input and prints one JSON line.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import dlt
from dlt.sources.sql_database import sql_database


def copy() -> dict[str, float | int | str]:
    """Copy the table; the seconds are those of `pipeline.run`, without Python's own start."""
    work = json.load(sys.stdin)
    source = sql_database(work["source"], table_names=[work["table"]], backend=work["backend"])
    pipeline = dlt.pipeline(
        "posko_bench",
        destination=dlt.destinations.sqlalchemy(work["target"]),
        dataset_name=f"posko_bench_dlt_{work['backend']}",
        pipelines_dir=work["folder"],
    )
    began = time.monotonic()
    pipeline.run(source, write_disposition="replace").raise_on_failed_jobs()
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    rows = pipeline.last_trace.last_normalize_info.row_counts[work["table"]]
    return {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
        "rows": rows,
        "version": dlt.__version__,
    }


if __name__ == "__main__":
    print(json.dumps(copy()))  # noqa: T201 - the answer to the process that started this one
