"""Refunds: never more than came in, never twice, by two people where the society pays, and files that add up."""

from __future__ import annotations

from members.books.fault import Found, ask

MORE_THAN_CAME = """
    SELECT society.register_number, 'receipt ' || receipt.id,
           refund.pence || ' p go back of ' || receipt.amount_pence || ' p'
    FROM payments_receipt receipt
    JOIN offers_society society ON society.id = receipt.society_id
    JOIN (SELECT receipt_id, sum(amount_pence) AS pence FROM payments_refund GROUP BY receipt_id) refund
      ON refund.receipt_id = receipt.id
    WHERE refund.pence > receipt.amount_pence
       OR EXISTS (SELECT 1 FROM payments_receipt contra WHERE contra.reverses_id = receipt.id)
"""
ANOTHERS = """
    SELECT society.register_number, 'refund ' || refund.id, 'is of the receipt of another application'
    FROM payments_refund refund JOIN offers_society society ON society.id = refund.society_id
    JOIN payments_receipt receipt ON receipt.id = refund.receipt_id
    WHERE receipt.application_id <> refund.application_id
"""
CONTRA = """
    SELECT society.register_number, 'receipt ' || contra.id, 'does not mirror the receipt that it takes back'
    FROM payments_receipt contra JOIN offers_society society ON society.id = contra.society_id
    JOIN payments_receipt receipt ON receipt.id = contra.reverses_id
    WHERE contra.amount_pence <> -receipt.amount_pence OR contra.application_id <> receipt.application_id
       OR contra.method <> receipt.method
"""
FILES = """
    SELECT society.register_number, 'refunds file ' || batch.number,
           'says ' || batch.total_pence || ' p, its lines ' || coalesce(sum(line.amount_pence), 0) || ' p'
    FROM payments_refundbatch batch JOIN offers_society society ON society.id = batch.society_id
    LEFT JOIN payments_refundbatchline line ON line.batch_id = batch.id
    GROUP BY society.register_number, batch.id
    HAVING batch.total_pence <> coalesce(sum(line.amount_pence), 0)
"""
LINES = """
    SELECT society.register_number, 'refunds file ' || batch.number || ' line ' || line.position,
           'is ' || line.state || ' with ' || line.amount_pence || ' p, its refund ' || refund.state || ' with '
           || refund.amount_pence || ' p'
    FROM payments_refundbatchline line JOIN payments_refundbatch batch ON batch.id = line.batch_id
    JOIN offers_society society ON society.id = line.society_id
    JOIN payments_refund refund ON refund.id = line.refund_id
    WHERE line.amount_pence <> refund.amount_pence
       OR line.state = 'live' AND batch.state = 'sent' AND refund.state <> 'sent'
       OR line.state = 'live' AND batch.state NOT IN ('prepared', 'sent')
       OR line.state = 'done' AND refund.state <> 'done'
       OR line.state = 'given-up' AND batch.state <> 'given-up'
"""
IN_TWO_FILES = """
    SELECT society.register_number, 'refund ' || line.refund_id, 'stands in ' || count(*) || ' files at once'
    FROM payments_refundbatchline line JOIN offers_society society ON society.id = line.society_id
    WHERE line.state IN ('live', 'done')
    GROUP BY society.register_number, line.refund_id HAVING count(*) > 1
"""
# The act, and what it must have been about; the approval was used, and I7 asks whether two people gave it.
ONE_PERSON = """
    SELECT society.register_number, found.subject, 'without the approval of two people'
    FROM (
        SELECT refund.society_id, 'refund ' || refund.id || ' was paid' AS subject,
               'refund-by-hand' AS act, refund.id AS subject_id, NULL::text AS sha256
        FROM payments_refund refund
        WHERE (refund.way = 'society' AND refund.state IN ('sent', 'done') OR refund.done_how <> '')
          AND NOT EXISTS (SELECT 1 FROM payments_refundbatchline line
                          JOIN payments_refundbatch batch ON batch.id = line.batch_id
                          WHERE line.refund_id = refund.id AND line.state IN ('live', 'done')
                            AND batch.state IN ('sent', 'done'))
        UNION ALL
        SELECT society_id, 'refunds file ' || number || ' was sent', 'refund-batch', id, file_sha256
        FROM payments_refundbatch WHERE state IN ('sent', 'done')
        UNION ALL
        SELECT society_id, 'refund ' || id || ' was owed', 'give-back', application_id, NULL
        FROM payments_refund WHERE rule = 'SOC-1'
        UNION ALL
        SELECT society_id, 'receipt ' || reverses_id || ' was taken back', 'undo-receipt', reverses_id, NULL
        FROM payments_receipt WHERE reverses_id IS NOT NULL
    ) found
    JOIN offers_society society ON society.id = found.society_id
    WHERE NOT EXISTS (
        SELECT 1 FROM compliance_approval approval WHERE approval.society_id = found.society_id
          AND approval.act = found.act AND approval.subject_id = found.subject_id AND approval.used_at IS NOT NULL
          AND (found.sha256 IS NULL OR approval.facts->>'file_sha256' = found.sha256))
"""


def refunds() -> Found:
    """What goes back is of what came in, each once; files are the sums of their lines; two people stood by each."""
    for statement in (MORE_THAN_CAME, ANOTHERS, CONTRA, FILES, LINES, IN_TWO_FILES, ONE_PERSON):
        yield from ask(statement)
