"""Bank pages of the officers' desk, walked: a file goes in, its lines are matched, and nothing is lost on the way."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock, references
from offers.choices import ApplicationState, OfficerRole
from payments import cancellations
from payments.models import (
    BankAccount,
    BankLine,
    ColumnMap,
    LineDecision,
    Receipt,
    Refund,
    StatementImport,
    UploadedStatement,
)
from payments.statements import deciding
from tests import factories
from tests.payments.statements.making import arrived, line, make_account, pay_by_hand, take
from tests.payments.statements.test_reading import golden

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    return factories.make_offer()


@pytest.fixture
def treasurer(offer):
    return factories.make_officer(offer.society, OfficerRole.TREASURER)


@pytest.fixture
def desk(client, offer, treasurer):
    client.force_login(treasurer)
    return Desk(client, offer.society)


class Desk:
    """The pages as a treasurer reaches them."""

    def __init__(self, client, society):
        self.client, self.society = client, society

    def url(self, rest: str = "") -> str:
        return f"/office/{self.society.slug}/bank/{rest}"

    def get(self, rest: str = "") -> str:
        return words(self.client.get(self.url(rest)))

    def post(self, rest: str, **data) -> str:
        """The page that follows."""
        return words(self.client.post(self.url(rest), data, follow=True))

    def upload(self, account: BankAccount, content: bytes, name: str = "statement.csv") -> str:
        return self.post(f"accounts/{account.pk}/", file=SimpleUploadedFile(name, content))

    def waiting_upload(self) -> str:
        return f"uploads/{UploadedStatement.objects.get(society=self.society).pk}/"


def words(response) -> str:
    """A page's text as it is read; it must have come."""
    assert response.status_code == 200, response.status_code
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def day(on=None) -> str:
    return (on or clock.today()).strftime("%d/%m/%Y")


# == Accounts and files ==


def test_an_account_is_added_and_its_mistakes_are_said_at_the_field(desk):
    assert "Enter four figures, such as 1234." in desk.post("accounts/new/", name="Share account", last_four="12")
    page = desk.post("accounts/new/", name="Share account", last_four="1234")
    assert "Account ending in 1234 Share account" in page
    assert "already exists" in desk.post("accounts/new/", name="Share account", last_four="5678")
    assert "Share account ••1234" in desk.get()


@pytest.mark.parametrize("name", ["camt053.xml", "paid-in-paid-out.csv", "debit-credit.csv"])
def test_a_file_with_balances_is_shown_and_imported(desk, name):
    account = make_account(desk.society)
    with clock.stopped(clock.now().replace(year=2026, month=6)):
        desk.client.force_login(factories.make_officer(desk.society))
        page = desk.upload(account, golden(name), name)
        assert "Opening balance £100" in page
        assert "New lines 3" in page
        assert "3 new lines were imported." in desk.post(desk.waiting_upload(), act="import")
    assert StatementImport.objects.get().file_name == name
    assert not UploadedStatement.objects.exists()
    assert "£1,318.80" in desk.get(f"accounts/{account.pk}/")


def test_unknown_columns_are_asked_once_and_known_the_next_time(desk):
    account = make_account(desk.society)
    content = f"When,What,How much\n{day()},A PERSON,250.00\n".encode()
    page = desk.upload(account, content)
    assert "Which column is what?" in page
    assert "The first lines of the file Line A B C 1 When What How much" in page
    answers = {
        "act": "columns",
        "header": "0",
        "date": "0",
        "amount": "2",
        "order": "day-first",
        "text": ["1"],
        "name": "Ours",
    }
    page = desk.post(desk.waiting_upload(), **answers | {"date": "1"})
    assert "its date cannot be read: “A PERSON”" in page
    assert not ColumnMap.objects.exists()
    page = desk.post(desk.waiting_upload(), **answers)
    assert "Check the statement" in page
    assert "Enter both balances" in desk.post(desk.waiting_upload(), act="import")
    page = desk.post(desk.waiting_upload(), act="import", opening_pence="10", closing_pence="250.00")
    assert "make £260. The closing balance is £250" in page
    desk.post(desk.waiting_upload(), act="import", opening_pence="-10.00", closing_pence="£240.00")
    assert StatementImport.objects.get().opening_pence == -10_00
    assert ColumnMap.objects.get(society=desk.society).header == ["when", "what", "how much"]
    page = desk.upload(account, content + f"{day()},B PERSON,5.00\n".encode())
    assert "Check the statement" in page
    assert "1 is here already" in page
    desk.post(desk.waiting_upload(), act="import", no_balances="on")
    assert "No balances: the bank gave none" in desk.get(f"accounts/{account.pk}/")
    assert StatementImport.objects.filter(balances="none").count() == 1


