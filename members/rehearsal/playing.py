"""Playing the events of a scenario on a movable clock. Whatever happens, happens through the site's own verbs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from common import clock
from compliance.answers import Answer, RuleBroken
from members import allotment
from members.allotment import Working
from members.rehearsal import setting_up
from members.rehearsal.events import FILE, Event
from members.rehearsal.faults import Fault, UnreadableScenario
from members.rehearsal.scenario import Scenario
from members.rehearsal.setting_up import Stage
from offers import applications, lifecycle
from offers.choices import BY_HAND, ApplicationState, HolderKind
from offers.holders import Applicant, PartyDetails, party_kind
from offers.models import Application
from payments import balances, cancellations, receipts

INSTANT = timedelta(microseconds=1)
Progress = Callable[[str, int, int], None]


@dataclass
class Line:
    """One `apply` line and what came of it."""

    event: Event
    application: Application | None = None
    refused: list[Answer] = field(default_factory=list)


@dataclass
class Played:
    """A rehearsal that has ended: the stage, every application line in the file's order, and the decision."""

    stage: Stage
    lines: list[Line]
    working: Working
    exceptions_pence: int
    ended_at: datetime


def play(scenario: Scenario, events: list[Event], *, progress: Progress = lambda *_: None) -> Played:
    """Play every event and the decision. UnreadableScenario where money comes for nothing that waits or lapsed."""
    begin = clock.day_begins_at(scenario.offer.opens_on) - timedelta(days=30)
    if events:
        begin = min(begin, clock.instant(events[0].wall) - timedelta(days=30))
    with clock.stopped(begin) as move:
        return _Play(setting_up.set_up(scenario), events, move).run(progress)


