"""I3 and I6: nothing is oversold, over a cap or negative; certificates are gap-free and say what was so."""

from __future__ import annotations

from collections.abc import Iterator

from common import clock
from compliance import canonical
from compliance.models import Certificate
from members.books.fault import Found, ask
from offers.models import RuleBook, Society

OVERSOLD = """
    SELECT society.register_number, 'offer ' || offer.slug,
           'allotted ' || sum(entry.amount_pence) || ' p of ' || offer.maximum_pence || ' p'
    FROM offers_shareoffer offer
    JOIN offers_society society ON society.id = offer.society_id
    JOIN members_ledgerentry entry ON entry.offer_id = offer.id AND entry.kind = 'allotment'
    GROUP BY society.register_number, offer.id
    HAVING sum(entry.amount_pence) > offer.maximum_pence
"""
NEGATIVE = """
    SELECT society.register_number, 'member ' || member.number, 'held ' || min(running.shares) || ' shares at one time'
    FROM (
        SELECT society_id, member_id,
               sum(shares) OVER (PARTITION BY member_id, share_class_id ORDER BY seq) AS shares
        FROM members_ledgerentry
    ) running
    JOIN members_member member ON member.id = running.member_id
    JOIN offers_society society ON society.id = running.society_id
    WHERE running.shares < 0
    GROUP BY society.register_number, member.number
"""
# A match is refused by no rule, so what an institution was matched for is left out of its own cap.
OVER_A_CAP = """
    SELECT %(number)s, 'party ' || party.id,
           'holds ' || sum(entry.amount_pence) || ' p, and ' || %(cap)s || ' p is the most'
    FROM members_entryinterest interest
    JOIN members_ledgerentry entry ON entry.id = interest.entry_id AND entry.kind <> 'match'
    JOIN offers_party party ON party.id = interest.party_id
    WHERE interest.society_id = %(society)s AND (party.kind <> 'registered-society' OR NOT %(societies_exempt)s)
    GROUP BY party.id
    HAVING sum(entry.amount_pence) > %(cap)s
"""
GAPS = """
    SELECT society.register_number, 'certificate ' || certificate.number,
           'has place ' || row_number() OVER (PARTITION BY certificate.society_id ORDER BY certificate.number)
    FROM compliance_certificate certificate JOIN offers_society society ON society.id = certificate.society_id
"""
# What stands behind a certificate that took another's place are the entries of the first one.
SAYS = """
    WITH RECURSIVE origin AS (
        SELECT certificate.id, certificate.id AS first FROM compliance_certificate certificate
        WHERE NOT EXISTS (SELECT 1 FROM compliance_certificateend ended WHERE ended.replaced_by_id = certificate.id)
        UNION ALL
        SELECT ended.replaced_by_id, origin.first FROM origin
        JOIN compliance_certificateend ended ON ended.certificate_id = origin.id AND ended.replaced_by_id IS NOT NULL
    )
    SELECT society.register_number, 'certificate ' || certificate.number,
           'says ' || (certificate.facts->>'shares') || ' shares, its entries ' || coalesce(sum(entry.shares), 0)
    FROM compliance_certificate certificate
    JOIN offers_society society ON society.id = certificate.society_id
    LEFT JOIN origin ON origin.id = certificate.id
    LEFT JOIN members_ledgerentry entry ON entry.certificate_id = origin.first
    GROUP BY society.register_number, certificate.id
    HAVING coalesce(sum(entry.shares), 0) <> (certificate.facts->>'shares')::bigint
        OR coalesce(sum(entry.amount_pence), 0) <> (certificate.facts->>'amount_pence')::bigint
        OR certificate.number <> (certificate.facts->>'number')::int
"""
LAST = """
    SELECT society.register_number, 'numbering', 'says certificate ' || numbering.last_certificate || ' was the last, '
           || count(certificate.id) || ' stand'
    FROM members_numbering numbering
    JOIN offers_society society ON society.id = numbering.society_id
    LEFT JOIN compliance_certificate certificate ON certificate.society_id = numbering.society_id
    GROUP BY society.register_number, numbering.id
    HAVING numbering.last_certificate <> count(certificate.id)
"""


def limits() -> Found:
    """I3: allotments within the offer's maximum, everybody within the law's and the rules' limit, none below 0."""
    yield from ask(OVERSOLD)
    yield from ask(NEGATIVE)
    for society in Society.objects.all():
        law = society.law(clock.today()).figure("holding_cap_pence").value
        books = RuleBook.objects.filter(society=society).order_by("-max_holding_pence")
        highest = books.values_list("max_holding_pence", flat=True).first()
        facts = {"number": society.register_number, "society": society.pk}
        yield from ask(OVER_A_CAP, facts | {"cap": law, "societies_exempt": True})
        if highest:
            yield from ask(OVER_A_CAP, facts | {"cap": highest, "societies_exempt": False})


def certificates() -> Found:
    """I6: numbers from 1 without gaps, frozen facts under their own hash, and sums that their entries have."""
    for number, subject, place in ask(GAPS):
        if subject.removeprefix("certificate ") != place.removeprefix("has place "):
            yield number, subject, f"{place} in the order of numbers: one is missing"
    yield from ask(SAYS)
    yield from ask(LAST)
    yield from _hashes()


def _hashes() -> Iterator[tuple[str, str, str]]:
    rows = Certificate.objects.values_list("society__register_number", "number", "facts", "facts_sha256")
    for register_number, number, facts, digest in rows.iterator(2000):
        if canonical.sha256(facts) != digest:
            yield register_number, f"certificate {number}", "its facts are not those it was issued with"
