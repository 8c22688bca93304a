"""The pages that a payer's browser sees: the payment page, 3-D Secure, onboarding. They work without JavaScript."""

from __future__ import annotations

import re
import urllib.parse

from payments.fakestripe import page_html
from payments.fakestripe.errors import ApiError
from payments.fakestripe.resources import accounts, behaviours, checkout_ends, payment_pages
from payments.fakestripe.traffic import Call, Reply
from payments.fakestripe.world import World

PATHS = re.compile(r"/c/(?P<kind>pay|3ds)/(?P<account>\w+)/(?P<ident>\w+)|/onboard/(?P<holder>\w+)")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # no form-action: Chromium would ask it of the way back to the shop too
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
}


def answer(world: World, call: Call) -> Reply:
    """The page at this address, or where its form leads."""
    hit = PATHS.fullmatch(call.path)
    form = dict(urllib.parse.parse_qsl(call.body)) if call.method == "POST" else None
    try:
        with world.lock:
            world.advance(0)
            reply = _page(world, hit, form)
            world.commit()
    except ApiError as refusal:
        reply = _shown(refusal.status, page_html.message("Not found", refusal.message))
    return reply


def _page(world: World, hit: re.Match, form: dict | None) -> Reply:
    if hit["holder"]:
        return _onboarding(world, hit["holder"], form)
    if hit["kind"] == "pay":
        session = world.store.get(hit["account"], "checkout.session", hit["ident"])
        return _payment(world, hit["account"], session, form)
    kind = "setup_intent" if hit["ident"].startswith("seti_") else "payment_intent"
    intent = world.store.get(hit["account"], kind, hit["ident"])
    return _authentication(world, hit["account"], intent, form)


def _payment(world: World, account: str, session: dict, form: dict | None) -> Reply:
    if session["status"] != "open":
        return _closed(session)
    if form is None:
        return _form(session)
    try:
        intent = payment_pages.confirm(world, account, session, form.get("choice", ""))
    except ApiError as refusal:
        status = refusal.status if refusal.status == 402 else 400
        problem = refusal.message if form.get("choice") else "Choose how to pay."
        return _form(session, problem, status)
    return _after(session, intent)


def _after(session: dict, intent: dict) -> Reply:
    """Back to the shop, on to 3-D Secure, or the form once more."""
    if session["status"] == "complete":
        return _redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
    if intent["status"] == "requires_action":
        return _redirect(intent["next_action"]["redirect_to_url"]["url"])
    error = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
    return _form(session, error.get("message", "The payment was not made."), 402)


def _form(session: dict, problem: str = "", status: int = 200) -> Reply:
    """`problem` stands above the form, and nothing was paid."""
    is_payment = session["mode"] == "payment"
    names = behaviours.ON_THE_PAGE if is_payment else behaviours.ON_THE_PAGE_FOR_LATER
    choices = [(name, behaviours.BEHAVIOURS[name]) for name in names]
    choices = [(name, one) for name, one in choices if one.kind in session["payment_method_types"]]
    return _shown(status, page_html.payment(session, choices, problem))


def _closed(session: dict) -> Reply:
    if session["status"] == "complete":
        back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return _shown(410, page_html.message("Paid already", "This payment is done.", back, "Continue"))
    words = "This page has expired, and nothing can be paid here any more."
    return _shown(410, page_html.message("Page expired", words, session["cancel_url"], "Back"))


def _authentication(world: World, account: str, intent: dict, form: dict | None) -> Reply:
    session = checkout_ends.session_of(world, account, intent)
    if session and session["status"] != "open":
        return _closed(session)
    if intent["status"] != "requires_action":
        if session:
            return _redirect(session["url"])
        return _shown(410, page_html.message("Nothing to do", "Nobody asks for your approval here."))
    if form is None:
        return _shown(200, page_html.authentication(intent))
    payment_pages.authenticate(world, account, intent, is_approved=form.get("choice") == "ok")
    if session:
        return _after(session, intent)
    if intent["_return_url"]:
        return _redirect(intent["_return_url"])
    return _shown(200, page_html.message("Thank you", "You can close this page."))


def _onboarding(world: World, ident: str, form: dict | None) -> Reply:
    holder = accounts.holder_of(world, ident)
    if form is None:
        return _shown(200, page_html.onboarding(ident))
    accounts.set_ready(world, ident, is_ready=True)
    if holder.get("_return_url"):
        return _redirect(holder["_return_url"])
    return _shown(200, page_html.message("Finished", "The account can take payments now."))


def _shown(status: int, text: str) -> Reply:
    return Reply(status, text, "text/html", _HEADERS)


def _redirect(url: str) -> Reply:
    return Reply(303, "", "text/html", {**_HEADERS, "Location": url})