class _Play:
    """The clock, the stage and the lines so far."""

    def __init__(self, stage: Stage, events: list[Event], move: Callable):
        self.stage, self.events, self.move = stage, events, move
        self.lines: list[Line] = []
        self.of_applicant: dict[str, list[Line]] = {}
        self.waiting: dict[uuid.UUID, Application] = {}
        applies = [event for event in events if event.event == "apply"]
        self.known = {event.applicant: event for event in reversed(applies)}

    def run(self, progress: Progress) -> Played:
        for number, event in enumerate(self.events, start=1):
            self._advance(clock.instant(event.wall))
            getattr(self, "_" + event.event.replace("-", "_"))(event)
            progress("events", number, len(self.events))
        self._to_the_end()
        lapsed = Application.objects.filter(offer=self.stage.offer, state=ApplicationState.LAPSED).values_list("pk")
        held = balances.held_in_offer(self.stage.society.pk, self.stage.offer.pk)
        exceptions_pence = sum(held.get(pk, 0) for (pk,) in lapsed)
        return Played(self.stage, self.lines, self._decide(), exceptions_pence, clock.now())

    def _advance(self, moment) -> None:
        """Move the clock; what is unpaid lapses on the way, each in its own moment."""
        due = sorted((a for a in self.waiting.values() if a.pay_by_at < moment), key=lambda a: a.pay_by_at)
        for application in due:
            self.move(application.pay_by_at + INSTANT)
            applications.lapse(application)
            application.state = ApplicationState.LAPSED
            del self.waiting[application.pk]
        self.move(moment)

    def _apply(self, event: Event) -> None:
        line = Line(event)
        self.lines.append(line)
        self.of_applicant.setdefault(event.applicant, []).append(line)
        try:
            line.application = applications.submit(
                self.stage.offer,
                applicant=self._applicant(event),
                details=applications.Details(
                    name=event.name or event.applicant,
                    address=f"{event.applicant}, {event.postcode}".strip(", "),
                    postcode=event.postcode,
                    country=event.country[:2].upper(),
                ),
                amount_pence=event.amount_pence,
                accept_less=event.accept_less,
                method=event.method,
                submission=uuid.uuid5(uuid.NAMESPACE_OID, f"line {event.line}"),
            )
            self.waiting[line.application.pk] = line.application
        except RuleBroken as refusal:
            line.refused = refusal.problems

    def _applicant(self, event: Event) -> Applicant:
        role = {HolderKind.JOINT: "joint", HolderKind.CHILD: "adult"}.get(event.kind, "joint")
        first = self._party(event.applicant, "child" if event.kind == HolderKind.CHILD else "holder", event)
        others = tuple(self._party(name, role) for name in event.others if name != event.applicant)
        return Applicant(
            kind=event.kind, parties=(first, *others), people=event.people, key=f"holder {event.applicant}"
        )

    def _party(self, name: str, role: str, event: Event | None = None) -> PartyDetails:
        said = event or self.known.get(name)
        return PartyDetails(
            name=(said and said.name) or name,
            kind=party_kind(self.known[name].kind) if name in self.known else "person",
            role=role,
            born_on=event.born_on if event else None,
            key=f"party {name}",
        )

    def _pay(self, event: Event) -> None:
        application = self._payable(event)
        amount_pence = event.amount_pence
        if amount_pence is None:
            amount_pence = application.due_pence - balances.held_pence(application)
        if amount_pence <= 0:
            return  # nothing is still due, so nothing arrives
        method = event.method or application.method
        both = {"by": self.stage.treasurer, "confirmed_by": self.stage.secretary} if method in BY_HAND else {}
        receipt = receipts.take(application, amount_pence=amount_pence, method=method, **both)
        application.state = receipt.application.state
        if application.state != ApplicationState.AWAITING_PAYMENT:
            self.waiting.pop(application.pk, None)

    def _payable(self, event: Event) -> Application:
        """The applicant's newest application that waits for money, else the newest that lapsed."""
        for state in (ApplicationState.AWAITING_PAYMENT, ApplicationState.LAPSED):
            for application in reversed(self._applications_of(event)):
                if application.state == state:
                    return application
        wrong = f"applicant: {event.applicant} has no application that waits for money or has lapsed"
        raise UnreadableScenario(
            [Fault(FILE, event.line, 3, wrong, "take the line out, or let the person apply first")]
        )

    def _pay_fails(self, event: Event) -> None:
        """A declined card leaves no trace in the books: the application goes on waiting."""

    def _cancel(self, event: Event) -> None:
        live = [application for application in self._applications_of(event) if application.is_live]
        if not live:
            return
        try:
            live[-1].state = cancellations.cancel(live[-1]).state
            self.waiting.pop(live[-1].pk, None)
        except RuleBroken:
            return  # later than the days to cancel: nothing changes

    def _applications_of(self, event: Event) -> list[Application]:
        return [line.application for line in self.of_applicant.get(event.applicant, []) if line.application]

    def _extend(self, event: Event) -> None:
        try:
            self.stage.offer.closes_on = lifecycle.extend(
                self.stage.offer, to=event.day, by=self.stage.secretary, reason="So the scenario has it."
            ).closes_on
        except ValidationError:
            return  # after the board's closing nothing changes

    def _close(self, event: Event) -> None:
        try:
            lifecycle.close(self.stage.offer, by=self.stage.secretary)
        except ValidationError:
            return  # closed already

    def _to_the_end(self) -> None:
        """Past the closing day and every cooling-off; what is unpaid lapses on the way."""
        offer = self.stage.offer
        offer.refresh_from_db()
        if offer.closes_on is None and offer.closed_at is None:
            lifecycle.close(offer, by=self.stage.secretary)
            offer.refresh_from_db()
        end = max(clock.now(), allotment.earliest(offer)) + INSTANT
        self._advance(end)
        self.move(end)

    def _decide(self) -> Working:
        stage = self.stage
        allotment.prepare(stage.offer, by=stage.secretary)
        allotment.approve(stage.offer, by=stage.treasurer)
        return allotment.decide(stage.offer, on=clock.today(), by=stage.treasurer)
