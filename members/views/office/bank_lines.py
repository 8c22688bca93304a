"""Lines of the bank on an officer's desk: whose money each is, decided by a person, one button a line."""

from __future__ import annotations

import contextlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock, ids, references
from common.forms import posted
from common.money import as_pounds, pence
from members.forms.bank import KeepForm, LinesForm, PartsForm
from members.views.office import guards
from members.views.office.bank_rows import SHOWN, Row, rows_of
from members.views.office.table_pages import query
from offers import officers
from offers.choices import ApplicationState
from offers.models import Application
from payments import arrivals, balances, paper_waiting
from payments.choices import LineKind
from payments.models import BankLine, PaperMoney, Payout
from payments.statements import deciding, outgoing, waiting

FOUND = 20
MOST = 200  # cheques and cash on one page


@require_safe
@guards.officer(officers.LOOK)
def listing(request, society):
    """Every line of every account, by what it is and what it says."""
    choices = [("waiting", _("waiting")), *LineKind.choices]
    form = LinesForm(request.GET or None, choices=choices)
    rows = waiting.of_society(society).order_by("-booked_on", "-id")
    if form.is_valid():
        rows = _found(rows, form.cleaned_data)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    labels = dict(LineKind.choices)
    for line in page.object_list:
        line.kind_label = labels.get(line.kind, _("waiting"))
    context = guards.page(request, society, "office:bank", form=form, page=page,
                          query=query(request))  # fmt: skip
    return render(request, "office/bank_lines.html", context)


def _found(rows, said: dict):
    if said["what"]:
        rows = rows.filter(kind=None) if said["what"] == "waiting" else rows.filter(kind=said["what"])
    if text := said["search"]:
        words = Q(text__icontains=text) | Q(payer__icontains=text) | Q(reference__icontains=text)
        with contextlib.suppress(ValidationError):
            words |= Q(amount_pence__in=[pence(text), -pence(text)])
        rows = rows.filter(words)
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def line(request, society, key):
    """One line: what it may be, what was decided of it, and every way to decide it."""
    found = get_object_or_404(BankLine.objects.select_related("account", "statement"), society=society, pk=key)
    (row,) = rows_of(society, [found])
    keep, parts = _forms(request, society, found, row)
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if _decide(request, found, row, keep, parts):
            return redirect(_onwards(request, society))
    decisions = found.decisions.select_related("decided_by", "owner", "other_line").prefetch_related(
        *(f"receipts__receipt__{name}" for name in SHOWN), "refunds__refund__application", "arrivals__payout"
    )
    newest = deciding.newest(found)
    is_settled = newest is not None and newest.is_settled
    context = guards.page(
        request,
        society,
        "office:bank",
        form=parts if parts.errors else keep,
        keep=keep,
        parts=parts,
        line=found,
        row=row,
        decisions=decisions.order_by("-number"),
        newest=newest,
        is_settled=is_settled,
        age_days=(clock.today() - found.booked_on).days,
        **({} if is_settled else _choices(request, society, found)),
    )
    return render(request, "office/bank_line.html", context)


def _forms(request, society, found: BankLine, row: Row) -> tuple[KeepForm, PartsForm]:
    """The two forms of a line's page, the one that was sent bound to its answers."""
    data, act = posted(request), request.POST.get("act")
    keep = KeepForm(data if act == "keep" else None, society=society, initial={"owner": request.user.pk})
    proposed = [(part.application.reference, part.amount_pence) for part in row.parts]
    parts = PartsForm(data if act == "parts" else None, line=found, initial=PartsForm.initial_of(proposed))
    return keep, parts


def _choices(request, society, found: BankLine) -> dict:
    """What a person may choose from: applications that were looked for, or refunds and kept lines for money out."""
    if not found.is_in:
        kept = waiting.kept(society).filter(amount_pence=-found.amount_pence)
        return {"refunds": outgoing.refunds_to_match(found)[:100], "kept": kept[:FOUND],
                "payouts": arrivals.to_go_back(society.pk)[:FOUND]}  # fmt: skip
    text = request.GET.get("search", "").strip()[:100]
    results = _search(society, found, text)
    return {
        "search": text,
        "results": results,
        "refunds": outgoing.refunds_to_match(found)[:100],
        "payouts": arrivals.to_come_in(society.pk)[:FOUND],
        "by_hand": waiting.by_hand_without_line(society).select_related(*SHOWN)[:MOST],
        "paper": paper_waiting.waiting(society.pk).select_related("application", "recorded_by")[:MOST],
    }


def _search(society, found: BankLine, text: str) -> list[Application]:
    """Applications by name, e-mail or reference; without a word, those that wait for this very sum."""
    rows = Application.objects.filter(society=society).select_related("offer")
    if text:
        reference = references.read(text)
        rows = rows.filter(Q(name__icontains=text) | Q(email__iexact=text) | Q(reference=reference or "-"))
        rows = rows.order_by("-submitted_at")
    else:
        rows = rows.filter(state=ApplicationState.AWAITING_PAYMENT, due_pence=found.amount_pence)
    results = list(rows[:FOUND])
    for row in results:
        awaited = row.state == ApplicationState.AWAITING_PAYMENT
        row.wanting_pence = max(row.due_pence - balances.held_pence(row), 0) if awaited else 0
    return results


