"""The most that one holder may have: the law's limit (CAP-1), the society's and the offer's (CAP-2).

Both are asked again whenever a holding grows without an application (CAP-4): `recheck`.

A joint or a child's holding counts whole for everybody who has an interest in it: the Act's test is whether a
person has "or claims any interest in the shares", and nothing we read says that it is divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, OFFER, RULES, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet

# Ways in which a holding grows without an application. What is said of each stands in `_grown`.
INTEREST_AS_SHARES, INHERITANCE, MERGER, INSTALMENT, IMPORT, ALLOTMENT, FOUNDING = WAYS = (
    "interest-as-shares", "inheritance", "merger", "instalment", "import", "allotment", "founding",
)  # fmt: skip


@dataclass(frozen=True)
class Interest:
    """What one party concerned has in a society, in pence of nominal value.

    held: on the ledger; live: applied for in any of its offers and not decided (unpaid too); in_offer: the part
    of `live` that is in the offer at hand; exempt: a registered society, which s.24(2) leaves out.
    """

    held_pence: int = 0
    live_pence: int = 0
    in_offer_pence: int = 0
    exempt: bool = False

    def without(self, amount_pence: int) -> Interest:
        """The same without a sum that waits in the offer at hand: for asking again of an application that is in it."""
        return replace(
            self, live_pence=self.live_pence - amount_pence, in_offer_pence=self.in_offer_pence - amount_pence
        )


def _fullest(interests: Sequence[Interest]) -> Interest:
    return max(interests, key=lambda interest: interest.held_pence + interest.live_pence)


@question("CAP-1", LAW)
def statutory_cap(*, interests: Sequence[Interest], applied_pence: int, rules: RuleSet) -> Answer:
    """CAP-1: nobody's interest may pass the law's limit on withdrawable shares in one society.

    Units: pence of nominal value. Exactly the limit passes. Registered societies are exempt.
    Source: Co-operative and Community Benefit Societies Act 2014 s.24 (Northern Ireland: 1969 Act s.6).
    """
    figure = rules.figure("holding_cap_pence")
    counted = [interest for interest in interests if not interest.exempt]
    facts = {"cap_pence": figure.value, "applied_pence": applied_pence, "interests": _as_facts(interests)}
    if not counted:
        return Answer("CAP-1", LAW, True, "", _("A registered society has no limit in law."), figure.source, facts)
    most = _fullest(counted)
    return _compare(
        rule="CAP-1",
        level=LAW,
        before_pence=(most.held_pence, most.live_pence),
        applied_pence=applied_pence,
        cap_pence=figure.value,
        limit=_("The law limits any one person to %(cap)s of withdrawable shares in this society.")
        % {"cap": as_pounds(figure.value)},
        source=figure.source,
        facts=facts,
    )


@question("CAP-2", RULES)
def society_cap(
    *, interests: Sequence[Interest], applied_pence: int, max_holding_pence: int, rule_number: str
) -> Answer:
    """CAP-2 (rules): the most that the society's registered rules let one holder have. Units: pence."""
    most = _fullest(interests)
    return _compare(
        rule="CAP-2",
        level=RULES,
        before_pence=(most.held_pence, most.live_pence),
        applied_pence=applied_pence,
        cap_pence=max_holding_pence,
        limit=_("The society's rules limit any one holder to %(cap)s.") % {"cap": as_pounds(max_holding_pence)},
        source=_("Rule %(number)s of the society") % {"number": rule_number}
        if rule_number
        else _("The society's rules"),
        facts={
            "cap_pence": max_holding_pence,
            "applied_pence": applied_pence,
            "interests": _as_facts(interests),
        },
    )


@question("CAP-2", OFFER)
def percent_cap(*, interests: Sequence[Interest], applied_pence: int, maximum_pence: int, max_percent: int) -> Answer:
    """CAP-2 (offer): no holder may take more than a percentage of the offer's maximum, rounded down to the penny."""
    most_pence = max(interest.in_offer_pence for interest in interests)
    cap_pence = maximum_pence * max_percent // 100
    return _compare(
        rule="CAP-2",
        level=OFFER,
        before_pence=(0, most_pence),
        applied_pence=applied_pence,
        cap_pence=cap_pence,
        limit=_("This offer limits any one holder to %(cap)s, which is %(percent)s%% of %(maximum)s.")
        % {"cap": as_pounds(cap_pence), "percent": max_percent, "maximum": as_pounds(maximum_pence)},
        source=_("The offer: %(percent)s%% of the maximum") % {"percent": max_percent},
        facts={
            "maximum_pence": maximum_pence,
            "max_percent": max_percent,
            "applied_pence": applied_pence,
            "interests": _as_facts(interests),
        },
    )


