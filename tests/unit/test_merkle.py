"""The Merkle tree gives the roots that RFC 6962 implementations agree on, and its proofs convince of the truth only."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posko.domain.merkle import (
    EMPTY_ROOT,
    CompactRange,
    blocks,
    consistency_proof,
    includes,
    inclusion_from,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    tree_root,
)

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Roots of the first 1 to 8 of `LEAVES`, as the reference implementation of RFC 6962 publishes them for its tests."""


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_the_roots_of_the_reference_leaves_are_those_of_the_reference(size: int, root: str) -> None:
    assert tree_root(map(leaf_hash, LEAVES[:size])).hex() == root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT == sha256(b"").digest()


leaves_of = st.lists(st.binary(max_size=3).map(leaf_hash), min_size=1, max_size=40)


@given(leaves_of, st.data())
def test_every_leaf_is_shown_to_be_where_it_is_and_nowhere_else(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = tree_root(leaves), inclusion_proof(leaves, index)
    assert includes(root, len(leaves), index, leaves[index], proof)
    other = data.draw(st.integers(0, len(leaves) - 1))
    if leaves[other] != leaves[index]:
        assert not includes(root, len(leaves), other, leaves[index], proof)
    assert not includes(root, len(leaves), index, leaf_hash(b"never logged"), proof)


@given(leaves_of, st.data())
def test_a_longer_log_is_shown_to_hold_the_whole_of_a_shorter_one(leaves: list[bytes], data: st.DataObject) -> None:
    older = data.draw(st.integers(0, len(leaves)))
    older_root, newer_root = tree_root(leaves[:older]), tree_root(leaves)
    assert is_consistent(older_root, older, newer_root, len(leaves), consistency_proof(leaves, older))


@given(leaves_of, st.data())
def test_a_log_with_an_altered_past_convinces_nobody(leaves: list[bytes], data: st.DataObject) -> None:
    older = data.draw(st.integers(1, len(leaves)))
    place = data.draw(st.integers(0, older - 1))
    forged = [*leaves[:place], leaf_hash(b"forged event"), *leaves[place + 1 :]]
    older_root = tree_root(leaves[:older])
    assert not is_consistent(older_root, older, tree_root(forged), len(forged), consistency_proof(forged, older))


@given(leaves_of, st.data())
def test_a_proof_with_any_part_changed_or_missing_convinces_nobody(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = tree_root(leaves), inclusion_proof(leaves, index)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
        assert not includes(root, len(leaves), index, leaves[index], changed)
        assert not includes(root, len(leaves), index, leaves[index], proof[:-1])
    assert not includes(root, len(leaves), index, leaves[index], [*proof, bytes(32)])


def test_a_proof_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_proof([leaf_hash(b"a")], 1)
    with pytest.raises(IndexError):
        consistency_proof([leaf_hash(b"a")], 2)


@given(st.integers(1, 200), st.data())
def test_a_path_made_from_an_older_edge_is_the_path_made_from_all_leaves(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    older = data.draw(st.integers(0, size - 1))
    index = data.draw(st.integers(older, size - 1))
    edge = CompactRange()
    for leaf in leaves[:older]:
        edge.append(leaf)

    assert inclusion_from(edge, leaves[older:], index) == inclusion_proof(leaves, index)


@pytest.mark.parametrize("index", [-1, 2, 5])
def test_no_path_is_made_for_a_leaf_before_the_edge_or_after_the_end(index: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(5)]
    edge = CompactRange()
    for leaf in leaves[:3]:
        edge.append(leaf)

    with pytest.raises(IndexError):
        inclusion_from(edge, leaves[3:], index)


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_edge_is_led_to_a_larger_tree_by_the_roots_of_the_blocks_between(first: int, more: int) -> None:
    leaves = [leaf_hash(bytes([place % 251, place // 251])) for place in range(first + more)]
    edge, place = CompactRange(), first
    for leaf in leaves[:first]:
        edge.append(leaf)
    led = edge.copy()

    for size in blocks(first, first + more):
        led.add_block(size, tree_root(leaves[place : place + size]))
        place += size

    assert (led.size, led.root()) == (len(leaves), tree_root(leaves))
    assert len(led.roots) == led.size.bit_count()
    assert edge.size == first, "a copy is extended, not the edge itself"
    assert len(blocks(first, first + more)) <= 2 * max(1, (first + more).bit_length())
