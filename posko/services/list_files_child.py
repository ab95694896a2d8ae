"""The process in which a long list becomes a file: `python -m posko.services.list_files_child KIND`, lines in, the file out.

On standard input the table without its lines as one line of JSON, then its lines, each a line of JSON. Writing a book of 100,000 lines
takes seconds of Python; in the process of the screens nobody else's page would move meanwhile.
"""

from __future__ import annotations

import json
import sys
from typing import cast

from posko.services.list_files import Kind, Table, made


def main(kind: Kind) -> None:
    """Write one file to standard output."""
    title, heading, beside = json.loads(sys.stdin.buffer.readline())
    lines = [json.loads(line) for line in sys.stdin.buffer]
    sys.stdout.buffer.write(made(Table(title, heading, lines, beside), kind))


if __name__ == "__main__":
    main(cast("Kind", sys.argv[1]))
