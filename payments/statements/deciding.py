"""What a person decides that a line is. The account's row is the lock; every decision is a row that stays."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from common import audit, clock
from common.lines import one_line
from common.money import as_pounds
from offers import exposures
from offers.choices import Method
from offers.models import Application
from payments import arrivals, receipts
from payments.choices import LineKind
from payments.models import BankAccount, BankLine, LineDecision, LineReceipt, LineRefund, Payout, Receipt
from payments.statements import outgoing
from payments.statements.waiting import standing_parts

MOST_PARTS = 20


def _lock(line: BankLine, *others: BankLine) -> None:
    """The rows of the lines' accounts, in order: whoever decides about the same account waits here."""
    accounts = {line.account_id, *(other.account_id for other in others)}
    rows = BankAccount.objects.select_for_update(no_key=True).filter(society_id=line.society_id, pk__in=accounts)
    list(rows.order_by("pk"))


def newest(line: BankLine) -> LineDecision | None:
    """The decision that holds for a line."""
    of_line = LineDecision.objects.filter(society_id=line.society_id, line=line).select_related("decided_by", "owner")
    return of_line.order_by("-number").first()


def _write(line: BankLine, kind: str, *, by, why: str = "", **what) -> LineDecision:
    """A decision, if the line is not settled. The caller holds the account's row."""
    before = newest(line)
    if before and before.is_settled:
        when = formats.date_format(clock.london(before.decided_at), "j F Y, H:i")
        words = _("%(who)s has decided this line already, on %(when)s: %(what)s.")
        said = {"who": before.decided_by, "when": when, "what": before.get_kind_display()}
        raise ValidationError(words % said, code="settled")
    if kind != LineKind.RECEIPT and standing_parts(line):
        raise ValidationError(_("A part of this line is an application’s and stands: say whose the rest is."))
    if before and before.kind == LineKind.PAYOUT:
        arrivals.release_of(before, by=by)
    decision = LineDecision.objects.create(
        society_id=line.society_id, line=line, number=before.number + 1 if before else 1, kind=kind,
        why=one_line(why)[:200], decided_at=clock.now(), decided_by=by, **what,
    )  # fmt: skip
    audit.note(
        f"bank-line.{kind}", society_id=line.society_id, subject_id=line.pk, by=by, amount_pence=line.amount_pence
    )
    return decision


@transaction.atomic
def accept(
    line: BankLine,
    *,
    parts: Sequence[tuple[uuid.UUID, int]] = (),
    recorded: Sequence[uuid.UUID] = (),
    why: str = "",
    by,
) -> LineDecision:
    """A line is money for applications: new receipts for `parts` (application, pence), and receipts already recorded.

    Together they are the line's sum to the penny. Each new receipt does what receipts.take says of money of the
    bank's day: paid, revived, held, or owed back. Pressed twice it is the first decision. Of a line that waits again,
    since a receipt of it was undone, the receipts that stand are taken with them. ValidationError where the sums are
    not the line's, a receipt has a line already, or somebody else has settled the line.
    """
    if not line.is_in:
        raise ValidationError(_("This line is money that went out."))
    _lock(line)
    if (earlier := newest(line)) and _is_same(earlier, parts, recorded):
        return earlier
    applications = _locked_applications(line, parts)
    loose = Receipt.objects.filter(
        society_id=line.society_id, attempt=None, line_parts=None, reverses=None, reversal=None
    )
    found = list(loose.filter(pk__in=recorded).order_by("pk"))
    if len(found) != len(set(recorded)):
        raise ValidationError(_("A receipt that was recorded by hand belongs to another line by now. Look again."))
    found += standing_parts(line)
    total_pence = sum(pence for _key, pence in parts) + sum(receipt.amount_pence for receipt in found)
    if total_pence != line.amount_pence:
        words = _("The parts come to %(sum)s, and the line is %(line)s.")
        raise ValidationError(words % {"sum": as_pounds(total_pence), "line": as_pounds(line.amount_pence)})
    decision = _write(line, LineKind.RECEIPT, by=by, why=why)
    for application_id, pence in parts:
        found.append(_receive(applications[application_id], pence, line, by))
    for receipt in found:
        LineReceipt.objects.create(
            society_id=line.society_id, decision=decision, receipt=receipt, amount_pence=receipt.amount_pence
        )
    return decision


def _is_same(decision: LineDecision, parts, recorded) -> bool:
    """Whether a settled line was settled in just this way: a button pressed twice."""
    if decision.kind != LineKind.RECEIPT or not decision.is_settled:
        return False
    rows = decision.receipts.values_list("receipt_id", "receipt__application_id", "amount_pence")
    said = sorted((str(key), pence) for key, pence in parts)
    made = sorted((str(application), pence) for key, application, pence in rows if key not in set(recorded))
    return made == said and len(rows) == len(parts) + len(set(recorded))


