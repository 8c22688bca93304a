"""Parties that may be one person under two names. They are suggested to officers with the reasons, never merged here.

The caps of a person are kept on one row, so two rows for one person would let somebody hold twice the limit. Nothing
of an application decides that two names are one person: an officer asks, and says so if they are not.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import audit, clock
from offers.exposures import is_exempt
from offers.models import ApplicationParty, HolderParty, KnownApart, Party, Society

ENOUGH = 3  # points from which a pair is shown
CROWD = 40  # parties that share an address or telephone: an agent's, which says nothing of who they are
NEARLY = 0.88  # how alike two names must be to be taken for a slip of the pen
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sir", "dame", "lady", "lord", "prof"}


@dataclass
class Known:
    """What is known of one party for the comparison; sums in pence."""

    party: Party
    postcodes: set[str] = field(default_factory=set)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name, without accents, signs, titles and order."""
        plain = unicodedata.normalize("NFKD", self.party.name.casefold())
        letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
        return tuple(sorted(word for word in letters.split() if word not in TITLES))

    @property
    def used_pence(self) -> int:
        used = getattr(self.party, "exposure", None)
        return used.held_pence + used.live_pence if used else 0


@dataclass(frozen=True)
class Pair:
    """Two parties that may be one: why, how likely, and what they would have together, in pence."""

    first: Party
    second: Party
    why: tuple[str, ...]
    points: int
    together_pence: int
    over_limit: bool


def pairs(society: Society) -> list[Pair]:
    """The likeliest first; those that an officer has told apart and those that hold jointly are left out."""
    known = _known(society)
    apart = _apart(society)
    law = society.law(clock.today()).figure("holding_cap_pence").value
    found = []
    for one, other in _candidates(known.values()):
        if frozenset((one.party.pk, other.party.pk)) in apart:
            continue
        points, why = _compare(one, other)
        if points >= ENOUGH:
            together = one.used_pence + other.used_pence
            over = together > law and not (is_exempt(one.party) and is_exempt(other.party))
            found.append(Pair(one.party, other.party, why, points, together, over))
    return sorted(found, key=lambda pair: (not pair.over_limit, -pair.points, -pair.together_pence, pair.first.name))


def _known(society: Society) -> dict[uuid.UUID, Known]:
    rows = Party.objects.filter(society=society).select_related("exposure").order_by("id")
    known = {party.pk: Known(party) for party in rows}
    said = ApplicationParty.objects.filter(society=society).exclude(application__postcode="")
    for party_id, postcode in said.values_list("party_id", "application__postcode").distinct():
        known[party_id].postcodes.add("".join(postcode.upper().split()))
    return known


def _apart(society: Society) -> set[frozenset]:
    """Pairs that are known to be two: told apart by an officer, or named beside each other as joint holders."""
    told = KnownApart.objects.filter(society=society).values_list("first_id", "second_id")
    apart = {frozenset(pair) for pair in told}
    together = defaultdict(list)
    for holder_id, party_id in HolderParty.objects.filter(society=society).values_list("holder_id", "party_id"):
        together[holder_id].append(party_id)
    for parties in together.values():
        apart |= {frozenset(pair) for pair in combinations(parties, 2)}
    return apart


SHARED: list[Callable[[Known], Iterable[str]]] = [
    lambda known: [known.party.email.casefold()],
    lambda known: ["".join(sign for sign in known.party.telephone if sign.isdigit())[-10:]],
    lambda known: [str(known.party.born_on or "")],
    lambda known: known.postcodes,
    lambda known: [known.party.registered_as.strip().casefold()],
    lambda known: [" ".join(known.words)],
    lambda known: [str(known.party.user_id or "")],
]


def _candidates(everybody: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs of one kind that have something in common, each once. What a crowd shares is nothing in common."""
    buckets = defaultdict(list)
    for known in everybody:
        for number, shared in enumerate(SHARED):
            for value in shared(known):
                if value:
                    buckets[known.party.kind, number, value].append(known)
    seen = set()
    for bucket in buckets.values():
        for one, other in combinations(bucket, 2) if len(bucket) <= CROWD else ():
            pair = (one.party.pk, other.party.pk)
            if pair not in seen:
                seen.add(pair)
                yield one, other


def _compare(one: Known, other: Known) -> tuple[int, tuple[str, ...]]:
    """Points for and against, with the reasons for it. Other dates of birth or other numbers: two parties."""
    a, b = one.party, other.party
    if a.born_on and b.born_on and a.born_on != b.born_on:
        return 0, ()
    if a.registered_as and b.registered_as and a.registered_as.casefold() != b.registered_as.casefold():
        return 0, ()
    telephones = [SHARED[1](known)[0] for known in (one, other)]
    reasons = [
        (4, _("the same registered number"), bool(a.registered_as) and bool(b.registered_as)),
        (4, _("the same account on this site"), bool(a.user_id) and a.user_id == b.user_id),
        (3, _("the same date of birth"), bool(a.born_on) and a.born_on == b.born_on and _alike(one, other) > 0),
        (2, _("the same name in other letters or order"), _alike(one, other) == 2),
        (2, _("nearly the same name"), _alike(one, other) == 1),
        (1, _("the same postcode"), bool(one.postcodes & other.postcodes)),
        (1, _("the same e-mail address"), bool(a.email) and a.email.casefold() == b.email.casefold()),
        (1, _("the same telephone number"), bool(telephones[0]) and telephones[0] == telephones[1]),
    ]
    said = [(points, words) for points, words, holds in reasons if holds]
    return sum(points for points, _words in said), tuple(words for _points, words in said)


def _alike(one: Known, other: Known) -> int:
    """2: the same words; 1: a slip of the pen, or initials for names; 0: different names."""
    first, second = one.words, other.words
    if first == second:
        return 2
    if SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= NEARLY:
        return 1
    return int(_initials(first, second) or _initials(second, first))


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the short words are the long ones, some as initials: "J Smith" and "John Smith"."""
    left = list(long)
    whole = [word for word in short if len(word) > 1]
    if not whole or len(short) > len(long) or len(whole) == len(short):
        return False
    for word in [*whole, *(word for word in short if len(word) == 1)]:
        match = next((other for other in left if other == word or (len(word) == 1 and other[0] == word)), None)
        if match is None:
            return False
        left.remove(match)
    return True


@transaction.atomic
def tell_apart(society: Society, first: Party, second: Party, *, reason: str, by) -> KnownApart:
    """Keep for good that two parties are two. ValidationError without a reason; asking twice gives the first answer."""
    if not reason.strip():
        raise ValidationError(_("Say how you know that they are two."))
    low, high = sorted((first, second), key=lambda party: party.pk)
    same = {"society": society, "first": low, "second": high}
    if known := KnownApart.objects.filter(**same).first():
        return known
    try:
        with transaction.atomic():
            told = KnownApart.objects.create(**same, reason=reason.strip(), told_at=clock.now(), told_by=by)
    except IntegrityError:  # another officer at this very moment
        return KnownApart.objects.get(**same)
    audit.note("party.tell-apart", society_id=society.pk, subject_id=told.pk, by=by)
    return told
