"""What each test payment method does when somebody pays with it: Stripe's own, and those of banks in their manner.

Source: docs.stripe.com/testing. Where Stripe's own method is a credit card, it is one here too; the declining
and the 3-D Secure cards are debit cards here, so that a page that takes no credit cards can show them.
"""

from __future__ import annotations

import typing

from payments.fakestripe.clock import DAY

DECLINES = ("card_declined", "insufficient_funds", "payment_method_provider_decline")


class Behaviour(typing.NamedTuple):
    """What happens when somebody pays with it.

    `outcome`: ok, a decline code, dispute, inquiry, fraud_warning, later_ok, later_fail, refund_pending, refund_fails.
    `asks`: when the payer's bank wants to see the payer: "" never, "always", "unless_set_up", "on_session".
    """

    kind: str
    outcome: str
    label: str
    last4: str = ""
    funding: str = "debit"
    waits: bool = True  # False: its money is available at once
    asks: str = ""
    is_kept: bool = False  # True: it can be kept for later although every charge is declined

    @property
    def is_decline(self) -> bool:
        return self.outcome in DECLINES

    def asks_now(self, *, off_session: bool, is_set_up: bool) -> bool:
        """Whether the payer's bank wants to see the payer for a charge now."""
        if self.asks == "unless_set_up":
            return not is_set_up
        return self.asks == "always" or (self.asks == "on_session" and not off_session)


_DECLINED = Behaviour("card", "card_declined", "Card is declined", "0002")
_SECURE = Behaviour("card", "ok", "Card that asks for 3-D Secure each time", "3184", asks="always")
_CREDIT = Behaviour("card", "ok", "Credit card", "4242", "credit")
_DEBIT = Behaviour("card", "ok", "Payment succeeds", "5556")
_DISPUTED = Behaviour("card", "dispute", "Payment succeeds, then is disputed", "0259")
_SEPA_LATER = "SEPA debit succeeds in days"

BEHAVIOURS = {
    "pm_card_visa_debit": _DEBIT,
    "tok_visa_debit": _DEBIT,
    "pm_card_visa_chargeDeclined": _DECLINED,
    "pm_card_chargeDeclined": _DECLINED,
    "tok_chargeDeclined": _DECLINED,
    "pm_card_visa_chargeDeclinedInsufficientFunds": Behaviour(
        "card", "insufficient_funds", "Card has too little money", "9995"
    ),
    "pm_card_chargeCustomerFail": Behaviour(
        "card", "card_declined", "Card can be kept, each charge is declined", "0341", is_kept=True
    ),
    "pm_card_authenticationRequired": _SECURE,
    "pm_card_threeDSecure2Required": _SECURE._replace(last4="3220"),
    "pm_card_authenticationRequiredOnSetup": Behaviour(
        "card", "ok", "Card that asks for 3-D Secure until it is kept", "3155", asks="unless_set_up"
    ),
    "pm_card_authenticationRequiredSetupForOffSession": Behaviour(
        "card", "ok", "Card that asks for 3-D Secure while the payer is there", "0446", asks="on_session"
    ),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": Behaviour(
        "card", "insufficient_funds", "Card that asks, then has too little money", "3178", asks="always", is_kept=True
    ),
    "pm_card_createDispute": _DISPUTED,
    "pm_card_createDisputeProductNotReceived": _DISPUTED._replace(last4="2685"),
    "pm_card_createDisputeInquiry": Behaviour("card", "inquiry", "Payment succeeds, then the bank inquires", "1976"),
    "pm_card_createIssuerFraudRecord": Behaviour(
        "card", "fraud_warning", "Payment succeeds, then is reported as fraud", "5423"
    ),
    "pm_card_pendingRefund": Behaviour("card", "refund_pending", "Payment succeeds, a refund takes days", "7726"),
    "pm_card_refundFail": Behaviour("card", "refund_fails", "Payment succeeds, a refund fails in days", "5126"),
    "pm_card_visa": _CREDIT,
    "tok_visa": _CREDIT,
    "pm_card_gb": _CREDIT,
    "pm_card_bypassPending": Behaviour("card", "ok", "Payment succeeds, its money at once", "0077", waits=False),
    "tok_bypassPending": Behaviour("card", "ok", "Payment succeeds, its money at once", "0077", waits=False),
    "pm_payByBank_success": Behaviour("pay_by_bank", "ok", "Pay by Bank succeeds"),
    "pm_payByBank_fail": Behaviour("pay_by_bank", "payment_method_provider_decline", "Pay by Bank is refused"),
    "pm_bacsDebit_success": Behaviour("bacs_debit", "later_ok", "Bacs Direct Debit succeeds in days", "2345"),
    "pm_bacsDebit_fail": Behaviour("bacs_debit", "later_fail", "Bacs Direct Debit fails in days", "3335"),
    # Stripe's test IBANs
    "AT611904300234573201": Behaviour("sepa_debit", "later_ok", _SEPA_LATER, "3201"),
    "AT321904300235473204": Behaviour("sepa_debit", "later_ok", _SEPA_LATER, "3204"),
    "IT60X0542811101000000123456": Behaviour("sepa_debit", "later_fail", "SEPA debit fails in days", "3456"),
}
# What the hosted page offers, the usual first.
ON_THE_PAGE = (
    "pm_card_visa_debit",
    "pm_card_visa_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_authenticationRequired",
    "pm_card_visa",
    "pm_card_createDispute",
    "pm_payByBank_success",
    "pm_payByBank_fail",
    "pm_bacsDebit_success",
    "pm_bacsDebit_fail",
)
# What the page offers that only keeps a way to pay for later.
ON_THE_PAGE_FOR_LATER = (
    "pm_card_visa_debit",
    "pm_card_authenticationRequiredOnSetup",
    "pm_card_authenticationRequired",
    "pm_card_chargeCustomerFail",
    "pm_card_visa_chargeDeclined",
    "pm_card_visa",
    "pm_bacsDebit_success",
    "pm_bacsDebit_fail",
)
# Seconds until the money of a method is available.
SETTLES = {"card": 3 * DAY, "bacs_debit": 6 * DAY, "pay_by_bank": 3 * DAY, "sepa_debit": 6 * DAY}
DEFAULT = {"bacs_debit": "pm_bacsDebit_success", "pay_by_bank": "pm_payByBank_success", "card": "pm_card_visa"}
