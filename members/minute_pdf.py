"""The minute of the decision on an offer as PDF: what the board had before it, what it resolved, and the working.

It is drawn from the same working that two officers approved (`members/allotment/working.py`); the approval is found by
the hash of its facts, so a minute never shows the names of people who approved something else. Upright A4, in English.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from common import pdf
from common.money import as_pounds
from compliance import canonical, overrides
from compliance.certificate_paper import ACCENTS, emblem_of
from compliance.engraving import put_under
from compliance.models import Approval
from members.allotment.working import Line, Working
from members.certificates import society_facts
from offers.choices import ApplicationState, Oversubscription
from payments.models import Refund

CUTS_IN_WORDS = {
    Oversubscription.PRO_RATA: gettext_lazy(
        "Everybody gets the smallest sum they may apply for. The rest is split in proportion to what each paid above "
        "that, in whole steps of %(step)s; steps left over go one each to the largest fractions, and of equal "
        "fractions to the earlier payment."
    ),
    Oversubscription.CAP_LARGEST: gettext_lazy(
        "Nobody gets more than %(ceiling)s, the highest ceiling in whole steps of %(step)s under which all fits; steps "
        "left over go one each to those above it, in the order in which their money cleared."
    ),
    Oversubscription.FIRST_COME: gettext_lazy(
        "Applications are met in the order in which their money cleared. The first that does not fit gets what is "
        "left, and later ones nothing."
    ),
}


@dataclass(frozen=True)
class Sums:
    """Applications that stand together in a table: how many, and what they paid, got and get back; pence."""

    name: str
    count: int
    paid_pence: int
    allotted_pence: int
    back_pence: int

    @classmethod
    def of(cls, name: str, lines: Iterable[Line]) -> Sums:
        lines = list(lines)
        return cls(
            name,
            len(lines),
            sum(line.application.due_pence for line in lines),
            sum(line.allotted_pence for line in lines),
            sum(line.back_pence for line in lines),
        )


def draw(working: Working, *, decided_on: date) -> bytes:
    """The minute of a decision. Four queries; about 6 ms and 130 KiB a line. The same rows give the same bytes.

    Without a used approval that fits the working, it says that it is a draft.
    """
    society = society_facts(working.offer.society)
    approval = _approval(working)
    with override("en-gb"):
        said = _Said(working).context() | {
            "society": society,
            "accent": ACCENTS.get(society["accent"], ACCENTS["tide"])[0],
            "approval": approval,
            "facts_sha256": canonical.sha256(working.facts()),
            "rule_set": working.offer.society.law(decided_on).version,
            "decided_on": decided_on,
        }
        html = render_to_string("pdf/minute.html", said)
        document = pdf.lay_out(html, style="minute")
    emblem = emblem_of(society["register_number"], society["accent"])
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return pdf.write(document, identifier=identifier, finisher=lambda _document, made: put_under(made, emblem))


def _approval(working: Working) -> Approval | None:
    """The approval by which this very working was carried out."""
    return (
        Approval.objects.filter(
            society_id=working.offer.society_id,
            act=Approval.DECIDE,
            subject_id=working.offer.pk,
            facts_sha256=canonical.sha256(working.facts()),
            used_at__isnull=False,
        )
        .select_related("prepared_by", "approved_by")
        .first()
    )


class _Said:
    """What the minute's template says, from the working."""

    def __init__(self, working: Working):
        self.working, self.offer = working, working.offer

    def context(self) -> dict:
        lines = self.working.lines
        return {
            "offer": self.offer,
            "working": self.working,
            "method": self.offer.get_oversubscription_display(),
            "all": Sums.of(_("All applications"), lines),
            "allottees": sum(bool(line.allotted_pence) for line in lines),
            "outcomes": self.outcomes(),
            "areas": self.areas(),
            "sharing": self.sharing(),
            "ratio": self.ratio(),
            "refunds": self.refunds(),
            "overrides": overrides.said_of(self.offer.pk, society_id=self.offer.society_id),
            "rows": [(place, line, self.why(line)) for place, line in enumerate(lines, start=1)],
            "tiered": any(line.application.tier_id for line in lines),
        }

    @cached_property
    def shared(self) -> list[Line]:
        """The lines that took part in the sharing-out: those that no earlier rule had put aside."""
        return [line for line in self.working.lines if any(answer.rule == "OFF-5" for answer in line.answers)]

    def why(self, line: Line) -> str:
        return line.problems[0].rule if line.problems else ""

    def outcomes(self) -> list[Sums]:
        lines = self.working.lines
        groups = [
            (_("In full"), [line for line in lines if not line.back_pence]),
            (_("In part"), [line for line in lines if line.allotted_pence and line.back_pence]),
            (_("Not at all"), [line for line in lines if not line.allotted_pence]),
        ]
        return [Sums.of(name, group) for name, group in groups if group]

    def areas(self) -> list[Sums]:
        """By area, in the order of priority; none where the offer has no areas."""
        tiers = list(self.offer.tiers.all())
        if not tiers:
            return []
        within = {tier.pk: [] for tier in sorted(tiers, key=lambda tier: (tier.priority, tier.position))}
        outside: list[Line] = []
        for line in self.working.lines:
            within.get(line.application.tier_id, outside).append(line)
        names = {tier.pk: _("%(area)s (priority %(n)s)") % {"area": tier, "n": tier.priority} for tier in tiers}
        return [Sums.of(names[pk], group) for pk, group in within.items()] + [Sums.of(_("Outside every area"), outside)]

    def sharing(self) -> list[str]:
        """How the maximum was shared out, in words with its figures."""
        most, paid = self.offer.maximum_pence, sum(line.application.due_pence for line in self.shared)
        if not self.working.succeeds:
            return []
        if most is None:
            return [_("The offer has no maximum, so nothing had to be shared out.")]
        words = {"paid": as_pounds(paid), "most": as_pounds(most), "over": as_pounds(paid - most)}
        if paid <= most:
            return [_("%(paid)s was to be shared out, within the maximum of %(most)s, so all of it is met.") % words]
        first = _("%(paid)s was to be shared out, %(over)s above the maximum of %(most)s.") % words
        return [first, *self.rule_in_words()]

    def rule_in_words(self) -> list[str]:
        strategy = self.offer.oversubscription
        if strategy != Oversubscription.PRIORITY_TIERS:
            return [self.cut_in_words(strategy)]
        by_area = _(
            "Areas are served in order of priority, each in full while it fits. The first that does not is cut, and "
            "areas after it get nothing. How it is cut:"
        )
        return [by_area, self.cut_in_words(self.offer.tier_then)]

    def cut_in_words(self, strategy: str) -> str:
        """What `offers/oversubscription.py` does, for people who were not there."""
        cut = [line.allotted_pence for line in self.shared if 0 < line.allotted_pence < line.application.due_pence]
        words = {"step": as_pounds(self.offer.multiple_of_pence), "ceiling": as_pounds(min(cut, default=0))}
        return CUTS_IN_WORDS[strategy] % words

    def ratio(self) -> dict | None:
        """The ratio of members, from the rule's own facts."""
        found = (answer for line in self.working.lines for answer in line.answers if answer.rule == "RAT-1")
        answer = next(found, None)
        return answer and answer.facts

    def refunds(self) -> list[Sums]:
        """What goes back, by the rule that asks for it; and sums that came for applications which had lapsed."""
        names = {
            "OFF-2": _("OFF-2: the minimum was not reached"),
            "RAT-1": _("RAT-1: the ratio of members"),
            "OFF-5": _("OFF-5: more was paid in than the maximum"),
        }
        groups: dict[str, list[Line]] = {}
        for line in self.working.lines:
            if line.back_pence:
                groups.setdefault(self.why(line), []).append(line)
        found = [Sums.of(names.get(rule, rule), group) for rule, group in sorted(groups.items())]
        held = Refund.objects.filter(
            society_id=self.offer.society_id,
            application__offer=self.offer,
            application__state=ApplicationState.LAPSED,
            rule="AMT-1",
        )
        sums = held.values_list("application_id", "amount_pence")
        if rows := list(sums):
            back = sum(pence for _application, pence in rows)
            count = len({application for application, _pence in rows})
            found.append(Sums(_("AMT-1: sums for lapsed applications, not what was due"), count, back, 0, back))
        return found
