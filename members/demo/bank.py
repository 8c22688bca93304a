"""A statement that the treasurer of the demonstration has just imported: most lines are exact, some are a riddle."""

from __future__ import annotations

import random
from datetime import timedelta

from common import clock, references
from offers.choices import ApplicationState, Method
from offers.models import Application, ShareOffer
from payments.statements import importing
from payments.statements.facts import Line, Statement

OPENING_PENCE = 12_450_60
EXACT = 5


def import_statement(offer: ShareOffer, *, chance: random.Random, by) -> None:
    """An account with one statement: transfers for applications to the offer that wait, and what else moves."""
    account = importing.open_account(offer.society, name="Share account", last_four="0042", by=by)
    waiting = Application.objects.filter(
        society=offer.society, offer=offer, state=ApplicationState.AWAITING_PAYMENT, method=Method.BANK_TRANSFER
    )
    lines = _lines(list(waiting.order_by("submitted_at", "pk")), chance)
    importing.take(
        account,
        Statement("csv", lines),
        content=offer.pk.bytes,
        file_name="share-account.csv",
        opening_pence=OPENING_PENCE,
        closing_pence=OPENING_PENCE + sum(line.amount_pence for line in lines),
        by=by,
    )


def _lines(waiting: list[Application], chance: random.Random) -> list[Line]:
    """Of those that wait: some typed the reference as it is, one made a slip, one left it out."""
    told = [
        (application.due_pence, _at_bank(application.name), _typed(application.reference, chance))
        for application in waiting[:EXACT]
    ]
    if len(waiting) > EXACT + 1:
        slip, silent = waiting[EXACT : EXACT + 2]
        told.append((slip.due_pence, _at_bank(slip.name), f"{slip.reference[:5]}I{slip.reference[6:]}"))
        told.append((silent.due_pence, _at_bank(silent.name), "SHARES"))
    told += [(35_00, "M ELLIS", "HALL HIRE SAT"), (75_00, "K JONES", "GOOD LUCK ALL"), (-18_40, "PRINTER", "POSTERS")]
    yesterday = clock.today() - timedelta(days=1)
    return [
        Line(number, yesterday, amount_pence, text="", payer=payer, reference=reference)
        for number, (amount_pence, payer, reference) in enumerate(told, start=1)
    ]


def _at_bank(name: str) -> str:
    """A name as a bank prints it."""
    first, _blank, last = name.partition(" ")
    return f"{last or first} {first[0]}".upper()


def _typed(reference: str, chance: random.Random) -> str:
    """A reference as somebody types it into their bank's form."""
    shown = references.shown(reference)
    return chance.choice([shown, reference, shown.lower(), shown.replace("-", " ")])
