"""Tables of members: who signs in, who is on the register, and the ledger of their shares."""

from members.models.ledger import EntryInterest, LedgerEntry, Numbering
from members.models.register import Member, Particulars
from members.models.seals import LedgerSeal, SealNotice
from members.models.users import Invitation, User

__all__ = [
    "EntryInterest",
    "Invitation",
    "LedgerEntry",
    "LedgerSeal",
    "Member",
    "Numbering",
    "Particulars",
    "SealNotice",
    "User",
]
