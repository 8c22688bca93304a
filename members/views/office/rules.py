"""The society's registered rules on its officers' desk: what holds, what held, and recording an amendment."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import posted
from common.money import as_pounds
from compliance import approvals, eligibility
from members.forms.rules import AmendmentForm
from members.views.office import guards
from offers import amendments, officers, versions
from offers.models import RuleBook, Society

# What each value is called, and where the number of its rule stands.
SHOWN = (
    ("max_holding_pence", "max_holding_rule", gettext_lazy("Most that one holder may have")),
    ("admits", "admits_rule", gettext_lazy("Who may hold shares")),
    ("min_age", "min_age_rule", gettext_lazy("Least age to apply oneself")),
    ("syndicate_max", "syndicate_rule", gettext_lazy("Most people in a syndicate")),
    ("withdrawal_notice_days", "withdrawal_rule", gettext_lazy("Days of notice to withdraw")),
    ("interest_limit", "interest_rule", gettext_lazy("Limit on interest")),
)


def _words(name: str, value) -> str:
    if name.endswith("_pence"):
        return as_pounds(value)
    if name == "admits":
        return ", ".join(str(eligibility.NAMES[kind]) for kind in eligibility.HOLDER_KINDS if kind in value)
    return str(value) or "–"


def _rows(values: dict, before: dict | None = None) -> list[dict]:
    """Each value in words with its rule's number; `was`: what it replaces, where that is different."""
    rows = []
    for name, rule, label in SHOWN:
        said = (_words(name, values[name]), values[rule])
        was = (_words(name, before[name]), before[rule]) if before else said
        rows.append({"label": label, "value": said[0], "rule": said[1], "was": was if was != said else None})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def rules(request, society):
    """The rules in force with their numbers, those before them, and an amendment that waits for a second officer."""
    if request.method == "POST":
        if officers.DECIDE not in request.rights:
            raise PermissionDenied
        return _act(request, society)
    books = list(RuleBook.objects.filter(society=society).select_related("recorded_by", "approved_by"))
    in_force = versions.rule_book(society, clock.today())
    waiting = amendments.waiting(society)
    context = guards.page(
        request,
        society,
        "office:rules",
        in_force=next(book for book in books if book.pk == in_force.pk),
        rows=_rows(amendments.values_of(in_force)),
        before=[(book, _rows(amendments.values_of(book))) for book in books if book.pk != in_force.pk],
        waiting=waiting,
        changes=_rows(waiting.facts["values"], amendments.values_of(books[0])) if waiting else [],
        is_mine=waiting is not None and waiting.prepared_by_id == request.user.pk,
        law=society.law(clock.today()),
    )
    return render(request, "office/rules.html", context)


def _act(request, society: Society):
    """Approve and record what another officer prepared, or take it back."""
    here = redirect("office:rules", society.slug)
    if request.POST.get("act") == "withdraw":
        amendments.withdraw(society, by=request.user)
        messages.success(request, _("The amendment is taken back. Nothing has changed."))
        return here
    try:
        book = amendments.record(society, by=request.user)
    except approvals.NotApproved as refusal:
        messages.error(request, str(refusal))
        return here
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return here
    words = _("Recorded. The amended rules hold from %(day)s on.")
    messages.success(request, words % {"day": f"{book.valid_from_on:%-d %B %Y}"})
    return here


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.DECIDE)
def amend(request, society):
    """Write down an amendment that the registrar has registered; another officer approves it."""
    newest = amendments.newest(society)
    form = AmendmentForm(posted(request), initial=amendments.values_of(newest) if newest else None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        facts = {"valid_from_on": said.pop("valid_from_on"), "reference": said.pop("registration_reference")}
        try:
            amendments.prepare(society, **facts, values=said, by=request.user)
            messages.success(
                request, _("Prepared. Ask another officer to sign in, compare it with the letter, and approve it.")
            )
            return redirect("office:rules", society.slug)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "office/amend.html", guards.page(request, society, "office:rules", form=form))
