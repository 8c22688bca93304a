"""Several workers and several words of the same money at one moment: each event once, each penny once."""

from __future__ import annotations

from unittest import mock

import pytest

from common import clock
from payments import checkout, gateway, reactions, receipts, settling, suspense, webhooks
from payments.models import Posting, Receipt, Refund, StripeEventOutcome, StripeEventTurn, SuspenseItem
from tests.concurrency.threads import Meeting, at_once
from tests.factories import make_user
from tests.payments.conftest import ACCOUNT, fake, paid, site  # noqa: F401 fixtures of the site beside a fake Stripe

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def store(count: int = 1) -> None:
    for number in range(count):
        webhooks.store(gateway.Event(f"evt_{number}", "charge.succeeded", ACCOUNT, f"ch_{number}", False))


def test_two_workers_never_look_into_the_same_event():
    store()
    meeting = Meeting()

    def slow(event):
        meeting()
        return "looked"

    with mock.patch.object(reactions, "look_into", slow):
        done = at_once(webhooks.work_through, webhooks.work_through)
    assert (sorted(done), meeting.met) == ([0, 1], False)
    assert (StripeEventOutcome.objects.count(), StripeEventTurn.objects.get().tries) == (1, 1)


def test_the_control_without_the_claim_both_look():
    store()
    meeting = Meeting(2)

    def slow(event):
        meeting()
        return "looked"

    def unclaimed():
        turn = StripeEventTurn.objects.select_related("event").get()
        return webhooks._take_turn(turn)

    with mock.patch.object(reactions, "look_into", slow):
        at_once(unclaimed, unclaimed)
    assert meeting.met


def test_two_workers_share_the_events():
    store(20)
    with mock.patch.object(reactions, "look_into", return_value="looked"):
        done = at_once(webhooks.work_through, webhooks.work_through)
    assert (sum(done), StripeEventOutcome.objects.count()) == (20, 20)


def test_the_same_event_at_both_doors_is_kept_once():
    event = gateway.Event("evt_x", "charge.succeeded", ACCOUNT, "ch_x", False)
    assert sorted(at_once(lambda: webhooks.store(event), lambda: webhooks.store(event))) == [False, True]
    assert StripeEventTurn.objects.count() == 1


def test_the_return_page_and_the_worker_count_the_money_once(site):  # noqa: F811
    application = site.applied()
    attempt = site.paid(application)
    meeting, take = Meeting(1), receipts.take

    def meet_and_take(*args, **kwargs):
        meeting()
        return take(*args, **kwargs)

    with mock.patch.object(receipts, "take", meet_and_take):
        found = at_once(lambda: checkout.sync(attempt), lambda: checkout.sync(attempt))
    assert meeting.met
    assert [row.state for row in found] == ["succeeded", "succeeded"]
    assert Receipt.objects.count() == 1
    assert Posting.objects.filter(account="in-transit").count() == 1


def test_two_officers_resolve_an_exception_once(site, paid):  # noqa: F811
    site.refund_in_dashboard(site.charges()[0])
    site.deliver()
    item, officers = SuspenseItem.objects.get(), [make_user(), make_user()]
    end, meeting = suspense.end, Meeting()

    def meet_and_end(*args, **kwargs):
        meeting()
        return end(*args, **kwargs)

    with mock.patch.object(suspense, "end", meet_and_end):
        found = at_once(*(lambda by=by: settling.resolve(item, "Asked for.", by=by) for by in officers))
    assert (meeting.met, sum(isinstance(one, Exception) for one in found)) == (False, 1)
    assert Refund.objects.count() == 1
    assert clock.now() >= SuspenseItem.objects.get().resolved_at
