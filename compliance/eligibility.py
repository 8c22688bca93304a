"""Who may apply, and when: OPN-1, ADM-1, MEM-2, GRP-1."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.answers import LAW, OFFER, RULES, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet

# What holders may be; the words of scenario files and of the rules' `admits`.
PERSON, JOINT, CHILD = "person", "joint", "child"
ORGANISATION, REGISTERED_SOCIETY, SYNDICATE = "organisation", "registered-society", "syndicate"
HOLDER_KINDS = (PERSON, JOINT, CHILD, ORGANISATION, REGISTERED_SOCIETY, SYNDICATE)
NAMES = {
    PERSON: gettext_lazy("people"),
    JOINT: gettext_lazy("joint holders"),
    CHILD: gettext_lazy("an adult for a child"),
    ORGANISATION: gettext_lazy("organisations"),
    REGISTERED_SOCIETY: gettext_lazy("registered societies"),
    SYNDICATE: gettext_lazy("syndicates"),
}
PEOPLE = frozenset({PERSON, JOINT, CHILD, SYNDICATE})  # whose money a match counts


def _rule(number: str) -> str:
    return _("Rule %(number)s of the society") % {"number": number} if number else _("The society's rules")


@question("OPN-1", OFFER)
def offer_open(*, is_open: bool, opens_on: date, closes_on: date | None, on: date) -> Answer:
    """OPN-1: applications are taken only while the offer is open; the closing day runs to midnight in London."""
    facts = {
        "is_open": is_open,
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on and closes_on.isoformat(),
        "on": on.isoformat(),
    }
    until = closes_on.isoformat() if closes_on else _("no closing day")
    arithmetic = f"{opens_on.isoformat()} … {until}: {on.isoformat()}"
    message = ""
    if not is_open:
        message = _not_open(opens_on, closes_on, on)
    return Answer("OPN-1", OFFER, is_open, message, arithmetic, _("The offer's dates"), facts)


def _not_open(opens_on: date, closes_on: date | None, on: date) -> str:
    if on < opens_on:
        return _("This offer opens on %(day)s, so it cannot take applications yet.") % {"day": _in_words(opens_on)}
    if closes_on and closes_on < on:
        return _("This offer closed on %(day)s, so it takes no more applications.") % {"day": _in_words(closes_on)}
    return _("This offer has been closed, so it takes no more applications.")


def _in_words(day: date) -> str:
    return formats.date_format(day, "j F Y")


@question("ADM-1", RULES)
def admitted(*, kind: str, admits: Collection[str], rule_number: str = "") -> Answer:
    """ADM-1: the society's rules say which kinds of holder it admits."""
    passed = kind in admits
    message = (
        ""
        if passed
        else _("The society's rules do not admit this kind of holder. They admit: %(kinds)s.")
        % {"kinds": ", ".join(str(NAMES[one]) for one in HOLDER_KINDS if one in admits)}
    )
    arithmetic = f"{kind} {'∈' if passed else '∉'} {{{', '.join(sorted(admits))}}}"
    return Answer(
        "ADM-1",
        RULES,
        passed,
        message,
        arithmetic,
        _rule(rule_number),
        {"kind": kind, "admits": sorted(admits)},
    )


def age_on(born_on: date, on: date) -> int:
    """Whole years. Somebody born on 29 February has a birthday on 1 March of a common year."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


@question("MEM-2", RULES)
def old_enough(*, age: int | None, min_age: int, rule_number: str = "") -> Answer:
    """MEM-2: a person applying for themselves must have the age that the rules ask. None: not asked or not given.

    Source: the Act sets no least age for membership; the society's rules may (2014 Act s.31).
    """
    passed = age is None or age >= min_age
    message = (
        ""
        if passed
        else _("You must be at least %(age)s to apply yourself. An adult can apply for you.") % {"age": min_age}
    )
    arithmetic = _("age not asked") if age is None else f"{age} {'≥' if passed else '<'} {min_age}"
    return Answer("MEM-2", RULES, passed, message, arithmetic, _rule(rule_number), {"age": age, "min_age": min_age})


@question("MEM-2", LAW)
def may_give_receipt(*, age: int | None, rules: RuleSet) -> Answer:
    """MEM-2: under sixteen nobody can give a receipt, so no share money is paid out to them. None: a body's.

    Source: 2014 Act s.31 (Northern Ireland: 1969 Act s.19).
    """
    return _of_age(age, rules.figure("min_age_receipt"), _("A member must be %(age)s to be paid back share money."))


@question("MEM-2", LAW)
def may_hold_office(*, age: int | None, rules: RuleSet) -> Answer:
    """MEM-2: under sixteen nobody may sit on the committee or be a trustee, manager or treasurer."""
    return _of_age(age, rules.figure("min_age_officer"), _("An officer must be at least %(age)s."))


def _of_age(age: int | None, least, words: str) -> Answer:
    passed = age is None or age >= least.value
    arithmetic = _("age not asked") if age is None else f"{age} {'≥' if passed else '<'} {least.value}"
    return Answer("MEM-2", LAW, passed, "" if passed else words % {"age": least.value}, arithmetic, least.source)


@question("GRP-1", RULES)
def syndicate_size(*, people: int, most: int, rule_number: str = "") -> Answer:
    """GRP-1: how many people may hold together as one syndicate."""
    passed = people <= most
    message = "" if passed else _("A syndicate may have %(most)s people at most.") % {"most": most}
    arithmetic = f"{people} {'≤' if passed else '>'} {most}"
    return Answer("GRP-1", RULES, passed, message, arithmetic, _rule(rule_number), {"people": people, "most": most})
