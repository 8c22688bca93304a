"""The limits asked once more before shares are allotted: law and rules may have changed since people applied."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from compliance import caps
from compliance.answers import problems_in
from compliance.caps import Interest
from members.allotment.lines import Line
from offers import exposures, rechecks
from offers.choices import ApplicationState
from offers.models import ApplicationParty, ShareOffer


@dataclass
class _Standing:
    """What a party holds or has waiting beside the offer at hand, and what the offer has given so far; pence."""

    held_pence: int
    elsewhere_pence: int
    exempt: bool
    given_pence: int = 0

    def interest(self) -> Interest:
        return Interest(
            held_pence=self.held_pence + self.given_pence, live_pence=self.elsewhere_pence, exempt=self.exempt
        )


def keep(offer: ShareOffer, lines: Sequence[Line]) -> list[Line]:
    """The lines that nobody's limit stands against (CAP-4, CAP-2), each with its answers; one query.

    In the order of the lines, which is that of the money: of two applications of one person, the earlier one counts.
    """
    concerned, standings = _read(offer)
    for line in lines:
        for party_id in concerned[line.application.pk]:
            standings[party_id].elsewhere_pence -= line.application.due_pence
    kept, facts = [], rechecks.Facts.of(offer.society)
    for line in lines:
        parties = [standings[party_id] for party_id in concerned[line.application.pk]]
        answers = facts.answers(
            [standing.interest() for standing in parties],
            added_pence=line.application.due_pence,
            way=caps.ALLOTMENT,
        )
        line.answers += answers
        if not problems_in(answers):
            kept.append(line)
            for standing in parties:
                standing.given_pence += line.application.due_pence
    return kept


def _read(offer: ShareOffer) -> tuple[dict[uuid.UUID, list[uuid.UUID]], dict[uuid.UUID, _Standing]]:
    """Who is concerned in each paid application, and how each of them stands."""
    rows = ApplicationParty.objects.filter(
        society_id=offer.society_id, application__offer=offer, application__state=ApplicationState.PAID
    ).select_related("party__exposure")
    concerned, standings = defaultdict(list), {}
    for row in rows:
        concerned[row.application_id].append(row.party_id)
        used = row.party.exposure
        standings[row.party_id] = _Standing(used.held_pence, used.live_pence, exposures.is_exempt(row.party))
    return concerned, standings
