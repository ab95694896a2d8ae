"""Merkle tree of RFC 6962: the audit log's fingerprint that outsiders can hold against us (§5.3, §5.7).

A leaf is hashed with prefix 0x00, a node with 0x01 (section 2.1), so that neither can pass for the other. `CompactRange` extends a
tree without its leaves; `inclusion_proof` and `consistency_proof` (2.1.1, 2.1.2) let an outsider with one or two published roots
check that an event is in the log, and that the newer log still holds all of the older one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY_ROOT = sha256().digest()
"""Root of the tree without leaves (section 2.1)."""


def leaf_hash(data: bytes) -> bytes:
    """Return the 32-byte hash of one leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class CompactRange:
    """The right edge of a growing tree: `size` leaves, and the roots of its perfect subtrees, largest first."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash."""
        self.size += 1
        self.roots.append(leaf)
        rest = self.size
        while rest % 2 == 0:
            right = self.roots.pop()
            self.roots[-1] = node_hash(self.roots[-1], right)
            rest //= 2

    def add_block(self, size: int, root: bytes) -> None:
        """Add a perfect subtree of `size` leaves by its root; `blocks` says which sizes fit here."""
        self.size += size
        self.roots.append(root)
        place = self.size // size
        while place % 2 == 0:
            right = self.roots.pop()
            self.roots[-1] = node_hash(self.roots[-1], right)
            place //= 2

    def copy(self) -> CompactRange:
        """Return the same edge, to be extended on its own."""
        return CompactRange(self.size, list(self.roots))

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root


def blocks(first: int, last: int) -> list[int]:
    """Return the sizes of the perfect subtrees that lead an edge of `first` leaves to one of `last`, in their order."""
    found = []
    while first < last:
        size = 1 << ((last - first).bit_length() - 1)
        if first:
            size = min(size, first & -first)
        found.append(size)
        first += size
    return found


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, in order."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of all `leaves` (section 2.1.1).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _largest_power_below(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), tree_root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), tree_root(leaves[:split])]


def inclusion_from(edge: CompactRange, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf in the tree of `edge` and the `leaves` after it, without the leaves before that edge.

    Args:
        edge: the right edge of the older tree, as a checkpoint keeps it.
        leaves: every leaf hash that came after it, in order.
        index: place of the leaf, counted from the first leaf of the whole tree; it must lie behind the edge.

    Raises:
        IndexError: it does not.
    """
    size = edge.size + len(leaves)
    if not edge.size <= index < size:
        raise IndexError(index)
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _largest_power_below(last - first)
        if index < middle:
            path.append(_root_between(edge, leaves, middle, last))
            last = middle
        else:
            path.append(_root_between(edge, leaves, first, middle))
            first = middle
    return path[::-1]


def _root_between(edge: CompactRange, leaves: Sequence[bytes], first: int, last: int) -> bytes:
    """Return the root over the leaves from `first` to before `last`; what lies before the edge is taken from its subtrees."""
    part, start = CompactRange(), 0
    for bit, root in zip(_powers(edge.size), edge.roots, strict=True):
        if first <= start and start + bit <= last:
            part.roots.append(root)
            part.size += bit
        start += bit
    for leaf in leaves[max(first - edge.size, 0) : max(last - edge.size, 0)]:
        part.append(leaf)
    return part.root()


def _powers(size: int) -> list[int]:
    """Return the powers of two that make up a size, largest first."""
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that leaf hash `leaf` is number `index` of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            found = node_hash(sibling, found)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            found = node_hash(found, sibling)
        node, last = node // 2, last // 2
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], older: int) -> list[bytes]:
    """Return the proof that the tree of the first `older` leaves is a prefix of the tree of all (section 2.1.2).

    Raises:
        IndexError: the older tree is larger than the newer one.
    """
    if not 0 <= older <= len(leaves):
        raise IndexError(older)
    return [] if older in {0, len(leaves)} else _subproof(leaves, older, is_whole=True)


def _subproof(leaves: Sequence[bytes], older: int, *, is_whole: bool) -> list[bytes]:
    if older == len(leaves):
        return [] if is_whole else [tree_root(leaves)]
    split = _largest_power_below(len(leaves))
    if older <= split:
        return [*_subproof(leaves[:split], older, is_whole=is_whole), tree_root(leaves[split:])]
    return [*_subproof(leaves[split:], older - split, is_whole=False), tree_root(leaves[:split])]


def is_consistent(older_root: bytes, older: int, newer_root: bytes, newer: int, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the newer tree begins with the whole older one."""
    if older == newer:
        return not proof and older_root == newer_root
    if older == 0:
        return not proof and older_root == EMPTY_ROOT
    if older > newer or not proof:
        return False
    node, last = older - 1, newer - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    path = list(proof) if node else [older_root, *proof]
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            second = node_hash(second, sibling)
        node, last = node // 2, last // 2
    return last == 0 and first == older_root and second == newer_root


def _largest_power_below(size: int) -> int:
    """Return the largest power of two that is smaller than `size` (k of section 2.1)."""
    return 1 << ((size - 1).bit_length() - 1)
