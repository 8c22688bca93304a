"""I1 and I4 of Stripe's money: postings balance, and each charge and each refund has its place or its name."""

from __future__ import annotations

from members.books.fault import Found, ask

UNBALANCED = """
    SELECT society.register_number, 'posting set ' || posted.key, 'adds up to ' || sum(posting.amount_pence) || ' p'
    FROM payments_postingset posted
    JOIN offers_society society ON society.id = posted.society_id
    JOIN payments_posting posting ON posting.set_id = posted.id
    GROUP BY society.register_number, posted.id
    HAVING sum(posting.amount_pence) <> 0
"""
# A charge is money for one application, by its attempt, or one exception with an owner, an age and in the end words.
NOWHERE = """
    SELECT society.register_number, 'charge ' || posted.source, 'is of no application and no named exception'
    FROM payments_postingset posted JOIN offers_society society ON society.id = posted.society_id
    WHERE posted.kind IN ('charge', 'payment')
      AND NOT EXISTS (SELECT 1 FROM payments_checkoutattempt attempt
                      JOIN payments_receipt receipt ON receipt.attempt_id = attempt.id
                      WHERE attempt.society_id = posted.society_id AND attempt.charge_id = posted.source)
      AND NOT EXISTS (SELECT 1 FROM payments_suspenseitem item WHERE item.society_id = posted.society_id
                      AND (item.subject = posted.source OR item.facts->>'charge' = posted.source))
"""
OTHER_SUM = """
    SELECT society.register_number, 'receipt ' || receipt.id,
           'is of ' || receipt.amount_pence || ' p, Stripe took ' || -posting.amount_pence || ' p'
    FROM payments_receipt receipt
    JOIN payments_checkoutattempt attempt ON attempt.id = receipt.attempt_id
    JOIN offers_society society ON society.id = receipt.society_id
    JOIN payments_postingset posted ON posted.society_id = receipt.society_id AND posted.source = attempt.charge_id
      AND posted.kind IN ('charge', 'payment')
    JOIN payments_posting posting ON posting.set_id = posted.id AND posting.account = 'in-transit'
    WHERE receipt.amount_pence <> -posting.amount_pence
"""
# What we say came in or went back through Stripe is in the clearing ledger, of the same sum.
NOT_POSTED = """
    SELECT society.register_number, told.subject,
           'is of ' || told.pence || ' p, the clearing ledger says ' || coalesce(-posting.amount_pence, 0) || ' p'
    FROM (
        SELECT society_id, 'receipt ' || id AS subject, 'receipt:' || id AS key, amount_pence AS pence
        FROM payments_receipt WHERE attempt_id IS NOT NULL
        UNION ALL
        SELECT society_id, 'refund ' || id, 'refund:' || stripe_id, -amount_pence
        FROM payments_refund WHERE state = 'done' AND stripe_id IS NOT NULL
    ) told
    JOIN offers_society society ON society.id = told.society_id
    LEFT JOIN payments_postingset posted ON posted.society_id = told.society_id AND posted.key = told.key
    LEFT JOIN payments_posting posting ON posting.set_id = posted.id AND posting.account = 'applicants'
    WHERE told.pence <> coalesce(-posting.amount_pence, 0)
"""

# What was seen at the bank is posted so, and what was released is posted back.
ARRIVALS = """
    SELECT society.register_number, 'payout ' || payout.stripe_id,
           'was seen at the bank, and the clearing ledger says ' || coalesce(sum(posting.amount_pence), 0) || ' p of it'
    FROM payments_payoutarrival arrival
    JOIN payments_payout payout ON payout.id = arrival.payout_id
    JOIN offers_society society ON society.id = arrival.society_id
    LEFT JOIN payments_postingset posted ON posted.society_id = arrival.society_id
      AND posted.key IN ('arrival:' || arrival.id, 'arrival-released:' || arrival.id)
    LEFT JOIN payments_posting posting ON posting.set_id = posted.id AND posting.account = 'bank'
    GROUP BY society.register_number, payout.stripe_id, arrival.id
    HAVING coalesce(sum(posting.amount_pence), 0) <> CASE
        WHEN arrival.released_at IS NOT NULL THEN 0 WHEN arrival.is_in THEN arrival.amount_pence
        ELSE -arrival.amount_pence END
"""


def balanced() -> Found:
    """I1: every set of postings adds up to nothing."""
    return ask(UNBALANCED)


def charges() -> Found:
    """I4: each charge is one receipt of its sum or one named exception; what came and went is posted as it was."""
    yield from ask(NOWHERE)
    yield from ask(OTHER_SUM)
    yield from ask(NOT_POSTED)
    yield from ask(ARRIVALS)
