"""Paying back through Stripe: from rows that are due, under keys that make a second call harmless.

A society's refunds by bank go before those by card: with too little money in the balance Stripe lets a card's refund
wait and lets every other fail, so a card's would take the money that comes in. Source: https://docs.stripe.com/refunds
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from common import audit, clock
from offers.choices import Method
from payments import clearing, gateway, refunds, refusals
from payments.choices import RefundState, RefundWay
from payments.models import Refund

log = structlog.get_logger("refunds")
WAIT = refusals.WAIT
BY_CARD = Q(receipt__method=Method.CARD)
STALE = timedelta(minutes=5)  # a try that has not called Stripe by then never does: another may have begun
TELL_AFTER = 4  # tries, before the payer hears of a refund that Stripe will take sooner or later


def waiting(society_id: uuid.UUID | None = None) -> QuerySet[Refund]:
    """Refunds that Stripe has not taken and that go by themselves, now or later; of one society or of all."""
    rows = Refund.objects.filter(
        way=RefundWay.STRIPE,
        stripe_id=None,
        next_try_at__isnull=False,
        state__in=[RefundState.DUE, RefundState.SENT, RefundState.FAILED],
    )
    return rows if society_id is None else rows.filter(society_id=society_id)


def send_due(*, most: int = 200) -> int:
    """Send what is due in every society's queue, at most so many each; how many Stripe took."""
    ready = waiting().filter(next_try_at__lte=clock.now())
    societies = ready.order_by("society_id").values_list("society_id", flat=True).distinct()
    return sum(_send_queue(society_id, most) for society_id in list(societies))


def _send_queue(society_id: uuid.UUID, most: int) -> int:
    """One society's refunds by bank, and once none of them waits, those by card."""
    ready = waiting(society_id).filter(next_try_at__lte=clock.now()).order_by("due_at", "id")
    by_bank = list(ready.exclude(BY_CARD)[:most])
    taken = sum(send(refund) for refund in by_bank)
    if banks_wait(society_id):
        return taken
    by_card = list(ready.filter(BY_CARD)[: most - len(by_bank)])
    return taken + sum(send(refund) for refund in by_card)


def banks_wait(society_id: uuid.UUID) -> bool:
    """Whether a society's card refunds wait, because one by bank has not been taken by Stripe yet."""
    return waiting(society_id).exclude(BY_CARD).exists()


def send(refund: Refund) -> bool:
    """Send one refund; True if Stripe took it. Runs outside any transaction; safe to run again or twice at once.

    Stripe may forget a key after a day, and keeps an error under it before that. So every try takes the next key, and
    a try after the first looks for what an earlier one may have done.
    """
    refund = _claim(refund)
    if refund is None:
        return False
    attempt = refund.receipt.attempt
    try:
        sent = _earlier(refund) if refund.tries > 1 else None
        if sent is None and clock.now() - refund.sent_at > STALE:
            return False  # this process slept; the next try looks first
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
        _refused(refund, code=error.code, words=str(error))
        return False
    apply(refund, sent)
    return sent.status not in ("failed", "canceled")


def _earlier(refund: Refund) -> gateway.SentRefund | None:
    """What an earlier try did whose answer we lost; found by our mark."""
    attempt = refund.receipt.attempt
    return gateway.find_refund(
        account=attempt.account_id, payment_intent=attempt.payment_intent_id, mark=str(refund.pk)
    )


@transaction.atomic
def _claim(refund: Refund) -> Refund | None:
    """Take the row for one try and count it; None if somebody else has it or it needs none."""
    rows = Refund.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    mine = rows.select_related("receipt__attempt").filter(pk=refund.pk, society_id=refund.society_id).first()
    if mine is None or mine.tries != refund.tries or mine.stripe_id or mine.state == RefundState.DONE:
        return None
    if mine.way != RefundWay.STRIPE or mine.next_try_at is None:
        return None
    if mine.state == RefundState.FAILED:
        mine.state = RefundState.DUE
        mine.save(update_fields=["state"])
    mine.state, mine.tries, mine.sent_at = RefundState.SENT, mine.tries + 1, clock.now()
    mine.next_try_at = mine.sent_at + refusals.wait_after(mine.tries)  # should no answer come
    mine.save(update_fields=["state", "tries", "sent_at", "next_try_at"])
    return mine


