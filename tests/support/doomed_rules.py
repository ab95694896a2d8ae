"""Judge two rules in a process of its own that ends itself with SIGKILL at a named point.

python -m tests.support.doomed_rules FUNCTION WHEN NTH RULE...: settings come from the environment (POSKO_*).
"""

from __future__ import annotations

import os
import signal
import sys

from apps.deviation_run import run_rules
from posko.db.engine import posko_server
from posko.services.office import Office
from posko.settings import Settings
from tests.support.doomed import at


def main() -> None:
    """Judge until the point comes."""
    function, when, nth, *rules = sys.argv[1:]
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    at(function, when, int(nth), lambda: os.kill(os.getpid(), signal.SIGKILL))
    server = posko_server(settings)
    run_rules(Office.of(settings, server.engine("posko_app", "posko")), server, rules=rules)


if __name__ == "__main__":
    main()
