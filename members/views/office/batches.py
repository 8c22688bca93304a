"""Files of refunds for the bank on an officer's desk: prepared, approved by another, downloaded, sent, done."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import audit, clock
from common.forms import posted
from compliance import approvals
from members.forms.refunds import BatchForm
from members.views.office import guards
from offers import officers
from offers.models import Society
from payments import bank_files, batches
from payments.choices import BatchState
from payments.models import RefundBatch


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def new(request, society):
    """Choose refunds, the kind of file and the day."""
    payable = list(batches.payable(society).select_related("application__payee")[:1000])
    form = BatchForm(posted(request), payable=payable, initial={"pay_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            batch = batches.prepare(
                society,
                refund_ids=said["refunds"],
                bank_format=said["bank_format"],
                pay_on=said["pay_on"],
                by=request.user,
            )
            messages.success(request, _("Prepared. Ask another officer to sign in, check the file, and approve it."))
            return redirect("office:batch", society.slug, batch.number)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = guards.page(request, society, "office:money", form=form, payable=payable)
    return render(request, "office/batch_new.html", context)


def batch_or_404(society: Society, number: int) -> RefundBatch:
    """A file of the society by its number."""
    rows = RefundBatch.objects.select_related("prepared_by", "sent_by", "ended_by")
    return get_object_or_404(rows, society=society, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def batch(request, society, number):
    """One file: its hash, its lines, and what may be done with it now."""
    found = batch_or_404(society, number)
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        return _act(request, found)
    approval = batches.approval(found)
    context = guards.page(
        request,
        society,
        "office:money",
        batch=found,
        lines=list(batches.lines_of(found)),
        approval=approval,
        is_mine=approval is not None and approval.prepared_by_id == request.user.pk,
        has_changed=found.state == BatchState.PREPARED and not batches.is_unchanged(found),
    )
    return render(request, "office/batch.html", context)


def _act(request, found: RefundBatch):
    user, act = request.user, request.POST.get("act", "")
    acts = {
        "approve": (batches.approve, _("Approved. Give the file to the bank, and then mark it as sent.")),
        "sent": (batches.mark_sent, _("Marked as sent. The payers are told that their money is on its way.")),
        "finish": (batches.finish, _("Done. Every refund that was not sent back is paid.")),
        "give-up": (batches.give_up, _("Given up. Its refunds can go into another file.")),
    }
    try:
        if act == "sent-back":
            position = request.POST.get("line", "")
            line = get_object_or_404(batches.lines_of(found), position=int(position) if position.isdecimal() else 0)
            batches.sent_back(line, by=user)
            messages.success(request, _("Recorded. The refund has failed and can go into another file."))
        elif act in acts:
            verb, words = acts[act]
            verb(found, by=user)
            messages.success(request, words)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    except approvals.NotApproved as refusal:
        messages.error(request, str(refusal))
    return redirect("office:batch", found.society.slug, found.number)


@require_safe
@guards.officer(officers.MONEY)
def file(request, society, number):
    """The file itself, while it is the one that was prepared and before it is done; it is written down who took it."""
    found = batch_or_404(society, number)
    if found.state not in (BatchState.PREPARED, BatchState.SENT):
        raise Http404
    content = batches.file_of(found)
    if not batches.is_unchanged(found, content):
        messages.error(request, _("The file has changed since it was prepared. Give it up and prepare another."))
        return redirect("office:batch", society.slug, number)
    audit.note("refund-batch.download", society_id=society.pk, subject_id=found.pk, by=request.user)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = bank_files.file_name(found.bank_format, found.number)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
