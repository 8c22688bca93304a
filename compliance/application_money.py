"""Money before allotment: kept apart and told of (OFF-3), and never without a whole application (OFF-4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import PRACTICE, Answer
from compliance.questions import question

APART, TOLD = "Community Shares Handbook 5.5", "Community Shares Handbook 5.5.3"


@question("OFF-3", PRACTICE)
def kept_apart(*, is_separate: bool, applicant_told: bool, held_pence: int, in_account_pence: int) -> Answer:
    """OFF-3: application money lies apart, whole, and applicants know when it is taken. Units: pence.

    held_pence: what is held for applications that are not decided; in_account_pence: what lies in that account.
    """
    wrong = [
        words
        for words, is_right in (
            (_("it is not kept apart"), is_separate),
            (_("applicants were not told when it is taken"), applicant_told),
            (_("some of it is missing"), in_account_pence >= held_pence),
        )
        if not is_right
    ]
    message = _("Application money is not safe: %(why)s.") % {"why": "; ".join(wrong)} if wrong else ""
    sign = "≥" if in_account_pence >= held_pence else "<"
    arithmetic = f"{as_pounds(in_account_pence)} {sign} {as_pounds(held_pence)}"
    return Answer("OFF-3", PRACTICE, not wrong, message, arithmetic, APART)


@question("OFF-4", PRACTICE)
def application_whole(*, has_version: bool, version_sha256: str, risk_sha256: str, has_declared: bool) -> Answer:
    """OFF-4: no money before a completed application under a version of the offer, with the risk statement shown.

    version_sha256, risk_sha256: the fingerprints of what the applicant saw, kept with the application; "" for none.
    """
    lacking = [
        words
        for words, is_there in (
            (_("the version of the offer"), has_version and len(version_sha256) == 64),
            (_("the risk statement that was shown"), len(risk_sha256) == 64),
            (_("the applicant’s declaration"), has_declared),
        )
        if not is_there
    ]
    message = (
        _("No payment can be taken: the application lacks %(what)s.") % {"what": ", ".join(lacking)} if lacking else ""
    )
    arithmetic = _("%(n)s of 3 are kept with the application") % {"n": 3 - len(lacking)}
    return Answer("OFF-4", PRACTICE, not lacking, message, arithmetic, TOLD)
