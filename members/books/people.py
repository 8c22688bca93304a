"""I7, I8 and I12: two people where two are asked for, one society in every row, complete particulars."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey

from common.rows import SocietyRow
from compliance import canonical
from compliance.models import Approval
from members.books.fault import Found, ask

ONE_PERSON = """
    SELECT society.register_number, approval.act || ' ' || approval.subject_id, 'one person prepared and approved it'
    FROM compliance_approval approval JOIN offers_society society ON society.id = approval.society_id
    WHERE approval.used_at IS NOT NULL
      AND (approval.approved_by_id IS NULL OR approval.approved_by_id = approval.prepared_by_id
           OR approval.approved_at < approval.prepared_at OR approval.used_at < approval.approved_at)
"""
NOT_APPROVED = """
    SELECT society.register_number, 'offer ' || offer.slug,
           'was ' || needed.done || ' without the approval of two people'
    FROM offers_shareoffer offer
    JOIN offers_society society ON society.id = offer.society_id
    JOIN (VALUES ('publish', 'published'), ('decide', 'decided')) AS needed (act, done)
      ON (needed.act = 'publish' AND offer.published_at IS NOT NULL)
      OR (needed.act = 'decide' AND offer.decided_at IS NOT NULL)
    WHERE NOT EXISTS (SELECT 1 FROM compliance_approval approval WHERE approval.society_id = offer.society_id
        AND approval.subject_id = offer.id AND approval.act = needed.act AND approval.used_at IS NOT NULL)
"""
SEEN_BY_ONE = """
    SELECT society.register_number, 'receipt ' || receipt.id, wrong.what
    FROM payments_receipt receipt
    JOIN offers_society society ON society.id = receipt.society_id
    LEFT JOIN payments_papermoney paper ON paper.receipt_id = receipt.id
    CROSS JOIN LATERAL (VALUES
        ('a cheque or cash counts that two people have not seen', NOT receipt.on_statement
            AND (receipt.recorded_by_id = receipt.confirmed_by_id) IS NOT FALSE),
        ('is on a statement, and part of no line', receipt.on_statement AND NOT EXISTS (
            SELECT 1 FROM payments_linereceipt part WHERE part.receipt_id = receipt.id)),
        ('is not what was recorded and confirmed', paper.id IS NOT NULL AND (
            paper.amount_pence <> receipt.amount_pence
            OR paper.application_id <> receipt.application_id OR paper.method <> receipt.method
            OR paper.recorded_by_id <> receipt.recorded_by_id AND NOT receipt.on_statement
            OR paper.confirmed_by_id IS DISTINCT FROM receipt.confirmed_by_id))
    ) AS wrong (what, is_so)
    WHERE receipt.method IN ('cheque', 'cash') AND wrong.is_so
"""
INCOMPLETE = """
    SELECT society.register_number, 'member ' || member.number, 'the register lacks ' || lacks.what
    FROM members_member member
    JOIN offers_society society ON society.id = member.society_id
    LEFT JOIN LATERAL (
        SELECT * FROM members_particulars said WHERE said.member_id = member.id
        ORDER BY said.effective_on DESC, said.recorded_at DESC LIMIT 1
    ) said ON true
    CROSS JOIN LATERAL (VALUES
        ('a name', btrim(coalesce(said.name, '')) = ''),
        ('a postal address', btrim(coalesce(said.address, '')) = ''),
        ('the purposes of the electronic address', said.email <> '' AND btrim(said.email_purposes) = '')
    ) AS lacks (what, missing)
    WHERE lacks.missing
"""
CEASED = """
    SELECT society.register_number, 'member ' || member.number, 'the day of ceasing is not that of the last change'
    FROM members_member member
    JOIN offers_society society ON society.id = member.society_id
    LEFT JOIN LATERAL (
        SELECT * FROM members_membershipchange change WHERE change.member_id = member.id
        ORDER BY change.recorded_at DESC, change.id DESC LIMIT 1
    ) change ON true
    WHERE member.ceased_on IS DISTINCT FROM CASE WHEN change.kind = 'ceased' THEN change.effective_on END
"""


def four_eyes() -> Found:
    """I7: what takes two people had two different ones, the second after the last change of what was approved."""
    yield from ask(ONE_PERSON)
    yield from ask(NOT_APPROVED)
    yield from ask(SEEN_BY_ONE)
    for approval in Approval.objects.select_related("society").exclude(used_at=None).iterator(1000):
        if canonical.sha256(approval.facts) != approval.facts_sha256:
            subject = f"{approval.act} {approval.subject_id}"
            yield approval.society.register_number, subject, "what was approved is not what stands there"


def one_society() -> Found:
    """I8: whatever a row of a society's points at belongs to the same society. Walks every foreign key there is."""
    for model in apps.get_models():
        if not issubclass(model, SocietyRow):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and issubclass(field.related_model, SocietyRow):
                yield from ask(
                    f"""
                    SELECT society.register_number, '{model._meta.db_table} ' || here.id,
                           '{field.column} is of another society'
                    FROM {model._meta.db_table} here
                    JOIN {field.related_model._meta.db_table} there ON there.id = here.{field.column}
                    JOIN offers_society society ON society.id = here.society_id
                    WHERE there.society_id <> here.society_id
                    """
                )


def particulars() -> Found:
    """I12: every member has a name, a postal address, an electronic address with its purposes, and days that agree."""
    yield from ask(INCOMPLETE)
    yield from ask(CEASED)
