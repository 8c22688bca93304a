"""The end of an offer: the minimum (OFF-2), the ratio of members (RAT-1), the sharing-out (OFF-5)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import OFFER, Answer
from compliance.questions import question


@question("OFF-2", OFFER)
def minimum_reached(*, cleared_pence: int, minimum_pence: int) -> Answer:
    """OFF-2: nothing is allotted unless the money that has cleared reaches the minimum. Units: pence."""
    passed = cleared_pence >= minimum_pence
    message = (
        ""
        if passed
        else _("The offer did not reach its minimum of %(least)s, so your money is refunded.")
        % {"least": as_pounds(minimum_pence)}
    )
    sign = "≥" if passed else "<"
    return Answer(
        "OFF-2",
        OFFER,
        passed,
        message,
        f"{as_pounds(cleared_pence)} {sign} {as_pounds(minimum_pence)}",
        _("The offer: refunded if the minimum is not reached"),
        {"cleared_pence": cleared_pence, "minimum_pence": minimum_pence},
    )


@question("RAT-1", OFFER)
def ratio_kept(*, inside: int, outside: int, place: int, tier: str, percent: int) -> Answer:
    """RAT-1: at least `percent` of the offer's members are in the tier; the applicant's `place` among the others.

    inside, outside: applicants with money in. Those outside are kept by the order in which their money cleared,
    up to floor(inside × (100 − percent) / percent).
    """
    room = inside * (100 - percent) // percent
    passed = place <= room
    message = (
        ""
        if passed
        else _(
            "At least %(percent)s%% of members must be in area %(tier)s, and others applied before you, "
            "so your money is refunded."
        )
        % {"percent": percent, "tier": tier}
    )
    sign = "≤" if passed else ">"
    return Answer(
        "RAT-1",
        OFFER,
        passed,
        message,
        f"{inside} × {100 - percent} / {percent} → {room}; {place} {sign} {room}",
        _("The offer: the ratio of members"),
        {
            "inside": inside,
            "outside": outside,
            "place": place,
            "tier": tier,
            "percent": percent,
            "room": room,
        },
    )


@question("OFF-5", OFFER)
def allotted_in_full(*, due_pence: int, allotted_pence: int, strategy: str) -> Answer:
    """OFF-5 at the close: what was asked against what the published strategy gave. Units: pence."""
    passed = allotted_pence >= due_pence
    if passed:
        message = ""
    elif allotted_pence:
        message = _("The offer was oversubscribed: you were allotted %(got)s and the rest is refunded.") % {
            "got": as_pounds(allotted_pence)
        }
    else:
        message = _("The offer was oversubscribed and could not allot you any shares, so your money is refunded.")
    sign = "=" if passed else "<"
    return Answer(
        "OFF-5",
        OFFER,
        passed,
        message,
        f"{as_pounds(allotted_pence)} {sign} {as_pounds(due_pence)}",
        _("The offer: %(strategy)s when oversubscribed") % {"strategy": strategy},
        {"due_pence": due_pence, "allotted_pence": allotted_pence, "strategy": strategy},
    )
