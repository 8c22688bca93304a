"""Letting unpaid applications go. A card's hold ends by time and by Stripe's word: its page is closed there first."""

from __future__ import annotations

import structlog

from common import clock
from offers import applications
from offers.choices import ApplicationState
from offers.models import Application
from payments import checkout, gateway
from payments.choices import LIVE_ATTEMPTS, AttemptState
from payments.models import CheckoutAttempt

log = structlog.get_logger("lapsing")


def lapse_due(*, most: int = 500) -> int:
    """Let every application go whose last moment has passed unpaid; how many went. Safe to run twice at once."""
    due = Application.objects.filter(state=ApplicationState.AWAITING_PAYMENT, pay_by_at__lt=clock.now())
    return sum(lapse(application) for application in due.order_by("pay_by_at")[:most])


def lapse(application: Application) -> bool:
    """Let one go, once Stripe says that its page can no longer be paid; False if it was paid, or Stripe is away."""
    return close_pages(application) and applications.lapse(application)


def close_pages(application: Application) -> bool:
    """Make the pages at Stripe that wait for an application's payment unpayable; False if one was paid, or no word.

    Money that came at this very moment is taken as what it then is: payment, or for a cancelled one a refund.
    """
    attempts = CheckoutAttempt.objects.filter(
        society_id=application.society_id, application=application, state__in=LIVE_ATTEMPTS
    )
    for attempt in attempts:
        try:
            if attempt.payment_intent_id and not attempt.session_id:  # a promise is being collected
                payment = gateway.look_at_payment(account=attempt.account_id, intent=attempt.payment_intent_id)
                if payment.is_paid or payment.intent_status == "processing":
                    return False
            elif attempt.session_id:
                session = gateway.close_session(account=attempt.account_id, session=attempt.session_id)
                if checkout.apply(attempt, session).state in (AttemptState.SUCCEEDED, AttemptState.PROCESSING):
                    return False  # paid, or on its way
        except (gateway.Unavailable, gateway.Refused) as error:
            log.warning("no word from Stripe, the page stays", application=str(application.pk), reason=str(error))
            return False
    return True
