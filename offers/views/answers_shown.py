"""What an applicant said, in words, for the page that checks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from common.money import as_pounds
from offers.choices import HolderKind
from offers.forms.applying import KIND_LABELS
from offers.views.draft import Draft


@dataclass(frozen=True)
class Row:
    """One line of the summary: what was asked, what was said, and the page where it can be changed."""

    label: str
    value: str
    url: str


def title(step: str, kind: str) -> str:
    """The heading of a page of questions."""
    names = {
        HolderKind.PERSON: _("What is your name?"),
        HolderKind.JOINT: _("Who will hold the shares together?"),
        HolderKind.CHILD: _("Who is the child?"),
        HolderKind.ORGANISATION: _("Which organisation?"),
        HolderKind.REGISTERED_SOCIETY: _("Which society?"),
        HolderKind.SYNDICATE: _("Which syndicate?"),
    }
    titles = {
        "who": _("Who will own the shares?"),
        "amount": _("How much do you want to invest?"),
        "name": names[HolderKind(kind)],
        "address": _("What is the postal address?"),
        "contact": _("How can we reach you?"),
        "risks": _("The risks"),
    }
    return titles[step]


def rows(draft: Draft) -> list[Row]:
    """Every answer, in the order of the pages."""
    said = draft.answers

    def row(label: str, value: str, step: str) -> Row:
        return Row(label, value, draft.address_of(step) + "?check=1")

    found = [
        row(_("Owner"), str(KIND_LABELS[HolderKind(draft.kind)][0]), "who"),
        row(_("Amount"), _amount(draft), "amount"),
        *(row(label, value, "name") for label, value in _names(draft)),
        row(_("Postal address"), draft.address(), "address"),
        row(_("E-mail address"), said["contact"]["email"], "contact"),
    ]
    if said["contact"].get("telephone"):
        found.append(row(_("Telephone"), said["contact"]["telephone"], "contact"))
    papers = _("By e-mail") if said["contact"].get("notices") else _("By post")
    found.append(row(_("Notices of meetings"), papers, "contact"))
    found.append(row(_("Risks"), _("Understood"), "risks"))
    return found


def _amount(draft: Draft) -> str:
    shares = draft.amount_pence // draft.offer.share_class.nominal_pence
    words = _("%(sum)s: %(shares)s shares of %(nominal)s") % {
        "sum": as_pounds(draft.amount_pence),
        "shares": f"{shares:,}",
        "nominal": as_pounds(draft.offer.share_class.nominal_pence),
    }
    return f"{words}\n{_('Less, if less is left in the offer')}" if draft.accept_less else words


def _names(draft: Draft) -> list[tuple[str, str]]:
    said = draft.answers["name"]
    labels = [
        ("name", _("Name")),
        ("born_on", _("Date of birth")),
        ("registered_as", _("Registered number")),
        ("people", _("People in the syndicate")),
        ("second_name", _("Second holder")),
        ("second_email", _("Second holder’s e-mail")),
        ("third_name", _("Third holder")),
        ("fourth_name", _("Fourth holder")),
        ("adult_name", _("Held for the child by")),
        ("representative", _("Acting for it")),
    ]
    return [(label, _shown(name, said[name])) for name, label in labels if said.get(name)]


def _shown(name: str, value) -> str:
    return formats.date_format(date.fromisoformat(value), "j F Y") if name == "born_on" else str(value)
