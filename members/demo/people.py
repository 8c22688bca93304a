"""Invented applicants: who they are, how old, how much they put in, when they come and how they pay.

Sums follow law.md 10: a lognormal of median £395 and σ 1.63 cut to what the offer takes, a third of all people at the
smallest sum, one in twenty-five at £10,000 and above where the offer allows it. A fifth come in the first three days,
two fifths in the last ten.
"""

from __future__ import annotations

import math
import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from members.demo.names import Region
from offers import applications
from offers.choices import HolderKind, Method, PartyRole
from offers.holders import Applicant, PartyDetails, party_kind

KINDS = {
    HolderKind.PERSON: 800,
    HolderKind.JOINT: 95,
    HolderKind.CHILD: 45,
    HolderKind.ORGANISATION: 35,
    HolderKind.SYNDICATE: 15,
    HolderKind.REGISTERED_SOCIETY: 10,
}
METHODS = {Method.CARD: 62, Method.BANK_TRANSFER: 31, Method.CHEQUE: 7}
AT_THE_SMALLEST, AT_THE_TOP, TOP_FROM_PENCE = 0.35, 0.04, 10_000_00
SIGMA = 1.63


@dataclass(frozen=True)
class Somebody:
    """An invented applicant, the same for every offer of the society that they apply to."""

    applicant: Applicant
    address: str
    postcode: str
    wants_papers: bool

    @property
    def email(self) -> str:
        """Where their mail goes: the first address among those who apply together."""
        return next(party.email for party in self.applicant.parties if party.email)

    def details(self) -> applications.Details:
        """What their application says, as the pages of an application would put it together."""
        parties = [party for party in self.applicant.parties if party.has_interest]
        shown = parties[:1] if self.applicant.kind == HolderKind.CHILD else parties
        return applications.Details(
            name=" and ".join(party.name for party in shown),
            address=self.address,
            postcode=self.postcode,
            email=self.email,
            email_purposes="application, certificate" + (", notices and papers" if self.wants_papers else ""),
            declarations={"understood": True, "rules": True, "truth": True},
        )


class Crowd:
    """Somebody new at each call, from one region and one seed; no two have the same e-mail address."""

    def __init__(self, region: Region, chance: random.Random, today: date):
        self.region, self.chance, self.today = region, chance, today
        self.bodies = {
            HolderKind.ORGANISATION: list(region.bodies),
            HolderKind.REGISTERED_SOCIETY: list(region.societies),
            HolderKind.SYNDICATE: list(region.groups),
        }
        self.number = 0

    def somebody(self, kinds: dict[str, int] = KINDS) -> Somebody:
        """The next applicant. Where every invented body has come already, a person comes in its place."""
        kind = self.pick(kinds)
        if kind in self.bodies and not self.bodies[kind]:
            kind = HolderKind.PERSON
        place, code = self.chance.choices(self.region.places, [8, 4, 3, 2, 1][: len(self.region.places)])[0]
        postcode = f"{code}{self.chance.choice('ABDEFGHJLNPQRSTUWXYZ')}{self.chance.choice('ABDEFGHJLNPQRSTUWXYZ')}"
        street = f"{self.chance.randint(1, 88)} {self.chance.choice(self.region.streets)}"
        return Somebody(
            applicant=self._applicant(kind, postcode),
            address="\n".join([street, place, postcode]),
            postcode=postcode,
            wants_papers=self.chance.random() < 0.7,
        )

    def pick(self, weights: dict[str, int]) -> str:
        """One of the keys, by its weight."""
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _applicant(self, kind: str, postcode: str) -> Applicant:
        surname = self.chance.choice(self.region.surnames)
        if kind == HolderKind.CHILD:
            child = PartyDetails(self._first_name() + " " + surname, role=PartyRole.CHILD, born_on=self._born(1, 15),
                                 postcode=postcode)  # fmt: skip
            return Applicant(kind, (child, self._person(surname, postcode, PartyRole.ADULT, 28, 70)))
        if kind == HolderKind.JOINT:
            second = self.chance.choice([surname, surname, self.chance.choice(self.region.surnames)])
            pair = (self._person(surname, postcode), self._person(second, postcode, PartyRole.JOINT))
            return Applicant(kind, pair)
        if kind == HolderKind.PERSON:
            return Applicant(kind, (self._person(surname, postcode),))
        body = self.bodies[kind].pop(self.chance.randrange(len(self.bodies[kind])))
        signs = self._person(surname, postcode, PartyRole.REPRESENTATIVE)
        first = PartyDetails(body, kind=party_kind(kind), email=signs.email, postcode=postcode)
        people = self.chance.randint(3, 9) if kind == HolderKind.SYNDICATE else 1
        return Applicant(kind, (first, signs), people=people)

    def _person(
        self, surname: str, postcode: str, role: str = PartyRole.HOLDER, youngest=18, oldest=91
    ) -> PartyDetails:
        name = f"{self._first_name()} {surname}"
        self.number += 1
        return PartyDetails(
            name,
            role=role,
            email=address_of(name, self.number),
            born_on=self._born(youngest, oldest) if role == PartyRole.HOLDER else None,
            postcode=postcode,
        )

    def _first_name(self) -> str:
        return self.chance.choice(self.region.first_names)

    def _born(self, youngest: int, oldest: int) -> date:
        """People who buy community shares are sixty more often than thirty."""
        years = self.chance.triangular(youngest, oldest, min(62, (youngest + oldest) / 2 + 8))
        return self.today - timedelta(days=int(years * 365.25) + self.chance.randint(0, 200))


def address_of(name: str, number: int) -> str:
    """An e-mail address under .example, where no mail can ever be delivered (RFC 2606)."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(sign if sign.isalpha() else "." for sign in plain) + f".{number}@post.example"


def amount_pence(chance: random.Random, *, smallest: int, largest: int, step: int, median: int) -> int:
    """What one applicant puts in, in pence: a multiple of `step` between the smallest and the largest."""
    dice = chance.random()
    if dice < AT_THE_SMALLEST:
        return smallest
    if dice > 1 - AT_THE_TOP:
        sum_pence = chance.uniform(min(TOP_FROM_PENCE, largest), largest)
    else:
        sum_pence = math.exp(math.log(median) + SIGMA * chance.gauss(0, 1))
    coarse = 100_00 if sum_pence >= 1_000_00 else 50_00 if sum_pence >= 100_00 else 5_00
    coarse = max(step, coarse - coarse % step)
    return min(max(round(sum_pence / coarse) * coarse, smallest), largest)


def arrival(chance: random.Random, days: int) -> timedelta:
    """How long after an offer opened somebody applies, by day; nobody comes at night but a few."""
    dice = chance.random()
    if dice < 0.2:
        day = chance.uniform(0, 3)
    elif dice < 0.6 or days <= 14:
        day = chance.uniform(0, days)
    else:
        day = chance.uniform(days - 10, days)
    hour = min(max(chance.gauss(15, 4.5), 0.2), 23.7)
    return timedelta(days=min(int(day), days - 1), seconds=int(hour * 3600))
