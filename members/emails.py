"""Messages of members' own: the certificate, and an invitation to act for a society."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from common import letters, outbox
from common.models import AuditEvent, OutgoingMail
from common.outbox import Message
from compliance.models import Certificate
from members import seals, signing_keys
from members.models import Invitation, Particulars, ParticularsRequest, SealNotice
from offers.models import Society

CHANGED = {
    "name": gettext_lazy("your name"),
    "joint_names": gettext_lazy("the other holders’ names"),
    "representative": gettext_lazy("the representative"),
    "address": gettext_lazy("your postal address"),
    "postcode": gettext_lazy("your postcode"),
    "country": gettext_lazy("your country"),
    "email": gettext_lazy("your e-mail address"),
    "email_purposes": gettext_lazy("what may be sent to your e-mail address"),
}


@outbox.builder("shares-allotted")
def shares_allotted(mail: OutgoingMail) -> Message:
    """With the certificate itself, drawn from its frozen facts."""
    certificate = Certificate.objects.get(pk=mail.subject_id, society_id=mail.society_id)
    society = Society.objects.get(pk=mail.society_id)
    context = {
        "certificate": certificate,
        "facts": certificate.facts,
        "society": society,
        "check": settings.SITE_URL + reverse("certificates:verify", args=[certificate.token]),
        "shares": settings.SITE_URL + reverse("members:home"),
    }
    return letters.letter("shares-allotted", context, reply_to=society.email, files=_attached(certificate))


@outbox.builder("certificate-replaced")
def certificate_replaced(mail: OutgoingMail) -> Message:
    """With the certificate that took the place of another."""
    certificate = Certificate.objects.get(pk=mail.subject_id, society_id=mail.society_id)
    society = Society.objects.get(pk=mail.society_id)
    context = {
        "certificate": certificate,
        "facts": certificate.facts,
        "society": society,
        "check": settings.SITE_URL + reverse("certificates:verify", args=[certificate.token]),
    }
    return letters.letter("certificate-replaced", context, reply_to=society.email, files=_attached(certificate))


def _attached(certificate: Certificate) -> list:
    pdf = signing_keys.signed_file(certificate)
    return [(f"certificate-{certificate.number}.pdf", pdf, "application/pdf")]


@outbox.builder("details-changed")
def details_changed(mail: OutgoingMail) -> Message:
    """To the address that stood before and to the one that stands now: what changed, and not into what."""
    event = AuditEvent.objects.get(pk=mail.subject_id, society_id=mail.society_id)
    row = Particulars.objects.select_related("society").get(pk=event.facts["row"], society_id=mail.society_id)
    said = Particulars.objects.filter(society_id=mail.society_id, member=row.member_id, recorded_at__lt=row.recorded_at)
    before = said.order_by("effective_on", "recorded_at").last()
    changed = [words for name, words in CHANGED.items() if getattr(row, name) != getattr(before, name)]
    link = settings.SITE_URL + reverse("members:account", args=[row.member_id])
    context = {"row": row, "before": before, "changed": changed, "society": row.society, "link": link}
    return letters.letter("details-changed", context, reply_to=row.society.email)


@outbox.builder("invitation")
def invitation(mail: OutgoingMail) -> Message:
    found = Invitation.objects.select_related("society", "invited_by").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    context = {
        "invitation": found,
        "society": found.society,
        "link": settings.SITE_URL + reverse("members:invitation", args=[found.token]),
    }
    return letters.letter("invitation", context, reply_to=found.society.email)


@outbox.builder("ledger-sealed")
def ledger_sealed(mail: OutgoingMail) -> Message:
    """To a secretary or auditor: a copy of the seal that nobody can change any more."""
    notice = SealNotice.objects.select_related("society", "seal", "officer__user").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    context = {
        "seal": notice.seal,
        "society": notice.society,
        "line": seals.line(notice.society, notice.seal),
        "page": settings.SITE_URL + reverse("members:proof", args=[notice.society.slug]),
    }
    return letters.letter("ledger-sealed", context, reply_to=notice.society.email)


@outbox.builder("particulars-wanted")
def particulars_wanted(mail: OutgoingMail) -> Message:
    """A link at which a member says what the register lacks."""
    asked = ParticularsRequest.objects.select_related("society", "member").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    context = {
        "asked": asked,
        "society": asked.society,
        "link": settings.SITE_URL + reverse("members:particulars", args=[asked.token]),
    }
    return letters.letter("particulars-wanted", context, reply_to=asked.society.email)
