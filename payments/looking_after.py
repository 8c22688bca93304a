"""What an officer does with a refund that did not go by itself: take it, try it again, or pay it another way."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, work
from payments import gateway, refunds
from payments.choices import RefundState, RefundWay
from payments.models import CheckoutAttempt, Refund, StripeAccount


def lock(refund: Refund) -> Refund:
    """The refund's row with its application and receipt, locked."""
    rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("application", "receipt__attempt")
    return rows.get(pk=refund.pk, society_id=refund.society_id)


@transaction.atomic
def take(refund: Refund, *, by) -> Refund:
    """An officer looks after a refund from now on; whoever did before is free of it. ValidationError if it is done."""
    row = lock(refund)
    if row.state == RefundState.DONE:
        raise ValidationError(_("This refund is done, so nobody needs to look after it."))
    if row.taken_by_id != by.pk:
        row.taken_at, row.taken_by = clock.now(), by
        row.save(update_fields=["taken_at", "taken_by"])
        audit.note("refund.take", society_id=row.society_id, subject_id=row.pk, by=by)
    return row


@transaction.atomic
def try_again(refund: Refund, *, by) -> Refund:
    """Let the worker send a failed refund through Stripe once more, now.

    Its next key and the search for our mark see to it that it is paid once.

    ValidationError where it has not failed, or does not go through Stripe.
    """
    row = lock(refund)
    if row.way != RefundWay.STRIPE or row.state != RefundState.FAILED:
        raise ValidationError(_("Only a refund through Stripe that failed can be tried again."))
    row.next_try_at = clock.now()
    row.save(update_fields=["next_try_at"])
    audit.note("refund.try-again", society_id=row.society_id, subject_id=row.pk, by=by)
    work.soon("payments.tasks.send_refunds")
    return row


def _at_stripe(refund: Refund, attempt: CheckoutAttempt) -> gateway.SentRefund | None:
    """The refund that Stripe has with our mark. Of an account that has left us nobody can look, and none can be made.

    ValidationError where Stripe refuses to say.
    """
    of = {"account": attempt.account_id, "payment_intent": attempt.payment_intent_id, "mark": str(refund.pk)}
    try:
        return gateway.find_refund(**of)
    except gateway.Refused as refusal:
        rows = StripeAccount.objects.filter(account_id=attempt.account_id, society_id=refund.society_id)
        if rows.exclude(ended_at=None).exists():
            return None
        raise ValidationError(_("Stripe says no: %(words)s") % {"words": refusal}) from refusal


def leave_stripe(refund: Refund, *, by) -> Refund:
    """From now on the society pays this refund from its own bank account, because Stripe will not.

    Only where Stripe refused it for good and, asked once more, holds no refund with our mark; ValidationError
    otherwise. Raises gateway.Unavailable. Paying it takes two people, as every payment by hand.
    """
    attempt = refund.receipt.attempt
    if attempt is None:
        raise ValidationError(_("This refund never went through Stripe."))
    found = _at_stripe(refund, attempt)
    with transaction.atomic():
        row = lock(refund)
        if row.way == RefundWay.SOCIETY:
            return row
        if row.state != RefundState.FAILED or row.next_try_at is not None or found is not None:
            raise ValidationError(_("Stripe may still pay this refund, so it cannot be paid another way."))
        row.state = RefundState.DUE
        row.save(update_fields=["state"])
        row.way, row.taken_at, row.taken_by = RefundWay.SOCIETY, clock.now(), by
        row.save(update_fields=["way", "taken_at", "taken_by"])
        audit.note("refund.leave-stripe", society_id=row.society_id, subject_id=row.pk, by=by)
    return row


def fail(row: Refund, *, code: str, by) -> Refund:
    """What the society paid has not arrived; the caller holds the row. Counted, so that no old approval fits."""
    row.state, row.done_at, row.done_by, row.done_how, row.done_note = RefundState.FAILED, None, None, "", ""
    row.tries, row.failure_code, row.failure = row.tries + 1, code, ""
    row.save(update_fields=["state", "done_at", "done_by", "done_how", "done_note", "tries", "failure_code", "failure"])
    audit.note("refund.failed", society_id=row.society_id, subject_id=row.pk, by=by, code=code)
    refunds.tell(row, "refund-failed")
    return row


@transaction.atomic
def came_back(refund: Refund, *, by) -> Refund:
    """A cheque or transfer that was recorded as paid by hand came back: the refund is due again."""
    row = lock(refund)
    if row.way != RefundWay.SOCIETY or row.state != RefundState.DONE or row.lines.filter(state="done").exists():
        raise ValidationError(_("Only a refund that was paid by hand can be recorded as come back here."))
    return fail(row, code="came-back", by=by)
