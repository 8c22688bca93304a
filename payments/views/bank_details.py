"""Where an applicant's refund shall go: asked behind their own link, kept, and never shown whole again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.forms import posted
from payments import payees
from payments.choices import RefundState, RefundWay
from payments.forms import BankDetailsForm
from payments.models import Refund
from payments.views.applicants import application_or_404


@sensitive_post_parameters("sort_code", "account_number", "roll_number")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bank_details(request, token):
    """Ask for bank details while a refund from the society's own account waits; 404 otherwise."""
    found = application_or_404(token)
    if not payees.wanted(found):
        raise Http404
    form = BankDetailsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            payees.give(found, **form.cleaned_data)
            messages.success(request, _("Thank you. We have your bank details."))
            return redirect("payments:application", token)
        except ValidationError as refusal:
            form.add_error("account_name", refusal)
    waits = Refund.objects.filter(
        society_id=found.society_id, application=found, way=RefundWay.SOCIETY
    ).exclude(state=RefundState.DONE)  # fmt: skip
    context = {
        "society": found.offer.society,
        "application": found,
        "payee": getattr(found, "payee", None),
        "waiting_pence": waits.aggregate(total=Sum("amount_pence"))["total"],
        "form": form,
        "back_url": reverse("payments:application", args=[token]),
    }
    return render(request, "payments/bank_details.html", context)
