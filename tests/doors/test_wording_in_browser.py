"""Words that may not be said of shares, told while somebody types, by the list that stands on the page."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from compliance import risk_wording, rulesets, words_not_said

SCRIPT = Path(settings.BASE_DIR) / "static/js/wording.js"
RULES = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
TEXTS = [
    ("Your savings are GUARANTEED, not protected.", ["guaranteed", "savings"]),
    ("It is  risk-free\nand FCA\napproved.", ["risk-free", "fca approved"]),
    ("Unguaranteed, bondage and depositories.", []),
    ("Not guaranteed, but nearly guaranteed.", ["guaranteed"]),
    ("No risk? A bond!", ["no risk", "bond"]),
]


@pytest.fixture
def page(chromium):
    words = {"words_not_said": words_not_said.advice(RULES.figure("words_not_said").value),
             "words_allowed": RULES.figure("words_allowed").value}  # fmt: skip
    with chromium.new_page() as page:
        wrong = []
        page.on("pageerror", lambda error: wrong.append(error))
        page.set_content(f"<textarea></textarea>{render_to_string('office/words_not_said.html', words)}")
        page.add_script_tag(path=SCRIPT)
        yield page
        assert wrong == []


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_it_finds_while_typing_what_is_found_at_saving(page, text, found):
    page.fill("textarea", text)
    said = [words.strip("“”") for words in page.locator("#wording strong").all_text_contents()]
    assert said == found == risk_wording.found_in(text, RULES)
    assert page.locator("#wording.notice").count() == bool(found)


def test_it_says_why_and_goes_when_the_word_goes(page):
    page.fill("textarea", "A dividend.")
    assert "Say “interest”." in page.locator("#wording").inner_text()
    page.fill("textarea", "Interest.")
    assert page.locator("#wording").inner_text() == ""
