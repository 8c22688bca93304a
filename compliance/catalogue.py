"""Every rule by its id: what it asks in words, how strong it is, where it stands, and which questions ask it.

The pages that explain rules and the tests that look for gaps read this list; the functions are in the files named after
each rule or process.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from compliance import (  # noqa: F401  a question is there once its file is read
    amounts,
    application_money,
    caps,
    changes,
    checklist,
    closing,
    deposits,
    eis,
    eligibility,
    filings,
    interest,
    money_laundering,
    nominations,
    publishing,
    registers,
    risk_wording,
    unpaid,
    withdrawals,
)
from compliance.answers import LAW, OFFER, POLICY, PRACTICE, PROVIDER, RULES
from compliance.questions import QUESTIONS, Question

ACT = "2014 Act"
HANDBOOK = "Community Shares Handbook"


@dataclass(frozen=True)
class Rule:
    """A rule: its levels, what it asks in words, its source in short. Figures and sections: the rule-set's."""

    id: str
    levels: tuple[str, ...]
    says: str
    source: str

    @property
    def questions(self) -> list[Question]:
        return [asked for asked in QUESTIONS.values() if asked.rule == self.id]


RULES_BY_ID = {
    rule.id: rule
    for rule in (
        Rule(
            "CAP-1",
            (LAW,),
            _("held + waiting + applied for ≤ the law’s limit, for each person concerned"),
            f"{ACT} s.24",
        ),
        Rule("CAP-2", (RULES, OFFER), _("the same ≤ the limit of the society’s rules and of the offer"), f"{ACT} s.14"),
        Rule("CAP-3", (PRACTICE,), _("largest holding < 30% of the minimum, and ≤ 10% of a small offer"), HANDBOOK),
        Rule("CAP-4", (LAW,), _("the law’s limit again, however shares come to somebody"), f"{ACT} s.24"),
        Rule("TYP-1", (LAW,), _("only withdrawable shares that cannot be transferred"), HANDBOOK),
        Rule("MEM-1", (LAW,), _("members ≥ 3, or ≥ 2 if all are registered societies"), f"{ACT} s.2(2)(b)"),
        Rule("MEM-2", (LAW, RULES), _("age ≥ the rules’ least age; ≥ 16 for receipts and offices"), f"{ACT} s.31"),
        Rule(
            "REG-1",
            (LAW,),
            _("a row holds all that s.30(2) asks; entry = allotment; nothing of it is erased"),
            f"{ACT} s.30",
        ),
        Rule("REG-2", (LAW,), _("whoever inspects sees no shares and no amounts of others"), f"{ACT} s.103"),
        Rule("NOM-1", (LAW,), _("written, signed, received before death; at most £5,000 passes"), f"{ACT} ss.37-39"),
        Rule("BNK-1", (LAW,), _("deposits within the limits; deposits due come before withdrawals"), f"{ACT} s.67"),
        Rule(
            "OFF-1",
            (PRACTICE,),
            _("minimum ≤ optimum ≤ maximum; 42 to 184 days; reopened only if the minimum was met"),
            HANDBOOK,
        ),
        Rule("OFF-2", (OFFER,), _("cleared money ≥ the minimum, or everybody is refunded"), HANDBOOK),
        Rule("OFF-3", (PRACTICE,), _("application money apart and whole until allotment"), HANDBOOK),
        Rule(
            "OFF-4",
            (OFFER, PRACTICE),
            _("no payment without a whole application and its risk statement, to an offer that says what it must"),
            HANDBOOK,
        ),
        Rule("OFF-5", (OFFER,), _("accepted ≤ the maximum; the rest goes back by the published strategy"), HANDBOOK),
        Rule(
            "OFF-6",
            (PRACTICE,),
            _("after a material change: all are told, may cancel, and nothing is allotted meanwhile"),
            HANDBOOK,
        ),
        Rule("CNL-1", (POLICY,), _("cancelling is free for ≥ 14 days; no allotment inside them"), "SI 2004/2095"),
        Rule("RSK-1", (PRACTICE,), _("the risk at five points; no promise of safety"), HANDBOOK),
        Rule(
            "AML-1",
            (LAW, POLICY),
            _("outside the money-laundering rules only within the law’s limit"),
            "SI 2017/692 reg. 15",
        ),
        Rule(
            "INT-1",
            (RULES,),
            _("rate ≤ the most declared before the period; affordable; nothing made up for"),
            HANDBOOK,
        ),
        Rule(
            "INT-2",
            (LAW,),
            _("on the return from £15 (statute) or £250 (practice); gross only to people here"),
            "ITA 2007 s.887",
        ),
        Rule(
            "WDR-1",
            (RULES, PRACTICE),
            _("after notice, if the board agrees; within the pot and the surplus; in order"),
            HANDBOOK,
        ),
        Rule(
            "EIS-1",
            (LAW,),
            _("EIS3 only for those on the EIS1; until = max(issue, trade) + 3 years"),
            "ITA 2007 Part 5",
        ),
        Rule("FIL-1", (LAW,), _("annual return ≤ 7 months after the year’s end, signed by three"), "FCA"),
        Rule("OPN-1", (OFFER,), _("opening day ≤ today ≤ closing day"), _("The offer")),
        Rule("AMT-1", (OFFER,), _("smallest ≤ sum ≤ largest, in whole steps"), _("The offer")),
        Rule("ADM-1", (RULES,), _("the kind of holder is one that the rules admit"), _("The society’s rules")),
        Rule("GRP-1", (RULES,), _("people in a syndicate ≤ the most of the rules"), _("The society’s rules")),
        Rule(
            "RAT-1",
            (OFFER,),
            _("others kept ≤ inside × (100 − percent) / percent, in order of payment"),
            _("The offer"),
        ),
        Rule(
            "PAY-1",
            (PROVIDER,),
            _("days from the first payment to the decision ≤ the days the provider keeps money"),
            _("Stripe’s terms"),
        ),
        Rule("UNP-1", (POLICY,), _("what waits unpaid from one address ≤ its part of the maximum"), _("The offer")),
        Rule("PAY-2", (PRACTICE,), _("the account takes payments and is paid out by hand only"), _("Stripe’s terms")),
    )
}