def test_the_columns_may_be_filled_from_a_known_shape_and_changed_later(desk):
    account = make_account(desk.society)
    desk.upload(account, f"{day()},A PERSON,250.00\n".encode())
    page = desk.get(desk.waiting_upload() + "?columns=1&from=known:QuickBooks")
    assert "The first lines as they are read" in page
    assert "£250" in page
    answers = {"act": "columns", "date": "0", "order": "day-first", "name": "Ours"}
    page = desk.post(desk.waiting_upload(), **answers)
    assert "Say which column has the sum" in page
    page = desk.post(desk.waiting_upload(), **answers, amount="2", money_in="1")
    assert "choose one way" in page
    assert "Check the statement" in desk.post(desk.waiting_upload(), **answers, amount="2")
    assert "Which column is what?" in desk.get(desk.waiting_upload() + "?columns=1")
    assert "Nothing was imported" in desk.post(desk.waiting_upload(), act="forget")
    assert not UploadedStatement.objects.exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.4", "This is a PDF file."),
        (b"x" * 2_100_000, "larger than 2 MB"),
        (b"x" * 3_000_000, "larger than 2 MB"),
        (golden("camt053.xml").replace(b"<Document", b"<!DOCTYPE x []><Document"), None),
    ],
)
def test_a_file_that_is_none_is_refused_where_it_was_chosen(desk, content, expected):
    page = desk.upload(make_account(desk.society), content)
    assert (expected or "It cannot be imported This file defines words of its own") in page
    assert not StatementImport.objects.exists()


def test_no_file_at_all_is_said(desk):
    account = make_account(desk.society)
    assert "Choose the file that you downloaded" in desk.post(f"accounts/{account.pk}/")


def test_the_same_file_again_says_when_it_came_and_does_nothing(desk):
    account = make_account(desk.society)
    content = f"Date,Description,Paid in,Paid out,Balance\n{day()},A,5.00,,5.00\n".encode()
    desk.upload(account, content)
    desk.post(desk.waiting_upload(), act="import")
    assert "This file was imported on" in desk.upload(account, content)
    assert BankLine.objects.count() == 1


def test_a_missing_statement_is_seen_on_the_account_and_the_to_do_list(desk):
    account = make_account(desk.society, "Share account")
    take(account, line(5_00, on=clock.today() - timedelta(days=9)), opening_pence=100_00)
    take(account, line(1_00), opening_pence=110_00)
    assert "A statement is missing" in desk.get()
    assert "a statement between is missing" in desk.get(f"accounts/{account.pk}/")
    assert "A statement of “Share account” is missing" in words(desk.client.get(f"/office/{desk.society.slug}/"))


# == Matching ==


def test_a_line_is_accepted_with_one_button_and_the_page_goes_on_with_the_next(desk, offer):
    account, application = make_account(desk.society), factories.submit(offer)
    take(account, line(500_00, application.reference, payer="A PERSON"), line(7_00, "TILL"))
    page = desk.client.get(desk.url("match/"))
    assert "Reference and sum are right." in words(page)
    form = re.search(
        r"<form method=\"post\" action=\"([^\"]+)\">(?:(?!</form>).)*value=\"accept\"", page.content.decode(), re.DOTALL
    )
    sent = dict(re.findall(r'name="(after|page|part)" value="([^"]*)"', form[0]))
    response = desk.client.post(form[1], sent | {"act": "accept"})
    assert response["Location"] == desk.url("match/") + f"?page=1#line-{sent['after']}"
    assert f"£500: money for applications. {references.shown(application.reference)} {application.name} is paid." in (
        words(desk.client.get(response["Location"])))  # fmt: skip
    application.refresh_from_db()
    assert application.state == ApplicationState.PAID
    assert LineDecision.objects.get().why == "Reference and sum are right."


