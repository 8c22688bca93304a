"""Where things are on an officer's desk."""

from __future__ import annotations

from django.urls import reverse

from compliance.models import Approval
from offers.models import Society
from payments.models import BankAccount


def section(society: Society, name: str) -> str:
    """The first page of a section."""
    return reverse(name, args=[society.slug])


def offer(society: Society, slug: str) -> str:
    """An offer's page."""
    return reverse("office:offer", args=[society.slug, slug])


def of_act(society: Society, act: str, slug: str) -> str:
    """Where an act on an offer is prepared, approved and done."""
    name = {Approval.PUBLISH: "office:offer-publish", Approval.DECIDE: "office:decide"}[act]
    return reverse(name, args=[society.slug, slug])


def account(society: Society, bank_account: BankAccount) -> str:
    """A bank account's page."""
    return reverse("office:bank-account", args=[society.slug, bank_account.pk])
