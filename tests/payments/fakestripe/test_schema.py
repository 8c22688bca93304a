"""What the installed package says of Stripe's API, and that the fake keeps to it."""

from __future__ import annotations

import typing

import pytest

from payments.fakestripe import formdata, routing, schema
from payments.fakestripe.errors import ApiError
from payments.fakestripe.resources.topics import TOPICS
from payments.fakestripe.schema.parameters import hints
from payments.fakestripe.schema.types import is_typed_dict, without_null


def test_the_package_describes_nearly_all_of_the_api():
    table = schema.routes()
    assert len(table) > 600
    assert all(route.params is not None for route in table.values())
    assert len(schema.object_classes()) > 150
    assert {"checkout.session.completed", "refund.failed", "payout.paid"} <= schema.event_names()


def has_way(kind, words: list[str]) -> bool:
    """Whether the types have a parameter at the end of this way, inside dicts and lists."""
    if not words:
        return True
    for option in without_null(kind):
        if typing.get_origin(option) is list and has_way(typing.get_args(option)[0], words):
            return True
        if is_typed_dict(option) and words[0] in hints(option) and has_way(hints(option)[words[0]], words[1:]):
            return True
    return False


def test_every_route_of_ours_is_one_of_stripes_and_models_only_its_parameters():
    assert TOPICS
    for key, answerer in routing.registered().items():
        assert key in schema.routes(), key
        known = {"expand", "payment_method_types"} | set(routing.PAGE.split())  # one word for all lists
        for model in answerer.models - known:
            assert has_way(schema.routes()[key].params, model.split(".")), (key, model)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"a": {"b": "1", "c": "2"}}, "a[c]"),
        ({"list": [{"x": "1"}, {"y": "1"}]}, "list[1][y]"),
        ({"whole": {"any": {"thing": "1"}}, "a": {"b": "1"}}, None),
        ({"ab": "1"}, "ab"),
    ],
)
def test_a_parameter_inside_others_that_is_not_modelled_is_named(params, param):
    assert routing.first_not_modelled(frozenset({"whole", "a.b", "list.x"}), params) == param


def test_a_wrong_object_is_seen():
    refund = {"object": "refund", "id": "re_1", "amount": "10", "currency": "gbp", "created": 1, "colour": "red"}
    remarks = " ".join(schema.remarks_on(refund))
    assert "colour: the real Refund has no such field" in remarks
    assert "amount: '10' is not int" in remarks
    del refund["created"]
    assert "created: missing" in " ".join(schema.remarks_on(refund))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=1&b[c]=2", {"a": "1", "b": {"c": "2"}}),
        ("l[0][x]=1&l[1][x]=2", {"l": [{"x": "1"}, {"x": "2"}]}),
        ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
        ("metadata[key]=%C2%A3&empty=", {"metadata": {"key": "£"}, "empty": ""}),
        ("", {}),
    ],
)
def test_forms_become_values(text, value):
    assert formdata.decoded(text) == value


def test_a_form_that_contradicts_itself_is_refused():
    with pytest.raises(ApiError, match="Invalid form key"):
        formdata.decoded("a=1&a[b]=2")
