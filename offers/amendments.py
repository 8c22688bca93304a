"""A registered amendment of a society's rules: one officer writes it down, another approves it, and it is another row.

It holds from the day on which the registrar registered it, whenever it was recorded. What was decided before stands.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals
from compliance.models import Approval
from offers.models import RuleBook, Society

# What an amendment may say, as kept in its approval. Days are written out.
VALUES = (
    "min_age", "min_age_rule", "max_holding_pence", "max_holding_rule", "admits", "admits_rule", "syndicate_max",
    "syndicate_rule", "withdrawal_notice_days", "withdrawal_rule", "interest_limit", "interest_rule",
)  # fmt: skip


def values_of(book: RuleBook) -> dict:
    """A rule book's values, as an amendment says them."""
    return {name: getattr(book, name) for name in VALUES}


def newest(society: Society) -> RuleBook | None:
    """The rules that were registered last, perhaps from a coming day."""
    return RuleBook.objects.filter(society=society).first()


def prepare(society: Society, *, valid_from_on: date, reference: str, values: dict, by) -> Approval:
    """Put an amendment before a second officer. ValidationError where it could not be one, at the field it concerns.

    values: every one of VALUES; what does not change is said again, so that the second officer reads the whole.
    """
    _refuse_wrong(society, valid_from_on, reference, values)
    facts = {"valid_from_on": valid_from_on.isoformat(), "reference": reference, "values": _plain(values)}
    approval = approvals.prepare(society_id=society.pk, act=Approval.AMEND, subject_id=society.pk, facts=facts, by=by)
    audit.note("rules.prepare-amendment", society_id=society.pk, subject_id=approval.pk, by=by)
    return approval


def _plain(values: dict) -> dict:
    return {name: list(values[name]) if name == "admits" else values[name] for name in VALUES}


def _refuse_wrong(society: Society, valid_from_on: date, reference: str, values: dict) -> None:
    last = newest(society)
    if last and valid_from_on < last.valid_from_on:
        words = _("The newest rules here were registered on %(day)s, and an amendment is registered after that.")
        raise ValidationError({"valid_from_on": words % {"day": f"{last.valid_from_on:%-d %B %Y}"}})
    if valid_from_on > clock.today():
        words = _("An amendment is not valid before it is registered. Record it when the registrar has done so.")
        raise ValidationError({"valid_from_on": words})
    if not reference.strip():
        raise ValidationError({"registration_reference": _("Enter the reference of the registration.")})
    law = society.law(valid_from_on).figure("holding_cap_pence").value
    bodies = set(values["admits"]) <= {"registered-society"}
    if values["max_holding_pence"] > law and not bodies:
        words = _("The law's limit for one person is lower. The rules may not allow more.")
        raise ValidationError({"max_holding_pence": words})
    if last and last.valid_from_on == valid_from_on and _same(values_of(last), values):
        raise ValidationError(_("Nothing is different from the rules that are here already."))


def _same(one: dict, other: dict) -> bool:
    return all(set(one[name]) == set(other[name]) if name == "admits" else one[name] == other[name] for name in VALUES)


def waiting(society: Society) -> Approval | None:
    """The amendment that waits for a second officer."""
    return approvals.waiting_for(society_id=society.pk, act=Approval.AMEND, subject_id=society.pk)


@transaction.atomic
def record(society: Society, *, by) -> RuleBook:
    """Approve and record the amendment that another officer prepared. approvals.NotApproved says why not."""
    Society.objects.select_for_update(no_key=True).get(pk=society.pk)
    found = waiting(society)
    facts = found.facts if found else {}
    of_it = {"society_id": society.pk, "act": Approval.AMEND, "subject_id": society.pk, "facts": facts}
    approvals.approve(**of_it, by=by)
    valid_from_on = date.fromisoformat(facts["valid_from_on"])
    _refuse_wrong(society, valid_from_on, facts["reference"], facts["values"])
    used = approvals.use(**of_it)
    same_day = RuleBook.objects.filter(society=society, valid_from_on=valid_from_on)
    book = RuleBook.objects.create(
        society=society,
        valid_from_on=valid_from_on,
        edition=same_day.count() + 1,
        registration_reference=facts["reference"],
        recorded_at=clock.now(),
        recorded_by=used.prepared_by,
        approved_by=used.approved_by,
        **facts["values"],
    )
    audit.note("rules.amend", society_id=society.pk, subject_id=book.pk, by=by, valid_from_on=facts["valid_from_on"])
    return book


@transaction.atomic
def withdraw(society: Society, *, by) -> None:
    """Take an amendment back that waits; nothing happens where none does."""
    found = (
        Approval.objects.select_for_update(no_key=True, of=("self",))
        .filter(society=society, act=Approval.AMEND, subject_id=society.pk, used_at=None, voided_at=None)
        .first()
    )
    if found:
        found.voided_at = clock.now()
        found.save(update_fields=["voided_at"])
        audit.note("rules.withdraw-amendment", society_id=society.pk, subject_id=found.pk, by=by)
