"""Faults to plant in the walk of test_books.py: (invariant, SQL, what it is in, what is said of it).

Entries 1 to 3 are the founders', 4 to 6 an allotment of £500, £25,000 and £1,000, 7 reverses the sixth.
"""


def entry(change: str, seq: int = 4) -> str:
    """SQL that changes an entry in place."""
    return f"UPDATE members_ledgerentry SET {change} WHERE seq = {seq} AND society_id = {FIRST}"


FIRST = "(SELECT id FROM offers_society WHERE slug <> 'other')"
OFFER = "(SELECT id FROM offers_shareoffer WHERE slug = '{}')"
STATE = "(SELECT id FROM offers_application WHERE state = '{}' ORDER BY id LIMIT 1)"
MEMBER = "(SELECT member_id FROM members_ledgerentry WHERE seq = 4)"
SAID = f"UPDATE members_particulars SET {{}} WHERE member_id = {MEMBER}"
CHANGED = "its fields are not those it was recorded with"

I1 = [
    ("UPDATE payments_posting SET amount_pence = amount_pence + 1 WHERE account = 'fees' AND set_id = "
     "(SELECT id FROM payments_postingset WHERE key = 'txn_ch_1')", "posting set txn_ch_1", "adds up to 1 p"),
    ("DELETE FROM payments_posting WHERE account = 'applicants'", "posting set receipt:", "adds up to 60000 p"),
]  # fmt: skip
I2 = [
    (entry("amount_pence = amount_pence + 1"), "entry 4", "500 shares of 100 p are not 50001 p"),
    (entry("shares = shares - 1"), "entry 4", "499 shares of 100 p are not 50000 p"),
    ("UPDATE offers_application SET allotted_pence = 49900 WHERE allotted_pence = 50000", "application ",
     "allotted 49900 p, the ledger says 50000 p"),
    ("DELETE FROM members_entryinterest WHERE entry_id = (SELECT id FROM members_ledgerentry WHERE seq = 5);"
     "DELETE FROM members_ledgerentry WHERE seq = 5", "application ", "allotted 2500000 p, the ledger says 0 p"),
    (f"DELETE FROM members_particulars WHERE member_id = {MEMBER}", "member 4", "is not on the register"),
]  # fmt: skip
I3 = [
    ("UPDATE offers_shareoffer SET maximum_pence = 100000 WHERE slug = 'decided'", "offer decided",
     "allotted 2650000 p of 100000 p"),
    (entry("shares = -1600, amount_pence = -160000", 7), "member 6", "held -600 shares at one time"),
    (f"UPDATE offers_society SET jurisdiction = 'GB-NIR' WHERE id = {FIRST}", "party ",
     "holds 2500000 p, and 2000000 p is the most"),
    ("UPDATE offers_rulebook SET max_holding_pence = 40000", "party ", "holds 50000 p, and 40000 p is the most"),
]  # fmt: skip
I4 = [
    (f"UPDATE payments_receipt SET amount_pence = amount_pence + 1 WHERE application_id = {STATE.format(state)}",
     "application ", f"{state}, and {held} p are held for it")
    for state, held in [("paid", 10001), ("allotted", 50001), ("cancelled", 1), ("refunded", 1), ("lapsed", 1)]
] + [
    (f"DELETE FROM payments_receipt WHERE application_id = {STATE.format('paid')}", "application ", "paid, and 0 p"),
    ("UPDATE payments_refund SET amount_pence = amount_pence + 1", "application ", "lapsed, and -1 p"),
    ("UPDATE offers_application SET state = 'awaiting-payment' WHERE state = 'cancelled';"
     "DELETE FROM payments_receipt WHERE amount_pence = 40000", "application ", "awaiting-payment, and -40000 p"),
]  # fmt: skip
I4 += [
    ("DELETE FROM payments_suspenseitem", "charge ch_2", "is of no application and no named exception"),
    ("UPDATE payments_checkoutattempt SET charge_id = 'ch_9'", "charge ch_1", "is of no application and no named"),
    ("UPDATE payments_receipt SET attempt_id = NULL", "charge ch_1", "is of no application and no named exception"),
    ("UPDATE payments_receipt SET amount_pence = 60100 WHERE attempt_id IS NOT NULL", "receipt ",
     "is of 60100 p, Stripe took 60000 p"),
    ("UPDATE payments_receipt SET amount_pence = 60100 WHERE attempt_id IS NOT NULL", "receipt ",
     "is of 60100 p, the clearing ledger says 60000 p"),
    ("UPDATE payments_postingset SET key = 'x' WHERE key LIKE 'receipt:%'", "receipt ",
     "is of 60000 p, the clearing ledger says 0 p"),
    ("UPDATE payments_refund SET stripe_id = 're_2' WHERE stripe_id = 're_1'", "refund ",
     "is of -500 p, the clearing ledger says 0 p"),
]  # fmt: skip
I5 = [
    ("DELETE FROM members_ledgerentry WHERE seq = 5", "entry 6", "entry 5 is missing before it"),
    ("DELETE FROM members_ledgerentry WHERE seq = 6", "entry 7", "entry 6 is missing before it"),
    ("DELETE FROM members_ledgerentry WHERE seq = 1", "entry 2", "entry 1 is missing before it"),
    ("DELETE FROM members_ledgerentry WHERE seq = 7", "entry 7", "is the last one by the numbering"),
    (f"UPDATE members_numbering SET last_seq = 8 WHERE society_id = {FIRST}", "entry 8", "it is not there"),
    (f"UPDATE members_numbering SET last_hash = 'x' WHERE society_id = {FIRST}", "entry 7", "it is not there"),
    ("DELETE FROM members_numbering", "numbering", "there is none, and entries up to 7"),
    (entry(r"hash = '\x01'"), "entry 5", "does not follow the entry before it"),
    (entry(r"previous_hash = '\x01'"), "entry 4", "does not follow the entry before it"),
    *((entry(change), "entry 4", CHANGED) for change in [
        r"hash = '\x01'", r"previous_hash = '\x01'", "shares = 501", "amount_pence = 50001", "kind = 'match'",
        "effective_on = effective_on - 1", "recorded_at = recorded_at + interval '1 microsecond'",
        "authority = 'Somebody'", "application_id = NULL", "offer_id = NULL", "certificate_id = NULL",
        r"particulars_commitment = '\x01'", "reverses_id = (SELECT id FROM members_ledgerentry WHERE seq = 5)",
        "recorded_by_id = NULL", "member_id = (SELECT member_id FROM members_ledgerentry WHERE seq = 5)",
        "certificate_id = (SELECT certificate_id FROM members_ledgerentry WHERE seq = 5)",
        f"share_class_id = (SELECT id FROM offers_shareclass WHERE society_id <> {FIRST})",
    ]),
    ("DELETE FROM members_entryinterest WHERE entry_id = (SELECT id FROM members_ledgerentry WHERE seq = 4)",
     "entry 4", CHANGED),
    *((SAID.format(change), "member 4", "on is not what was recorded") for change in [
        "name = 'Somebody Else'", "joint_names = 'Somebody'", "representative = 'Somebody'", "address = 'Elsewhere'",
        "postcode = 'X'", "country = 'FR'", "email = 'x@example.org'", r"salt = '\x01'", r"commitment = '\x01'",
    ]),
    (f"DELETE FROM members_particulars WHERE member_id = {MEMBER}", "entry 4", "nothing that the register said"),
]  # fmt: skip
I6 = [
    ("UPDATE compliance_certificate SET number = 9 WHERE number = 2", "certificate 9", "one is missing"),
    ("DELETE FROM compliance_certificate WHERE number = 2", "certificate 3", "one is missing"),
    ("DELETE FROM compliance_certificate WHERE number = 3", "numbering", "certificate 3 was the last, 2 stand"),
    ("UPDATE members_numbering SET last_certificate = 4 WHERE last_certificate = 3", "numbering", "4 was the last"),
    (entry("certificate_id = NULL"), "certificate 1", "says 500 shares, its entries 0"),
    ("""UPDATE compliance_certificate SET facts = jsonb_set(facts, '{shares}', '501') WHERE number = 1""",
     "certificate 1", "says 501 shares, its entries 500"),
    ("""UPDATE compliance_certificate SET facts = jsonb_set(facts, '{holder,name}', '"Eve"') WHERE number = 1""",
     "certificate 1", "its facts are not those it was issued with"),
    ("UPDATE compliance_certificate SET facts_sha256 = repeat('0', 64) WHERE number = 1",
     "certificate 1", "its facts are not those it was issued with"),
]  # fmt: skip
SEAL = f"UPDATE members_ledgerseal SET {{}} WHERE society_id = {FIRST}"
SEALS = [
    (SEAL.format(r"root = '\x01'"), "seal 1", "its fields are not those it was made with"),
    (SEAL.format(r"root = '\x01'"), "seal 1", "the entries that it is over have been changed"),
    (SEAL.format(r"root = '\x01'"), "certificate 1", "seal 1 is not the one that is printed on it"),
    (SEAL.format("number = 2"), "seal 2", "seal 1 is missing before it"),
    (SEAL.format(r"previous_hash = '\x01'"), "seal 1", "does not follow the seal before it"),
    (SEAL.format("entries = 8"), "seal 1", "is over 8 entries, and 7 stand there"),
    (SEAL.format("sealed_at = sealed_at - interval '1 day'"), "seal 1", "its fields are not those it was made with"),
    (entry(r"hash = '\x01'", 2), "seal 1", "the entries that it is over have been changed"),
    (f"DELETE FROM members_ledgerseal WHERE society_id = {FIRST}", "certificate 1", "is not the one that is printed"),
]
ONE = "one person prepared and approved it"
I7 = [
    ("UPDATE compliance_approval SET approved_by_id = prepared_by_id WHERE act = 'decide'", "decide ", ONE),
    ("UPDATE compliance_approval SET approved_by_id = NULL WHERE act = 'publish'", "publish ", ONE),
    ("UPDATE compliance_approval SET approved_at = prepared_at - interval '1 second'", "publish ", ONE),
    ("UPDATE compliance_approval SET approved_at = used_at + interval '1 second'", "decide ", ONE),
    (f"DELETE FROM compliance_approval WHERE subject_id = {OFFER.format('open')}", "offer open",
     "was published without the approval of two people"),
    (f"UPDATE compliance_approval SET used_at = NULL WHERE subject_id = {OFFER.format('failed')}", "offer failed",
     "was decided without the approval of two people"),
    ("""UPDATE compliance_approval SET facts = facts || '{"x": 1}' WHERE act = 'decide'""", "decide ",
     "what was approved is not what stands there"),
    ("UPDATE payments_receipt SET confirmed_by_id = recorded_by_id WHERE amount_pence = 16000", "receipt ",
     "a cheque or cash counts that two people have not seen"),
    ("UPDATE payments_receipt SET confirmed_by_id = NULL WHERE amount_pence = 16000", "receipt ",
     "a cheque or cash counts that two people have not seen"),
    ("DELETE FROM payments_linereceipt WHERE amount_pence = 17000", "receipt ",
     "is on a statement, and part of no line"),
    ("UPDATE payments_papermoney SET amount_pence = 1", "receipt ", "is not what was recorded and confirmed"),
    ("UPDATE payments_papermoney SET recorded_by_id = confirmed_by_id", "receipt ",
     "is not what was recorded and confirmed"),
    ("UPDATE payments_papermoney SET confirmed_by_id = recorded_by_id", "receipt ",
     "is not what was recorded and confirmed"),
]  # fmt: skip
I11 = [
    (entry("recorded_at = recorded_at + interval '9 days'", 6), "entry 7", "was recorded before entry 6"),
    (entry("authority = '  ', effective_on = effective_on - 1"), "entry 4", "gives no reason"),
    ("DELETE FROM compliance_approval WHERE act = 'decide'", "entry 5", "without the approval of two people"),
]
I12 = [
    (SAID.format("name = ' '"), "member 4", "the register lacks a name"),
    (SAID.format("address = ''"), "member 4", "the register lacks a postal address"),
    (SAID.format("email_purposes = ''"), "member 4", "lacks the purposes of the electronic address"),
    (f"DELETE FROM members_particulars WHERE member_id = {MEMBER}", "member 4", "the register lacks a name"),
]
I13 = [
    ("UPDATE compliance_decision SET passed = NOT passed WHERE rule = 'CAP-1'", "decision ", "CAP-1: passed was False"),
    ("UPDATE compliance_decision SET level = 'POLICY' WHERE rule = 'AMT-1'", "decision ", "AMT-1: level was POLICY"),
    ("UPDATE compliance_decision SET rule = 'CAP-9' WHERE rule = 'CAP-2'", "decision ", "CAP-9: rule was CAP-9"),
    (
        """UPDATE compliance_decision SET facts = jsonb_set(facts, '{applied_pence}', '1') WHERE rule = 'CAP-1'""",
        "decision ",
        "CAP-1: arithmetic was ",
    ),
    ("UPDATE compliance_decision SET facts = '{}' WHERE rule = 'OFF-5'", "decision ", "OFF-5: cannot be asked again"),
    (
        "UPDATE compliance_decision SET rule_set = 'GB-ENG@000000000000' WHERE rule = 'CAP-1'",
        "decision ",
        "CAP-1: cannot be asked again: The text of rule-set GB-ENG@000000000000 was not kept.",
    ),
    ("UPDATE compliance_decision SET law_on = '2010-01-01' WHERE rule = 'CAP-1'", "decision ", "CAP-1: "),
    ("DELETE FROM compliance_override", "decision ", "the warning CAP-3 was passed without a reason"),
]
EXPOSURE = [
    ("UPDATE offers_exposure SET held_pence = 50001 WHERE held_pence = 50000", "party ",
     "held 50001 p, counted 50000 p"),
    ("UPDATE offers_exposure SET live_pence = live_pence + 1 WHERE live_pence = 10000", "party ",
     "waiting 10001 p, counted 10000 p"),
    ("DELETE FROM offers_exposure WHERE held_pence = 50000", "party ", "held 0 p, counted 50000 p"),
    ("DELETE FROM offers_applicationparty", "party ", "waiting 10000 p, counted 0 p"),
    ("UPDATE offers_shareoffer SET taken_pence = taken_pence - 1 WHERE slug = 'open'", "offer open",
     "counts 29999 p as applied for, its applications 30000 p"),
]  # fmt: skip
LINE = "(SELECT id FROM payments_bankline WHERE amount_pence = {})"
BANK = [
    ("UPDATE payments_bankline SET amount_pence = 10001 WHERE amount_pence = 10000", "bank line of ",
     "receipt, and 10001 p are 10000 p of receipts and refunds"),
    (f"DELETE FROM payments_linereceipt WHERE decision_id IN (SELECT id FROM payments_linedecision WHERE line_id = "
     f"{LINE.format(10000)})", "bank line of ", "receipt, and 10000 p are 0 p of receipts and refunds"),
    ("UPDATE payments_linereceipt SET amount_pence = 9999", "bank line of ", "10000 p are 10000 p of receipts"),
    ("DELETE FROM payments_linerefund", "bank line of ", "refund, and -40000 p are 0 p of receipts and refunds"),
    ("UPDATE payments_linedecision SET kind = 'other' WHERE kind = 'receipt'", "bank line of ",
     "other, and 10000 p are 10000 p"),
    ("UPDATE payments_bankline SET amount_pence = -701 WHERE amount_pence = -700", "bank line of ",
     "sent back, and no line answers it"),
    ("UPDATE payments_statementimport SET closing_pence = closing_pence + 1", "statement to ", "p and closes with"),
    ("UPDATE payments_statementimport SET lines_new = 2, lines_in_file = 2", "statement to ",
     "brought 2 new lines, and 1 are there"),
]  # fmt: skip
BY_FILE = "(SELECT refund_id FROM payments_refundbatchline)"
NOBODY = "without the approval of two people"
REFUNDS = [
    ("UPDATE payments_refund SET amount_pence = amount_pence + 1 WHERE amount_pence = 12000", "receipt ",
     "12001 p go back of 12000 p"),
    ("UPDATE payments_receipt SET reverses_id = (SELECT id FROM payments_receipt WHERE amount_pence = 12000)"
     " WHERE amount_pence = -5000", "receipt ", "12000 p go back of 12000 p"),
    ("UPDATE payments_refund SET application_id = (SELECT id FROM offers_application WHERE due_pence = 14000)"
     " WHERE amount_pence = 12000", "refund ", "is of the receipt of another application"),
    ("UPDATE payments_receipt SET amount_pence = -4999 WHERE amount_pence = -5000", "receipt ", "does not mirror"),
    ("UPDATE payments_receipt SET method = 'bank-transfer' WHERE amount_pence = -5000", "receipt ", "does not mirror"),
    ("UPDATE payments_refundbatch SET total_pence = 11001", "refunds file 1", "says 11001 p, its lines 11000 p"),
    ("UPDATE payments_refundbatchline SET amount_pence = 1", "refunds file 1 line 1", "is done with 1 p, its refund"),
    (f"UPDATE payments_refund SET state = 'due' WHERE id IN {BY_FILE}", "refunds file 1 line 1", "its refund due"),
    ("UPDATE payments_refundbatchline SET state = 'live'", "refunds file 1 line 1", "is live with"),
    ("UPDATE payments_refundbatchline SET state = 'given-up'", "refunds file 1 line 1", "is given-up with"),
    ("UPDATE payments_refundbatch SET state = 'sent'; UPDATE payments_refundbatchline SET state = 'live'",
     "refunds file 1 line 1", "is live with 11000 p, its refund done"),
    ("DROP INDEX batch_line_refund_once; INSERT INTO payments_refundbatchline"
     " (id, position, amount_pence, payee_version, state, batch_id, refund_id, society_id)"
     " SELECT gen_random_uuid(), 2, amount_pence, payee_version, state, batch_id, refund_id, society_id"
     " FROM payments_refundbatchline", "refund ", "stands in 2 files at once"),
    ("DELETE FROM compliance_approval WHERE act = 'refund-by-hand'", "refund ", NOBODY),
    ("DELETE FROM compliance_approval WHERE act = 'refund-batch'", "refunds file 1 was sent", NOBODY),
    ("UPDATE payments_refundbatch SET file_sha256 = repeat('0', 64)", "refunds file 1 was sent", NOBODY),
    ("DELETE FROM compliance_approval WHERE act = 'give-back'", "refund ", NOBODY),
    ("DELETE FROM compliance_approval WHERE act = 'undo-receipt'", "receipt ", NOBODY),
    (f"UPDATE payments_refundbatchline SET state = 'returned' WHERE refund_id IN {BY_FILE}", "refund ", NOBODY),
    ("UPDATE payments_refund SET state = 'done', done_at = due_at WHERE state = 'due' AND amount_pence = 13000",
     "refund ", NOBODY),
]  # fmt: skip
FAULTS = [
    (invariant, *fault)
    for invariant, faults in [("refunds", REFUNDS), ("I1", I1), ("I2", I2), ("I3", I3), ("I4", I4), ("I5", I5),
                              ("seals", SEALS), ("I6", I6), ("I7", I7), ("I11", I11), ("I12", I12), ("I13", I13),
                              ("bank", BANK), ("exposure", EXPOSURE)]
    for fault in faults
]  # fmt: skip
