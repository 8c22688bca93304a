"""How shares are shared out when more was paid for than the offer's maximum: four published strategies.

Pure arithmetic in whole units of the offer's step. Requests stand in order of the moment their money cleared;
each is shared out for itself. Sums that come in are whole multiples of the unit; what a strategy cannot place
in whole units is not allotted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from common.apportion import apportion
from offers.choices import Oversubscription

NO_TIER = 10**9  # applicants in no tier come last


@dataclass(frozen=True)
class Request:
    """One paid application: what it is due and the smallest its tier allows, in pence; its tier's priority, 1 first."""

    due_pence: int
    smallest_pence: int
    priority: int = NO_TIER


def share_out(
    requests: Sequence[Request], *, maximum_pence: int | None, unit_pence: int, strategy: str, tier_then: str
) -> list[int]:
    """What each request is given, in pence, in the order of `requests`; together never above the maximum.

    Nobody gets more than they paid for. Where all of it fits, everybody gets all. `tier_then` says how the tier that
    does not fit is cut, under priority tiers only.
    """
    if maximum_pence is None or sum(request.due_pence for request in requests) <= maximum_pence:
        return [request.due_pence for request in requests]
    units = maximum_pence // unit_pence
    asked = [_Units.of(request, unit_pence) for request in requests]
    if strategy == Oversubscription.PRIORITY_TIERS:
        given = _by_tiers(asked, units, CUTS[tier_then])
    else:
        given = CUTS[strategy](asked, units)
    return [number * unit_pence for number in given]


@dataclass(frozen=True)
class _Units:
    """A request in whole units."""

    due: int
    smallest: int
    priority: int

    @classmethod
    def of(cls, request: Request, unit_pence: int) -> _Units:
        smallest = -(-request.smallest_pence // unit_pence)  # a minimum that is no multiple rounds up
        return cls(request.due_pence // unit_pence, smallest, request.priority)


def pro_rata(asked: Sequence[_Units], units: int) -> list[int]:
    """Everybody gets their smallest; what is left is shared in proportion to what each asked above it.

    Where even the smallest do not all fit, they are given in order; one that no longer fits gets nothing, later ones
    that fit still get theirs, and the rest is not allotted.
    """
    least = [min(request.smallest, request.due) for request in asked]
    if sum(least) > units:
        return _while_it_fits(least, units)
    above = [request.due - floor for request, floor in zip(asked, least, strict=True)]
    extra = apportion(units - sum(least), above)
    return [floor + more for floor, more in zip(least, extra, strict=True)]


def _while_it_fits(wanted: Sequence[int], units: int) -> list[int]:
    given, left = [], units
    for number in wanted:
        given.append(number if number <= left else 0)
        left -= given[-1]
    return given


def cap_largest(asked: Sequence[_Units], units: int) -> list[int]:
    """The highest ceiling under which all fits; units still left go one each, in order, to those above it."""
    ceiling = _ceiling([request.due for request in asked], units)
    given = [min(request.due, ceiling) for request in asked]
    left = units - sum(given)
    for place, request in enumerate(asked):
        if left and request.due > ceiling:
            given[place] += 1
            left -= 1
    return given


def _ceiling(due: Sequence[int], units: int) -> int:
    low, high = 0, max(due, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(number, middle) for number in due) <= units:
            low = middle
        else:
            high = middle - 1
    return low


def first_come(asked: Sequence[_Units], units: int) -> list[int]:
    """In order; the one that does not fit gets what is left, and later ones nothing."""
    given, left = [], units
    for request in asked:
        given.append(min(request.due, left))
        left -= given[-1]
    return given


def _by_tiers(asked: Sequence[_Units], units: int, cut: Callable) -> list[int]:
    """Tier by tier while they fit whole; the first that does not is cut, later ones get nothing."""
    given, left = [0] * len(asked), units
    order = sorted(range(len(asked)), key=lambda place: (asked[place].priority, place))
    for _priority, places in groupby(order, key=lambda place: asked[place].priority):
        tier = list(places)
        total = sum(asked[place].due for place in tier)
        shares = [asked[place].due for place in tier] if total <= left else cut([asked[place] for place in tier], left)
        for place, number in zip(tier, shares, strict=True):
            given[place] = number
        if total > left:
            break
        left -= total
    return given


CUTS: dict[str, Callable] = {
    Oversubscription.PRO_RATA: pro_rata,
    Oversubscription.CAP_LARGEST: cap_largest,
    Oversubscription.FIRST_COME: first_come,
}
