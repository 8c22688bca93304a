"""Why a word may not be said of these shares, and what to say instead (RSK-1). The words are the rule-set's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PROMISE = (
    _("Nothing about these shares is certain, and a promise that is not kept misleads whoever relied on it."),
    _("Say what you hope for, and that it may not come: “we aim to pay”, “not guaranteed”."),
)
SAVINGS = (
    _("Savings are paid back and protected up to a limit. Share capital may be lost."),
    _("Say “shares” or “money that you invest”."),
)
DEPOSIT = (
    _("A deposit is money that is owed to you. Share money is not: the board may refuse to pay it back."),
    _("Say “share capital”. If you mean a sum paid on a contract, say “a first payment”."),
)
SAFE = (
    _("Shares can become worthless, so nothing about them is safe."),
    _("Say what the money is for: “keep the shop open” instead of “secure the shop”."),
)
REGULATOR = (
    _("The FCA keeps the register of societies. It does not look at share offers and approves none."),
    _("Say “registered with the FCA”, and nothing more."),
)
GROWTH = (
    _("A £1 share is never worth more than £1."),
    _("Say that the shares keep their value at most."),
)
PROTECTED = (
    _("No compensation scheme and no ombudsman covers these shares."),
    _("Say “not protected”, or name what is: “the building has an asset lock”."),
)
DIVIDEND = (
    _("A society pays interest on shares, from a surplus and up to a limit. A dividend is a share of profit."),
    _("Say “interest”. If you mean what members get on what they buy, say “a return on purchases”."),
)
BOND = (
    _("A bond is a loan that must be paid back. A share is not."),
    _("Say “shares”, or “loan” where you do mean one."),
)
ADVICE = {
    "guaranteed": PROMISE,
    "guarantees": PROMISE,
    "savings account": SAVINGS,
    "savings": SAVINGS,
    "deposit": DEPOSIT,
    "deposits": DEPOSIT,
    "secure": SAFE,
    "risk-free": SAFE,
    "no risk": SAFE,
    "safe as a bank": SAFE,
    "fca approved": REGULATOR,
    "fca regulated": REGULATOR,
    "fca authorised": REGULATOR,
    "approved by the fca": REGULATOR,
    "regulated by the fca": REGULATOR,
    "capital growth": GROWTH,
    "protected": PROTECTED,
    "protected by the fscs": PROTECTED,
    "dividend": DIVIDEND,
    "dividends": DIVIDEND,
    "bond": BOND,
    "bonds": BOND,
}


@dataclass(frozen=True)
class NotSaid:
    """A word, why it may not be said, and what to say instead."""

    word: str
    why: str
    instead: str


def advice(words: Iterable[str]) -> list[NotSaid]:
    """For each word of a rule-set, in its order. KeyError for a word that has no reason here: a test looks."""
    return [NotSaid(word, str(ADVICE[word][0]), str(ADVICE[word][1])) for word in words]
