"""Bank accounts, statements, their lines, and what people decided of them."""

from __future__ import annotations

from common import clock, ids
from payments.models import (
    BankAccount,
    BankLine,
    ColumnMap,
    LineDecision,
    LineReceipt,
    LineRefund,
    Receipt,
    Refund,
    StatementImport,
)
from tests.constraints.seeing import GROUP, insert, refused_by, tried
from tests.payments.statements.making import arrived

pytestmark = GROUP
OTHER = {"bank_reference": "", "words_sha256": "other"}


def decide(kind: str, line: str = "waits", number: int = 1, **fields):
    """A decision of one of the world's lines, written to the end of its transaction."""

    def change(world) -> None:
        values = {"kind": kind, "number": number, "decided_at": clock.now(), "decided_by": world.officer}
        values |= {name: value(world) if callable(value) else value for name, value in fields.items()}
        LineDecision.objects.create(society=world.society, line=getattr(world, line), **values)

    return change


def part_of(kind: str, model, link: str, of, **changes):
    """A receipt or a refund more of the decision that has one already, or the same with something wrong."""

    def change(world) -> None:
        there = model.objects.get()
        thing = of(world)
        values = {"society": world.society, "decision": there.decision, link: thing, "amount_pence": thing.amount_pence}
        values |= {"is_out": True} if model is LineRefund else {}
        model(**values | changes).save()

    return change


def by_card(world) -> Receipt:
    return world.row(Receipt)


def by_hand(world) -> Receipt:
    return Receipt.objects.filter(attempt=None, line_parts=None, reversal=None, reverses=None).first()


def undone(world) -> Receipt:
    """One that has been answered by its contra."""
    return Receipt.objects.filter(reversal__isnull=False).get()


def part_of_another_line(world) -> None:
    """A receipt that is a line's, and would pay another one of the same sum."""
    there = LineReceipt.objects.get()
    twin = arrived(world.society, there.amount_pence, "twin")
    world.rest(LineDecision, "line_decision_is_its_parts")
    decision = LineDecision.objects.create(society=world.society, line=twin, number=1, kind="receipt",
                                           decided_at=clock.now(), decided_by=world.officer)  # fmt: skip
    LineReceipt.objects.create(society=world.society, decision=decision, receipt=there.receipt,
                               amount_pence=there.amount_pence)  # fmt: skip


def refund(world, **changes) -> Refund:
    """Another refund of a receipt by hand, which may be said to be Stripe's."""
    receipt = by_hand(world)
    return Refund.objects.create(
        society=world.society, receipt=receipt, application=receipt.application, amount_pence=1_00, rule="AMT-1",
        reason="Too much.", due_at=clock.now(), **{"way": "society"} | changes,
    )  # fmt: skip


def sent_back(world):
    return world.numbered.pk


CASES = {
    "bank_account_name_once": insert(BankAccount),
    "bank_account_last_four_figures": [insert(BankAccount, name="B", last_four=f) for f in ("123", "12a4", "")],
    "column_map_name_once": insert(ColumnMap),
    "statement_file_once": insert(StatementImport),
    "statement_format_known": insert(StatementImport, file_sha256="b", format="pdf"),
    "statement_balances_known": insert(StatementImport, file_sha256="b", balances="guess"),
    "statement_ends_after_start": insert(
        StatementImport, file_sha256="b", last_on=lambda row: row.first_on.replace(year=2000)
    ),
    "statement_adds_up": [
        insert(StatementImport, file_sha256="b", closing_pence=lambda row: row.closing_pence + 1),
        insert(StatementImport, file_sha256="b", opening_pence=None),
        insert(StatementImport, file_sha256="b", balances="none"),
        insert(StatementImport, file_sha256="b", lines_pence=lambda row: row.lines_pence - 1),
    ],
    "statement_has_lines": [
        insert(StatementImport, file_sha256="b", lines_in_file=0, lines_new=0),
        insert(StatementImport, file_sha256="b", lines_new=2),
    ],
    "bank_line_number_once": insert(
        BankLine, bank_reference="N1", account_id=lambda row: row.account_id, amount_pence=9_00
    ),
    "bank_line_nth_once": insert(BankLine),
    "bank_line_moves_money": insert(BankLine, **OTHER, amount_pence=0),
    "bank_line_nth_positive": insert(BankLine, **OTHER, nth=0),
    "line_decision_number_once": insert(LineDecision),
    "line_decision_kind_known": decide("stolen"),
    "line_decision_number_positive": decide("other", number=0),
    "line_decision_kept_has_owner": [decide("kept"), decide("other", owner=lambda world: world.officer)],
    "line_decision_sent_back_names_line": [decide("sent-back"), decide("other", other_line_id=sent_back)],
    "payments_linedecision:line_decision_follows": [
        decide("other", "numbered", 2),  # it was sent back
        decide("other", number=2),  # there is no first one
        decide("other", number=3),
    ],
    "payments_linedecision:line_decision_is_its_parts": [
        decide("receipt"),
        decide("refund"),
        decide("sent-back", other_line_id=sent_back),  # of £7, and the line is of £700
        decide("payout"),
    ],
    "line_receipt_positive": part_of("receipt", LineReceipt, "receipt", by_hand, amount_pence=0),
    "line_receipt_once": insert(LineReceipt, rest="line_receipt_is_whole"),
    "payments_linereceipt:line_receipt_is_whole": [
        part_of("receipt", LineReceipt, "receipt", by_hand),  # more than the line
        part_of("receipt", LineReceipt, "receipt", by_hand, amount_pence=1),
        part_of("receipt", LineReceipt, "receipt", by_card),
        part_of("receipt", LineReceipt, "receipt", undone),
        part_of_another_line,
        part_of("receipt", LineReceipt, "receipt", by_hand, decision_id=ids.uuid7()),
    ],
    "line_refund_positive": part_of("refund", LineRefund, "refund", refund, amount_pence=0),
    "line_refund_once": insert(LineRefund, rest="line_refund_is_whole"),
    "payments_linerefund:line_refund_is_whole": [
        part_of("refund", LineRefund, "refund", refund),  # more than the line
        part_of("refund", LineRefund, "refund", refund, amount_pence=2_00),
        part_of("refund", LineRefund, "refund", lambda world: refund(world, way="stripe")),
        part_of("refund", LineRefund, "refund", refund, is_out=False),  # the line went out
        insert(LineRefund, decision_id=lambda row: row.decision_id),  # it is out already
    ],
}  # fmt: skip
RESTING = {"line_receipt_positive": (LineReceipt, "line_receipt_is_whole"),
           "line_refund_positive": (LineRefund, "line_refund_is_whole"),
           "line_decision_number_once": (LineDecision, "line_decision_follows"),
           "line_decision_number_positive": (LineDecision, "line_decision_follows")}  # fmt: skip


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    def act():
        if fence in RESTING:
            model, trigger = RESTING[fence]
            world.rest(model, trigger)
        change(world)

    assert refused_by(act) == fence


def test_what_is_set_aside_may_be_decided_again(world):
    def act():
        decide("other")(world)
        decide("kept", number=2, owner=lambda world: world.officer)(world)
        decide("other", number=3)(world)

    assert refused_by(act) == "nothing"
