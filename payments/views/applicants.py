"""An applicant's own pages, behind the secret link of their application: how it stands, paying, taking it back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock, sign_in
from common.forms import posted
from compliance import certificates, risk
from compliance.answers import RuleBroken
from compliance.models import Certificate
from compliance.views import certificate_file
from offers import applications
from offers.choices import ONLINE, ApplicationState, Method
from offers.models import Application
from payments import another_way as another
from payments import (
    balances,
    cancellations,
    card_testing,
    checkout,
    gateway,
    giving_back,
    lapsing,
    payees,
    promises,
    ways,
)
from payments.choices import AttemptState
from payments.forms import AnotherWayForm
from payments.models import CheckoutAttempt, Promise, Refund

log = structlog.get_logger("applicants")


def application_or_404(token: str) -> Application:
    """The application behind a secret link. The link is the key: whoever has it may look, pay and cancel."""
    rows = Application.objects.select_related("offer__society", "offer__share_class", "tier")
    return get_object_or_404(rows, token=token)


def own_address(name: str, *args) -> str:
    """A full address of this site, for links that leave it."""
    return settings.SITE_URL + reverse(name, args=args)


def _certificate(application: Application) -> Certificate | None:
    """The one that stands for its shares now, where one was issued."""
    entry = getattr(application, "entry", None)
    return certificates.newest(entry.certificate) if entry and entry.certificate else None


def _context(application: Application) -> dict:
    refunds = Refund.objects.filter(society_id=application.society_id, application=application)
    held_pence, last = balances.held_pence(application), _last_attempt(application)
    stopped_until = _stopped_until(application)
    return {
        "society": application.offer.society,
        "offer": application.offer,
        "application": application,
        "held_pence": held_pence,
        "missing_pence": application.due_pence - held_pence,
        "refunds": refunds.select_related("receipt"),
        "refunded_pence": refunds.aggregate(total=Sum("amount_pence"))["total"] or 0,
        "ended_by_society": refunds.filter(rule=giving_back.RULE).exists(),
        "wants_bank_details": payees.wanted(application),
        "may_cancel": applications.cancel_problem(application) is None,
        "other_ways": another.choices(application),
        "is_online": application.method in ONLINE,
        "stopped_until": stopped_until,
        "may_pay_online": not held_pence and not stopped_until and _may_pay_online(application),
        "debit": last if last and last.state == AttemptState.PROCESSING else None,
        "bounced": last if last and checkout.has_bounced(last) else None,
        "is_begun": bool(last) and last.state == AttemptState.OPEN,
        "is_promised": promises.is_promised(application),
        "was_credit": promises.was_credit(application),
        "certificate": _certificate(application),
        "is_late": application.state == ApplicationState.AWAITING_PAYMENT and clock.now() > application.pay_by_at,
        "is_checking": checkout.is_uncounted(application),
        "risk": risk,
    }


@login_not_required
@require_safe
@never_cache
def application(request, token):
    """How an application stands: what has happened, what comes next and when, and what the applicant can do."""
    found = application_or_404(token)
    return render(request, "payments/application.html", _context(found))


@login_not_required
@require_POST
@never_cache
def pay(request, token):
    """On to Stripe's page."""
    return to_payment_page(request, application_or_404(token))


def _may_pay_online(application: Application) -> bool:
    """Whether the chosen way leads to Stripe's page and is still offered for the sum."""
    return (
        application.state == ApplicationState.AWAITING_PAYMENT
        and application.method in ONLINE
        and application.method in ways.usable(application.offer, application.due_pence)
    )


def _stopped_until(application: Application) -> datetime | None:
    """Until when no card is taken because too many were tried; asked of whoever waits to pay by card."""
    if application.state != ApplicationState.AWAITING_PAYMENT or application.method != Method.CARD:
        return None
    return card_testing.stopped_until(application) or card_testing.society_stopped_until(application.society_id)


