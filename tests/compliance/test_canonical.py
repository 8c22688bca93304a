"""Facts have one form and one hash."""

import pytest

from compliance import canonical


def test_the_same_facts_are_the_same_bytes_in_any_order():
    assert canonical.canonical({"b": [1, None], "a": "£ŵ"}) == '{"a":"£ŵ","b":[1,null]}'.encode()


@pytest.mark.parametrize("facts", [1.5, {"a": [1.0]}, {1: "a"}])
def test_floats_and_other_keys_are_refused(facts):
    with pytest.raises(TypeError):
        canonical.canonical(facts)
