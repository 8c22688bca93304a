"""Webhooks: a signature over the raw body under a secret of ours."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import stripe
from django.conf import settings

from payments.gateway.client import client_of_this_site

# What the library raises for another signature, and for well-signed JSON that is no event at all.
NO_EVENT = (stripe.SignatureVerificationError, ValueError, KeyError, AttributeError, TypeError)


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
        with contextlib.suppress(*NO_EVENT):
            event = stripe.Webhook.construct_event(body, signature, secret)
            account = getattr(event, "account", None) or ""
            return Event(event.id, event.type, account, getattr(event.data.object, "id", "") or "", event.livemode)
    raise NotFromStripe("No secret of ours signed this.")


def verified_notification(body: bytes, signature: str) -> Event:
    """The thin event of an account of the v2 API: what has changed, and nothing of what it is now.

    NotFromStripe as for `verified_event`, and for an event of the other kind. Its object is an account.
    """
    client = client_of_this_site()
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        with contextlib.suppress(*NO_EVENT):
            event = client.parse_event_notification(body, signature, secret)
            about = getattr(event, "related_object", None)
            account = about.id if about and about.id.startswith("acct_") else ""
            return Event(event.id, event.type, account, account, event.livemode)
    raise NotFromStripe("No secret of ours signed this.")
