"""Lines of the bank with what each may be, ready for a page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from offers.models import Application, Society
from payments.models import BankLine, Payout, Receipt
from payments.statements import outgoing, paid_out, waiting


@dataclass(frozen=True)
class Part:
    """One application of a proposal, with what of the line is for it."""

    application: Application
    amount_pence: int


@dataclass
class Row:
    """A line with its proposal, ready for the page."""

    line: BankLine
    why: str = ""
    ready: bool = False
    parts: tuple[Part, ...] = ()
    recorded: tuple[Receipt, ...] = ()
    refunds: tuple = ()
    came_in: BankLine | None = None
    payout: Payout | None = None
    after: str = ""  # the line to go on with

    @property
    def has_proposal(self) -> bool:
        """Whether there is anything to accept."""
        return bool(self.parts or self.recorded or self.refunds or self.came_in or self.payout)

    @property
    def ticket(self) -> str:
        """What a tick stands for: this line for this application, receipt or payout, as it was shown."""
        if self.payout:
            thing = self.payout.pk
        else:
            thing = self.recorded[0].pk if self.recorded else self.parts[0].application.pk
        return f"{self.line.pk}:{thing}"


def rows_of(society: Society, lines: list[BankLine]) -> list[Row]:
    """Lines with their proposals, in and out; a handful of queries whatever their number."""
    found, out = waiting.proposals(society, lines), outgoing.propose(society, lines)
    paid = paid_out.propose(society, lines, list(waiting.undecided(society).filter(amount_pence__gt=0)))
    keys = {key for proposal in found.values() for key, _pence in proposal.parts}
    applications = Application.objects.filter(society=society).select_related("offer").in_bulk(keys)
    recorded = {key for proposal in found.values() for key in proposal.recorded}
    receipts = Receipt.objects.filter(society=society).select_related("application", "recorded_by").in_bulk(recorded)
    rows = []
    for line in lines:
        row = Row(line)
        proposal = found.get(line.pk)
        if proposal:
            row.why, row.ready = proposal.why, proposal.ready
            row.recorded = tuple(receipts[key] for key in proposal.recorded)
            if not row.recorded:
                row.parts = tuple(Part(applications[key], amount) for key, amount in proposal.parts)
        if (sent := out.get(line.pk)) and not row.ready:
            row.parts, row.recorded = (), ()
            row.why, row.refunds, row.came_in = sent.why, sent.refunds, sent.came_in
        if (payout := paid.get(line.pk)) and (proposal is None or proposal.strength < payout.strength):
            row.parts, row.recorded, row.refunds, row.came_in = (), (), (), None
            row.why, row.ready, row.payout = payout.why, payout.ready, payout.payout
        rows.append(row)
    for row, following in itertools.pairwise(rows):
        row.after = str(following.line.pk)
    return rows
