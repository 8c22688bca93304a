"""Correcting the register: a wrong entry is reversed, and what followed from it follows: papers and membership."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from compliance import certificates as papers
from compliance.models import Certificate
from members import holdings, ledger, membership_changes
from members.models import LedgerEntry, Member


@transaction.atomic
def correct(entry: LedgerEntry, *, reason: str, by) -> LedgerEntry:
    """Reverse an entry, withdraw the certificate it stood behind, and let a member go who holds nothing any more.

    Returns the reversal. ValidationError, with words, where the ledger refuses. Money is not moved: whether it goes
    back is the society's decision.
    """
    mirrored = ledger.reverse(entry, reason=reason, by=by)  # takes the society's numbering first
    certificate = Certificate.objects.filter(society_id=entry.society_id, entries=entry).first()
    certificate = certificate and papers.newest(certificate)
    if certificate and papers.status(certificate) == "valid":
        words = _("Entry %(seq)s was reversed: %(reason)s") % {"seq": entry.seq, "reason": reason.strip()}
        papers.withdraw(certificate, reason=words, by=by)
    _cease_if_empty(entry, by)
    return mirrored


def _cease_if_empty(entry: LedgerEntry, by) -> None:
    """Rules ask at least one share of a member, so who has none has ceased to be one; the number stays theirs."""
    member = Member.objects.get(pk=entry.member_id, society_id=entry.society_id)
    if member.ceased_on is None and holdings.shares(member) == 0:
        words = _("Entry %(seq)s was reversed and no shares are left") % {"seq": entry.seq}
        membership_changes.cease(member, on=max(clock.today(), member.entered_on), reason=words, by=by)
