"""The first page of an officer's desk: what waits, and where it is done."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common import clock, outbox
from common.money import as_pounds
from compliance.models import Approval
from members import completeness, office_todo, particulars_requests
from members.views.office import acts, addresses, guards
from offers import officers, progress
from offers.choices import OfferState
from offers.models import ShareOffer, Society
from payments import card_testing
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
        tasks=_tasks(society, request.user, request.rights),
        running=[{"offer": offer, "progress": progress.of(offer)} for offer in running],
        awaiting=office_todo.awaiting(society),
    )
    return render(request, "office/todo.html", context)


def _tasks(society: Society, user, rights) -> list[dict]:
    """Every task, the most pressing kind first."""
    waiting = list(office_todo.approvals_waiting(society))
    return [
        *_approvals(society, user, waiting),
        *_own_account(society, rights, waiting),
        *_decisions(society, waiting),
        *_refunds(society),
        *_paper(society, user),
        *_cards(society),
        *_exceptions(society),
        *_clearing(society),
        *_bank(society),
        *_unpaid(society),
        *_closing(society),
        *_drafts(society),
        *_mail(society),
        *_register(society, rights),
    ]


def _approvals(society: Society, user, waiting: list[Approval]) -> list[dict]:
    tasks = []
    for approval in waiting:
        label, url = acts.described(society, approval)
        if approval.approved_at:
            status, kind = _("Approved: carry it out"), "due"
        elif approval.prepared_by_id == user.pk:
            status, kind = _("Needs another officer"), "active"
        else:
            status, kind = _("Needs you"), "due"
        tasks.append(
            {
                "label": label,
                "url": url,
                "hint": _("Prepared by %(who)s on %(day)s")
                % {"who": approval.prepared_by, "day": formats.date_format(approval.prepared_at, "j F Y")},
                "status": status,
                "kind": kind,
            }
        )
    return tasks


def _own_account(society: Society, rights, waiting: list[Approval]) -> list[dict]:
    """Without an account nobody can be told where to send a transfer, and no file of refunds can be made."""
    is_prepared = any(approval.act == Approval.OWN_ACCOUNT for approval in waiting)
    if society.bank_account or is_prepared or officers.MONEY not in rights:
        return []
    hint = _("Whoever pays by bank transfer is not told where to send the money. It takes two officers.")
    where = addresses.section(society, "office:own-account")
    return [_task(_("Enter the society’s bank account"), where, hint, _("Missing"), "wrong")]


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
    """Refunds that wait for a person, files that the bank should have paid, refunds that Stripe sends again."""
    totals, where = office_todo.refund_totals(society), reverse("office:refunds", args=[society.slug])
    by_hand, stuck = office_todo.to_pay(society), totals["stuck"]
    tasks = []
    if stuck["number"]:
        words = ngettext("%(n)s refund is refused by Stripe", "%(n)s refunds are refused by Stripe", stuck["number"])
        hint = _("Together %(sum)s. Take it, and find another way.") % {"sum": as_pounds(stuck["pence"])}
        tasks.append(_task(words % {"n": stuck["number"]}, where + "?show=stuck", hint, _("Failed"), "wrong"))
    if by_hand["number"]:
        words = ngettext("Pay %(n)s refund by bank", "Pay %(n)s refunds by bank", by_hand["number"])
        hint = _("%(sum)s from the society’s account, by a file or one by one.") % {"sum": as_pounds(by_hand["pence"])}
        tasks.append(_task(words % {"n": by_hand["number"]}, where + "?show=society", hint, _("To do"), "due"))
    for batch in office_todo.batches_open(society):
        if batch.sent_at:
            label = _("Refunds file %(n)s: has the bank paid it?") % {"n": batch.number}
            hint = _("For %(day)s") % {"day": formats.date_format(batch.pay_on, "j F Y")}
            url = reverse("office:batch", args=[society.slug, batch.number])
            tasks.append(_task(label, url, hint, _("With the bank"), "active"))
    failed = office_todo.refunds_in(society, "stripe").filter(state=RefundState.FAILED).count()
    if failed:
        words = ngettext("%(n)s refund is tried again", "%(n)s refunds are tried again", failed)
        hint = _("Stripe could not pay it yet. See why, and whether money must be added there.")
        tasks.append(_task(words % {"n": failed}, where + "?show=stripe", hint, _("Waits"), "wrong"))
    return tasks


def _task(label: str, url: str, hint: str, status: str, kind: str) -> dict:
    return {"label": label, "url": url, "hint": hint, "status": status, "kind": kind}


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


def _paper(society: Society, user) -> list[dict]:
    """Cheques and cash that wait for a second officer: which, from whom, who recorded them and since when."""
    tasks = []
    for row in office_todo.paper_to_confirm(society):
        mine = row.recorded_by_id == user.pk
        facts = {"how": row.get_method_display(), "sum": as_pounds(row.amount_pence), "name": row.application.name}
        tasks.append(
            {
                "label": _("%(how)s of %(sum)s from %(name)s") % facts,
                "url": reverse("office:paper-money", args=[society.slug, row.pk]),
                "hint": _("Recorded by %(who)s, %(when)s. It counts once another officer has seen it too.")
                % {"who": row.recorded_by, "when": _since(row.recorded_at)},
                "status": _("Needs another officer") if mine else _("Needs you"),
                "kind": "active" if mine else "due",
            }
        )
    return tasks


def _since(moment) -> str:
    """A moment as a day, and how many days ago that is."""
    on = clock.london(moment).date()
    days = (clock.today() - on).days
    ago = ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days} if days else _("today")
    return f"{formats.date_format(on, 'j F Y')} ({ago})"


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


def _bank(society: Society) -> list[dict]:
    """Lines to match, money for nobody with its age, and accounts of which a statement is missing."""
    tasks, waits, kept = [], office_todo.bank_waiting(society), office_todo.bank_kept(society)
    if waits.number:
        words = ngettext("Match %(n)s line of the bank", "Match %(n)s lines of the bank", waits.number)
        tasks.append({"label": words % {"n": waits.number}, "url": addresses.section(society, "office:bank-match"),
                      "hint": _age(waits.days), "status": _("To do"), "kind": "due"})  # fmt: skip
    if kept.number:
        words = ngettext("%(n)s payment is for nobody we know", "%(n)s payments are for nobody we know", kept.number)
        url = addresses.section(society, "office:bank-lines") + "?what=kept"
        hint = f"{as_pounds(kept.pence)}. {_age(kept.days)}"
        tasks.append(
            {"label": words % {"n": kept.number}, "url": url, "hint": hint, "status": _("Open"), "kind": "due"}
        )
    for account, stands in office_todo.accounts_that_differ(society):
        label = _("A statement of “%(account)s” is missing") % {"account": account.name}
        hint = _("Its last statement and its lines differ by %(sum)s.") % {"sum": as_pounds(abs(stands.differs_pence))}
        url = addresses.account(society, account)
        tasks.append({"label": label, "url": url, "hint": hint, "status": _("Differs"), "kind": "wrong"})
    return tasks


def _unpaid(society: Society) -> list[dict]:
    """Places that one address holds with several applications, and has not paid."""
    tasks = []
    for offer, groups in office_todo.holding_much(society):
        words = ngettext("%(n)s address holds much of “%(offer)s” unpaid",
                         "%(n)s addresses hold much of “%(offer)s” unpaid", len(groups))  # fmt: skip
        hint = _("The most is %(sum)s. Nobody else can have these places: look, write to them, or let one go.")
        url = reverse("office:unpaid", args=[society.slug, offer.slug])
        label = words % {"n": len(groups), "offer": offer.title}
        tasks.append(_task(label, url, hint % {"sum": as_pounds(groups[0].unpaid_pence)}, _("Look"), "active"))
    return tasks


def _cards(society: Society) -> list[dict]:
    where = addresses.section(society, "office:cards")
    tasks = []
    if until := card_testing.society_stopped_until(society.pk):
        label = _("Card payments are paused until %(until)s")
        hint = _("Somebody tries out cards. Bank transfers go on. Look at the payments that went through.")
        when, clearing = formats.time_format(clock.london(until)), addresses.section(society, "office:clearing")
        tasks.append(_task(label % {"until": when}, clearing, hint, _("Paused"), "wrong"))
    for offer, problem in office_todo.cards_stopped(society):
        label = _("Card payments of “%(offer)s” are stopped") % {"offer": offer.title}
        tasks.append(
            {"label": label, "url": where, "hint": problem.to_officer, "status": _("Stopped"), "kind": "wrong"}
        )
    number = len(office_todo.paid_by_credit(society))
    if number:
        words = ngettext("%(n)s payment came by credit card", "%(n)s payments came by credit card", number)
        money = addresses.section(society, "office:money") + "#credit"
        hint = _("Nobody should borrow to buy shares. Look at it and decide.")
        tasks.append({"label": words % {"n": number}, "url": money, "hint": hint, "status": _("Open"), "kind": "due"})
    return tasks


def _age(days: int) -> str:
    words = ngettext("The oldest came %(n)s day ago.", "The oldest came %(n)s days ago.", days)
    return words % {"n": days}


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


def _register(society: Society, rights) -> list[dict]:
    """How complete the register is, and the answers of members that wait."""
    if officers.REGISTER not in rights:
        return []
    of, answers = completeness.of(society), particulars_requests.waiting(society).count()
    if of.percent == 100 and of.officers and not answers:
        return []
    hint = _("%(complete)s of %(members)s members lack nothing that the law asks for.")
    words = {"complete": of.complete, "members": of.members}
    return [{"label": _("Complete the register"), "url": addresses.section(society, "office:completeness"),
             "hint": hint % words, "kind": "due" if answers or not of.officers else "active",
             "status": _("%(percent)s %% complete") % {"percent": of.percent}}]  # fmt: skip
