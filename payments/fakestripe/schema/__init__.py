"""Stripe's API as the installed `stripe` package itself describes it.

The package is generated from Stripe's OpenAPI document and carries nearly all of it as Python types:
every service method names its HTTP method, its path and the TypedDict of its parameters, and every
object has a class with annotated fields. These modules read that back, so that the fake can

* refuse a parameter that the real API does not have, that is missing, of the wrong kind, or not among
  the words of its enum (`parameters`), and
* be checked itself: an answer may only have fields that the real object has (`objects`).

No file of Stripe's is copied. The description moves with the pinned version of `stripe`.
"""

from payments.fakestripe.schema.objects import blank, has_field, is_expandable, nulls_of, object_classes, remarks_on
from payments.fakestripe.schema.parameters import Problem, problems_in, typed
from payments.fakestripe.schema.routes import Route, event_names, match, routes, thin_event_names

__all__ = [
    "Problem",
    "Route",
    "blank",
    "event_names",
    "has_field",
    "is_expandable",
    "match",
    "nulls_of",
    "object_classes",
    "problems_in",
    "remarks_on",
    "routes",
    "thin_event_names",
    "typed",
]
