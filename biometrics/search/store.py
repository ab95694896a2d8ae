"""The index of an installation: kept encrypted below `var/finger-index`, and brought up to the templates in force (R-187, DV-I05).

Which templates are in force is asked anew each time, so the file need not be the newest: what it lacks is taken in, what was retired
meanwhile is taken out, and a file that is broken, foreign or of another recipe is made anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from biometrics.errors import TemplateBroken
from biometrics.search import sealed_file
from biometrics.search.index import Index, Segment
from biometrics.search.keys import RECIPE, keys_of_each
from biometrics.search.sealed_file import FileForeign
from biometrics.types import Matcher
from posko.db.secrets import read_or_make_key
from posko.services import duplicates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from biometrics.minutiae import Impression
    from biometrics.types import Template
    from biometrics.vault import Vault
    from posko.settings import Settings

KEY = "finger-index-1"
"""File of the key in the folder of secrets."""
AT_ONCE = 2000
SAVE_SHARE = 0.02
"""Share of the index that must have changed before the file is written again; less is quicker taken in anew."""
_LENGTH = 8


class Comparer(Matcher, Protocol):
    """A matcher whose templates can be shown as minutiae."""

    def impression_of(self, template: Template) -> Impression:
        """Return the minutiae of a template."""
        ...


@dataclass(frozen=True)
class Refreshed:
    """The index with all templates in force, and what had to be done for it.

    `broken` are templates that did not open, `foreign` those in force of another format, `is_rebuilt` says that there was a file
    and that it could not be used.
    """

    index: Index
    added: int = 0
    removed: int = 0
    broken: int = 0
    foreign: int = 0
    is_rebuilt: bool = False


class Store:
    """Keeps the index of one installation."""

    def __init__(self, folder: Path, secrets: Path, vault: Vault, matcher: Comparer) -> None:
        self._path = folder / "index.sealed"
        self._secrets = secrets
        self._vault = vault
        self._matcher = matcher

    @classmethod
    def of(cls, settings: Settings, vault: Vault, matcher: Comparer) -> Store:
        """Return the store of an installation."""
        return cls(settings.var / "finger-index", settings.secrets, vault, matcher)

    @property
    def path(self) -> Path:
        """File of the index."""
        return self._path

    @property
    def _head(self) -> str:
        return f"POSKO-FINGER-INDEX 1 {RECIPE} {self._matcher.format} {KEY}"

    def refresh(self, db: sa.Connection, say: Callable[[int], None] = lambda _: None) -> Refreshed:
        """Return the index of all templates in force, and keep it if much of it is new.

        Args:
            db: a connection that may read templates.
            say: is told how many templates were taken in, some at a time.
        """
        index, is_rebuilt = self._load()
        active = np.array(duplicates.active_ids(db, self._matcher.format), np.int64)
        removed = index.remove(index.names[~np.isin(index.names, active)].tolist())
        new = np.setdiff1d(active, index.live_names).tolist()
        broken = sum(
            self._take_in(db, index, new[start : start + AT_ONCE], say) for start in range(0, len(new), AT_ONCE)
        )
        index.tidy()
        added = len(new) - broken
        if added + removed > SAVE_SHARE * len(index.names) or (is_rebuilt and len(index)):
            self.save(index)
        foreign = duplicates.count_foreign(db, self._matcher.format)
        return Refreshed(index, added, removed, broken, foreign, is_rebuilt)

    def save(self, index: Index) -> None:
        """Write the index, encrypted, in place of the old file."""
        arrays = list(_arrays(index))
        shapes = json.dumps([(each.dtype.str, len(each)) for each in arrays]).encode()
        parts = [memoryview(len(shapes).to_bytes(_LENGTH, "big")), memoryview(shapes)]
        parts += [np.ascontiguousarray(each).view(np.uint8).data for each in arrays]
        sealed_file.write(self._path, self._head, parts, self._key())

    def _load(self) -> tuple[Index, bool]:
        """Return what is kept, and whether there was something that could not be used."""
        try:
            content = sealed_file.read(self._path, self._head, self._key())
        except FileNotFoundError:
            return Index.empty(), False
        except FileForeign:
            return Index.empty(), True
        begin = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
        arrays = []
        for kind, length in json.loads(content[_LENGTH:begin]):
            # A copy, because what comes later would not lie on an even address.
            arrays.append(np.frombuffer(content, np.uint8, length * np.dtype(kind).itemsize, begin).copy().view(kind))
            begin += arrays[-1].nbytes
        names, lengths, is_live, *rest = arrays
        segments = [Segment(*rest[start : start + 3]) for start in range(0, len(rest), 3)]
        return Index(names, lengths, is_live, segments), False

    def _take_in(self, db: sa.Connection, index: Index, ids: Sequence[int], say: Callable[[int], None]) -> int:
        """Take templates into the index; return how many did not open."""
        opened: dict[int, Impression] = {}
        for row in duplicates.templates_by_id(db, ids):
            impression = self._opened(row)
            if impression is not None:
                opened[int(row["template_id"])] = impression
        index.add(list(opened), list(keys_of_each(list(opened.values()))))
        say(len(ids))
        return len(ids) - len(opened)

    def _opened(self, row: dict[str, Any]) -> Impression | None:
        try:
            return self._matcher.impression_of(self._vault.open(row))
        except TemplateBroken:
            return None

    def _key(self) -> bytes:
        return read_or_make_key(self._secrets / KEY)


def _arrays(index: Index) -> Iterator[Any]:
    yield from (index.names, index.lengths, index.is_live)
    for each in index.segments:
        yield from (each.keys, each.starts, each.places)
