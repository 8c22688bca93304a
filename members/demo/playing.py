"""Playing an invented offer on a movable clock, event by event, through the verbs that the site itself uses."""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from common import clock
from members.demo.planning import Plan
from offers import applications
from offers.choices import BY_HAND, ApplicationState, Method
from offers.models import Application, ShareOffer
from payments import by_hand, cancellations, checkout, paper_money, receipts
from payments.choices import PaidHow, RefundState
from payments.models import CheckoutAttempt, Refund

INSTANT = timedelta(microseconds=1)
PAID_BACK_AFTER = timedelta(days=4)
BACK = "http://localhost/"  # where Stripe's page would lead; nobody follows it
Progress = Callable[[str, int, int], None]


class Player:
    """Plays plans up to `until`. `cards` is a fake Stripe for card payments, or None: then they just arrive."""

    def __init__(self, offer: ShareOffer, *, officers: dict, move: Callable, until: datetime, cards=None):
        self.offer, self.move, self.until, self.cards = offer, move, until, cards
        self.treasurer, self.secretary = officers["treasurer"], officers["secretary"]
        self.events: list[tuple] = []
        self.order = itertools.count()

    def play(self, plans: list[Plan], progress: Progress) -> None:
        """Everything that these plans bring about by `until`, in order of time."""
        for number, plan in enumerate(plans):
            self._at(plan.applies_at, self._apply, plan, uuid.uuid5(self.offer.pk, f"plan {number}"))
        done = 0
        while self.events and self.events[0][0] < self.until:
            moment, _order, act, arguments = heapq.heappop(self.events)
            self._set(moment)
            act(*arguments)
            if act == self._apply:
                done += 1
                progress(self.offer.title, done, len(plans))

    def _at(self, moment: datetime, act: Callable, *arguments) -> None:
        heapq.heappush(self.events, (moment, next(self.order), act, arguments))

    def _set(self, moment: datetime) -> None:
        self.move(moment)
        if self.cards:
            self.cards.set_now(int(moment.timestamp()))

    def _apply(self, plan: Plan, submission: uuid.UUID) -> None:
        application = applications.submit(
            self.offer,
            applicant=plan.who.applicant,
            details=plan.who.details(),
            amount_pence=plan.amount_pence,
            accept_less=False,
            method=plan.method,
            submission=submission,
        )
        lapses_at = application.pay_by_at + INSTANT
        if plan.short_pence or plan.pays_at is None or plan.pays_at >= lapses_at:
            self._at(lapses_at, applications.lapse, application)
        if plan.pays_at:
            self._at(plan.pays_at, self._pay, application, plan)
        if plan.cancels_at:
            self._at(plan.cancels_at, self._cancel, application)

    def _pay(self, application: Application, plan: Plan) -> None:
        if plan.method == Method.CARD and self.cards:
            checkout.start(application, success_url=BACK, cancel_url=BACK)
            attempt = CheckoutAttempt.objects.get(society_id=application.society_id, application=application)
            self.cards.pay(attempt.session_id)
            checkout.sync(attempt)
            return
        if plan.waits_for_second:
            self._record_cheque(application)
            return
        by = None if plan.method == Method.CARD else self.treasurer
        note = "" if by is None else f"Statement of {clock.today():%d %B %Y}"
        amount_pence = application.due_pence - plan.short_pence
        another = self.secretary if plan.method in BY_HAND else None
        receipts.take(
            application, amount_pence=amount_pence, method=plan.method, by=by, confirmed_by=another, note=note
        )

    def _record_cheque(self, application: Application) -> None:
        paper_money.record(
            application,
            amount_pence=application.due_pence,
            method=Method.CHEQUE,
            received_on=clock.today(),
            note="Cheque 000417, by post",
            by=self.secretary,
        )

    def _cancel(self, application: Application) -> None:
        application.refresh_from_db()
        if application.state == ApplicationState.PAID:
            cancellations.cancel(application)
            self._at(clock.now() + PAID_BACK_AFTER, self._pay_back, application)

    def _pay_back(self, application: Application) -> None:
        """The treasurer pays back by bank what did not come through Stripe."""
        owed = Refund.objects.filter(society_id=application.society_id, application=application, state=RefundState.DUE)
        for refund in owed.filter(receipt__attempt=None):
            by_hand.prepare(refund, how=PaidHow.TRANSFER, note=f"Transfer of {clock.today():%d %B}", by=self.treasurer)
            by_hand.approve(refund, by=self.secretary)
