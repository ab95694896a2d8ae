"""Return what waits in the outbox in a process of its own that ends itself with SIGKILL at a named point.

python -m tests.support.doomed_return FUNCTION WHEN NTH CHUNK: settings come from the environment (POSKO_*).
"""

from __future__ import annotations

import os
import signal
import sys

from apps.returning import give_back, table_site
from exports import return_table
from posko.db.engine import posko_server, source_server
from posko.services.office import Office
from posko.settings import Settings
from tests.support.doomed import at


def main() -> None:
    """Return until the point comes."""
    function, when, nth, chunk = sys.argv[1:]
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    return_table.CHUNK_ROWS = int(chunk)
    at(function, when, int(nth), lambda: os.kill(os.getpid(), signal.SIGKILL))
    office = Office.of(settings, posko_server(settings).engine("posko_app", "posko"))
    site = table_site(settings, source_server(settings))
    give_back(office, site)


if __name__ == "__main__":
    main()
