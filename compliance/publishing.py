"""What must be so before an offer is published: TYP-1, MEM-1, OFF-1; and what it is warned of: CAP-3, CNL-1;
and for payments at a provider: PAY-1, PAY-2."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, POLICY, PRACTICE, PROVIDER, Answer
from compliance.rulesets import RuleSet


def offered_class(*, withdrawable: bool, transferable: bool) -> Answer:
    """TYP-1: only withdrawable shares that cannot be transferred may be offered to the public here.

    Source: the exemption from financial promotion rests on it (Community Shares Handbook 7.3.3).
    """
    passed = withdrawable and not transferable
    message = "" if passed else _("Only withdrawable shares that cannot be transferred can be offered here.")
    facts = {"withdrawable": withdrawable, "transferable": transferable}
    arithmetic = _("withdrawable: %(w)s; transferable: %(t)s") % {"w": withdrawable, "t": transferable}
    return Answer("TYP-1", LAW, passed, message, arithmetic, "Community Shares Handbook 7.3.3", facts)


def enough_members(*, members: int, all_societies: bool, rules: RuleSet) -> Answer:
    """MEM-1: a society has three members at least, or two if they are registered societies."""
    figure = rules.figure("min_members_if_societies" if all_societies else "min_members")
    passed = members >= figure.value
    message = (
        ""
        if passed
        else _("The register shows %(have)s members, and a society needs %(need)s.")
        % {
            "have": members,
            "need": figure.value,
        }
    )
    arithmetic = f"{members} {'≥' if passed else '<'} {figure.value}"
    facts = {"members": members, "all_societies": all_societies}
    return Answer("MEM-1", LAW, passed, message, arithmetic, figure.source, facts)


def offer_length(*, opens_on: date, closes_on: date | None, rules: RuleSet) -> Answer:
    """OFF-1: a time-bound offer runs for six weeks to six months. A warning, not a bar."""
    facts = {"opens_on": opens_on.isoformat(), "closes_on": closes_on and closes_on.isoformat()}
    least, most = rules.figure("offer_days_least"), rules.figure("offer_days_most")
    if closes_on is None:
        return Answer("OFF-1", PRACTICE, True, "", _("no closing day"), least.source, facts)
    days = (closes_on - opens_on).days + 1
    passed = least.value <= days <= most.value
    message = (
        "" if passed else _("The offer runs for %(days)s days. Six weeks to six months is usual.") % {"days": days}
    )
    arithmetic = f"{least.value} ≤ {days} ≤ {most.value}" if passed else f"{days} ∉ {least.value}–{most.value}"
    return Answer("OFF-1", PRACTICE, passed, message, arithmetic, least.source, facts)


def nobody_connected(*, largest_pence: int | None, minimum_pence: int | None, rules: RuleSet) -> Answer:
    """CAP-3: the most one holder may have is below 30 % of the minimum, or tax relief may be lost. A warning."""
    figure = rules.figure("connected_percent_of_minimum")
    facts = {"largest_pence": largest_pence, "minimum_pence": minimum_pence}
    if not minimum_pence or largest_pence is None:
        return Answer("CAP-3", PRACTICE, True, "", _("no minimum or no largest application"), figure.source, facts)
    limit_pence = minimum_pence * figure.value // 100
    passed = largest_pence < limit_pence
    message = (
        ""
        if passed
        else _(
            "One holder may have %(most)s, which is not below %(percent)s%% of the minimum: they could lose EIS relief."
        )
        % {"most": as_pounds(largest_pence), "percent": figure.value}
    )
    arithmetic = f"{as_pounds(largest_pence)} {'<' if passed else '≥'} {as_pounds(limit_pence)}"
    return Answer("CAP-3", PRACTICE, passed, message, arithmetic, figure.source, facts)


def cooling_off(*, days: int, rules: RuleSet) -> Answer:
    """CNL-1: applicants may cancel for fourteen days at least, and nobody is allotted inside them. A warning."""
    figure = rules.figure("cooling_off_days_least")
    passed = days >= figure.value
    message = (
        ""
        if passed
        else _("Applicants can cancel for %(days)s days only; fourteen is the least we advise.") % {"days": days}
    )
    facts = {"days": days}
    return Answer(
        "CNL-1", POLICY, passed, message, f"{days} {'≥' if passed else '<'} {figure.value}", figure.source, facts
    )


def held_at_provider(
    *, since: date, decided_by: date | None, most_days: int, provider_days: int, source: str
) -> Answer:
    """PAY-1: from the first payment to the decision the provider holds the money, and it does so for some days only.

    since: the day of the first payment; decided_by: the day by which nobody can pay or cancel any more, None without a
    last day; most_days: how long we let the money wait, provider_days: how long the provider lets us.
    """
    facts = {"since": since.isoformat(), "decided_by": decided_by and decided_by.isoformat()}
    if decided_by is None:
        message = _(
            "Stripe keeps money for %(days)s days only, and an offer without a last day could keep it longer: "
            "give it one, or switch card payments off."
        ) % {"days": provider_days}
        return Answer("PAY-1", PROVIDER, False, message, _("no closing day"), source, facts)
    days = (decided_by - since).days
    passed = days <= most_days
    words = _(
        "From the first payment to the decision it would be %(have)s days. Stripe keeps money for %(provider)s days, "
        "so %(most)s is the most we allow: end the offer sooner, or switch card payments off."
    )
    message = "" if passed else words % {"have": days, "provider": provider_days, "most": most_days}
    return Answer("PAY-1", PROVIDER, passed, message, f"{days} {'≤' if passed else '>'} {most_days}", source, facts)


def provider_ready(*, problem: str) -> Answer:
    """PAY-2: the society's account takes payments and is paid out by hand only. A warning: transfers work without."""
    source = "docs.stripe.com/connect/manual-payouts"
    words = problem and _("Card payments stay off until this is mended: %(problem)s") % {"problem": problem}
    return Answer("PAY-2", PRACTICE, not problem, words, _("account ready"), source, {})


def hard(answers: list[Answer]) -> list[Answer]:
    """The noes that stop publication; the others are warnings."""
    return [answer for answer in answers if not answer.passed and answer.level not in (PRACTICE, POLICY)]
