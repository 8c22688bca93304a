"""The working of a decision: from what was paid to who gets what, with every rule's answer. Writes nothing.

The board sees it, two officers approve its facts, the minute prints it, and `deciding.py` carries it out; all
four read this one computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from common import clock
from compliance import canonical, closing
from compliance.answers import Answer
from compliance.eligibility import PEOPLE
from members.allotment import limits
from members.allotment.lines import Line
from offers import matching, oversubscription, ratio
from offers.choices import LIVE, ApplicationState, OfferState
from offers.models import Application, MatchCommitment, ShareOffer
from payments import paper_waiting, suspense


class TooEarly(Exception):
    """The offer cannot be decided yet; the message says until when and why."""


@dataclass
class Match:
    """What one institution puts in; pence."""

    commitment: MatchCommitment
    amount_pence: int


@dataclass
class Working:
    """The whole decision. `lines` in the order in which the money cleared."""

    offer: ShareOffer
    lines: list[Line]
    matches: list[Match]
    minimum: Answer

    @property
    def cleared_pence(self) -> int:
        return sum(line.application.due_pence for line in self.lines)

    @property
    def allotted_pence(self) -> int:
        return sum(line.allotted_pence for line in self.lines)

    @property
    def match_pence(self) -> int:
        return sum(match.amount_pence for match in self.matches)

    @property
    def succeeds(self) -> bool:
        return self.minimum.passed

    @property
    def is_oversubscribed(self) -> bool:
        return self.offer.maximum_pence is not None and self.cleared_pence > self.offer.maximum_pence

    def facts(self) -> dict:
        """What two officers approve: the outcome, its sums, and a hash over every line."""
        lines = [[str(line.application.pk), line.application.due_pence, line.allotted_pence] for line in self.lines]
        return {
            "offer": str(self.offer.pk),
            "outcome": "allot" if self.succeeds else "refund",
            "applications": len(self.lines),
            "cleared_pence": self.cleared_pence,
            "allotted_pence": self.allotted_pence,
            "match_pence": self.match_pence,
            "lines_sha256": canonical.sha256(lines),
        }


def earliest(offer: ShareOffer):
    """The first moment at which the offer may be decided: closed, nothing waiting, every cooling-off past.

    None: not before somebody closes it (an offer without a last day).
    """
    end = offer.closed_at or offer.closes_at()
    if end is None:
        return None
    live = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=LIVE)
    moments = live.aggregate(
        cancel=Max("cancel_by_at"), pay=Max("pay_by_at", filter=Q(state=ApplicationState.AWAITING_PAYMENT))
    )
    return max([end, *(moment for moment in moments.values() if moment)])


def refuse_if_early(offer: ShareOffer) -> None:
    """TooEarly unless the offer may be decided now."""
    if offer.state not in (OfferState.PUBLISHED, OfferState.CLOSED):
        raise TooEarly(_("Only a published offer that has closed can be decided."))
    moment = earliest(offer)
    if moment is None:
        raise TooEarly(_("This offer has no closing day: close it first."))
    if number := paper_waiting.waiting(offer.society_id).filter(application__offer=offer).count():
        words = _("Confirm or refuse first the cheques and cash that wait for a second officer, under Money: %(n)s.")
        raise TooEarly(words % {"n": number})
    # the last moment of a cooling-off belongs to the applicant; the closing moment is already past the last day
    waits = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=LIVE)
    unpaid = [ApplicationState.AWAITING_PAYMENT, ApplicationState.COMMITTED]
    waits = waits.filter(Q(cancel_by_at__gte=clock.now()) | Q(state__in=unpaid))
    end = offer.closed_at or offer.closes_at()
    if clock.now() < end or waits.exists():
        when = f"{clock.london(moment):%-d %B %Y, %H:%M}"
        raise TooEarly(_("Not before %(when)s: until then somebody may still apply, pay or cancel.") % {"when": when})
    if number := suspense.unsettled(offer):
        words = _("Money of %(n)s of its applications went back at Stripe. Look into that first, under Money.")
        raise TooEarly(words % {"n": number})


def may_be_decided(offer: ShareOffer) -> bool:
    """Whether refuse_if_early lets it pass now."""
    try:
        refuse_if_early(offer)
    except TooEarly:
        return False
    return True


def work_out(offer: ShareOffer) -> Working:
    """The decision as it stands now. Reads paid applications, tiers, matches, and what everybody holds."""
    paid = (
        Application.objects.filter(society_id=offer.society_id, offer=offer, state=ApplicationState.PAID)
        .select_related("holder", "tier")
        .order_by("paid_at", "id")
    )
    lines = [Line(application) for application in paid]
    minimum = closing.minimum_reached(
        cleared_pence=sum(line.application.due_pence for line in lines), minimum_pence=offer.minimum_pence or 0
    )
    if not minimum.passed:
        for line in lines:
            line.answers.append(minimum)
        return Working(offer, lines, [], minimum)
    _share_out(offer, _keep_ratio(offer, limits.keep(offer, lines)))
    return Working(offer, lines, _matches(offer, lines), minimum)


def _keep_ratio(offer: ShareOffer, lines: Sequence[Line]) -> list[Line]:
    if offer.ratio_percent is None:
        return list(lines)
    in_area = [(line.application.holder_id, _in_tier(line, offer.ratio_tier)) for line in lines]
    standings = ratio.standings(in_area, percent=offer.ratio_percent)
    inside = sum(standing.inside for standing in standings.values())
    kept = []
    for line in lines:
        standing = standings[line.application.holder_id]
        line.answers.append(
            closing.ratio_kept(
                inside=inside,
                outside=len(standings) - inside,
                place=standing.place,
                tier=offer.ratio_tier,
                percent=offer.ratio_percent,
            )
        )
        if standing.kept:
            kept.append(line)
    return kept


def _in_tier(line: Line, code: str) -> bool:
    return line.application.tier is not None and line.application.tier.code == code


def _share_out(offer: ShareOffer, lines: Sequence[Line]) -> None:
    requests = [
        oversubscription.Request(
            due_pence=line.application.due_pence,
            smallest_pence=line.application.smallest_pence,
            priority=line.application.tier.priority if line.application.tier else oversubscription.NO_TIER,
        )
        for line in lines
    ]
    given = oversubscription.share_out(
        requests,
        maximum_pence=offer.maximum_pence,
        unit_pence=offer.multiple_of_pence,
        strategy=offer.oversubscription,
        tier_then=offer.tier_then,
    )
    for line, amount_pence in zip(lines, given, strict=True):
        line.allotted_pence = amount_pence
        line.answers.append(
            closing.allotted_in_full(
                due_pence=line.application.due_pence,
                allotted_pence=amount_pence,
                strategy=offer.get_oversubscription_display().lower(),
            )
        )


def _matches(offer: ShareOffer, lines: Sequence[Line]) -> list[Match]:
    of_people = [line for line in lines if line.application.holder.kind in PEOPLE]
    found = []
    for commitment in offer.matches.all():
        amount_pence = matching.match_pence(
            allotted_to_people_pence=sum(line.allotted_pence for line in of_people),
            cleared_by_people_pence=sum(line.application.due_pence for line in of_people),
            minimum_pence=offer.minimum_pence,
            ratio_pence=commitment.ratio_pence,
            cap_pence=commitment.cap_pence,
            trigger=commitment.trigger,
            unit_pence=offer.multiple_of_pence,
        )
        if amount_pence:
            found.append(Match(commitment, amount_pence))
    return found
