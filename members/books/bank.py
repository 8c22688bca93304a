"""Bank statements recounted: each line is what was decided of it, and each statement leads from opening to closing."""

from __future__ import annotations

from members.books.fault import Found, ask

LINES = """
    WITH parts AS (
        SELECT decision_id, part.amount_pence, receipt.amount_pence AS whole_pence,
               receipt.attempt_id IS NOT NULL AS is_wrong
        FROM payments_linereceipt part JOIN payments_receipt receipt ON receipt.id = part.receipt_id
        UNION ALL
        SELECT decision_id, direction.sign * part.amount_pence, direction.sign * refund.amount_pence,
               refund.way <> 'society'
        FROM payments_linerefund part JOIN payments_refund refund ON refund.id = part.refund_id
        CROSS JOIN LATERAL (SELECT CASE WHEN part.is_out THEN -1 ELSE 1 END AS sign) direction
    ), newest AS (
        SELECT DISTINCT ON (line_id) * FROM payments_linedecision ORDER BY line_id, number DESC
    )
    SELECT society.register_number, 'bank line of ' || line.booked_on,
           decision.kind || ', and ' || line.amount_pence || ' p are ' || coalesce(sum(parts.whole_pence), 0)
           || ' p of receipts and refunds'
    FROM newest decision
    JOIN payments_bankline line ON line.id = decision.line_id
    JOIN offers_society society ON society.id = line.society_id
    LEFT JOIN parts ON parts.decision_id = decision.id
    WHERE NOT EXISTS (SELECT 1 FROM payments_linereceipt part JOIN payments_receipt contra
                          ON contra.reverses_id = part.receipt_id WHERE part.decision_id = decision.id)
    GROUP BY society.register_number, line.id, decision.kind, line.booked_on, line.amount_pence
    HAVING coalesce(sum(parts.whole_pence), 0)
           <> (CASE WHEN decision.kind IN ('receipt', 'refund') THEN line.amount_pence ELSE 0 END)
        OR bool_or(parts.amount_pence <> parts.whole_pence OR parts.is_wrong)
"""
SENT_BACK = """
    SELECT society.register_number, 'bank line of ' || line.booked_on, 'sent back, and no line answers it'
    FROM payments_linedecision decision
    JOIN payments_bankline line ON line.id = decision.line_id
    JOIN offers_society society ON society.id = line.society_id
    WHERE decision.kind = 'sent-back' AND NOT EXISTS (
        SELECT 1 FROM payments_linedecision answer JOIN payments_bankline other ON other.id = answer.line_id
        WHERE answer.line_id = decision.other_line_id AND answer.kind = 'sent-back'
          AND answer.other_line_id = decision.line_id AND other.amount_pence = -line.amount_pence)
"""
# A line that is a payout has the payout's arrival, of its sum, and what was decided otherwise since has none.
PAYOUTS = """
    WITH newest AS (
        SELECT DISTINCT ON (line_id) * FROM payments_linedecision ORDER BY line_id, number DESC
    )
    SELECT society.register_number, 'bank line of ' || line.booked_on, 'a payout, and none arrived by it'
    FROM newest decision
    JOIN payments_bankline line ON line.id = decision.line_id
    JOIN offers_society society ON society.id = line.society_id
    WHERE decision.kind = 'payout' AND NOT EXISTS (
        SELECT 1 FROM payments_payoutarrival arrival
        WHERE arrival.decision_id = decision.id AND arrival.released_at IS NULL
          AND line.amount_pence = CASE WHEN arrival.is_in THEN 1 ELSE -1 END * arrival.amount_pence)
    UNION ALL
    SELECT society.register_number, 'payout ' || payout.stripe_id, 'stands on a line that was decided otherwise since'
    FROM payments_payoutarrival arrival
    JOIN payments_payout payout ON payout.id = arrival.payout_id
    JOIN offers_society society ON society.id = arrival.society_id
    WHERE arrival.released_at IS NULL AND arrival.decision_id IS NOT NULL
      AND arrival.decision_id NOT IN (SELECT id FROM newest)
"""
STATEMENTS = """
    SELECT society.register_number, 'statement to ' || taken.last_on,
           'opens with ' || taken.opening_pence || ' p, has ' || taken.lines_pence || ' p and closes with '
           || taken.closing_pence || ' p'
    FROM payments_statementimport taken JOIN offers_society society ON society.id = taken.society_id
    WHERE taken.opening_pence + taken.lines_pence <> taken.closing_pence
    UNION ALL
    SELECT society.register_number, 'statement to ' || taken.last_on,
           'brought ' || taken.lines_new || ' new lines, and ' || count(line.id) || ' are there'
    FROM payments_statementimport taken
    JOIN offers_society society ON society.id = taken.society_id
    LEFT JOIN payments_bankline line ON line.statement_id = taken.id AND line.account_id = taken.account_id
    GROUP BY society.register_number, taken.id, taken.last_on, taken.lines_new
    HAVING count(line.id) <> taken.lines_new
"""


def lines() -> Found:
    """An accepted line is its receipts, a line of refunds is its refunds, to the penny; nothing else has any.

    A line that is a payout is that one, and no other.
    """
    yield from ask(LINES)
    yield from ask(SENT_BACK)
    yield from ask(PAYOUTS)
    yield from ask(STATEMENTS)
