"""How much of an offer may wait unpaid from one address under first come, first served (UNP-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import POLICY, Answer
from compliance.questions import question


@dataclass(frozen=True)
class Waiting:
    """What waits for payment already from one e-mail address, postal address or account, and holds room; pence."""

    what: str  # email, address, account
    waiting_pence: int


@question("UNP-1", POLICY)
def unpaid_room(*, applied_pence: int, limit_pence: int, waiting: Sequence[Waiting]) -> Answer:
    """UNP-1: what is not paid and holds room ≤ the limit, for each address by itself; a first one is always taken.

    Units: pence. The words say the limit and what to do, never how much waits for somebody: whoever types an address
    need not be the one who has it. Source: the offer's own setting.
    """
    over = [one for one in waiting if one.waiting_pence and one.waiting_pence + applied_pence > limit_pence]
    fullest = max((one.waiting_pence for one in over or waiting), default=0)
    sign = ">" if over else "≤"
    arithmetic = f"{as_pounds(fullest)} + {as_pounds(applied_pence)} {sign} {as_pounds(limit_pence)}"
    if not over and fullest == 0:
        arithmetic = _("nothing waits for payment")
    message = _in_words([one.what for one in over], limit_pence) if over else ""
    return Answer("UNP-1", POLICY, not over, message, arithmetic, _("The offer: a limit of what waits unpaid"))


def _in_words(over: list[str], limit_pence: int) -> str:
    names = {"email": _("this e-mail address"), "address": _("this postal address"), "account": _("your account")}
    return _(
        "A bank transfer, a cheque or cash keeps a place in this offer before it is paid. Until it is paid, "
        "applications from %(whom)s may keep %(limit)s in all, and this one would be more. "
        "Pay what waits or cancel it, apply for less, or pay at once where another way of paying is offered."
    ) % {"whom": names.get(over[0], _("this address")), "limit": as_pounds(limit_pence)}
