"""The look holds: one small stylesheet, every class of a template in it and none beside, colours that can be read."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.messages.constants import DEFAULT_TAGS

from offers.models.societies import ACCENTS

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "static/css/toadlane.css"
CSS = SHEET.read_text()
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
HOUSE = ["common", "compliance", "offers", "payments", "members"]
PAGES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.relative_to(ROOT / "templates").parts[0] not in ("emails", "pdf")  # mail and paper have looks of their own
]
LEAST_TEXT, LEAST_CONTROL, LEAST_ACCENT = 4.5, 3.0, 6.5


# == Classes ==


def classes_of_page(text: str) -> set[str]:
    """The classes that a template's text names; what it fills in becomes a *, as in tag-*."""
    blocks = re.findall(r"{% block (?:body|main)_class %}([^{]*){%", text)
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}", "*", re.sub(r"{%.*?%}", " ", text, flags=re.DOTALL), flags=re.DOTALL)
    values = [*re.findall(r'\sclass="([^"]*)"', text), *blocks]
    return {name for value in values for name in value.split() if name != "*"}


def classes_of_python(text: str) -> set[str]:
    """The classes that the widgets of a form name."""
    return {name for value in re.findall(r'"class": "([^"]+)"', text) for name in value.split()}


def classes_of_css(text: str) -> set[str]:
    selectors = re.sub(r"{[^{}]*}", "{}", re.sub(r'url\("[^"]*"\)', "", text))
    return set(re.findall(r"\.([a-z][\w-]*)", selectors))


def used_classes() -> set[str]:
    found = {f"accent-{name}" for name in ACCENTS} | {"success", "warning", "error"} & set(DEFAULT_TAGS.values())
    for page in [*PAGES, ROOT / "common/rosette.py"]:
        found |= classes_of_page(page.read_text())
    for app in HOUSE:
        for path in (ROOT / app).rglob("*.py"):
            found |= classes_of_python(path.read_text())
    return found


def matches(name: str, other: str) -> bool:
    return re.fullmatch(re.escape(name).replace(r"\*", ".+"), other) is not None


def test_every_class_of_a_template_stands_in_the_stylesheet():
    drawn = classes_of_css(RULES)
    assert {name for name in used_classes() if not any(matches(name, other) for other in drawn)} == set()


def test_every_class_of_the_stylesheet_is_used():
    used = used_classes()
    assert {name for name in classes_of_css(RULES) if not any(matches(other, name) for other in used)} == set()


def test_the_walk_would_see_a_strange_class():
    """The control: names are found in quotes, in blocks, beside tags and inside them."""
    page = '<p class="lead{% if a == "b" %} tag-{{ kind }}{% endif %}">{% block main_class %}sheet plain{% endblock %}'
    assert classes_of_page(page) == {"lead", "tag-*", "sheet", "plain"}
    assert classes_of_css('.a:has(.b) > .c-2::after { content: ".no"; top: .5rem } @media x { .d { top: 0 } }') == {
        "a",
        "b",
        "c-2",
        "d",
    }


# == Size and what the Content-Security-Policy refuses ==


def test_the_stylesheet_is_small():
    assert len(gzip.compress(SHEET.read_bytes(), 9)) <= 12 * 1024
    assert len(CSS.splitlines()) <= 400
    assert "@import" not in CSS


def test_what_the_stylesheet_draws_on_is_there():
    for name in re.findall(r'url\("([^"]+)"\)', CSS):
        assert (SHEET.parent / name).resolve().is_file(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_pages_hold_nothing_that_the_policy_refuses(page):
    text = page.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


# == Colours ==


def declared(selector: str) -> dict[str, str]:
    """The custom properties that a rule sets."""
    body = re.search(rf"^{re.escape(selector)} {{(.*?)}}", RULES, re.MULTILINE | re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body))


