"""The register of members: what each row must hold (REG-1), and what whoever inspects it may see (REG-2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from compliance.answers import LAW, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet

HIDDEN = ("shares and amount paid", "other property")  # s.30(2)(c) and (d)


@question("REG-1", LAW)
def row_complete(
    *, has_name: bool, has_address: bool, has_purposes: bool, entered_on: date | None,
    allotted_on: date | None, rules: RuleSet,
) -> Answer:  # fmt: skip
    """REG-1: a row holds what s.30(2) asks, and the day of entry is the day of the first allotment.

    The number of shares and the amount paid (c) are the ledger's sums, and other property (d) is none here.
    has_purposes: an electronic address is given with its purposes, or none is given; allotted_on: None where no share
    has been allotted, as for a holding that was taken over.
    """
    figure = rules.figure("register_fields")
    lacking = [
        words
        for words, is_there in (
            (_("a name"), has_name),
            (_("a postal address"), has_address),
            (_("the purposes of the electronic address"), has_purposes),
            (_("the day of entry"), entered_on is not None),
            (_("the day of allotment as its day of entry"), entered_on == allotted_on or allotted_on is None),
        )
        if not is_there
    ]
    message = _("The register would lack %(what)s.") % {"what": ", ".join(lacking)} if lacking else ""
    arithmetic = _("%(n)s of 5 particulars are there") % {"n": 5 - len(lacking)}
    return Answer("REG-1", LAW, not lacking, message, arithmetic, figure.source)


@question("REG-1", LAW)
def may_be_erased(*, what: str, rules: RuleSet) -> Answer:
    """REG-1: what the register must hold is kept when somebody asks for erasure; what it need not hold may go."""
    figure = rules.figure("register_fields")
    passed = what not in figure.value
    message = "" if passed else _("The law makes the society keep this on the register: %(what)s.") % {"what": what}
    return Answer("REG-1", LAW, passed, message, f"{what} {'∉' if passed else '∈'} s.30(2)", figure.source)


@question("REG-2", LAW)
def inspection_shows(*, fields: Collection[str], own_account: bool, rules: RuleSet) -> Answer:
    """REG-2: who inspects the register sees no shares, no amounts, no property of others; their own account whole."""
    figure = rules.figure("inspection_fields")
    beyond = [] if own_account else sorted(field for field in fields if field not in figure.value)
    message = _("Whoever inspects the register may not see: %(what)s.") % {"what": ", ".join(beyond)} if beyond else ""
    arithmetic = (
        _("one’s own account is shown whole")
        if own_account
        else _("%(n)s fields beyond the inspection copy") % {"n": len(beyond)}
    )
    return Answer("REG-2", LAW, not beyond, message, arithmetic, figure.source)


@question("REG-2", LAW)
def may_inspect(*, capacity: str, rules: RuleSet) -> Answer:
    """REG-2: a member, or whoever has an interest in the funds, may inspect at all reasonable hours."""
    figure = rules.figure("inspectors")
    passed = capacity in figure.value
    message = "" if passed else _("Only members and people with an interest in the society’s funds may inspect it.")
    arithmetic = f"{capacity} {'∈' if passed else '∉'} {{{', '.join(figure.value)}}}"
    return Answer("REG-2", LAW, passed, message, arithmetic, figure.source)
