"""Whose money a line is: a proposal with its why. Pure: facts in, proposals out; only a person decides.

A proposal is `ready` only where the reference is there sign for sign, the application waits for exactly this sum by
this way, and no other line claims it. Whatever is less than that is a suggestion.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from common import references
from common.money import as_pounds
from payments.statements import names
from payments.statements.finding import Index

NEAR_DAYS = 14  # how far a receipt written down by hand may be from the bank's day


@dataclass(frozen=True)
class Candidate:
    """An application as the matching sees it. wanting_pence: due and not held, 0 unless it waits for payment.

    `last_day`: of payment. `loose`: receipts recorded by hand that no line has yet, as (key, pence, day).
    """

    key: UUID
    reference: str
    name: str
    names: tuple[str, ...]
    wanting_pence: int
    is_waiting: bool
    by_card: bool
    last_day: date
    loose: tuple[tuple[UUID, int, date], ...] = ()


@dataclass(frozen=True)
class Incoming:
    """A line of money that came in and waits."""

    key: UUID
    booked_on: date
    amount_pence: int
    payer: str
    words: str  # everything the bank says of it
    was_undone: bool = False  # somebody said once whose it is, and two people took that back


@dataclass(frozen=True)
class Proposal:
    """Which applications (with pence of each) or receipts already recorded a line may be, and why.

    `strength` orders suggestions: 9 is ready, 1 a bare sum.
    """

    line: UUID
    parts: tuple[tuple[UUID, int], ...]
    why: str
    strength: int
    recorded: tuple[UUID, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may be accepted among many at once."""
        return self.strength == READY


READY = 9


@dataclass
class _Desk:
    """The candidates by what they are looked up by."""

    candidates: Sequence[Candidate]
    by_reference: dict[str, Candidate] = field(default_factory=dict)
    by_wanting: dict[int, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    by_word: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self):
        for candidate in self.candidates:
            self.by_reference[candidate.reference] = candidate
            if candidate.wanting_pence:
                self.by_wanting[candidate.wanting_pence].append(candidate)
                for word in {word for name in candidate.names for word in names.words(name)}:
                    self.by_word[word].append(candidate)
        self.index = Index(self.by_reference)

    def named(self, line: Incoming) -> dict[UUID, tuple[Candidate, int]]:
        """Waiting applications of somebody whose name the line has, with how well it fits."""
        at_bank = f"{line.payer} {line.words}"
        found = {}
        for word in set(names.words(at_bank)):
            for candidate in self.by_word.get(word, ()):
                if candidate.key not in found:
                    fit = max(names.alike(at_bank, name) for name in candidate.names)
                    found[candidate.key] = (candidate, fit)
        return {key: pair for key, pair in found.items() if pair[1]}


def propose(lines: Sequence[Incoming], candidates: Sequence[Candidate]) -> dict[UUID, Proposal]:
    """The best proposal for each line that has one. Two lines are never both ready for one application's money."""
    desk = _Desk(candidates)
    found = {}
    for line in lines:
        proposal = _by_reference(line, desk) or _by_near_reference(line, desk) or _by_name(line, desk)
        if proposal := proposal or _by_sum(line, desk):
            found[line.key] = proposal
    return _only_one_ready(lines, found)


def _only_one_ready(lines: Sequence[Incoming], found: dict[UUID, Proposal]) -> dict[UUID, Proposal]:
    """The first line of two that are ready for the same money stays so; the second is for a person to look at."""
    claimed: set[UUID] = set()
    for line in lines:
        proposal = found.get(line.key)
        if proposal is None or not proposal.ready:
            continue
        wanted = set(proposal.recorded) or {key for key, _pence in proposal.parts}
        if wanted & claimed:
            why = _("The reference is right, and another line pays the same application.")
            found[line.key] = Proposal(line.key, proposal.parts, why, READY - 1, ())
        claimed |= wanted
    return found


def _by_reference(line: Incoming, desk: _Desk) -> Proposal | None:
    known = [desk.by_reference[reference] for reference in desk.index.exact(line.words)]
    if not known:
        return None
    if len(known) > 1:
        return _of_several(line, known)
    (candidate,) = known
    whole = ((candidate.key, line.amount_pence),)
    if line.was_undone:
        why = _("The reference is right, and a receipt of this line was undone: look why.")
        return Proposal(line.key, whole, why, READY - 1)
    if recorded := _recorded(line, candidate):
        if candidate.wanting_pence == line.amount_pence:
            why = _("The reference is right. This sum was recorded by hand, and as much is still due: which is it?")
            return Proposal(line.key, whole, why, READY - 1)
        why = _("The reference is right, and this sum was recorded by hand already.")
        return Proposal(line.key, whole, why, READY, (recorded,))
    if problem := _reference_problem(line, candidate):
        return Proposal(line.key, whole, problem, READY - 1)
    return Proposal(line.key, whole, _("Reference and sum are right."), READY)