def test_all_exact_ones_are_listed_first_and_then_accepted(desk, offer):
    account = make_account(desk.society)
    applications = [factories.submit(offer, 300_00) for _ in range(3)]
    take(account, *(line(300_00, application.reference) for application in applications), line(300_00, "?"))
    page = desk.client.get(desk.url("match/exact/")).content.decode()
    tickets = re.findall(r'name="line" value="([^"]+)"', page)
    assert len(tickets) == 3
    assert "3 lines, £900" in page

    changed = BankLine.objects.get(pk=tickets[2].split(":")[0])
    deciding.set_aside(changed, by=factories.make_user())
    page = desk.post("match/exact/", line=tickets)
    assert "2 lines accepted, £600 in all." in page
    assert "1 line was left, since something changed meanwhile." in page
    assert Receipt.objects.count() == 2


def test_a_tick_for_another_application_than_was_shown_does_nothing(desk, offer):
    one, other = factories.submit(offer), factories.submit(offer)
    found = arrived(desk.society, 500_00, one.reference)
    assert "1 line was left" in desk.post("match/exact/", line=f"{found.pk}:{other.pk}")
    assert not Receipt.objects.exists()


def test_a_line_is_shared_out_by_hand_and_mistakes_stand_at_their_box(desk, offer):
    one, two = factories.submit(offer, 500_00), factories.submit(offer, 300_00)
    found = arrived(desk.society, 800_00, "THE TWO OF US")
    where, r = f"lines/{found.pk}/", references.shown(one.reference).lower()
    assert "Enter the reference of an application." in desk.post(where, act="parts")
    page = desk.post(where, act="parts", reference_1=r, pence_1="500", reference_2="2222222", pence_2="300")
    assert "There is no application with the reference “2222222”." in page
    page = desk.post(where, act="parts", reference_1=r, pence_1="500", reference_2=two.reference)
    assert "Say how much of the line is for this application." in page
    page = desk.post(where, act="parts", reference_1=r, pence_1="500", reference_2=two.reference, pence_2="200")
    assert "The parts come to £700, and the line is £800." in page
    page = desk.post(where, act="parts", reference_1=r, pence_1="500", reference_2=two.reference, pence_2="300")
    assert page.count("is paid.") == 2
    page = desk.get(where)
    assert "Decided by hand." in page
    assert "Share it out" not in page
    page = words(desk.client.get(f"/office/{desk.society.slug}/applications/{one.reference}/"))
    assert "Line of the bank" in page


def test_an_application_is_found_by_name_and_gets_the_line(desk, offer):
    application = factories.submit(offer, 500_00)
    found = arrived(desk.society, 400_00, "?")
    page = desk.get(f"lines/{found.pk}/?search={application.name.replace(' ', '+')}")
    assert f"{application.name} The shop · Waiting for payment · £500 still due" in page
    page = desk.post(f"lines/{found.pk}/", act="accept", part=f"{application.pk}:40000")
    assert "still waits: it is not the sum due." in page


def test_money_for_nobody_is_kept_and_goes_back(desk, treasurer):
    account = make_account(desk.society)
    found = arrived(desk.society, 70_00, "WHO?", account=account, on=clock.today() - timedelta(days=4))
    where = f"lines/{found.pk}/"
    assert "Say what is known of this money." in desk.post(where, act="keep", owner=treasurer.pk)
    desk.post(where, act="keep", why="No such name.", owner=treasurer.pk)
    assert "1 payment, £70, is for nobody we know. The oldest came 4 days ago." in desk.get()
    assert "1 payment is for nobody we know" in words(desk.client.get(f"/office/{desk.society.slug}/"))
    page = desk.get(where)
    assert f"{treasurer} looks after it. It came 4 days ago." in page
    went = arrived(desk.society, -70_00, "RETURNED", account=account)
    assert "it may have gone back" in desk.get("match/")
    assert "£70: sent back to the sender." in desk.post(f"lines/{went.pk}/", act="sent-back", came_in=found.pk)
    assert "None: whose each payment is, is known." in desk.get()


def test_the_owner_must_be_an_officer_who_may_handle_money(desk):
    found = arrived(desk.society, 70_00)
    for user in (factories.make_user(), factories.make_officer(desk.society, OfficerRole.AUDITOR)):
        assert "Select a valid choice" in desk.post(f"lines/{found.pk}/", act="keep", why="?", owner=user.pk)


