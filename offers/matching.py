"""Match funding: what an institution puts in beside what people were allotted."""

from __future__ import annotations

from offers.choices import MatchTrigger


def match_pence(
    *,
    allotted_to_people_pence: int,
    cleared_by_people_pence: int,
    minimum_pence: int | None,
    ratio_pence: int,
    cap_pence: int,
    trigger: str,
    unit_pence: int,
) -> int:
    """The match in pence, in whole units of the offer, beside and not inside the maximum.

    `ratio_pence`: pence for each pound allotted to people (persons, joint holders, children, syndicates). With the
    trigger "minimum" nothing unless the cleared money of people alone, before any ratio of members, reached it.
    """
    if trigger == MatchTrigger.MINIMUM and cleared_by_people_pence < (minimum_pence or 0):
        return 0
    promised = min(allotted_to_people_pence * ratio_pence // 100, cap_pence)
    return promised // unit_pence * unit_pence
