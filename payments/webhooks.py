"""What Stripe tells us: stored once and answered at once; then the worker looks at what is really so.

An event is a hint. It is never acted on: the present state is fetched and applied under a lock, so that events
may come twice, late, in any order or not at all.
"""

from __future__ import annotations

import structlog
from django.db import transaction

from common import clock
from payments import account_events, checkout, collecting, gateway, promises, sending
from payments.choices import PromiseState
from payments.models import CheckoutAttempt, Promise, Refund, StripeEvent, StripeEventOutcome

log = structlog.get_logger("webhooks")


def store(event: gateway.Event) -> bool:
    """Keep an event, for ever and once each; whether it is new."""
    before = StripeEvent.objects.filter(event_id=event.id).exists()
    StripeEvent.objects.bulk_create(
        [
            StripeEvent(
                event_id=event.id,
                type=event.type,
                account_id=event.account,
                object_id=event.object_id,
                received_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    return not before


def work_through(*, most: int = 200) -> int:
    """Look into every event that nobody has looked into; how many were. What fails is tried again the next time."""
    waiting = StripeEvent.objects.filter(outcome__isnull=True).order_by("received_at")[:most]
    done = 0
    for event in waiting:
        try:
            outcome = look_into(event)
        except gateway.Unavailable as error:
            log.warning("stripe away, the event waits", event_id=event.event_id, reason=type(error).__name__)
            continue
        except Exception:  # one event that we cannot digest must not hold up the rest
            log.exception("the event waits", event_id=event.event_id, type=event.type)
            continue
        StripeEventOutcome.objects.bulk_create(
            [StripeEventOutcome(event=event, outcome=outcome[:80], done_at=clock.now())], ignore_conflicts=True
        )
        done += 1
    return done


def look_into(event: StripeEvent) -> str:
    """Fetch what the event is about and apply it; what came of it, in words."""
    if event.type.startswith("checkout.session."):
        if promise := Promise.objects.filter(session_id=event.object_id, account_id=event.account_id).first():
            return f"promise {promises.sync(promise).state}"
        attempt = CheckoutAttempt.objects.filter(session_id=event.object_id).first()
        if attempt is None:
            attempt = _made_and_not_written_yet(event)
        if attempt is None:
            return "no session of ours"
        if attempt.account_id != event.account_id:
            return "another account's object"
        return f"attempt {checkout.sync(attempt).state}"
    if event.type.startswith(("refund.", "charge.refund.")):
        refund = Refund.objects.filter(stripe_id=event.object_id).first()
        if refund is None:
            return "no refund of ours"
        return f"refund {sending.sync(refund).state}"
    if event.type.startswith("payment_intent."):
        rows = Promise.objects.filter(attempt__payment_intent_id=event.object_id, account_id=event.account_id)
        if promise := rows.filter(state=PromiseState.CHARGING).select_related("application__offer", "attempt").first():
            collecting.settle(promise)
            return "promise looked after"
    if handler := account_events.handler_of(event):
        return handler(event)
    return "not needed"


def _made_and_not_written_yet(event: StripeEvent) -> CheckoutAttempt | None:
    """A session whose answer we lost: Stripe made it under our key, and we never learnt its id.

    Its metadata names the attempt; repeating the attempt's own key would give the same session.
    """
    if not event.account_id:
        return None
    found = gateway.attempt_of_session(account=event.account_id, session=event.object_id)
    if not found:
        return None
    with transaction.atomic():
        rows = CheckoutAttempt.objects.select_for_update(no_key=True).filter(pk=found, account_id=event.account_id)
        attempt = rows.filter(session_id=None).first()
        if attempt:
            attempt.session_id = event.object_id
            attempt.save(update_fields=["session_id"])
        return attempt
