"""The form of the downloads page: which day, known when, and how it is to look."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from members.register import CURRENT, EVERYBODY, FORMER, Options
from members.register.members_table import FULL, IN_COLUMNS, IN_ROWS, SHORT, TOGETHER
from offers.models import ShareClass, Society


def known_at_end_of(day: date | None, *, latest: datetime) -> datetime:
    """As known on a day is at its end, in London; never later than what can be known."""
    if day is None:
        return latest
    return min(latest, datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LONDON))


class DownloadForm(forms.Form):
    """What a download may be asked; nothing said is today, as known now, in full."""

    is_search = True

    on = DateField(label=_("As at"), help_text=_("Today if you leave it empty"), required=False)
    since = DateField(label=_("From"), help_text=_("For allotments and the movement of capital"), required=False)
    known_on = DateField(label=_("As known on"), help_text=_("Leaves out what was recorded later"), required=False)
    share_class = forms.ModelChoiceField(label=_("Class"), queryset=ShareClass.objects.none(), required=False,
                                         empty_label=_("All classes"))  # fmt: skip
    who = forms.ChoiceField(
        label=_("Status"),
        choices=[(CURRENT, _("Members on that day")), (FORMER, _("Former members")), (EVERYBODY, _("Everybody"))],
        required=False,
    )
    address = forms.ChoiceField(
        label=_("Address"), choices=[(FULL, _("In full")), (SHORT, _("Town only"))], required=False
    )
    joint = forms.ChoiceField(
        label=_("Joint holders"),
        choices=[
            (TOGETHER, _("Together in one column")),
            (IN_COLUMNS, _("Each in a column")),
            (IN_ROWS, _("Each in a row")),
        ],
        required=False,
    )

    def __init__(self, *args, society: Society, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["share_class"].queryset = ShareClass.objects.filter(society=society).order_by("name")

    def clean(self):
        said = super().clean()
        on, since = said.get("on") or clock.today(), said.get("since")
        if since and since > on:
            self.add_error("since", _("The first day must not be after the day as at."))
        return said

    def options(self, *, latest: datetime) -> Options:
        """What was asked, with everything that was left open settled. `latest`: the moment of what is known now."""
        said = self.cleaned_data
        return Options(
            on=said["on"] or clock.today(),
            known_at=known_at_end_of(said["known_on"], latest=latest),
            since=said["since"],
            share_class=said["share_class"],
            who=said["who"] or CURRENT,
            address=said["address"] or FULL,
            joint=said["joint"] or TOGETHER,
        )
