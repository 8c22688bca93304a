"""Letting unpaid applications go. A card's hold ends by time and by Stripe's word: its page is closed there first."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from common import clock
from offers import applications
from offers.choices import ApplicationState
from offers.models import Application
from payments import checkout, gateway, suspense
from payments.choices import LIVE_ATTEMPTS, PAID_ATTEMPTS, AttemptState, SuspenseKind
from payments.models import CheckoutAttempt

log = structlog.get_logger("lapsing")
FORGOTTEN_AFTER = timedelta(days=1)  # after a page's end: Stripe keeps none open longer than that


def lapse_due(*, most: int = 500) -> int:
    """Let every application go whose last moment has passed unpaid; how many went. Safe to run twice at once."""
    _give_up_unmade()
    due = Application.objects.filter(state=ApplicationState.AWAITING_PAYMENT, pay_by_at__lt=clock.now())
    return sum(lapse(application) for application in due.order_by("pay_by_at")[:most])


def _give_up_unmade() -> None:
    """Attempts whose page we never learnt of, because the process died around asking for it: nobody can pay there now.

    Should a page have been made and paid all the same, Stripe's lists say so, and the attempt is paid after all.
    """
    now = clock.now()
    unmade = CheckoutAttempt.objects.filter(
        state=AttemptState.CREATED, session_id=None, expires_at__lt=now - FORGOTTEN_AFTER
    )
    unmade.update(state=AttemptState.FAILED, ended_at=now)


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
            if not attempt.session_id:
                if _is_being_collected(attempt):
                    return False
                continue
            session = gateway.close_session(account=attempt.account_id, session=attempt.session_id)
        except gateway.Unavailable as error:
            log.warning("no word from Stripe, the page stays", application=str(application.pk), reason=str(error))
            return False
        except gateway.Refused as error:
            if not _is_forgotten(attempt, error):
                return False
            continue
        if checkout.apply(attempt, session).state in (AttemptState.PROCESSING, *PAID_ATTEMPTS):
            return False  # paid, or on its way
    return True


def _is_being_collected(attempt: CheckoutAttempt) -> bool:
    """Whether a promised payment without a page of its own is paid, or on its way."""
    if not attempt.payment_intent_id:
        return False
    payment = gateway.look_at_payment(account=attempt.account_id, intent=attempt.payment_intent_id)
    return payment.is_paid or payment.intent_status == "processing"


def _is_forgotten(attempt: CheckoutAttempt, error: gateway.Refused) -> bool:
    """Whether a page that Stripe knows nothing of may be given up: a day after its end nobody can pay at it.

    It is written down as failed and put on the list, so that somebody asks why.
    """
    log.warning("stripe does not know a page", attempt=str(attempt.pk), reason=str(error))
    if clock.now() < attempt.expires_at + FORGOTTEN_AFTER:
        return False
    with transaction.atomic():
        rows = CheckoutAttempt.objects.filter(
            pk=attempt.pk, society_id=attempt.society_id, state__in=[AttemptState.CREATED, AttemptState.OPEN]
        )
        if not rows.update(state=AttemptState.FAILED, ended_at=clock.now()):
            return False
        suspense.open_item(
            SuspenseKind.PAGE_FORGOTTEN,
            attempt.session_id,
            society_id=attempt.society_id,
            account_id=attempt.account_id,
            application=attempt.application,
            amount_pence=attempt.amount_pence,
            answer=str(error)[:200],
        )
    return True
