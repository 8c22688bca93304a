"""An applicant who has not paid yet chooses another way of paying: the page at Stripe is closed before."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import decisions
from compliance.questions import CouldNotAsk
from offers import unpaid
from offers.applications.ending import lock
from offers.choices import ONLINE, ApplicationState, Method
from offers.models import Application
from payments import balances, lapsing, ways


def choices(application: Application) -> list[Method]:
    """The other ways in which what is due can be paid now; none once the application no longer waits.

    Where a part has come already, the rest can only be sent: Stripe's page would ask for all of it.
    """
    if application.state != ApplicationState.AWAITING_PAYMENT:
        return []
    usable = ways.usable(application.offer, application.due_pence)
    if balances.held_pence(application):
        usable = [method for method in usable if method not in ONLINE]
    return [method for method in usable if method != application.method]


def choose(application: Application, method: str) -> Application:
    """Pay in another way from now on. What is sent by hand or from a bank gets the offer's days from the application.

    ValidationError where the application no longer waits, the way is not offered, or a payment is on its way already.
    """
    if method not in choices(application):
        raise ValidationError(_("This way of paying is not offered for this sum. Please choose another."))
    if not lapsing.close_pages(application):
        raise ValidationError(_("A payment is on its way, or we could not ask Stripe. Look again in a minute."))
    return _write(application, method)


@transaction.atomic
def _write(application: Application, method: str) -> Application:
    application, _locked = lock(application)
    if application.state != ApplicationState.AWAITING_PAYMENT:
        raise ValidationError(_("This application no longer waits for payment."))
    before, application.method = application.method, method
    if method not in ONLINE:
        if before in ONLINE:
            _ask_what_waits(application)
        until = clock.later(application.submitted_at, days=application.offer.transfer_days)
        application.pay_by_at = max(application.pay_by_at, until)
    application.save(update_fields=["method", "pay_by_at"])
    audit.note(
        "application.method",
        society_id=application.society_id,
        subject_id=application.pk,
        method=method,
        before=before,
    )
    return application


def _ask_what_waits(application: Application) -> None:
    """UNP-1: what is paid by hand keeps its place for days. ValidationError where too much waits from one address."""
    asked = {"keys": application.unpaid_keys, "due_pence": application.due_pence, "but": application.pk}
    try:
        answer = unpaid.answer(application.offer, **asked)
    except CouldNotAsk as refusal:
        raise ValidationError(refusal.problems[0].in_full) from refusal
    if answer is None:
        return
    if not answer.passed:
        raise ValidationError(answer.in_full)
    decisions.record(
        [answer],
        society_id=application.society_id,
        subject_id=application.pk,
        occasion="another-way",
        rules=application.offer.society.law(clock.today()),
    )
