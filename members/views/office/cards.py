"""Payments at Stripe on an officer's desk: the society's own account step by step, its costs, the letter to Stripe."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from members.forms.cards import AnswerForm, LimitsForm, SwitchForm
from members.views.office import guards
from members.views.office.offers import offer_or_404
from offers import officers
from offers.choices import ONLINE, Method, OfferState
from offers.models import ShareOffer, Society
from payments import accounts, costs, gateway, methods, ways
from payments.models import AccountCheck, StripeAccount
from payments.tariffs import tariff

log = structlog.get_logger("cards")
SHOWN_CHECKS = 5


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def cards(request, society):
    """The steps to a society's own account, each with how it stands; a treasurer takes the next one here."""
    if request.method == "POST":
        return _act(request, society)
    account = accounts.serving(society.pk)
    checks = list(AccountCheck.objects.filter(society=society, account=account)[:SHOWN_CHECKS]) if account else []
    context = guards.page(
        request,
        society,
        "office:money",
        account=account,
        checks=checks,
        problem=ways.not_ready(checks[0] if checks else None),
        tasks=_tasks(society, account, checks[0] if checks else None),
        is_configured=gateway.is_configured(),
        next=_next(account, checks[0] if checks else None),
        offers=[{"offer": offer, "problem": ways.why_no_cards(offer)} for offer in _running(society)],
        hold=tariff(clock.today()).hold,
    )
    return render(request, "office/cards.html", context)


def _running(society: Society):
    states = [OfferState.DRAFT, OfferState.PUBLISHED]
    return ShareOffer.objects.filter(society=society, state__in=states).order_by("-opens_on")


def _next(account: StripeAccount | None, check: AccountCheck | None) -> str:
    """The step that is to be taken now: start, questions, manual, or none."""
    if account is None or not account.account_id:
        return "start"
    if check is None or check.cards != "active":
        return "questions"
    return "" if check.is_ready else "manual"


def _tasks(society: Society, account: StripeAccount | None, check: AccountCheck | None) -> list[dict]:
    """The task list: what is done, what is to do, and where."""
    done, to_do, later = (_("Done"), "done"), (_("To do"), "due"), (_("Cannot start yet"), "")
    step = _next(account, check)
    answered = account.answered_on if account else None
    rows = [
        (
            _("See what it costs and how long Stripe keeps the money"),
            "office:cards-costs",
            (_("Read first"), "active"),
            "",
        ),
        (
            _("Ask Stripe in writing whether it takes payments for your shares"),
            "office:cards-letter",
            done if answered else to_do,
            answered and _("Answered on %(day)s") % {"day": formats.date_format(answered, "j F Y")},
        ),
        (_("Make the society’s own account"), "", to_do if step == "start" else done, ""),
        (
            _("Answer Stripe’s questions about the society"),
            "",
            {"start": later, "questions": to_do}.get(step, done),
            _("Stripe asks for the society’s details, its officers’ and the bank account kept for the offer."),
        ),
        (
            _("Pay out by hand only"),
            "",
            {"start": later, "questions": later, "manual": to_do}.get(step, done),
            _("So that the money waits at Stripe until the board has decided."),
        ),
    ]
    return [
        {
            "label": label,
            "url": name and reverse(name, args=[society.slug]),
            "hint": hint,
            "status": status[0],
            "kind": status[1],
        }
        for label, name, status, hint in rows
    ]


def _act(request, society: Society):
    """Take the next step: to Stripe's questions, to payouts by hand, or ask how the account stands."""
    if officers.MONEY not in request.rights:
        raise PermissionDenied
    here = redirect("office:cards", society.slug)
    act = request.POST.get("act")
    try:
        if act == "questions" and gateway.is_configured():
            return _to_stripe(accounts.start(society, by=request.user), society)
        account = ways.account_of(society.pk)
        if account and act == "manual":
            _say(request, accounts.settle(account, by=request.user))
        elif account and act == "look":
            _say(request, accounts.check(account))
    except (gateway.Unavailable, gateway.Refused) as error:
        _say_refused(request, error)
    return here


def _to_stripe(account: StripeAccount, society: Society):
    """On to Stripe's own questions, which lead back to us."""
    back, again = (
        settings.SITE_URL + reverse(name, args=[society.slug]) for name in ("office:cards-back", "office:cards-again")
    )
    return redirect(gateway.onboarding_page(account=account.account_id, return_url=back, refresh_url=again))


def _say(request, check: AccountCheck | None) -> None:
    if check is None:
        messages.error(request, _("The account has left this site, or was closed. You can make another."))
    elif check.is_ready:
        messages.success(request, _("The account is ready: offers can take cards."))
    else:
        messages.warning(request, ways.not_ready(check))


