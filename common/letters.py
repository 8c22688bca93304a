"""Building a message from one template: its first line is the subject, the rest is text, and HTML is made from that.

So the plain text is always complete, and the two can never say different things.
"""

from __future__ import annotations

import re

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.outbox import Message

LINK = re.compile(r"https?://\S+")


def letter(template: str, context: dict, *, reply_to: str = "", files: list | None = None) -> Message:
    """The message of `templates/emails/<template>.txt`. Paragraphs are parted by empty lines; links stand alone."""
    rendered = render_to_string(f"emails/{template}.txt", context)
    subject, _, body = rendered.strip().partition("\n")
    paragraphs = [_tidy(part) for part in re.split(r"\n\s*\n", body.strip())]
    society = context.get("society")
    text = "\n\n".join([*paragraphs, *_signed(society)]) + "\n"
    html = render_to_string(
        "emails/layout.html", context | {"heading": subject, "paragraphs": [_as_html(part) for part in paragraphs]}
    )
    sender = society.registered_name if society else ""
    return Message(heading=subject, text=text, html=html, reply_to=reply_to, sender=sender, files=files or [])


def _signed(society) -> list[str]:
    """Who writes, at the foot of the plain text; HTML has it in its layout. Source: 2014 Act s.10."""
    if society is None:
        return []
    office = ", ".join(line.strip() for line in society.registered_office.splitlines())
    return ["\n".join(line for line in (society.registered_name, office, society.telephone) if line)]


def _tidy(paragraph: str) -> str:
    """Lines of a paragraph run together, but for those that begin with "|": each of those keeps its own line."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if any(line.startswith("|") for line in lines):
        return "\n".join(line.removeprefix("|").strip() for line in lines)
    return " ".join(lines)


def _as_html(paragraph: str) -> SafeString:
    """Text as HTML, escaped; addresses become links."""
    return format_html_join(SafeString("<br>"), "{}", ((_with_links(line),) for line in paragraph.split("\n")))


def _with_links(line: str) -> SafeString:
    parts, at = [], 0
    for match in LINK.finditer(line):
        parts.append(format_html("{}", line[at : match.start()]))
        parts.append(format_html('<a href="{}">{}</a>', match[0], match[0]))
        at = match.end()
    parts.append(format_html("{}", line[at:]))
    return SafeString("".join(parts))
