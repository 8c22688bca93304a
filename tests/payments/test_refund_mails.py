"""What a payer reads of a refund and of bank details: built and sent, true, and never an account number."""

import pytest

from common import clock, outbox
from common.models import OutgoingMail
from payments import batches, by_hand, cancellations, giving_back, looking_after, payees, receipts, sending, undoing
from payments.models import Refund
from tests.factories import make_offer, make_society, make_user, paid, submit
from tests.payments.test_batches import OWN, working_day

pytestmark = pytest.mark.django_db
BANK = {"account_name": "A Person", "sort_code": "309430", "account_number": "00733445"}


def sent(kind: str) -> OutgoingMail:
    """The message of this kind, once the worker has sent what is due."""
    outbox.send_due()
    assert list(OutgoingMail.objects.filter(sent_at=None).values_list("kind", "last_error")) == []
    return OutgoingMail.objects.get(kind=kind)


@pytest.fixture
def owed() -> Refund:
    return cancellations.cancel(paid(make_offer(make_society(**OWN)))).refunds.get()


def test_a_refund_that_is_due_asks_for_bank_details_behind_the_link(owed):
    mail = sent("refund-due")
    assert mail.heading == "£500 goes back to you"
    assert f"/a/{owed.application.token}/bank-details/" in mail.text
    assert "give the details to nobody who telephones" in mail.text


def test_bank_details_are_told_of_masked(owed):
    payees.give(owed.application, **BANK)
    first = sent("bank-details-given")
    payees.give(owed.application, **BANK | {"account_number": "11112222"}, by=make_user())
    changed = sent("bank-details-changed")
    assert "••-••-30 ••••3445" in first.text
    assert (first.heading, changed.heading) == (
        "We have bank details for your refund", "The bank details for your refund were changed")  # fmt: skip
    assert "••••2222" in changed.text
    assert "00733445" not in first.text + changed.text


def test_a_file_tells_that_the_money_is_on_its_way_and_then_that_it_is_paid(owed):
    payees.give(owed.application, **BANK)
    fields = {"bank_format": "bacs-csv", "pay_on": working_day()}
    batch = batches.prepare(owed.application.offer.society, refund_ids=[owed.pk], by=make_user(), **fields)
    batches.approve(batch, by=make_user())
    batches.mark_sent(batch, by=make_user())
    assert "The society has told its bank to pay £500 to your account." in sent("refund-sent").text
    batches.finish(batch, by=make_user())
    assert "The society has paid £500 back to you." in sent("refund-done").text


def test_what_came_back_is_looked_after_and_told_of_again_when_it_is_paid(owed):
    for number in (1, 2):
        by_hand.prepare(owed, how="cheque", note=f"Cheque {number}", by=make_user())
        by_hand.approve(owed, by=make_user())
        if number == 1:
            looking_after.came_back(owed, by=make_user())
    mail = sent("refund-failed")
    assert mail.heading == "We are looking after your refund of £500"
    assert "your money is safe" in mail.text
    assert "failed" not in mail.heading + mail.text
    assert sent("refund-done-after-all").text == sent("refund-done").text


def test_a_card_refund_speaks_of_the_card(site):
    application = site.applied()
    site.paid(application)
    site.deliver()
    application.refresh_from_db()
    cancellations.cancel(application)
    sending.send_due()
    assert "We pay £500 back to the card you paid with." in sent("refund-due").text
    assert "We have paid £500 back to the card you paid with." in sent("refund-done").text


def test_a_bank_payment_through_stripe_speaks_of_the_bank(site):
    application = site.applied(method="pay-by-bank")
    site.paid(application, "pm_payByBank_success")
    site.deliver()
    application.refresh_from_db()
    cancellations.cancel(application)
    sending.send_due()
    assert "the bank account you paid from" in sent("refund-due").text
    assert "the bank account you paid from" in sent("refund-done").text


def test_too_much_says_what_the_society_does_and_the_societys_reason_is_told():
    application = submit(make_offer())
    receipts.take(application, amount_pence=510_00, method="bank-transfer")
    assert sent("payment-too-much").heading == "We received £510, which is more than the £500 due"
    giving_back.prepare(application, what="excess", reason="You paid £10 too much.", by=make_user())
    giving_back.approve(application, by=make_user())
    assert "You paid £10 too much." in sent("refund-due").text


def test_a_payment_that_was_none_is_told_of_with_the_new_day():
    application = paid(make_offer())
    receipt = application.receipts.get()
    undoing.prepare(receipt, reason="Another’s.", by=make_user())
    undoing.approve(receipt, by=make_user())
    application.refresh_from_db()
    mail = sent("payment-undone")
    assert "We had recorded £500 for your application." in mail.text
    assert f"Please pay by {clock.london(application.pay_by_at):%-d %B %Y}." in mail.text
    assert "Another" not in mail.text  # the officers' words are theirs
