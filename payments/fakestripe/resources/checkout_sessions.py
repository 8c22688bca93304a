"""Checkout sessions: a hosted page for one payment. Source: docs.stripe.com/api/checkout/sessions.

The package's types have refused unknown words already; here stand the rules between parameters.
"""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.clock import DAY
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import account_facts, checkout_ends, checkout_lines
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

SHORTEST, LONGEST, SLACK = 1800, DAY, 5  # seconds that a page may stay open
_PAY_BY_BANK_LIMIT = 10_000_00  # pence; more on request
_LINE = "price quantity price_data.currency price_data.unit_amount price_data.product_data"
_INTENT = (
    "metadata description receipt_email application_fee_amount capture_method setup_future_usage "
    "statement_descriptor_suffix shipping"
)
_MODELLED = (
    "mode success_url cancel_url client_reference_id expires_at currency ui_mode locale submit_type "
    "allowed_payment_method_types excluded_payment_method_types payment_method_types adaptive_pricing.enabled "
    "metadata customer customer_email customer_creation setup_intent_data.metadata setup_intent_data.description "
    "payment_method_options.card.request_three_d_secure "
    "payment_method_options.card.restrictions.funding_types_blocked "
    + " ".join(f"line_items.{name}" for name in _LINE.split())
    + " "
    + " ".join(f"payment_intent_data.{name}" for name in _INTENT.split())
)
_NO_TEXT = {
    "after_submit": None,
    "shipping_address": None,
    "submit": None,
    "terms_of_service_acceptance": None,
}


@answers("POST", "/v1/checkout/sessions", _MODELLED)
def create_session(world: World, account: str, params: dict) -> dict:
    mode = params.get("mode")
    if mode not in ("payment", "setup"):
        raise errors.missing("mode") if mode is None else errors.not_modelled(f"Checkout in mode={mode}", "mode")
    account_facts.refuse_unready(world, account)
    _check_together(world, account, params, mode)
    expires_at = _expiry(world, params)
    lines = checkout_lines.lines_of(world, account, params) if mode == "payment" else []
    total = checkout_lines.total_of(lines) if lines else None
    currency = lines[0]["currency"] if lines else params.get("currency")
    session = new(
        world,
        "checkout.session",
        mode=mode,
        status="open",
        ui_mode="hosted_page",
        amount_subtotal=total,
        amount_total=total,
        currency=currency,
        expires_at=expires_at,
        payment_method_types=_offered(world, account, params, total, currency),
        payment_status="unpaid" if mode == "payment" else "no_payment_required",
        metadata=checked(params.get("metadata")),
        adaptive_pricing=params.get("adaptive_pricing") or {"enabled": mode == "payment"},
        payment_method_options=_card_options(params),
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        custom_fields=[],
        custom_text=dict(_NO_TEXT),
        shipping_options=[],
        **_as_given(params),
        _lines=lines,
        _intent=None,
        _intent_data=params.get(f"{mode}_intent_data") or {},
        _blocked=_blocked_funding(params),
        _is_challenged=_card(params).get("request_three_d_secure") == "challenge",
    )
    session["url"] = f"{world.url}/c/pay/{account}/{session['id']}"
    world.store.add(account, session)
    world.at(expires_at, "session_ends", account, session=session["id"])
    return session


def _as_given(params: dict) -> dict:
    names = ("client_reference_id", "success_url", "cancel_url", "customer", "customer_email", "locale", "submit_type")
    given = {name: params.get(name) for name in names}
    guest = None if params.get("customer") else "if_required" if params["mode"] == "payment" else "always"
    given["customer_creation"] = params.get("customer_creation", guest)
    if "allowed_payment_method_types" in params:
        given["allowed_payment_method_types"] = params["allowed_payment_method_types"]
    return given


