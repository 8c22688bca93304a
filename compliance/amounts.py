"""How much one may apply for (AMT-1) and whether there is room in the offer (OFF-5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import OFFER, Answer
from compliance.caps import Interest
from compliance.questions import question


@question("AMT-1", OFFER)
def amount(
    *,
    applied_pence: int,
    smallest_pence: int,
    largest_pence: int | None,
    unit_pence: int,
    interests: Sequence[Interest] = (),
) -> Answer:
    """AMT-1: not below the smallest application, a whole number of units, and within the largest per holder.

    largest_pence counts all that anyone concerned has live in this offer, joint interests whole; None: no largest.
    Units: pence. Source: the offer's own terms.
    """
    before = max((interest.in_offer_pence for interest in interests), default=0)
    facts = {
        "applied_pence": applied_pence,
        "smallest_pence": smallest_pence,
        "largest_pence": largest_pence,
        "unit_pence": unit_pence,
        "in_offer_pence": before,
    }
    words, passed = [], True
    arithmetic = [f"{as_pounds(applied_pence)} ≥ {as_pounds(smallest_pence)}"]
    if applied_pence < smallest_pence:
        arithmetic[0] = f"{as_pounds(applied_pence)} < {as_pounds(smallest_pence)}"
        words.append(_("The smallest application is %(least)s.") % {"least": as_pounds(smallest_pence)})
        passed = False
    if largest_pence is not None and before + applied_pence > largest_pence:
        arithmetic.append(f"{as_pounds(before)} + {as_pounds(applied_pence)} > {as_pounds(largest_pence)}")
        words.append(_too_large(before, largest_pence))
        passed = False
    if applied_pence % unit_pence:
        arithmetic.append(_("%(sum)s is not a multiple of %(unit)s") % _pair(applied_pence, unit_pence))
        words.append(_off_step(applied_pence, unit_pence, smallest_pence, largest_pence))
        passed = False
    return Answer("AMT-1", OFFER, passed, " ".join(words), "; ".join(arithmetic), _("The offer's terms"), facts)


def _pair(sum_pence: int, unit_pence: int) -> dict:
    return {"sum": as_pounds(sum_pence), "unit": as_pounds(unit_pence)}


def _off_step(applied_pence: int, unit_pence: int, smallest_pence: int, largest_pence: int | None) -> str:
    """With the sums on both sides that would do, where both would."""
    below = applied_pence - applied_pence % unit_pence
    sums = {"unit": as_pounds(unit_pence), "below": as_pounds(below), "above": as_pounds(below + unit_pence)}
    if below < smallest_pence or (largest_pence is not None and below + unit_pence > largest_pence):
        return _("Shares come in steps of %(unit)s.") % sums
    return _("Shares come in steps of %(unit)s: %(below)s or %(above)s would do.") % sums


def _too_large(before_pence: int, largest_pence: int) -> str:
    most = {"most": as_pounds(largest_pence), "before": as_pounds(before_pence)}
    if not before_pence:
        return _("The most that one holder may apply for is %(most)s.") % most
    left = max(largest_pence - before_pence, 0)
    return _(
        "The most that one holder may apply for is %(most)s. You have applied for %(before)s already, "
        "so you can apply for up to %(left)s more."
    ) % {**most, "left": as_pounds(left)}


@question("OFF-5", OFFER)
def cut_to_room(
    *, applied_pence: int, room_pence: int | None, smallest_pence: int, unit_pence: int, accept_less: bool
) -> tuple[int, Answer]:
    """OFF-5 at application, first come first served: what may be taken now, and why.

    Returns (pence to take, answer). Nought means refused. `room_pence` None: the offer has no maximum.
    Cut to the room, in whole units, only where the applicant agreed to less and it is at least the smallest.
    """
    facts = {
        "applied_pence": applied_pence,
        "room_pence": room_pence,
        "smallest_pence": smallest_pence,
        "accept_less": accept_less,
    }
    source = _("The offer: first come, first served up to its maximum")
    if room_pence is None or applied_pence <= room_pence:
        left = _("no maximum") if room_pence is None else as_pounds(room_pence)
        return applied_pence, Answer("OFF-5", OFFER, True, "", f"{as_pounds(applied_pence)} ≤ {left}", source, facts)
    room = max(room_pence, 0) // unit_pence * unit_pence
    arithmetic = f"{as_pounds(applied_pence)} > {as_pounds(max(room_pence, 0))}"
    if accept_less and room >= smallest_pence:
        message = _("Only %(room)s was left in the offer, so your application was cut to that.") % {
            "room": as_pounds(room)
        }
        return room, Answer("OFF-5", OFFER, False, message, arithmetic, source, facts)
    if room < smallest_pence:
        message = _("The offer is full: its maximum has been applied for.")
    else:
        message = _("Only %(room)s is left in the offer. You can apply for up to that, or agree to accept less.") % {
            "room": as_pounds(room)
        }
    return 0, Answer("OFF-5", OFFER, False, message, arithmetic, source, facts)
