"""An offer in the society's own words: Markdown as safe HTML, its headings, and what stands under each."""

from __future__ import annotations

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

TAGS = {
    "p", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "table", "thead", "tbody", "tr", "th",
    "td",
}  # fmt: skip
HEADING = re.compile(r"<h([34])>(.*?)</h\1>", re.DOTALL)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(text: str) -> SafeString:
    """Headings below ours with an anchor each, links, lists; no script, no style, no picture."""
    made = _parser().render(text)
    made = made.replace("<h1>", "<h3>").replace("</h1>", "</h3>").replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    clean = nh3.clean(made, tags=TAGS, link_rel="noopener nofollow")
    return mark_safe(HEADING.sub(_with_anchor, clean))


def _with_anchor(found: re.Match) -> str:
    level, inside = found.groups()
    return f'<h{level} id="{anchor(nh3.clean(inside, tags=set()))}">{inside}</h{level}>'


def anchor(heading: str) -> str:
    """The anchor of a heading on the offer's page. Two headings of the same words share it: browsers take the first."""
    return f"story-{slugify(heading)}"


def sections(text: str) -> dict[str, str]:
    """What stands under each heading of the text, its subheadings included, by the heading's words."""
    lines, tokens = text.splitlines(), _parser().parse(text)
    marks = [
        (int(token.tag[1]), token.map[0], token.map[1], tokens[place + 1].content.strip())
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and token.level == 0
    ]
    found: dict[str, str] = {}
    for place, (level, _begins, after, heading) in enumerate(marks):
        ends = next((begins for other, begins, _a, _h in marks[place + 1 :] if other <= level), len(lines))
        found.setdefault(heading, "\n".join(lines[after:ends]).strip())
    return {heading: words for heading, words in found.items() if heading}
