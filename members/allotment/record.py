"""The working of a decision that was carried out, read back from what was written then."""

from __future__ import annotations

from collections import defaultdict

from compliance.answers import Answer
from compliance.models import Decision
from members.allotment import postings
from members.allotment.working import Line, Match, Working
from members.models import LedgerEntry
from offers.choices import ApplicationState
from offers.models import Application, ShareOffer


def as_decided(offer: ShareOffer) -> Working:
    """The same Working that two officers approved, for a decided offer; its facts() have the same hash."""
    ended = [ApplicationState.ALLOTTED, ApplicationState.REFUNDED]
    rows = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=ended)
    paid = list(rows.select_related("holder", "tier").order_by("paid_at", "id"))
    answers = _answers(offer, [offer.pk, *(application.pk for application in paid)])
    lines = [Line(application, application.allotted_pence, answers[application.pk]) for application in paid]
    return Working(offer, lines, _matches(offer), answers[offer.pk][0])


def _answers(offer: ShareOffer, subjects: list) -> dict:
    found = defaultdict(list)
    rows = Decision.objects.filter(society_id=offer.society_id, occasion="decide", subject_id__in=subjects)
    for row in rows.order_by("id"):
        found[row.subject_id].append(
            Answer(row.rule, row.level, row.passed, row.message, row.arithmetic, row.source, row.facts, row.question)
        )
    return found


def _matches(offer: ShareOffer) -> list[Match]:
    """The commitments that gave something, each with what the ledger says, found by what makes a party the same."""
    commitments = {postings.matching_party(row).identity: row for row in offer.matches.all()}
    entries = LedgerEntry.objects.filter(society_id=offer.society_id, offer=offer, kind=LedgerEntry.MATCH)
    given = entries.order_by("seq").values_list("member__holder__parts__party__identity", "amount_pence")
    return [Match(commitments[identity], amount_pence) for identity, amount_pence in given]