def apply(refund: Refund, sent: gateway.SentRefund) -> Refund:
    """Write down what Stripe says of a refund now, even that one which had succeeded has failed after all."""
    if sent.status in ("failed", "canceled"):
        return _refused(refund, code=sent.failure or sent.status, words=sent.failure or sent.status, stripe_id=sent.id)
    return _taken(refund, sent)


@transaction.atomic
def _taken(refund: Refund, sent: gateway.SentRefund) -> Refund:
    row = _lock(refund)
    if _is_anothers(row, sent.id) or row.state == RefundState.DONE:
        return row
    is_done = sent.status == "succeeded"
    before = (row.state, row.stripe_id)
    row.state = RefundState.DONE if is_done else RefundState.SENT
    row.stripe_id, row.next_try_at, row.failure, row.failure_code = sent.id, None, "", ""
    row.done_at = clock.now() if is_done else None
    row.save(update_fields=["state", "stripe_id", "next_try_at", "failure", "failure_code", "done_at"])
    if is_done:
        clearing.book_refund(row)
    if (row.state, row.stripe_id) != before:
        refunds.tell(row, "refund-done" if is_done else "refund-sent")
        _note(row, "refund.done" if is_done else "refund.sent", stripe=sent.id)
    return row


@transaction.atomic
def _refused(refund: Refund, *, code: str, words: str, stripe_id: str = "") -> Refund:
    """Failed: tried again later where that can help, otherwise for a person. `stripe_id`: the refund that failed."""
    row = _lock(refund)
    if row.way != RefundWay.STRIPE or row.state == RefundState.FAILED:
        return row
    if row.state == RefundState.DONE and row.stripe_id != stripe_id:
        return row
    if _is_anothers(row, stripe_id) or (row.stripe_id is None and row.tries != refund.tries):
        return row
    had_arrived = row.state == RefundState.DONE
    if had_arrived:
        clearing.book_refund_back(row, stripe_id)
    row.state, row.stripe_id, row.done_at = RefundState.FAILED, None, None
    row.failure, row.failure_code = words[:500], code[:60]
    row.next_try_at = refusals.next_try(code, row.tries, clock.now())
    row.save(update_fields=["state", "stripe_id", "done_at", "failure", "failure_code", "next_try_at"])
    _note(row, "refund.failed", stripe=stripe_id, code=row.failure_code, had_arrived=had_arrived)
    if had_arrived or row.next_try_at is None or row.tries >= TELL_AFTER:
        refunds.tell(row, "refund-failed")
    return row


def _lock(refund: Refund) -> Refund:
    rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("application")
    return rows.get(pk=refund.pk, society_id=refund.society_id)


def _is_anothers(row: Refund, stripe_id: str) -> bool:
    """Whether what Stripe said is of another try than the one that the row stands for now."""
    return row.stripe_id is not None and row.stripe_id != stripe_id


def _note(row: Refund, act: str, **facts) -> None:
    audit.note(
        act, society_id=row.society_id, subject_id=row.pk, amount_pence=row.amount_pence, tries=row.tries, **facts
    )


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
    rows = Refund.objects.filter(
        state=RefundState.SENT, stripe_id__isnull=False, sent_at__lt=clock.now() - WAIT
    ).select_related("receipt__attempt")
    done = 0
    for refund in rows.order_by("sent_at")[:most]:
        try:
            done += sync(refund).state == RefundState.DONE
        except (gateway.Unavailable, gateway.Refused) as error:
            log.warning("no word on a refund", refund=str(refund.pk), reason=type(error).__name__)
    return done
