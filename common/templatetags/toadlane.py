"""Filters and tags that every template has without loading them."""

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from common import clock, money, references
from common.progress import Progress, towards
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
    if not value:
        return ""
    if hasattr(value, "tzinfo"):
        value = clock.london(value).date()
    return formats.date_format(value, "j F Y")


@register.filter
def moment(value) -> str:
    """A moment as "25 October 2026, 2:05 pm", in London's time. "Midnight" would leave open which one is meant."""
    if not value:
        return ""
    wall = timezone.localtime(value, clock.LONDON)
    if (wall.hour, wall.minute) == (0, 0):
        return _("the first minute of %(day)s") % {"day": formats.date_format(wall, "j F Y")}
    return f"{formats.date_format(wall, 'j F Y, g:i')} {formats.date_format(wall, 'A').lower()}"


@register.simple_tag
def rosette(register_number, size: int = 48, colour: str = "currentColor") -> str:
    """A society's engraved rosette as inline SVG: {% rosette society.register_number 48 %}."""
    return rosette_svg(str(register_number or ""), size=size, colour=colour)


@register.simple_tag
def field(bound_field, *, heading: bool = False, label=None, hint=None) -> str:
    """A form's field with its label, hint, error and input: {% field form.amount heading=True %}.

    With `heading` the label is the page's h1. `label` and `hint` stand in for those of forms that are not ours.
    """
    bound_field.label = bound_field.label if label is None else label
    bound_field.help_text = bound_field.help_text if hint is None else hint
    return bound_field.render(bound_field.template_name, {"field": bound_field, "heading": heading})


@register.simple_tag
def progress(raised_pence: int, minimum_pence=None, optimum_pence=None, maximum_pence=0) -> Progress:
    """The geometry of a bar towards three targets, for components/targets.html."""
    return towards(raised_pence, minimum=minimum_pence, optimum=optimum_pence, maximum=maximum_pence or 0)


@register.simple_tag
def cell_of(columns, place: int):
    """The column of a cell by its place in the row, for components/table.html."""
    return columns[place] if place < len(columns) else None


@register.simple_tag
def page_numbers(page) -> list:
    """The numbers under a long list: the first, the last, those around this one; None where some are left out."""
    return [
        number if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.filter
def one_line(address) -> str:
    """An address kept line by line, on one line: "31 Toad Lane, Rochdale"."""
    return ", ".join(line.strip().rstrip(",") for line in str(address or "").splitlines() if line.strip())
