"""The demonstration's invented history: the same for the same seed, its books right, its mail readable."""

from __future__ import annotations

import importlib
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import NoReverseMatch, reverse

from common import clock, outbox
from common.models import OutgoingMail
from config import urls
from members import allotment, books, demo, office_todo
from members.demo.people import AT_THE_SMALLEST, amount_pence
from members.models import LedgerEntry, Member, Particulars, User
from offers.models import Application, Holder, ShareOffer, Society
from payments import gateway, sending
from payments.fakestripe import FakeStripe
from payments.models import Refund
from tests.worlds import undone

MEMBERS = 60


def told() -> dict[str, list]:
    """Everything that a visitor can see of the history, in an order that keys do not decide."""
    return {
        "register": sorted(
            Particulars.objects.values_list(
                "society__slug", "member__number", "name", "joint_names", "address", "email"
            )
        ),
        "ledger": sorted(
            LedgerEntry.objects.values_list(
                "society__slug", "seq", "shares", "amount_pence", "effective_on", "recorded_at"
            )
        ),
        "applications": sorted(
            Application.objects.values_list(
                "offer__slug", "name", "email", "applied_pence", "due_pence", "method", "state", "submitted_at"
            )
        ),
        "offers": sorted(ShareOffer.objects.values_list("slug", "state", "story", "maximum_pence", "closes_on")),
    }


@pytest.fixture
def noon():
    """One moment for all that a test does: the history ends there."""
    with clock.stopped(clock.day_begins_at(clock.today()) + timedelta(hours=12)):
        yield


@pytest.fixture
def seeded(db, noon):
    demo.seed(members=MEMBERS)


def test_the_books_of_the_invented_past_are_right(seeded):
    assert [str(fault) for fault in books.faults()] == []
    assert Member.objects.count() == MEMBERS
    assert Society.objects.filter(is_demo=True).count() == 3
    assert set(Society.objects.values_list("jurisdiction", flat=True)) == {"GB-ENG", "GB-WLS", "GB-NIR"}
    assert demo.is_demonstration()
    assert all("invented" in text for text in Society.objects.values_list("objects_text", flat=True))


def test_there_is_an_offer_of_every_sort_to_look_at(seeded):
    states = Counter(ShareOffer.objects.values_list("state", flat=True))
    assert states == {"allotted": 3, "published": 2, "failed": 1, "draft": 1}
    bakery = ShareOffer.objects.get(slug="a-bakery-behind-the-shop")
    allotment.refuse_if_early(bakery)  # two officers can decide it at once
    working = allotment.work_out(bakery)
    assert working.is_oversubscribed
    assert 0 < working.allotted_pence <= bakery.maximum_pence
    assert ShareOffer.objects.get(slug="haul-solar-roofs").is_open()
    assert Refund.objects.filter(application__offer__slug="a-visitor-centre").exclude(state="done").exists()


def test_every_office_has_somebody_who_can_sign_in_with_the_printed_password(seeded, client):
    for society in demo.SOCIETIES:
        for role in society.officers:
            user = User.objects.get(email=f"{role}@{society.domain}")
            assert set(user.offices.values_list("role", flat=True)) == {role}
    assert client.login(username=demo.MEMBER.email, password=demo.PASSWORD)
    page = client.get(reverse("members:home")).content.decode()
    assert "£500" in page
    assert Society.objects.get(slug="ynni-gwernlas").registered_name in page


def test_an_officer_finds_one_payment_that_is_short_and_one_offer_to_approve(seeded):
    energy, brewery = (Society.objects.get(slug=slug) for slug in ("ynni-gwernlas", "drumnacarrow-brewing"))
    assert [row.application.due_pence - row.held_pence for row in office_todo.exceptions(energy)] == [10_00]
    assert [approval.act for approval in office_todo.approvals_waiting(brewery)] == ["publish"]


def test_the_past_does_not_flood_the_present_with_mail(seeded):
    waiting = OutgoingMail.objects.filter(sent_at=None)
    assert 0 < waiting.count() <= 13
    assert waiting.filter(to=demo.MEMBER.email, kind="shares-allotted").count() == 1
    number = waiting.count()
    assert outbox.send_due() == number
    assert not waiting.exists()


def test_the_same_seed_invents_the_same_people_and_another_one_others(db, noon):
    found = []
    for number in (5, 5, 6):
        with undone():
            demo.seed(members=MEMBERS, number=number)
            found.append(told())
    assert found[0] == found[1]
    assert {name for name in found[0] if found[0][name] == found[2][name]} == set()


def test_card_payments_are_at_the_fake_stripe_so_that_refunds_can_go_back_there(db, settings):
    with FakeStripe(account=[society.account_id for society in demo.SOCIETIES], seed=1) as fake:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_demo", fake.url
        demo.seed(members=MEMBERS, cards=fake)
        by_card = Refund.objects.filter(receipt__attempt__isnull=False, state="due")
        number = by_card.count()
        assert number > 0
        assert sending.send_due() == number
        assert not by_card.exists()
        assert fake.remarks == []
        gateway.client._client.cache_clear()


