"""I2, I4 and the exposures: every total that is kept or shown, counted again from its rows."""

from __future__ import annotations

from members.books.fault import Found, ask

HOLDINGS = """
    SELECT society.register_number, 'entry ' || entry.seq,
           entry.shares || ' shares of ' || class.nominal_pence || ' p are not ' || entry.amount_pence || ' p'
    FROM members_ledgerentry entry
    JOIN offers_shareclass class ON class.id = entry.share_class_id
    JOIN offers_society society ON society.id = entry.society_id
    WHERE entry.amount_pence <> entry.shares * class.nominal_pence
    UNION ALL
    SELECT society.register_number, 'application ' || application.reference,
           'allotted ' || application.allotted_pence || ' p, the ledger says '
           || coalesce(entry.amount_pence, 0) || ' p'
    FROM offers_application application
    JOIN offers_society society ON society.id = application.society_id
    LEFT JOIN members_ledgerentry entry ON entry.application_id = application.id
    WHERE application.allotted_pence <> coalesce(entry.amount_pence, 0)
    UNION ALL
    SELECT society.register_number, 'member ' || member.number, 'is not on the register but the ledger counts them'
    FROM members_member member
    JOIN offers_society society ON society.id = member.society_id
    WHERE EXISTS (SELECT 1 FROM members_ledgerentry entry WHERE entry.member_id = member.id)
      AND NOT EXISTS (SELECT 1 FROM members_particulars said WHERE said.member_id = member.id
                      AND said.effective_on <= member.entered_on)
"""
MONEY = """
    WITH held AS (
        SELECT application.id,
               coalesce((SELECT sum(amount_pence) FROM payments_receipt r WHERE r.application_id = application.id), 0)
             - coalesce((SELECT sum(amount_pence) FROM payments_refund b WHERE b.application_id = application.id), 0)
               AS pence
        FROM offers_application application
    )
    SELECT society.register_number, 'application ' || application.reference,
           application.state || ', and ' || held.pence || ' p are held for it'
    FROM offers_application application
    JOIN held ON held.id = application.id
    JOIN offers_society society ON society.id = application.society_id
    JOIN offers_shareoffer offer ON offer.id = application.offer_id
    WHERE held.pence <> CASE application.state
            WHEN 'paid' THEN application.due_pence
            WHEN 'allotted' THEN application.allotted_pence
            WHEN 'cancelled' THEN 0
            WHEN 'refunded' THEN 0
            WHEN 'lapsed' THEN CASE WHEN offer.decided_at IS NULL THEN held.pence ELSE 0 END
            ELSE held.pence END
       OR held.pence < 0
"""
EXPOSURES = """
    WITH held AS (
        SELECT interest.society_id, interest.party_id, sum(entry.amount_pence) AS pence
        FROM members_entryinterest interest JOIN members_ledgerentry entry ON entry.id = interest.entry_id
        GROUP BY interest.society_id, interest.party_id
    ), live AS (
        SELECT interest.society_id, interest.party_id, sum(application.due_pence) AS pence
        FROM offers_applicationparty interest JOIN offers_application application
          ON application.id = interest.application_id AND application.state IN ('awaiting-payment', 'committed', 'paid')
        GROUP BY interest.society_id, interest.party_id
    )
    SELECT society.register_number, 'party ' || party.id,
           'held ' || coalesce(row.held_pence, 0) || ' p, counted ' || coalesce(held.pence, 0) || ' p; waiting '
           || coalesce(row.live_pence, 0) || ' p, counted ' || coalesce(live.pence, 0) || ' p'
    FROM offers_party party
    JOIN offers_society society ON society.id = party.society_id
    LEFT JOIN offers_exposure row ON row.party_id = party.id
    LEFT JOIN held ON held.party_id = party.id AND held.society_id = party.society_id
    LEFT JOIN live ON live.party_id = party.id AND live.society_id = party.society_id
    WHERE coalesce(row.held_pence, 0) <> coalesce(held.pence, 0)
       OR coalesce(row.live_pence, 0) <> coalesce(live.pence, 0)
    UNION ALL
    SELECT society.register_number, 'offer ' || offer.slug,
           'counts ' || offer.taken_pence || ' p as applied for, its applications '
           || coalesce(sum(a.due_pence), 0) || ' p'
    FROM offers_shareoffer offer
    JOIN offers_society society ON society.id = offer.society_id
    LEFT JOIN offers_application a ON a.offer_id = offer.id AND a.state IN ('awaiting-payment', 'committed', 'paid')
    GROUP BY society.register_number, offer.id
    HAVING offer.taken_pence <> coalesce(sum(a.due_pence), 0)
"""


def holdings() -> Found:
    """I2: an entry's sum is its shares, an application's allotment its entry, and whoever holds is on the register."""
    return ask(HOLDINGS)


def money() -> Found:
    """I4, as far as the books alone can say: what is held for each application is what its state says."""
    return ask(MONEY)


def exposures() -> Found:
    """What each party has used of the caps, and each offer of its room, counted again from entries and applications."""
    return ask(EXPOSURES)
