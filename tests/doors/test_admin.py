"""The administration changes no money, no ledger, no decision, whoever signs in to it."""

from __future__ import annotations

import pytest
from django.contrib import admin

from common.append_only import AppendOnly
from tests import factories

pytestmark = pytest.mark.django_db
MAY_CHANGE = {"Society", "User", "StripeAccount"}
MAY_ADD = {"Society", "Officer", "StripeAccount"}
OURS = {m: a for m, a in admin.site._registry.items() if m._meta.app_label in
        {"common", "compliance", "offers", "payments", "members"}}  # fmt: skip


@pytest.fixture
def staff(client):
    user = factories.make_user("staff@example.org", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_what_staff_may_do_with_each_table(client, staff, model):
    request = type("Request", (), {"user": staff})()
    kept = OURS[model]
    assert kept.has_delete_permission(request) is False
    assert kept.has_change_permission(request) is (model.__name__ in MAY_CHANGE)
    assert kept.has_add_permission(request) is (model.__name__ in MAY_ADD)
    if issubclass(model, AppendOnly):
        assert model.__name__ not in MAY_CHANGE | MAY_ADD
    home = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert client.get(home).status_code == 200
    assert client.get(home + "add/").status_code == (200 if model.__name__ in MAY_ADD else 403)


def test_rows_open_and_cannot_be_saved(client, staff):
    offer = factories.make_offer()
    application = factories.paid(offer)
    receipt = application.receipts.get()
    address = f"/admin/payments/receipt/{receipt.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"amount_pence": "1"}).status_code == 403
    factories.paid(offer)
    factories.close_and_decide(offer)
    entry = application.entry
    assert client.get(f"/admin/members/ledgerentry/{entry.pk}/change/").status_code == 200
    assert client.post(f"/admin/members/ledgerentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_staff_enter_a_society_and_its_first_secretary(client, staff):
    society = factories.make_society()
    page = f"/admin/offers/society/{society.pk}/change/"
    assert client.get(page).status_code == 200
    response = client.post("/admin/offers/officer/add/", {"society": society.pk, "user": staff.pk, "role": "secretary"})
    assert response.status_code == 302
    assert client.get(f"/office/{society.slug}/").status_code == 200


def test_others_do_not_get_in(client):
    client.force_login(factories.make_officer(factories.make_society()))
    assert client.get("/admin/").status_code == 302
