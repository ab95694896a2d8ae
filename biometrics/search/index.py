"""Which templates share keys with an impression, without looking at all of them (DV-I05, DV-I06).

For each key the index holds the places of the templates that have it. A query reads the lists of its own keys only: about a
hundredth of the index. Rare keys count for more. What is new goes into small segments, which `tidy` merges into the large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from biometrics.search.keys import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Keys = NDArray[np.uint32]
    Places = NDArray[np.uint32]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

DELTA_SHARE = 0.1
"""Share of the large segment from which on the small ones are merged into it."""
DEAD_SHARE = 0.2
"""Share of removed templates from which on they are taken out."""
_STEPS = 32
_WIDTH = np.uint64(32)


@dataclass(frozen=True)
class Segment:
    """Lists of places by key: that of `keys[i]` is `places[starts[i]:starts[i + 1]]`, ascending; `keys` ascend too."""

    keys: Keys
    starts: Ints
    places: Places

    @classmethod
    def of(cls, first: int, keys: Sequence[Keys]) -> Segment:
        """Return the segment of templates at the places `first`, `first + 1`, ... with these keys."""
        lengths = [len(each) for each in keys]
        places = np.repeat(np.arange(first, first + len(keys), dtype=np.uint64), lengths)
        pairs = np.concatenate([np.zeros(0, np.uint32), *keys]).astype(np.uint64) << _WIDTH | places
        pairs.sort()
        return cls._of_pairs([pairs])

    @classmethod
    def merged(cls, segments: Sequence[Segment], new_places: Ints) -> Segment:
        """Return one segment of several; place `p` becomes `new_places[p]`, and what becomes -1 is left out.

        It is done a slice of the keys at a time, so that it takes little memory beside the result.
        """
        pairs = []
        for step in range(_STEPS):
            low, high = step * SPACE // _STEPS, (step + 1) * SPACE // _STEPS
            slices = np.concatenate([each.pairs(low, high, new_places) for each in segments])
            slices.sort()
            pairs.append(slices)
        return cls._of_pairs(pairs)

    @classmethod
    def _of_pairs(cls, slices: Sequence[NDArray[np.uint64]]) -> Segment:
        keys, counts, places = [], [], []
        for pairs in slices:
            there, number = np.unique((pairs >> _WIDTH).astype(np.uint32), return_counts=True)
            keys.append(there)
            counts.append(number)
            places.append(pairs.astype(np.uint32))
        starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        return cls(np.concatenate(keys), starts, np.concatenate(places))

    def pairs(self, low: int, high: int, new_places: Ints) -> NDArray[np.uint64]:
        """Return key and new place of all entries whose key is at least `low` and below `high`, in one number each."""
        begin, end = np.searchsorted(self.keys, [low, high])
        places = new_places[self.places[self.starts[begin] : self.starts[end]]]
        keys = np.repeat(self.keys[begin:end], np.diff(self.starts[begin : end + 1])).astype(np.uint64)
        is_kept = places >= 0
        return keys[is_kept] << _WIDTH | places[is_kept].astype(np.uint64)

    def lists(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return where the list of each key begins and how long it is; 0 where the key is not there."""
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        lengths = np.where(self.keys[at] == keys, self.starts[at + 1] - self.starts[at], 0)
        return self.starts[at], lengths

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return self.keys.nbytes + self.starts.nbytes + self.places.nbytes


@dataclass
class Index:
    """Templates by their keys. `names` are the numbers of the templates, in the order of their places."""

    names: Ints
    lengths: NDArray[np.uint16]
    is_live: Flags
    segments: list[Segment]

    @classmethod
    def empty(cls) -> Index:
        """Return an index of nothing."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.uint16), np.zeros(0, np.bool_), [])

    def __len__(self) -> int:
        return int(self.is_live.sum())

    @property
    def live_names(self) -> Ints:
        """Numbers of the templates that are found."""
        return self.names[self.is_live]

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        own = self.names.nbytes + self.lengths.nbytes + self.is_live.nbytes
        return own + sum(each.nbytes for each in self.segments)

    def add(self, names: Sequence[int], keys: Sequence[Keys]) -> None:
        """Take in templates with their keys; a number that is there must be removed first.

        Raises:
            ValueError: a number is there already, or stands twice among the new ones.
        """
        added = np.asarray(names, np.int64)
        if len(np.unique(added)) != len(added) or np.isin(added, self.live_names).any():
            raise ValueError("a template is in the index already")
        if not len(added):
            return
        self.segments.append(Segment.of(len(self.names), keys))
        self.names = np.concatenate([self.names, added])
        self.lengths = np.concatenate([self.lengths, np.array([min(len(each), 65_535) for each in keys], np.uint16)])
        self.is_live = np.concatenate([self.is_live, np.ones(len(added), np.bool_)])

    def remove(self, names: Sequence[int]) -> int:
        """Let templates no longer be found; return how many there were."""
        before = len(self)
        self.is_live &= ~np.isin(self.names, np.asarray(names, np.int64))
        return before - len(self)

    def tidy(self) -> None:
        """Merge segments: all into one when the small ones or the removed grew, else the small ones into one."""
        dead = len(self.names) - len(self)
        small = sum(len(each.places) for each in self.segments[1:])
        if dead > DEAD_SHARE * len(self.names) or (small and small > DELTA_SHARE * len(self.segments[0].places)):
            self._merge_all()
        elif len(self.segments) > 2:
            self.segments[1:] = [Segment.merged(self.segments[1:], np.arange(len(self.names)))]

    def query(
        self, keys: Keys, weights: Floats | None = None, *, most: int = 1000, without: Sequence[int] = ()
    ) -> list[tuple[int, float]]:
        """Return the templates that share keys, best first, with their scores: at most so many, none twice.

        A shared key counts log(1 + templates / templates that have it) times its weight; the sum is divided by the root of the
        number of keys that the template has, so that one with many minutiae is not found by everybody.

        Args:
            keys: of the impression that is looked for, each once.
            weights: how much each of them counts; None: 1.
            most: how many at most.
            without: numbers of templates that are not wanted.
        """
        found = [each.lists(keys) for each in self.segments]
        total = sum((lengths for _, lengths in found), np.zeros(len(keys), np.int64))
        rarity = np.log1p(len(self.names) / np.maximum(total, 1))
        worth = rarity if weights is None else rarity * weights
        scores = np.zeros(len(self.names))
        for segment, (starts, lengths) in zip(self.segments, found, strict=True):
            ends = np.cumsum(lengths)
            at = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
            scores += np.bincount(segment.places[at], np.repeat(worth, lengths), minlength=len(self.names))
        scores /= np.sqrt(np.maximum(self.lengths, 1))
        scores[~self.is_live] = 0
        scores[np.isin(self.names, np.asarray(without, np.int64))] = 0
        best = np.flatnonzero(scores)
        if len(best) > most:
            best = best[np.argpartition(scores[best], -most)[-most:]]
        best = best[np.lexsort((self.names[best], -scores[best]))]
        return [(int(self.names[place]), float(scores[place])) for place in best]

    def _merge_all(self) -> None:
        new_places = np.where(self.is_live, np.cumsum(self.is_live) - 1, -1)
        self.segments = [Segment.merged(self.segments, new_places)]
        self.names, self.lengths = self.names[self.is_live], self.lengths[self.is_live]
        self.is_live = np.ones(len(self.names), np.bool_)