def _onwards(request, society) -> str:
    """Back to the list, at the line that follows, or to this line's own page where it was decided there."""
    where = reverse("office:bank-match", args=[society.slug])
    page = request.POST.get("page", "")
    where += f"?page={page}" if page.isdecimal() and len(page) < 6 else ""
    after = ids.parsed(request.POST.get("after", ""))
    return f"{where}#line-{after}" if after else where


def _decide(request, found: BankLine, row: Row, keep: KeepForm, parts: PartsForm) -> bool:
    """Do what the button says; a refusal stands at its form or is a message, and the page comes again."""
    by, act = request.user, request.POST.get("act", "")
    form = {"keep": keep, "parts": parts}.get(act)
    if form is not None and not form.is_valid():
        return False
    acts = {
        "accept": lambda: _accept(request, found, row),
        "parts": lambda: deciding.accept(
            found, parts=parts.parts, anew=parts.cleaned_data["anew"], why=_("Decided by hand."), by=by
        ),
        "by-hand": lambda: _of_cheques(request, found),
        "keep": lambda: deciding.keep(found, **keep.cleaned_data, by=by),
        "refunds": lambda: deciding.match_refunds(found, paid=_uuids(request, "refund"), by=by),
        "sent-back": lambda: deciding.match_sent_back(found, came_in=_came_in(request, found), by=by),
        "payout": lambda: _match_payout(request, found, row),
        "other": lambda: deciding.set_aside(found, by=by),
    }
    if act not in acts:
        return False
    try:
        decision = acts[act]()
    except ValidationError as refusal:
        if form is not None:
            form.add_error(None, refusal)
        else:
            messages.error(request, refusal.messages[0])
        return False
    words = f"{as_pounds(abs(found.amount_pence))}: {decision.get_kind_display()}. {_outcome(decision)}"
    messages.success(request, words.strip())
    return True


def _outcome(decision) -> str:
    """What became of each application that got money."""
    words = {
        ApplicationState.PAID: _("%(who)s is paid."),
        ApplicationState.ALLOTTED: _("%(who)s has shares already: what is not needed is a refund due now."),
        ApplicationState.AWAITING_PAYMENT: _("%(who)s still waits: it is not the sum due."),
        ApplicationState.LAPSED: _("%(who)s has lapsed: the money waits for the rest, or is a refund due now."),
    }
    ended = _("%(who)s had ended: the money is a refund due now.")
    said = []
    for part in decision.receipts.select_related("receipt__application"):
        application = part.receipt.application
        name = f"{references.shown(application.reference)} {application.name}"
        said.append(words.get(application.state, ended) % {"who": name})
    return " ".join(said)


def _accept(request, found: BankLine, row: Row):
    """The proposal as it was shown: parts and receipts come from the form, the why from the proposal if it holds."""
    parts, recorded = [_part(text) for text in request.POST.getlist("part")], _uuids(request, "recorded")
    shown = [(part.application.pk, part.amount_pence) for part in row.parts]
    same = shown == parts and [receipt.pk for receipt in row.recorded] == recorded
    why = row.why if same else _("Decided by hand.")
    return deciding.accept(found, parts=parts, recorded=recorded, why=why, by=request.user)


def _of_cheques(request, found: BankLine):
    """The cheques and cash that were ticked: those confirmed are joined, those that wait are settled by the line."""
    rows = PaperMoney.objects.filter(society_id=found.society_id, pk__in=_uuids(request, "paper"))
    waits = list(rows.filter(confirmed_at=None, withdrawn_at=None))
    recorded = _uuids(request, "recorded")
    if len(waits) != rows.count() or (not waits and not recorded):
        raise ValidationError(_("Tick the cheques and cash that this line is. Some may have been decided meanwhile."))
    parts = [(row.application_id, row.amount_pence) for row in waits]
    return deciding.accept(found, parts=parts, recorded=recorded, why=_("Paid in: cheques and cash."), by=request.user)


def _part(text: str) -> tuple[uuid.UUID, int]:
    key, _colon, amount = text.partition(":")
    if not (found := ids.parsed(key)) or not amount.isascii() or not amount.isdecimal() or len(amount) > 12:
        raise ValidationError(_("Something is wrong with this button. Open the page again."))
    return found, int(amount)


def _uuids(request, name: str) -> list[uuid.UUID]:
    return [key for text in request.POST.getlist(name) if (key := ids.parsed(text))]


def _came_in(request, found: BankLine) -> BankLine:
    keys = _uuids(request, "came_in")
    came_in = BankLine.objects.filter(society_id=found.society_id, pk__in=keys[:1]).first()
    if came_in is None:
        raise ValidationError(_("Choose the line by which it came in."))
    return came_in


def _match_payout(request, found: BankLine, row: Row):
    payout = Payout.objects.filter(society_id=found.society_id, pk__in=_uuids(request, "payout")[:1]).first()
    if payout is None:
        raise ValidationError(_("Choose the payout that it is."))
    why = row.why if row.payout == payout else _("Decided by hand.")
    return deciding.match_payout(found, payout, why=why, by=request.user)
