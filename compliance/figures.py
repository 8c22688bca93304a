"""The figures of a rule-set in words for people: what each is called, and how its value is written."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.money import as_pounds
from compliance.rulesets import Figure

N = gettext_lazy
LABELS = {
    "holding_cap_pence": N("Most withdrawable shares that one person may hold"),
    "holding_base": N("Shares that count for this limit"),
    "holding_exempt_kinds": N("Holders without this limit"),
    "min_members": N("Fewest members a society may have"),
    "min_members_if_societies": N("Fewest members, if all are registered societies"),
    "min_age_member": N("Least age that the law asks of a member"),
    "min_age_receipt": N("Least age to be paid back share money"),
    "min_age_officer": N("Least age to hold an office"),
    "votes_each": N("Votes of each member, however much they hold"),
    "register_fields": N("What the register holds of each member"),
    "inspection_fields": N("What whoever inspects the register may see"),
    "inspectors": N("Who may inspect the register"),
    "inspection_copies": N("A right to take copies of the register"),
    "register_retention_years": N("Years for which a former member stays on the register"),
    "nomination_most_pence": N("Most that passes by a nomination at death"),
    "nomination_relatives": N("Relatives whom officers and employees may be"),
    "small_estate_most_pence": N("Most that is paid without probate or nomination"),
    "deposit_payment_most_pence": N("Largest deposit at one time"),
    "deposit_depositor_most_pence": N("Most deposits of one person"),
    "deposit_notice_clear_days": N("Least notice of repaying a deposit"),
    "offer_days_least": N("Shortest usual time-bound offer"),
    "offer_days_most": N("Longest usual time-bound offer"),
    "connected_percent_of_minimum": N("Part of the minimum from which one holder is connected, for tax relief"),
    "concentration_percent": N("Largest usual part of a small offer for one holder"),
    "concentration_below_pence": N("Offers below this sum are small ones"),
    "cooling_off_days_least": N("Least time in which an applicant may cancel"),
    "refund_days_most": N("Longest time until a cancelled application is refunded"),
    "material_change_days": N("Time to cancel after the offer has changed in substance"),
    "risk_points": N("Where the risk is told"),
    "words_not_said": N("Words that are not said of shares"),
    "words_allowed": N("Phrases in which some of these words may stand"),
    "identity_over_pence": N("Sum above which identity may be asked"),
    "withdrawal_pot_percent": N("Usual most of the share capital that is paid back in a year"),
    "withdrawal_solvent_months": N("How far ahead a society must be able to pay its debts"),
    "eis_small_withdrawal_pence": N("Withdrawals below this sum do not touch tax relief"),
    "interest_over_base_percent": N("Usual most interest above the base rate"),
    "interest_return_statute_pence": N("Interest from which the statute asks for a return"),
    "interest_return_practice_pence": N("Interest from which HMRC asks for a return"),
    "interest_return_months": N("Time to send the return"),
    "non_uk_tax_percent": N("Tax deducted from interest to people abroad"),
    "eis_years": N("How long shares are held for EIS relief"),
    "eis_trading_months_before_claim": N("Trading before EIS relief is claimed"),
    "eis_scheme_ends": N("Last day of the EIS"),
    "annual_return_months": N("Time to send the annual return"),
    "accounts_committee_signatures": N("Committee members who sign the accounts, beside the secretary"),
    "rules_copy_fee_most_pence": N("Most that may be asked for a copy of the rules"),
}
WORDS = {
    "withdrawable": N("withdrawable shares only"),
    "registered-society": N("registered societies"),
    "member": N("members"),
    "interest-in-funds": N("people with an interest in its funds"),
    "civil-partner": N("civil partner"),
}


def label(figure: Figure) -> str:
    """What the figure is called."""
    return str(LABELS[figure.name])


def value(figure: Figure) -> str:
    """The value as people read it, by the end of the figure's name; £, days, months, years, % or words."""
    found = figure.value
    if isinstance(found, bool):
        return _("yes") if found else _("none")
    if isinstance(found, list):
        return ", ".join(str(WORDS.get(word, word)) for word in found)
    if isinstance(found, str):
        return str(WORDS.get(found, found))
    return _number(figure.name, found)


def _number(name: str, found: int) -> str:
    if name.endswith("_pence"):
        return as_pounds(found)
    if "percent" in name:
        return f"{found}%"
    if "days" in name:
        return ngettext("%(n)s day", "%(n)s days", found) % {"n": found}
    if "months" in name:
        return ngettext("%(n)s month", "%(n)s months", found) % {"n": found}
    if "years" in name or "age" in name.split("_"):
        return (ngettext("%(n)s year", "%(n)s years", found) % {"n": found}) if found else _("none")
    return str(found)
