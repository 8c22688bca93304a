"""Refunds on an officer's desk: who waits for what, whose task it is, and paying one by hand by two people."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.forms import posted
from compliance import approvals
from members import office_todo
from members.forms.refunds import ByHandForm
from members.views.office import guards
from offers import officers
from offers.models import Society
from payments import batches, by_hand, gateway, looking_after, payees, refusals, sending
from payments.choices import RefundState, RefundWay
from payments.forms import BankDetailsForm
from payments.models import PayeeAccount, Refund, RefundBatch

A_PAGE = 100


@require_safe
@guards.officer(officers.LOOK)
def listing(request, society):
    """The refunds of one group, with their age and who looks after each; the group that needs somebody first."""
    totals = office_todo.refund_totals(society)
    names = {
        "stuck": _("Stripe will not: needs you"),
        "society": _("From the society’s account"),
        "stripe": _("Through Stripe, by itself"),
        "done": _("Paid back"),
    }
    group = request.GET.get("show")
    if group not in names:
        group = next((name for name, total in totals.items() if total["number"]), "society")
    page = Paginator(office_todo.refunds_in(society, group), A_PAGE).get_page(request.GET.get("page"))
    for refund in page:
        refund.days = (clock.today() - clock.london(refund.due_at).date()).days
        refund.words = refusals.in_words(refund.failure_code)
    context = guards.page(
        request,
        society,
        "office:money",
        groups=[{"name": name, "label": label, **totals[name]} for name, label in names.items()],
        group=group,
        title_of_group=names[group],
        page=page,
        cards_wait=group == "stripe" and sending.banks_wait(society.pk),
        batches=RefundBatch.objects.filter(society=society).select_related("prepared_by")[:20],
        payable=batches.payable(society).count(),
    )
    return render(request, "office/refunds.html", context)


def refund_or_404(society: Society, key) -> Refund:
    """A refund of the society."""
    rows = Refund.objects.select_related("application__payee", "receipt__attempt", "taken_by", "done_by")
    return get_object_or_404(rows, society=society, pk=key)


@sensitive_post_parameters("sort_code", "account_number", "roll_number")
@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def refund(request, society, key):
    """One refund, and what an officer can do with it now. Which button was pressed is `act`."""
    found = refund_or_404(society, key)
    act = request.POST.get("act", "")
    forms = {"by_hand": _by_hand_form(request if act == "prepare" else None, found),
             "bank": BankDetailsForm(request.POST if act == "bank" else None)}  # fmt: skip
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if _act(request, found, act, forms):
            return redirect("office:refund", society.slug, key)
        found = refund_or_404(society, key)
    return render(request, "office/refund.html", guards.page(request, society, "office:money",
                                                             **_facts(request, found, forms)))  # fmt: skip


def _by_hand_form(request, found: Refund) -> ByHandForm:
    return ByHandForm(
        request and posted(request),
        came_by_stripe=found.receipt.attempt_id is not None,
        leaves_stripe=found.way == RefundWay.SOCIETY,
    )


def _act(request, found: Refund, act: str, forms: dict) -> bool:
    """Do what was asked; False where a form must be shown again with what is wrong."""
    user = request.user
    acts = {
        "take": (lambda: looking_after.take(found, by=user), _("You look after this refund now.")),
        "again": (lambda: looking_after.try_again(found, by=user), _("It is sent again within a minute or two.")),
        "leave-stripe": (lambda: looking_after.leave_stripe(found, by=user), _("The society pays this refund now.")),
        "came-back": (lambda: looking_after.came_back(found, by=user), _("Recorded. The refund is due again.")),
        "withdraw": (lambda: by_hand.withdraw(found, by=user), _("Withdrawn. Nothing was paid.")),
        "approve": (lambda: by_hand.approve(found, by=user), _("Approved. The refund is recorded as paid back.")),
        "prepare": (lambda: by_hand.prepare(found, **forms["by_hand"].cleaned_data, by=user),
                    _("Prepared. Ask another officer to sign in, check it, and approve it.")),
        "bank": (lambda: payees.give(found.application, **forms["bank"].cleaned_data, by=user),
                 _("The bank details are kept. The applicant is told of it by e-mail.")),
    }  # fmt: skip
    form = {"prepare": forms["by_hand"], "bank": forms["bank"]}.get(act)
    if act not in acts or (form is not None and not form.is_valid()):
        return form is None
    do, words = acts[act]
    try:
        do()
        messages.success(request, words)
    except ValidationError as refusal:
        if form is not None:
            form.add_error(None, refusal)
            return False
        messages.error(request, refusal.messages[0])
    except approvals.NotApproved as refusal:
        messages.error(request, str(refusal))
    except gateway.Unavailable:
        messages.error(request, _("Stripe could not be reached. Nothing has changed. Try again in a minute."))
    return True


def _facts(request, found: Refund, forms: dict) -> dict:
    approval = by_hand.waiting(found)
    line = found.lines.filter(state__in=batches.IN_A_FILE).select_related("batch").first()
    is_open = found.state != RefundState.DONE
    return {
        "refund": found,
        "payee": getattr(found.application, "payee", None),
        "days": (clock.today() - clock.london(found.due_at).date()).days,
        "words": refusals.in_words(found.failure_code),
        "line": line,
        "approval": approval,
        "is_mine": approval is not None and approval.prepared_by_id == request.user.pk,
        "has_changed": approval is not None and by_hand.has_changed(found, approval),
        "how": dict(forms["by_hand"].fields["how"].choices).get(approval.facts["how"]) if approval else "",
        "may_pay": not by_hand.problem(found),
        "is_stuck": found.way == RefundWay.STRIPE and is_open and not by_hand.problem(found),
        "wants_bank": found.way == RefundWay.SOCIETY and found.state in (RefundState.DUE, RefundState.FAILED),
        "by_hand": forms["by_hand"],
        "bank": forms["bank"],
        "form": next((form for form in forms.values() if form.is_bound), forms["bank"]),
    }


@require_POST
@guards.officer(officers.MONEY)
def whole_account(request, society, key):
    """The payer's bank details unmasked, for paying at the bank's own pages; it is written down who looked."""
    found = refund_or_404(society, key)
    payee = get_object_or_404(PayeeAccount, society=society, application_id=found.application_id)
    details = payees.show_whole(payee, by=request.user)
    context = guards.page(request, society, "office:money", refund=found, details=details)
    return render(request, "office/whole_account.html", context)
