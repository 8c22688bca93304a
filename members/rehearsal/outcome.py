"""outcome.json: what became of the offer, of every application line, and whether the books are right."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Sum

from compliance.answers import Answer, in_order
from compliance.models import Certificate, Decision
from members import books
from members.models import LedgerEntry, Member
from members.rehearsal.playing import Line, Played
from offers.choices import ApplicationState
from offers.models import Application
from payments.models import Receipt, Refund


def outcome(played: Played) -> dict:
    """The whole outcome as JSON."""
    facts = _Facts(played)
    faults = [str(fault) for fault in books.faults()]
    return {
        "offer": _offer(played, facts),
        "applications": [_application(line, facts) for line in played.lines],
        "books": {"ok": not faults, "faults": faults},
    }


class _Facts:
    """What the database says of every application, read in a few queries."""

    def __init__(self, played: Played):
        offer = played.stage.offer
        applications = Application.objects.filter(society_id=offer.society_id, offer=offer)
        self.applications = {row.pk: row for row in applications}
        of_offer = {"society_id": offer.society_id, "application__offer": offer}
        self.paid = _sums(Receipt.objects.filter(**of_offer))
        self.refunded = _sums(Refund.objects.filter(**of_offer))
        self.members = dict(Member.objects.filter(society_id=offer.society_id).values_list("holder_id", "number"))
        entries = LedgerEntry.objects.filter(society_id=offer.society_id, offer=offer)
        self.entries = list(entries.select_related("certificate"))
        self.certificates = {e.application_id: e.certificate.number for e in self.entries if e.application_id}
        self.problems = defaultdict(list)
        decided = Decision.objects.filter(society_id=offer.society_id, passed=False, occasion__in=["apply", "decide"])
        for row in decided.order_by("decided_at", "id"):
            self.problems[row.subject_id].append(row)


def _sums(rows) -> dict:
    return dict(rows.order_by().values_list("application_id").annotate(Sum("amount_pence")))


def _offer(played: Played, facts: _Facts) -> dict:
    offer = played.stage.offer
    offer.refresh_from_db()
    members = {entry.member_id for entry in facts.entries}
    return {
        "state": offer.state,
        "applied_pence": sum(row.applied_pence for row in facts.applications.values()),
        "cleared_pence": played.working.cleared_pence,
        "allotted_pence": sum(row.allotted_pence for row in facts.applications.values()),
        "match_pence": sum(e.amount_pence for e in facts.entries if e.kind == LedgerEntry.MATCH),
        "refunded_pence": sum(facts.refunded.values()),
        "exceptions_pence": played.exceptions_pence,
        "members": len(members),
        "certificates": Certificate.objects.filter(society_id=offer.society_id).count(),
        "oversubscribed": played.working.is_oversubscribed,
    }


def _application(line: Line, facts: _Facts) -> dict:
    found = {"line": line.event.line, "applicant": line.event.applicant}
    if line.application is None:
        return found | {
            "state": "refused",
            "applied_pence": line.event.amount_pence,
            "paid_pence": 0,
            "allotted_pence": 0,
            "refunded_pence": 0,
            "member_no": None,
            "certificate_no": None,
            "problems": _words(line.refused),
        }
    row = facts.applications[line.application.pk]
    allotted = row.state == ApplicationState.ALLOTTED
    number = facts.certificates.get(row.pk)
    return found | {
        "state": row.state,
        "applied_pence": row.applied_pence,
        "paid_pence": facts.paid.get(row.pk, 0),
        "allotted_pence": row.allotted_pence,
        "refunded_pence": facts.refunded.get(row.pk, 0),
        "member_no": facts.members[row.holder_id] if allotted else None,
        "certificate_no": str(number) if number else None,
        "problems": _words(facts.problems[row.pk]),
    }


def _words(problems: list[Answer] | list[Decision]) -> list[dict]:
    """One for each rule, in the order in which people are told; the last word of a rule stands."""
    last = {problem.rule: problem for problem in problems}
    return [{"rule": problem.rule, "message": problem.message} for problem in in_order(last.values())]
