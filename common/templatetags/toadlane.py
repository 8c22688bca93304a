"""Filters and tags that every template has without loading them."""

from django import template
from django.utils import formats, timezone

from common import clock, money, references
from common.rosette import rosette_svg

register = template.Library()


@register.filter
def pounds(amount_pence) -> str:
    """Whole pence as people write them: 100000 → £1,000. The only way money reaches a page."""
    return "" if amount_pence is None else money.as_pounds(amount_pence)


@register.filter
def reference(stored) -> str:
    """A reference as people see it: 7K3F9QX → 7K3-F9QX."""
    return references.shown(stored) if stored else ""


@register.filter
def day(value) -> str:
    """A day as "25 October 2026" in the reader's language; moments are days in London."""
    if value is None:
        return ""
    if hasattr(value, "tzinfo"):
        value = clock.london(value).date()
    return formats.date_format(value, "j F Y")


@register.filter
def moment(value) -> str:
    """A moment as "25 October 2026, 2:05 pm", in London's time."""
    if value is None:
        return ""
    return formats.date_format(timezone.localtime(value, clock.LONDON), "j F Y, g:i a")


@register.simple_tag
def rosette(register_number, size: int = 48, colour: str = "currentColor") -> str:
    """A society's engraved rosette as inline SVG: {% rosette society.register_number 48 %}."""
    return rosette_svg(str(register_number or ""), size=size, colour=colour)
