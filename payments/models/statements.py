"""Bank statements: accounts, files that were imported, their lines, and what people decided each line is."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from payments.choices import Balances, LineKind, StatementFormat
from payments.models.receipts import Receipt
from payments.models.refunds import Refund


class BankAccount(SocietyRow):
    """An account of the society's whose statements are imported. Its row is the lock of all its lines.

    Only the last four figures of the number are kept: enough to tell accounts apart, useless to a thief.
    """

    name = models.CharField(max_length=80)
    last_four = models.CharField(max_length=4)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["society", "name"], name="bank_account_name_once"),
            models.CheckConstraint(condition=Q(last_four__regex=r"^[0-9]{4}$"), name="bank_account_last_four_figures"),
        ]

    def __str__(self):
        return f"{self.name} ••{self.last_four}"


class ColumnMap(SocietyRow):
    """Which column of a bank's CSV file is what, kept for the next time. `columns`: see statements.csv_maps.Spec.

    `header`: the first line of such a file in plain words, by which the map is found again.
    """

    name = models.CharField(max_length=80)
    header = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    columns = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["society", "name"], name="column_map_name_once"),
        ]

    def __str__(self):
        return self.name


class UploadedStatement(SocietyRow):
    """A file between its upload and its import, while somebody says what its columns and balances are. Not kept."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="uploads")
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    columns = models.JSONField(null=True)  # the map that was chosen for it
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self):
        return self.file_name


class StatementImport(AppendOnly, SocietyRow):
    """A file that was taken: which, of which days, with which balances. opening + lines = closing, in pence.

    `lines_pence` is the sum of all lines in the file, those that were there before included.
    """

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=8, choices=StatementFormat.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    balances = models.CharField(max_length=8, choices=Balances.choices)
    opening_pence = PenceField(null=True)
    closing_pence = PenceField(null=True)
    lines_pence = PenceField()
    lines_in_file = models.PositiveIntegerField()
    lines_new = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        ordering = ["last_on", "imported_at"]
        constraints = [
            models.UniqueConstraint(fields=["society", "account", "file_sha256"], name="statement_file_once"),
            models.CheckConstraint(condition=Q(format__in=StatementFormat.values), name="statement_format_known"),
            models.CheckConstraint(condition=Q(balances__in=Balances.values), name="statement_balances_known"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="statement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(balances="none", opening_pence__isnull=True, closing_pence__isnull=True)
                | ~Q(balances="none")
                & Q(opening_pence__isnull=False, closing_pence=F("opening_pence") + F("lines_pence")),
                name="statement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(lines_in_file__gte=1, lines_new__lte=F("lines_in_file")), name="statement_has_lines"
            ),
        ]

    def __str__(self):
        return f"{self.file_name} of {self.account_id}"


class BankLine(AppendOnly, SocietyRow):
    """One movement on an account: amount_pence more than nought came in, less went out. Kept once, never changed.

    The same line again is known by the bank's own number, or else by its day, sum and words and by being the `nth`
    such line of the day.
    """

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines")
    statement = models.ForeignKey(StatementImport, models.PROTECT, related_name="lines")  # that brought it first
    number = models.PositiveIntegerField()  # its place in that file
    booked_on = models.DateField()
    amount_pence = PenceField()
    text = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    bank_reference = models.CharField(max_length=100, blank=True)
    words_sha256 = models.CharField(max_length=64)  # of text, payer and reference: a key must be short
    nth = models.PositiveIntegerField(default=1)

    class Meta:
        triggers = append_only.triggers()
        ordering = ["booked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["society", "account", "bank_reference"],
                condition=~Q(bank_reference=""),
                name="bank_line_number_once",
            ),
            models.UniqueConstraint(
                fields=["society", "account", "booked_on", "amount_pence", "words_sha256", "nth"],
                condition=Q(bank_reference=""),
                name="bank_line_nth_once",
            ),
            models.CheckConstraint(condition=~Q(amount_pence=0), name="bank_line_moves_money"),
            models.CheckConstraint(condition=Q(nth__gte=1), name="bank_line_nth_positive"),
        ]

    def __str__(self):
        return f"{self.amount_pence} on {self.booked_on}"

    @property
    def is_in(self) -> bool:
        """Whether money came in."""
        return self.amount_pence > 0


def _sum_of(table: str, decision: str = "NEW.id") -> str:
    parts = f"FROM payments_{table} part WHERE part.decision_id = {decision}"
    return f"(SELECT coalesce(sum(part.amount_pence), 0) {parts})"


