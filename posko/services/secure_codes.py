"""Secure codes that are still free, and their encryption at rest (§13.13; R-140).

`secure_code_used` holds the keyed digest of every code that was ever given; its key lets none be given twice. Free codes are picked:
a few more than needed are drawn, those that stand there are left out, and only the missing ones are drawn again, so it still
works when a third of the space is used. Whoever loses a race for one code draws anew for that one row.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from posko.domain.refusals import refuse
from posko.domain.secure_code import digest_of, draw
from posko.services.rows import add_many, many

if TYPE_CHECKING:
    from posko.services.office import Tx

SPARE = 8
"""Codes drawn beyond those that are needed."""
ROUNDS_MOST = 400
"""Drawings after which the space counts as used up: at 95 % used each finds one in twenty."""
NONCE_BYTES = 12
_FIELD = "posko.certificate|secure_code_cipher|"


def take_codes(tx: Tx, count: int) -> list[str]:
    """Take so many free codes for this act and return them; they are given back only if it is rolled back.

    Raises:
        Refused: hardly any code is free.
    """
    key = tx.desk.office.keys["secure-code-digest"]
    codes = _draw_free(tx, {}, count)
    while True:
        try:
            with tx.db.begin_nested():
                add_many(tx.db, "secure_code_used", [{"digest": digest_of(key, code)} for code in codes])
        except sa.exc.IntegrityError:
            # Another act took one of them since we looked; its own codes stay with it, ours that are free stay with us.
            codes = _draw_free(tx, _untaken(tx, {digest_of(key, code): code for code in codes}), count)
        else:
            return codes


def _draw_free(tx: Tx, free: dict[bytes, str], count: int) -> list[str]:
    """Return so many codes that nobody has, those given among them."""
    key = tx.desk.office.keys["secure-code-digest"]
    for _ in range(ROUNDS_MOST):
        missing = count - len(free)
        if missing <= 0:
            return list(free.values())[:count]
        drawn = {digest_of(key, code): code for code in (draw() for _ in range(missing + SPARE))}
        free |= _untaken(tx, drawn)
    raise refuse("CODES_EXHAUSTED")


def _untaken(tx: Tx, drawn: dict[bytes, str]) -> dict[bytes, str]:
    taken = many(tx.db, "select digest from posko.secure_code_used where digest in :drawn", drawn=list(drawn))
    for row in taken:
        drawn.pop(row["digest"])
    return drawn


def seal_code(key: bytes, certificate_no: str, code: str) -> bytes:
    """Return a code encrypted for one certificate; moved to another row it no longer opens."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, code.encode(), (_FIELD + certificate_no).encode())


def open_code(key: bytes, certificate_no: str, sealed: bytes) -> str:
    """Return the code of a certificate.

    Raises:
        cryptography.exceptions.InvalidTag: the row was altered, or the key is another.
    """
    nonce, cipher = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(key).decrypt(nonce, cipher, (_FIELD + certificate_no).encode()).decode()
