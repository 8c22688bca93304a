"""The ratio of members: at least so many in a hundred of an offer's members are from one area."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """Where the ratio puts an applicant: in the area, or at a place in the queue of the others (1 first)."""

    inside: bool
    place: int
    kept: bool


def standings(lines: Sequence[tuple[Hashable, bool]], *, percent: int) -> dict[Hashable, Standing]:
    """Who is kept. `lines`: (applicant, is the line's tier the area?) in order of the moment the money cleared.

    An applicant with one paid line in the area counts as inside with all lines. Of the others the first
    floor(inside × (100 − percent) / percent) are kept.
    """
    inside = {applicant for applicant, in_area in lines if in_area}
    outside = list(dict.fromkeys(applicant for applicant, _ in lines if applicant not in inside))
    room = len(inside) * (100 - percent) // percent
    found: dict[Hashable, Standing] = {applicant: Standing(True, 0, True) for applicant in inside}
    for place, applicant in enumerate(outside, start=1):
        found[applicant] = Standing(False, place, place <= room)
    return found
