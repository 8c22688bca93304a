"""Forms of the statutory register: officers, other property, who inspects, and what a member adds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import Checkboxes, LineField, NameField, PoundsField, Radios
from members.models import Inspection, OtherProperty
from members.officers_register import Told

PURPOSES = [("notices", _("Notices of meetings")), ("papers", _("Papers and accounts"))]


class PurposesField(forms.MultipleChoiceField):
    """What an electronic address was given for; one text in `cleaned_data`, as the register keeps it."""

    widget = Checkboxes

    def __init__(self, **kwargs):
        super().__init__(choices=PURPOSES, label=_("The society may send there"), required=False, **kwargs)

    def clean(self, value):
        return " and ".join(super().clean(value))

    def prepare_value(self, value):
        return [name for name, _words in PURPOSES if name in value] if isinstance(value, str) else value


class OfficeForm(forms.Form):
    """What the register of officers says of somebody in an office."""

    name = NameField(label=_("Name"), max_length=200, error_messages={"required": _("Enter the officer’s name.")})
    address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea({"rows": 4}),
        max_length=400,
        error_messages={"required": _("Enter a postal address.")},
    )
    office = LineField(
        label=_("Office"),
        help_text=_("Such as chair, secretary, treasurer or committee member"),
        max_length=100,
        error_messages={"required": _("Enter the office.")},
    )
    took_office_on = DateField(label=_("Day the office was taken"), what=_("The day the office was taken"))
    left_office_on = DateField(
        label=_("Day the office was left"), what=_("The day the office was left"), required=False
    )
    email = forms.EmailField(label=_("Electronic address for notices"), required=False)
    email_purposes = PurposesField()

    def told(self) -> Told:
        """For the verb."""
        return Told(**self.cleaned_data)


class OfficeChangeForm(OfficeForm):
    """A change: it counts from a day on, and the register of the days before stays as it was."""

    on = DateField(label=_("The change counts from"), what=_("The day of the change"), initial=clock.today)

    def told(self) -> Told:
        return Told(**{name: value for name, value in self.cleaned_data.items() if name != "on"})


class OtherPropertyForm(forms.Form):
    """A loan or deposit that came, or went back."""

    kind = forms.ChoiceField(label=_("What it is"), choices=OtherProperty.KINDS, widget=Radios)
    way = forms.ChoiceField(
        label=_("What happened"), choices=[("in", _("It came to the society")), ("out", _("It went back"))],
        widget=Radios,
    )  # fmt: skip
    amount_pence = PoundsField(label=_("Sum"), min_pence=1)
    on = DateField(label=_("Day"), what=_("The day"), latest=clock.today)
    description = LineField(
        label=_("In words"), max_length=200, help_text=_("Such as the agreement and its date"),
        error_messages={"required": _("Say in words what it is.")},
    )  # fmt: skip

    def signed_pence(self) -> int:
        """+ in, − out."""
        pence = self.cleaned_data["amount_pence"]
        return pence if self.cleaned_data["way"] == "in" else -pence


class InspectionForm(forms.Form):
    """Who asks to see the register, as what, and why."""

    asked_by_name = NameField(
        label=_("Who asks"), max_length=200, error_messages={"required": _("Enter the name of the person who asks.")}
    )
    capacity = forms.ChoiceField(label=_("They are"), choices=Inspection.CAPACITIES, widget=Radios)
    reason = LineField(
        label=_("Why"), max_length=300,
        help_text=_("In their own words; the law asks for no reason, so “not given” will do"),
        error_messages={"required": _("Say why, or “not given”.")},
    )  # fmt: skip
    on = DateField(label=_("The register as at"), help_text=_("Today if you leave it empty"), required=False,
                   latest=clock.today)  # fmt: skip
    told = forms.BooleanField(
        label=_("I have told them that what they see is personal data, and I stay with them while they look"),
        error_messages={"required": _("The register is shown under supervision: confirm that you stay.")},
    )


class ParticularsForm(forms.Form):
    """What a member says the register shall say of them."""

    address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea({"rows": 4, "autocomplete": "street-address"}),
        max_length=400,
        error_messages={"required": _("Enter your postal address: the law asks for it.")},
    )
    postcode = LineField(label=_("Postcode"), max_length=12, required=False)
    country = LineField(label=_("Country"), help_text=_("Two letters, such as GB or IE"), max_length=2, min_length=2)
    email = forms.EmailField(
        label=_("Electronic address for notices and papers"),
        help_text=_("Leave it empty if you want everything by post"),
        required=False,
    )
    email_purposes = PurposesField()

    def clean_country(self):
        return self.cleaned_data["country"].upper()
