"""The words that societies, offers and applications are kept and shown in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    CO_OPERATIVE = "co-operative", _("Co-operative society")
    COMMUNITY_BENEFIT = "community-benefit", _("Community benefit society")
    CHARITABLE = "charitable-community-benefit", _("Charitable community benefit society")


class AssetLock(models.TextChoices):
    STATUTORY = "statutory", _("Statutory asset lock")
    CHARITABLE = "charitable", _("Charitable asset lock")
    VOLUNTARY = "voluntary", _("Voluntary asset lock")


class HolderKind(models.TextChoices):
    PERSON = "person", _("One person")
    JOINT = "joint", _("Two or more people jointly")
    CHILD = "child", _("An adult for a child")
    ORGANISATION = "organisation", _("A company, charity or other organisation")
    REGISTERED_SOCIETY = "registered-society", _("A registered society")
    SYNDICATE = "syndicate", _("A group of people as a syndicate")


class PartyKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    REGISTERED_SOCIETY = "registered-society", _("Registered society")
    SYNDICATE = "syndicate", _("Syndicate")


class PartyRole(models.TextChoices):
    HOLDER = "holder", _("Holder")
    JOINT = "joint", _("Joint holder")
    CHILD = "child", _("Child")
    ADULT = "adult", _("Adult who holds for the child")
    REPRESENTATIVE = "representative", _("Representative")


class OfferKind(models.TextChoices):
    MEMBERSHIP = "membership", _("Membership offer")
    PIONEER = "pioneer", _("Pioneer offer")
    TIME_BOUND = "time-bound", _("Time-bound offer")
    OPEN = "open", _("Open offer")


class Oversubscription(models.TextChoices):
    FIRST_COME = "first-come", _("First come, first served")
    PRO_RATA = "pro-rata", _("Scaled back in proportion")
    CAP_LARGEST = "cap-largest", _("Largest applications capped")
    PRIORITY_TIERS = "priority-tiers", _("Areas in order of priority")


class OfferState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed early by the board")
    ALLOTTED = "allotted", _("Allotted")
    FAILED = "failed", _("Failed: everybody is refunded")


class Collection(models.TextChoices):
    """When the money of an application is taken at Stripe."""

    ON_APPLICATION = "on-application", _("With the application, and refunded if the offer fails")
    AT_CLOSE = "at-close", _("When the offer has closed, and only if it reached its minimum")


class ApplicationState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting-payment", _("Waiting for payment")
    COMMITTED = "committed", _("Promised")
    PAID = "paid", _("Paid")
    LAPSED = "lapsed", _("Lapsed")
    CANCELLED = "cancelled", _("Cancelled")
    ALLOTTED = "allotted", _("Shares allotted")
    REFUNDED = "refunded", _("Refunded")


# These take room in an offer and count for the caps.
LIVE = (ApplicationState.AWAITING_PAYMENT, ApplicationState.COMMITTED, ApplicationState.PAID)


class Method(models.TextChoices):
    CARD = "card", _("Debit card")
    PAY_BY_BANK = "pay-by-bank", _("Pay by Bank")
    DIRECT_DEBIT = "direct-debit", _("Direct Debit")
    BANK_TRANSFER = "bank-transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")


ONLINE = (Method.CARD, Method.PAY_BY_BANK, Method.DIRECT_DEBIT)  # paid on Stripe's page, at once or by debit
OFFLINE = tuple(method for method in Method if method not in ONLINE)  # sent or brought to the society itself
BY_HAND = (Method.CHEQUE, Method.CASH)  # two officers see it


class MatchTrigger(models.TextChoices):
    MINIMUM = "minimum", _("Only if people alone reach the minimum")
    ALWAYS = "always", _("Always")


class OfficerRole(models.TextChoices):
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    BOARD = "board", _("Board member")
    AUDITOR = "auditor", _("Auditor (reads only)")
