"""An officer connects the society's account at Stripe, sees what it costs, and switches cards on and off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.models import AuditEvent
from offers.choices import OfficerRole
from payments import accounts, ways
from payments.models import CheckoutAttempt, StripeAccount
from tests import factories
from tests.payments.conftest import ACCOUNT, fake, site  # noqa: F401  fixtures
from tests.payments.fakestripe.conftest import browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def society(site):  # noqa: F811
    site.fake.world.onboarding = True
    return factories.make_society()


@pytest.fixture
def desk(client, society):
    client.force_login(factories.make_officer(society, OfficerRole.TREASURER))
    return f"/office/{society.slug}/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_from_the_first_look_to_ready(client, society, desk):
    page = text(client.get(f"{desk}cards/"))
    assert "Make the account at Stripe" in page
    assert "Cannot start yet" in page
    stripe = client.post(f"{desk}cards/", {"act": "questions"})["Location"]
    back = browse(stripe, {}).location
    assert back.endswith(f"/office/{society.slug}/cards/back/")
    page = text(client.get(f"{desk}cards/back/", follow=True))
    assert "The account is ready" in page
    assert "Make the account at Stripe" not in page
    account = accounts.serving(society.pk)
    assert accounts.latest_check(account).is_ready
    assert AuditEvent.objects.filter(act="stripe.payouts-manual").count() == 1


def test_back_before_stripe_has_made_up_its_mind(client, society, desk):
    client.post(f"{desk}cards/", {"act": "questions"})
    page = text(client.get(f"{desk}cards/back/", follow=True))
    assert "Stripe is still looking" in page
    assert "Go on with Stripe’s questions" in page
    again = client.get(f"{desk}cards/again/")["Location"]
    assert "/onboard/" in again


def test_a_schedule_that_is_wrong_is_said_and_mended_at_a_button(client, society, desk, site):  # noqa: F811
    offer = factories.make_offer(society)
    factories.connect(society, ACCOUNT)
    assert "are stopped" not in text(client.get(desk))
    client.post(f"{desk}cards/", {"act": "look"})
    todo = text(client.get(desk))
    assert "Card payments of “The shop” are stopped" in todo
    assert "by itself (daily)" in todo
    assert "Stop payouts by Stripe itself" in text(client.get(f"{desk}cards/"))
    assert "New payments at Stripe are stopped" in text(client.get(f"{desk}offers/{offer.slug}/payments/"))
    client.post(f"{desk}cards/", {"act": "manual"})
    assert "are stopped" not in text(client.get(desk))


def test_stripe_being_away_is_said_and_nothing_is_lost(client, society, desk, site):  # noqa: F811
    for address in ("POST", "^/v2/core/accounts$"), ("POST", "^/v2/core/account_links$"):
        site.away(*address)
    for _ in range(2):
        assert "could not reach Stripe" in text(client.post(f"{desk}cards/", {"act": "questions"}, follow=True))
    assert StripeAccount.objects.get(society=society).account_id


def test_an_account_that_left_is_said(client, society, desk, site):  # noqa: F811
    factories.connect(society, ACCOUNT)
    del site.fake.world.store.accounts[ACCOUNT]
    page = text(client.post(f"{desk}cards/", {"act": "look"}, follow=True))
    assert "has left this site" in page
    assert "Make the account at Stripe" in page


def test_the_costs_say_their_day_and_source_and_the_buyer_pays_none(client, society, desk):
    page = text(client.get(f"{desk}cards/costs/"))
    for words in (
        "22 November 2026",
        "1.5 % + £0.20",
        "Ask Stripe",
        "90 days",
        "pays the sum of the shares and nothing",
    ):
        assert words in page
    assert "What Stripe has agreed to" not in page  # there is no account to write it down for
    account = factories.connect(society, ACCOUNT)
    wrong = text(client.post(f"{desk}cards/costs/", {"debit_pence": "much"}))
    assert "There is a problem" in wrong
    client.post(f"{desk}cards/costs/", {"debit_pence": "50,000", "pay_by_bank_pence": ""})
    account.refresh_from_db()
    assert ways.raised(account) == {"direct-debit": 50_000_00}
    assert "£50,000" in text(client.get(f"{desk}cards/costs/"))


def test_the_letter_is_ready_to_send_and_the_answer_is_written_down(client, society, desk):
    page = text(client.get(f"{desk}cards/letter/"))
    assert society.register_number in page
    assert "merchant category code" in page
    factories.connect(society, ACCOUNT)
    tomorrow = clock.today() + timedelta(days=1)
    late = {f"answered_on_{part}": str(getattr(tomorrow, part)) for part in ("day", "month", "year")}
    assert "There is a problem" in text(client.post(f"{desk}cards/letter/", late))
    today = {f"answered_on_{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}
    assert client.post(f"{desk}cards/letter/", today).status_code == 302
    assert "Answered on" in text(client.get(f"{desk}cards/"))


def test_an_offers_page_has_the_cost_of_refunding_everybody(client, desk, society, site):  # noqa: F811
    offer = factories.make_offer(society, minimum_pence=5_000_00)
    factories.connect(society, ACCOUNT)
    page = text(client.get(f"{desk}offers/{offer.slug}/payments/"))
    assert "No payment at Stripe yet" in page
    assert "£4,999 by 50 debit cards of £100: <strong>£84.99</strong>" in page
    site.paid(site.applied(offer=offer))
    site.deliver()
    page = text(client.get(f"{desk}offers/{offer.slug}/payments/"))
    assert "1 payment, £500: <strong>£7.70</strong>" in page
    assert "£4,999 by 10 debit cards of £500" in page


def test_cards_are_switched_off_and_on_without_a_deploy(client, desk, society, site):  # noqa: F811
    offer = factories.make_offer(society)
    factories.connect(society, ACCOUNT)
    where = f"{desk}offers/{offer.slug}/payments/"
    client.post(where, {})
    assert "An officer has switched them off" in text(client.get(where))
    assert "are stopped" not in text(client.get(desk))  # a choice is no fault
    client.post(where, {"cards": "on"})
    assert "This offer takes payments at Stripe." in text(client.get(where))
    long = factories.make_offer(society, closes_on=clock.today() + timedelta(days=90), cards_accepted=False)
    assert "104 days" in text(client.post(f"{desk}offers/{long.slug}/payments/", {"cards": "on"}))


def test_publishing_refuses_an_offer_that_is_too_long_for_cards(client, society, desk, site):  # noqa: F811
    factories.connect(society, ACCOUNT)
    draft = factories.make_draft(society, closes_on=clock.today() + timedelta(days=90))
    page = text(client.get(f"{desk}offers/{draft.slug}/publish/"))
    assert "PAY-1" in page
    assert "104 days" in page
    assert "cannot be published yet" in page
    assert "104 days" in text(client.post(f"{desk}offers/{draft.slug}/publish/", {"act": "prepare"}, follow=True))


def test_publishing_asks_stripe_anew(client, society, desk, site):  # noqa: F811
    factories.connect(society, ACCOUNT)
    draft = factories.make_draft(society)
    client.post(f"{desk}offers/{draft.slug}/publish/", {"act": "prepare"})
    page = text(client.get(f"{desk}offers/{draft.slug}/publish/"))
    assert "Card payments stay off until this is mended" in page
    assert "Think again" in page


def test_a_credit_card_that_passed_is_an_exception_until_somebody_has_looked(client, desk, society, site):  # noqa: F811
    factories.connect(society, ACCOUNT)
    application = site.applied(offer=factories.make_offer(society))
    attempt = site.start(application)
    site.fake.world.store.change(site.sessions()[0], _blocked=[])  # as a wallet might pass it by
    site.fake.pay(attempt.session_id, "pm_card_visa")
    site.deliver()
    assert "1 payment came by credit card" in text(client.get(desk))
    assert application.name in text(client.get(f"{desk}money/"))
    client.post(f"{desk}money/credit/{attempt.pk}/seen/")
    attempt.refresh_from_db()
    assert (attempt.funding, attempt.credit_seen_by.offices.get().society) == ("credit", society)
    assert "credit card" not in text(client.get(desk))
    other = site.applied(offer=application.offer)
    debit = CheckoutAttempt.objects.get(pk=site.paid(other).pk)
    assert client.post(f"{desk}money/credit/{debit.pk}/seen/").status_code == 404


def test_only_whoever_keeps_the_money_acts(client, society, site):  # noqa: F811
    client.force_login(factories.make_officer(society, OfficerRole.BOARD))
    desk = f"/office/{society.slug}/"
    assert client.post(f"{desk}cards/", {"act": "questions"}).status_code == 403
    assert client.get(f"{desk}cards/back/").status_code == 404
    assert "Make the account" not in text(client.get(f"{desk}cards/")).replace("Make the society’s own account", "")
