"""How our forms look and what they ask for: the renderer, money in pounds, choices with a hint.

`{% field form.amount %}` or `{{ form.amount.as_field_group }}` gives label, hint, error and input in one go, with the
ids and aria attributes that tie them together. docs/look.md shows each kind.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from common import money
from common.lines import one_line

KINDS = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)


class BoundField(forms.BoundField):
    """A field of a form, with what our templates need to know of it."""

    @property
    def kind(self) -> str:
        """Which part of forms/field.html draws it."""
        widget = self.field.widget
        return next((kind for cls, kind in KINDS if isinstance(widget, cls)), getattr(widget, "kind", "text"))

    @property
    def is_optional(self) -> bool:
        """Whether the label ends in "(optional)". A single tick box says so by itself, and so does a search."""
        needs_saying = self.kind != "checkbox" and not getattr(self.form, "is_search", False)
        return needs_saying and not self.field.required and not self.field.disabled

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """Which boxes of a field of several boxes are wrong, as its error says."""
        for error in self.errors.as_data() if self.errors else ():
            if error.params and "wrong" in error.params:
                return tuple(error.params["wrong"])
        return ()

    @property
    def error_target(self) -> str:
        """The id that the error summary links to: the first input that can be mended."""
        if self.wrong_parts:
            return f"{self.auto_id}_{self.wrong_parts[0]}"
        return self.id_for_label or f"{self.auto_id}_0"

    def build_widget_attrs(self, attrs, widget=None):
        """Ours: no `required`, whose bubbles of the browser hide our words, and no placeholders that vanish."""
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        widget = widget or self.field.widget
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False
        if self.kind == "date" and self.wrong_parts:
            attrs["wrong"] = self.wrong_parts
        return attrs


class Renderer(TemplatesSetting):
    """The site's form renderer: settings.FORM_RENDERER."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField


class Affixed(forms.TextInput):
    """A text box with a sign before or after it, such as £ or %."""

    prefix = suffix = ""

    def __init__(self, attrs=None, *, prefix="", suffix=""):
        super().__init__(attrs)
        self.prefix, self.suffix = prefix or self.prefix, suffix or self.suffix


class PoundsInput(Affixed):
    """An amount of money: £ stands before the box, and phones show digits."""

    prefix = "£"

    def __init__(self, attrs=None, **kwargs):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "w-10", **(attrs or {})}, **kwargs)


class PoundsField(forms.Field):
    """Pounds as people type them, whole pence in `cleaned_data`; None where nothing was entered.

    `min_pence` and `max_pence` refuse amounts outside them in words that say which amount would do. Rules of a society
    or of the law belong in `compliance`, not here.
    """

    widget = PoundsInput
    default_error_messages = {
        "required": _("Enter an amount in pounds, such as 250."),
        "min_pence": _("Enter %(limit)s or more."),
        "max_pence": _("Enter %(limit)s or less."),
    }

    def __init__(self, *, min_pence: int | None = None, max_pence: int | None = None, **kwargs):
        self.min_pence, self.max_pence = min_pence, max_pence
        super().__init__(**kwargs)

    def to_python(self, value):
        return money.pence(str(value)) if value not in self.empty_values and str(value).strip() else None

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        for code, limit, broken in (
            ("min_pence", self.min_pence, self.min_pence is not None and value < self.min_pence),
            ("max_pence", self.max_pence, self.max_pence is not None and value > self.max_pence),
        ):
            if broken:
                raise ValidationError(self.error_messages[code], code=code, params={"limit": money.as_pounds(limit)})

    def prepare_value(self, value):
        return money.as_pounds(value).removeprefix("£") if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class LineField(forms.CharField):
    """One line of text as `one_line` makes it."""

    def to_python(self, value):
        return one_line(super().to_python(value))


class NameField(LineField):
    """A name. Whoever is written to by it must not find a link in it."""

    default_error_messages = {"link": _("Enter the name alone, without a web address.")}

    def validate(self, value):
        super().validate(value)
        if "://" in value or "www." in value.lower():
            raise ValidationError(self.error_messages["link"], code="link")


class _Hinted:
    """Choices may each have a hint: `Radios(hints={"me": "You will have one vote."})`."""

    def __init__(self, attrs=None, choices=(), *, hints=None):
        super().__init__(attrs, choices)
        self.hints = hints or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if hint := self.hints.get(str(value)):
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class Radios(_Hinted, forms.RadioSelect):
    """One of several, as large cards."""


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Any of several, as large cards."""


def posted(request):
    """What a form is bound to: the answers where some were sent, even none at all, or nothing on a first look."""
    return request.POST if request.method == "POST" else None
