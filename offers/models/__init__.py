"""Tables of offers: societies and their rules, share offers, the people who apply, their applications."""

from offers.models.applications import Application, ApplicationParty, UnpaidKey
from offers.models.checklist import ChecklistAnswer, ChecklistReview
from offers.models.offers import MatchCommitment, OfferVersion, ShareOffer, Tier
from offers.models.parties import Exposure, Holder, HolderParty, KnownApart, Party
from offers.models.societies import Officer, RuleBook, ShareClass, Society

__all__ = [
    "Application",
    "ApplicationParty",
    "ChecklistAnswer",
    "ChecklistReview",
    "Exposure",
    "Holder",
    "HolderParty",
    "KnownApart",
    "MatchCommitment",
    "OfferVersion",
    "Officer",
    "Party",
    "RuleBook",
    "ShareClass",
    "ShareOffer",
    "Society",
    "Tier",
    "UnpaidKey",
]
