"""What left POSKO as a printed document: who took which, of what, and the digest of the file itself (§5.3, §9.3; R-021, R-134).

The document's own act read its rows and asked for role and scope; this writes down what was made of them, before the file is given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posko.domain.matrix import Command
from posko.services import inputs
from posko.services.office import act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posko.services.office import Tx

ABOUT: Mapping[str, str] = {
    **dict.fromkeys(("candidates", "attendance", "results"), "session"),
    "statement": "statement",
    "minutes": "meeting",
    "cards": "station",
    "certificates": "lsp",
}
"""Kind of a document -> what it is about, as the log names it."""
SUFFIXES = ("pdf", "xlsx")
MOST_BYTES = 2**40


@act("print.taken", Command.LOGIN)
def note(tx: Tx, *, kind: str, key: str, suffix: str, size: int, sha256: str) -> str:
    """Write down that a document leaves as a file, and return the name of the event.

    Args:
        tx: the act.
        kind: one of `ABOUT`.
        key: number of what it is about.
        suffix: pdf or xlsx.
        size: bytes of the file.
        sha256: its digest, 64 hexadecimal digits.

    Raises:
        Refused: one of them is not what it should be.
    """
    found = inputs.choice(kind, "Jenis cetakan", ABOUT)
    about = inputs.code(key, "Yang dicetak")
    tx.about(ABOUT[found], about)
    tx.permit()
    told = {"kind": found, "suffix": inputs.choice(suffix, "Jenis berkas", SUFFIXES)}
    told["size"] = str(inputs.number(size, "Besar berkas", MOST_BYTES))
    return tx.record(ABOUT[found], about, {**told, "sha256": inputs.sha256(sha256)})
