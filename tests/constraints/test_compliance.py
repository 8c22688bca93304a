"""Mail, decisions, approvals and certificates."""

from datetime import timedelta

from common import ids
from common.models import OutgoingMail, SharedValue
from compliance.models import Approval, Certificate, CertificateEnd, Decision, Override, SigningKey
from offers.models import Society
from tests.constraints.seeing import GROUP, Delete, both, fields_of, insert, refused_by, tried, twice, update

pytestmark = GROUP
DAY = timedelta(days=1)
RETIRED = {"retired_at": lambda row: row.valid_from_at, "private_key": None}
OPEN = {"approved_at": None, "approved_by_id": None, "used_at": None, "voided_at": None}


def refused_by_the_law(row) -> Decision:
    """A no of the law, beside the warning that the row answers."""
    said = fields_of(row.decision) | {"id": ids.uuid7(), "level": "LAW"}
    return Decision.objects.create(**said)


CASES = {
    "mail_once": insert(OutgoingMail),
    "common_sharedvalue.key": insert(SharedValue),
    "decision_level_known": insert(Decision, level="WHIM"),
    "override_has_a_reason": [insert(Override, reason=""), insert(Override, reason=" \n")],
    "override_by_another_person": insert(Override, approved_by_id=lambda row: row.given_by_id),
    "compliance_override.decision_id": insert(Override),
    "compliance_override:overrides_a_warning": [
        insert(Override, decision_id=lambda row: Decision.objects.filter(passed=True, level="PRACTICE").first().pk),
        insert(Override, decision_id=lambda row: Decision.objects.filter(passed=True, level="LAW").first().pk),
        insert(Override, decision_id=lambda row: refused_by_the_law(row).pk),
        insert(Override, society_id=lambda row: Society.objects.exclude(pk=row.society_id).first().pk),
    ],
    "approval_by_another_person": insert(Approval, approved_by_id=lambda row: row.prepared_by_id),
    "approval_has_time_and_person": [insert(Approval, approved_by_id=None), insert(Approval, **OPEN | {
        "approved_by_id": lambda row: row.approved_by_id})],
    "approval_before_use": [
        insert(Approval, approved_at=None, approved_by_id=None),
        insert(Approval, voided_at=lambda row: row.used_at),
    ],
    "approval_one_open": twice(Approval, **OPEN),
    "compliance_approval:what_is_approved_stands": [
        update(Approval, facts={"another": 1}),
        update(Approval, facts_sha256="0" * 64),
        update(Approval, prepared_at=lambda row: row.prepared_at - DAY),
        update(Approval, prepared_by=lambda row: row.approved_by_id),
        update(Approval, act="decide"),
    ],
    "compliance_approval:approved_and_used_once": [
        update(Approval, approved_at=lambda row: row.approved_at + DAY),
        update(Approval, used_at=None),
    ],
    "compliance_approval:approval_is_kept": Delete(Approval),
    "certificate_number_once": insert(Certificate, token="another"),
    "certificate_number_positive": insert(Certificate, number=0),
    "compliance_certificate.token": insert(Certificate, number=99),
    "certificate_replaced_by_another": [
        insert(CertificateEnd, replaced_by_id=None),
        insert(CertificateEnd, kind="withdrawn"),
        insert(CertificateEnd, kind="eaten"),
    ],
    "compliance_certificateend.certificate_id": insert(CertificateEnd, kind="withdrawn", replaced_by_id=None),
    "compliance_certificateend.replaced_by_id": insert(
        CertificateEnd, certificate_id=lambda row: row.replaced_by_id),
    "signing_key_number_once": insert(
        SigningKey, retired_at=lambda row: row.valid_from_at, private_key=None),
    "signing_key_one_in_use": insert(SigningKey, number=99),
    "signing_key_counts_from_one": insert(SigningKey, number=0),
    "signing_key_retires_without_its_secret": [
        insert(SigningKey, number=99, private_key=None),
        insert(SigningKey, number=99, retired_at=lambda row: row.valid_from_at),
        insert(SigningKey, number=99, retired_at=lambda row: row.valid_from_at - DAY, private_key=None),
    ],
    "compliance_signingkey:signing_key_stands": [
        update(SigningKey, **RETIRED, number=99),
        update(SigningKey, **RETIRED, certificate=b"another"),
        update(SigningKey, **RETIRED, valid_from_at=lambda row: row.valid_from_at - DAY),
        update(SigningKey, **RETIRED, society_id=lambda row: Society.objects.exclude(pk=row.society_id).first().pk),
    ],
    "compliance_signingkey:signing_key_retires_once": [
        update(SigningKey, private_key=b"another"),
        both(update(SigningKey, **RETIRED), update(SigningKey, retired_at=lambda row: row.valid_from_at + DAY)),
        both(update(SigningKey, **RETIRED), update(SigningKey, retired_at=None, private_key=b"back again")),
    ],
    "compliance_signingkey:signing_key_is_kept": Delete(SigningKey),
}  # fmt: skip


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    assert refused_by(lambda: change(world)) == fence