def _last_attempt(application: Application) -> CheckoutAttempt | None:
    """The newest try to pay on Stripe's page: open, a debit on its way, or what became of it."""
    attempts = CheckoutAttempt.objects.filter(society_id=application.society_id, application=application)
    return attempts.order_by("-number").first()


def to_payment_page(request, application: Application):
    """Redirect to Stripe's page. If it cannot be reached nothing is lost: the application waits, and says so."""
    here = redirect("payments:application", application.token)
    if application.state != ApplicationState.AWAITING_PAYMENT:
        return here
    back = own_address("payments:paid", application.token)
    begin = promises.start if promises.is_promised(application) else checkout.start
    try:
        url = begin(
            application,
            success_url=f"{back}?{urlencode({'session': '{CHECKOUT_SESSION_ID}'}, safe='{}')}",
            cancel_url=own_address("payments:application", application.token),
            visitor=card_testing.Visitor.of(computer=sign_in.computer(request), account_id=request.user.pk),
        )
        return redirect(url)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except RuleBroken as refusal:
        messages.error(request, refusal.problems[0].message)
    except (gateway.Unavailable, gateway.Refused) as error:
        log.warning("no payment page", application=str(application.pk), reason=type(error).__name__)
        if checkout.may_be_paid(application):
            return redirect("payments:paid", application.token)  # where nobody is told that they were not charged
        words = _("We could not reach the payment page. You have not been charged. Please try again in a minute.")
        messages.error(request, words)
    return here


@login_not_required
@require_safe
@never_cache
def paid(request, token):
    """Back from Stripe, before or after its webhook: look at what is so and show it. Never "failed" while unknown."""
    found = application_or_404(token)
    attempts = CheckoutAttempt.objects.filter(society_id=found.society_id, application=found).order_by("-number")
    given = Promise.objects.filter(society_id=found.society_id, application=found).order_by("-number")
    for look, row in [(promises.sync, row) for row in given[:1]] + [(checkout.sync, row) for row in attempts[:2]]:
        try:
            look(row)
        except (gateway.Unavailable, gateway.Refused) as error:
            log.warning("cannot look at the payment", application=str(found.pk), reason=type(error).__name__)
            found.refresh_from_db()
            if found.state == ApplicationState.AWAITING_PAYMENT:
                return render(request, "payments/checking.html", _context(found))
    return redirect("payments:application", token)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cancel(request, token):
    """Ask once more, then take the application back and owe what was paid."""
    found = application_or_404(token)
    problem = applications.cancel_problem(found)
    if request.method == "POST" and found.state == ApplicationState.CANCELLED:
        return redirect("payments:application", token)  # the button was pressed twice
    if request.method == "POST" and problem is None:
        try:
            cancellations.cancel(found)
            lapsing.close_pages(found)  # so that nobody pays for what is cancelled; if it stays open, it is refunded
            messages.success(request, _("Your application is cancelled."))
            return redirect("payments:application", token)
        except RuleBroken as refusal:
            problem = refusal.problems[0]
    return render(request, "payments/cancel.html", _context(found) | {"problem": problem})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def another_way(request, token):
    """Choose another way of paying what is due, and go on to it."""
    found = application_or_404(token)
    offered = another.choices(found)
    if not offered:
        return redirect("payments:application", token)
    form = AnotherWayForm(posted(request), methods=offered, hints=ways.hints(found.offer))
    if request.method == "POST" and form.is_valid():
        try:
            found = another.choose(found, form.cleaned_data["method"])
            return (
                to_payment_page(request, found) if found.method in ONLINE else redirect("payments:application", token)
            )
        except ValidationError as refusal:
            form.add_error("method", refusal)
    return render(request, "payments/another_way.html", _context(found) | {"form": form})


@login_not_required
@require_safe
@never_cache
def certificate(request, token):
    """The certificate of an allotted application, for whoever has the applicant's link."""
    found = application_or_404(token)
    issued = _certificate(found)
    if not issued:
        return redirect("payments:application", token)
    return certificate_file(issued)
