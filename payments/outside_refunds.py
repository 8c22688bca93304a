"""Refunds as Stripe has them: ours by their id, ours whose answer was lost, and those that somebody made in the
dashboard. The last are adopted where just this refund was owed; otherwise a person decides what becomes of the shares.
"""

from __future__ import annotations

from django.db import transaction

from payments import charges, clearing, gateway, sending, suspense
from payments.choices import RefundState, RefundWay, SuspenseKind
from payments.models import Refund

GONE = ("failed", "canceled")


def apply(account: str, sent: gateway.SentRefund) -> str:
    """Write down how a refund at Stripe stands, whoever made it, and post it; what came of it, in words."""
    outcome = _written(account, sent)
    clearing.fetch(account, sent.movements)
    return outcome


def _written(account: str, sent: gateway.SentRefund) -> str:
    ours = _ours(account, sent)
    if ours is not None:
        return f"refund {sending.apply(ours, sent).state}"
    society_id = suspense.society_of(account)
    if sent.status in GONE:
        suspense.close(SuspenseKind.OUTSIDE_REFUND, sent.id, society_id=society_id, words="The refund failed.")
        return "a refund that failed"
    attempt = charges.attempt_of(account, intent=sent.payment_intent, charge=sent.charge)
    suspense.open_item(
        SuspenseKind.OUTSIDE_REFUND,
        sent.id,
        society_id=society_id,
        account_id=account,
        application=attempt and attempt.application,
        amount_pence=sent.amount_pence,
        currency=sent.currency,
        charge=sent.charge,
    )
    return "a refund made in the dashboard"


def _ours(account: str, sent: gateway.SentRefund) -> Refund | None:
    """The refund of ours that this is: by its id, by our mark on it, or because just this sum was owed."""
    rows = Refund.objects.select_related("receipt__attempt").filter(receipt__attempt__account_id=account)
    known = rows.filter(stripe_id=sent.id).first()
    if known or sent.status in GONE:
        return known  # a try of ours that failed is over: the next one has another id
    if sent.mark:
        return _taken_up(rows.filter(pk=charges.row_id(sent.mark)), sent)
    attempt = charges.attempt_of(account, intent=sent.payment_intent, charge=sent.charge)
    return _taken_up(rows.filter(receipt__attempt=attempt), sent) if attempt else None


@transaction.atomic
def _taken_up(rows, sent: gateway.SentRefund) -> Refund | None:
    """The refund of this sum that waits, with what Stripe calls it. Without our mark never one that is on its way."""
    waits = [RefundState.DUE, RefundState.FAILED] + [RefundState.SENT] * bool(sent.mark)
    rows = rows.filter(way=RefundWay.STRIPE, amount_pence=sent.amount_pence, state__in=waits, stripe_id=None)
    refund = rows.select_for_update(no_key=True, of=("self",)).order_by("due_at", "id").first()
    if refund is not None:
        refund.state = RefundState.DUE if refund.state == RefundState.FAILED else refund.state
        refund.stripe_id, refund.next_try_at = sent.id, None
        refund.save(update_fields=["state", "stripe_id", "next_try_at"])
    return refund
