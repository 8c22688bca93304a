"""The rows on which the caps are kept: what each party has held and has waiting, locked before anything is decided."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from django.db.models import F, Sum

from compliance.caps import Interest
from offers.choices import LIVE, PartyKind
from offers.models import ApplicationParty, Exposure, Party


def lock(society_id: uuid.UUID, parties: Iterable[Party]) -> list[Exposure]:
    """Lock the exposures of all parties concerned, in order of their ids, and return them with their parties.

    Every verb that changes what somebody holds or has waiting begins here, so two of them never wait for each
    other in a circle. Rows that are missing are made.
    """
    parties = list(parties)
    rows = _locked(society_id, [party.pk for party in parties])
    if len(rows) < len({party.pk for party in parties}):
        known = {row.party_id for row in rows}
        Exposure.objects.bulk_create(
            (Exposure(society_id=society_id, party=party) for party in parties if party.pk not in known),
            ignore_conflicts=True,
        )
        rows = _locked(society_id, [party.pk for party in parties])
    return rows


def lock_application(application) -> list[Exposure]:
    """Lock the exposures of everybody with an interest in an application."""
    interests = ApplicationParty.objects.filter(society_id=application.society_id, application_id=application.pk)
    return _locked(application.society_id, list(interests.values_list("party_id", flat=True)))


def _locked(society_id: uuid.UUID, party_ids: list) -> list[Exposure]:
    return list(
        Exposure.objects.select_for_update(no_key=True, of=("self",))
        .filter(society_id=society_id, party_id__in=party_ids)
        .select_related("party")
        .order_by("pk")
    )


def interests(
    exposures: Collection[Exposure], offer_id: uuid.UUID, *, leaving_out: uuid.UUID | None = None
) -> list[Interest]:
    """The facts for the caps, from locked rows. `leaving_out`: an application that is not live and asks again."""
    society_id = next(iter(exposures)).society_id
    in_offer = dict(
        ApplicationParty.objects.filter(
            society_id=society_id,
            party_id__in=[row.party_id for row in exposures],
            application__offer_id=offer_id,
            application__state__in=LIVE,
        )
        .exclude(application_id=leaving_out)
        .values_list("party_id")
        .annotate(total=Sum("application__due_pence"))
    )
    return [
        Interest(
            held_pence=row.held_pence,
            live_pence=row.live_pence,
            in_offer_pence=in_offer.get(row.party_id, 0),
            exempt=is_exempt(row.party),
        )
        for row in exposures
    ]


def is_exempt(party: Party) -> bool:
    """Whether s.24(2) leaves the party out of the law's limit."""
    return party.kind == PartyKind.REGISTERED_SOCIETY


def add_live(exposures: Collection[Exposure], amount_pence: int, *, cap_pence: int) -> None:
    """Count a sum as waiting for everybody concerned; the row's own CHECK is the last fence of the law's limit."""
    _update(exposures, live_pence=F("live_pence") + amount_pence, cap_pence=cap_pence)


def drop_live(exposures: Collection[Exposure], amount_pence: int) -> None:
    """A sum no longer waits: lapsed, cancelled, refunded or allotted."""
    rows = Exposure.objects.filter(society_id=_society(exposures), pk__in=[row.pk for row in exposures])
    rows.update(live_pence=F("live_pence") - amount_pence)


def _society(exposures: Collection[Exposure]) -> uuid.UUID:
    return next(iter(exposures)).society_id


def _update(exposures: Collection[Exposure], *, cap_pence: int, **changes) -> None:
    for exempt, cap in ((False, cap_pence), (True, None)):
        keys = [row.pk for row in exposures if is_exempt(row.party) is exempt]
        if keys:
            rows = Exposure.objects.filter(society_id=_society(exposures), pk__in=keys)
            rows.update(limit_pence=cap, **changes)