def _recorded(line: Incoming, candidate: Candidate) -> UUID | None:
    """The one receipt by hand of this very sum and about this day; None where there is none or several."""
    fits = [
        key
        for key, amount_pence, day in candidate.loose
        if amount_pence == line.amount_pence and abs((day - line.booked_on).days) <= NEAR_DAYS
    ]
    return fits[0] if len(fits) == 1 else None


def _reference_problem(line: Incoming, candidate: Candidate) -> str:
    """Why a line with the right reference is no more than a suggestion; "" where nothing is against it."""
    if not candidate.is_waiting:
        return _("The reference is right, and the application no longer waits for payment.")
    if candidate.by_card:
        return _("The reference is right, and the application was to be paid by card.")
    if candidate.wanting_pence != line.amount_pence:
        words = _("The reference is right; %(due)s is due, and this is %(sum)s.")
        return words % {"due": as_pounds(candidate.wanting_pence), "sum": as_pounds(line.amount_pence)}
    if line.booked_on >= candidate.last_day:
        return _("Reference and sum are right, and it came on the last day or later.")
    return ""


def _of_several(line: Incoming, known: list[Candidate]) -> Proposal:
    """One transfer that names several applications: each gets what it wants, if that is the whole sum."""
    if sum(candidate.wanting_pence for candidate in known) == line.amount_pence and all(
        candidate.wanting_pence for candidate in known
    ):
        parts = tuple((candidate.key, candidate.wanting_pence) for candidate in known)
        return Proposal(line.key, parts, _("It names these applications, and their sums make up this one."), READY - 1)
    exact = next((c for c in known if c.wanting_pence == line.amount_pence), known[0])
    why = _("It names several applications, and their sums do not make up this one.")
    return Proposal(line.key, ((exact.key, line.amount_pence),), why, 5)


def _by_near_reference(line: Incoming, desk: _Desk) -> Proposal | None:
    near = [desk.by_reference[reference] for reference in desk.index.near(line.words)]
    if not near:
        return None
    named = desk.named(line)
    near.sort(key=lambda c: (c.wanting_pence != line.amount_pence, c.key not in named, c.reference))
    best = near[0]
    shown = {"reference": references.shown(best.reference)}
    if best.wanting_pence == line.amount_pence:
        why = _("One sign of the reference is wrong (%(reference)s is meant); the sum is right.") % shown
        return Proposal(line.key, ((best.key, line.amount_pence),), why, 7)
    if best.key in named:
        why = _("One sign of the reference is wrong (%(reference)s is meant); the name fits, the sum does not.") % shown
        return Proposal(line.key, ((best.key, line.amount_pence),), why, 6)
    return None


def _by_name(line: Incoming, desk: _Desk) -> Proposal | None:
    named = desk.named(line)
    exact = [pair for pair in named.values() if pair[0].wanting_pence == line.amount_pence]
    if exact:
        exact.sort(key=lambda pair: (-pair[1], pair[0].reference))
        candidate, fit = exact[0]
        if len(exact) > 1 and exact[1][1] == fit:
            why = _("Name and sum fit %(n)s applications: look which is meant.") % {"n": len(exact)}
            return Proposal(line.key, ((candidate.key, line.amount_pence),), why, 4)
        words = {names.WHOLE: _("Name and sum are right."), names.CLOSE: _("Surname, initial and sum are right.")}
        return Proposal(line.key, ((candidate.key, line.amount_pence),), words[fit], 6 if fit == names.WHOLE else 5)
    ordered = sorted((pair[0] for pair in named.values()), key=lambda candidate: candidate.reference)[:12]
    for two in itertools.combinations(ordered, 2):
        if sum(candidate.wanting_pence for candidate in two) == line.amount_pence:
            parts = tuple((candidate.key, candidate.wanting_pence) for candidate in two)
            return Proposal(line.key, parts, _("The name fits two applications, and their sums make up this one."), 5)
    whole = [candidate for candidate, fit in named.values() if fit == names.WHOLE]
    if len(whole) == 1:
        words = _("The name is right; %(due)s is due, and this is %(sum)s.")
        sums = {"due": as_pounds(whole[0].wanting_pence), "sum": as_pounds(line.amount_pence)}
        return Proposal(line.key, ((whole[0].key, line.amount_pence),), words % sums, 3)
    return None


def _by_sum(line: Incoming, desk: _Desk) -> Proposal | None:
    exact = desk.by_wanting.get(line.amount_pence, [])
    if len(exact) != 1:
        return None
    why = _("It is the only application that waits for exactly %(sum)s.") % {"sum": as_pounds(line.amount_pence)}
    return Proposal(line.key, ((exact[0].key, line.amount_pence),), why, 1)
