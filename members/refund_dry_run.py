"""A dry run of an offer's refunds, before the board decides or after an offer has failed."""

from __future__ import annotations

from members import allotment
from members.allotment import giving_back
from offers.choices import OfferState
from offers.models import ShareOffer
from payments import refund_plan
from payments.refund_plan import Plan

DECISION, EVERYBODY, DUE = "decision", "everybody", "due"


def choices(offer: ShareOffer) -> list[str]:
    """What can be asked: before the decision what it would send back and what a failure would; later what is due."""
    return [DECISION, EVERYBODY] if offer.state in (OfferState.PUBLISHED, OfferState.CLOSED) else [DUE]


def run(offer: ShareOffer, what: str) -> Plan:
    """The plan of one of `choices(offer)`. Asks Stripe for the balance; writes nothing, and no money moves."""
    if what == DECISION:
        rows = giving_back.rows(allotment.work_out(offer))
    elif what == EVERYBODY:
        rows = refund_plan.of_everybody(offer)
    else:
        rows = []
    return refund_plan.plan(offer, rows)
