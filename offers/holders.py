"""Who applies: finding the party and the holder a society knows already, or making them.

Two applications are the same party's when kind, name and e-mail address agree; without an address, when name,
date of birth and postcode do. The caps of one person are therefore kept in one place. A wrong guess would show
one person another's affairs, so nothing of an existing party is changed or shown by applying.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from common import hot
from offers.choices import HolderKind, PartyKind, PartyRole
from offers.models import Holder, HolderParty, Party


@dataclass(frozen=True)
class PartyDetails:
    """One person or body as an application names it. `key` replaces the usual identity (imports, rehearsals)."""

    name: str
    kind: str = PartyKind.PERSON
    role: str = PartyRole.HOLDER
    email: str = ""
    telephone: str = ""
    born_on: date | None = None
    postcode: str = ""
    registered_as: str = ""
    key: str = ""

    @property
    def identity(self) -> str:
        if self.key:
            return _digest("key", self.key)
        name = _alike(self.name)
        if self.email:
            return _digest(self.kind, name, self.email.strip().casefold())
        return _digest(self.kind, name, str(self.born_on or ""), "".join(self.postcode.upper().split()))

    @property
    def has_interest(self) -> bool:
        """Whether the caps of this party count the application; a representative only signs."""
        return self.role != PartyRole.REPRESENTATIVE


@dataclass(frozen=True)
class Applicant:
    """Those who apply together, the first one first. `key` replaces the usual identity of the holder."""

    kind: str
    parties: tuple[PartyDetails, ...]
    people: int = 1
    key: str = ""
    interested: tuple[PartyDetails, ...] = field(default=(), repr=False)

    @property
    def concerned(self) -> tuple[PartyDetails, ...]:
        """Everybody with an interest in the shares, each once."""
        everyone = {party.identity: party for party in (*self.parties, *self.interested) if party.has_interest}
        return tuple(everyone.values())


def _alike(name: str) -> str:
    """What names that look the same have in common: no case, no width, no hidden sign, accents composed."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(sign for sign in composed if unicodedata.category(sign) not in ("Cc", "Cf")).split())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def find_parties(society_id: uuid.UUID, details: Iterable[PartyDetails]) -> dict[str, Party]:
    """The parties that the society knows already, by identity."""
    identities = [party.identity for party in details]
    return {party.identity: party for party in Party.objects.filter(society_id=society_id, identity__in=identities)}


def new_parties(society_id: uuid.UUID, missing: dict[str, PartyDetails]) -> list[Party]:
    """Parties by identity, not written yet; in its order, so that two who write never wait in a circle."""
    return [
        Party(
            society_id=society_id,
            identity=identity,
            kind=missing[identity].kind,
            name=missing[identity].name.strip(),
            email=missing[identity].email.strip().lower(),
            telephone=missing[identity].telephone,
            born_on=missing[identity].born_on,
            registered_as=missing[identity].registered_as,
        )
        for identity in sorted(missing)
    ]


def _made_or_found(society_id: uuid.UUID, wanted: dict[str, PartyDetails]) -> dict[str, Party]:
    """Parties by identity, made where the society does not know them. Where somebody else was first, theirs stands."""
    of_them = "WHERE row.society_id = %s AND row.identity = ANY(%s)"
    rows = hot.insert_or_read(new_parties(society_id, wanted), of_them, [society_id, list(wanted)])
    found = {party.identity: party for party in rows}
    return found if len(found) == len(wanted) else find_parties(society_id, wanted.values())


def make_holder(
    society_id: uuid.UUID, applicant: Applicant, parties: dict[str, Party], *, known: bool = True
) -> Holder:
    """The holder that these parties make up, made where the society does not know it.

    `parties` by identity; a representative is made here, since no cap concerns them. The caller has locked the
    exposures of the others, so nobody makes the same holder at this moment. `known` is false where one of the parties
    was made just now, so that no holder can have it yet.
    """
    signing = {party.identity: party for party in applicant.parties if party.identity not in parties}
    if signing:
        parties = parties | _made_or_found(society_id, signing)
    order = [parties[party.identity] for party in applicant.parties]
    keys = ("key", applicant.key) if applicant.key else (applicant.kind, *(str(party.pk) for party in order))
    identity = _digest(*keys)
    found = []
    if known or applicant.key:
        found = hot.read(Holder, "WHERE row.society_id = %s AND row.identity = %s", [society_id, identity])
    return found[0] if found else _new_holder(society_id, identity, applicant, order)


def _new_holder(society_id: uuid.UUID, identity: str, applicant: Applicant, order: list[Party]) -> Holder:
    holder = Holder(society_id=society_id, identity=identity, kind=applicant.kind, people=applicant.people)
    parts = [
        HolderParty(society_id=society_id, holder=holder, party=party, role=details.role, position=position)
        for position, (details, party) in enumerate(zip(applicant.parties, order, strict=True), start=1)
    ]
    hot.insert_both([holder], parts)
    return holder


def party_kind(holder_kind: str) -> str:
    """What the first party of a holder is: a body for bodies, a person for the rest."""
    bodies = {
        HolderKind.ORGANISATION: PartyKind.ORGANISATION,
        HolderKind.REGISTERED_SOCIETY: PartyKind.REGISTERED_SOCIETY,
        HolderKind.SYNDICATE: PartyKind.SYNDICATE,
    }
    return bodies.get(holder_kind, PartyKind.PERSON)
