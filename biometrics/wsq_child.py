"""Unpack one WSQ file from standard input to grey bytes on standard output. Run as a program, never imported.

Exit codes: 0 done, 3 damaged, 4 no package `wsq`; anything else is the C code's death.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module

DAMAGED, MISSING = 3, 4
_MEMORY = 1 << 30


def main() -> int:
    """Unpack."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no limits
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        # The package itself would load Pillow and add to its formats; the extension below it does the work.
        codec = import_module("_wsq")
    except ImportError:
        return MISSING
    try:
        grey, *_ = codec.decompress(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001 - the codec raises bare Exception
        return DAMAGED
    sys.stdout.buffer.write(grey)
    return 0


if __name__ == "__main__":
    sys.exit(main())
