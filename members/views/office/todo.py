"""The first page of an officer's desk: what waits, and where it is done."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common import outbox
from common.money import as_pounds
from compliance.models import Approval
from members import office_todo
from members.views.office import addresses, guards
from offers import officers, progress
from offers.choices import OfferState
from offers.models import ShareOffer, Society
from payments.choices import RefundState


@require_safe
@guards.officer(officers.LOOK)
def todo(request, society):
    """Tasks that wait, the offers that run, and their figures."""
    running = ShareOffer.objects.filter(society=society, state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
    context = guards.page(
        request,
        society,
        "office:todo",
        tasks=_tasks(society, request.user),
        running=[{"offer": offer, "progress": progress.of(offer)} for offer in running],
        awaiting=office_todo.awaiting(society),
    )
    return render(request, "office/todo.html", context)


def _tasks(society: Society, user) -> list[dict]:
    """Every task, the most pressing kind first."""
    waiting = list(office_todo.approvals_waiting(society))
    return [
        *_approvals(society, user, waiting),
        *_decisions(society, waiting),
        *_refunds(society),
        *_exceptions(society),
        *_clearing(society),
        *_closing(society),
        *_drafts(society),
        *_mail(society),
    ]


def _approvals(society: Society, user, waiting: list[Approval]) -> list[dict]:
    offers = ShareOffer.objects.in_bulk([approval.subject_id for approval in waiting])
    tasks = []
    for approval in waiting:
        offer = offers[approval.subject_id]
        mine = approval.prepared_by_id == user.pk
        words = {
            Approval.PUBLISH: _("Publish “%(offer)s”"),
            Approval.DECIDE: _("Decide “%(offer)s”"),
        }[approval.act]
        tasks.append(
            {
                "label": words % {"offer": offer.title},
                "url": addresses.of_act(society, approval.act, offer.slug),
                "hint": _("Prepared by %(who)s on %(day)s")
                % {"who": approval.prepared_by, "day": formats.date_format(approval.prepared_at, "j F Y")},
                "status": _("Needs another officer") if mine else _("Needs you"),
                "kind": "active" if mine else "due",
            }
        )
    return tasks


def _decisions(society: Society, waiting: list[Approval]) -> list[dict]:
    prepared = {approval.subject_id for approval in waiting if approval.act == Approval.DECIDE}
    return [
        {
            "label": _("Decide “%(offer)s”") % {"offer": offer.title},
            "url": addresses.of_act(society, Approval.DECIDE, offer.slug),
            "hint": _("It has closed, and nobody can cancel any more. Look at the working first."),
            "status": _("Ready"),
            "kind": "due",
        }
        for offer in office_todo.to_decide(society)
        if offer.pk not in prepared
    ]


def _refunds(society: Society) -> list[dict]:
    rows = list(office_todo.refunds_due(society))
    failed = [row for row in rows if row.state == RefundState.FAILED]
    by_hand = [row for row in rows if office_todo.by_hand(row)]
    tasks, where = [], addresses.section(society, "office:money")
    if by_hand:
        total = as_pounds(sum(row.amount_pence for row in by_hand))
        words = ngettext("Pay %(n)s refund by bank", "Pay %(n)s refunds by bank", len(by_hand))
        label = words % {"n": len(by_hand)}
        tasks.append({"label": label, "url": where + "#refunds", "hint": total, "status": _("To do"), "kind": "due"})
    if failed:
        words = ngettext("%(n)s card refund failed", "%(n)s card refunds failed", len(failed))
        hint = _("Each is tried again every half hour. See what Stripe says of it.")
        label = words % {"n": len(failed)}
        tasks.append({"label": label, "url": where + "#refunds", "hint": hint, "status": _("Failed"), "kind": "wrong"})
    return tasks


def _exceptions(society: Society) -> list[dict]:
    held = office_todo.exceptions(society)
    if not held:
        return []
    words = ngettext("%(n)s payment is not the sum due", "%(n)s payments are not the sum due", len(held))
    return [
        {
            "label": words % {"n": len(held)},
            "url": addresses.section(society, "office:money") + "#exceptions",
            "hint": _("We hold %(sum)s for them.") % {"sum": as_pounds(sum(row.held_pence for row in held))},
            "status": _("Open"),
            "kind": "due",
        }
    ]


def _clearing(society: Society) -> list[dict]:
    """What waits at Stripe for a person, and a comparison that did not come out right or was not made."""
    stands, where, tasks = office_todo.clearing(society), addresses.section(society, "office:clearing"), []
    if number := stands.exceptions:
        words = ngettext("Look into %(n)s exception at Stripe", "Look into %(n)s exceptions at Stripe", number)
        hint = ngettext("The oldest is %(n)s day old.", "The oldest is %(n)s days old.", stands.oldest_days)
        tasks.append({"label": words % {"n": number}, "url": where, "hint": hint % {"n": stands.oldest_days},
                      "status": _("Open"), "kind": "due"})  # fmt: skip
    if stands.differences or stands.is_stale:
        words = (
            _("The books differ from Stripe") if stands.differences else _("The books were not compared with Stripe")
        )
        hint = _("They are compared each night. Ask whoever looks after the site if this stays.")
        tasks.append({"label": words, "url": where, "hint": hint, "status": _("Wrong"), "kind": "wrong"})
    return tasks


def _closing(society: Society) -> list[dict]:
    return [
        {
            "label": _("“%(offer)s” closes on %(day)s")
            % {"offer": offer.title, "day": formats.date_format(offer.closes_on, "j F Y")},
            "url": addresses.offer(society, offer.slug),
            "hint": _("You can move the last day until then."),
            "status": _("Soon"),
            "kind": "active",
        }
        for offer in office_todo.closing_soon(society)
    ]


def _drafts(society: Society) -> list[dict]:
    return [
        {
            "label": _("Finish the draft “%(offer)s”") % {"offer": offer.title},
            "url": addresses.offer(society, offer.slug),
            "hint": _("Nobody outside can see it yet."),
            "status": _("Draft"),
            "kind": "active",
        }
        for offer in ShareOffer.objects.filter(society=society, state=OfferState.DRAFT)
    ]


def _mail(society: Society) -> list[dict]:
    number = len(outbox.dead(society_id=society.pk))
    if not number:
        return []
    words = ngettext("%(n)s message could not be sent", "%(n)s messages could not be sent", number)
    hint = _("It is tried again for some days. Check the address, and telephone if you can.")
    return [{"label": words % {"n": number}, "url": addresses.section(society, "office:applications"), "hint": hint,
             "status": _("Failed"), "kind": "wrong"}]  # fmt: skip
