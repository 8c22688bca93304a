"""The rows on which the caps are kept: what each party has held and has waiting, locked before anything is decided."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import F

from common import hot, ids
from compliance.caps import Interest
from offers import holders
from offers.choices import LIVE, PartyKind
from offers.holders import PartyDetails
from offers.models import ApplicationParty, Exposure, Party

WIDTH = len(Exposure._meta.concrete_fields)
CONCERNED = """
    FROM offers_exposure exposure JOIN offers_party party ON party.id = exposure.party_id
    WHERE exposure.society_id = %(society)s AND party.identity = ANY(%(identities)s)
"""
# Locks nobody's row unless all are there: whoever still has to make one must hold no lock while it waits to.
LOCKED_IF_ALL = f"""
    SELECT {hot.columns(Exposure, "exposure")}, {hot.columns(Party, "party")} {CONCERNED}
      AND (SELECT count(*) {CONCERNED}) = %(number)s
    ORDER BY exposure.id FOR NO KEY UPDATE OF exposure
"""
MAKE = """
    WITH made AS ({parties} RETURNING id, society_id)
    INSERT INTO offers_exposure (id, society_id, party_id, held_pence, live_pence)
    SELECT pair.id, made.society_id, made.id, 0, 0
    FROM made JOIN unnest(%s::uuid[], %s::uuid[]) AS pair (id, party_id) ON pair.party_id = made.id
    RETURNING party_id
"""
LIVE_IN_OFFER = """
    SELECT interest.party_id, application.id, application.submission, application.due_pence
    FROM offers_applicationparty interest
    JOIN offers_application application ON application.id = interest.application_id
    WHERE interest.society_id = %s AND interest.party_id = ANY(%s) AND application.offer_id = %s
      AND application.state = ANY(%s)
"""
ADD_LIVE = """
    UPDATE offers_exposure SET limit_pence = %s, live_pence = live_pence + %s WHERE society_id = %s AND id = ANY(%s)
