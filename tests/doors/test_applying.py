"""The way through an application: every kind of holder, every mistake, and nothing twice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from members.models import User
from offers import lifecycle, unpaid
from offers.choices import HolderKind
from offers.models import Application, Exposure
from tests import factories

pytestmark = pytest.mark.django_db

BORN = {"born_on_day": "27", "born_on_month": "March", "born_on_year": "1958"}
CHILD_BORN = {"born_on_day": "1", "born_on_month": "2", "born_on_year": "2020"}
NAMES = {
    HolderKind.PERSON: {"name": "Siân Ŵyn", **BORN},
    HolderKind.JOINT: {"name": "Ann Lee", **BORN, "second_name": "Bo Lee", "second_email": "bo@example.org"},
    HolderKind.CHILD: {"name": "Cy Lee", **CHILD_BORN, "adult_name": "Ann Lee"},
    HolderKind.ORGANISATION: {"name": "Marlpit Cricket Club", "registered_as": "", "representative": "Ann Lee"},
    HolderKind.REGISTERED_SOCIETY: {"name": "Hill Farmers Ltd", "registered_as": "RS1", "representative": "Ann Lee"},
    HolderKind.SYNDICATE: {"name": "The Low Street Neighbours", "people": "4", "representative": "Ann Lee"},
}
ADDRESS = {"line1": "2 Low Street", "line2": "", "town": "Marlpit", "postcode": "nr11  7lg", "country": "GB"}
CONTACT = {"email": "Ann@Example.org", "telephone": "01632 960001", "notices": "on"}
RISKS = {"understood": "on", "rules": "on", "truth": "on"}


@pytest.fixture
def offer():
    return factories.make_offer()


def base(offer) -> str:
    return f"/societies/{offer.society.slug}/offers/{offer.slug}/apply/"


def pages(kind=HolderKind.PERSON, amount="500") -> list[tuple[str, dict]]:
    return [
        ("who", {"kind": kind}),
        ("amount", {"amount_pence": amount}),
        ("name", NAMES[kind]),
        ("address", ADDRESS),
        ("contact", CONTACT),
        ("risks", RISKS),
    ]


def fill_in(client, offer, kind=HolderKind.PERSON, amount="500"):
    """Answer every page; each leads to the next."""
    answered = pages(kind, amount)
    for place, (step, said) in enumerate(answered):
        assert client.get(f"{base(offer)}{step}/").status_code == 200
        response = client.post(f"{base(offer)}{step}/", said)
        following = f"{answered[place + 1][0]}/" if place + 1 < len(answered) else "check/"
        assert response.status_code == 302, response.content.decode()
        assert response["Location"] == base(offer) + following


@pytest.mark.parametrize("kind", HolderKind.values)
def test_every_kind_of_holder_applies(client, offer, kind):
    assert client.get(base(offer)).status_code == 200
    fill_in(client, offer, HolderKind(kind))
    check = client.get(f"{base(offer)}check/").content.decode()
    assert NAMES[HolderKind(kind)]["name"] in check
    assert "NR11 7LG" in check
    response = client.post(f"{base(offer)}check/", {"method": "bank-transfer"})
    application = Application.objects.get()
    assert response["Location"] == f"/a/{application.token}/"
    assert (application.due_pence, application.holder.kind) == (500_00, kind)
    page = client.get(response["Location"]).content.decode()
    assert application.reference[:3] in page
    assert User.objects.filter(email="ann@example.org").exists()


@pytest.mark.parametrize("amount", ["100", "4900"])
@pytest.mark.parametrize("kind", HolderKind.values)
def test_the_button_that_applies_runs_fewer_than_twenty_statements(client, offer, kind, amount):
    """All of the page: session, offer, rules, the verb, the account. Whatever the sum, and the second time too."""
    unpaid.set_limit(offer, 100, by=factories.make_user())  # it is asked, and two may wait
    for pounds in (amount, "100"):  # by somebody new to the society, and by somebody that it knows
        fill_in(client, offer, HolderKind(kind), pounds)
        with CaptureQueriesContext(connection) as found:
            response = client.post(f"{base(offer)}check/", {"method": "bank-transfer"})
        assert response.status_code == 302, response.content.decode()
        assert response["Location"].startswith("/a/")
        statements = [query["sql"] for query in found if "SAVEPOINT" not in query["sql"]]
        assert len(statements) < 20, statements


def test_no_page_opens_before_those_in_front_of_it(client, offer):
    assert client.get(f"{base(offer)}risks/")["Location"] == f"{base(offer)}who/"
    assert client.get(f"{base(offer)}check/")["Location"] == f"{base(offer)}who/"
    assert client.post(f"{base(offer)}check/", {"method": "card"})["Location"] == f"{base(offer)}who/"
    assert client.get(f"{base(offer)}elsewhere/").status_code == 404
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("step", "said", "words", "kept"),
    [
        ("who", {}, "Choose who will own the shares.", ""),
        ("who", {"kind": "martian"}, "Choose one of these.", ""),
        ("amount", {"amount_pence": "lots"}, "Enter an amount in pounds", "lots"),
        ("amount", {"amount_pence": "50"}, "£100", "50"),
        ("amount", {"amount_pence": "9" * 30}, "too large", "9" * 30),
        ("amount", {"amount_pence": "500.50"}, "£1", "500.50"),
        ("name", {"name": "", **BORN}, "Fill in “Full name”.", "1958"),
        ("name", {"name": "<script>x</script>", **BORN, "born_on_year": "58"}, "four figures", "&lt;script&gt;x"),
        ("name", {"name": "A", **BORN, "born_on_month": "2", "born_on_day": "31"}, "There is no 31", "31"),
        ("name", {"name": "A" * 101, **BORN}, "at most 100 characters", "A" * 101),
        ("address", ADDRESS | {"postcode": ""}, "Enter the postcode.", "2 Low Street"),
        ("address", ADDRESS | {"country": "XX"}, "valid choice", "2 Low Street"),
        ("contact", {"email": "ann@"}, "such as name@example.org", "ann@"),
        ("contact", {"email": "a\x00b@example.org"}, "Null characters", ""),
        ("risks", {"understood": "on", "rules": "on"}, "Tick the box to say that what you have said is true.", ""),
    ],
)
def test_a_mistake_is_told_at_the_field_and_above_and_keeps_what_was_typed(client, offer, step, said, words, kept):
    for name, answers in pages():
        if name == step:
            break
        client.post(f"{base(offer)}{name}/", answers)
    page = client.post(f"{base(offer)}{step}/", said)
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error:" in text
    assert "There is a problem" in text
    assert text.count(words) >= 2
    assert kept in text
    assert not Application.objects.exists()


def test_one_answer_is_changed_from_the_check(client, offer):
    fill_in(client, offer)
    response = client.post(f"{base(offer)}amount/?check=1", {"amount_pence": "700"})
    assert response["Location"] == f"{base(offer)}check/"
    assert "£700" in client.get(f"{base(offer)}check/").content.decode()


def test_another_kind_of_holder_asks_for_the_names_again(client, offer):
    fill_in(client, offer)
    response = client.post(f"{base(offer)}who/?check=1", {"kind": "joint"})
    assert response["Location"] == f"{base(offer)}name/"


def test_the_button_pressed_twice_makes_one_application(client, offer):
    fill_in(client, offer)
    first = client.post(f"{base(offer)}check/", {"method": "bank-transfer"})
    second = client.post(f"{base(offer)}check/", {"method": "bank-transfer"})
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


def test_what_the_rules_refuse_is_said_and_the_answers_stay(client, offer):
    society = offer.society
    other = factories.make_offer(society, max_application_pence=None, maximum_pence=200_000_00,
                                 optimum_pence=200_000_00)  # fmt: skip
    fill_in(client, other, amount="100001")
    page = client.post(f"{base(other)}check/", {"method": "bank-transfer"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" in text
    assert "£100,000" in text
    assert not Application.objects.exists()
    assert not Exposure.objects.filter(live_pence__gt=0).exists()
    client.post(f"{base(other)}amount/?check=1", {"amount_pence": "500"})
    assert client.post(f"{base(other)}check/", {"method": "bank-transfer"}).status_code == 302


def test_too_young_for_the_rules(client, offer):
    fill_in(client, offer)
    client.post(f"{base(offer)}name/", {"name": "Young Person", **CHILD_BORN})
    text = client.post(f"{base(offer)}check/", {"method": "cheque"}).content.decode()
    assert "16" in text
    assert "There is a problem" in text
    assert not Application.objects.exists()


def test_an_offer_that_closes_on_the_way_says_so(client, offer):
    fill_in(client, offer)
    lifecycle.close(offer, by=factories.make_user())
    response = client.post(f"{base(offer)}check/", {"method": "bank-transfer"}, follow=True)
    assert "This offer is not open" in response.content.decode()
    assert not Application.objects.exists()


def test_a_full_offer_says_so_where_the_amount_is_asked_and_an_offer_that_fills_later_at_the_check(client):
    offer = factories.make_offer(maximum_pence=1_000_00, optimum_pence=1_000_00, max_application_pence=1_000_00)
    fill_in(client, offer, amount="600")
    factories.submit(offer, 500_00)
    text = client.post(f"{base(offer)}check/", {"method": "bank-transfer"}).content.decode()
    assert "Only £500 is left in the offer." in text
    amount = f"{base(offer)}amount/"
    assert "Only £500 is left" in client.post(amount, {"amount_pence": "600"}).content.decode()
    assert client.post(amount, {"amount_pence": "600", "accept_less": "on"}).status_code == 302
    factories.submit(offer, 500_00)
    assert "The offer is full" in client.post(amount, {"amount_pence": "100"}).content.decode()
    assert Application.objects.filter(offer=offer).count() == 2


def test_a_full_offer_invites_nobody_until_room_comes_free(client):
    offer = factories.make_offer(maximum_pence=1_000_00, optimum_pence=1_000_00, max_application_pence=1_000_00)
    page = base(offer).removesuffix("apply/")
    client.cookies["sessionid"] = "a page of one's own"  # and none that was kept
    assert "Apply for shares" in client.get(page).content.decode()
    application = factories.paid(offer, 1_000_00)
    full = client.get(page).content.decode()
    assert "This offer is full" in full
    assert "Apply for shares" not in full
    assert "This offer is full" in client.get(base(offer)).content.decode()
    client.post(f"/a/{application.token}/cancel/")
    assert "Apply for shares" in client.get(page).content.decode()


def test_an_offer_of_another_society_is_not_found(client, offer):
    other = factories.make_society()
    assert client.get(f"/societies/{other.slug}/offers/{offer.slug}/apply/").status_code == 404


def test_an_applicant_sees_and_cancels_only_with_the_link(client, offer):
    application = factories.paid(offer)
    assert client.get(f"/a/{'x' * 27}/").status_code == 404
    page = f"/a/{application.token}/"
    assert "Paid" in client.get(page).content.decode()
    assert client.get(page + "certificate.pdf").status_code == 302
    assert client.get(page + "cancel/").status_code == 200
    application.refresh_from_db()
    assert application.state == "paid"  # looking is not cancelling
    assert client.post(page + "cancel/").status_code == 302
    assert client.post(page + "cancel/").status_code == 302  # twice is harmless
    assert "nothing to cancel" in client.get(page + "cancel/").content.decode()
    text = client.get(page).content.decode()
    assert "£500 goes back to you" in text
    assert (text.count("Waits"), text.count("Tell us your bank details")) == (1, 1)


def test_after_the_days_to_cancel_it_says_why_not(client, offer):
    application = factories.paid(offer)
    with clock.stopped(application.cancel_by_at.replace(year=application.cancel_by_at.year + 1)):
        response = client.post(f"/a/{application.token}/cancel/")
    assert "have passed" in response.content.decode()
    application.refresh_from_db()
    assert application.state == "paid"


@pytest.mark.parametrize("page", ["privacy", "terms", "complaints", "contact", "accessibility"])
def test_the_small_print_names_the_society(client, offer, page):
    text = client.get(f"/societies/{offer.society.slug}/about/{page}/").content.decode()
    assert offer.society.registered_name in text
    assert client.get(f"/societies/{offer.society.slug}/about/other/").status_code == 404


def test_no_draft_is_seen_outside(client):
    draft = factories.make_draft()
    assert client.get(f"/societies/{draft.society.slug}/offers/{draft.slug}/").status_code == 404
    assert client.get(base(draft)).status_code == 404
    assert draft.title not in client.get(f"/societies/{draft.society.slug}/").content.decode()
