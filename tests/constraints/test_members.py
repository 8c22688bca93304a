"""The register, the ledger, the people who sign in."""

import uuid
from datetime import timedelta

from compliance.models import Approval
from members.models import (
    EntryInterest,
    Freeze,
    FreezeEnd,
    Inspection,
    Invitation,
    LedgerEntry,
    LedgerSeal,
    Member,
    MembershipChange,
    Numbering,
    OfficeHeld,
    OtherProperty,
    Particulars,
    ParticularsRequest,
    PreparedChange,
    SealedDownload,
    SealNotice,
    User,
)
from offers.models import Holder
from tests.constraints.seeing import GROUP, Delete, insert, refused_by, tried, twice, update

pytestmark = GROUP
DAY = timedelta(days=1)
HERE = uuid.UUID(int=1)


def last(row):
    return LedgerEntry.objects.filter(society_id=row.society_id).order_by("seq").last()


def reversal(row):
    return LedgerEntry.objects.get(kind="reversal", society_id=row.society_id)


def another_holder(row):
    return Holder.objects.filter(member=None).first().pk


# A copy that stands at the end of the chain, so that only what is changed beside it is wrong.
NEXT = {
    "seq": lambda row: last(row).seq + 1,
    "previous_hash": lambda row: bytes(last(row).hash),
    "recorded_at": lambda row: last(row).recorded_at,
    "hash": b"\x01" * 32,
    "application_id": None,
}
MIRROR = NEXT | {
    "kind": "reversal",
    "reverses_id": lambda row: row.pk,
    "shares": lambda row: -row.shares,
    "amount_pence": lambda row: -row.amount_pence,
}
ENTRY = {
    "entry_seq_once": insert(LedgerEntry, hash=b"\x01" * 32, application_id=None),
    "entry_hash_once": insert(LedgerEntry, **NEXT | {"hash": lambda row: bytes(row.hash)}),
    "entry_seq_positive": insert(LedgerEntry, rest="follows_the_one_before", seq=0),
    "entry_shares_and_sum_same_sign": [
        insert(LedgerEntry, shares=5, amount_pence=-5_00),
        insert(LedgerEntry, shares=5, amount_pence=0),
    ],
    "entry_reversal_names_another": [
        insert(LedgerEntry, kind="reversal"),
        insert(LedgerEntry, rest="reversal_mirrors", reverses_id=lambda row: row.pk),
    ],
    "entry_allotment_adds": [
        insert(LedgerEntry, kind=kind, shares=-5, amount_pence=-5_00) for kind in ("founding", "allotment", "match")
    ],
    "entry_never_reverses_itself": insert(
        LedgerEntry, rest="reversal_mirrors", kind="reversal", id=HERE, reverses_id=HERE
    ),
    "members_ledgerentry.application_id": insert(
        LedgerEntry, **NEXT | {"application_id": lambda row: row.application_id}
    ),
    "members_ledgerentry.reverses_id": insert(
        LedgerEntry,
        **MIRROR
        | {
            "reverses_id": lambda row: reversal(row).reverses_id,
            "member_id": lambda row: reversal(row).member_id,
        },
    ),
    "members_ledgerentry:follows_the_one_before": [
        insert(LedgerEntry, **NEXT | {"seq": lambda row: last(row).seq + 2}),
        insert(LedgerEntry, **NEXT | {"previous_hash": bytes(32)}),
        insert(LedgerEntry, **NEXT | {"previous_hash": lambda row: bytes(row.hash)}),
        insert(LedgerEntry, **NEXT | {"recorded_at": lambda row: last(row).recorded_at - DAY}),
        insert(LedgerEntry, **NEXT | {"seq": 1}),
    ],
    "members_ledgerentry:reversal_mirrors": [
        insert(LedgerEntry, **MIRROR | {"shares": lambda row: -row.shares + 1}),
        insert(LedgerEntry, **MIRROR | {"amount_pence": lambda row: -row.amount_pence - 1}),
        insert(LedgerEntry, **MIRROR | {"member_id": lambda row: reversal(row).member_id}),
        insert(LedgerEntry, **MIRROR | {"reverses_id": lambda row: reversal(row).pk}),
    ],
    "entry_interest_once": insert(EntryInterest),
}
REGISTER = {
    "member_number_once": insert(Member, holder_id=another_holder),
    "member_number_positive": insert(Member, number=0),
    "member_ceases_after_entering": [
        insert(Member, ceased_on=lambda row: row.entered_on - DAY),
        update(Member, ceased_on=lambda row: row.entered_on - DAY),
    ],
    "members_member.holder_id": insert(Member, number=99),
    "members_member:entry_on_register_stands": [
        update(Member, number=99),
        update(Member, entered_on=lambda row: row.entered_on - DAY),
        update(Member, holder=another_holder),
    ],
    "members_member:member_is_kept": Delete(Member),
    "particulars_have_a_name": insert(Particulars, name=""),
    "numbering_one": insert(Numbering),
}
PEOPLE = {
    "user_email_in_lower_case": insert(User, email="Ada@example.org"),
    "members_user.email": insert(User),
    "invitation_one_open": [
        insert(Invitation, token="another"),
        insert(Invitation, token="another", email=lambda row: row.email.upper()),
    ],
    "invitation_role_known": insert(Invitation, role="king"),
    "members_invitation.token": insert(Invitation, role="auditor"),
}
FOLLOWS = "seal_follows_the_one_before"
NEXT_SEAL = {
    "number": lambda row: row.number + 1,
    "previous_hash": lambda row: bytes(row.hash),
    "entries": lambda row: row.entries + 1,
}
SEALS = {
    "seal_number_once": insert(LedgerSeal, rest=FOLLOWS, entries=99),
    "seal_entries_once": insert(LedgerSeal, rest=FOLLOWS, number=99),
    "seal_counts_from_one": [
        insert(LedgerSeal, rest=FOLLOWS, number=0, entries=99),
        insert(LedgerSeal, rest=FOLLOWS, number=99, entries=0),
    ],
    f"members_ledgerseal:{FOLLOWS}": [
        insert(LedgerSeal, **NEXT_SEAL),  # it is over an entry that is not there
        insert(LedgerSeal, **NEXT_SEAL | {"number": lambda row: row.number + 2}),
        insert(LedgerSeal, **NEXT_SEAL | {"previous_hash": bytes(32)}),
        insert(LedgerSeal, **NEXT_SEAL | {"entries": lambda row: row.entries}),
        insert(LedgerSeal, **NEXT_SEAL | {"sealed_at": lambda row: row.sealed_at - DAY}),
        insert(LedgerSeal, head_hash=b"\x01" * 32, previous_hash=bytes(32)),
    ],
    "seal_notice_once": insert(SealNotice),
}
STATUTORY = {
    "membership_change_known": insert(MembershipChange, kind="away"),
    "membership_change_has_a_reason": insert(MembershipChange, reason=""),
    "other_property_known": insert(OtherProperty, kind="goat"),
    "other_property_moves": insert(OtherProperty, amount_pence=0),
    "other_property_described": insert(OtherProperty, description=""),
    "office_held_is_told": [insert(OfficeHeld, **{name: ""}) for name in ("name", "address", "office")],
    "office_held_says_what_email_is_for": insert(OfficeHeld, email="ada@example.org"),
    "office_is_left_after_it_is_taken": insert(OfficeHeld, left_office_on=lambda row: row.took_office_on - DAY),
    "sealed_download_has_a_hash": [insert(SealedDownload, sha256=wrong) for wrong in ("0" * 63, "G" * 64)],
    "inspection_capacity_known": insert(Inspection, capacity="passer-by"),
    "inspection_says_who_and_why": [insert(Inspection, asked_by_name=""), insert(Inspection, reason="")],
    "particulars_request_one_open": twice(
        ParticularsRequest, {"token": "a third"}, token="another", decided_at=None, decided_by_id=None,
        accepted_as_id=None,
    ),
    "members_particularsrequest.token": insert(ParticularsRequest, accepted_as_id=None),
    "particulars_request_decided_by_somebody": insert(
        ParticularsRequest, token="another", decided_by_id=None, accepted_as_id=None
    ),
    "particulars_request_accepted_after_answer": insert(ParticularsRequest, token="another", answered_at=None),
    "members_particularsrequest.accepted_as_id": insert(ParticularsRequest, token="another"),
}  # fmt: skip
EMPTIED = "members_preparedchange:prepared_change_is_emptied_only"
OPERATIONS = {
    "prepared_change_paper_has_a_hash": [insert(PreparedChange, paper_sha256=wrong) for wrong in ("", "G" * 64)],
    EMPTIED: [
        update(PreparedChange, **change)
        for change in (
            {"said": {"name": "Mallory"}},
            {"paper": b"%PDF-another"},
            {"paper_name": "another.pdf"},
            {"paper_sha256": "0" * 64},
            {"act": "unfreeze"},
            {"is_members_own": True},
            {"prepared_by": lambda row: User.objects.exclude(pk=row.prepared_by_id).first()},
        )
    ],
    "members_preparedchange:prepared_change_is_kept": Delete(PreparedChange),
    "freeze_ground_known": insert(Freeze, ground="whim"),
    "freeze_has_a_reason": insert(Freeze, reason=" "),
    "members_freezeend.freeze_id": insert(FreezeEnd),
    "freeze_end_has_a_reason": insert(FreezeEnd, rest="freeze_ends_by_two", reason=" "),
    "members_freezeend:freeze_ends_by_two": [
        insert(FreezeEnd, freeze_id=lambda row: Freeze.objects.get(end=None).pk),  # another freeze was approved
        insert(FreezeEnd, approval_id=lambda row: Approval.objects.exclude(act="unfreeze").first().pk),
        insert(FreezeEnd, approval_id=lambda row: Approval.objects.filter(used_at=None).first().pk),
    ],
    "members_ledgerentry:frozen_shares_stay": insert(
        LedgerEntry, **NEXT | {"member_id": lambda row: Freeze.objects.get(end=None).member_id, "kind": "reversal",
                               "shares": -1, "amount_pence": -1_00}),
}  # fmt: skip
CASES = ENTRY | REGISTER | PEOPLE | SEALS | STATUTORY | OPERATIONS


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    assert refused_by(lambda: change(world)) == fence


def test_the_copies_are_right_but_for_what_is_changed(world):
    """The control: a copy at the end of the chain stands, and so does a mirror."""
    assert refused_by(lambda: insert(LedgerEntry, **NEXT)(world)) == "nothing"
    assert refused_by(lambda: insert(LedgerEntry, **MIRROR)(world)) == "nothing"
    assert refused_by(lambda: update(PreparedChange, said={}, paper=None, paper_name="")(world)) == "nothing"
