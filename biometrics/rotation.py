"""A new key for all templates: made, then every row sealed anew, then the old files may go (§5.4; R-187).

A run that was killed is continued by the next one, which makes no further key while rows lie under an older one. Other processes notice the
new key by themselves (`Vault.newest`); one that sealed with the old key a moment before leaves a row that the next run takes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from posko.services import template_keys
from posko.services.template_keys import Resealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from biometrics.vault import Vault
    from posko.services.office import Office
    from posko.services.rows import Row

STEP = 200
"""Templates in one transaction."""
KEPT_SECONDS = 24 * 60 * 60
"""How long a key is kept after its successor came, because a backup or a slow process may still need it."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one run did: the key that seals now, templates sealed anew, whether an earlier run was finished."""

    key_id: str
    resealed: int
    is_continued: bool


def rotate(office: Office, vault: Vault, *, tell: Callable[[int], None] = lambda _: None) -> Rotation:
    """Make a new key and seal every template with it, or finish what an earlier run began.

    Raises:
        TemplateBroken: a row does not open; it stays as it is, and the sentence says so.
        Refused: another rotation runs at the same time; start again, nothing is lost.
    """
    with office.engine.connect() as db:
        is_continued = bool(template_keys.rows_under_others(db, vault.newest, 1))
    key_id = vault.newest if is_continued else vault.make_key()
    desk, done = office.desk(None), 0
    while True:
        with office.engine.connect() as db:
            rows = template_keys.rows_under_others(db, key_id, STEP)
        if not rows:
            return Rotation(key_id, done, is_continued)
        count = desk.do(template_keys.reseal, rows=[_resealed(vault, row, key_id) for row in rows])
        done += count
        tell(count)


def drop_old(office: Office, vault: Vault, *, now: float | None = None) -> list[str]:
    """Remove the files of keys that no template lies under and whose successor is a day old; return their names.

    What was encrypted under them in a backup cannot be opened any more.
    """
    moment = time.time() if now is None else now
    names = vault.key_ids()
    with office.engine.connect() as db:
        used = template_keys.rows_by_key(db)
    old = [
        name
        for name, successor in pairwise(names)
        if name not in used and moment - vault.made_at(successor) > KEPT_SECONDS
    ]
    if old:
        office.desk(None).do(template_keys.note_dropped, key_ids=old)
        for name in old:
            vault.forget(name)
    return old


def _resealed(vault: Vault, row: Row, key_id: str) -> Resealed:
    where = {"kind": row["person_kind"], "person_id": row["person_id"], "version": row["version"], "seq": row["seq"]}
    _, nonce, ciphertext = vault.seal(vault.open(row), **where, key_id=key_id)
    return Resealed(int(row["template_id"]), row["key_id"], key_id, nonce, ciphertext)
