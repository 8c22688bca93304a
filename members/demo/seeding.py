"""Filling an empty database with three invented societies: two years of their history, all of it or none of it.

Everything happens through the verbs of the site, on a clock that is moved. Names, sums and days are the same for the
same seed and the same day; keys, references and the secrets of links are not, for those are never guessable.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F

from common import clock
from common.models import OutgoingMail
from members import allotment, seals
from members.demo import bank, founding, said, stories
from members.demo.founding import Founded
from members.demo.people import Crowd, Somebody
from members.demo.planning import Planner, targets
from members.demo.playing import INSTANT, Player, Progress
from members.demo.stories import ENERGY, SOCIETIES, OfferStory, SocietyStory
from members.models import User
from offers.choices import HolderKind
from offers.holders import Applicant, PartyDetails
from offers.models import Application, ShareOffer, Society
from payments import gateway

MEMBERS, SEED = 1200, 1844
MEMBER = PartyDetails("Mair Bowen", email="mair.bowen@post.example", born_on=date(1961, 5, 2), postcode="YG1 2BD")
KEEPER = "keeper@toad-lane.example"
MAIL_LEFT = 12  # messages of the last days that are really sent once the worker runs
PAST_HEADING = "A message of the invented past"
PAST_TEXT = "This message belongs to the time before the demonstration began. It was never written."
FLOAT_PENCE = 1_000_00  # of each society at Stripe: its fees would be missing where everybody is paid back
DECIDED_AFTER, FAILED_BEFORE = timedelta(days=3), timedelta(days=2)


def is_empty() -> bool:
    """Whether there is no society at all."""
    return not Society.objects.exists()


def is_demonstration() -> bool:
    """Whether there are societies and all of them are invented."""
    return Society.objects.exists() and not Society.objects.filter(is_demo=False).exists()


@transaction.atomic
def seed(*, members: int = MEMBERS, number: int = SEED, cards=None, progress: Progress = lambda *_: None) -> None:
    """Everything, in one transaction: what is interrupted leaves nothing behind.

    members: on the registers of all societies together, 60 at least. number: the seed. cards: a FakeStripe that the
    settings point at, for card payments that can be refunded there; without one, money by card just arrives.
    """
    if members < 60:
        raise ValueError("The demonstration needs 60 members at least.")
    now = clock.now()
    password_hash = founding.hashed_password()
    for position, story in enumerate(SOCIETIES):
        chance = random.Random(f"{number} {story.slug}")
        _Seeding(story, chance, now, members, cards, progress).run(
            password_hash, is_last=position == len(SOCIETIES) - 1
        )
    if cards:
        cards.set_now(int(now.timestamp()))
        for story in SOCIETIES:
            cards.top_up(story.account_id, FLOAT_PENCE)
            gateway.pay_out_by_hand(account=story.account_id)
    founding.account(KEEPER, "The keeper of the site", password_hash, is_staff=True, is_superuser=True)
    founding.account(MEMBER.email, MEMBER.name, password_hash)
    _accounts_of_applicants()
    _settle_mail(now)
    connection.run_on_commit.clear()  # thousands of requests that the worker look soon: it looks when it starts


class _Seeding:
    """One society from its registration to today."""

    def __init__(self, story: SocietyStory, chance: random.Random, now: datetime, members: int, cards, progress):
        self.story, self.now, self.members, self.cards, self.progress = story, now, members, cards, progress
        self.today = clock.today()
        self.crowd = Crowd(story.region, chance, self.today)
        self.planner = Planner(self.crowd, chance, self.today)

    def run(self, password_hash: str, *, is_last: bool) -> None:
        registered_on = self.today - timedelta(days=self.story.registered)
        with clock.stopped(clock.instant(datetime.combine(registered_on, time(10)))) as move:
            founded = founding.found(self.story, self.crowd, password_hash)
            self._seal(founded, move)
            for story in self.story.offers:
                self._play(founded, story, move, is_last=is_last)

    def _play(self, founded: Founded, story: OfferStory, move, *, is_last: bool) -> None:
        number = round(self.members * story.people / 1000)
        if story.end == stories.ALLOTTED:
            number = _joining(self.members, self.story, story) - founded.members
        plans = self.planner.plans(story, number, self._guests(story)) if number else []
        move(self.now)
        offer = founding.draft_offer(founded, story, targets(story, plans), today=self.today)
        says = said.words_for(self.story, story)
        offer = founding.publish(founded, offer, story, move=move, says=says, members=founded.members)
        if story.end == stories.DRAFT:
            return
        cards = self.cards if story.takes_real_cards else None
        player = Player(offer, officers=founded.officers, move=move, until=self.now, cards=cards)
        player.play(plans, self.progress)
        self._end(founded, offer, story, move)

    def _guests(self, story: OfferStory) -> list[tuple[Somebody, int]]:
        """The member whose sign-in is printed: she has shares, and an application in the open offer."""
        if self.story is not ENERGY:
            return []
        address = "Bwthyn y Felin\nPont Gwernlas\nYG1 2BD"
        mair = Somebody(Applicant(HolderKind.PERSON, (MEMBER,)), address, MEMBER.postcode, wants_papers=True)
        return [(mair, 500_00 if story.end == stories.ALLOTTED else 250_00)]

    def _end(self, founded: Founded, offer: ShareOffer, story: OfferStory, move) -> None:
        """What became of the offer; an open one, and one that two officers shall decide, stay as they are."""
        secretary, treasurer = founded.officers["secretary"], founded.officers["treasurer"]
        if story.end == stories.OPEN:
            move(self.now)
            bank.import_statement(offer, chance=random.Random(offer.slug), by=treasurer)
        if story.end not in (stories.ALLOTTED, stories.FAILED):
            return
        moment = allotment.earliest(offer) + DECIDED_AFTER
        if story.end == stories.FAILED:
            moment = max(moment, self.now - FAILED_BEFORE)
        move(moment)
        allotment.prepare(offer, by=secretary)
        move(moment + timedelta(hours=20))
        allotment.approve(offer, by=treasurer)
        move(moment + timedelta(hours=20) + INSTANT)
        allotment.decide(offer, on=clock.today(), by=treasurer)
        self._seal(founded, move)

    def _seal(self, founded: Founded, move) -> None:
        """The seal of the night that follows, as the worker makes it."""
        night = clock.instant(datetime.combine(clock.today() + timedelta(days=1), time(1, 40)))
        move(min(night, self.now))
        seals.seal(founded.society)


def _joining(members: int, society: SocietyStory, story: OfferStory) -> int:
    """How many members a society has; the last one has what is wanting to the whole."""
    if society is not SOCIETIES[-1]:
        return round(members * story.people / 1000)
    others = [offer for other in SOCIETIES[:-1] for offer in other.offers if offer.end == stories.ALLOTTED]
    return members - sum(round(members * offer.people / 1000) for offer in others)


def _accounts_of_applicants() -> None:
    """Whoever has applied can sign in by a code sent to their address, as on the site itself."""
    known = set(User.objects.values_list("email", flat=True))
    people = dict(Application.objects.exclude(email="").order_by("-submitted_at").values_list("email", "name"))
    users = [
        User(email=email, name=name[:200], password=make_password(None))
        for email, name in sorted(people.items())
        if email not in known
    ]
    User.objects.bulk_create(users, batch_size=1000)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, primary=True) for user in users], batch_size=1000
    )


def _settle_mail(now: datetime) -> None:
    """Mail of the past is marked as sent; the newest, and the printed member's certificate, is left for the worker."""
    waiting = OutgoingMail.objects.filter(sent_at=None)
    newest = list(waiting.order_by("-due_at", "-pk").values_list("pk", flat=True)[:MAIL_LEFT])
    certificate = waiting.filter(to=MEMBER.email, kind="shares-allotted").values_list("pk", flat=True)
    left = [*newest, *certificate]
    waiting.exclude(pk__in=left).update(sent_at=F("due_at"), tries=1, heading=PAST_HEADING, text=PAST_TEXT)
    waiting.update(next_try_at=now)


__all__ = ["KEEPER", "MEMBER", "MEMBERS", "SEED", "is_demonstration", "is_empty", "seed"]
