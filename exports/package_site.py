"""A body without a connection: its keys, whom it trusts, what it took over and sent, in one folder and without a database (§12.4, 12.10).

    kunci/       its secret keys               kartu/       cards of those whose signatures count: BNSP's
    masuk/       what was taken over           keluar/      receipts, to be carried back
    state.json   the chains                    jurnal.jsonl one line for each package taken over or refused

A package is taken over when `state.json` says so: what was cut short before is done again, what comes after is finished at the next.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from exports.package import Opened, Sealed, read, write
from exports.package_box import Box, make_private, write_whole
from exports.package_keys import Card, Keys, Senders, bodies_in, keys_in, make_keys, read_card
from exports.package_manifest import Manifest
from exports.package_receipt import check_rows, iso, receipt_row
from exports.package_schemas import RECEIPT, SCHEMAS, table_of
from exports.package_tables import to_parquet
from posko.domain.errors import ConfigurationError, Refused
from posko.domain.package import Link
from posko.domain.refusals import refuse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_STATE = "state.json"
_FILES_KEPT = 100


@dataclass(frozen=True)
class Taken:
    """What came of a package at a site. `folder` holds its tables; None: the officer refused it. `receipt` is None if it was one itself."""

    manifest: Manifest
    folder: Path | None
    receipt: Path | None


@dataclass
class State:
    """The chains of a site: sender -> last taken over, recipient -> last sent, and digests of files that were sent."""

    received: dict[str, Link] = field(default_factory=dict)
    sent: dict[str, Link] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> State:
        """Read a state."""
        told = json.loads(text)
        chains = {side: {name: Link(*link) for name, link in told[side].items()} for side in ("received", "sent")}
        return cls(**chains, files=list(told["files"]))

    def text(self) -> str:
        """Return the state as it is kept."""
        sides = {"received": self.received, "sent": self.sent}
        told = {
            side: {name: [one.sequence, one.manifest_sha256] for name, one in links.items()}
            for side, links in sides.items()
        }
        return json.dumps({**told, "files": self.files}, indent=1) + "\n"


@dataclass(frozen=True)
class Site:
    """The folder of one body."""

    folder: Path
    body: str

    @property
    def keys(self) -> Keys:
        """Its secret keys.

        Raises:
            ConfigurationError: it has none here.
        """
        found = keys_in(self.folder / "kunci", self.body)
        if found is None:
            raise ConfigurationError(
                f"Belum ada kunci {self.body} di {self.folder}. Jalankan posko package keygen dahulu."
            )
        return found

    def make_keys(self) -> Card:
        """Make new keys and return their card."""
        make_private(self.folder)
        return make_keys(self.folder / "kunci", self.body).card

    def trust(self, card: Card) -> None:
        """Let signatures of this card's key count from now on."""
        write_whole(
            self.folder / "kartu" / f"{card.body.replace('/', '_')}-{card.sign.hex()[:16]}.json", card.text().encode()
        )

    @property
    def cards(self) -> list[Card]:
        """The cards of those whose signatures count, by name of the file."""
        return [read_card(path.read_text("utf-8")) for path in sorted((self.folder / "kartu").glob("*.json"))]

    def look(self, data: bytes) -> Opened:
        """Open a package without taking it over, whatever its place in the chain.

        Raises:
            Refused: as `package.read`.
        """
        return read(data, keys=self.keys, senders=Senders.of(self.cards), schemas=SCHEMAS)

    def open(self, data: bytes, *, person_id: str, at: dt.datetime, reason: str | None = None) -> Taken:
        """Take a package over: tables into `masuk/`, receipt into `keluar/`; each refusal is a line of the journal.

        Args:
            data: the file.
            person_id: the officer who loads it.
            at: now, UTC.
            reason: why she does not load it: only the receipt is written then.

        Raises:
            Refused: as `package.read`, or the rows are not those that the ledger's hash was computed over.
            BadInput: another program works in this folder.
        """
        with self._box.alone():
            state = self._state()
            try:
                opened = read(
                    data, keys=self.keys, senders=Senders.of(self.cards), schemas=SCHEMAS, last=state.received
                )
                if opened.manifest.schema != RECEIPT:
                    check_rows(opened)
            except Refused as refusal:
                self._note(
                    at, "refused", {"code": refusal.code, "sentence": str(refusal), "sha256": sha256(data).hexdigest()}
                )
                raise
            folder = None if reason else self._keep(opened)
            receipt = None if opened.manifest.schema == RECEIPT else self._receipt(opened, state, person_id, at, reason)
            self._commit(state, opened.manifest, receipt)
            path = self._box.give_out(receipt) if receipt else None
            told = {
                "from": opened.manifest.sender,
                "sequence": opened.manifest.sequence,
                "by": person_id,
                "reason": reason,
            }
            self._note(at, "refused_by_officer" if reason else "loaded", {**told, "facts": opened.manifest.facts})
        return Taken(opened.manifest, folder, path)

    def send(
        self, kind: str, rows: Sequence[Mapping[str, Any]], *, to: str, facts: dict[str, str | int], at: dt.datetime
    ) -> tuple[Path, Manifest]:
        """Make a package of rows, the next of its chain, and return its file and manifest.

        Args:
            kind: of the rows, one of `SCHEMAS`.
            rows: what it holds.
            to: a body whose card lies here.
            facts: of the hand-off.
            at: now, UTC.

        Raises:
            Refused: nobody's card of that body lies here, or as `package.write`.
        """
        with self._box.alone():
            state = self._state()
            made = self._seal(state, kind, rows, to, facts, at)
            self._commit(state, None, made)
            self._note(at, "sent", {"to": to, "sequence": made.manifest.sequence, "facts": facts})
            return self._box.give_out(made), made.manifest

    def expects(self, manifest: Manifest) -> bool:
        """Return whether a package is the next of its sender here."""
        last = self._state().received.get(manifest.sender, Link())
        return (manifest.sequence, manifest.previous_sha256) == (last.sequence + 1, last.manifest_sha256)

    @property
    def _box(self) -> Box:
        return Box(self.folder / "keluar")

    def _state(self) -> State:
        """Return the state, after an earlier call that was cut short was finished."""
        path = self.folder / _STATE
        state = State.of(path.read_text("utf-8")) if path.exists() else State()
        self._box.finish(state.files.__contains__)
        return state

    def _keep(self, opened: Opened) -> Path:
        folder = self.folder / "masuk" / f"{opened.manifest.sequence:06d}-{opened.manifest.schema}"
        for name, table in opened.tables.items():
            write_whole(folder / f"{name}.parquet", to_parquet(table))
        write_whole(folder / "manifest.json", opened.manifest.text)
        return folder

    def _receipt(self, opened: Opened, state: State, person_id: str, at: dt.datetime, reason: str | None) -> Sealed:
        row = receipt_row(opened.manifest, person_id, at, reason)
        facts = {"batch_id": row["batch_id"], "status": row["status"]}
        return self._seal(state, RECEIPT, [row], opened.manifest.sender, facts, at)

    def _seal(
        self,
        state: State,
        kind: str,
        rows: Sequence[Mapping[str, Any]],
        to: str,
        facts: dict[str, str | int],
        at: dt.datetime,
    ) -> Sealed:
        last = state.sent.get(to, Link())
        newest = [card.age for card in self.cards if card.body == to]
        if not newest:
            raise refuse("PACKAGE_KEY_NONE", body=to)
        version, moment = SCHEMAS[kind].version, iso(at)
        manifest = Manifest(kind, version, self.body, to, last.sequence + 1, last.manifest_sha256, moment, facts)
        made = write({kind: table_of(kind, rows)}, manifest, recipient=newest[-1], signer=self.keys.signer)
        self._box.lay(made)
        return made

    def _commit(self, state: State, taken: Manifest | None, sent: Sealed | None) -> None:
        if taken:
            state.received[taken.sender] = taken.link
        if sent:
            state.sent[sent.manifest.recipient] = sent.manifest.link
            state.files = [*state.files[-_FILES_KEPT:], sent.sha256]
        write_whole(self.folder / _STATE, state.text().encode())

    def _note(self, at: dt.datetime, what: str, told: Mapping[str, Any]) -> None:
        line = json.dumps({"at": at.isoformat(), "what": what, **told}, ensure_ascii=False)
        handle = os.open(self.folder / "jurnal.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def site_at(folder: Path) -> Site:
    """Return the site whose folder this is.

    Raises:
        ConfigurationError: there are no keys of one body in it.
    """
    bodies = bodies_in(folder / "kunci")
    if len(bodies) != 1:
        raise ConfigurationError(
            f"Di {folder} tidak ada kunci satu pihak. Jalankan posko package keygen PIHAK --site {folder}."
        )
    return Site(folder, bodies[0])
