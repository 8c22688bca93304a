"""A society's limits in plain English, from the very data that enforces them: its rule-set and its rule book.

Each statement says whether it is the law, the society's own rule, good practice or a promise of the site, and where
it stands. What is unconfirmed in the rule-set is not said at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance import eligibility, figures
from compliance.answers import LAW, POLICY, PRACTICE, RULES
from compliance.rulesets import NoFigure, RuleSet
from offers import versions
from offers.models import RuleBook, Society


@dataclass(frozen=True)
class Statement:
    """One sentence or two, how strong it is, and where it stands."""

    words: str
    level: str
    source: str


@dataclass(frozen=True)
class Section:
    """Statements that answer one question."""

    title: str
    statements: list[Statement]


def explain(society: Society, on: date) -> list[Section]:
    """What the society's pages say of its limits on a day. RuleBook.DoesNotExist where no rules were registered yet."""
    said = _Said(society.law(on), versions.rule_book(society, on))
    return [
        Section(_("How much you can hold"), list(said.holding())),
        Section(_("Who may join"), list(said.joining())),
        Section(_("Before you are a member"), list(said.applying())),
        Section(_("Getting your money back"), list(said.withdrawing())),
        Section(_("Interest"), list(said.interest())),
        Section(_("When a member dies"), list(said.dying())),
        Section(_("What others can see of you"), list(said.seeing())),
    ]


class _Said:
    """The statements, with the figures of one day."""

    def __init__(self, law: RuleSet, rules: RuleBook):
        self.law, self.rules = law, rules

    def of_law(self, name: str, words: str, *, level: str = LAW, **more) -> Iterator[Statement]:
        """A sentence around a figure of the rule-set; none where it has no confirmed figure of that name."""
        try:
            figure = self.law.figure(name)
        except NoFigure:
            return
        yield Statement(words % {"value": figures.value(figure), **more}, level, figure.source)

    def of_rules(self, number: str, words: str) -> Statement:
        source = _("Rule %(number)s of the society") % {"number": number} if number else _("The society's rules")
        return Statement(words, RULES, source)

    def holding(self) -> Iterator[Statement]:
        yield self.of_rules(
            self.rules.max_holding_rule,
            _("Nobody may hold more than %(most)s in this society.")
            % {"most": as_pounds(self.rules.max_holding_pence)},
        )
        yield from self.of_law(
            "holding_cap_pence", _("The law limits any one person to %(value)s of withdrawable shares in one society.")
        )
        yield from self.of_law("holding_exempt_kinds", _("This limit of the law is not for %(value)s."))
        yield Statement(
            _(
                "What you hold and what you have applied for count together. A joint or a child’s holding counts "
                "whole for each person who has a part in it."
            ),
            POLICY,
            _("The careful reading of the law, which counts every interest in shares"),
        )
        yield Statement(
            _("An offer may set a lower limit, and a smallest sum. The offer’s page says so."), POLICY, _("Each offer")
        )

    def joining(self) -> Iterator[Statement]:
        kinds = [str(eligibility.NAMES[kind]) for kind in eligibility.HOLDER_KINDS if kind in self.rules.admits]
        yield self.of_rules(self.rules.admits_rule, _("May join: %(kinds)s.") % {"kinds": ", ".join(kinds)})
        yield self.of_rules(
            self.rules.min_age_rule,
            _("Whoever applies alone or jointly must be at least %(age)s years old.") % {"age": self.rules.min_age},
        )
        if eligibility.SYNDICATE in self.rules.admits:
            yield self.of_rules(
                self.rules.syndicate_rule,
                _("A syndicate may have %(most)s people at most.") % {"most": self.rules.syndicate_max},
            )
        yield from self.of_law("votes_each", _("Votes of each member: %(value)s, however much they hold."))
        yield from self.of_law("min_age_officer", _("Who holds an office must be %(value)s old."))
        yield from self.of_law("min_members", _("A society must have %(value)s members at least."))

    def applying(self) -> Iterator[Statement]:
        yield Statement(
            _("An application is not a share. You are a member when the board allots shares to you."),
            POLICY,
            _("Each offer"),
        )
        yield from self.of_law(
            "cooling_off_days_least",
            _("You may cancel and get all your money back, for the days that the offer names; %(value)s is the least."),
            level=POLICY,
        )
        yield Statement(
            _("If an offer does not reach its minimum, everybody is refunded in full."),
            POLICY,
            _("Each offer"),
        )
        yield from self.of_law(
            "offer_days_most", _("An offer with a closing day runs for %(value)s at most, as a rule."), level=PRACTICE
        )

    def withdrawing(self) -> Iterator[Statement]:
        yield self.of_rules(
            self.rules.withdrawal_rule,
            _("You ask to be paid back, with %(days)s days’ notice. The board may say no, or make you wait.")
            % {"days": self.rules.withdrawal_notice_days},
        )
        yield Statement(
            _("Shares cannot be sold or given to somebody else, and are never worth more than was paid."),
            RULES,
            _("The society's rules"),
        )
        yield from self.of_law(
            "withdrawal_pot_percent",
            _("In one year, %(value)s of the share capital is the usual most that is paid back."),
            level=PRACTICE,
        )
        yield from self.of_law(
            "withdrawal_solvent_months",
            _("The directors must be sure that debts can be paid, then and for %(value)s after."),
            level=PRACTICE,
        )
        yield from self.of_law("min_age_receipt", _("Share money is paid out only to members who are %(value)s old."))
        yield from self.of_law(
            "deposit_payment_most_pence",
            _("If the society owes deposits, they come first. One deposit may be %(value)s at most."),
        )

    def interest(self) -> Iterator[Statement]:
        words = (
            _("Interest: %(limit)s. It is paid only if the society can afford it.")
            % {"limit": self.rules.interest_limit}
            if self.rules.interest_limit
            else _("The rules name no interest. Expect none.")
        )
        yield self.of_rules(self.rules.interest_rule, words)
        yield from self.of_law(
            "interest_return_practice_pence",
            _("The society tells HMRC of interest from %(value)s a year, and tax on it is yours to pay."),
            level=PRACTICE,
        )

    def dying(self) -> Iterator[Statement]:
        yield from self.of_law(
            "nomination_most_pence",
            _(
                "You may name in writing who shall have your shares when you die. %(value)s at most passes that way; "
                "the rest needs a will."
            ),
        )

    def seeing(self) -> Iterator[Statement]:
        yield from self.of_law(
            "inspection_fields",
            _("The register of members can be inspected. It shows: %(value)s. It shows no holdings."),
        )
        yield from self.of_law("inspectors", _("It is open to %(value)s."))
        yield from self.of_law("rules_copy_fee_most_pence", _("A copy of the rules is free to you once, as a member."))