def tokens(accent: str) -> dict[str, str]:
    """Every colour by name, as #rrggbb, in a society's accent."""
    found = declared(":root") | declared(f".accent-{accent}")
    while any(value.startswith("var(") for value in found.values()):
        found = {name: found[value[6:-1]] if value.startswith("var(") else value for name, value in found.items()}
    colours = {name: value for name, value in found.items() if value.startswith("#")}
    return {
        name: "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value for name, value in colours.items()
    }


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ["paper", "fog", "cream", "accent-tint", "tide-tint", "marigold-tint", "plum-tint", "brick-tint", "fern-tint"]
TEXT = (
    [("ink", ground) for ground in [*GROUNDS, "marigold"]]
    + [("muted", ground) for ground in ("paper", "fog", "cream", "accent-tint")]
    + [("tide", ground) for ground in GROUNDS]  # links
    + [("accent", ground) for ground in ("paper", "cream", "accent-tint")]  # sums
    + [("paper", ground) for ground in ("accent", "accent-deep", "brick", "tide")]
    + [
        ("plum", "plum-tint"),
        ("brick", "paper"),
        ("brick", "fog"),
        ("brick", "brick-tint"),
        ("marigold", "accent-deep"),
    ]
)
CONTROLS = (
    [("edge", ground) for ground in ("paper", "fog")]  # the box of a field
    + [("accent", "fog"), ("accent", "accent-tint"), ("fern", "fern-tint"), ("amber", "marigold-tint")]
    + [("brick", "brick-tint"), ("plum", "plum-tint"), ("ink", "marigold"), ("marigold", "accent-deep")]
    + [("ink", ground) for ground in GROUNDS]  # the ring of the focus
)


@pytest.mark.parametrize("accent", ACCENTS)
def test_words_can_be_read_in_every_accent(accent):
    colours = tokens(accent)
    weak = {pair: found for pair in TEXT if (found := contrast(colours[pair[0]], colours[pair[1]])) < LEAST_TEXT}
    assert weak == {}
    assert contrast(colours["accent"], colours["paper"]) >= LEAST_ACCENT
    assert min(contrast(colours["ink"], colours[ground]) for ground in GROUNDS) >= 7


@pytest.mark.parametrize("accent", ACCENTS)
def test_controls_can_be_seen_in_every_accent(accent):
    colours = tokens(accent)
    weak = {pair: found for pair in CONTROLS if (found := contrast(colours[pair[0]], colours[pair[1]])) < LEAST_CONTROL}
    assert weak == {}


def test_each_rule_that_sets_both_colours_sets_a_readable_pair():
    """Whatever is added later: a rule that names words and ground by token is checked without being listed."""
    checked = 0
    for accent in ACCENTS:
        colours = tokens(accent)
        for body in re.findall(r"{([^{}]*)}", RULES):
            ground, words = (
                re.search(r"background: var\(--([\w-]+)\)", body),
                re.search(r"(?<!-)color: var\(--([\w-]+)\)", body),
            )
            if ground and words:
                assert contrast(colours[ground[1]], colours[words[1]]) >= LEAST_TEXT, body
                checked += 1
    assert checked >= 10 * len(ACCENTS)


def test_the_measure_of_contrast_is_right():
    """The control: black on white is 21, a colour on itself 1, and #767676 on white is the well-known 4.54."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0b5563", "#0b5563") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_colours_are_named_once_and_used_by_name():
    rest = re.sub(r"^(?::root|\.accent-\w+) {.*?}", "", RULES, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b", rest) == []
    named, used = set(declared(":root")), set(re.findall(r"var\(--([\w-]+)\)", RULES))
    assert named == used


# == Habits ==


def test_the_look_serves_everybody():
    """Focus can be seen, motion is asked for, colours may be forced, and pages can be printed."""
    assert ":focus-visible" in RULES
    assert RULES.count("transition:") == 1
    assert "prefers-reduced-motion: no-preference" in RULES
    assert "@media (forced-colors: active)" in RULES
    assert "@media print" in RULES
