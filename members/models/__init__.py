"""Tables of members: who signs in, who is on the register, and the ledger of their shares."""

from members.models.ledger import EntryInterest, LedgerEntry, Numbering
from members.models.operations import Freeze, FreezeEnd, PreparedChange
from members.models.register import Member, Particulars
from members.models.seals import LedgerSeal, SealNotice
from members.models.statutory import MembershipChange, OfficeHeld, OtherProperty
from members.models.taken_away import Inspection, ParticularsRequest, SealedDownload
from members.models.users import Invitation, User

__all__ = [
    "EntryInterest",
    "Freeze",
    "FreezeEnd",
    "Inspection",
    "Invitation",
    "LedgerEntry",
    "LedgerSeal",
    "Member",
    "MembershipChange",
    "Numbering",
    "OfficeHeld",
    "OtherProperty",
    "Particulars",
    "ParticularsRequest",
    "PreparedChange",
    "SealNotice",
    "SealedDownload",
    "User",
]
