"""Webhooks: a signature over the raw body under a secret of ours."""

from __future__ import annotations

from dataclasses import dataclass

import stripe
from django.conf import settings


class NotFromStripe(Exception):
    """A webhook without a valid signature."""


@dataclass(frozen=True)
class Event:
    """What a webhook says has happened: only a reason to look."""

    id: str
    type: str
    account: str
    object_id: str
    is_live: bool


def verified_event(body: bytes, signature: str) -> Event:
    """The event of a webhook, its signature checked over the raw body under any of our secrets.

    NotFromStripe without a valid signature or without a secret of ours. Whoever stores it asks for its mode.
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(body, signature, secret)
        except (ValueError, stripe.SignatureVerificationError):
            continue
        account = getattr(event, "account", None) or ""
        return Event(event.id, event.type, account, getattr(event.data.object, "id", "") or "", event.livemode)
    raise NotFromStripe("No secret of ours signed this.")
