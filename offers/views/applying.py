"""The questions of an application, one a page, and the check at the end that makes it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance import risk
from compliance.answers import RuleBroken
from members import accounts
from offers import applications, reservations, versions
from offers.choices import ONLINE
from offers.forms.applying import PayForm
from offers.models import ShareOffer
from offers.views import answers_shown
from offers.views.draft import STEPS, Draft
from offers.views.public import offer_or_404
from payments import ways
from payments.views.applicants import to_payment_page


def _draft(request, offer: ShareOffer) -> Draft:
    return Draft(request, offer, versions.rule_book(offer.society, clock.today()))


@login_not_required
@require_safe
@never_cache
def start(request, society, offer):
    """What an applicant needs and how long it takes; or that the offer is not open."""
    found = offer_or_404(society, offer)
    is_full = reservations.is_full(found)
    page = "offers/apply/start.html" if found.is_open() and not is_full else "offers/apply/not_open.html"
    context = {"society": found.society, "offer": found, "draft": _draft(request, found), "risk": risk}
    return render(request, page, context | {"is_full": is_full})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request, society, offer, step):
    """One page of questions. A page cannot be opened before those in front of it are answered."""
    found = offer_or_404(society, offer)
    if step not in STEPS:
        raise Http404
    if not found.is_open():
        return redirect("offers:apply", society, offer)
    draft = _draft(request, found)
    if not draft.may_open(step):
        return redirect("offers:question", society, offer, draft.first_missing())
    form_class = draft.form_class(step)
    facts = {"offer": found, "rules": draft.rules, "answers": draft.answers}
    form = form_class(posted(request), initial=draft.initial(step), **facts)
    if request.method == "POST" and form.is_valid():
        draft.keep(step, form.cleaned_data)
        return redirect(_after(draft, step, society, offer, back_to_check="check" in request.GET))
    return render(request, _template(step), _context(found, draft, step, form))


def _template(step: str) -> str:
    own = {"amount", "risks", "contact"}
    return f"offers/apply/{step}.html" if step in own else "offers/apply/question.html"


def _context(offer: ShareOffer, draft: Draft, step: str, form) -> dict:
    before = STEPS[: STEPS.index(step)]
    slugs = [offer.society.slug, offer.slug]
    back = reverse("offers:question", args=[*slugs, before[-1]]) if before else reverse("offers:apply", args=slugs)
    return {
        "society": offer.society,
        "offer": offer,
        "rules": draft.rules,
        "form": form,
        "step": step,
        "title": answers_shown.title(step, draft.kind),
        "number": STEPS.index(step) + 1,
        "total": len(STEPS) + 1,
        "back_url": back,
        "risk": risk,
    }


def _after(draft: Draft, step: str, society: str, offer: str, *, back_to_check: bool) -> str:
    """The address of the next page: the check again where somebody came from it and nothing is missing."""
    missing = draft.first_missing()
    if missing is None and (back_to_check or step == STEPS[-1]):
        return reverse("offers:check", args=[society, offer])
    following = STEPS[STEPS.index(step) + 1 :]
    target = missing if back_to_check and missing else (following[0] if following else missing)
    if target is None:
        return reverse("offers:check", args=[society, offer])
    return reverse("offers:question", args=[society, offer, target])


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request, society, offer):
    """Everything that was said, with a way back to each; then the application is made and paid."""
    found = offer_or_404(society, offer)
    if not found.is_open():
        return redirect("offers:apply", society, offer)
    draft = _draft(request, found)
    if missing := draft.first_missing():
        if request.method == "POST" and draft.made and not draft.answers:
            return redirect("payments:application", draft.made)  # the button was pressed twice
        return redirect("offers:question", society, offer, missing)
    facts = {"offer": found, "rules": draft.rules, "answers": draft.answers}
    form = PayForm(posted(request), methods=ways.usable(found, draft.amount_pence), hints=ways.hints(found), **facts)
    problems = []
    if request.method == "POST" and form.is_valid():
        try:
            application = applications.submit(
                found,
                applicant=draft.applicant(),
                details=draft.details(get_language()),
                amount_pence=draft.amount_pence,
                accept_less=draft.accept_less,
                method=form.cleaned_data["method"],
                submission=draft.submission,
                by=request.user if request.user.is_authenticated else None,
            )
            draft.forget(application.token)
            accounts.account_for(application.email, name=application.name)
            if application.method in ONLINE:
                return to_payment_page(request, application)
            return redirect("payments:application", application.token)
        except RuleBroken as refusal:
            problems = refusal.problems
            for problem in problems:
                form.add_error(None, problem.in_full)
    context = _context(found, draft, STEPS[-1], form)
    last = reverse("offers:question", args=[society, offer, STEPS[-1]])
    context |= {"rows": answers_shown.rows(draft), "problems": problems, "draft": draft, "back_url": last}
    context["number"] = context["total"]
    return render(request, "offers/apply/check.html", context)
