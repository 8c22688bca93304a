"""References that survive being copied by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import references

REFERENCES = st.text(references.ALPHABET, min_size=6, max_size=6).map(lambda b: b + references._check_sign(b))


@given(REFERENCES)
def test_read_takes_case_spaces_and_hyphens_as_people_write_them(reference):
    shown = references.shown(reference)
    assert (
        references.read(shown) == references.read(shown.lower()) == references.read(" " + " ".join(shown)) == reference
    )


@given(REFERENCES, st.integers(0, 6), st.sampled_from(references.ALPHABET))
def test_any_one_wrong_sign_is_noticed(reference, place, sign):
    wrong = reference[:place] + sign + reference[place + 1 :]
    assert (references.read(wrong) is None) == (wrong != reference)


@given(REFERENCES, st.integers(0, 5), st.integers(1, 6))
def test_any_two_swapped_signs_are_noticed(reference, first, second):
    signs = list(reference)
    signs[first], signs[second] = signs[second], signs[first]
    wrong = "".join(signs)
    assert (references.read(wrong) is None) == (wrong != reference)


@pytest.mark.parametrize("text", ["", "ABC", "0000000", "7K3-F9Q", "7K3-F9QXX", "7K3\nF9QX", "ÄÖÜ-ÄÖÜÄ"])
def test_what_is_no_reference_is_none(text):
    assert references.read(text) is None


def test_new_references_are_readable_and_differ():
    made = {references.new() for _ in range(2000)}
    assert len(made) == 2000
    assert {references.read(reference) for reference in made} == made
