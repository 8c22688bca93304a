"""Which decisions to list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.catalogue import RULES_BY_ID

NOES, REASONS, ALL = "noes", "reasons", "all"


class FindDecisionsForm(forms.Form):
    """Refusals, warnings that an officer went past, or all; of one rule or of every one."""

    is_search = True

    what = forms.ChoiceField(
        label=_("Which"),
        choices=[(NOES, _("Refusals and warnings")), (REASONS, _("Warnings with a reason")), (ALL, _("Everything"))],
        required=False,
    )
    rule = forms.ChoiceField(
        label=_("Rule"), choices=[("", _("All rules")), *((rule, rule) for rule in RULES_BY_ID)], required=False
    )
