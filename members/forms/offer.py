"""The form of a draft offer: its terms and its text."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.dates import DateField
from common.forms import PoundsField, Radios
from common.money import as_pounds
from offers.choices import Collection, HolderKind, MatchTrigger, OfferKind, OfferState, Oversubscription
from offers.models import MatchCommitment, RuleBook, ShareOffer, Tier

TAKEN_SLUGS = {"new"}  # addresses beside those of offers
LONGEST_WAIT_DAYS = 100  # for money or a change of mind: an offer is decided only when all of them are over
MOST_AREAS = 200
LONGEST_NAME = 200  # of an institution
KIND_HINTS = {
    OfferKind.MEMBERSHIP: _("Small sums, to join"),
    OfferKind.PIONEER: _("Early money for costs before the main offer, with the highest risk"),
    OfferKind.TIME_BOUND: _("Targets and a last day; refunded where the minimum is not reached"),
    OfferKind.OPEN: _("No last day: the board decides from time to time"),
}

COLLECTION_HINTS = {
    Collection.ON_APPLICATION: _("Stripe keeps it until you decide. If everybody is refunded, its fees are lost."),
    Collection.AT_CLOSE: _("People promise with their card. Banks refuse a few at the close: those must pay again."),
}


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
    kind = forms.ChoiceField(label=_("Kind of offer"), choices=OfferKind.choices, widget=Radios(hints=KIND_HINTS))
    oversubscription = forms.ChoiceField(
        label=_("If more is applied for than the maximum"), choices=Oversubscription.choices, widget=Radios
    )
    collection = forms.ChoiceField(
        label=_("When money is taken at Stripe"),
        choices=Collection.choices,
        widget=Radios(hints=COLLECTION_HINTS),
        required=False,
        initial=Collection.ON_APPLICATION,
    )
    areas = forms.CharField(
        label=_("Areas with terms of their own"),
        help_text=_(
            "One a line: code; beginnings of postcodes; smallest; largest; priority. "
            "For example: A; PA20 PA21; 25; 10000; 1"
        ),
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    pledges = forms.CharField(
        label=_("Match funding"),
        help_text=_(
            "One a line: name; postal address; pounds beside each £1 of people’s; most in pounds; minimum or always. "
            "For example: Pennine Fund; 1 Mill Lane, Rochdale; 1; 50000; minimum"
        ),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    class Meta:
        model = ShareOffer
        fields = [
            "title", "slug", "share_class", "kind", "summary", "story", "opens_on", "closes_on", "minimum_pence",
            "optimum_pence", "maximum_pence", "min_application_pence", "max_application_pence", "multiple_of_pence",
            "max_percent", "oversubscription", "tier_then", "transfer_days", "cooling_off_days", "ratio_tier",
            "ratio_percent", "cards_accepted", "collection",
        ]  # fmt: skip
        help_texts = {
            "slug": _("Small letters, digits and hyphens, such as buy-the-shop"),
            "summary": _("In one or two sentences: they stand at the top of the page"),
            "story": _("Markdown: ## begins a heading, - a line of a list. You can look at it before it is published."),
        }
        widgets = {"summary": forms.Textarea({"rows": 3}), "story": forms.Textarea({"rows": 16})}
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
        classes = self.fields["share_class"].queryset.filter(society=society)
        self.fields["share_class"].queryset = classes
        if len(classes) == 1:
            self.fields["share_class"].empty_label = None  # nothing to choose
        self.instance.society = society
        for field in self.fields.values():
            field.error_messages["required"] = format_lazy(_("Fill in “{label}”."), label=field.label)
        for name in ("transfer_days", "cooling_off_days"):
            self.fields[name].validators.append(MaxValueValidator(LONGEST_WAIT_DAYS))
        if self.instance.pk:
            self.fields["areas"].initial = "\n".join(area_line(tier) for tier in self.instance.tiers.all())
            self.fields["pledges"].initial = "\n".join(pledge_line(row) for row in self.instance.matches.all())

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        others = ShareOffer.objects.filter(society=self.society, slug=slug).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("Another offer of yours has this short name."))
        if slug in TAKEN_SLUGS:
            raise ValidationError(_("This word is an address of ours already. Choose another short name."))
        return slug

    def clean_collection(self):
        return self.cleaned_data["collection"] or Collection.ON_APPLICATION

    def clean_opens_on(self):
        opens_on = self.cleaned_data["opens_on"]
        if not RuleBook.objects.filter(society=self.society, valid_from_on__lte=opens_on).exists():
            raise ValidationError(_("The society had no rules on that day yet."))
        return opens_on

    def clean_areas(self):
        lines = [line for line in self.cleaned_data["areas"].splitlines() if line.strip()]
        areas = [read_area(line, number) for number, line in enumerate(lines, start=1)]
        codes = [area["code"] for area in areas]
        if len(codes) != len(set(codes)):
            raise ValidationError(_("Give each area a code of its own."))
        if len(areas) > MOST_AREAS:
            raise ValidationError(_("There may be at most %(most)s areas.") % {"most": MOST_AREAS})
        return areas

    def clean_pledges(self):
        lines = [line for line in self.cleaned_data["pledges"].splitlines() if line.strip()]
        pledges = [read_pledge(line, number) for number, line in enumerate(lines, start=1)]
        names = {" ".join(pledge["name"].casefold().split()) for pledge in pledges}
        if len(names) != len(pledges):
            raise ValidationError(_("Name each institution once."))
        return pledges

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

    @transaction.atomic
    def save(self, commit=True):
        """The offer with its areas and pledges, all or nothing. ShareOffer.DoesNotExist if it is no draft any more."""
        if not self.instance._state.adding:
            rows = ShareOffer.objects.select_for_update(no_key=True)
            rows.get(pk=self.instance.pk, society=self.society, state=OfferState.DRAFT)
        offer = super().save(commit)
        Tier.objects.filter(society=self.society, offer=offer).delete()
        Tier.objects.bulk_create(Tier(society=self.society, offer=offer, **area) for area in self.cleaned_data["areas"])
        MatchCommitment.objects.filter(society=self.society, offer=offer).delete()
        MatchCommitment.objects.bulk_create(
            MatchCommitment(society=self.society, offer=offer, **pledge) for pledge in self.cleaned_data["pledges"]
        )
        return offer


def read_area(line: str, number: int) -> dict:
    """One line of the areas: code; postcodes; smallest; largest; priority. The last three may be left out."""
    parts = [part.strip() for part in line.split(";")]
    if len(parts) < 2 or not parts[0] or not parts[1]:
        raise ValidationError(_("Line %(n)s: write a code, a semicolon, and beginnings of postcodes.") % {"n": number})
    parts += [""] * (5 - len(parts))
    postcodes = parts[1].upper().replace(",", " ").split()
    if not postcodes or any(len(beginning) > 10 for beginning in postcodes) or len(parts[0]) > 12:
        words = _("Line %(n)s: a code has at most 12 letters, and each beginning of a postcode 1 to 10.")
        raise ValidationError(words % {"n": number})
    try:
        smallest, largest = (PoundsField(required=False, min_pence=1).clean(part) for part in parts[2:4])
        priority = forms.IntegerField(min_value=0, max_value=999).clean(parts[4] or number)
    except ValidationError:
        words = _("Line %(n)s: the sums and the priority must be numbers.")
        raise ValidationError(words % {"n": number}) from None
    if smallest and largest and smallest > largest:
        raise ValidationError(_("Line %(n)s: the smallest may not be above the largest.") % {"n": number})
    return {
        "code": parts[0],
        "postcodes": postcodes,
        "min_application_pence": smallest,
        "max_application_pence": largest,
        "priority": priority,
        "position": number,
    }


def area_line(tier: Tier) -> str:
    """An area as it is typed."""
    limits = (tier.min_application_pence, tier.max_application_pence)
    sums = [as_pounds(pence).removeprefix("£") if pence else "" for pence in limits]
    return "; ".join([tier.code, " ".join(tier.postcodes), *sums, str(tier.priority)])


def read_pledge(line: str, number: int) -> dict:
    """One line of match funding: name; postal address; pounds beside each £1; most; minimum or always."""
    parts = [part.strip() for part in line.split(";")]
    if len(parts) not in (4, 5) or not all(parts[:4]) or len(parts[0]) > LONGEST_NAME:
        words = _("Line %(n)s: write a name, a postal address, pounds beside each £1, and the most in pounds.")
        raise ValidationError(words % {"n": number})
    trigger = (parts[4:] or [MatchTrigger.MINIMUM])[0].lower() or MatchTrigger.MINIMUM
    if trigger not in MatchTrigger.values:
        raise ValidationError(_("Line %(n)s: end with minimum or always.") % {"n": number})
    try:
        ratio_pence, cap_pence = (PoundsField(min_pence=1).clean(part) for part in parts[2:4])
    except ValidationError:
        raise ValidationError(_("Line %(n)s: both sums must be pounds, such as 1 and 50000.") % {"n": number}) from None
    return {
        "name": parts[0],
        "kind": HolderKind.ORGANISATION,
        "address": "\n".join(part.strip() for part in parts[1].split(",")),
        "ratio_pence": ratio_pence,
        "cap_pence": cap_pence,
        "trigger": trigger,
        "position": number,
    }


def pledge_line(row: MatchCommitment) -> str:
    """A pledge as it is typed."""
    sums = [as_pounds(pence).removeprefix("£") for pence in (row.ratio_pence, row.cap_pence)]
    return "; ".join([row.name, ", ".join(row.address.splitlines()), *sums, row.trigger])
