"""Stolen cards tried out on the payment page: counted for everybody who could be behind them, and stopped."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from common import clock, shared_cache
from common.models import SharedValue
from members import books
from offers import applications
from payments import another_way, card_testing, checkout, gateway, promises, receipts, webhooks
from payments.card_testing import MOST, TooManyTries, Visitor
from payments.models import CheckoutAttempt, Promise, StripeEvent, StripeEventTurn, SuspenseItem
from tests.concurrency.threads import at_once
from tests.factories import applicant, connect, make_offer, make_officer, make_user, person, submit
from tests.payments.conftest import ACCOUNT, kinds

pytestmark = pytest.mark.django_db
BACK = {"success_url": "http://localhost:8000/", "cancel_url": "http://localhost:8000/"}
HERE, THERE = (Visitor.of(computer=address) for address in ("192.0.2.1", "198.51.100.7"))


def applied(site, offer=None, *, email: str = "", amount_pence: int = 100_00, **fields):
    """Somebody who shall pay by card."""
    who = applicant(person(**({"email": email} if email else {})))
    details = applications.Details(name="Ann", address="", email=who.parties[0].email)
    offer = offer or site.offer()
    return submit(offer, amount_pence, **{"method": "card", "by_whom": who, "details": details} | fields)


def open_page(site, application, visitor: Visitor = HERE) -> CheckoutAttempt:
    checkout.start(application, **BACK, visitor=visitor)
    return site.attempt(application)


def decline(site, application, visitor: Visitor = HERE, times: int = 1) -> None:
    """Cards that are declined one after another on the page, as long as it is open; and we hear of each."""
    for _ in range(times):
        attempt = open_page(site, application, visitor)
        site.fake.pay(attempt.session_id, "decline")
        site.deliver()


def refused(application, visitor: Visitor = HERE) -> str:
    with pytest.raises(TooManyTries) as refusal:
        checkout.start(application, **BACK, visitor=visitor)
    return refusal.value.messages[0]


class TestDeclined:
    def test_after_five_on_one_page_it_is_closed_and_none_is_opened_for_an_hour(self, site):
        application = applied(site)
        with site.at(clock.now()):
            begun = clock.now()
            decline(site, application, times=4)
            assert site.sessions()[0]["status"] == "open"
            decline(site, application)
            assert site.sessions()[0]["status"] == "expired"
            assert site.attempt(application).state == "expired"
            words = refused(application, THERE)
            assert "You have not been charged" in words
            assert "bank transfer" in words
        until = clock.london(begun + timedelta(hours=1))
        assert re.search(r"after (\S+)", words)[1] in (f"{until:%-I:%M}", f"{until:%H:%M}", f"{until:%-I}")
        assert another_way.choose(application, "bank-transfer").method == "bank-transfer"
        with site.at(begun + timedelta(hours=1, minutes=1)):
            assert card_testing.stopped_until(application) is None

    def test_whoever_mistypes_twice_pays(self, site):
        application = applied(site)
        decline(site, application, times=2)
        site.fake.pay(site.attempt(application).session_id)
        site.deliver()
        application.refresh_from_db()
        assert application.state == "paid"
        assert list(books.faults()) == []

    def test_an_event_that_comes_again_counts_once(self, site):
        application = applied(site)
        decline(site, application)
        event = StripeEvent.objects.get(type="payment_intent.payment_failed")
        attempt = site.attempt(application)
        for _ in range(10):
            assert not card_testing.declined(event.event_id, attempt)
        assert card_testing.stopped_until(application) is None

    def test_a_page_that_could_not_be_closed_is_not_shown_again(self, site):
        application = applied(site)
        decline(site, application, times=4)
        attempt = site.attempt(application)
        site.fake.pay(attempt.session_id, "decline")
        site.away("POST", f"^/v1/checkout/sessions/{attempt.session_id}/expire$")
        site.deliver()
        attempt.refresh_from_db()
        assert attempt.state == "open"
        refused(application)

    def test_one_e_mail_address_in_all_its_spellings(self, site):
        offer = site.offer()
        for number in range(4):
            decline(site, applied(site, offer, email=f"Ann+{number}@example.org"), Visitor(), times=2)
        refused(applied(site, offer, email="ANN@example.org"), THERE)
        assert open_page(site, applied(site, offer, email="bea@example.org"), THERE)

    def test_one_computer_under_any_name(self, site):
        offer = site.offer()
        for _ in range(5):
            decline(site, applied(site, offer), HERE, times=4)
        refused(applied(site, offer), HERE)
        assert open_page(site, applied(site, offer), THERE)

    def test_one_account_from_any_computer(self, site):
        offer, user = site.offer(), make_user()
        visitors = [Visitor.of(computer=f"192.0.2.{number}", account_id=user.pk) for number in range(3)]
        for visitor in visitors[:2]:
            decline(site, applied(site, offer), visitor, times=4)
        refused(applied(site, offer), visitors[2])

    def test_a_debit_that_bounces_days_later_is_no_try(self, site):
        application = applied(site, amount_pence=3_000_00, method="direct-debit")
        site.paid(application, "pm_bacsDebit_fail")
        site.deliver()
        site.fake.advance(10 * 86_400)
        site.deliver()
        assert site.attempt(application).state == "failed"
        assert not SharedValue.objects.exists()


class TestPromises:
    def test_a_page_that_keeps_cards_is_closed_too(self, site):
        application = applied(site, site.offer(collection="at-close"))
        promises.start(application, **BACK, visitor=HERE)
        promise = Promise.objects.get()
        for _ in range(5):
            site.fake.pay(promise.session_id, "decline")
            site.deliver()
        promise.refresh_from_db()
        assert promise.state == "expired"
        assert site.sessions()[0]["status"] == "expired"
        with pytest.raises(TooManyTries):
            promises.start(application, **BACK, visitor=THERE)

    def test_another_societys_event_about_it_counts_for_nothing(self, site):
        site.elsewhere()
        application = applied(site, site.offer(collection="at-close"))
        promises.start(application, **BACK, visitor=HERE)
        site.fake.pay(Promise.objects.get().session_id, "decline")
        site.deliver()
        event = StripeEvent.objects.get(type="setup_intent.setup_failed")
        forged = StripeEvent.objects.create(
            event_id="evt_forged", type=event.type, account_id="acct_elsewhere", object_id=event.object_id,
            received_at=clock.now(),
        )  # fmt: skip
        StripeEventTurn.objects.create(event=forged, next_try_at=clock.now())
        webhooks.work_through()
        assert forged.outcome.outcome == "the account has no such object"


class TestPages:
    def test_a_sixth_page_is_the_last_of_an_application_in_an_hour(self, site):
        application = applied(site)
        for _ in range(MOST["application"].pages):
            attempt = open_page(site, application)
            assert open_page(site, application) == attempt  # shown again, it is the same page
            checkout.apply(attempt, gateway.close_session(account=ACCOUNT, session=attempt.session_id))
        refused(application, THERE)
        assert CheckoutAttempt.objects.count() == MOST["application"].pages

    def test_a_computer_opens_sixty_and_a_refused_one_leaves_nothing(self, site):
        offer = site.offer()
        for _ in range(MOST["computer"].pages):
            application = applied(site, offer)
            card_testing.count_page(application, HERE, page_of(application))
        application = applied(site, offer)
        refused(application, HERE)
        assert not CheckoutAttempt.objects.exists()
        assert open_page(site, application, THERE)

    def test_other_ways_of_paying_are_not_counted(self, site):
        application = applied(site, amount_pence=500_00, method="pay-by-bank")
        for _ in range(MOST["application"].pages + 2):
            attempt = open_page(site, application)
            checkout.apply(attempt, gateway.close_session(account=ACCOUNT, session=attempt.session_id))
        assert not SharedValue.objects.exists()


def page_of(application) -> CheckoutAttempt:
    """A page for an application, without asking Stripe."""
    return CheckoutAttempt(application=application, society_id=application.society_id, account_id=ACCOUNT)


class TestSociety:
    def attack(self, offer, number: int) -> None:
        """So many cards declined, each of another application, e-mail address and computer."""
        for _ in range(number):
            application = submit(offer, 100_00, method="card")
            card_testing.declined(f"evt_{application.pk}", page_of(application))

    def test_thirty_declined_cards_pause_it_and_the_treasurer_is_told_once_a_day(self, site):
        offer = site.offer(maximum_pence=20_000_00, optimum_pence=20_000_00)
        begun = clock.now()
        with site.at(begun):
            self.attack(offer, 29)
            assert open_page(site, applied(site, offer))
            self.attack(offer, 3)
            words = refused(applied(site, offer), THERE)
            assert "to this society are paused" in words
            assert "by bank transfer" in words
            item = SuspenseItem.objects.get()
            assert (item.kind, item.society_id, item.facts) == (
                "card-testing", offer.society_id, {"declined": 30, "paid": 0}
            )  # fmt: skip
            assert item.subject == clock.today().isoformat()
        with site.at(begun + timedelta(minutes=61)):
            assert open_page(site, applied(site, offer), THERE)

    def test_on_a_busy_day_on_which_more_pay_nothing_is_paused(self, site):
        offer = site.offer(maximum_pence=20_000_00, optimum_pence=20_000_00)
        for _ in range(31):
            application = submit(offer, 100_00, method="card")
            attempt = page_of(application)
            attempt.number, attempt.amount_pence, attempt.idempotency_key = 1, 100_00, str(application.pk)
            attempt.created_at = attempt.expires_at = clock.now()
            attempt.save()
            receipts.take(application, amount_pence=100_00, method="card", attempt=attempt)
        self.attack(offer, 31)
        assert kinds() == []
        assert open_page(site, applied(site, offer), THERE)
        self.attack(offer, 1)
        assert kinds() == ["card-testing"]
        refused(applied(site, offer), THERE)

    def test_another_society_goes_on(self, site):
        offer = site.offer(maximum_pence=20_000_00, optimum_pence=20_000_00)
        self.attack(make_offer(maximum_pence=20_000_00, optimum_pence=20_000_00), 30)
        assert open_page(site, applied(site, offer))


class TestWhatIsKept:
    def test_nobodys_name_stands_in_counts_notes_or_logs_and_all_of_it_is_deleted(self, site):
        application = applied(site, email="ann.lark@example.org")
        with capture_logs() as said:
            decline(site, application, times=5)
        kept = " ".join(f"{row.key} {row.value}" for row in SharedValue.objects.all())
        for text in (kept, str(said)):
            assert not [word for word in ("ann", "lark", "example.org", "192.0.2") if word in text.lower()]
        closed = [line for line in said if line["event"] == "the payment page is closed"]
        assert closed[0]["application"] == str(application.pk)
        with clock.stopped(clock.now() + shared_cache.LONGEST):
            shared_cache.forget_over()
        assert not SharedValue.objects.exists()


class TestDoors:
    def pay(self, site, application, **extra):
        return site.client.post(f"/a/{application.token}/pay/", **extra)

    def test_the_page_says_until_when_and_offers_a_transfer(self, site):
        application = applied(site)
        decline(site, application, times=5)
        answer = self.pay(site, application)
        assert answer["Location"] == f"/a/{application.token}/"
        text = site.client.get(f"/a/{application.token}/").content.decode()
        assert "There have been too many tries to pay by card" in text
        assert "You have not been charged." in text
        assert f"/a/{application.token}/another-way/" in text
        assert f"/a/{application.token}/pay/" not in text
        assert "Bank transfer" in site.client.get(f"/a/{application.token}/another-way/").content.decode()

    def test_the_address_of_a_computer_is_not_what_the_visitor_writes(self, site):
        offer = site.offer()
        for number in range(20):
            application = applied(site, offer)
            headers = {"X-Forwarded-For": f"203.0.113.{number}"}
            page = self.pay(site, application, headers=headers, REMOTE_ADDR="192.0.2.1")["Location"]
            site.fake.pay(page.rpartition("/")[2].partition("?")[0], "decline")
            site.deliver()
        refused(applied(site, offer), HERE)

    def test_behind_a_proxy_of_ours_it_is_what_the_proxy_says(self, site, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        offer = site.offer()
        for _ in range(20):
            application = applied(site, offer)
            headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}  # the last one is the proxy's own
            page = self.pay(site, application, headers=headers, REMOTE_ADDR="127.0.0.1")["Location"]
            site.fake.pay(page.rpartition("/")[2].partition("?")[0], "decline")
            site.deliver()
        refused(applied(site, offer), THERE)
        assert open_page(site, applied(site, offer), Visitor.of(computer="203.0.113.9"))

    def test_the_treasurer_sees_the_pause_and_what_it_is(self, site, client):
        offer = site.offer(maximum_pence=20_000_00, optimum_pence=20_000_00)
        TestSociety().attack(offer, 30)
        client.force_login(make_officer(offer.society, "treasurer"))
        desk = f"/office/{offer.society.slug}/"
        assert "Card payments are paused until" in client.get(desk).content.decode()
        item = SuspenseItem.objects.get()
        text = client.get(f"{desk}money/exceptions/{item.pk}/").content.decode()
        assert "Somebody tries out cards on the payment page" in text
        assert "probably trying out stolen cards" in text
        assert "Cards declined within an hour" in text
        client.post(f"{desk}money/exceptions/{item.pk}/", {"words": "Two payments paid back."})
        item.refresh_from_db()
        assert item.resolution == "Two payments paid back."


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_many_pages_at_once_no_more_are_opened_than_may_be(self):
        offer = make_offer()
        connect(offer.society, ACCOUNT)
        rows = [submit(offer, 100_00, method="card") for _ in range(20)]
        same = Visitor.of(computer="192.0.2.1", account_id="one")
        done = at_once(*(partial(card_testing.count_page, row, same, page_of(row)) for row in rows))
        assert sum(row is None for row in done) == MOST["account"].pages
        assert all(isinstance(row, TooManyTries) for row in done if row is not None)

    def test_of_many_declined_cards_at_once_none_is_lost(self):
        application = submit(make_offer(), 100_00, method="card")
        page = page_of(application)
        done = at_once(*(partial(card_testing.declined, f"evt_{number}", page) for number in range(20)))
        assert sorted(map(bool, done)) == [False] * 4 + [True] * 16
        assert card_testing.stopped_until(application)