"""


def lock(society_id: uuid.UUID, details: Iterable[PartyDetails]) -> dict[str, Exposure]:
    """Lock the exposures of all parties concerned, in order of their ids; by the parties' identities.

    Every verb that changes what somebody holds or has waiting begins here, so two of them never wait for each
    other in a circle. Parties and rows that are missing are made first, in order of identity and before any row is
    locked: who waits for somebody else's new party while holding a lock that they want would wait for ever.
    """
    wanted = {party.identity: party for party in details}
    rows, made = _locked_by_identity(society_id, wanted), []
    if not rows and wanted:
        rows = made = _make(society_id, wanted)
    if len(rows) < len(wanted):  # some were there already
        rows = _locked_by_identity(society_id, wanted)
    if not rows and wanted:  # a party had no row yet
        _insert(society_id, list(wanted))
        rows = _locked_by_identity(society_id, wanted)
    new = {row.party_id for row in made}
    for row in rows:
        row.is_new = row.party_id in new
    return {row.party.identity: row for row in rows}


def _make(society_id: uuid.UUID, missing: dict[str, PartyDetails]) -> list[Exposure]:
    """Parties that nobody knew and their rows, in one statement. Nobody else sees them yet, so they are locked.

    A party that is there already is left out.
    """
    parties = holders.new_parties(society_id, missing)
    rows = [Exposure(society_id=society_id, party=party) for party in parties]
    statement, values = hot.insertion(parties, or_leave=True)
    keys = [[row.pk for row in rows], [row.party_id for row in rows]]
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(parties=statement), [*values, *keys])
        made = {party_id for (party_id,) in cursor.fetchall()}
    return [row for row in rows if row.party_id in made]


def _locked_by_identity(society_id: uuid.UUID, identities: Iterable[str]) -> list[Exposure]:
    """The rows, locked in order of their ids, each with its party; none, and nothing locked, where one is missing."""
    wanted = list(identities)
    with connection.cursor() as cursor:
        cursor.execute(LOCKED_IF_ALL, {"society": society_id, "identities": wanted, "number": len(wanted)})
        found = cursor.fetchall()
    rows = [hot.instance(Exposure, values[:WIDTH]) for values in found]
    for row, values in zip(rows, found, strict=True):
        row.party = hot.instance(Party, values[WIDTH:])
    return rows


def lock_application(application) -> list[Exposure]:
    """Lock the exposures of everybody with an interest in an application."""
    return _locked(application.society_id, party__interests__application_id=application.pk)


def lock_applications(society_id: uuid.UUID, application_ids: Collection[uuid.UUID]) -> list[Exposure]:
    """Lock the exposures of everybody with an interest in any of several applications."""
    concerned = ApplicationParty.objects.filter(society_id=society_id, application_id__in=application_ids)
    return _locked(society_id, party__in=concerned.values("party_id"))


def lock_parties(society_id: uuid.UUID, parties: Iterable[Party]) -> list[Exposure]:
    """Lock the exposures of parties that have held something before."""
    return _locked(society_id, party__in=list(parties))


def _locked(society_id: uuid.UUID, **of) -> list[Exposure]:
    rows = Exposure.objects.select_for_update(no_key=True, of=("self",)).select_related("party")
    return list(rows.filter(society_id=society_id, **of).order_by("pk"))


def _insert(society_id: uuid.UUID, identities: list[str]) -> None:
    """A row for each party, whoever made the party; somebody else may do the same at this moment."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO offers_exposure (id, society_id, party_id, held_pence, live_pence)
            SELECT %s, society_id, id, 0, 0 FROM offers_party WHERE society_id = %s AND identity = %s
            ON CONFLICT (party_id) DO NOTHING
            """,
            [(ids.uuid7(), society_id, identity) for identity in sorted(identities)],
        )


def live_applications(exposures: Collection[Exposure], offer_id: uuid.UUID) -> list[tuple]:
    """(party, application, its form's key, what is due) of everything live in an offer that concerns these parties."""
    if not any(row.live_pence for row in exposures):
        return []
    with connection.cursor() as cursor:
        parties = [row.party_id for row in exposures]
        cursor.execute(LIVE_IN_OFFER, [_society(exposures), parties, offer_id, [state.value for state in LIVE]])
        return cursor.fetchall()


def interests(exposures: Collection[Exposure], live: Collection[tuple]) -> list[Interest]:
    """The facts for the caps, from locked rows and what `live_applications` found under the same lock."""
    return [
        Interest(
            held_pence=row.held_pence,
            live_pence=row.live_pence,
            in_offer_pence=sum(due_pence for party_id, _, _, due_pence in live if party_id == row.party_id),
            exempt=is_exempt(row.party),
        )
        for row in exposures
    ]


def is_exempt(party: Party) -> bool:
    """Whether s.24(2) leaves the party out of the law's limit."""
    return party.kind == PartyKind.REGISTERED_SOCIETY


def add_live(exposures: Collection[Exposure], amount_pence: int, *, cap_pence: int) -> None:
    """Count a sum as waiting for everybody concerned; the row's own CHECK is the last fence of the law's limit."""
    for exempt, cap in ((False, cap_pence), (True, None)):
        keys = [row.pk for row in exposures if is_exempt(row.party) is exempt]
        if keys:
            with connection.cursor() as cursor:
                cursor.execute(ADD_LIVE, [cap, amount_pence, _society(exposures), keys])


def drop_live(exposures: Collection[Exposure], amount_pence: int) -> None:
    """A sum no longer waits: lapsed, cancelled, refunded or allotted."""
    rows = Exposure.objects.filter(society_id=_society(exposures), pk__in=[row.pk for row in exposures])
    rows.update(live_pence=F("live_pence") - amount_pence)


def _society(exposures: Collection[Exposure]) -> uuid.UUID:
    return next(iter(exposures)).society_id
