"""Refunds that Stripe refuses or that come back: time heals some, the others wait for a person, named on the list."""

from __future__ import annotations

from django.db import transaction

from payments import clearing, gateway, suspense
from payments.choices import RefundState, SuspenseKind
from payments.models import Refund

# A refund that failed for this is tried again: it needs money in the balance, and that comes.
# Source: https://docs.stripe.com/refunds#failed-refunds
MAY_PASS = "insufficient_funds"


def _locked(refund: Refund) -> Refund:
    rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("receipt__attempt")
    return rows.get(pk=refund.pk, society_id=refund.society_id)


def _for_a_person(refund: Refund, kind: str, subject: str, **facts) -> None:
    attempt = refund.receipt.attempt
    suspense.open_item(
        kind,
        subject,
        society_id=refund.society_id,
        account_id=attempt.account_id,
        application=refund.application,
        amount_pence=refund.amount_pence,
        refund=str(refund.pk),
        words=refund.failure,
        **facts,
    )


@transaction.atomic
def refused(refund: Refund, error: gateway.Refused) -> Refund:
    """Stripe did not take it: it is tried again where that may help, and otherwise waits for a person."""
    row = _locked(refund)
    if row.state == RefundState.DONE or row.stripe_id:
        return row
    row.state = RefundState.MANUAL if error.is_final else RefundState.FAILED
    row.failure = str(error)[:500]
    row.save(update_fields=["state", "failure"])
    if error.is_final:
        _for_a_person(row, SuspenseKind.REFUND_REFUSED, f"{row.pk}:{row.tries}", code=error.code)
    return row


@transaction.atomic
def failed(refund: Refund, sent: gateway.SentRefund) -> Refund:
    """Stripe took it and it did not reach the payer, at once or after it had been done: it is owed again.

    What another try cannot heal, and whatever comes back after it was done, waits for a person.
    """
    row = _locked(refund)
    if row.stripe_id not in (None, sent.id) or (row.state == RefundState.DONE and row.stripe_id is None):
        return row  # word of an earlier try, or a person has paid it back
    was_done = row.state == RefundState.DONE
    row.state, row.stripe_id, row.done_at = RefundState.FAILED, None, None
    row.failure = sent.failure or sent.status
    row.save(update_fields=["state", "stripe_id", "done_at", "failure"])
    if was_done:
        clearing.book_refund_back(row, sent.id)
    if was_done or sent.failure != MAY_PASS:
        row.state = RefundState.MANUAL
        row.save(update_fields=["state"])
        _for_a_person(row, SuspenseKind.REFUND_FAILED, sent.id, was_done=was_done)
    return row
