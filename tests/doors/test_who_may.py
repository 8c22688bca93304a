"""Every address: who may open it, and that strangers learn nothing."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from members.urls import office
from offers import officers
from offers.choices import OfficerRole
from tests import factories

pytestmark = pytest.mark.django_db

# How the parts of an address are filled in; `world` makes the rows behind them.
PLACES = {
    "offer": "offer",
    "reference": "reference",
    "key": "00000000-0000-7000-8000-000000000000",
    "other": "00000000-0000-7000-8000-000000000000",
    "what": "register",
    "kind": "csv",
    "number": "1",
    "certificate": "1",
    "seq": "1",
    "first": "00000000-0000-7000-8000-000000000000",
    "second": "00000000-0000-7000-8000-000000000001",
}
# POST only, for drafts only, or about rows that this world has not: their own tests say who may.
LOOKED_AT_ELSEWHERE = {
    "apart",
    "bank-account",
    "bank-line",
    "bank-upload",
    "batch",
    "batch-file",
    "certificate",
    "certificate-page",
    "certificate-replace",
    "checklist-paper",
    "credit-seen",
    "exception",
    "inspection",
    "invitation-withdraw",
    "offer-edit",
    "office-held",
    "officer-end",
    "paper-money",
    "particulars-ask",
    "particulars-decide",
    "payout",
    "refund",
    "reverse",
    "paper",
    "seal",
    "sealed",
    "sealed-again",
    "sealed-changes",
    "undo-receipt",
    "unfreeze",
    "whole-account",
}
ANY = {
    "healthz",
    "readyz",
    "offers",
    "payments",
    "certificates",
    "account_",
    "gallery",
    "demo",
    "admin",
    "set_language",
}


def addresses(society, offer, application=None) -> dict[str, str]:
    """Each address of the officers' desk by its name."""
    filled = PLACES | {"offer": offer.slug, "reference": application.reference if application else "2222222"}
    found = {}
    for pattern in office.urlpatterns:
        path = str(pattern.pattern)
        for name, value in filled.items():
            for kind in ("slug", "str", "uuid", "int"):
                path = path.replace(f"<{kind}:{name}>", value)
        found[pattern.name] = f"/office/{society.slug}/{path}"
    return found


@pytest.fixture
def world(client):
    society = factories.make_society()
    offer = factories.make_offer(society)
    application = factories.paid(offer)
    return society, offer, application


def test_a_stranger_who_is_signed_in_gets_404_everywhere(client, world):
    society, offer, application = world
    client.force_login(factories.make_user())
    for name, address in addresses(society, offer, application).items():
        assert "<" not in address, name
        for method in (client.get, client.post):
            assert method(address).status_code == 404 or _wrong_method(client, method, address), name


def _wrong_method(client, method, address) -> bool:
    """405 tells the method only, before anything of the society is looked at."""
    return method(address).status_code == 405


def test_an_officer_of_another_society_gets_404_everywhere(client, world):
    society, offer, application = world
    client.force_login(factories.make_officer(factories.make_society()))
    for name, address in addresses(society, offer, application).items():
        statuses = {client.get(address).status_code, client.post(address).status_code}
        assert statuses <= {404, 405}, name


def test_whoever_is_not_signed_in_is_asked_to(client, world):
    society, offer, application = world
    for name, address in addresses(society, offer, application).items():
        response = client.get(address)
        assert response.status_code == 302, name
        assert response["Location"].startswith("/accounts/login/code/?next="), name


def test_an_office_that_has_ended_opens_nothing_at_the_next_click(client, world):
    society, _offer, _application = world
    secretary = factories.make_officer(society)
    treasurer = factories.make_officer(society, OfficerRole.TREASURER)
    client.force_login(treasurer)
    assert client.get(f"/office/{society.slug}/").status_code == 200
    officers.end(officers.serving(society.pk).get(user=treasurer), by=secretary)
    assert client.get(f"/office/{society.slug}/").status_code == 404


@pytest.mark.parametrize("role", OfficerRole.values)
def test_every_page_opens_for_whoever_has_the_right(client, world, role):
    society, offer, application = world
    client.force_login(factories.make_officer(society, role))
    held = officers.RIGHTS[role]
    for pattern in office.urlpatterns:
        address = addresses(society, offer, application)[pattern.name]
        if pattern.name in LOOKED_AT_ELSEWHERE:
            continue
        expected = {200, 302} if pattern.callback.asks_for in held else {404}
        response = client.get(address)
        assert response.status_code in expected, pattern.name
        if response.streaming:
            assert b"".join(response.streaming_content), pattern.name  # to its end, so that its file is closed


def test_what_an_office_may_not_do_is_refused_on_pages_it_may_look_at(client, world):
    society, offer, application = world
    client.force_login(factories.make_officer(society, OfficerRole.AUDITOR))
    asked = addresses(society, offer, application)
    pages = (
        "application",
        "people",
        "cards",
        "cards-costs",
        "cards-letter",
        "checklist-item",
        "offer-payments",
        "unpaid",
    )
    for name in pages:
        assert client.post(asked[name], {}).status_code == 403, name
    for name in (
        "reverse",
        "offer-publish",
        "offer-extend",
        "offer-close",
        "credit-seen",
        "whole-account",
        "release",
        "offer-new",
        "batch-new",
    ):
        assert client.post(asked[name], {}).status_code == 404, name


def every_view(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            names = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from every_view(pattern.url_patterns, prefix + names)
        elif isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or ""), pattern.callback


def test_every_view_of_ours_asks_for_a_sign_in_or_says_that_it_does_not():
    """LoginRequiredMiddleware asks by default; what is open to all is written down here, name by name."""
    opened = {name for name, view in every_view() if not getattr(view, "login_required", True)}
    ours = {name for name in opened if not name.startswith(("account_", "admin:", "js_catalog"))}
    assert ours == {
        "healthz",
        "readyz",
        "gallery",
        "certificates:check",
        "certificates:verify",
        "members:particulars",
        "members:proof",
        "members:proof-text",
        "members:signing-keys",
        "members:signing-keys-json",
        "members:signing-keys-pem",
        "offers:home",
        "offers:society",
        "offers:policy",
        "offers:rules",
        "offers:offer",
        "offers:paper",
        "offers:summary",
        "offers:apply",
        "offers:check",
        "offers:question",
        "payments:application",
        "payments:bank-details",
        "payments:pay",
        "payments:another-way",
        "payments:paid",
        "payments:cancel",
        "payments:certificate",
        "payments:webhook",
        "payments:account-webhook",
    } | {name for name in ours if name.startswith("demo")}


def test_every_desk_view_says_what_its_user_must_be_allowed_to_do():
    rights = {officers.LOOK, officers.REGISTER, officers.MONEY, officers.OFFERS, officers.DECIDE, officers.PEOPLE}
    assert {pattern.callback.asks_for for pattern in office.urlpatterns} <= rights
