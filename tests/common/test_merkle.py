"""Merkle roots and proofs in the shape of RFC 6962, at every size and place of small lists."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import merkle

ITEMS = [bytes([number]) * 32 for number in range(20)]


def plain_root(items: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not items:
        return hashlib.sha256(b"").digest()
    if len(items) == 1:
        return hashlib.sha256(b"\x00" + items[0]).digest()
    left = 1
    while left * 2 < len(items):
        left *= 2
    return hashlib.sha256(b"\x01" + plain_root(items[:left]) + plain_root(items[left:])).digest()


@pytest.mark.parametrize("size", range(len(ITEMS) + 1))
def test_the_root_is_the_one_of_the_definition_after_each_item(size):
    assert merkle.root(ITEMS[:size]) == plain_root(ITEMS[:size])


def test_the_published_roots_of_rfc_6962_are_met():
    """From the test vectors of certificate-transparency: eight inputs, the root after each."""
    inputs = [bytes.fromhex(text) for text in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f"]]  # fmt: skip
    assert merkle.root(inputs[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(inputs[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(inputs).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(1, len(ITEMS) + 1))
def test_every_item_is_proven_and_no_other(size):
    items, root = ITEMS[:size], merkle.root(ITEMS[:size])
    for place, item in enumerate(items):
        proof = merkle.inclusion(items, place)
        assert merkle.includes(item, place, size, proof, root)
        assert not merkle.includes(b"another", place, size, proof, root)
        assert not merkle.includes(item, place + 1, size, proof, root) or size == 1
        assert not merkle.includes(item, place, size, [*proof, bytes(32)], root)
        if proof:
            assert not merkle.includes(item, place, size, proof[:-1], root)
            assert not merkle.includes(item, place, size, [bytes(32), *proof[1:]], root)
    assert not merkle.includes(items[0], size, size, [], root)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
def test_a_changed_item_changes_the_root(items, data):
    place = data.draw(st.integers(0, len(items) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda value: value != items[place]))
    assert merkle.root(items) != merkle.root([*items[:place], other, *items[place + 1 :]])


def test_there_is_no_proof_of_what_is_not_there():
    with pytest.raises(IndexError, match="no item 3 of 3"):
        merkle.inclusion(ITEMS[:3], 3)
