"""The law's figures: dated, sourced, and never unconfirmed."""

from datetime import date

import pytest

from compliance import rulesets


def test_the_limit_before_and_after_it_was_raised():
    limits = [rulesets.rule_set("GB-ENG", day).figure("holding_cap_pence").value for day in
              (date(2014, 4, 5), date(2014, 4, 6), date(2026, 1, 1))]  # fmt: skip
    assert limits == [20_000_00, 100_000_00, 100_000_00]


@pytest.mark.parametrize(("code", "name"), rulesets.jurisdictions())
def test_every_figure_has_its_source_confidence_and_dates(code, name):
    data, _digest = rulesets._file(code)
    assert data["jurisdiction"] == code
    for figure in data["figure"]:
        assert figure.keys() - {"valid_to"} == {"name", "rule", "value", "valid_from", "source", "confidence"}
        assert figure["confidence"] in "ABCD"
        assert figure["source"]


def test_jurisdictions_are_those_of_the_united_kingdom():
    assert [code for code, _name in rulesets.jurisdictions()] == ["GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"]


def test_a_day_without_a_figure_and_an_unknown_place_are_refused():
    with pytest.raises(rulesets.NoFigure, match="No figure min_members in GB-ENG on 2000-01-01"):
        rulesets.rule_set("GB-ENG", date(2000, 1, 1)).figure("min_members")
    with pytest.raises(rulesets.NoFigure, match="No rule-set for GB-XXX"):
        rulesets.rule_set("GB-XXX", date(2026, 1, 1))


def test_an_unconfirmed_figure_is_never_given():
    figure = {"name": "x", "value": 1, "valid_from": date(2000, 1, 1), "source": "s", "confidence": "D"}
    doubtful = rulesets.RuleSet("GB-ENG", "England", "Act", "v", date(2026, 1, 1), (figure,))
    with pytest.raises(rulesets.NoFigure, match="unconfirmed"):
        doubtful.figure("x")