def _locked_applications(line: BankLine, parts) -> dict[uuid.UUID, Application]:
    """The applications of the parts, locked in the order of all verbs: exposures first, then applications by key."""
    keys = [key for key, _pence in parts]
    if len(set(keys)) != len(keys) or len(keys) > MOST_PARTS:
        raise ValidationError(_("Name each application once, and at most %(n)s.") % {"n": MOST_PARTS})
    if any(pence <= 0 for _key, pence in parts):
        raise ValidationError(_("Each part must be above £0."))
    exposures.lock_applications(line.society_id, keys)
    rows = Application.objects.select_for_update(no_key=True).filter(society_id=line.society_id, pk__in=keys)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) != len(keys):
        raise ValidationError(_("There is no such application."))
    return found


def _receive(application: Application, pence: int, line: BankLine, by) -> Receipt:
    """Money of the bank's day, by the way that the application named, or else by transfer."""
    return receipts.take(
        application,
        amount_pence=pence,
        method=Method.BANK_TRANSFER if application.method == Method.CARD else application.method,
        received_at=receipts.moment_of(line.booked_on),
        note=one_line(f"{line.payer} {line.reference or line.text}")[:200],
        by=by,
    )


@transaction.atomic
def keep(line: BankLine, *, owner, why: str, by) -> LineDecision:
    """Money that is for nobody we know: an open exception with somebody who looks after it."""
    if not line.is_in:
        raise ValidationError(_("This line is money that went out."))
    if not one_line(why):
        raise ValidationError(_("Say what is known of this money."))
    _lock(line)
    return _write(line, LineKind.KEPT, by=by, why=why, owner=owner)


@transaction.atomic
def set_aside(line: BankLine, *, why: str = "", by) -> LineDecision:
    """A line that has nothing to do with shares. It can be taken up again."""
    _lock(line)
    before = newest(line)
    if before and before.kind == LineKind.OTHER:
        return before
    return _write(line, LineKind.OTHER, by=by, why=why)


@transaction.atomic
def match_sent_back(went_out: BankLine, *, came_in: BankLine, by) -> LineDecision:
    """Money that was for nobody has gone back to its sender: the line that went out answers the one that came in."""
    if came_in.society_id != went_out.society_id or came_in.amount_pence <= 0:
        raise ValidationError(_("There is no such line."))
    if came_in.amount_pence != -went_out.amount_pence:
        words = _("%(out)s went out, and the line that came in is %(came)s.")
        sums = {"out": as_pounds(-went_out.amount_pence), "came": as_pounds(came_in.amount_pence)}
        raise ValidationError(words % sums)
    _lock(went_out, came_in)
    _write(came_in, LineKind.SENT_BACK, by=by, other_line=went_out)
    return _write(went_out, LineKind.SENT_BACK, by=by, other_line=came_in)


@transaction.atomic
def match_payout(line: BankLine, payout: Payout, *, why: str = "", by) -> LineDecision:
    """A line is a payout from Stripe, or one that the bank took back. Pressed twice it is the first decision.

    Another sum than Stripe sent is taken as it is and opens an exception. ValidationError where the payout is another
    line, or the line is settled.
    """
    if payout.society_id != line.society_id:
        raise ValidationError(_("There is no such payout."))
    _lock(line)
    before = newest(line)
    if before and before.kind == LineKind.PAYOUT and before.arrivals.filter(payout=payout, released_at=None).exists():
        return before
    decision = _write(line, LineKind.PAYOUT, by=by, why=why)
    arrivals.see_on_line(payout, decision, by=by)
    return decision


@transaction.atomic
def match_refunds(line: BankLine, *, paid: Sequence[uuid.UUID], by) -> LineDecision:
    """A line is these refunds: that they left, one or many in one transfer, or that the bank sent them back.

    What the society pays takes two people, and so does recording it (payments.by_hand, payments.batches); a line only
    shows that it happened and changes no refund. ValidationError where the sums are not the line's, where one is not
    recorded as paid yet, or has left (or come back) by another line.
    """
    _lock(line)
    rows = outgoing.refunds_to_match(line).filter(pk__in=paid).select_for_update(no_key=True, of=("self",))
    found = list(rows.order_by("pk"))
    if not found or len(found) != len(set(paid)):
        words = _("One of these refunds has another line by now, or is not recorded as paid yet. Two officers do that.")
        raise ValidationError(words)
    total_pence = sum(refund.amount_pence for refund in found)
    if total_pence != abs(line.amount_pence):
        words = _("The refunds come to %(sum)s, and the line is %(line)s.")
        raise ValidationError(words % {"sum": as_pounds(total_pence), "line": as_pounds(abs(line.amount_pence))})
    decision = _write(line, LineKind.REFUND, by=by)
    for refund in found:
        LineRefund.objects.create(
            society_id=line.society_id, decision=decision, refund=refund, amount_pence=refund.amount_pence,
            is_out=not line.is_in,
        )  # fmt: skip
    return decision
