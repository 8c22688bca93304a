"""A society's own account at Stripe: begun, led through Stripe's questions, asked every day whether it is ready.

The row and its key come first, the call after. Ready means that Stripe has made card payments active and pays nothing
out by itself; both are read back from Stripe, before an offer opens and daily, and every answer is a row.
"""

from __future__ import annotations

import uuid

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from offers.models import Society
from payments import gateway
from payments.models import AccountCheck, StripeAccount

log = structlog.get_logger("accounts")
CARDS = "card_payments"


def serving(society_id: uuid.UUID) -> StripeAccount | None:
    """The account that takes a society's payments now, or the one that is being made."""
    return StripeAccount.objects.filter(society_id=society_id, ended_at=None).first()


def latest_check(account: StripeAccount) -> AccountCheck | None:
    """What Stripe said last."""
    return AccountCheck.objects.filter(society_id=account.society_id, account=account).first()


def start(society: Society, *, by) -> StripeAccount:
    """Make the society's account at Stripe, or find the one that was begun. gateway.Unavailable, gateway.Refused.

    Whatever fails may be started again: the same row gives the same key, and so the same account.
    """
    account = _begin(society, by)
    if account.account_id:
        return account
    made = gateway.open_account(
        key=account.idempotency_key,
        name=society.registered_name[:100],
        email=society.email,
        society=str(society.pk),
    )
    rows = StripeAccount.objects.filter(pk=account.pk, society_id=society.pk, account_id=None)
    rows.update(account_id=made, connected_at=clock.now())
    account.refresh_from_db()
    return account


@transaction.atomic
def _begin(society: Society, by) -> StripeAccount:
    Society.objects.select_for_update(no_key=True).get(pk=society.pk)  # two officers at once begin one account
    if account := serving(society.pk):
        return account
    pk = StripeAccount._meta.pk.get_default()
    account = StripeAccount.objects.create(pk=pk, society_id=society.pk, idempotency_key=f"account:{pk}", started_by=by)
    audit.note("stripe.begin", society_id=society.pk, subject_id=account.pk, by=by)
    return account


def check(account: StripeAccount) -> AccountCheck | None:
    """Ask Stripe how the account stands and write it down; None, and the account ended, where it has left us.

    gateway.Unavailable where Stripe cannot be asked.
    """
    try:
        facts = gateway.look_at_account(account.account_id)
    except gateway.Refused as refusal:
        log.warning("the account is not ours any more", account=account.account_id, reason=str(refusal))
        end(account)
        return None
    if facts.is_closed:
        end(account)
        return None
    return note(account, facts)


def note(account: StripeAccount, facts: gateway.AccountFacts) -> AccountCheck:
    """Write down what Stripe says of an account."""
    cards = facts.capabilities.get(CARDS, "")
    return AccountCheck.objects.create(
        society_id=account.society_id,
        account=account,
        checked_at=clock.now(),
        active=sorted(name for name, status in facts.capabilities.items() if status == "active"),
        cards=cards,
        payouts=facts.payouts,
        is_ready=cards == "active" and facts.payouts == gateway.MANUAL,
    )


def look_again(society_id: uuid.UUID) -> None:
    """Ask Stripe anew, as before an offer opens; where it is silent the last answer stands."""
    account = serving(society_id)
    if account is None or not account.account_id:
        return
    try:
        check(account)
    except gateway.Unavailable as error:
        log.warning("stripe away, the last answer stands", account=account.account_id, reason=type(error).__name__)


def settle(account: StripeAccount, *, by=None) -> AccountCheck | None:
    """Stop Stripe from paying out by itself, then look. For an officer's button, and when Stripe's questions end."""
    gateway.pay_out_by_hand(account=account.account_id)
    audit.note("stripe.payouts-manual", society_id=account.society_id, subject_id=account.pk, by=by)
    return check(account)


def check_all() -> int:
    """Look at every account; how many are ready. Stripe being away leaves the last answer standing."""
    ready = 0
    for account in StripeAccount.objects.filter(ended_at=None, account_id__isnull=False).order_by("pk"):
        try:
            found = check(account)
        except gateway.Unavailable as error:
            log.warning("stripe away, the account waits", account=account.account_id, reason=type(error).__name__)
            continue
        ready += bool(found and found.is_ready)
    return ready


@transaction.atomic
def end(account: StripeAccount) -> None:
    """The account has left this platform or was closed: nothing more is sold through it. Refunds may still be due."""
    changed = StripeAccount.objects.filter(pk=account.pk, society_id=account.society_id, ended_at=None)
    if changed.update(ended_at=clock.now()):
        audit.note("stripe.end", society_id=account.society_id, subject_id=account.pk)


@transaction.atomic
def record_answer(account: StripeAccount, *, answered_on, by) -> None:
    """Stripe's written answer that it takes payments for the society's shares. ValidationError for a day to come."""
    if answered_on > clock.today():
        raise ValidationError(_("Stripe cannot have answered in the future."))
    StripeAccount.objects.filter(pk=account.pk, society_id=account.society_id).update(answered_on=answered_on)
    audit.note(
        "stripe.answer",
        society_id=account.society_id,
        subject_id=account.pk,
        by=by,
        answered_on=answered_on.isoformat(),
    )


@transaction.atomic
def record_limits(account: StripeAccount, *, pay_by_bank_pence: int | None, debit_pence: int | None, by) -> None:
    """What Stripe has agreed to take of the society in one payment; None: as usual. Sums in pence."""
    StripeAccount.objects.filter(pk=account.pk, society_id=account.society_id).update(
        pay_by_bank_limit_pence=pay_by_bank_pence, debit_limit_pence=debit_pence
    )
    audit.note(
        "stripe.limits",
        society_id=account.society_id,
        subject_id=account.pk,
        by=by,
        pay_by_bank_pence=pay_by_bank_pence,
        debit_pence=debit_pence,
    )
