"""New objects: their ids, the fields that are null, and those that are absent.

The package's types write Optional both for what may be null and for what may be absent; ABSENT says which
are absent until they are asked for or relevant, as read in Stripe's own sample objects.
"""

from __future__ import annotations

from payments.fakestripe import schema
from payments.fakestripe.world import World

ABSENT: dict[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "checkout.session": "line_items allowed_payment_method_types excluded_payment_method_types optional_items "
        "presentment_details redirect_on_completion return_url tax_id_collection name_collection branding_settings",
        "payment_intent": "allowed_payment_method_types hooks payment_details payment_record presentment_details",
        "setup_intent": "allowed_payment_method_types managed_payments attach_to_self",
        "charge": "authorization_code level3 presentment_details radar_options transfer refunds",
        "refund": "description failure_balance_transaction failure_reason instructions_email next_action "
        "pending_reason presentment_details",
        "event": "account context",
        "dispute": "intended_submission_method network_reason_code",
        "account": "company deleted groups individual",
        "balance": "instant_available issuing refund_and_dispute_prefunding",
        "customer": "business_name cash_balance customer_account deleted individual_name invoice_credit_balance "
        "sources subscriptions tax tax_ids",
        "product": "deleted tax_details",
        "price": "currency_options deleted tiers",
        "webhook_endpoint": "deleted secret",
        "mandate": "multi_use on_behalf_of single_use",
        "topup": "payment_method payment_method_options",
    }.items()
}

# Prefix and number of random characters of an id, as long as Stripe's own.
_IDS = {
    "checkout.session": ("cs_test_", 58),
    "payment_intent": ("pi_", 24),
    "setup_intent": ("seti_", 24),
    "charge": ("ch_", 24),
    "refund": ("re_", 24),
    "balance_transaction": ("txn_", 24),
    "payout": ("po_", 24),
    "dispute": ("du_", 24),
    "event": ("evt_", 24),
    "account": ("acct_", 16),
    "customer": ("cus_", 14),
    "product": ("prod_", 14),
    "price": ("price_", 24),
    "webhook_endpoint": ("we_", 24),
    "payment_method": ("pm_", 24),
    "mandate": ("mandate_", 24),
    "item": ("li_", 24),
    "application_fee": ("fee_", 24),
    "radar.early_fraud_warning": ("issfr_", 24),
    "topup": ("tu_", 24),
    "v2.core.account": ("acct_", 16),
    "v2.core.event": ("evt_test_", 32),
    "v2.core.event_destination": ("ed_test_", 32),
}
KIND_OF_PREFIX = {prefix: name for name, (prefix, _) in _IDS.items() if not name.startswith("v2.")}


def new(world: World, name: str, /, **fields) -> dict:
    """An object as Stripe would make it now: its id, `created`, nulls; `fields` say the rest. Not kept yet."""
    obj = schema.blank(name, leave_out=ABSENT.get(name, frozenset()))
    if name in _IDS:
        obj["id"] = new_id(world, name)
    if schema.has_field(name, "created"):
        obj["created"] = world.now()
    return obj | fields


def new_id(world: World, name: str) -> str:
    prefix, length = _IDS[name]
    return prefix + world.letters(length)


def kind_of(ident: str) -> str | None:
    """The object that an id belongs to, by its prefix: "pi_…" is a payment_intent."""
    return KIND_OF_PREFIX.get("cs_test_" if ident.startswith("cs_test_") else ident.split("_")[0] + "_")


def list_of(data: list[dict], url: str, *, has_more: bool = False) -> dict:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
