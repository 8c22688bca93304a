"""An officer lets an unpaid place go: it lapses with its reason, and money that comes later is late money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock, outbox
from common.models import AuditEvent, OutgoingMail
from members import books
from offers import applications
from payments import another_way, receipts, releasing
from payments.models import Refund
from tests.factories import applicant, make_offer, make_user, paid, person, submit

pytestmark = pytest.mark.django_db
REASON = "Others have waited for this place for a week."


@pytest.fixture
def officer():
    return make_user()


def let_go(application, officer):
    releasing.release(application, reason=REASON, by=officer)
    application.refresh_from_db()
    return application


def test_its_room_is_free_again_and_its_applicant_is_told_why(officer):
    application = submit(make_offer(), 500_00)
    let_go(application, officer)
    assert (application.state, application.released_by, application.released_reason) == ("lapsed", officer, REASON)
    assert application.pay_by_at == application.released_at <= application.ended_at
    assert application.parties.get().exposure.live_pence == 0
    application.offer.refresh_from_db()
    assert application.offer.taken_pence == 0
    assert AuditEvent.objects.get(act="application.let-go").actor == officer
    outbox.send_due()
    mail = OutgoingMail.objects.get(kind="application-let-go")
    assert REASON in mail.text
    assert "you need do nothing" in mail.text
    assert not OutgoingMail.objects.filter(kind="application-lapsed").exists()
    assert list(books.faults()) == []


def test_a_second_click_changes_nothing(officer):
    application = let_go(submit(make_offer()), officer)
    again = releasing.release(application, reason="Another.", by=make_user())
    assert (again.released_by, again.released_reason) == (officer, REASON)
    assert OutgoingMail.objects.filter(kind="application-let-go").count() == 1


def test_it_takes_a_reason_and_an_application_that_waits(officer):
    offer = make_offer()
    with pytest.raises(ValidationError, match="Say why"):
        releasing.release(submit(offer), reason=" \t", by=officer)
    with pytest.raises(ValidationError, match="no longer waits"):
        releasing.release(paid(offer), reason=REASON, by=officer)
    begun = submit(offer)
    receipts.take(begun, amount_pence=490_00, method="bank-transfer")
    with pytest.raises(ValidationError, match="A part of its money is here"):
        releasing.release(begun, reason=REASON, by=officer)
    begun.refresh_from_db()
    assert (begun.state, begun.released_reason) == ("awaiting-payment", "")


def test_money_that_comes_later_takes_it_up_again_where_there_is_room(officer):
    application = let_go(submit(make_offer(), 500_00), officer)
    receipts.take(application, amount_pence=500_00, method="bank-transfer")
    application.refresh_from_db()
    assert (application.state, application.released_reason) == ("paid", REASON)
    assert not Refund.objects.exists()
    assert list(books.faults()) == []


def test_and_goes_back_where_somebody_else_has_the_room(officer):
    offer = make_offer(maximum_pence=1_000_00, optimum_pence=1_000_00, max_application_pence=1_000_00)
    application = let_go(submit(offer, 1_000_00), officer)
    paid(offer, 1_000_00)
    receipts.take(application, amount_pence=1_000_00, method="bank-transfer")
    application.refresh_from_db()
    assert application.state == "lapsed"
    assert Refund.objects.get().rule == "OFF-5"
    assert list(books.faults()) == []


def test_after_the_close_its_money_is_no_longer_in_time(officer):
    application = submit(make_offer(closes_on=clock.today() + timedelta(days=3)), 500_00)
    let_go(application, officer)
    with clock.stopped(application.offer.closes_at() + timedelta(hours=1)):  # it would have had ten days
        receipts.take(application, amount_pence=500_00, method="bank-transfer")
    application.refresh_from_db()
    assert (application.state, Refund.objects.get().rule) == ("lapsed", "OPN-1")


def test_a_page_at_stripe_is_closed_first(site, officer):
    application = site.applied()
    site.start(application)
    let_go(application, officer)
    assert (application.state, site.sessions()[0]["status"]) == ("lapsed", "expired")


def test_what_was_paid_at_stripe_at_this_very_moment_is_paid(site, officer):
    application = site.applied()
    site.paid(application)
    with pytest.raises(ValidationError, match="on its way"):
        releasing.release(application, reason=REASON, by=officer)
    application.refresh_from_db()
    assert application.state == "paid"


def test_a_card_that_becomes_a_transfer_is_asked_for_what_waits(site):
    offer = site.offer()
    first = submit(offer, 900_00, **address_of("ann@example.org"))
    other = submit(offer, 500_00, method="card", **address_of("ann+2@example.org"))
    page = f"/a/{other.token}/another-way/"
    answer = site.client.post(page, {"method": "bank-transfer"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "applications from this e-mail address may keep £1,000 in all" in text
    other.refresh_from_db()
    assert (other.method, other.pay_by_at < first.pay_by_at) == ("card", True)
    receipts.take(first, amount_pence=900_00, method="bank-transfer")
    assert another_way.choose(other, "bank-transfer").method == "bank-transfer"


def address_of(email: str) -> dict:
    who = applicant(person(email=email))
    return {"by_whom": who, "details": applications.Details(name="Ann", address="", email=email)}
