"""Merkle trees in the shape of RFC 6962: one root stands for a list of hashes, and a short proof for a place in it.

Leaves and nodes are hashed with different first bytes, so that no node can be passed off as a leaf.
Source: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

NOTHING = hashlib.sha256(b"").digest()  # the root of an empty list


def leaf(content: bytes) -> bytes:
    """The hash of one item."""
    return hashlib.sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, in their order."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Roots:
    """The root after each item, for lists that only grow: keeps one hash for each complete subtree, largest first."""

    def __init__(self):
        self.size = 0
        self._complete: list[bytes] = []

    def add(self, content: bytes) -> None:
        """One more item at the end."""
        self._complete.append(leaf(content))
        self.size += 1
        size = self.size
        while size % 2 == 0:
            right, left = self._complete.pop(), self._complete.pop()
            self._complete.append(node(left, right))
            size //= 2

    def root(self) -> bytes:
        """The root of everything added so far."""
        if not self._complete:
            return NOTHING
        found = self._complete[-1]
        for left in reversed(self._complete[:-1]):
            found = node(left, found)
        return found


def root(contents: Iterable[bytes]) -> bytes:
    """The root over items in their order."""
    roots = Roots()
    for content in contents:
        roots.add(content)
    return roots.root()


def _split(size: int) -> int:
    """The largest power of two below `size`: how many items the left subtree has."""
    return 1 << (size - 1).bit_length() - 1


def inclusion(contents: Sequence[bytes], place: int) -> list[bytes]:
    """The proof that the item at `place` (from 0) is in the list: the hashes beside its way up, lowest first."""
    if not 0 <= place < len(contents):
        raise IndexError(f"There is no item {place} of {len(contents)}.")
    if len(contents) == 1:
        return []
    left = _split(len(contents))
    if place < left:
        return [*inclusion(contents[:left], place), root(contents[left:])]
    return [*inclusion(contents[left:], place - left), root(contents[:left])]


def includes(content: bytes, place: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the proof shows that `content` is item `place` of the `size` items under the root `expected`."""
    if not 0 <= place < size:
        return False
    sides: list[bool] = []  # of each step from the leaf upwards: whether the other subtree stands to the left
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        sides.append(place >= middle)
        low, high = (middle, high) if place >= middle else (low, middle)
    if len(sides) != len(proof):
        return False
    found = leaf(content)
    for other, is_left in zip(proof, reversed(sides), strict=True):
        found = node(other, found) if is_left else node(found, other)
    return found == expected
