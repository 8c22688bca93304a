"""The page of the society's own bank account: who sees it, who changes it, and what a payer is told without one."""

from __future__ import annotations

import pytest

from offers.choices import OfficerRole
from payments import own_account
from tests import factories

pytestmark = pytest.mark.django_db
SAID = {"account_name": "Marlpit Shop", "sort_code": "200000", "account_number": "12345678"}


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def desk(society):
    return f"/office/{society.slug}/"


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_two_officers_enter_it_and_payers_are_told(client, society, desk):
    application = factories.submit(factories.make_offer(society))
    page = f"/a/{application.token}/"
    assert "has not entered its bank account here yet" in text(client.get(page))
    tess, sian = factories.make_officer(society, OfficerRole.TREASURER), factories.make_officer(society)
    client.force_login(tess)
    assert "Enter the society’s bank account" in text(client.get(desk))
    assert "Missing" in text(client.get(f"{desk}money/"))
    answer = client.post(f"{desk}money/own-account/change/", SAID, follow=True)
    assert "Prepared. Ask another officer" in text(answer)
    assert "Approve this account" not in text(answer)
    waits = own_account.waiting(society)
    assert "You prepared this, so" in text(
        client.post(f"{desk}money/own-account/", {"act": "approve", "approval": waits.pk}, follow=True)
    )
    assert "Enter the society’s bank account" not in text(client.get(desk))
    client.force_login(sian)
    assert "Change the society’s bank account" in text(client.get(desk))
    assert "12345678" in text(client.get(f"{desk}money/own-account/"))
    answer = client.post(f"{desk}money/own-account/", {"act": "approve", "approval": waits.pk}, follow=True)
    assert "Payers are told this account from now on" in text(answer)
    said = text(client.get(page))
    assert "20-00-00" in said
    assert "12345678" in said


def test_a_form_from_before_and_nonsense_approve_nothing(client, society, desk):
    client.force_login(factories.make_officer(society))
    old = own_account.prepare(society, **SAID, by=factories.make_user())
    own_account.prepare(society, **SAID | {"account_number": "87654321"}, by=factories.make_user())
    for what in (str(old.pk), "", "nonsense"):
        answer = client.post(f"{desk}money/own-account/", {"act": "approve", "approval": what}, follow=True)
        assert "no longer waits" in text(answer)
    society.refresh_from_db()
    assert society.bank_account == ""


def test_what_is_wrong_is_said_at_its_field_and_kept(client, society, desk):
    client.force_login(factories.make_officer(society, OfficerRole.TREASURER))
    wrong = {"account_name": "Marlpit Shop", "sort_code": "2000", "account_number": "x"}
    page = text(client.post(f"{desk}money/own-account/change/", wrong))
    for words in ("There is a problem", "Enter a valid sort code like 309430.", 'value="Marlpit Shop"', 'value="2000"'):
        assert words in page
    assert own_account.waiting(society) is None


def test_it_is_taken_back(client, society, desk):
    client.force_login(factories.make_officer(society))
    own_account.prepare(society, **SAID, by=factories.make_user())
    answer = client.post(f"{desk}money/own-account/", {"act": "withdraw"}, follow=True)
    assert "Nothing has changed" in text(answer)
    assert own_account.waiting(society) is None


@pytest.mark.parametrize(
    ("role", "may_enter", "may_approve"),
    [
        (OfficerRole.SECRETARY, 200, 302),
        (OfficerRole.TREASURER, 200, 302),
        (OfficerRole.BOARD, 404, 302),
        (OfficerRole.AUDITOR, 404, 403),
    ],
)
def test_whoever_keeps_money_enters_it_and_whoever_decides_approves_it(
    client, society, desk, role, may_enter, may_approve
):
    client.force_login(factories.make_officer(society, role))
    waits = own_account.prepare(society, **SAID, by=factories.make_user())
    assert client.get(f"{desk}money/own-account/").status_code == 200
    assert client.get(f"{desk}money/own-account/change/").status_code == may_enter
    answer = client.post(f"{desk}money/own-account/", {"act": "approve", "approval": waits.pk})
    assert answer.status_code == may_approve
    society.refresh_from_db()
    assert bool(society.bank_account) == (may_approve == 302)


def test_staff_do_not_change_what_two_officers_entered(client, society):
    client.force_login(factories.make_user(is_staff=True, is_superuser=True))
    page = f"/admin/offers/society/{society.pk}/change/"
    assert 'name="bank_account"' in text(client.get(page))
    waits = own_account.prepare(society, **SAID, by=factories.make_user())
    own_account.change(society, approval_id=waits.pk, by=factories.make_user())
    assert 'name="bank_account"' not in text(client.get(page))
