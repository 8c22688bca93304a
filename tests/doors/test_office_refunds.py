"""The treasurer's refunds, page by page: by hand and by a file, always two people, numbers masked, strangers out."""

from __future__ import annotations

import hashlib

import pytest

from common.models import AuditEvent
from offers.choices import OfficerRole
from payments import batches, cancellations, payees
from payments.models import PayeeAccount, Refund, RefundBatch
from tests import factories
from tests.payments.test_batches import OWN, working_day

pytestmark = pytest.mark.django_db
BANK = {"account_name": "Ada Person", "sort_code": "30-94-30", "account_number": "733445", "roll_number": ""}


@pytest.fixture
def society():
    return factories.make_society(**OWN)


@pytest.fixture
def officers(society):
    return factories.make_officer(society), factories.make_officer(society, OfficerRole.TREASURER)


def owed(society, amount_pence=500_00) -> Refund:
    return cancellations.cancel(factories.paid(factories.make_offer(society), amount_pence)).refunds.get()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


class Desk:
    """One officer after another at the pages of refunds."""

    def __init__(self, client, society):
        self.client, self.base = client, f"/office/{society.slug}/money/"

    def sit(self, user) -> Desk:
        self.client.force_login(user)
        return self

    def look(self, path: str) -> str:
        page = self.client.get(self.base + path)
        assert page.status_code == 200, path
        return page.content.decode()

    def send(self, path: str, **fields):
        return self.client.post(self.base + path, fields)


@pytest.fixture
def desk(client, society):
    return Desk(client, society)


def test_refunds_are_listed_by_what_they_wait_for_with_age_and_owner(desk, society, officers):
    row = owed(society)
    desk.sit(officers[1])
    assert "Pay 1 refund by bank" in desk.client.get(f"/office/{society.slug}/").content.decode()
    assert "No bank details yet." in desk.look("refunds/")
    desk.send(f"refunds/{row.pk}/", act="take")
    text = desk.look("refunds/?show=society")
    assert f"{officers[1]} looks after it." in text
    assert "0 days" in text
    Refund.objects.filter(pk=row.pk).update(way="stripe", state="failed", failure_code="charge_disputed")
    text = desk.look("refunds/")
    assert "Stripe will not: needs you" in text
    assert "The dispute decides" in text
    assert "1 refund is refused by Stripe" in desk.client.get(f"/office/{society.slug}/").content.decode()
    assert "None." in desk.look("refunds/?show=done")
    assert "None." in desk.look("refunds/?show=stripe")


def test_a_refund_is_paid_by_hand_by_two(desk, society, officers):
    row = owed(society)
    here = f"refunds/{row.pk}/"
    desk.sit(officers[0])
    assert "Give the cheque number" in desk.send(here, act="prepare", how="cheque", note="").content.decode()
    assert "Choose how it is paid back." in desk.send(here, act="prepare", note="x").content.decode()
    assert desk.send(here, act="prepare", how="cheque", note="Cheque 000123").status_code == 302
    assert "Another officer must sign in" in desk.look(here)
    desk.send(here, act="approve")
    assert fresh(row).state == "due"
    desk.sit(officers[1])
    home = desk.client.get(f"/office/{society.slug}/").content.decode()
    assert "Refund of £500 to" in home
    assert "Needs you" in home
    assert "Approve: it is paid back" in desk.look(here)
    desk.send(here, act="approve")
    assert (fresh(row).state, fresh(row).done_note) == ("done", "Cheque 000123")
    assert "It came back" in desk.look(here)
    desk.send(here, act="came-back")
    assert fresh(row).state == "failed"
    desk.send(here, act="nonsense")


def test_bank_details_are_typed_checked_masked_and_shown_whole_only_to_whoever_asks(desk, society, officers):
    row = owed(society)
    here = f"refunds/{row.pk}/"
    desk.sit(officers[1])
    text = desk.send(here, act="bank", **BANK | {"sort_code": "12345"}).content.decode()
    assert "Enter a valid sort code like 309430." in text
    assert 'value="733445"' in text  # what was typed is kept
    assert desk.send(here, act="bank", **BANK).status_code == 302
    text = desk.look(here)
    assert "••-••-30 ••••3445" in text
    assert "733445" not in text
    assert "00733445" in desk.send(f"{here}account/").content.decode()
    assert AuditEvent.objects.filter(act="payee.look", actor=officers[1]).count() == 1
    desk.send(here, act="bank", **BANK | {"account_number": "11111111"})
    assert "Telephone the applicant" in desk.look(here)