def _check_together(world: World, account: str, params: dict, mode: str) -> None:
    """What the types cannot know: which parameters need or exclude each other."""
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise errors.not_modelled(f"ui_mode={params['ui_mode']}", "ui_mode")
    if not params.get("success_url"):
        raise errors.missing("success_url")
    for name in ("success_url", "cancel_url"):
        if params.get(name) and not params[name].startswith(("http://", "https://")):
            raise errors.invalid(name, "Not a valid URL", "url_invalid")
    if params.get("customer"):
        for other in ("customer_email", "customer_creation"):
            if params.get(other):
                raise errors.exclusive("customer", other)
        world.store.get(account, "customer", params["customer"], "customer", status=400)
    if "@" not in params.get("customer_email", "@"):
        raise errors.invalid("customer_email", f"Invalid email address: {params['customer_email']}", "email_invalid")
    wrong = {"payment": "setup_intent_data", "setup": "payment_intent_data"}[mode]
    if wrong in params:
        raise errors.invalid(wrong, f"You can not pass `{wrong}` in `{mode}` mode.", None)
    if mode == "setup" and params.get("line_items"):
        raise errors.invalid("line_items", "`line_items` cannot be used in `setup` mode.", None)
    checked((params.get("payment_intent_data") or {}).get("metadata"), "payment_intent_data[metadata]")


def _expiry(world: World, params: dict) -> int:
    """Unix seconds; the page stays open between 30 minutes and 24 hours."""
    now = world.now()
    expires_at = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST - SLACK <= expires_at <= now + LONGEST + SLACK:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise errors.invalid("expires_at", message, None)
    return expires_at


def _offered(world: World, account: str, params: dict, total: int | None, currency: str | None) -> list[str]:
    """The methods shown on the page. Those asked for and not possible are left out silently, as Stripe does."""
    offered = ["card", "bacs_debit", "pay_by_bank"] if currency == "gbp" else ["card"]
    if total is None:
        offered = ["card", "bacs_debit"]
    elif total > _PAY_BY_BANK_LIMIT and "pay_by_bank" in offered:
        offered.remove("pay_by_bank")
    if allowed := params.get("allowed_payment_method_types"):
        offered = [kind for kind in offered if kind in allowed]
    if given := params.get("payment_method_types"):  # of older versions only; see requests
        offered = list(given)
    offered = [kind for kind in offered if kind not in params.get("excluded_payment_method_types", ())]
    offered = [kind for kind in offered if account_facts.can_take(world, account, kind)]
    if not offered:
        raise errors.ApiError(400, None, "No valid payment method types for this Checkout Session.")
    return offered


def _card_options(params: dict) -> dict:
    """What the session says of its options: those of cards, with Stripe's default."""
    given = (params.get("payment_method_options") or {}).get("card")
    if given is None:
        return {}
    shown = {"request_three_d_secure": given.get("request_three_d_secure", "automatic")}
    return {"card": shown | ({"restrictions": given["restrictions"]} if "restrictions" in given else {})}


def _card(params: dict) -> dict:
    return (params.get("payment_method_options") or {}).get("card") or {}


def _blocked_funding(params: dict) -> list[str]:
    return list((_card(params).get("restrictions") or {}).get("funding_types_blocked", ()))


@answers("GET", "/v1/checkout/sessions", f"{PAGE} payment_intent customer status")
def list_sessions(world: World, account: str, params: dict) -> dict:
    filters = "payment_intent customer status"
    return page(world, account, "checkout.session", params, "/v1/checkout/sessions", filters=filters)


@answers("GET", "/v1/checkout/sessions/{session}")
def retrieve_session(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "checkout.session", ident)


@answers("POST", "/v1/checkout/sessions/{session}", "metadata")
def update_session(world: World, account: str, params: dict, ident: str) -> dict:
    session = world.store.get(account, "checkout.session", ident)
    return world.store.change(session, metadata=merged(session["metadata"], params))


@answers("GET", "/v1/checkout/sessions/{session}/line_items", "limit starting_after ending_before")
def list_line_items(world: World, account: str, params: dict, ident: str) -> dict:
    return checkout_lines.line_items(world.store.get(account, "checkout.session", ident))


@answers("POST", "/v1/checkout/sessions/{session}/expire")
def expire_session(world: World, account: str, params: dict, ident: str) -> dict:
    session = world.store.get(account, "checkout.session", ident)
    if session["status"] != "open":
        raise errors.ApiError(
            400,
            None,
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
        )
    return checkout_ends.expire(world, session)
