"""Forms of acts on a member's row: other details, freezing, and the papers that show why."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import LineField, NameField, Radios
from members.details import Details
from members.forms.statutory import ParticularsForm
from members.models import Freeze
from members.register_acts import MOST_BYTES, Paper, media_type

NAMES = {"name": _("Name"), "joint_names": _("The other holders’ names"), "representative": _("Representative")}


class PaperField(forms.FileField):
    """A scan of a paper; a `Paper` in `cleaned_data`, None where none was chosen."""

    default_error_messages = {
        "required": _("Choose a scan or photograph of the paper."),
        "paper": _("Choose a PDF, JPEG or PNG of at most 2 MB."),
    }

    def __init__(self, **kwargs):
        super().__init__(
            max_length=200, help_text=_("PDF, JPEG or PNG, at most 2 MB. The second officer reads it."), **kwargs
        )
        self.widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not file:
            return None
        content = file.read() if file.size <= MOST_BYTES else b""
        if media_type(content) is None:
            raise forms.ValidationError(self.error_messages["paper"], code="paper")
        return Paper(name=file.name, content=content)


class WithPaper(forms.Form):
    """A form with a paper. `is_cut`: what was sent was too large for the site to keep any of it."""

    def __init__(self, *args, is_cut: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_cut = is_cut

    def clean_paper(self):
        if self.is_cut:
            raise forms.ValidationError(_("The paper is larger than 2 MB. Scan it in grey, or more coarsely."))
        return self.cleaned_data["paper"]


class DetailsForm(ParticularsForm):
    """What the register shall say, as a member asks it. Only names that stand there already are asked."""

    field_order = ["name", "joint_names", "representative", "address", "postcode", "country", "email", "email_purposes"]
    name = NameField(label=NAMES["name"], max_length=300, error_messages={"required": _("Enter a name.")})
    joint_names = LineField(
        label=NAMES["joint_names"], help_text=_("With a semicolon between them"), max_length=600, required=False
    )
    representative = LineField(label=NAMES["representative"], max_length=200, required=False)

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, initial={name: getattr(now, name) for name in Details.__annotations__}, **kwargs)
        for name in ("joint_names", "representative"):
            if not getattr(now, name):
                del self.fields[name]
        asked = dict(self.fields["email_purposes"].choices)
        self.other_purposes = [word for word in re.split(r", | and ", now.email_purposes) if word and word not in asked]

    def clean_email_purposes(self):
        """What is asked here beside what the address was given for otherwise, such as an application."""
        chosen = self.cleaned_data["email_purposes"]
        words = self.other_purposes + (chosen.split(" and ") if chosen else [])
        return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

    def told(self) -> Details:
        """For the verb."""
        said = {"joint_names": "", "representative": ""} | self.cleaned_data
        return Details(**{name: said[name] for name in Details.__annotations__})


class MembersDetailsForm(DetailsForm):
    """The member's own request; another name is explained, so that the officer knows what to ask for."""

    reason = LineField(
        label=_("Why, if a name changes"),
        help_text=_("Such as marriage. The society may ask to see a paper."),
        max_length=300,
        required=False,
    )

    def clean(self):
        said = super().clean()
        changed = {"name", "joint_names", "representative"} & set(self.changed_data)
        if changed and not said.get("reason"):
            self.add_error("reason", _("Say why the name changes."))
        return said


class OfficersDetailsForm(DetailsForm, WithPaper):
    """A change that an officer has in writing."""

    on = DateField(
        label=_("The change counts from"), what=_("The day of the change"), latest=clock.today, initial=clock.today
    )
    reason = LineField(
        label=_("How you know"),
        help_text=_("Such as a letter and its date, or a certificate of marriage that you have seen"),
        max_length=300,
        error_messages={"required": _("Say how you know of the change.")},
    )
    paper = PaperField(label=_("The letter or paper"), required=False)


class FreezeForm(forms.Form):
    """Why no share may leave a holding."""

    ground = forms.ChoiceField(
        label=_("Why is it frozen?"), choices=Freeze.GROUNDS, widget=Radios,
        error_messages={"required": _("Choose why the holding is frozen.")},
    )  # fmt: skip
    reason = LineField(
        label=_("What you know, and from whom"),
        help_text=_("Such as a letter and its date. Officers see this; the member and the public do not."),
        max_length=300,
        error_messages={"required": _("Say what you know: officers read it years later.")},
    )


class UnfreezeForm(forms.Form):
    """Why shares may move again."""

    reason = LineField(
        label=_("Why may shares move again?"),
        help_text=_("Such as the order of a court, or that the dispute is settled"),
        max_length=300,
        error_messages={"required": _("Say why shares may move again.")},
    )
