"""A date in three boxes, as people know their dates: "7", "07", "July", "Gorffennaf". What cannot be, words say."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
MONTHS = (
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth"),
    ("april", "ebrill"),
    ("may", "mai"),
    ("june", "mehefin"),
    ("july", "gorffennaf"),
    ("august", "awst"),
    ("september", "medi"),
    ("october", "hydref"),
    ("november", "tachwedd"),
    ("december", "rhagfyr"),
)
THE_DATE = _("The date")
YEARS = range(1800, 2200)  # what anybody can mean; a day in 9999 has no day after it, and pages that ask for it fail
LACKING = {
    ("day",): _("%(what)s must include a day."),
    ("month",): _("%(what)s must include a month."),
    ("year",): _("%(what)s must include a year."),
    ("day", "month"): _("%(what)s must include a day and a month."),
    ("day", "year"): _("%(what)s must include a day and a year."),
    ("month", "year"): _("%(what)s must include a month and a year."),
}
BOXES = {
    "day": {"label": _("Day"), "class": "w-2", "autocomplete": "-day"},
    "month": {"label": _("Month"), "class": "w-5", "autocomplete": "-month"},
    "year": {"label": _("Year"), "class": "w-4", "autocomplete": "-year"},
}


def day_number(text: str) -> int | None:
    """7 of "7", "07" or "7th"."""
    match = re.fullmatch(r"0?([1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?", text.lower(), re.ASCII)
    return int(match[1]) if match else None


def month_number(text: str) -> int | None:
    """7 of "7", "07", "July", "jul" or "Gorffennaf"; names need three letters."""
    if match := re.fullmatch(r"0?([1-9]|1[0-2])", text, re.ASCII):
        return int(match[1])
    word = text.lower().rstrip(".")
    if len(word) < 3:
        return None
    named = (number for number, names in enumerate(MONTHS, start=1) if any(name.startswith(word) for name in names))
    return next(named, None)


def year_number(text: str) -> int | None:
    """1965 of "1965". Two figures are refused: they may be a birthday in 1926 or a date in 2026."""
    year = int(text) if re.fullmatch(r"[1-9][0-9]{3}", text, re.ASCII) else None
    return year if year in YEARS else None


class DateBoxes(forms.Widget):
    """Three boxes in a fieldset. `autocomplete="bday"` becomes bday-day, bday-month and bday-year."""

    kind = "date"
    use_fieldset = True
    template_name = "forms/date.html"

    def id_for_label(self, id_, index=None):
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data, files, name):
        return tuple((data.get(f"{name}_{part}") or "").strip() for part in PARTS)

    def value_omitted_from_data(self, data, files, name):
        return not any(f"{name}_{part}" in data for part in PARTS)

    def get_context(self, name, value, attrs):
        wrong = (attrs or {}).pop("wrong", ())
        context = super().get_context(name, value, attrs)
        shared = context["widget"]["attrs"]
        values = (value.day, value.month, value.year) if isinstance(value, date) else value or ("", "", "")
        context["boxes"] = [
            {
                "label": BOXES[part]["label"],
                "name": f"{name}_{part}",
                "id": f"{shared.get('id', name)}_{part}",
                "value": text,
                "class": BOXES[part]["class"],
                "wrong": "aria-invalid" in shared and (not wrong or part in wrong),
                "autocomplete": f"bday{BOXES[part]['autocomplete']}" if shared.get("autocomplete") == "bday" else "off",
            }
            for part, text in zip(PARTS, values, strict=True)
        ]
        return context


class DateField(forms.Field):
    """A day; None where all three boxes are empty.

    `what` names the date at the start of a refusal ("Your date of birth must include a year."). `earliest` and `latest`
    are days or functions that give one, and are themselves allowed.
    """

    widget = DateBoxes
    default_error_messages = {
        "required": _("Enter a date, such as 27 3 1965."),
        "day": _("The day must be a number from 1 to 31."),
        "month": _("The month must be a number from 1 to 12, or a name such as July."),
        "year": _("The year must have four figures, such as 1965, and be from 1800 to 2199."),
        "impossible": _("There is no %(day)s %(month)s in %(year)s: that month has %(days)s days. Check the day."),
        "earliest": _("%(what)s must be %(limit)s or later."),
        "latest": _("%(what)s must be %(limit)s or earlier."),
    }

    def __init__(
        self,
        *,
        what=THE_DATE,
        earliest: date | Callable[[], date] | None = None,
        latest: date | Callable[[], date] | None = None,
        **kwargs,
    ):
        self.what, self.earliest, self.latest = what, earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, date) or value in self.empty_values or not any(value):
            return value if isinstance(value, date) else None
        lacking = tuple(part for part, text in zip(PARTS, value, strict=True) if not text)
        if lacking:
            raise ValidationError(LACKING[lacking], code="lacking", params={"what": self.what, "wrong": lacking})
        return self._day_of(dict(zip(PARTS, value, strict=True)))

    def _day_of(self, typed: dict[str, str]) -> date:
        read = {"day": day_number, "month": month_number, "year": year_number}
        found = {part: read[part](text) for part, text in typed.items()}
        for part, number in found.items():
            if number is None:
                raise ValidationError(self.error_messages[part], code=part, params={"wrong": (part,)})
        days = monthrange(found["year"], found["month"])[1]
        if found["day"] > days:
            month = formats.date_format(date(2000, found["month"], 1), "F")
            names = {**found, "month": month, "days": days, "wrong": ("day",)}
            raise ValidationError(self.error_messages["impossible"], code="impossible", params=names)
        return date(found["year"], found["month"], found["day"])

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        for code, bound in (("earliest", self.earliest), ("latest", self.latest)):
            limit = bound() if callable(bound) else bound
            if limit and (value < limit if code == "earliest" else value > limit):
                words = {"what": self.what, "limit": formats.date_format(limit, "j F Y"), "wrong": ("year",)}
                raise ValidationError(self.error_messages[code], code=code, params=words)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
