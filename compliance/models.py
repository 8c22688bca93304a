"""Tables of compliance: what was answered, who approved what, and the certificates that were issued."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import SocietyRow
from compliance.answers import LEVELS


class Decision(AppendOnly, SocietyRow):
    """One answer of one rule on one occasion: what was asked, what was known, what was answered.

    `facts` hold no names or addresses. `subject_id` is the application or offer it concerned. With `question`, `facts`,
    `rule_set` and `law_on` the same can be asked again (`compliance/decisions.py`).
    """

    occasion = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    question = models.CharField(max_length=60)
    rule = models.CharField(max_length=8)
    level = models.CharField(max_length=8, choices=[(level, level) for level in LEVELS])
    passed = models.BooleanField()
    message = models.TextField(blank=True)
    arithmetic = models.TextField()
    source = models.TextField()
    facts = models.JSONField()
    rule_set = models.CharField(max_length=40)
    law_on = models.DateField()  # the day for which the rule-set was read
    decided_at = models.DateTimeField()

    class Meta:
        triggers = append_only.triggers()
        indexes = [models.Index(fields=["society", "subject_id", "rule"], name="decision_subject")]
        constraints = [models.CheckConstraint(condition=Q(level__in=LEVELS), name="decision_level_known")]

    def __str__(self):
        return f"{self.rule} {'passed' if self.passed else 'refused'}"


class Override(AppendOnly, SocietyRow):
    """Why an officer went on in spite of a warning: the decision that was a no, by whom and with which reason.

    Only warnings can be answered so. What the law, the society's rules or the offer say has no row here, ever.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="override")
    reason = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="overrides_a_warning",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM compliance_decision WHERE id = NEW.decision_id
                                   AND society_id = NEW.society_id AND NOT passed AND level IN ('PRACTICE', 'POLICY'))
                    THEN
                        RAISE EXCEPTION 'only a warning can be answered with a reason'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="override_has_a_reason"),
            models.CheckConstraint(condition=~Q(approved_by=F("given_by")), name="override_by_another_person"),
        ]

    def __str__(self):
        return f"{self.decision.rule}: {self.reason}"


class Approval(SocietyRow):
    """An act that takes two people: one prepares it, another approves it, and then it can be done once.

    What is approved is `facts`; if they change before the act is done, the approval no longer fits and is void.
    """

    PUBLISH, DECIDE, AMEND = "publish", "decide", "amend-rules"
    REFUND_BY_HAND, REFUND_BATCH = "refund-by-hand", "refund-batch"
    GIVE_BACK, UNDO_RECEIPT, OWN_ACCOUNT = "give-back", "undo-receipt", "own-account"
    DETAILS, UNFREEZE = "details", "unfreeze"
    ACTS = [
        (PUBLISH, "publish an offer"),
        (DECIDE, "decide a closed offer"),
        (AMEND, "record a registered amendment of the rules"),
        (REFUND_BY_HAND, "pay a refund by hand"),
        (REFUND_BATCH, "send a file of refunds to the bank"),
        (GIVE_BACK, "give the money of an application back"),
        (UNDO_RECEIPT, "undo a receipt that was recorded wrongly"),
        (OWN_ACCOUNT, "change the society's own bank account"),
        (DETAILS, "change what the register says of a member"),
        (UNFREEZE, "let a frozen holding move again"),
    ]

    act = models.CharField(max_length=20, choices=ACTS)
    subject_id = models.UUIDField()
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("prepared_by")), name="approval_by_another_person"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="approval_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(approved_at__isnull=False, voided_at__isnull=True),
                name="approval_before_use",
            ),
            models.UniqueConstraint(
                fields=["society", "act", "subject_id"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="approval_one_open",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="what_is_approved_stands",
                fields=[
                    "society",
                    "act",
                    "subject_id",
                    "facts",
                    "facts_sha256",
                    "prepared_at",
                    "prepared_by",
                ],
            ),
            pgtrigger.Trigger(
                name="approved_and_used_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.approved_at IS NOT NULL AND (OLD.approved_at, OLD.approved_by_id)
                            IS DISTINCT FROM (NEW.approved_at, NEW.approved_by_id))
                       OR (OLD.used_at IS NOT NULL AND OLD.used_at IS DISTINCT FROM NEW.used_at)
                       OR (OLD.voided_at IS NOT NULL AND OLD.voided_at IS DISTINCT FROM NEW.voided_at) THEN
                        RAISE EXCEPTION 'an approval is given, used or voided once'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="approval_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.get_act_display()} {self.prepared_at:%Y-%m-%d}"


class Certificate(AppendOnly, SocietyRow):
    """A share certificate: its number and the facts of its day, frozen. The PDF is drawn from them at request.

    The law asks for no certificate (Community Shares Handbook 3.2.13); where a society issues them, each number
    is used once and none is left out.
    """

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField()
    token = models.CharField(max_length=40, unique=True)  # public: behind the QR code
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)

    class Meta:
        triggers = append_only.triggers()
        constraints = [
            models.UniqueConstraint(fields=["society", "number"], name="certificate_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="certificate_number_positive"),
        ]

    def __str__(self):
        return f"Certificate {self.number}"


class CertificateEnd(AppendOnly, SocietyRow):
    """Why a certificate no longer stands: replaced by another, or withdrawn."""

    REPLACED, WITHDRAWN = "replaced", "withdrawn"

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="end")
    kind = models.CharField(max_length=10, choices=[(REPLACED, "replaced"), (WITHDRAWN, "withdrawn")])
    replaced_by = models.OneToOneField(Certificate, models.PROTECT, null=True, related_name="replaces")
    reason = models.TextField()
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="replaced", replaced_by__isnull=False) | Q(kind="withdrawn", replaced_by__isnull=True),
                name="certificate_replaced_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.certificate} {self.kind}"


class SigningKey(SocietyRow):
    """A society's key for the files of its certificates, one in use at a time.

    `certificate`: the public half, X.509 in DER; anybody may have it, and it stays for ever. `private_key`: the other
    half, encrypted under SIGNING_SECRET (`compliance/signing_keys.py`); gone for good when the key is retired.
    """

    number = models.PositiveIntegerField()
    certificate = models.BinaryField()
    private_key = models.BinaryField(null=True)
    valid_from_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["society", "number"], name="signing_key_number_once"),
            models.UniqueConstraint(fields=["society"], condition=Q(retired_at=None), name="signing_key_one_in_use"),
            models.CheckConstraint(condition=Q(number__gte=1), name="signing_key_counts_from_one"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, private_key__isnull=False)
                | Q(retired_at__isnull=False, retired_at__gte=F("valid_from_at"), private_key__isnull=True),
                name="signing_key_retires_without_its_secret",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="signing_key_stands", fields=["id", "society", "number", "certificate", "valid_from_at"]
            ),
            pgtrigger.Trigger(
                name="signing_key_retires_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.retired_at IS NOT NULL OR NEW.retired_at IS NULL THEN
                        RAISE EXCEPTION 'a signing key is retired once, and nothing else happens to it'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="signing_key_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Signing key {self.number}"
