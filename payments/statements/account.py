"""What an account holds: by its last statement, and by its lines. The two differ where a statement is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from payments.choices import Balances
from payments.models import BankAccount, BankLine, StatementImport


@dataclass(frozen=True)
class Standing:
    """`last`: the newest statement with balances; by_lines_pence: the oldest one's opening and every line since."""

    last: StatementImport
    by_lines_pence: int

    @property
    def differs_pence(self) -> int:
        """How much more the bank says than the lines come to; not nought where a statement is missing."""
        return self.last.closing_pence - self.by_lines_pence


def standing(account: BankAccount) -> Standing | None:
    """The account at the end of its newest statement; None while no statement came with balances."""
    told = StatementImport.objects.filter(society_id=account.society_id, account=account)
    told = told.exclude(balances=Balances.NONE)
    first, last = told.order_by("first_on", "imported_at").first(), told.order_by("last_on", "imported_at").last()
    if first is None:
        return None
    lines = BankLine.objects.filter(
        society_id=account.society_id, account=account, booked_on__gte=first.first_on, booked_on__lte=last.last_on
    )
    return Standing(last, first.opening_pence + lines.aggregate(pence=Sum("amount_pence", default=0))["pence"])
