"""The risk statement. Its words are locked: a society may add to them, never take away (RSK-1).

Shown on the offer page, at the amount, before the declaration, in mail and on certificates; each application
keeps the version it was shown. Source: Community Shares Handbook 4.2.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from compliance import canonical

VERSION = "2026-11"
HEADLINE = _(
    "Don’t invest unless you’re prepared to lose all the money you invest. "
    "This is a high-risk investment and you are unlikely to be protected if something goes wrong."
)
PARTS = [
    (_("You could lose all the money you invest"), _("If the society fails, your shares may be worth nothing.")),
    (
        _("You are not protected"),
        _(
            "The Financial Services Compensation Scheme does not cover these shares, and you cannot complain "
            "about them to the Financial Ombudsman Service."
        ),
    ),
    (
        _("You may not get your money back quickly"),
        _("You ask the society to pay you back. The board may say no, or make you wait, if it cannot afford it."),
    ),
    (
        _("You cannot sell your shares, and their value never rises"),
        _("A £1 share is never worth more than £1. It can be worth less."),
    ),
    (_("Don’t put all your eggs in one basket"), _("Only invest money that you can do without for years.")),
]
# What each version said, in English: words that change are another version, whose hash is added here and kept.
VERSIONS = {"2026-11": "f66703257b5ba1636cf81179720daf4bcce3cdd293145cfe4de4a23e8fdeefbe"}
# Its five points (the rule-set's `risk_points`), and the template that shows the whole of it there.
SHOWN_AT = {
    "offer": "offers/offer.html",
    "summary": "pdf/offer.html",
    "declaration": "offers/apply/risks.html",
    "confirmation": "emails/application-received.txt",
    "certificate": "pdf/certificate.html",
}
DECLARATION = _("I have read the offer and understand that I could lose some or all of this money.")


def english() -> dict:
    """The statement as it is hashed and kept: its English words, whatever language it is shown in."""
    from django.utils.translation import override

    with override("en-gb"):
        return {
            "version": VERSION,
            "headline": str(HEADLINE),
            "parts": [[str(title), str(words)] for title, words in PARTS],
            "declaration": str(DECLARATION),
        }


def sha256() -> str:
    """The hash that goes with every application."""
    return canonical.sha256(english())
