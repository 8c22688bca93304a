"""Two officers press at one moment: a line is settled once, and the second is told by whom."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from members import books
from payments.models import BankLine, LineDecision, Receipt
from payments.statements import deciding, importing
from tests.concurrency.threads import Meeting, at_once
from tests.factories import make_offer, make_user, submit
from tests.payments.statements.making import arrived, line, make_account, take

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting(monkeypatch):
    """Both look at what was decided at one moment, if the account's row lets them."""
    place, look = Meeting(), deciding.newest

    def looking(of):
        found = look(of)
        place()
        return found

    monkeypatch.setattr(deciding, "newest", looking)
    return place


def test_two_officers_at_once_on_one_line(meeting):
    """Red without the account's lock in deciding._lock: both see an undecided line."""
    offer = make_offer()
    one, other = submit(offer), submit(offer)
    found = arrived(offer.society, 500_00)
    ann, bob = make_user(), make_user()
    outcomes = at_once(
        lambda: deciding.accept(found, parts=[(one.pk, 500_00)], by=ann),
        lambda: deciding.accept(found, parts=[(other.pk, 500_00)], by=bob),
    )
    assert not meeting.met
    assert [type(outcome) for outcome in sorted(outcomes, key=lambda o: isinstance(o, Exception))] == [
        LineDecision, ValidationError]  # fmt: skip
    refusal = next(outcome for outcome in outcomes if isinstance(outcome, ValidationError))
    decision = LineDecision.objects.get()
    assert f"{decision.decided_by} has decided this line already" in refusal.messages[0]
    assert Receipt.objects.count() == 1
    assert list(books.faults()) == []


def test_one_button_pressed_twice_at_once_counts_once(meeting):
    offer = make_offer()
    application, by = submit(offer), make_user()
    found = arrived(offer.society, 500_00)
    press = lambda: deciding.accept(found, parts=[(application.pk, 500_00)], by=by)
    one, two = at_once(press, press)
    assert one == two == LineDecision.objects.get()
    assert (meeting.met, Receipt.objects.count()) == (False, 1)


def test_two_lines_of_two_accounts_for_the_same_applications_do_not_wait_in_a_circle():
    """Each names the two applications in the other's order; exposures and applications are locked in one order."""
    offer = make_offer()
    a, b = submit(offer, 100_00), submit(offer, 100_00)
    lines = [arrived(offer.society, 100_00) for _ in range(2)]
    outcomes = at_once(
        lambda: deciding.accept(lines[0], parts=[(a.pk, 50_00), (b.pk, 50_00)], by=make_user()),
        lambda: deciding.accept(lines[1], parts=[(b.pk, 50_00), (a.pk, 50_00)], by=make_user()),
    )
    assert [type(outcome) for outcome in outcomes] == [LineDecision, LineDecision]
    assert list(books.faults()) == []


def test_two_overlapping_files_at_once_leave_each_line_once(monkeypatch):
    """Red without the account's lock in importing.take."""
    account = make_account(make_offer().society)
    place, look = Meeting(), importing.unseen

    def looking(*of):
        found = look(*of)
        place()
        return found

    monkeypatch.setattr(importing, "unseen", looking)
    outcomes = at_once(
        lambda: take(account, line(5_00, "A"), line(6_00, "B")), lambda: take(account, line(6_00, "B"), line(7_00, "C"))
    )
    assert not place.met
    assert sorted(outcome.lines_new for outcome in outcomes) == [1, 2]
    assert sorted(BankLine.objects.values_list("amount_pence", flat=True)) == [5_00, 6_00, 7_00]