def test_too_few_members_write_nothing(db):
    with pytest.raises(ValueError, match="60"):
        demo.seed(members=59)
    assert demo.is_empty()
    assert not demo.is_demonstration()


def test_a_society_that_is_not_invented_is_never_taken_for_a_demonstration(seeded):
    Society.objects.filter(slug="quillbrook-shop").update(is_demo=False)
    assert not demo.is_demonstration()
    assert not demo.is_empty()


def test_holders_are_of_every_kind_and_sums_have_a_long_tail(seeded):
    assert Holder.objects.filter(kind="person").count() > Holder.objects.count() / 2
    chance = random.Random(3)
    terms = {"smallest": 100_00, "largest": 30_000_00, "step": 50_00, "median": 395_00}
    sums = sorted(amount_pence(chance, **terms) for _ in range(4000))
    assert (sums[0], sums[-1] <= 30_000_00) == (100_00, True)
    assert all(sum_pence % 50_00 == 0 for sum_pence in sums)
    assert AT_THE_SMALLEST <= sums.count(100_00) / len(sums) <= 0.6
    assert 0.03 <= sum(sum_pence >= 10_000_00 for sum_pence in sums) / len(sums) <= 0.07
    assert 900_00 <= sum(sums) / len(sums) <= 2_000_00


# == The page of mails ==


@pytest.fixture
def mailbox(settings, tmp_path):
    """A folder of its own for the mail that a test sends."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAIL_FOLDER = settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.MAIL_FOLDER


def addresses(page: str, beginning: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('href="')[1:] if part.startswith(beginning)]


def send(subject="Your code", body="It is ABCD-EFGH.", **more) -> EmailMessage:
    mail = EmailMessage(subject, body, "from@toad-lane.example", ["ada@post.example"], **more)
    mail.send()
    return mail


def test_mail_is_listed_newest_first_and_read(client, db, mailbox):
    assert "No mail yet" in client.get("/demo/mail/").content.decode()
    send("The first", "Look at http://localhost:8000/a/secret/ or <b>not</b>.")
    send("The second & last " * 6)
    page = client.get("/demo/mail/").content.decode()
    assert page.index("The second &amp; last") < page.index("The first")
    assert "ada@post.example" in page
    newest, oldest = addresses(page, "/demo/mail/2")
    text = client.get(oldest).content.decode()
    assert '<a href="http://localhost:8000/a/secret/"' in text
    assert "&lt;b&gt;not&lt;/b&gt;" in text
    assert "The second" in client.get(newest).content.decode()


def test_what_was_attached_can_be_saved_and_never_opened_as_a_page(client, db, mailbox):
    files = [("certificate-7.pdf", b"%PDF-1.7", "application/pdf"), ('../ev"il.html', b"<script>", "text/html")]
    send(attachments=files)
    [address] = addresses(client.get("/demo/mail/").content.decode(), "/demo/mail/2")
    first, second = (client.get(url) for url in addresses(client.get(address).content.decode(), address))
    assert (first.content, first["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert first["Content-Disposition"] == 'attachment; filename="certificate-7.pdf"'
    assert second["Content-Type"] == "application/octet-stream"
    assert second["Content-Disposition"].startswith("attachment;")
    assert "/" not in second["Content-Disposition"]
    assert client.get(address + "2/").status_code == 404


def test_several_messages_of_one_file_are_told_apart(client, db, mailbox):
    with get_connection() as connection:
        for number in (1, 2, 3):
            EmailMessage(f"Number {number}", "…", "a@b.example", ["c@d.example"], connection=connection).send()
    assert len(list(mailbox.iterdir())) == 1
    page = client.get("/demo/mail/").content.decode()
    assert [page.index(f"Number {number}") for number in (3, 2, 1)] == sorted(
        page.index(f"Number {n}") for n in (1, 2, 3)
    )


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fsecret_key", "secret_key", "20260101-000000-1.log", "20260101-000000-2.log", "x.log"]
)
def test_no_other_file_can_be_read(client, db, mailbox, name):
    mailbox.mkdir()
    (mailbox.parent / "secret_key").write_text("Subject: secret\n\nsecret")
    (mailbox / "x.log").write_text("Subject: secret\n\nsecret")
    (mailbox / "20260101-000000-2.log").symlink_to(mailbox.parent / "secret_key")
    assert client.get(f"/demo/mail/{name}/0/").status_code == 404


def test_a_production_site_has_no_page_of_mails(client, db, mailbox, settings):
    send()
    [address] = addresses(client.get("/demo/mail/").content.decode(), "/demo/mail/2")
    settings.PRODUCTION = True
    assert [client.get(url).status_code for url in ("/demo/mail/", address, address + "0/")] == [404, 404, 404]
    try:
        with pytest.raises(NoReverseMatch):
            reverse("demo-mail", urlconf=importlib.reload(urls))
    finally:
        settings.PRODUCTION = False
        importlib.reload(urls)