def _say_refused(request, error: Exception) -> None:
    log.warning("stripe did not do it", reason=type(error).__name__)
    if isinstance(error, gateway.Refused):
        messages.error(request, _("Stripe says no: %(words)s") % {"words": error})
    else:
        messages.error(request, _("We could not reach Stripe. Nothing is lost: please try again in a minute."))


@require_safe
@guards.officer(officers.MONEY)
def back(request, society):
    """Back from Stripe's questions, before or after its word: look, and stop payouts once cards are active."""
    account = ways.account_of(society.pk)
    if account:
        try:
            check = accounts.check(account)
            if check and check.cards == "active" and not check.is_ready:
                check = accounts.settle(account, by=request.user)
            if check and check.cards != "active":
                messages.info(request, _("Stripe is still looking at what you said. We ask it again by ourselves."))
            else:
                _say(request, check)
        except (gateway.Unavailable, gateway.Refused) as error:
            _say_refused(request, error)
    return redirect("office:cards", society.slug)


@require_safe
@guards.officer(officers.MONEY)
def again(request, society):
    """The address of Stripe's questions was old or used: go on with a new one."""
    account = ways.account_of(society.pk)
    if account:
        try:
            return _to_stripe(account, society)
        except (gateway.Unavailable, gateway.Refused) as error:
            _say_refused(request, error)
    return redirect("office:cards", society.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def costs_page(request, society):
    """What each way of paying costs, takes and waits, with its source; what Stripe has agreed to is written down."""
    account = accounts.serving(society.pk)
    agreed = ways.raised(account)
    initial = {
        "pay_by_bank_pence": agreed.get(Method.PAY_BY_BANK),
        "debit_pence": agreed.get(Method.DIRECT_DEBIT),
    }
    form = LimitsForm(posted(request), initial=initial)
    if request.method == "POST":
        if officers.MONEY not in request.rights or account is None:
            raise PermissionDenied
        if form.is_valid():
            accounts.record_limits(account, **form.cleaned_data, by=request.user)
            messages.success(request, _("Written down. Applicants are offered these ways up to the new sums at once."))
            return redirect("office:cards-costs", society.slug)
    terms = tariff(clock.today())
    context = guards.page(
        request,
        society,
        "office:money",
        tariff=terms,
        rows=_terms(agreed),
        account=account,
        form=form,
    )
    return render(request, "office/cards_costs.html", context)


def _terms(raised: dict[str, int]) -> list[dict]:
    """Each way of paying at Stripe with its label, the sums at which it is offered, and its terms."""
    found = []
    for method in ONLINE:
        terms = tariff(clock.today()).methods[method]
        most = methods.limit_pence(terms, raised)
        found.append(
            {
                "method": method,
                "label": Method(method).label,
                "terms": terms,
                "over_pence": terms.offered_from_pence - 1,
                "to_pence": min(most, terms.offered_to_pence or most),
                "percent": terms.fee_basis_points and f"{terms.fee_basis_points / 100:g}",
            }
        )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def letter(request, society):
    """The letter to Stripe, ready to send, and the day of its answer."""
    account = accounts.serving(society.pk)
    form = AnswerForm(posted(request), initial={"answered_on": account.answered_on if account else None})
    if request.method == "POST":
        if officers.MONEY not in request.rights or account is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                accounts.record_answer(account, answered_on=form.cleaned_data["answered_on"], by=request.user)
                messages.success(request, _("Written down."))
                return redirect("office:cards", society.slug)
            except ValidationError as refusal:
                form.add_error("answered_on", refusal)
    context = guards.page(request, society, "office:money", account=account, form=form, hold=tariff(clock.today()).hold)
    return render(request, "office/cards_letter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def offer_payments(request, society, offer):
    """How an offer can be paid: each way with its sums and fees, what refunding everybody would cost, the switches."""
    found = offer_or_404(society, offer)
    form = SwitchForm(posted(request), initial={"cards": found.cards_accepted, "cash": found.cash_accepted})
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if form.is_valid():
            try:
                ways.switch(found, **form.cleaned_data, by=request.user)
                messages.success(request, _("Done. Applicants see it at once."))
                return redirect("office:offer-payments", society.slug, offer)
            except ValidationError as refusal:
                form.add_error("cards", refusal)
    just_fails = costs.if_it_just_fails(found)
    context = guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        form=form,
        problem=ways.why_no_cards(found),
        rows=_terms(ways.raised(ways.account_of(society.pk))),
        so_far=costs.so_far(found),
        cost=just_fails and just_fails[0],
        each_pence=just_fails and just_fails[1],
        tariff=tariff(clock.today()),
    )
    return render(request, "office/offer_payments.html", context)
