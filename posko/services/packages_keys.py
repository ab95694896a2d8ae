"""The public keys of the bodies that exchange packages: registered by the office, revoked at once (§12.4, 12.6, 12.9; F09, R-088).

A body makes its own keys and shows the office their public halves on a card. What its key signs counts as said by that body, so whoever
registers one has compared the key's name with the body, for instance over the telephone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.domain.matrix import Command
from posko.domain.package import body as checked_body
from posko.domain.package import key_id
from posko.domain.refusals import refuse
from posko.services import inputs
from posko.services.office import act
from posko.services.rows import Row, add, change, many

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "package_key"
KEY_BYTES = 32
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_IN_FORCE = (
    "select key_id, body, sign_public, age_recipient from posko.package_key where revoked_at is null"
    " order by registered_at, key_id"
)


@act("package.register_key", Command.CHANGE_REGISTER)
def register_key(tx: Tx, *, body: str, sign_public: str, age_recipient: str) -> dict[str, str]:
    """Register the public keys of a body from its card, beside those it has; return `body` and `key_id`.

    Args:
        tx: the act.
        body: `BNSP`, `KONSORSIUM`, `LSP:<code>`, `TUK:<code>`, `RELAY` or `BNP2TKI`.
        sign_public: Ed25519, 64 hex digits.
        age_recipient: X25519 as age writes it, `age1...`.

    Raises:
        Refused: no such body or register entry, no key, or registered before.
    """
    tx.about(ENTITY, "-")
    tx.permit()
    name = checked_body(body)
    _check_registered(tx, name)
    public = _public(sign_public, name)
    if not isinstance(age_recipient, str) or not _RECIPIENT.fullmatch(age_recipient):
        raise refuse("PACKAGE_KEY_WRONG", body=name)
    made = key_id(public)
    row = {"key_id": made, "body": name, "sign_public": public, "age_recipient": age_recipient}
    try:
        with tx.db.begin_nested():
            add(tx.db, "package_key", {**row, "registered_at": tx.at, "registered_by": tx.person_id})
    except sa.exc.IntegrityError as error:
        raise refuse("PACKAGE_KEY_KNOWN") from error
    tx.record(ENTITY, made, {"body": name, "step": "registered"})
    return {"body": name, "key_id": made}


@act("package.revoke_key", Command.CHANGE_REGISTER)
def revoke_key(tx: Tx, *, name: str, reason: str) -> dict[str, str]:
    """Revoke a key at once: nothing that it signs is taken any more, nothing is encrypted to it; return `body` and `key_id`.

    Raises:
        Refused: no such key in force, or no reason.
    """
    tx.about(ENTITY, "-")
    tx.permit()
    wanted = name if isinstance(name, str) and _KEY_ID.fullmatch(name) else "-"
    why = inputs.reason(reason)[:255]
    found = [row for row in in_force(tx.db) if row["key_id"] == wanted]
    done = change(
        tx.db,
        "update posko.package_key set revoked_at = :at, revoked_by = :by, reason = :why"
        " where key_id = :key and revoked_at is null",
        at=tx.at,
        by=tx.person_id,
        why=why,
        key=wanted,
    )
    if not done or not found:
        raise refuse("PACKAGE_KEY_UNKNOWN", key=wanted)
    tx.record(ENTITY, wanted, {"body": found[0]["body"], "step": "revoked", "reason": why})
    return {"body": str(found[0]["body"]), "key_id": wanted}


def in_force(db: sa.Connection) -> list[Row]:
    """Return the keys in force, oldest first: key_id, body, sign_public (32 bytes), age_recipient."""
    return many(db, _IN_FORCE)


def recipient_key(db: sa.Connection, body: str) -> str:
    """Return the newest age key of a body.

    Raises:
        Refused: it has none in force.
    """
    found = [row["age_recipient"] for row in in_force(db) if row["body"] == body]
    if not found:
        raise refuse("PACKAGE_KEY_NONE", body=body)
    return str(found[-1])


def _check_registered(tx: Tx, body: str) -> None:
    """Refuse an LSP or TUK that the register does not hold."""
    kind, _, code = body.partition(":")
    table = {"LSP": "lsp", "TUK": "tuk"}.get(kind)
    if table and not many(tx.db, f"select 1 as found from posko.{table} where {table}_code = :code", code=code):
        raise refuse("NO_SUCH_CODE", what=f"Kode {kind}")


def _public(value: object, body: str) -> bytes:
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES or not any(found):
        raise refuse("PACKAGE_KEY_WRONG", body=body)
    return found