def test_a_line_out_is_matched_to_the_refunds_it_paid(desk, offer):
    application = factories.paid(offer, 500_00)
    cancellations.cancel(application)
    refund = Refund.objects.get()
    went = arrived(desk.society, -500_00, application.name)
    assert "Two officers do that." in desk.post(f"lines/{went.pk}/", act="refunds", refund=refund.pk)
    pay_by_hand(refund)
    assert "Sum and name or reference are those of a refund." in desk.get("match/")
    assert "Choose" in desk.post(f"lines/{went.pk}/", act="sent-back")
    desk.post(f"lines/{went.pk}/", act="refunds", refund=refund.pk)
    assert refund.line_parts.get().decision.line == went


def test_lines_are_found_by_what_they_say_and_are(desk):
    account = make_account(desk.society)
    take(account, line(7_00, "TILL MONDAY"), line(8_00, "RENT"))
    assert "TILL MONDAY" not in desk.get("lines/?search=rent")
    assert "TILL MONDAY" in desk.get("lines/?search=%C2%A37")
    assert "2 lines" in desk.get("lines/?what=waiting")
    assert "No line found" in desk.get("lines/?what=kept")


@pytest.mark.parametrize(
    "part", ["x", "x:1", f"{uuid.UUID(int=0)}:", f"{uuid.UUID(int=0)}:-5", f"{uuid.UUID(int=0)}:१"]
)
def test_a_button_that_was_tampered_with_is_refused_in_words(desk, part):
    found = arrived(desk.society, 5_00)
    assert "Something is wrong with this button." in desk.post(f"lines/{found.pk}/", act="accept", part=part)


def test_an_unknown_act_changes_nothing(desk):
    found = arrived(desk.society, 5_00)
    desk.post(f"lines/{found.pk}/", act="explode")
    assert not LineDecision.objects.exists()


def test_hostile_words_of_a_bank_are_only_text(desk):
    arrived(desk.society, 5_00, "<script>alert(1)</script>", payer="<b>X</b>")
    page = desk.client.get(desk.url("match/")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;X&lt;/b&gt;" in page


# == Who may ==


def test_what_is_another_societys_does_not_exist(desk, offer):
    other = factories.make_society()
    found = arrived(other, 500_00)
    upload = UploadedStatement.objects.create(
        society=other, account=found.account, file_name="a", content=b"a", uploaded_at=clock.now(),
        uploaded_by=factories.make_user(),
    )  # fmt: skip
    for rest in (f"accounts/{found.account_id}/", f"lines/{found.pk}/", f"uploads/{upload.pk}/"):
        assert desk.client.get(desk.url(rest)).status_code == 404, rest
        assert desk.client.post(desk.url(rest), {"act": "other"}).status_code == 404, rest
    application = factories.submit(offer)
    mine = arrived(desk.society, 500_00)
    stranger = factories.submit(factories.make_offer(other))
    assert "There is no such application." in desk.post(f"lines/{mine.pk}/", act="accept", part=f"{stranger.pk}:50000")
    assert "Choose the line" in desk.post(
        f"lines/{arrived(desk.society, -500_00).pk}/", act="sent-back", came_in=found.pk
    )
    assert application.reference not in desk.get("lines/")


@pytest.mark.parametrize("role", [OfficerRole.BOARD, OfficerRole.AUDITOR])
def test_who_only_looks_sees_lines_and_decides_none(client, offer, role):
    client.force_login(factories.make_officer(offer.society, role))
    application = factories.submit(offer)
    found = arrived(offer.society, 500_00, application.reference)
    desk = Desk(client, offer.society)
    for rest in ("", "match/", "lines/", f"lines/{found.pk}/", f"accounts/{found.account_id}/"):
        assert (
            'method="post"' not in client.get(desk.url(rest)).content.decode().split("<main")[1].split("</main")[0]
        ), rest
    for rest in (f"lines/{found.pk}/", f"accounts/{found.account_id}/"):
        assert client.post(desk.url(rest), {"act": "other"}).status_code == 403
    assert client.get(desk.url("match/exact/")).status_code == 404
    assert client.post(desk.url("match/exact/"), {}).status_code == 404
    assert not LineDecision.objects.exists()


def test_many_lines_cost_no_more_queries(desk, offer, django_assert_max_num_queries):
    account = make_account(desk.society)
    applications = [factories.submit(offer, 100_00) for _ in range(30)]
    take(account, *(line(100_00, application.reference) for application in applications))
    with django_assert_max_num_queries(30):
        desk.get("match/")
