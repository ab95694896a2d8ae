"""The folder of the public site: versions, the parts that they share, and the switch from one to the next (§14.1; R-160).

    aktif            link to the version that is public; a web server serves what it leads to
    versi/N          pages of a version, `indeks/` with the names of its parts, and `isi`, a link to the parts
    isi/ab/NAME      parts of all versions, each named by SHA-256 of its bytes, never changed
    keadaan/N.json   how far version N is; not public
    baru/            a version in the making

Everything is written beside what is public and put in place by renaming; the link is turned last. A process that is killed anywhere leaves
the old site whole, and the next one begins anew. The version before the public one stays, for whoever is reading it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exports.site_address import SHARDS
from posko.domain.errors import ConfigurationError, LeaseHeld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = 12
"""Bytes of SHA-256 that name a part."""
GROUPS = PER_GROUP = 256
"""Files of the index, and parts named in each."""
EMPTY = bytes(NAME)


@dataclass
class State:
    """How far a version is.

    `mark` is the highest number that it has taken in, `counts` the rows up to it by bucket, `totals` the results by class, `words` a
    digest of the words on the pages, `replaced` the parts that only the version before needs.
    """

    salt: str
    version: int = 0
    mark: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    totals: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    words: str = ""
    replaced: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        """Return the state as JSON."""
        totals = [[*key, count] for key, count in sorted(self.totals.items())]
        return json.dumps({**vars(self), "totals": totals})

    @classmethod
    def of_text(cls, text: str) -> State:
        """Read a state."""
        told: dict[str, Any] = json.loads(text)
        told["counts"] = {int(bucket): int(count) for bucket, count in told["counts"].items()}
        told["totals"] = {(lsp, month, result, status): count for lsp, month, result, status, count in told["totals"]}
        return cls(**told)


@dataclass(frozen=True)
class SiteFolder:
    """The folder of one site."""

    root: Path

    @property
    def public(self) -> Path:
        """Link to the pages that are public."""
        return self.root / "aktif"

    @property
    def parts(self) -> Path:
        """Folder of the parts of all versions."""
        return self.root / "isi"

    @property
    def fresh(self) -> Path:
        """Folder of the version in the making: `situs` and `isi`."""
        return self.root / "baru"

    def version(self) -> int:
        """Return the number of the public version, 0 before the first."""
        return int(os.readlink(self.public).rsplit("/", 1)[-1]) if self.public.is_symlink() else 0

    def state(self) -> State | None:
        """Return how far the public version is, None before the first.

        Raises:
            ConfigurationError: its file is gone or damaged.
        """
        number = self.version()
        if number == 0:
            return None
        try:
            return State.of_text((self.root / "keadaan" / f"{number}.json").read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                f"Keadaan situs versi {number} di {self.root} tidak terbaca. Buat ulang dengan posko publish --full."
            ) from error

    def state_or_none(self) -> State | None:
        """Return how far the public version is, None before the first and where nobody can tell."""
        try:
            return self.state()
        except ConfigurationError:
            return None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from writing here meanwhile.

        Raises:
            LeaseHeld: another process does.
            ConfigurationError: the folder cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.root / ".kunci", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(f"Folder situs {self.root} tidak dapat ditulis: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise LeaseHeld(f"Situs di {self.root} sedang dibuat oleh proses lain. Tunggu sampai selesai.") from error
        finally:
            os.close(lock)

    # the version in the making ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Make room for a version; what a killed process left of one is gone."""
        shutil.rmtree(self.fresh, ignore_errors=True)
        (self.fresh / "situs" / "indeks").mkdir(parents=True)
        for group in range(GROUPS):
            (self.fresh / "isi" / f"{group:02x}").mkdir(parents=True)

    def put_part(self, data: bytes) -> bytes:
        """Write a part and return its name; one that is public already is not written again."""
        name = hashlib.sha256(data).digest()[:NAME]
        shown = name.hex()
        if self._public_part(shown) != data:
            (self.fresh / "isi" / shown[:2] / shown).write_bytes(data)
        return name

    def put_page(self, name: str, data: bytes) -> None:
        """Write a page or a file of the index."""
        (self.fresh / "situs" / name).write_bytes(data)

    def part(self, name: bytes) -> bytes:
        """Return the bytes of a public part; none for the empty name.

        Raises:
            ConfigurationError: it is gone, or no longer what it was.
        """
        if name == EMPTY:
            return b""
        shown = name.hex()
        data = self._public_part(shown) or b""
        if hashlib.sha256(data).digest()[:NAME] != name:
            raise ConfigurationError(
                f"Bagian {shown} situs di {self.root} hilang atau rusak. Buat ulang dengan posko publish --full."
            )
        return data

    def _public_part(self, shown: str) -> bytes | None:
        try:
            return (self.parts / shown[:2] / shown).read_bytes()
        except OSError:
            return None

    def index(self, group: int) -> bytes:
        """Return the names of the parts of one group of the public version."""
        path = self.public / "indeks" / f"{group:02x}"
        return path.read_bytes() if self.version() else EMPTY * PER_GROUP

    def keep_index(self, group: int) -> None:
        """Take a file of the index over from the public version, as it is."""
        target = self.fresh / "situs" / "indeks" / f"{group:02x}"
        if self.version():
            os.link((self.public / "indeks" / f"{group:02x}").resolve(), target)
        else:
            target.write_bytes(EMPTY * PER_GROUP)

    def switch(self, state: State) -> None:
        """Make the version in the making public; `state` tells its number."""
        situs, number = self.fresh / "situs", state.version
        for folder in sorted((self.fresh / "isi").iterdir()):
            (self.parts / folder.name).mkdir(parents=True, exist_ok=True)
            for part in sorted(folder.iterdir()):
                os.replace(part, self.parts / folder.name / part.name)
        self.parts.mkdir(exist_ok=True)
        (situs / "isi").symlink_to("../../isi")
        (self.root / "keadaan").mkdir(mode=0o700, exist_ok=True)
        (self.root / "keadaan" / f"{number}.json").write_text(state.as_text(), "utf-8")
        target = self.root / "versi" / str(number)
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(situs, target)
        os.sync()  # one call for tens of thousands of small files; a line to each of them costs a minute
        link = self.root / "aktif.baru"
        link.unlink(missing_ok=True)
        link.symlink_to(f"versi/{number}")
        os.replace(link, self.public)

    def tidy(self, before: State | None) -> None:
        """Remove what only the version before last needed; `before` is the version that was public until now."""
        shutil.rmtree(self.fresh, ignore_errors=True)
        number = self.version()
        kept = {str(number), str(before.version if before else number)}
        for folder in (self.root / "versi").iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        for path in (self.root / "keadaan").iterdir():
            if path.stem not in kept:
                path.unlink()
        if before is not None:
            public = {entry for group in range(GROUPS) for entry in names_in(self.index(group))}
            for shown in before.replaced:
                if bytes.fromhex(shown) not in public:
                    (self.parts / shown[:2] / shown).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove every part that no kept version names, as killed processes may leave; return how many."""
        named = set()
        for index in (self.root / "versi").glob("*/indeks/*"):
            named |= {entry.hex() for entry in names_in(index.read_bytes())}
        lost = [path for path in self.parts.glob("*/*") if path.name not in named]
        for path in lost:
            path.unlink()
        return len(lost)


def names_in(index: bytes) -> Iterator[bytes]:
    """Yield the names of the parts in a file of the index."""
    for at in range(0, len(index), NAME):
        if (name := index[at : at + NAME]) != EMPTY:
            yield name


def place_of(shard: int) -> tuple[int, int]:
    """Return group and byte at which the index names a part."""
    if not 0 <= shard < SHARDS:
        raise ValueError(shard)
    return shard // PER_GROUP, shard % PER_GROUP * NAME
