"""Templates of synthetic fingers as rows, for measurements in which people come to a reader (§8.2, §13.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from biometrics.synthetic import people

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.vault import Vault

FINGER = 2
_TEMPLATE = (
    "insert into posko_biometric.finger_template (person_kind, person_id, version, finger, seq, format, key_id, nonce,"
    " ciphertext, quality, minutiae, provenance, state, reader_kind, reader_serial, taken_at, taken_by, activated_at)"
    " values ('TKI', :person, 1, :finger, :seq, :format, :key, :nonce, :sealed, 80, :minutiae, 'BNP2TKI', 'ACTIVE',"
    " 'synthetic', '-', :at, 'posko', :at)"
)


def put_templates(db: sa.Connection, vault: Vault, matcher: NbisMatcher, tki_ids: Sequence[str], at: datetime) -> None:
    """Enrol one synthetic finger of each TKI, three times touched; the seed of her finger is `tki:ID`.

    Args:
        db: connection of the server's administrator; the caller commits.
        vault: seals the templates.
        matcher: makes them.
        tki_ids: whose.
        at: since when they are in force, UTC.
    """
    db.execute(sa.text(_TEMPLATE), [row for one in tki_ids for row in _templates(vault, matcher, one, at)])


def _templates(vault: Vault, matcher: NbisMatcher, tki_id: str, at: datetime) -> Iterator[dict[str, Any]]:
    master = people.master(f"tki:{tki_id}", FINGER)
    for seq in (1, 2, 3):
        template = matcher.template_of(people.impression(master, f"enrol-{seq}"), 80)
        key_id, nonce, sealed = vault.seal(template, kind="TKI", person_id=tki_id, version=1, seq=seq)
        yield {
            "person": tki_id, "finger": FINGER, "seq": seq, "format": template.format, "key": key_id, "nonce": nonce,
            "sealed": sealed, "minutiae": template.minutiae, "at": at,
        }  # fmt: skip
