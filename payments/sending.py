"""Paying card refunds back through Stripe: from rows that are due, under keys that make a second call harmless."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from common import clock
from payments import clearing, gateway, refusing
from payments.choices import RefundState
from payments.models import Refund

log = structlog.get_logger("refunds")
WAIT = timedelta(minutes=30)  # before a refund that failed is tried again under its next key


def send_due(*, most: int = 200) -> int:
    """Send every card refund that is due, or failed a while ago; how many Stripe took."""
    now = clock.now()
    waiting = Refund.objects.filter(
        Q(state=RefundState.DUE) | Q(state__in=[RefundState.FAILED, RefundState.SENT], sent_at__lt=now - WAIT),
        receipt__attempt__isnull=False,
        stripe_id=None,
    )
    return sum(send(refund) for refund in waiting.order_by("due_at")[:most])


def send(refund: Refund) -> bool:
    """Send one card refund; True if Stripe took it. Runs outside any transaction; safe to run again or twice at once.

    Stripe may forget a key after a day, and keeps an error under it before that. So every try takes the next key, and
    a try after the first looks for what an earlier one may have done.
    """
    refund = _claim(refund)
    if refund is None:
        return False
    attempt = refund.receipt.attempt
    try:
        sent = None
        if refund.tries > 1:
            sent = gateway.find_refund(
                account=attempt.account_id, payment_intent=attempt.payment_intent_id, mark=str(refund.pk)
            )
        sent = sent or gateway.send_refund(
            account=attempt.account_id,
            key=f"refund:{refund.pk}:{refund.tries}",
            payment_intent=attempt.payment_intent_id,
            amount_pence=refund.amount_pence,
            metadata={"refund": str(refund.pk), "application": str(refund.application_id)},
        )
    except gateway.Unavailable as error:
        log.warning("stripe away, the refund waits", refund=str(refund.pk), reason=type(error).__name__)
        return False
    except gateway.Refused as error:
        refusing.refused(refund, error)
        return False
    apply(refund, sent)
    return sent.status != "failed"


@transaction.atomic
def _claim(refund: Refund) -> Refund | None:
    """Take the row for one try and count it; None if somebody else has it or it needs none."""
    rows = Refund.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    mine = rows.select_related("receipt__attempt").filter(pk=refund.pk, society_id=refund.society_id).first()
    if mine is None or mine.tries != refund.tries or mine.stripe_id or mine.state == RefundState.DONE:
        return None
    if mine.state == RefundState.FAILED:
        mine.state = RefundState.DUE
        mine.save(update_fields=["state"])
    mine.state, mine.tries, mine.sent_at = RefundState.SENT, mine.tries + 1, clock.now()
    mine.save(update_fields=["state", "tries", "sent_at"])
    return mine


def apply(refund: Refund, sent: gateway.SentRefund) -> Refund:
    """Write down what Stripe says of a refund. One that was done may come back from the payer's bank."""
    if sent.status in ("failed", "canceled"):
        return refusing.failed(refund, sent)
    if sent.status != "succeeded":
        return _write(refund, state=RefundState.SENT, stripe_id=sent.id)
    with transaction.atomic():
        done = _write(refund, state=RefundState.DONE, done_at=clock.now(), stripe_id=sent.id, failure="")
        clearing.book_refund(done)
    return done


def sync(refund: Refund) -> Refund:
    """Ask Stripe how a refund stands and write it down. Raises gateway.Unavailable."""
    if not refund.stripe_id:
        return refund
    sent = gateway.look_at_refund(account=refund.receipt.attempt.account_id, refund=refund.stripe_id)
    return apply(refund, sent)


def look_at_sent(*, most: int = 200) -> int:
    """Ask how refunds stand that Stripe took a while ago and has not finished; how many are done now.

    A webhook tells us sooner; this is for those that were lost.
    """
    waiting = Refund.objects.filter(
        state=RefundState.SENT, stripe_id__isnull=False, sent_at__lt=clock.now() - WAIT
    ).select_related("receipt__attempt")
    done = 0
    for refund in waiting.order_by("sent_at")[:most]:
        try:
            done += sync(refund).state == RefundState.DONE
        except (gateway.Unavailable, gateway.Refused) as error:
            log.warning("no word on a refund", refund=str(refund.pk), reason=type(error).__name__)
    return done


@transaction.atomic
def _write(refund: Refund, **changes) -> Refund:
    row = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk, society_id=refund.society_id)
    if row.state == RefundState.DONE:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    return row
