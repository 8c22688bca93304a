"""Exceptions and the comparison with Stripe on the desk: listed with owner and age, taken, resolved, told to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from offers.choices import OfficerRole
from payments import clearing, suspense
from payments.models import Reconciliation, StripeAccount, SuspenseItem
from tests import factories

pytestmark = pytest.mark.django_db
CHARGE = "ch_1"


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def treasurer(society, client):
    user = factories.make_officer(society, OfficerRole.TREASURER)
    client.force_login(user)
    return user


@pytest.fixture
def item(society):
    with clock.stopped(clock.now() - timedelta(days=3, hours=1)):
        suspense.open_item("no-application", CHARGE, society_id=society.pk, amount_pence=70_00, payment_intent="pi_1")
        lines = {"stripe": 70_00, "in-transit": -70_00}
        clearing.write(society.pk, "txn_1", "charge", lines, source=CHARGE, happened_at=clock.now())
    return SuspenseItem.objects.get()


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def desk(society, *parts: str) -> str:
    return "/".join([f"/office/{society.slug}", *parts]) + "/"


def test_nothing_open_is_said_so(client, society, treasurer):
    said = page(client, desk(society, "money", "stripe"))
    assert "Nothing. All money has its place." in said
    assert "Not compared yet" in said


def test_what_is_open_is_shown_with_its_figure_age_and_owner(client, society, treasurer, item):
    said = page(client, desk(society, "money", "stripe"))
    assert "Money at Stripe that belongs to no application" in said
    assert "3 days old" in said
    assert "nobody has taken it yet" in said
    assert "−£70" in said
    assert "1 sum" in said
    todo = page(client, desk(society))
    assert "Look into 1 exception at Stripe" in todo
    assert "The oldest is 3 days old." in todo
    assert "1 to look into" in page(client, desk(society, "money"))


def test_it_is_taken_and_resolved_in_words(client, society, treasurer, item):
    here = desk(society, "money", "exceptions", str(item.pk))
    assert "names no application of ours" in page(client, here)
    assert client.post(here, {"act": "take"}).status_code == 302
    assert f"{treasurer}, since" in page(client, here)
    refused = client.post(here, {"words": ""})
    assert "Say what was done about it." in refused.content.decode()
    assert client.post(here, {"words": "Hall hire, paid here by mistake."}).status_code == 302
    item.refresh_from_db()
    assert (item.resolution, item.resolved_by, item.taken_by) == (
        "Hall hire, paid here by mistake.", treasurer, treasurer
    )  # fmt: skip
    assert "Resolve it" not in page(client, here)
    assert client.post(here, {"words": "Again."}).status_code == 302  # and says that it was resolved already
    item.refresh_from_db()
    assert item.resolution == "Hall hire, paid here by mistake."
    assert "Nothing. All money has its place." in page(client, desk(society, "money", "stripe"))


def test_whoever_only_looks_may_not_decide(client, society, item):
    client.force_login(factories.make_officer(society, OfficerRole.BOARD))
    here = desk(society, "money", "exceptions", str(item.pk))
    assert "Resolve it" not in page(client, here)
    assert client.post(here, {"words": "Done."}).status_code == 403


def test_an_exception_of_another_society_is_not_there(client, society, treasurer):
    suspense.open_item("no-application", "ch_9", society_id=factories.make_society().pk)
    other = SuspenseItem.objects.get(subject="ch_9")
    assert client.get(desk(society, "money", "exceptions", str(other.pk))).status_code == 404


def compared(society, *differences: str, days_ago: int = 0) -> None:
    at = clock.now() - timedelta(days=days_ago)
    StripeAccount.objects.filter(account_id="acct_1").exists() or factories.connect(society, "acct_1")
    Reconciliation.objects.create(
        society=society, account_id="acct_1", began_at=at, ended_at=at, ledger_pence=1_00, stripe_pence=1_00,
        counts={"movements": 4}, differences=list(differences),
    )  # fmt: skip


def test_the_last_comparison_is_shown_and_a_difference_is_to_be_done(client, society, treasurer):
    compared(society, days_ago=1)
    assert "the books are Stripe’s to the penny" in page(client, desk(society, "money", "stripe"))
    assert "differ from Stripe" not in page(client, desk(society))
    compared(society, "Refund re_1 is done here, and Stripe does not list it.")
    assert "Refund re_1 is done here" in page(client, desk(society, "money", "stripe"))
    assert "The books differ from Stripe" in page(client, desk(society))


def test_a_comparison_that_was_not_made_for_two_days_is_to_be_done(client, society, treasurer):
    compared(society, days_ago=3)
    assert "The books were not compared with Stripe" in page(client, desk(society))


def test_the_staff_of_the_site_take_what_belongs_to_no_society(client, item):
    suspense.open_item("unknown-account", "acct_x", society_id=None, account_id="acct_x")
    mine = SuspenseItem.objects.get(kind="unknown-account")
    staff = factories.make_user(is_staff=True, is_superuser=True)
    client.force_login(staff)
    listing = "/admin/payments/suspenseitem/"
    assert client.get(listing).status_code == 200
    for act in ("take", "resolve"):
        chosen = [str(mine.pk), str(item.pk)]
        assert client.post(listing, {"action": act, "_selected_action": chosen}).status_code == 302
    mine.refresh_from_db()
    item.refresh_from_db()
    assert (mine.taken_by, mine.resolved_by, item.taken_by) == (staff, staff, None)
