"""Who may apply: kinds, ages to the day, sizes."""

from datetime import date

import pytest

from compliance import eligibility, rulesets


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2010, 11, 24), date(2026, 11, 24), 16),
        (date(2010, 11, 25), date(2026, 11, 24), 15),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_to_the_day(born, on, age):
    assert eligibility.age_on(born, on) == age


@pytest.mark.parametrize(("age", "passes"), [(15, False), (16, True), (None, True)])
def test_old_enough_at_its_edge(age, passes):
    assert eligibility.old_enough(age=age, min_age=16).passed == passes


@pytest.mark.parametrize(("people", "passes"), [(10, True), (11, False)])
def test_syndicate_size_at_its_edge(people, passes):
    assert eligibility.syndicate_size(people=people, most=10).passed == passes


def test_only_admitted_kinds():
    assert eligibility.admitted(kind="person", admits=["person"]).passed
    refused = eligibility.admitted(kind="syndicate", admits=["person"], rule_number="6.2")
    assert (refused.passed, refused.source) == (False, "Rule 6.2 of the society")
    assert refused.message == "The society's rules do not admit this kind of holder. They admit: people."


@pytest.mark.parametrize(("age", "passes"), [(15, False), (16, True), (None, True)])
@pytest.mark.parametrize("asked", [eligibility.may_give_receipt, eligibility.may_hold_office])
def test_under_sixteen_nobody_gives_receipts_or_holds_office(asked, age, passes):
    answer = asked(age=age, rules=rulesets.rule_set("GB-ENG", date(2026, 11, 24)))
    assert (answer.rule, answer.level, answer.passed, bool(answer.message)) == ("MEM-2", "LAW", passes, not passes)


def test_an_offer_says_whether_it_has_not_opened_or_has_closed():
    dates = {"opens_on": date(2026, 1, 10), "closes_on": date(2026, 2, 10)}
    words = [eligibility.offer_open(is_open=False, on=day, **dates).message for day in
             (date(2026, 1, 9), date(2026, 2, 11), date(2026, 2, 10))]  # fmt: skip
    assert words == [
        "This offer opens on 10 January 2026, so it cannot take applications yet.",
        "This offer closed on 10 February 2026, so it takes no more applications.",
        "This offer has been closed, so it takes no more applications.",
    ]
