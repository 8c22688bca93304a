"""Applications on an officer's desk: finding one, seeing all there is to it, recording money that came for it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock, ids, references
from common.forms import posted
from compliance.models import Decision
from members import office_todo
from members.forms.office import FindForm, ReceiptForm
from members.views.office import guards
from members.views.office.table_pages import query
from offers import officers
from offers.choices import BY_HAND, ONLINE, ApplicationState, Method
from offers.models import Application, ApplicationParty, Society
from payments import balances, giving_back, paper_money, paper_waiting, receipts
from payments.models import CheckoutAttempt, PaperMoney, Receipt, Refund

A_PAGE = 50


@require_safe
@guards.officer(officers.LOOK)
def listing(request, society):
    """Applications, the newest first; by offer, state, name or reference."""
    form = FindForm(request.GET or None, society=society)
    rows = Application.objects.filter(society=society).select_related("offer").order_by("-submitted_at", "-id")
    if form.is_valid():
        rows = _found(rows, form.cleaned_data)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = guards.page(
        request,
        society,
        "office:applications",
        form=form,
        page=page,
        query=query(request),
        unpaid=office_todo.unpaid(society),
    )
    return render(request, "office/applications.html", context)


def _found(rows, said: dict):
    if said["offer"]:
        rows = rows.filter(offer=said["offer"])
    if said["state"]:
        rows = rows.filter(state=said["state"])
    if text := said["search"].strip():
        reference = references.read(text)
        rows = rows.filter(
            Q(name__icontains=text) | Q(email__iexact=text) | Q(postcode__iexact=text) | Q(reference=reference or "-")
        )
    return rows


def application_or_404(society: Society, reference: str) -> Application:
    """An application of the society by its reference."""
    rows = Application.objects.select_related("offer__society", "offer__share_class", "holder", "tier", "version")
    return get_object_or_404(rows, society=society, reference=reference.replace("-", "").upper())


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def application(request, society, reference):
    """All there is to one application. A treasurer records a transfer or a cheque here."""
    found = application_or_404(society, reference)
    expected = _expected(found)
    form = ReceiptForm(posted(request), initial=expected, wanting_pence=expected["amount_pence"] or 0)
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        is_valid = form.is_valid()
        if _is_recorded(found, form) or (is_valid and _take(request, found, form)):
            return redirect("office:application", society.slug, reference)
    return render(request, "office/application.html", guards.page(request, society, "office:applications",
                                                                  form=form, **_facts(found)))  # fmt: skip


def _expected(found: Application) -> dict:
    method = found.method if found.method not in ONLINE else Method.BANK_TRANSFER
    is_awaited = found.state == ApplicationState.AWAITING_PAYMENT
    wanting_pence = max(found.due_pence - balances.held_pence(found), 0) if is_awaited else 0
    return {
        "key": ids.uuid7(),
        "amount_pence": wanting_pence or None,
        "method": method,
        "received_on": clock.today(),
    }


def _is_recorded(found: Application, form: ReceiptForm) -> bool:
    """Whether this very form was sent before: a button pressed twice."""
    key, amount_pence = form.cleaned_data.get("key"), form.cleaned_data.get("amount_pence")
    same = {"society_id": found.society_id, "application": found, "pk": key, "amount_pence": amount_pence}
    return key is not None and (Receipt.objects.filter(**same).exists() or PaperMoney.objects.filter(**same).exists())


def _take(request, found: Application, form: ReceiptForm) -> bool:
    """Record the money; a cheque or cash counts only once another officer has confirmed it."""
    said = form.cleaned_data
    if said["method"] in BY_HAND:
        return _record_paper(request, found, form)
    try:
        receipts.take(
            found,
            amount_pence=said["amount_pence"],
            method=said["method"],
            received_at=receipts.moment_of(said["received_on"]),
            note=said["note"],
            by=request.user,
            key=said["key"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    found.refresh_from_db()
    words = {
        ApplicationState.PAID: _("Recorded. The application is paid."),
        ApplicationState.AWAITING_PAYMENT: _("Recorded. It is not the sum due, so the application still waits."),
    }
    messages.success(request, words.get(found.state, _("Recorded. What is not needed is a refund due now.")))
    return True


def _record_paper(request, found: Application, form: ReceiptForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("amount_pence", "method", "received_on", "note", "key")}
    try:
        paper_money.record(found, **said, by=request.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("Recorded. It counts once another officer has confirmed it."))
    return True


def _facts(found: Application) -> dict:
    of_it = {"society_id": found.society_id, "application": found}
    return {
        "offer": found.offer,
        "application": found,
        "held_pence": balances.held_pence(found),
        "receipts": Receipt.objects.filter(**of_it)
        .select_related("recorded_by", "confirmed_by")
        .prefetch_related("line_parts__decision"),
        "undone": set(Receipt.objects.filter(**of_it, reverses__isnull=False).values_list("reverses_id", flat=True)),
        "may_give_back": bool(giving_back.choices(found)),
        "paper": paper_waiting.waiting(found.society_id).filter(application=found).select_related("recorded_by"),
        "refunds": Refund.objects.filter(**of_it).select_related("receipt"),
        "attempts": CheckoutAttempt.objects.filter(**of_it).order_by("number"),
        "parties": ApplicationParty.objects.filter(**of_it).select_related("party"),
        "decisions": Decision.objects.filter(society_id=found.society_id, subject_id=found.pk).order_by(
            "decided_at", "id"
        ),
        "entry": getattr(found, "entry", None),
    }
