"""A registered amendment of the society's rules, as an officer writes it down from the registrar's letter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import Checkboxes, LineField, PoundsField
from offers.choices import HolderKind


def number_field(label, hint="", **more) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        widget=forms.NumberInput({"class": "w-4", "inputmode": "numeric"}),
        error_messages={"required": _("Enter a whole number."), "invalid": _("Enter a whole number.")},
        **more,
    )


def rule_field() -> LineField:
    return LineField(
        label=_("Number of this rule"), max_length=20, required=False, widget=forms.TextInput({"class": "w-10"})
    )


class AmendmentForm(forms.Form):
    """Every value of the rules that the site enforces, each with its rule's number; the names are the rule book's."""

    valid_from_on = DateField(
        label=_("Day on which the amendment was registered"),
        help_text=_("It stands on the registrar’s letter. The rules hold from that day."),
        what=_("The day of registration"),
        latest=clock.today,
    )
    registration_reference = LineField(
        label=_("Reference of the registration"),
        max_length=40,
        error_messages={"required": _("Enter the reference of the registration.")},
    )
    max_holding_pence = PoundsField(
        label=_("Most that one holder may have"),
        min_pence=100,
        error_messages={"required": _("Enter the most that one holder may have.")},
    )
    max_holding_rule = rule_field()
    admits = forms.MultipleChoiceField(
        label=_("Who may hold shares"),
        choices=HolderKind.choices,
        widget=Checkboxes,
        error_messages={"required": _("Choose at least one kind of holder.")},
    )
    admits_rule = rule_field()
    min_age = number_field(_("Least age in years to apply oneself"), max_value=100)
    min_age_rule = rule_field()
    syndicate_max = number_field(_("Most people in a syndicate"), max_value=9999)
    syndicate_rule = rule_field()
    withdrawal_notice_days = number_field(_("Days of notice to withdraw shares"), max_value=3650)
    withdrawal_rule = rule_field()
    interest_limit = LineField(
        label=_("Limit on interest"), help_text=_("In the words of the rules"), max_length=200, required=False
    )
    interest_rule = rule_field()

    PARTS = (
        (_("Registration"), ("valid_from_on", "registration_reference")),
        (_("Largest holding"), ("max_holding_pence", "max_holding_rule")),
        (_("Who may join"), ("admits", "admits_rule", "min_age", "min_age_rule", "syndicate_max", "syndicate_rule")),
        (_("Withdrawal"), ("withdrawal_notice_days", "withdrawal_rule")),
        (_("Interest"), ("interest_limit", "interest_rule")),
    )

    def parts(self) -> list[tuple]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.PARTS]
