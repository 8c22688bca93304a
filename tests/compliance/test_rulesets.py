"""The law's figures: dated, sourced, never unconfirmed, and never lost when a file changes."""

from datetime import date

import pytest

from compliance import rulesets
from compliance.catalogue import RULES_BY_ID

TODAY = date(2026, 11, 24)


def test_the_limit_before_and_after_it_was_raised():
    limits = [rulesets.rule_set("GB-ENG", day).figure("holding_cap_pence").value for day in
              (date(2014, 4, 5), date(2014, 4, 6), date(2026, 1, 1))]  # fmt: skip
    assert limits == [20_000_00, 100_000_00, 100_000_00]


@pytest.mark.parametrize("code", rulesets.codes())
def test_every_figure_has_its_source_confidence_and_dates(code):
    data, _version = rulesets._file(rulesets._current(code))
    assert data["jurisdiction"] == code
    for figure in data["figure"]:
        assert figure.keys() - {"valid_to"} == {"name", "rule", "value", "valid_from", "source", "confidence"}
        assert figure["confidence"] in "ABCD"
        assert figure["rule"] in RULES_BY_ID
        assert figure["source"]
        assert figure["valid_from"] <= figure.get("valid_to", date.max)


@pytest.mark.parametrize("code", rulesets.codes())
def test_a_figure_has_one_value_on_a_day(code):
    data, _version = rulesets._file(rulesets._current(code))
    spans = [(f["name"], f["valid_from"], f.get("valid_to", date.max)) for f in data["figure"]]
    for name, begin, end in spans:
        others = [span for span in spans if span[0] == name and span != (name, begin, end)]
        assert not [span for span in others if span[1] <= end and begin <= span[2]], name
    assert len(spans) == len(set(spans))


def test_societies_are_taken_from_the_united_kingdom():
    assert [code for code, _name in rulesets.jurisdictions()] == ["GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"]


def test_ireland_was_added_by_adding_its_file_and_is_not_offered():
    ireland = rulesets.rule_set("IE", TODAY)
    assert (ireland.currency, ireland.is_offered) == ("EUR", False)
    assert ireland.figure("min_members").value == 7
    assert "pounds" in ireland.why_not


def test_a_day_without_a_figure_and_an_unknown_place_are_refused():
    with pytest.raises(rulesets.NoFigure, match="No figure min_members in GB-ENG on 2000-01-01"):
        rulesets.rule_set("GB-ENG", date(2000, 1, 1)).figure("min_members")
    with pytest.raises(rulesets.NoFigure, match="No rule-set for GB-XXX"):
        rulesets.rule_set("GB-XXX", date(2026, 1, 1))


@pytest.mark.parametrize("code", rulesets.codes())
def test_an_unconfirmed_figure_is_never_given_and_never_shown(code):
    rules = rulesets.rule_set(code, TODAY)
    doubtful = {entry["name"] for entry in rules.figures if entry["confidence"] == "D"}
    assert doubtful
    for name in doubtful:
        with pytest.raises(rulesets.NoFigure, match="unconfirmed"):
            rules.figure(name)
    shown = list(rules.confirmed())
    assert shown
    assert not doubtful & {figure.name for figure in shown}
    assert {figure.confidence for figure in shown} <= set("ABC")


def test_every_version_that_was_ever_used_can_be_loaded():
    """A changed file is red here until its text before is in `before/` and both versions stand in VERSIONS."""
    listed = rulesets.VERSIONS.read_text().split()
    assert len(listed) == len(set(listed))
    for version in listed:
        assert rulesets.of_version(version, TODAY).version == version
    assert {rulesets.rule_set(code, TODAY).version for code in rulesets.codes()} <= set(listed)
    assert {rulesets._file(path)[1].lower() for path in rulesets.BEFORE.glob("*.toml")} == {
        path.stem for path in rulesets.BEFORE.glob("*.toml")
    }


def test_an_older_version_has_the_figures_of_its_day():
    before = rulesets.of_version("GB-NIR@913462b22d86", TODAY)
    assert before.figure("holding_cap_pence").value == 20_000_00
    with pytest.raises(rulesets.NoFigure):
        before.figure("nomination_most_pence")
    with pytest.raises(rulesets.NoFigure, match="was not kept"):
        rulesets.of_version("GB-NIR@000000000000", TODAY)
