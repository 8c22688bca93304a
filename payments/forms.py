"""What people say about paying and being paid back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import NameField, Radios
from offers.choices import Method
from payments import bank_details


class AnotherWayForm(forms.Form):
    """methods: the ways that are offered; hints: for each, one line on what it takes and how long."""

    method = forms.ChoiceField(
        label=_("How will you pay?"),
        widget=Radios,
        error_messages={"required": _("Choose how you will pay."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *args, methods: list[str], hints: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method, Method(method).label) for method in methods]
        self.fields["method"].widget.hints = hints


class BankDetailsForm(forms.Form):
    """Where a refund shall go. The pattern is https://design-system.service.gov.uk/patterns/bank-details/

    What was typed before is never shown again: whoever opens the page later sees it masked.
    """

    account_name = NameField(
        label=_("Name on the account"),
        max_length=70,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter the name on the account.")},
    )
    sort_code = forms.CharField(
        label=_("Sort code"),
        help_text=_("Must be 6 digits long"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "w-10"}),
        error_messages={"required": _("Enter a sort code.")},
    )
    account_number = forms.CharField(
        label=_("Account number"),
        help_text=_("Must be between 6 and 8 digits long"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "w-10"}),
        error_messages={"required": _("Enter an account number.")},
    )
    roll_number = forms.CharField(
        label=_("Building society roll number"),
        help_text=_("You can find it on your card, statement or passbook, if you have one"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "w-10"}),
    )

    def clean_sort_code(self):
        return bank_details.sort_code(self.cleaned_data["sort_code"])

    def clean_account_number(self):
        return bank_details.account_number(self.cleaned_data["account_number"])

    def clean_roll_number(self):
        return bank_details.roll_number(self.cleaned_data["roll_number"])
