"""Items of the checklist that an offer's own data answer, or words that stand on every offer's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compliance.rulesets import NoFigure
from offers import versions
from offers.choices import OfferKind
from offers.models import RuleBook, ShareClass, ShareOffer

WITHOUT_TARGETS = (OfferKind.MEMBERSHIP, OfferKind.OPEN)


@dataclass(frozen=True)
class Known:
    """An offer with what its items are read from. `matches`: how many institutions match; `classes`: of the society."""

    offer: ShareOffer
    rules: RuleBook | None
    matches: int
    classes: int

    @classmethod
    def of(cls, offer: ShareOffer) -> Known:
        try:
            rules = versions.rule_book(offer.society, offer.opens_on)
        except RuleBook.DoesNotExist:
            rules = None
        classes = ShareClass.objects.filter(society_id=offer.society_id).count()
        return cls(offer, rules, len(offer.matches.all()), classes)

    def figure(self, name: str) -> bool:
        """Whether the law has a confirmed figure of that name on the offer's first day."""
        try:
            self.offer.society.law(self.offer.opens_on).figure(name)
        except NoFigure:
            return False
        return True

    @property
    def has_targets(self) -> bool:
        offer = self.offer
        return offer.kind in WITHOUT_TARGETS or None not in (
            offer.minimum_pence,
            offer.optimum_pence,
            offer.maximum_pence,
        )


def _always(_known: Known) -> bool:
    """Fixed words of the page, or a field that no draft can be without."""
    return True


BY_ITEM: dict[int, Callable[[Known], bool]] = {
    1: lambda known: all((known.offer.society.registered_name, known.offer.society.register_number,
                          known.offer.society.registered_office.strip())),
    2: _always,
    3: lambda known: known.offer.kind in WITHOUT_TARGETS or known.offer.closes_on is not None,
    4: lambda known: known.has_targets,
    5: lambda known: known.offer.max_application_pence is not None or known.rules is not None,
    6: _always,
    8: _always,
    10: lambda known: bool(known.offer.society.objects_text.strip()),
    11: _always,
    12: _always,
    13: lambda known: known.rules is not None,
    17: lambda known: bool(known.offer.society.email),
    18: _always,  # other shares are not offered at all (TYP-1)
    20: _always,
    21: lambda known: known.figure("nomination_most_pence"),
    22: lambda known: known.classes == 1,
    25: lambda known: known.rules is not None,
    30: lambda known: known.offer.minimum_pence == known.offer.optimum_pence,
    39: lambda known: known.matches > 0,
    42: _always,
    43: _always,
    44: _always,
    45: lambda known: known.has_targets,
    48: _always,
}  # fmt: skip