def test_a_file_for_the_bank_is_made_by_two_and_carried_out(desk, society, officers):
    rows = [owed(society), owed(society, 250_00)]
    for row in rows:
        payees.give(row.application, **BANK)
    desk.sit(officers[0])
    assert "2 refunds can go into a file." in desk.look("refunds/")
    text = desk.look("files/new/")
    assert text.count("checked") >= 2
    day = working_day()
    fields = {"pay_on_day": day.day, "pay_on_month": day.month, "pay_on_year": day.year, "bank_format": "bacs-csv"}
    assert "Choose at least one refund." in desk.send("files/new/", **fields).content.decode()
    sent = desk.send("files/new/", refunds=[str(row.pk) for row in rows], **fields)
    assert sent.status_code == 302
    batch = RefundBatch.objects.get()
    assert sent["Location"].endswith(f"/files/{batch.number}/")
    text = desk.look("files/1/")
    assert batch.file_sha256 in text
    assert "00733445" not in text
    desk.send("files/1/", act="approve")
    desk.send("files/1/", act="sent")
    assert fresh(batch).state == "prepared"
    desk.sit(officers[1])
    assert "Refunds file 1 of £750" in desk.client.get(f"/office/{society.slug}/").content.decode()
    assert batch.file_sha256 in desk.look("files/1/")
    desk.send("files/1/", act="approve")
    content = desk.client.get(desk.base + "files/1/file")
    assert hashlib.sha256(content.content).hexdigest() == batch.file_sha256
    assert content["Content-Disposition"] == 'attachment; filename="refunds-1.csv"'
    assert AuditEvent.objects.filter(act="refund-batch.download", actor=officers[1]).count() == 1
    desk.send("files/1/", act="sent")
    assert [fresh(row).state for row in rows] == ["sent", "sent"]
    assert "has the bank paid it?" in desk.client.get(f"/office/{society.slug}/").content.decode()
    desk.send("files/1/", act="sent-back", line="2")
    for nothing in ("", "x", "9", "²"):
        assert desk.send("files/1/", act="sent-back", line=nothing).status_code == 404
    desk.send("files/1/", act="finish")
    assert [fresh(row).state for row in rows] == ["done", "failed"]
    assert "The bank returned the money." in desk.look("refunds/?show=society")
    assert desk.client.get(desk.base + "files/1/file").status_code == 404


def test_a_file_that_no_longer_is_what_was_prepared_is_neither_given_out_nor_approved(desk, society, officers):
    row = owed(society)
    payees.give(row.application, **BANK)
    batch = batches.prepare(society, refund_ids=[row.pk], bank_format="pain.001", pay_on=working_day(), by=officers[0])
    payees.give(row.application, **BANK | {"account_number": "11111111"})
    desk.sit(officers[1])
    assert "no longer the one that was prepared" in desk.look("files/1/")
    assert desk.client.get(desk.base + "files/1/file").status_code == 302
    desk.send("files/1/", act="approve")
    assert batches.approval(batch).approved_at is None
    desk.send("files/1/", act="give-up")
    assert fresh(batch).state == "given-up"
    assert "£500" in desk.look("files/new/")


@pytest.mark.parametrize("role", [OfficerRole.AUDITOR, OfficerRole.BOARD])
def test_who_may_only_look_sees_no_whole_number_and_changes_nothing(desk, society, officers, role):
    row = owed(society)
    payees.give(row.application, **BANK)
    batches.prepare(society, refund_ids=[row.pk], bank_format="bacs-csv", pay_on=working_day(), by=officers[0])
    desk.sit(factories.make_officer(society, role))
    assert "733445" not in desk.look(f"refunds/{row.pk}/") + desk.look("files/1/") + desk.look("refunds/")
    for path in (f"refunds/{row.pk}/", "files/1/"):
        assert desk.send(path, act="approve").status_code == 403
    assert desk.send(f"refunds/{row.pk}/account/").status_code == 404
    assert desk.client.get(desk.base + "files/1/file").status_code == 404
    assert desk.client.get(desk.base + "files/new/").status_code == 404


def test_another_societys_officer_finds_nothing(desk, society, officers):
    row = owed(society)
    other = factories.make_society()
    desk.sit(factories.make_officer(other))
    for path in (f"refunds/{row.pk}/", f"refunds/{row.pk}/account/", "files/1/", "files/1/file"):
        for base in (desk.base, f"/office/{other.slug}/money/"):
            statuses = {desk.client.get(base + path).status_code, desk.client.post(base + path).status_code}
            assert statuses <= {404, 405}, path
    assert fresh(row).taken_by is None


def test_an_applicant_gives_bank_details_behind_the_link_and_they_are_never_shown_whole(client, society):
    row = owed(society)
    page, here = f"/a/{row.application.token}/", f"/a/{row.application.token}/bank-details/"
    assert "Tell us your bank details" in client.get(page).content.decode()
    assert "£500 goes back to you." in client.get(here).content.decode()
    wrong = client.post(here, BANK | {"account_number": "12"}).content.decode()
    assert "Account number must be between 6 and 8 digits." in wrong
    assert client.post(here, BANK | {"account_name": "李"}).status_code == 200
    assert client.post(here, BANK).status_code == 302
    assert PayeeAccount.objects.get().given_by is None
    for address in (page, here):
        text = client.get(address).content.decode()
        assert "••-••-30 ••••3445" in text
        assert "733445" not in text


def test_nobody_is_asked_for_bank_details_while_no_refund_waits(client, society):
    application = factories.paid(factories.make_offer(society))
    here = f"/a/{application.token}/bank-details/"
    assert client.get(here).status_code == 404
    assert client.post(here, BANK).status_code == 404
    assert "bank-details" not in client.get(f"/a/{application.token}/").content.decode()
    assert not PayeeAccount.objects.exists()
