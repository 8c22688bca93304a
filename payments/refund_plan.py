"""What would go back, to whom, by which way, and whether the money for it is there; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common import clock
from offers.choices import Method
from offers.models import ShareOffer
from payments import balances, gateway, refunds
from payments.choices import RefundState, RefundWay
from payments.models import Refund
from payments.tariffs import tariff


@dataclass(frozen=True)
class Part:
    """What goes back of money that came by one method. `fee_pence`: Stripe's fees of it, which stay with Stripe."""

    method: str
    way: str
    number: int
    sum_pence: int
    fee_pence: int | None

    @property
    def label(self) -> str:
        return Method(self.method).label


@dataclass(frozen=True)
class Balance:
    """What the society has at Stripe, in pence: usable now, and on its way there."""

    available_pence: int
    pending_pence: int


@dataclass
class Plan:
    """Refunds that are due or would be, the order in which they go, and the balance at Stripe if it is known."""

    rows: list[Refund]
    parts: list[Part] = field(default_factory=list)
    balance: Balance | None = None
    unknown: str = ""  # why the balance is not known

    @property
    def sum_pence(self) -> int:
        return sum(row.amount_pence for row in self.rows)

    @property
    def society_pence(self) -> int:
        """What the society pays from its own bank account."""
        return sum(part.sum_pence for part in self.parts if part.way == RefundWay.SOCIETY)

    @property
    def stripe_pence(self) -> int:
        """What must be in the balance at Stripe, all in all."""
        return sum(part.sum_pence for part in self.parts if part.way == RefundWay.STRIPE)

    @property
    def bank_pence(self) -> int:
        """What of it came by bank: these refunds fail where the balance is short, a card's waits."""
        through_stripe = [part for part in self.parts if part.way == RefundWay.STRIPE]
        return sum(part.sum_pence for part in through_stripe if part.method != Method.CARD)

    @property
    def fee_pence(self) -> int | None:
        """Stripe's fees that are lost; None where the price list does not say one of them."""
        fees = [part.fee_pence for part in self.parts]
        return None if None in fees else sum(fees)

    @property
    def short_pence(self) -> int:
        """How much must be added to the balance at Stripe before all of it can go."""
        return max(self.stripe_pence - self.balance.available_pence, 0) if self.balance else 0

    @property
    def short_for_banks_pence(self) -> int:
        """How much must be added before the refunds by bank can go."""
        return max(self.bank_pence - self.balance.available_pence, 0) if self.balance else 0


def already_due(offer: ShareOffer) -> list[Refund]:
    """What is owed already and not paid back."""
    rows = Refund.objects.filter(society_id=offer.society_id, application__offer=offer)
    return list(
        rows.exclude(state=RefundState.DONE).select_related("application", "receipt__attempt").order_by("due_at", "id")
    )


def of_everybody(offer: ShareOffer) -> list[Refund]:
    """What would be owed if all that is held for the offer went back; rows that are not written."""
    left = balances.refundable(society_id=offer.society_id, application__offer=offer)
    rows = []
    for available in left.values():
        application = available[0][0].application
        held_pence = sum(amount_pence for _receipt, amount_pence in available)
        rows += refunds.split(application, held_pence, available, rule="OFF-2", reason="")
    return rows


def plan(offer: ShareOffer, rows: Sequence[Refund]) -> Plan:
    """The plan of what is due already and of `rows`, which would be. Asks Stripe for the balance; writes nothing."""
    rows = sorted([*already_due(offer), *rows], key=_turn)
    made = Plan(rows, _parts(rows))
    if made.stripe_pence:
        made.balance, made.unknown = _balance(rows)
    return made


def _turn(row: Refund) -> int:
    """Through Stripe by bank first, by card then, and the society's own beside them."""
    if row.way == RefundWay.SOCIETY:
        return 2
    return int(row.receipt.method == Method.CARD)


def _parts(rows: Sequence[Refund]) -> list[Part]:
    terms, receipts, found = tariff(clock.today()).methods, set(), {}
    for row in rows:
        key = (row.receipt.method, row.way)
        part = found.get(key, Part(*key, 0, 0, 0))
        fee_pence = part.fee_pence
        if row.receipt.attempt_id and row.receipt_id not in receipts:  # once for each payment
            receipts.add(row.receipt_id)
            this_pence = terms[row.receipt.method].fee_pence(row.receipt.amount_pence)
            fee_pence = None if None in (fee_pence, this_pence) else fee_pence + this_pence
        found[key] = Part(*key, part.number + 1, part.sum_pence + row.amount_pence, fee_pence)
    return list(found.values())


def _balance(rows: Sequence[Refund]) -> tuple[Balance | None, str]:
    accounts = {row.receipt.attempt.account_id for row in rows if row.way == RefundWay.STRIPE}
    try:
        balances_there = [gateway.balance_of(account) for account in sorted(accounts)]
    except (gateway.Unavailable, gateway.Refused):
        return None, _("Stripe could not be reached, so the balance there is not known. Look again in some minutes.")
    available_pence = sum(available for available, _pending in balances_there)
    return Balance(available_pence, sum(pending for _available, pending in balances_there)), ""
