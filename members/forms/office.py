"""Forms of officers: an offer, money that came in, who may act, which day to look at."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import PoundsField, Radios
from members.register import CURRENT, EVERYBODY, FORMER
from offers.choices import Method, OfferKind, OfficerRole, Oversubscription
from offers.models import ShareOffer, Tier


class OfferForm(forms.ModelForm):
    """The terms and the text of a draft. Areas are typed one a line, since most offers have none."""

    opens_on = DateField(label=_("First day"), what=_("The first day"))
    closes_on = DateField(label=_("Last day"), help_text=_("The offer closes at midnight in London"), required=False)
    minimum_pence = PoundsField(label=_("Minimum"), help_text=_("Below it everybody is refunded"), required=False)
    optimum_pence = PoundsField(label=_("Optimum"), help_text=_("What the project needs"), required=False)
    maximum_pence = PoundsField(label=_("Maximum"), help_text=_("Nothing is allotted above it"), required=False)
    min_application_pence = PoundsField(label=_("Smallest application"), min_pence=1)
    max_application_pence = PoundsField(label=_("Largest application for one holder"), required=False)
    multiple_of_pence = PoundsField(label=_("In steps of"), min_pence=1)
    kind = forms.ChoiceField(label=_("Kind of offer"), choices=OfferKind.choices, widget=Radios)
    oversubscription = forms.ChoiceField(
        label=_("If more is applied for than the maximum"), choices=Oversubscription.choices, widget=Radios
    )
    areas = forms.CharField(
        label=_("Areas with terms of their own"),
        help_text=_(
            "One a line: code; beginnings of postcodes; smallest; largest; priority. For example A; PA20 PA21; 25; 10000; 1"
        ),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    class Meta:
        model = ShareOffer
        fields = [
            "title", "slug", "share_class", "kind", "summary", "story", "opens_on", "closes_on", "minimum_pence",
            "optimum_pence", "maximum_pence", "min_application_pence", "max_application_pence", "multiple_of_pence",
            "max_percent", "oversubscription", "tier_then", "transfer_days", "cooling_off_days", "ratio_tier",
            "ratio_percent", "cards_accepted",
        ]  # fmt: skip
        labels = {
            "title": _("Title"),
            "slug": _("Short name in the address of the page"),
            "share_class": _("Class of shares"),
            "summary": _("What the money is for"),
            "story": _("The offer in your own words"),
            "max_percent": _("Most that one holder may have, in percent of the maximum"),
            "tier_then": _("How the area that does not fit is cut"),
            "transfer_days": _("Days that a bank transfer or cheque may take"),
            "cooling_off_days": _("Days in which an applicant may cancel"),
            "ratio_tier": _("Area of which a share of the members must be"),
            "ratio_percent": _("At least so many percent of the members from that area"),
            "cards_accepted": _("Take card payments"),
        }

    def __init__(self, *args, society, **kwargs):
        self.society = society
        super().__init__(*args, **kwargs)
        self.fields["share_class"].queryset = self.fields["share_class"].queryset.filter(society=society)
        self.instance.society = society
        if self.instance.pk:
            self.fields["areas"].initial = "\n".join(area_line(tier) for tier in self.instance.tiers.all())

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        others = ShareOffer.objects.filter(society=self.society, slug=slug).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("Another offer of yours has this short name."))
        return slug

    def clean_areas(self):
        lines = [line for line in self.cleaned_data["areas"].splitlines() if line.strip()]
        areas = [read_area(line, number) for number, line in enumerate(lines, start=1)]
        codes = [area["code"] for area in areas]
        if len(codes) != len(set(codes)):
            raise ValidationError(_("Give each area a code of its own."))
        return areas

    def clean(self):
        """What two answers say together. The table's own constraints are asked too, in their own words."""
        said = super().clean()
        codes = [area["code"] for area in said.get("areas") or []]
        if said.get("ratio_tier") and said["ratio_tier"] not in codes:
            self.add_error("ratio_tier", _("There is no area with this code above."))
        if bool(said.get("ratio_tier")) != bool(said.get("ratio_percent")):
            self.add_error("ratio_percent", _("Give both the area and the percentage, or neither."))
        share_class, step = said.get("share_class"), said.get("multiple_of_pence")
        if share_class and step and step % share_class.nominal_pence:
            self.add_error("multiple_of_pence", _("The step must be a whole number of shares."))
        return said

    def _post_clean(self):
        """The model's own clean() looks at areas that are saved only after the offer, so only constraints are asked."""
        self.instance.clean = lambda: None
        super()._post_clean()

    def save(self, commit=True):
        offer = super().save(commit)
        Tier.objects.filter(society=self.society, offer=offer).delete()
        Tier.objects.bulk_create(Tier(society=self.society, offer=offer, **area) for area in self.cleaned_data["areas"])
        return offer


def read_area(line: str, number: int) -> dict:
    """One line of the areas: code; postcodes; smallest; largest; priority. The last three may be left out."""
    parts = [part.strip() for part in line.split(";")]
    if len(parts) < 2 or not parts[0] or not parts[1]:
        raise ValidationError(_("Line %(n)s: write a code, a semicolon, and beginnings of postcodes.") % {"n": number})
    parts += [""] * (5 - len(parts))
    try:
        smallest, largest = (PoundsField(required=False, min_pence=1).clean(part) for part in parts[2:4])
        priority = int(parts[4] or number)
    except (ValidationError, ValueError):
        words = _("Line %(n)s: the sums and the priority must be numbers.")
        raise ValidationError(words % {"n": number}) from None
    return {
        "code": parts[0][:12],
        "postcodes": parts[1].upper().replace(",", " ").split(),
        "min_application_pence": smallest,
        "max_application_pence": largest,
        "priority": priority,
        "position": number,
    }


def area_line(tier: Tier) -> str:
    """An area as it is typed."""
    sums = [str(pence // 100) if pence else "" for pence in (tier.min_application_pence, tier.max_application_pence)]
    return "; ".join([tier.code, " ".join(tier.postcodes), *sums, str(tier.priority)])


class ExtendForm(forms.Form):
    closes_on = DateField(label=_("New last day"), what=_("The new last day"), earliest=clock.today)


class ReceiptForm(forms.Form):
    """Money that came by transfer or cheque."""

    amount_pence = PoundsField(label=_("Amount received"), min_pence=1)
    method = forms.ChoiceField(
        label=_("How it came"), choices=[c for c in Method.choices if c[0] != Method.CARD], widget=Radios
    )
    received_on = DateField(label=_("Day it arrived"), what=_("The day it arrived"), latest=clock.today)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For example, the payer’s name or the cheque number"),
        max_length=200,
        required=False,
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the e-mail address of the person you invite.")},
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=OfficerRole.choices,
        widget=Radios,
        error_messages={"required": _("Choose what the person will be.")},
    )


class RegisterForm(forms.Form):
    """Which register to look at: on a day, as known at the end of another day, whom, in which order."""

    on = DateField(label=_("As at"), help_text=_("The day the register shows"), required=False)
    known_on = DateField(label=_("As known on"), help_text=_("Leaves out what was recorded later"), required=False)
    who = forms.ChoiceField(
        label=_("Who"),
        choices=[(CURRENT, _("Members on that day")), (FORMER, _("Former members")), (EVERYBODY, _("Everybody"))],
        required=False,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("number", _("Member number")), ("name", _("Name")), ("shares", _("Largest holding first"))],
        required=False,
    )
    search = forms.CharField(label=_("Name or number"), max_length=100, required=False)
