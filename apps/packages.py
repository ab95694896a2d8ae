"""Packages at BNSP: made of the hand-offs that are under way, opened when they come back (§12.4, 12.6, 12.9-12.11; R-088, R-103, R-105).

    made = Packages.of(settings, office).make()            # one file for each batch that waits, LSP, TUK and Konsorsium alike
    told = Packages.of(settings, office).open(data)        # a receipt, or the Konsorsium's allocation

Each step is an act of its own and may be repeated: whatever was cut short, the next call goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from apps.packages_in import entry_of, take_in
from exports.package import read, write
from exports.package_box import Box
from exports.package_keys import Card, Keys, Senders, keys_in
from exports.package_manifest import Manifest
from exports.package_schemas import SCHEMAS, table_of
from posko.domain.errors import ConfigurationError, Refused
from posko.services import packages, packages_keys, packages_received
from posko.services.packages import HERE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from exports.package import Opened
    from exports.package_site import Site
    from posko.services.office import Office
    from posko.settings import Settings

TRIES = 3


@dataclass(frozen=True)
class Made:
    """One package that was made: the batch, its file, its manifest."""

    batch_id: int
    path: Path
    manifest: Manifest


@dataclass(frozen=True)
class Packages:
    """The packages of one installation: `keys` is the folder with secret keys, `box` the one with what is to be sent."""

    office: Office
    keys: Path
    box: Box

    @classmethod
    def of(cls, settings: Settings, office: Office) -> Packages:
        """Return those of an installation."""
        return cls(office, settings.secrets / "packages", Box(settings.var / "packages"))

    @property
    def is_ready(self) -> bool:
        """Whether BNSP has keys here, so that packages can be made without a click."""
        return keys_in(self.keys, HERE) is not None

    def make(self, batch_ids: Sequence[int] | None = None) -> list[Made]:
        """Make the packages of these batches that BNSP sent, or of all that wait, and return them.

        Raises:
            ConfigurationError: BNSP has no key here.
            Refused: as `packages.content`; those made before stay.
        """
        keys = self._keys(HERE)
        with self.box.alone():
            self._finish()
            with self.office.engine.connect() as db:
                wanted = list(batch_ids) if batch_ids is not None else packages.waiting(db, HERE)
            return [self._make(number, keys) for number in wanted]

    def make_at(self, site: Site, batch_id: int) -> Made:
        """Make the package of a batch that another body sent, with that body's keys and as the next of its chain: its site holds both.

        Raises:
            Refused: as `packages.content` and `Site.send`.
        """
        told = self.office.desk(None).do(packages.content, batch_id=batch_id, sender=site.body)
        with self.office.engine.connect() as db:
            at = self.office.clock(db)
        path, manifest = site.send(told["kind"], told["rows"], to=told["recipient"], facts=told["facts"], at=at)
        return Made(batch_id, path, manifest)

    def open(self, data: bytes) -> dict[str, Any]:
        """Take a package over that came to BNSP, and answer the Konsorsium's with a receipt; see `packages_in.take_in`.

        Raises:
            Refused: the file, recorded, or what it carries.
        """
        keys = self._keys(HERE)
        with self.box.alone():
            self._finish()
            return take_in(self, self.look(data, in_order=True), keys)

    def look(self, data: bytes, *, in_order: bool = False) -> Opened:
        """Open a package for BNSP without taking it over; with `in_order` it must be the next of its chain. Refusals are recorded.

        Raises:
            Refused: as `package.read`.
        """
        with self.office.engine.connect() as db:
            senders = Senders.of(
                Card(row["body"], row["sign_public"], row["age_recipient"]) for row in packages_keys.in_force(db)
            )
            last = packages.last_received(db, HERE) if in_order else None
        try:
            return read(data, keys=self._keys(HERE), senders=senders, schemas=SCHEMAS, last=last)
        except Refused as refusal:
            self.record(refusal, sha256(data).hexdigest())
            raise

    def send(
        self, kind: str, rows: Sequence[dict[str, Any]], told: dict[str, Any], keys: Keys
    ) -> tuple[Path, Manifest]:
        """Make a package of rows, enter it into the register and give it out; return its file and manifest.

        Args:
            kind: of the rows, one of `SCHEMAS`.
            rows: what it holds.
            told: `sender`, `recipient`, `age_recipient`, `facts`, and `sequence` and `manifest_sha256` of the one before.
            keys: the sender's.

        Raises:
            Refused: another package took its place in the chain meanwhile.
        """
        schema = SCHEMAS[kind]
        manifest = Manifest(
            kind, schema.version, told["sender"], told["recipient"], told["sequence"] + 1, told["manifest_sha256"],
            self._now(), told["facts"],
        )  # fmt: skip
        sealed = write({kind: table_of(kind, rows)}, manifest, recipient=told["age_recipient"], signer=keys.signer)
        self.box.lay(sealed)
        entry = entry_of(sealed.manifest, sealed.sha256)
        self.office.desk(None).do(packages.note_sent, entry=entry)
        return self.box.give_out(sealed), sealed.manifest

    def _make(self, batch_id: int, keys: Keys) -> Made:
        for tried in range(TRIES):
            told = self.office.desk(None).do(packages.content, batch_id=batch_id, sender=keys.body)
            try:
                path, manifest = self.send(told["kind"], told["rows"], told, keys)
            except Refused as refusal:
                # Two who send to the same recipient at once: the later one takes the next number.
                if refusal.code not in {"CHANGED_MEANWHILE", "PACKAGE_REPLAYED"} or tried == TRIES - 1:
                    raise
                continue
            return Made(batch_id, path, manifest)
        raise AssertionError("the last try returns or raises")

    def _keys(self, body: str) -> Keys:
        found = keys_in(self.keys, body)
        if found is None:
            raise ConfigurationError(
                f"Belum ada kunci paket {body} di {self.keys}. Jalankan posko package keygen {body} dahulu."
            )
        return found

    def _finish(self) -> None:
        def is_entered(digest: str) -> bool:
            sql = sa.text("select 1 from posko.package_sent where file_sha256 = :digest")
            return db.execute(sql, {"digest": bytes.fromhex(digest)}).first() is not None

        with self.office.engine.connect() as db:
            self.box.finish(is_entered)

    def _now(self) -> str:
        with self.office.engine.connect() as db:
            return self.office.clock(db).isoformat() + "Z"

    def record(self, refusal: Refused, file_sha256: str) -> None:
        """Write a refusal into the log, and let whoever reads the sentence find it there."""
        try:
            self.office.desk(None).do(
                packages_received.note_refused,
                code=refusal.code,
                sentence=str(refusal),
                file_sha256=file_sha256,
            )
        except Refused as recorded:
            refusal.reference = recorded.reference
