"""The process that reads one table of a package: `python -m exports.package_child ROWS MOST_ROWS MOST_UNPACKED`, Parquet in, Arrow out.

A sender who is known may still send a file that is made to use up memory or to end whoever reads it; this process has little to lose.
"""

from __future__ import annotations

import json
import resource
import sys

import pyarrow as pa

from exports.package_tables import read_here
from posko.domain.errors import Refused

_OWN = 1024 * 1024 * 1024
"""Addresses that Python and its libraries take before there is a table, with room."""
_SECONDS = 60


def main(rows: int, most_rows: int, most_unpacked: int) -> int:
    """Read a table from standard input; a refusal is one line of JSON on standard error."""
    # The table once as it is unpacked, and once as it is passed on.
    most = 2 * most_unpacked + _OWN
    for what, limit in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (limit, limit))
    try:
        table = read_here(sys.stdin.buffer.read(), rows, most_rows, most_unpacked)
    except Refused as refusal:
        sys.stderr.write(json.dumps({"code": refusal.code, "sentence": str(refusal)}) + "\n")
        return 1
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
