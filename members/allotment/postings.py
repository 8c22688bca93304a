"""What an allotment asks of the register and the ledger: an entry for each application that is given something."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from members import membership
from members.allotment.working import Line, Working
from members.ledger import Posting
from members.membership import Entry
from members.models import LedgerEntry, Member, Particulars
from offers import exposures, holders
from offers.choices import ApplicationState
from offers.holders import Applicant, PartyDetails
from offers.models import ApplicationParty, HolderParty, MatchCommitment, Party, ShareOffer


def interests(working: Working) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The parties concerned in each paid application, by application."""
    found = defaultdict(list)
    rows = ApplicationParty.objects.filter(
        society_id=working.offer.society_id, application__offer=working.offer, application__state=ApplicationState.PAID
    )
    for application_id, party_id in rows.values_list("application_id", "party_id"):
        found[application_id].append(party_id)
    return found


def register_entries(granted: Sequence[Line]) -> list[Entry]:
    """What the register shall say of each holder, in order; of several applications the first one says it."""
    parts = defaultdict(list)
    holder_ids = {line.application.holder_id for line in granted}
    society_id = granted[0].application.society_id if granted else None
    rows = HolderParty.objects.filter(society_id=society_id, holder_id__in=holder_ids)
    for part in rows.select_related("party").order_by("position"):
        parts[part.holder_id].append(part)
    entries = {}
    for line in granted:
        holder_id = line.application.holder_id
        if holder_id not in entries:
            entries[holder_id] = membership.from_application(line.application, parts[holder_id])
    return list(entries.values())


def of_lines(
    working: Working,
    granted: Sequence[Line],
    members: dict[uuid.UUID, Member],
    said: dict[uuid.UUID, Particulars],
    concerned: dict[uuid.UUID, list[uuid.UUID]],
    on: date,
) -> list[Posting]:
    """One posting for each application that is allotted something. `said`: particulars by member."""
    return [
        Posting(
            member=members[line.application.holder_id],
            kind=LedgerEntry.ALLOTMENT,
            amount_pence=line.allotted_pence,
            party_ids=tuple(concerned[line.application.pk]),
            commitment=bytes(said[members[line.application.holder_id].pk].commitment),
            application_id=line.application.pk,
            **_of_offer(working.offer, line.allotted_pence, on),
        )
        for line in granted
    ]


def _of_offer(offer: ShareOffer, amount_pence: int, on: date) -> dict:
    return {
        "share_class": offer.share_class,
        "shares": amount_pence // offer.share_class.nominal_pence,
        "effective_on": on,
        "authority": f"Allotment of {offer.title}"[:200],
        "offer_id": offer.pk,
    }


def matching_party(commitment: MatchCommitment) -> PartyDetails:
    """The institution behind a match, as the society knows parties."""
    return PartyDetails(name=commitment.name, kind=holders.party_kind(commitment.kind))


def matching_holders(working: Working) -> list[tuple[Entry, Party]]:
    """The institutions whose match gives something: what the register shall say of each, and its party."""
    society_id, found = working.offer.society_id, []
    for match in working.matches:
        details = matching_party(match.commitment)
        locked = exposures.lock(society_id, (details,))
        parties = {identity: row.party for identity, row in locked.items()}
        applicant = Applicant(kind=match.commitment.kind, parties=(details,))
        holder = holders.make_holder(society_id, applicant, parties)
        entry = Entry(holder=holder, name=match.commitment.name, address=match.commitment.address)
        found.append((entry, parties[details.identity]))
    return found


def of_matches(
    working: Working,
    matched: Sequence[tuple[Entry, Party]],
    members: dict[uuid.UUID, Member],
    said: dict[uuid.UUID, Particulars],
    on: date,
) -> list[Posting]:
    """One posting for each match that gives something, beside and not inside the offer's maximum."""
    return [
        Posting(
            member=members[entry.holder.pk],
            kind=LedgerEntry.MATCH,
            amount_pence=match.amount_pence,
            party_ids=(party.pk,),
            commitment=bytes(said[members[entry.holder.pk].pk].commitment),
            **_of_offer(working.offer, match.amount_pence, on),
        )
        for match, (entry, party) in zip(working.matches, matched, strict=True)
    ]
