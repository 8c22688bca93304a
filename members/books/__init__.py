"""Recounting the books: the things that are always true, each with the rows that say otherwise.

`faults()` reads everything and repairs nothing. The command is `manage.py verify_books`; every journey ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from members.books import (
    bank,
    capital,
    chain_of_entries,
    clearing,
    decided,
    people,
    refunding,
    sealed,
    sums,
)
from members.books.fault import Fault

CHECKS = [
    ("I1", "every set of postings adds up to nothing", clearing.balanced),
    ("I2", "holdings are the sums of their entries", sums.holdings),
    ("I3", "nothing is oversold, over a cap or negative", capital.limits),
    ("I4", "money in is shares, refunds or a named exception", sums.money),
    ("I4", "each charge at Stripe is a receipt or a named exception", clearing.charges),
    ("refunds", "refunds are of what came in, each once, by two people, and files add up", refunding.refunds),
    ("I5", "the chain of entries is whole", chain_of_entries.chain),
    ("seals", "every seal is over the entries that stand there", sealed.seals_hold),
    ("I6", "certificates are numbered without gaps and say what was so", capital.certificates),
    ("I7", "acts that take two people had two", people.four_eyes),
    ("I8", "no row reaches into another society", people.one_society),
    ("I11", "recorded time never runs back", chain_of_entries.times),
    ("I12", "the statutory particulars are complete", people.particulars),
    ("I13", "what was decided would be decided the same again", decided.decided),
    ("bank", "each line of a bank statement is the receipts or refunds that it was accepted as", bank.lines),
    ("exposure", "what counts for the caps is what is held and waiting", sums.exposures),
]


def faults() -> Iterator[Fault]:
    """Every fault of every invariant, in order; none where the books are right."""
    for invariant, _meaning, check in CHECKS:
        for society, subject, wrong in check():
            yield Fault(invariant, society, subject, wrong)


def faults_against(lines: Iterable[str]) -> Iterator[Fault]:
    """Where the seals of the books differ from lines that somebody kept, one seal a line."""
    for society, subject, wrong in sealed.against(lines):
        yield Fault("kept", society, subject, wrong)


__all__ = ["CHECKS", "Fault", "faults", "faults_against"]
