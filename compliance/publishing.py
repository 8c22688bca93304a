"""What must be so before an offer is published: TYP-1, MEM-1, OFF-1; and what it is warned of: CAP-3, CNL-1;
and for payments at a provider: PAY-1, PAY-2."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, POLICY, PRACTICE, PROVIDER, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("TYP-1", LAW)
def offered_class(*, withdrawable: bool, transferable: bool) -> Answer:
    """TYP-1: only withdrawable shares that cannot be transferred may be offered to the public here.

    Source: the exemption from financial promotion rests on it (Community Shares Handbook 7.3.3).
    """
    passed = withdrawable and not transferable
    message = "" if passed else _("Only withdrawable shares that cannot be transferred can be offered here.")
    facts = {"withdrawable": withdrawable, "transferable": transferable}
    arithmetic = _("withdrawable: %(w)s; transferable: %(t)s") % {"w": withdrawable, "t": transferable}
    return Answer("TYP-1", LAW, passed, message, arithmetic, "Community Shares Handbook 7.3.3", facts)


@question("MEM-1", LAW)
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


@question("OFF-1", PRACTICE)
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


@question("OFF-1", PRACTICE)
def targets_in_order(*, minimum_pence: int | None, optimum_pence: int | None, maximum_pence: int | None) -> Answer:
    """OFF-1: 0 < minimum ≤ optimum ≤ maximum, as far as the offer names them. Units: pence.

    The table refuses another order too (`offer_targets_in_order`).
    """
    named = [sum_pence for sum_pence in (minimum_pence, optimum_pence, maximum_pence) if sum_pence is not None]
    passed = all(sum_pence > 0 for sum_pence in named) and named == sorted(named)
    message = "" if passed else _("The targets must be above £0 and in order: minimum, optimum, maximum.")
    arithmetic = " ≤ ".join(as_pounds(sum_pence) for sum_pence in named) if named else _("no targets")
    if not passed:
        arithmetic = _("not so: %(order)s") % {"order": arithmetic}
    return Answer("OFF-1", PRACTICE, passed, message, arithmetic, "Community Shares Handbook 4.2")


@question("OFF-1", PRACTICE)
def may_open_again(
    *, has_ended: bool, applied_pence: int, minimum_pence: int | None, maximum_pence: int | None
) -> Answer:
    """OFF-1: an offer whose last day has passed opens again only if its minimum was met and room is left.

    has_ended: its last day is behind us; applied_pence: what is applied for. Units: pence.
    """
    least, most = minimum_pence or 0, maximum_pence
    is_met, has_room = applied_pence >= least, most is None or applied_pence <= most
    passed = not has_ended or (is_met and has_room)
    message = ""
    if not passed and not is_met:
        message = _("The offer has ended below its minimum of %(least)s. Good practice is to refund now.") % {
            "least": as_pounds(least)
        }
    elif not passed:
        message = _("The offer has ended above its maximum of %(most)s, so reopening it would promise too much.") % {
            "most": as_pounds(most)
        }
    upper = _("no maximum") if most is None else as_pounds(most)
    arithmetic = f"{as_pounds(least)} ≤ {as_pounds(applied_pence)} ≤ {upper}"
    if not has_ended:
        arithmetic = _("the last day has not passed")
    elif not passed:
        arithmetic = _("not so: %(order)s") % {"order": arithmetic}
    return Answer("OFF-1", PRACTICE, passed, message, arithmetic, "Community Shares Handbook 4.5.8")


@question("CAP-3", PRACTICE)
def not_concentrated(*, largest_pence: int | None, maximum_pence: int | None, rules: RuleSet) -> Answer:
    """CAP-3: in an offer for less than £1m, nobody should take more than a tenth of it. A warning. Units: pence."""
    percent, below = rules.figure("concentration_percent"), rules.figure("concentration_below_pence")
    if largest_pence is None or not maximum_pence or maximum_pence >= below.value:
        words = _("no maximum below %(sum)s, or no largest application") % {"sum": as_pounds(below.value)}
        return Answer("CAP-3", PRACTICE, True, "", words, percent.source)
    limit_pence = maximum_pence * percent.value // 100
    passed = largest_pence <= limit_pence
    message = (
        ""
        if passed
        else _(
            "One holder may take %(most)s, more than %(percent)s%% of the %(maximum)s sought. A loss of one member "
            "could then hurt the society; up to %(limit)s is usual."
        )
        % {
            "most": as_pounds(largest_pence),
            "percent": percent.value,
            "maximum": as_pounds(maximum_pence),
            "limit": as_pounds(limit_pence),
        }
    )
    arithmetic = f"{as_pounds(largest_pence)} {'≤' if passed else '>'} {as_pounds(limit_pence)}"
    return Answer("CAP-3", PRACTICE, passed, message, arithmetic, percent.source)


@question("CAP-3", PRACTICE)
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


@question("CNL-1", POLICY)
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


@question("PAY-1", PROVIDER)
def held_at_provider(
    *, since: date, decided_by: date | None, most_days: int, provider_days: int, source: str
) -> Answer:
    """PAY-1: from the first payment to the decision the provider holds the money, and it does so for some days only.

    since: the day of the first payment; decided_by: the day by which nobody can pay or cancel any more, None without a
    last day; most_days: how long we let the money wait, provider_days: how long the provider lets us.
    """
    facts = {}
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


@question("PAY-2", PRACTICE)
def provider_ready(*, problem: str) -> Answer:
    """PAY-2: the society's account takes payments and is paid out by hand only. A warning: transfers work without."""
    source = "docs.stripe.com/connect/manual-payouts"
    words = problem and _("Card payments stay off until this is mended: %(problem)s") % {"problem": problem}
    return Answer("PAY-2", PRACTICE, not problem, words, _("account ready"), source, {})
