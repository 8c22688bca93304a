"""What each act of two people is called on the to-do list, and where it is done. A new act has its line here."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from common import references
from common.money import as_pounds
from compliance.models import Approval
from members.models import Freeze, Member
from members.views.office import addresses
from offers.models import Application, ShareOffer, Society
from payments.models import Receipt, Refund, RefundBatch


def described(society: Society, approval: Approval) -> tuple[str, str]:
    """The words of an act that waits and the address of its page."""
    return WORDS[approval.act](society, approval)


def _of_offer(words):
    def describe(society: Society, approval: Approval) -> tuple[str, str]:
        offer = ShareOffer.objects.get(pk=approval.subject_id, society=society)
        return words() % {"offer": offer.title}, addresses.of_act(society, approval.act, offer.slug)

    return describe


def _refund_by_hand(society: Society, approval: Approval) -> tuple[str, str]:
    refund = Refund.objects.select_related("application").get(pk=approval.subject_id, society=society)
    facts = {"sum": as_pounds(refund.amount_pence), "name": refund.application.name}
    return _("Refund of %(sum)s to %(name)s by hand") % facts, reverse("office:refund", args=[society.slug, refund.pk])


def _refund_batch(society: Society, approval: Approval) -> tuple[str, str]:
    batch = RefundBatch.objects.get(pk=approval.subject_id, society=society)
    facts = {"n": batch.number, "sum": as_pounds(batch.total_pence)}
    return _("Refunds file %(n)s of %(sum)s") % facts, reverse("office:batch", args=[society.slug, batch.number])


def _amendment(society: Society, approval: Approval) -> tuple[str, str]:
    return _("Record an amendment of the rules"), addresses.section(society, "office:rules")


def _give_back(society: Society, approval: Approval) -> tuple[str, str]:
    application = Application.objects.get(pk=approval.subject_id, society=society)
    facts = {"sum": as_pounds(approval.facts["amount_pence"]), "ref": references.shown(application.reference)}
    address = reverse("office:give-back", args=[society.slug, application.reference])
    return _("Give %(sum)s of application %(ref)s back") % facts, address


def _undo_receipt(society: Society, approval: Approval) -> tuple[str, str]:
    receipt = Receipt.objects.select_related("application").get(pk=approval.subject_id, society=society)
    facts = {"sum": as_pounds(receipt.amount_pence), "ref": references.shown(receipt.application.reference)}
    return _("Undo a receipt of %(sum)s for %(ref)s") % facts, reverse(
        "office:undo-receipt", args=[society.slug, receipt.pk]
    )


def _own_account(society: Society, approval: Approval) -> tuple[str, str]:
    return _("Change the society’s bank account"), addresses.section(society, "office:own-account")


def _of_member(words):
    """An act on a member's row: its page is named after it."""

    def describe(society: Society, approval: Approval) -> tuple[str, str]:
        member = Member.objects.get(pk=approval.subject_id, society=society)
        address = reverse(f"office:{approval.act}", args=[society.slug, member.number])
        return words() % {"n": member.number}, address

    return describe


def _unfreeze(society: Society, approval: Approval) -> tuple[str, str]:
    freeze = Freeze.objects.select_related("member").get(pk=approval.subject_id, society=society)
    words = _("End the freeze of member %(n)s’s holding") % {"n": freeze.member.number}
    return words, reverse("office:unfreeze", args=[society.slug, freeze.pk])


WORDS = {
    Approval.PUBLISH: _of_offer(lambda: _("Publish “%(offer)s”")),
    Approval.DECIDE: _of_offer(lambda: _("Decide “%(offer)s”")),
    Approval.AMEND: _amendment,
    Approval.REFUND_BY_HAND: _refund_by_hand,
    Approval.REFUND_BATCH: _refund_batch,
    Approval.GIVE_BACK: _give_back,
    Approval.UNDO_RECEIPT: _undo_receipt,
    Approval.OWN_ACCOUNT: _own_account,
    Approval.DETAILS: _of_member(lambda: _("Change the details of member %(n)s")),
    Approval.UNFREEZE: _unfreeze,
}
