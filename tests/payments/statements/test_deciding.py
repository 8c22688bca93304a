"""What a person decides: receipts to the penny, once, by one person, in one society."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from common import clock, ids
from members import books
from offers import applications
from offers.choices import ApplicationState
from payments import cancellations, looking_after, receipts, undoing
from payments.models import LineDecision, LineReceipt, Receipt, Refund
from payments.statements import deciding, outgoing, waiting
from tests.factories import make_offer, make_society, make_user, paid, submit
from tests.payments.statements.making import arrived, line, make_account, pay_by_hand, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    return make_offer()


@pytest.fixture
def by():
    return make_user()


def state(application) -> str:
    application.refresh_from_db()
    return application.state


def test_an_accepted_line_pays_its_application_on_the_banks_day(offer, by):
    application = submit(offer)
    with clock.stopped(clock.now() + timedelta(days=2)):
        found = arrived(offer.society, 500_00, application.reference, on=clock.today() - timedelta(days=1), payer="A B")
        decision = deciding.accept(found, parts=[(application.pk, 500_00)], why="Because.", by=by)
    receipt = Receipt.objects.get(application=application)
    assert state(application) == ApplicationState.PAID
    assert clock.london(receipt.received_at).date() == found.booked_on
    assert (receipt.method, receipt.note, receipt.recorded_by) == ("bank-transfer", f"A B {application.reference}", by)
    assert (decision.kind, decision.number, decision.decided_by, decision.why) == ("receipt", 1, by, "Because.")
    assert receipt.line_parts.get().decision == decision
    assert not waiting.undecided(offer.society).exists()


def test_pressed_twice_it_counts_once(offer, by):
    application = submit(offer)
    found = arrived(offer.society, 500_00)
    decisions = {deciding.accept(found, parts=[(application.pk, 500_00)], by=by) for _ in range(2)}
    assert (len(decisions), Receipt.objects.count()) == (1, 1)


def test_somebody_elses_decision_stands_and_is_named(offer, by):
    one, other = submit(offer), submit(offer)
    found = arrived(offer.society, 500_00)
    deciding.accept(found, parts=[(one.pk, 500_00)], by=by)
    with pytest.raises(ValidationError, match=f"{by} has decided this line already"):
        deciding.accept(found, parts=[(other.pk, 500_00)], by=make_user())
    for act in (deciding.set_aside, lambda line, by: deciding.keep(line, owner=by, why="?", by=by)):
        with pytest.raises(ValidationError, match="has decided this line already"):
            act(found, by=make_user())
    assert state(other) == ApplicationState.AWAITING_PAYMENT


def test_one_transfer_for_two_applications(offer, by):
    one, two = submit(offer, 500_00), submit(offer, 300_00)
    found = arrived(offer.society, 800_00)
    deciding.accept(found, parts=[(one.pk, 500_00), (two.pk, 300_00)], by=by)
    assert [state(one), state(two)] == ["paid", "paid"]
    assert sorted(LineReceipt.objects.values_list("amount_pence", flat=True)) == [300_00, 500_00]


def test_two_transfers_for_one_application(offer, by):
    application = submit(offer, 500_00)
    deciding.accept(arrived(offer.society, 200_00), parts=[(application.pk, 200_00)], by=by)
    assert state(application) == ApplicationState.AWAITING_PAYMENT
    deciding.accept(arrived(offer.society, 300_00), parts=[(application.pk, 300_00)], by=by)
    assert state(application) == ApplicationState.PAID


def test_a_receipt_by_hand_is_not_counted_again(offer, by):
    application = paid(offer, 500_00)
    by_hand = Receipt.objects.get(application=application)
    other = submit(offer, 300_00)
    found = arrived(offer.society, 800_00)
    deciding.accept(found, parts=[(other.pk, 300_00)], recorded=[by_hand.pk], by=by)
    assert Receipt.objects.count() == 2
    with pytest.raises(ValidationError, match="belongs to another line by now"):
        deciding.accept(arrived(offer.society, 500_00), recorded=[by_hand.pk], by=by)


def test_too_much_is_owed_back_and_late_money_is_too(offer, by):
    application = submit(offer, 500_00)
    deciding.accept(arrived(offer.society, 500_00), parts=[(application.pk, 500_00)], by=by)
    deciding.accept(arrived(offer.society, 20_00), parts=[(application.pk, 20_00)], by=by)
    assert Refund.objects.get(application=application).amount_pence == 20_00
    ended = submit(offer, 400_00)
    cancellations.cancel(ended)
    deciding.accept(arrived(offer.society, 400_00), parts=[(ended.pk, 400_00)], by=by)
    assert Refund.objects.get(application=ended).rule == "OPN-1"


def test_a_lapsed_application_is_taken_up_by_money_that_the_bank_had_in_time(offer, by):
    application = submit(offer, 500_00)
    paid_on = clock.today()
    with clock.stopped(application.pay_by_at + timedelta(days=2)):
        assert applications.lapse(application)
        deciding.accept(arrived(offer.society, 500_00, on=paid_on), parts=[(application.pk, 500_00)], by=by)
    assert state(application) == ApplicationState.PAID


@pytest.mark.parametrize("pence", [499_99, 500_01])
def test_parts_that_are_not_the_line_are_refused(offer, by, pence):
    application = submit(offer, 500_00)
    with pytest.raises(ValidationError, match="The parts come to"):
        deciding.accept(arrived(offer.society, 500_00), parts=[(application.pk, pence)], by=by)
    assert not Receipt.objects.exists()


def test_nothing_may_be_named_twice_or_for_nothing(offer, by):
    key = submit(offer, 500_00).pk
    found = arrived(offer.society, 500_00)
    for parts, words in [
        ([(key, 250_00), (key, 250_00)], "Name each application once"),
        ([(key, 500_00), (ids.uuid7(), 0)], "above £0"),
        ([(ids.uuid7(), 500_00)], "There is no such application"),
        ([], "The parts come to £0"),
    ]:
        with pytest.raises(ValidationError, match=words):
            deciding.accept(found, parts=parts, by=by)


def test_another_societys_application_is_none(offer, by):
    stranger = submit(make_offer())
    with pytest.raises(ValidationError, match="There is no such application"):
        deciding.accept(arrived(offer.society, 500_00), parts=[(stranger.pk, 500_00)], by=by)
    with pytest.raises(ValidationError, match="belongs to another line"):
        deciding.accept(arrived(offer.society, 500_00), recorded=[Receipt(society=stranger.society).pk], by=by)


def test_money_for_nobody_is_kept_with_an_owner_and_matched_later(offer, by):
    found = arrived(offer.society, 500_00, "?", on=clock.today() - timedelta(days=3))
    with pytest.raises(ValidationError, match="Say what is known"):
        deciding.keep(found, owner=by, why=" ", by=by)
    deciding.keep(found, owner=by, why="Nobody of that name.", by=by)
    assert [row.pk for row in waiting.kept(offer.society)] == [found.pk]
    application = submit(offer)
    decision = deciding.accept(found, parts=[(application.pk, 500_00)], by=by)
    assert (decision.number, state(application)) == (2, ApplicationState.PAID)
    assert not waiting.kept(offer.society).exists()


def test_money_for_nobody_goes_back_by_a_line_of_the_same_sum(offer, by):
    account = make_account(offer.society)
    came = arrived(offer.society, 500_00, account=account)
    deciding.keep(came, owner=by, why="?", by=by)
    with pytest.raises(ValidationError, match="£499 went out, and the line that came in is £500"):
        deciding.match_sent_back(arrived(offer.society, -499_00, account=account), came_in=came, by=by)
    went = arrived(offer.society, -500_00, account=account)
    deciding.match_sent_back(went, came_in=came, by=by)
    assert [deciding.newest(row).kind for row in (came, went)] == ["sent-back", "sent-back"]
    assert [deciding.newest(row).other_line_id for row in (came, went)] == [went.pk, came.pk]


def test_what_has_nothing_to_do_with_shares_can_be_taken_up_again(offer, by):
    found = arrived(offer.society, 500_00, "TILL")
    assert deciding.set_aside(found, by=by) == deciding.set_aside(found, by=by)
    application = submit(offer)
    deciding.accept(found, parts=[(application.pk, 500_00)], by=by)
    assert [row.kind for row in LineDecision.objects.filter(line=found)] == ["other", "receipt"]


def owed_refunds(offer, *sums: int) -> list[Refund]:
    return [cancellations.cancel(paid(offer, pence)).refunds.get() for pence in sums]


def test_one_transfer_out_pays_many_refunds(offer, by):
    owed = owed_refunds(offer, 500_00, 300_00)
    went = arrived(offer.society, -800_00)
    with pytest.raises(ValidationError, match="not recorded as paid yet. Two officers do that."):
        deciding.match_refunds(went, paid=[refund.pk for refund in owed], by=by)
    for refund in owed:
        pay_by_hand(refund)
    with pytest.raises(ValidationError, match="The refunds come to £500, and the line is £800"):
        deciding.match_refunds(went, paid=[owed[0].pk], by=by)
    before = list(Refund.objects.order_by("pk").values())
    decision = deciding.match_refunds(went, paid=[refund.pk for refund in owed], by=by)
    assert sorted(decision.refunds.values_list("amount_pence", "is_out")) == [(300_00, True), (500_00, True)]
    assert list(Refund.objects.order_by("pk").values()) == before  # a line shows it and changes nothing
    with pytest.raises(ValidationError, match="has another line by now"):
        deciding.match_refunds(arrived(offer.society, -500_00), paid=[owed[0].pk], by=by)


def test_a_refund_goes_out_comes_back_and_goes_out_again(offer, by):
    (refund,) = owed_refunds(offer, 500_00)
    pay_by_hand(refund)
    name, account = refund.application.name, make_account(offer.society)
    lines = []
    for number, amount_pence in enumerate((-500_00, 500_00, -500_00)):
        lines.append(arrived(offer.society, amount_pence, f"{name} {number}", account=account))
        if amount_pence > 0:
            looking_after.came_back(refund, by=by)
        (proposal,) = outgoing.propose(offer.society, lines[-1:]).values()
        deciding.match_refunds(lines[-1], paid=[row.pk for row in proposal.refunds], by=by)
        if amount_pence > 0:
            with pytest.raises(ValidationError, match="has another line by now"):
                deciding.match_refunds(arrived(offer.society, 500_00), paid=[refund.pk], by=by)
            pay_by_hand(refund)
    assert [row.decisions.get().refunds.get().is_out for row in lines] == [True, False, True]
    assert list(books.faults()) == []


def test_what_may_have_gone_out_is_proposed_with_its_why(offer):
    def why(amount_pence, text=""):
        line = arrived(offer.society, amount_pence, text)
        found = outgoing.propose(offer.society, [line]).get(line.pk)
        return found and found.why

    one, two = owed_refunds(offer, 500_00, 300_00)
    assert why(-500_00) is None  # not recorded as paid yet
    for refund in (one, two):
        pay_by_hand(refund)
    assert why(-500_00, one.application.reference) == "Sum and name or reference are those of a refund."
    assert why(-500_00) == "It is the only refund of exactly this sum."
    assert why(-800_00) == "All refunds that are open make up this sum."
    both = f"{one.application.reference} {two.application.reference}"
    assert why(-800_00, both) == "The references are those of refunds, and their sums make up this one."
    assert why(-1_00) is None


def test_which_way_money_went_is_asked(offer, by):
    went, came = arrived(offer.society, -500_00), arrived(offer.society, 500_00)
    for act in (
        lambda: deciding.accept(went, parts=[(submit(offer).pk, 500_00)], by=by),
        lambda: deciding.keep(went, owner=by, why="?", by=by),
        lambda: deciding.match_sent_back(came, came_in=went, by=by),
        lambda: deciding.match_refunds(came, paid=[], by=by),
    ):
        with pytest.raises(ValidationError):
            act()
    other = arrived(make_society(), 500_00)
    with pytest.raises(ValidationError, match="There is no such line"):
        deciding.match_sent_back(went, came_in=other, by=by)


def test_the_proposals_of_the_site_find_what_waits(offer, by):
    account = make_account(offer.society)
    application = submit(offer, 500_00)
    by_hand = paid(offer, 200_00)
    take(account, line(500_00, f"shares {application.reference[:3].lower()} {application.reference[3:]}"),
         line(200_00, by_hand.reference), line(-9_00, "X"))  # fmt: skip
    lines = list(waiting.undecided(offer.society))
    found = waiting.proposals(offer.society, lines)
    assert [found[row.pk].ready for row in lines if row.is_in] == [True, True]
    by_sum = {row.amount_pence: found.get(row.pk) for row in lines}
    assert by_sum[500_00].parts == ((application.pk, 500_00),)
    assert by_sum[200_00].recorded == (Receipt.objects.get(application=by_hand).pk,)
    assert by_sum[-9_00] is None


def test_the_database_holds_a_line_to_its_receipts(offer, by):
    """A decision without its receipts does not survive the end of its transaction."""
    found = arrived(offer.society, 500_00)
    LineDecision.objects.create(society=offer.society, line=found, number=1, kind="receipt", decided_at=clock.now(),
                                decided_by=by)  # fmt: skip
    with pytest.raises(IntegrityError, match="to the penny"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_receipt_that_comes_after_the_bank_counts_from_the_end_of_its_day():
    yesterday = clock.today() - timedelta(days=1)
    assert clock.london(receipts.moment_of(yesterday)).strftime("%H:%M:%S") == "23:59:59"
    assert receipts.moment_of(clock.today()) <= clock.now()


# == Undone ==


def undo(receipt: Receipt, to=None) -> None:
    """Two officers say that a receipt is wrong, and whose money it is."""
    undoing.prepare(receipt, reason="Another's.", to=to, by=make_user())
    undoing.approve(receipt, by=make_user())


def the_proposal(line):
    return waiting.proposals(line.society, [line]).get(line.pk)


def test_a_line_whose_receipt_is_undone_waits_again_and_is_never_ready(offer, by):
    wrong, right = submit(offer), submit(offer)
    found = arrived(offer.society, 500_00, wrong.reference)
    first = deciding.accept(found, parts=[(wrong.pk, 500_00)], by=by)
    undo(first.receipts.get().receipt)
    assert [row.pk for row in waiting.undecided(offer.society)] == [found.pk]
    assert waiting.of_society(offer.society).get().kind is None
    assert (the_proposal(found).ready, "look why" in the_proposal(found).why) == (False, True)
    assert list(books.faults()) == []
    second = deciding.accept(found, parts=[(right.pk, 500_00)], by=by)
    assert (second.number, state(wrong), state(right)) == (2, "awaiting-payment", "paid")
    assert not waiting.undecided(offer.society).exists()
    assert list(books.faults()) == []


def test_money_that_was_moved_is_proposed_and_not_counted_again(offer, by):
    wrong, right = submit(offer), submit(offer)
    found = arrived(offer.society, 500_00, wrong.reference, on=clock.today() - timedelta(days=1))
    undo(deciding.accept(found, parts=[(wrong.pk, 500_00)], by=by).receipts.get().receipt, to=right)
    moved = Receipt.objects.get(application=right)
    proposal = the_proposal(found)
    assert (proposal.recorded, proposal.ready, proposal.why) == (
        (moved.pk,), False, "It was undone, and moved to this application.")  # fmt: skip
    deciding.accept(found, recorded=[moved.pk], by=by)
    assert Receipt.objects.filter(application=right).count() == 1
    assert list(books.faults()) == []


def test_of_a_shared_line_only_the_rest_is_looked_for(offer, by):
    stays, wrong, right = submit(offer, 300_00), submit(offer, 500_00), submit(offer, 500_00)
    found = arrived(offer.society, 800_00, "TWO OF US")
    first = deciding.accept(found, parts=[(stays.pk, 300_00), (wrong.pk, 500_00)], by=by)
    undo(first.receipts.get(receipt__application=wrong).receipt)
    for act in (deciding.set_aside, lambda line, by: deciding.keep(line, owner=by, why="?", by=by)):
        with pytest.raises(ValidationError, match="say whose the rest is"):
            act(found, by=by)
    with pytest.raises(ValidationError, match="The parts come to £1,100"):
        deciding.accept(found, parts=[(right.pk, 800_00)], by=by)
    deciding.accept(found, parts=[(right.pk, 500_00)], by=by)
    assert [state(row) for row in (stays, wrong, right)] == ["paid", "awaiting-payment", "paid"]
    assert sorted(deciding.newest(found).receipts.values_list("amount_pence", flat=True)) == [300_00, 500_00]
    assert list(books.faults()) == []
