"""What happens in an offer, drawn before it is played: who applies for how much, when, and whether the money comes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common import clock
from members.demo import people, stories
from members.demo.people import METHODS, Crowd, Somebody
from members.demo.stories import OfferStory
from offers.choices import HolderKind, Method

NEVER_PAY, CANCEL = 0.04, 0.03  # beside those who pay and stay
CARDS_AT_MOST_PENCE = 2_000_00  # larger sums are not offered by card
RETURNING_AT_MOST_PENCE = 3_000_00  # so that nobody who is a member already comes near a limit


@dataclass
class Plan:
    """One application that is to be. `pays_at` None: never. `short_pence`: so much too little arrives."""

    who: Somebody
    amount_pence: int
    method: str
    applies_at: datetime
    pays_at: datetime | None
    cancels_at: datetime | None = None
    short_pence: int = 0
    waits_for_second: bool = False  # a cheque that one officer has recorded and no other has confirmed

    @property
    def stays(self) -> bool:
        return self.pays_at is not None and self.cancels_at is None and not self.waits_for_second


@dataclass(frozen=True)
class Targets:
    """What an offer asks for, in pence."""

    minimum: int
    optimum: int
    maximum: int


class Planner:
    """Draws the plans of one society's offers from one chance; `known` are those who have shares already."""

    def __init__(self, crowd: Crowd, chance: random.Random, today: date):
        self.crowd, self.chance, self.today = crowd, chance, today
        self.known: list[tuple[Somebody, int]] = []

    def plans(self, story: OfferStory, number: int, guests: list[tuple[Somebody, int]]) -> list[Plan]:
        """`number` applications that are paid and some that are not. `guests` come whoever else does, with their sum.

        Those who stay in an offer that is allotted are known in the next one.
        """
        again = [] if story.end == stories.ALLOTTED else self._returning(story, number)
        found = [self._plan(story, who, amount_pence) for who, amount_pence in [*guests, *again]]
        found += [self._plan(story) for _ in range(max(0, number - len(found)))]
        for _ in range(round(number * CANCEL)):
            plan = self._plan(story)
            plan.cancels_at = plan.pays_at + timedelta(days=self.chance.randint(0, 2), hours=5)
            found.append(plan)
        for _ in range(round(number * NEVER_PAY)):
            plan = self._plan(story)
            plan.pays_at = None
            found.append(plan)
        if story.end == stories.OPEN:
            found += [self._too_little(story), self._cheque_that_waits()]
        if story.end == stories.ALLOTTED:
            self.known += [(plan.who, plan.amount_pence) for plan in found if plan.stays]
        return found

    def _returning(self, story: OfferStory, number: int) -> list[tuple[Somebody, int]]:
        some = [who for who, held in self.known if held <= RETURNING_AT_MOST_PENCE]
        chosen = self.chance.sample(some, min(len(some), round(number * story.returning)))
        return [(who, min(self._amount(story), RETURNING_AT_MOST_PENCE)) for who in chosen]

    def _amount(self, story: OfferStory) -> int:
        return people.amount_pence(
            self.chance, smallest=story.smallest, largest=story.largest, step=story.step, median=story.median
        )

    def _plan(self, story: OfferStory, who: Somebody | None = None, amount_pence: int = 0) -> Plan:
        opens = datetime.combine(self.today - timedelta(days=story.opened), time())  # on London's wall clock
        days = min(story.days, story.opened)  # an open offer has run so far only
        applies_at = clock.instant(opens + people.arrival(self.chance, days))
        amount_pence = amount_pence or self._amount(story)
        method = self.crowd.pick(METHODS)
        if method == Method.CARD and amount_pence > CARDS_AT_MOST_PENCE:
            method = Method.BANK_TRANSFER
        return Plan(
            who=who or self.crowd.somebody(),
            amount_pence=amount_pence,
            method=method,
            applies_at=applies_at,
            pays_at=applies_at + self._wait(method),
        )

    def _wait(self, method: str) -> timedelta:
        if method == Method.CARD:
            return timedelta(seconds=self.chance.randint(70, 900))
        return timedelta(hours=self.chance.randint(4, 150 if method == Method.BANK_TRANSFER else 190))

    def _too_little(self, story: OfferStory) -> Plan:
        """One transfer that is ten pounds short, for the officers to see."""
        at = clock.instant(datetime.combine(self.today - timedelta(days=3), time(11, 20)))
        who = self.crowd.somebody({HolderKind.PERSON: 1})
        return Plan(who, 250_00, Method.BANK_TRANSFER, at, at + timedelta(days=1, hours=4), short_pence=10_00)

    def _cheque_that_waits(self) -> Plan:
        """One cheque that the secretary has recorded, for the treasurer to confirm."""
        at = clock.instant(datetime.combine(self.today - timedelta(days=5), time(16, 5)))
        who = self.crowd.somebody({HolderKind.PERSON: 1})
        return Plan(who, 300_00, Method.CHEQUE, at, at + timedelta(days=3), waits_for_second=True)


def targets(story: OfferStory, plans: list[Plan]) -> Targets:
    """Round sums such that what the plans bring is `met` hundredths of the target that the story names."""
    paid_pence = sum(plan.amount_pence for plan in plans if plan.stays) or story.largest * 10
    met_pence = paid_pence * 100 // story.met
    optimum = {
        "minimum": met_pence * 13 // 10,
        "optimum": met_pence,
        "maximum": met_pence * 10 // 13,
    }[story.met_of]
    return Targets(_round(optimum * 6 // 10 if story.met_of != "minimum" else met_pence), _round(optimum),
                   _round(optimum * 13 // 10 if story.met_of != "maximum" else met_pence))  # fmt: skip


def _round(sum_pence: int) -> int:
    """To two leading figures, in hundreds of pounds at least."""
    grain = max(100_00, 10 ** (len(str(sum_pence)) - 2))
    return max(round(sum_pence / grain), 1) * grain
