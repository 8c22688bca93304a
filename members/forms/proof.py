"""The one question of the page of seals."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.seals import LEAST_SHOWN


class RootForm(forms.Form):
    """A root as a paper or a message shows it, whole or its beginning."""

    is_search = True
    root = forms.CharField(
        label=_("The figures and letters of the seal"),
        help_text=_("As they stand on the certificate or in the message. Spaces do not matter."),
        max_length=120,
        error_messages={"required": _("Enter the figures and letters of a seal.")},
    )

    def clean_root(self):
        said = "".join(self.cleaned_data["root"].split()).lower()
        if set(said) - set("0123456789abcdef"):
            raise ValidationError(_("A seal has only the figures 0 to 9 and the letters a to f."))
        if len(said) < LEAST_SHOWN:
            raise ValidationError(_("Enter at least the first %(least)s signs.") % {"least": LEAST_SHOWN})
        return said