def recheck(
    *,
    interests: Sequence[Interest],
    added_pence: int,
    way: str,
    rules: RuleSet,
    max_holding_pence: int,
    rule_number: str,
) -> list[Answer]:
    """CAP-4 and CAP-2 for whatever makes a holding grow without an application; the caller refuses on a no.

    interests: those of everybody who will have a part in the holding, locked; added_pence: what comes to it; way: one
    of WAYS. For a merger of two parties, `interests` is the first one's and added_pence all the other holds and has
    waiting. `offers.rechecks.refuse_over_limit` looks up the facts, keeps the answers and raises.
    """
    return [
        grown_within_the_law(interests=interests, added_pence=added_pence, way=way, rules=rules),
        society_cap(
            interests=interests,
            applied_pence=added_pence,
            max_holding_pence=max_holding_pence,
            rule_number=rule_number,
        ),
    ]


@question("CAP-4", LAW)
def grown_within_the_law(*, interests: Sequence[Interest], added_pence: int, way: str, rules: RuleSet) -> Answer:
    """CAP-4: the law's limit holds however shares come to somebody. Units: pence of nominal value; way: see WAYS.

    Source: as CAP-1, since the Act limits what a member has or claims, not what a member buys.
    """
    figure = rules.figure("holding_cap_pence")
    facts = {"cap_pence": figure.value}
    counted = [interest for interest in interests if not interest.exempt]
    if not counted:
        return Answer("CAP-4", LAW, True, "", _("A registered society has no limit in law."), figure.source, facts)
    most = _fullest(counted)
    return _compare(
        rule="CAP-4",
        level=LAW,
        before_pence=(most.held_pence, most.live_pence),
        applied_pence=added_pence,
        cap_pence=figure.value,
        limit=_grown(way) % {"cap": as_pounds(figure.value)},
        source=figure.source,
        facts=facts,
        room=_grown_room,
    )


def _grown(way: str) -> str:
    """What stands in the way, in words. KeyError for a way that nobody has thought of: then nothing grows."""
    return {
        INTEREST_AS_SHARES: _("Interest cannot become shares here: the law limits any one person to %(cap)s."),
        INHERITANCE: _("These shares cannot pass to this person: the law limits any one person to %(cap)s."),
        MERGER: _("These two cannot be made one: together they would pass %(cap)s, the law's limit for one person."),
        INSTALMENT: _("This instalment cannot become shares: the law limits any one person to %(cap)s."),
        IMPORT: _("This holding cannot be taken over as it is: the law limits any one person to %(cap)s."),
        ALLOTMENT: _("These shares cannot be allotted: the law limits any one person to %(cap)s."),
        FOUNDING: _("A founder cannot begin with this holding: the law limits any one person to %(cap)s."),
    }[way]


def _grown_room(held: int, live: int, cap_pence: int) -> str:
    left = as_pounds(max(cap_pence - held - live, 0))
    return _("%(held)s is held and %(live)s waits, so %(left)s more would be allowed.") % {
        "held": as_pounds(held),
        "live": as_pounds(live),
        "left": left,
    }


def _compare(*, rule, level, before_pence, applied_pence, cap_pence, limit, source, facts, room=None) -> Answer:
    held, live = before_pence
    total = held + live + applied_pence
    sign = "≤" if total <= cap_pence else ">"
    arithmetic = _("%(held)s held + %(live)s waiting + %(applied)s now = %(total)s %(sign)s %(cap)s") % {
        "held": as_pounds(held),
        "live": as_pounds(live),
        "applied": as_pounds(applied_pence),
        "total": as_pounds(total),
        "sign": sign,
        "cap": as_pounds(cap_pence),
    }
    if total <= cap_pence:
        return Answer(rule, level, True, "", arithmetic, source, facts)
    left = (room or _room_left)(held, live, cap_pence)
    return Answer(rule, level, False, f"{limit} {left}", arithmetic, source, facts)


def _room_left(held: int, live: int, cap_pence: int) -> str:
    left = cap_pence - held - live
    words = {"held": as_pounds(held), "live": as_pounds(live), "left": as_pounds(max(left, 0))}
    if held or live:
        if left <= 0:
            return _("You hold %(held)s and have %(live)s waiting, so you cannot apply for more.") % words
        return _("You hold %(held)s and have %(live)s waiting: you can apply for up to %(left)s.") % words
    return _("You can apply for up to %(left)s.") % words


def _as_facts(interests: Sequence[Interest]) -> list[dict]:
    return [
        {
            "held_pence": interest.held_pence,
            "live_pence": interest.live_pence,
            "in_offer_pence": interest.in_offer_pence,
            "exempt": interest.exempt,
        }
        for interest in interests
    ]
