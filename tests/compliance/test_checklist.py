"""The checklist of an offer document: 50 items, dated, sourced, and never more certain than what was read."""

from datetime import date

import pytest

from compliance import checklist, risk_wording, rulesets, words_not_said
from compliance.checklist import words
from offers.checklist.known import BY_ITEM
from offers.choices import OfferKind

TODAY = date(2026, 11, 24)
ITEMS, _VERSION = checklist._file(checklist.FILE)
ROW = {
    "number": 1,
    "part": "summary",
    "level": "advised",
    "by": ["written"],
    "valid_from": date(2014, 8, 1),
    "source": "Hearsay",
    "confidence": "D",
}


def test_there_are_fifty_items_each_in_words():
    assert [item.number for item in ITEMS] == list(range(1, 51)) == list(words.ITEMS)
    assert {item.part for item in ITEMS} == set(words.PARTS)
    for item in ITEMS:
        assert item.title
        assert item.asks


def test_each_item_has_its_source_confidence_days_and_a_way_to_be_answered():
    for item in ITEMS:
        assert item.level in (checklist.MUST, checklist.ADVISED)
        assert item.source
        assert item.confidence in "ABCD"
        assert item.valid_from_on <= item.valid_to_on
        assert item.by
        assert set(item.by) <= {checklist.DATA, checklist.WRITTEN}
        assert set(item.kinds) <= set(OfferKind.values)
    assert {item.number for item in ITEMS if checklist.DATA in item.by} == set(BY_ITEM)
    assert all(item.shown for item in ITEMS if checklist.DATA in item.by)


def test_what_nobody_has_confirmed_is_a_suggestion_and_never_a_must():
    suggestion = checklist._read(ROW)
    assert suggestion.is_suggestion
    assert not suggestion.is_must
    with pytest.raises(checklist.NotConfirmed, match="Item 1 is unconfirmed"):
        checklist._read(ROW | {"level": "must"})
    assert not checklist._read(ROW | {"confidence": "C"}).is_suggestion


def test_small_offers_are_asked_for_less_and_no_day_before_the_first():
    asked = {kind: len(checklist.items(on=TODAY, kind=kind)) for kind in OfferKind.values}
    assert asked == {"membership": 40, "pioneer": 49, "time-bound": 50, "open": 48}
    assert checklist.items(on=date(2014, 7, 31), kind="open") == []


def test_open_items_are_named_and_the_version_is_kept():
    must = checklist.says_what_it_must(missing=[14, 99], asked=30, checklist=checklist.version())
    assert (must.rule, must.level, must.passed) == ("OFF-4", "OFFER", False)
    assert "14 Who runs the society; 99." in must.message
    assert must.facts == {"missing": [14, 99], "asked": 30, "checklist": checklist.version()}
    advised = checklist.says_what_is_advised(missing=[], asked=17, checklist=checklist.version())
    assert (advised.level, advised.passed, advised.message) == ("PRACTICE", True, "")


@pytest.mark.parametrize("code", ["GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"])
def test_every_word_that_may_not_be_said_has_its_why_and_another_word(code):
    rules = rulesets.rule_set(code, TODAY)
    found = words_not_said.advice(rules.figure("words_not_said").value)
    assert [one.word for one in found] == rules.figure("words_not_said").value
    assert all(one.why and one.instead for one in found)
    for phrase in rules.figure("words_allowed").value:
        assert risk_wording.found_in(f"It is {phrase}.", rules) == []
    for one in found:
        assert one.word in risk_wording.found_in(f"It says {one.word.upper()}, see?", rules)


def test_a_phrase_does_not_cover_the_word_elsewhere():
    rules = rulesets.rule_set("GB-ENG", TODAY)
    assert risk_wording.found_in("Not guaranteed, but nearly guaranteed.", rules) == ["guaranteed"]
