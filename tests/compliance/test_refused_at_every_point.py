"""A rule that raises at any point where it is asked: refused, nothing written, nothing charged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.models import AuditEvent, OutgoingMail
from compliance.answers import RuleBroken
from compliance.catalogue import QUESTIONS
from compliance.models import Approval, Certificate, Decision, Override
from members import allotment, membership, register
from members.models import LedgerEntry, Member
from offers import applications, lifecycle
from offers.holders import PartyDetails
from offers.models import Application, Exposure, OfferVersion, Party, ShareClass, ShareOffer
from payments import checkout, receipts
from payments.models import CheckoutAttempt, Receipt, Refund
from tests.factories import (
    applicant,
    make_draft,
    make_offer,
    make_officer,
    make_society,
    make_user,
    paid,
    prepare,
    submit,
)

pytestmark = pytest.mark.django_db
WRITTEN = (
    Application, Approval, AuditEvent, Certificate, CheckoutAttempt, Decision, LedgerEntry, Member, OfferVersion,
    OutgoingMail, Override, Party, Receipt, Refund,
)  # fmt: skip


def counts() -> dict:
    """How many rows there are of everything that a verb writes, and the sums that it moves."""
    found = {model._meta.label: model.objects.count() for model in WRITTEN}
    found["exposures"] = sorted(Exposure.objects.values_list("held_pence", "live_pence"))
    found["offers"] = sorted(ShareOffer.objects.values_list("state", "taken_pence", "closes_on"))
    return found


@pytest.fixture
def broken(monkeypatch):
    """Let one question raise."""

    def let_it_raise(key: str) -> None:
        def raises(**facts):
            raise ZeroDivisionError(key)

        monkeypatch.setattr(QUESTIONS[key], "function", raises)

    return let_it_raise


def refused(act) -> list[str]:
    """The rules that a verb was refused by; what stands in the database is as it was."""
    before = counts()
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert counts() == before
    return [problem.rule for problem in refusal.value.problems]


AT_APPLICATION = [
    "eligibility.offer_open", "amounts.amount", "caps.statutory_cap", "caps.society_cap", "caps.percent_cap",
    "eligibility.admitted", "eligibility.old_enough", "amounts.cut_to_room", "unpaid.unpaid_room",
]  # fmt: skip


@pytest.mark.parametrize("key", AT_APPLICATION)
def test_no_application_is_taken(broken, key):
    offer = make_offer(max_percent=50)
    broken(key)
    assert refused(lambda: submit(offer)) == [QUESTIONS[key].rule]


def test_no_syndicate_is_taken(broken):
    offer = make_offer()
    broken("eligibility.syndicate_size")
    assert refused(lambda: submit(offer, by_whom=applicant(kind="syndicate", people=3))) == ["GRP-1"]


AT_PAYMENT = ["caps.statutory_cap", "caps.society_cap", "caps.percent_cap", "application_money.application_whole"]


@pytest.mark.parametrize("key", AT_PAYMENT)
def test_nobody_is_sent_to_the_payment_page(broken, key, monkeypatch):
    monkeypatch.setattr(checkout.ways, "why_no_cards", lambda offer: None)
    monkeypatch.setattr(checkout.ways, "usable", lambda offer, amount_pence: ["card"])
    monkeypatch.setattr(checkout.gateway, "open_session", lambda **_: pytest.fail("Stripe was asked to charge"))
    application = submit(make_offer(max_percent=50), method="card")
    broken(key)
    start = lambda: checkout.start(application, success_url="http://x/", cancel_url="http://x/")
    assert refused(start) == [QUESTIONS[key].rule]


@pytest.mark.parametrize("key", AT_PAYMENT)
def test_money_that_comes_all_the_same_buys_nothing_and_goes_back(broken, key):
    application = submit(make_offer(max_percent=50))
    broken(key)
    receipts.take(application, amount_pence=500_00, method="cheque")
    application.refresh_from_db()
    assert (application.state, application.paid_at) == ("lapsed", None)
    assert list(Refund.objects.values_list("amount_pence", "rule")) == [(500_00, QUESTIONS[key].rule)]
    assert Exposure.objects.get(party__interests__application=application).live_pence == 0


AT_REVIVAL = [
    "eligibility.offer_open",
    "amounts.amount",
    "caps.statutory_cap",
    "caps.society_cap",
    "amounts.cut_to_room",
]


@pytest.mark.parametrize("key", AT_REVIVAL)
def test_late_money_revives_nothing_and_goes_back(broken, key):
    application = submit(make_offer())
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
        broken(key)
        receipts.take(application, amount_pence=500_00, method="cheque")
    application.refresh_from_db()
    assert application.state == "lapsed"
    assert list(Refund.objects.values_list("amount_pence", "rule")) == [(500_00, QUESTIONS[key].rule)]


AT_ALLOTMENT = ["closing.minimum_reached", "caps.grown_within_the_law", "caps.society_cap", "closing.ratio_kept",
                "closing.allotted_in_full", "registers.row_complete"]  # fmt: skip


@pytest.mark.parametrize("key", AT_ALLOTMENT)
def test_nothing_is_allotted_and_nothing_refunded(broken, key):
    offer = make_offer(tiers=[{"code": "A", "postcodes": ["NR11"]}], ratio_tier="A", ratio_percent=50)
    paid(offer, 2_000_00)
    with clock.stopped(allotment.earliest(offer) + timedelta(microseconds=1)):
        ben = make_user()
        allotment.prepare(offer, by=make_user())
        allotment.approve(offer, by=ben)
        broken(key)
        assert refused(lambda: allotment.decide(offer, on=clock.today(), by=ben)) == [QUESTIONS[key].rule]
        if key != "registers.row_complete":
            assert refused(lambda: allotment.prepare(offer, by=make_user())) == [QUESTIONS[key].rule]


AT_PUBLICATION = [
    "publishing.offered_class", "publishing.enough_members", "publishing.offer_length", "publishing.targets_in_order",
    "publishing.nobody_connected", "publishing.not_concentrated", "publishing.cooling_off",
    "risk_wording.says_nothing_forbidden",
]  # fmt: skip


@pytest.mark.parametrize("key", AT_PUBLICATION)
def test_no_offer_is_published(broken, key):
    offer, ben = make_draft(), make_user()
    prepare(offer)
    lifecycle.approve_publication(offer, by=ben)
    broken(key)
    assert refused(lambda: lifecycle.publish(offer, by=ben, member_count=3)) == [QUESTIONS[key].rule]


def test_no_offer_opens_again(broken):
    offer = make_offer()
    broken("publishing.may_open_again")
    later = offer.closes_on + timedelta(days=3)
    extend = lambda: lifecycle.extend(offer, to=later, by=make_user(), reason="Because.")
    make_user()
    assert refused(extend) == ["OFF-1"]


AT_FOUNDING = ["publishing.enough_members", "caps.grown_within_the_law", "caps.society_cap", "registers.row_complete"]


@pytest.mark.parametrize("key", AT_FOUNDING)
def test_no_founders_are_entered(broken, key):
    society = make_society()
    founders = [PartyDetails(name=f"Another {n}", key=f"another {n}") for n in (1, 2, 3)]
    share_class = ShareClass.objects.get(society=society)
    broken(key)
    found = lambda: membership.found(society, founders, share_class=share_class, address="1 Lane", on=clock.today())
    assert refused(found) == [QUESTIONS[key].rule]


def test_two_founders_are_too_few():
    society = make_society()
    founders = [PartyDetails(name=f"Another {n}", key=f"another {n}") for n in (1, 2)]
    share_class = ShareClass.objects.get(society=society)
    found = lambda: membership.found(society, founders, share_class=share_class, address="1 Lane", on=clock.today())
    assert refused(found) == ["MEM-1"]


def test_no_founder_without_an_address_is_entered():
    society = make_society()
    founders = [PartyDetails(name=f"Another {n}", key=f"another {n}") for n in (1, 2, 3)]
    share_class = ShareClass.objects.get(society=society)
    found = lambda: membership.found(society, founders, share_class=share_class, address=" ", on=clock.today())
    assert refused(found) == ["REG-1"]


def test_nothing_is_cancelled(broken):
    application = paid(make_offer())
    broken("changes.may_cancel")
    assert refused(lambda: applications.cancel(application)) == ["CNL-1"]


def test_no_inspection_copy_is_given_out(broken):
    society = make_society()
    broken("registers.inspection_shows")
    assert refused(lambda: register.inspection_copy(society)) == ["REG-2"]


def test_a_column_that_nobody_opened_is_not_given_out(monkeypatch):
    from members.register import members_table

    society = make_society()
    opened, shares = members_table._opened, members_table._private(members_table.TOGETHER)[0]
    monkeypatch.setattr(members_table, "_opened", lambda *how: [*opened(*how), shares])
    assert refused(lambda: register.inspection_copy(society)) == ["REG-2"]


def test_officers_read_why_and_no_page_breaks(broken, client):
    """The pages that ask rules say that one could not be asked, and their buttons do nothing."""
    offer = make_offer()
    paid(offer, 2_000_00)
    draft = make_draft(offer.society)
    client.force_login(make_officer(offer.society))
    broken("publishing.offered_class")
    broken("closing.minimum_reached")
    desk = f"/office/{offer.society.slug}/offers/"
    page = client.get(f"{desk}{draft.slug}/publish/").content.decode()
    assert "We could not check rule TYP-1" in page
    client.post(f"{desk}{draft.slug}/publish/", {"act": "prepare"})
    assert not Approval.objects.filter(subject_id=draft.pk).exists()
    with clock.stopped(allotment.earliest(offer) + timedelta(microseconds=1)):
        assert "We could not check rule OFF-2" in client.get(f"{desk}{offer.slug}/decide/").content.decode()
        client.post(f"{desk}{offer.slug}/decide/", {"act": "prepare"})
        assert client.get(f"{desk}{offer.slug}/decide/minute.pdf").status_code == 302
    assert not Approval.objects.filter(subject_id=offer.pk, act="decide").exists()


def test_an_applicant_reads_why_at_the_amount(client):
    offer = make_offer()
    steps = f"/societies/{offer.society.slug}/offers/{offer.slug}/apply/"
    assert client.post(f"{steps}who/", {"kind": "person"}).status_code == 302
    for key in ("amounts.amount", "amounts.cut_to_room"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QUESTIONS[key], "function", lambda **facts: None)
            page = client.post(f"{steps}amount/", {"amount_pence": "500"})
        assert page.status_code == 200
        assert f"We could not check rule {QUESTIONS[key].rule}" in page.content.decode()
    assert client.get(f"{steps}name/").status_code == 302  # the amount is still to be answered