class LineDecision(AppendOnly, SocietyRow):
    """What a person decided that a line is. The newest decision of a line holds; `number` counts them from 1.

    `other_line`: of money sent back, the line by which it came or went. `owner`: who looks after money for nobody.
    """

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=LineKind.choices)
    why = models.CharField(max_length=200, blank=True)  # the suggestion that was followed, or the person's own words
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    other_line = models.ForeignKey(BankLine, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["line", "number"]
        constraints = [
            models.UniqueConstraint(fields=["society", "line", "number"], name="line_decision_number_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="line_decision_kind_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="line_decision_number_positive"),
            models.CheckConstraint(
                condition=Q(kind="kept", owner__isnull=False) | ~Q(kind="kept") & Q(owner__isnull=True),
                name="line_decision_kept_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="sent-back", other_line__isnull=False)
                | ~Q(kind="sent-back") & Q(other_line__isnull=True),
                name="line_decision_sent_back_names_line",
            ),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="line_decision_follows",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("before", "text")],
                func="""
                    SELECT kind INTO before FROM payments_linedecision
                        WHERE line_id = NEW.line_id AND number = NEW.number - 1;
                    IF NEW.number > 1 AND (before IS NULL OR before NOT IN ('kept', 'other', 'payout'))
                       AND NOT EXISTS (SELECT 1 FROM payments_linedecision settled
                            JOIN payments_linereceipt part ON part.decision_id = settled.id
                            JOIN payments_receipt contra ON contra.reverses_id = part.receipt_id
                            WHERE settled.line_id = NEW.line_id AND settled.number = NEW.number - 1) THEN
                        RAISE EXCEPTION 'what a bank line is has been settled'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="line_decision_is_its_parts",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("amount", "bigint")],
                func=f"""
                    SELECT amount_pence INTO amount FROM payments_bankline WHERE id = NEW.line_id;
                    IF {_sum_of("linereceipt")} <> (CASE NEW.kind WHEN 'receipt' THEN amount ELSE 0 END)
                       OR {_sum_of("linerefund")} <> (CASE NEW.kind WHEN 'refund' THEN abs(amount) ELSE 0 END)
                       OR NEW.kind = 'sent-back' AND NOT EXISTS (SELECT 1 FROM payments_bankline other
                            WHERE other.id = NEW.other_line_id AND other.society_id = NEW.society_id
                              AND other.amount_pence = -amount)
                       OR NEW.kind = 'payout' AND NOT EXISTS (SELECT 1 FROM payments_payoutarrival arrival
                            WHERE arrival.decision_id = NEW.id AND arrival.society_id = NEW.society_id) THEN
                        RAISE EXCEPTION 'a bank line is its receipts, refunds or payout, to the penny'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} by {self.decided_by_id}"

    @property
    def is_settled(self) -> bool:
        """Whether the line stays what it is: money with its parts, none of whose receipts was undone."""
        undone = self.receipts.filter(receipt__reversal__isnull=False)
        return self.kind in (LineKind.RECEIPT, LineKind.REFUND, LineKind.SENT_BACK) and not undone.exists()


class LineReceipt(AppendOnly, SocietyRow):
    """That a receipt is, or is a part of, the money of a bank line: each receipt of one line at most.

    Where one part of a line is undone, the next decision of that line takes the parts that stand again.
    """

    decision = models.ForeignKey(LineDecision, models.PROTECT, related_name="receipts")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="line_parts")
    amount_pence = PenceField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="line_receipt_positive"),
            models.UniqueConstraint(fields=["society", "decision", "receipt"], name="line_receipt_once"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="line_receipt_is_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (SELECT 1 FROM payments_receipt receipt WHERE receipt.id = NEW.receipt_id
                            AND receipt.society_id = NEW.society_id AND receipt.attempt_id IS NULL
                            AND receipt.amount_pence = NEW.amount_pence
                            AND NOT EXISTS (SELECT 1 FROM payments_receipt contra
                                WHERE contra.reverses_id = receipt.id))
                       OR EXISTS (SELECT 1 FROM payments_linereceipt part
                            JOIN payments_linedecision theirs ON theirs.id = part.decision_id
                            JOIN payments_linedecision ours ON ours.id = NEW.decision_id
                            WHERE part.receipt_id = NEW.receipt_id AND theirs.line_id <> ours.line_id)
                       OR {_sum_of("linereceipt", "NEW.decision_id")} + NEW.amount_pence > (SELECT line.amount_pence
                            FROM payments_linedecision decision
                            JOIN payments_bankline line ON line.id = decision.line_id
                            WHERE decision.id = NEW.decision_id AND decision.kind = 'receipt') IS NOT FALSE THEN
                        RAISE EXCEPTION 'a bank line has whole receipts, and none by card'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} of {self.decision_id}"


class LineRefund(AppendOnly, SocietyRow):
    """That a refund left the account by a bank line, or came back by one: out, back and out again, in turn."""

    decision = models.ForeignKey(LineDecision, models.PROTECT, related_name="refunds")
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="line_parts")
    amount_pence = PenceField()
    is_out = models.BooleanField()  # False: the bank sent it back

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="line_refund_positive"),
            models.UniqueConstraint(fields=["society", "decision", "refund"], name="line_refund_once"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="line_refund_is_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (SELECT 1 FROM payments_refund refund WHERE refund.id = NEW.refund_id
                            AND refund.society_id = NEW.society_id AND refund.way = 'society'
                            AND refund.amount_pence = NEW.amount_pence)
                       OR {_sum_of("linerefund", "NEW.decision_id")} + NEW.amount_pence > (SELECT abs(line.amount_pence)
                            FROM payments_linedecision decision
                            JOIN payments_bankline line ON line.id = decision.line_id
                            WHERE decision.id = NEW.decision_id AND decision.kind = 'refund'
                              AND (line.amount_pence < 0) = NEW.is_out) IS NOT FALSE
                       OR (SELECT count(*) FILTER (WHERE is_out) - count(*) FILTER (WHERE NOT is_out)
                            FROM payments_linerefund WHERE refund_id = NEW.refund_id)
                          <> (CASE WHEN NEW.is_out THEN 0 ELSE 1 END) THEN
                        RAISE EXCEPTION 'a bank line has whole refunds by the society, out and back in turn'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} of {self.decision_id}"
