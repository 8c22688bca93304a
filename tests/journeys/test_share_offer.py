"""A share offer from the first look to the register, in a browser as wide as a phone and without JavaScript."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pypdfium2
import pytest

from common import clock
from members import allotment, books
from offers.models import Application
from payments import sending, webhooks
from payments.models import Receipt, Refund
from tests.journeys.conftest import ACCOUNT, last_mail
from tests.journeys.visitor import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADA, BEN, CAI = "ada@example.org", "ben@example.org", "cai@example.org"


def test_from_the_first_look_to_the_register(stage):
    ada = looks_around_and_applies(stage)
    pays_by_card(stage, ada)
    ben = applies_in_short(stage, "Benjamin Oyelaran", BEN, "Bank transfer")
    treasurer = records_the_transfer(stage, ben)
    changes_her_mind(stage, applies_in_short(stage, "Cai Morgan", CAI, "Debit card"))
    secretary = closes_early(stage)
    with clock.stopped(allotment.earliest(stage.offer) + timedelta(minutes=1)):
        two_decide(stage, secretary, treasurer)
        sees_her_shares(stage)
        looks_at_the_register(stage, secretary)
        looks_at_a_desk(stage, secretary)
    assert list(books.faults()) == []


# == A resident applies ==


def looks_around_and_applies(stage):
    """Ada finds the offer, makes one mistake on the way, and changes one answer at the end."""
    ada = stage.visitor()
    ada.open("/")
    ada.look("home", "Open now", "Fellgate Community Shop Limited")
    ada.follow("Fellgate Community Shop Limited")
    ada.look("offer", "Buy the shop on the green", "Don’t invest unless you’re prepared to lose")
    assert ada.top_of(".risk-head") < ada.top_of("main .button") < 640  # both on the first screen
    ada.go(ada.page.locator(".brand"))
    ada.look("society", "What our rules say")
    ada.follow("Buy the shop on the green")
    ada.follow("Apply for shares")
    ada.look("before-you-start", "What you need", "Don’t invest unless you’re prepared to lose")
    ada.follow("Start")
    answers_each_question(ada)
    ada.look("check", "Ada Nightingale", "27 March 1951", "£250: 250 shares of £1")
    ada.follow("Change Amount")
    assert ada.value_of("amount_pence") == "250"
    ada.write(amount_pence="300")
    ada.press("Continue")
    ada.look("check-changed", "£300: 300 shares of £1")
    return ada


def answers_each_question(ada):
    ada.look("who", "Who will own the shares?")
    ada.choose("Myself")
    ada.press("Continue")
    ada.look("amount", "How much do you want to invest?")
    assert ada.top_of(".risk-head") < ada.top_of("form .button")
    ada.write(amount_pence="255")
    ada.press("Continue")
    ada.look("amount-wrong", "There is a problem")
    said = ada.page.locator(".error").inner_text()
    assert "£250 or £260 would do" in said
    assert said.removeprefix("Error:").strip() in ada.page.locator(".summary-wrong").inner_text()
    assert ada.value_of("amount_pence") == "255"
    ada.write(amount_pence="250")
    ada.press("Continue")
    ada.look("name", "What is your name?")
    answers_the_rest(ada, "Ada Nightingale", ADA, look=True)


def answers_the_rest(visitor, name: str, email: str, *, look: bool = False):
    visitor.write(name=name, born_on_day="27", born_on_month="3", born_on_year="1951")
    visitor.press("Continue")
    if look:
        visitor.look("address", "What is the postal address?")
    visitor.write(line1="2 Low Street", town="Fellgate", postcode="la14 5ab")
    visitor.press("Continue")
    if look:
        visitor.look("contact", "How can we reach you?")
    visitor.write(email=email)
    visitor.press("Continue")
    if look:
        visitor.look("risks", "Do not apply")
    visitor.tick_all()
    visitor.press("Continue")


def applies_in_short(stage, name: str, email: str, method: str):
    """Somebody who knows the way."""
    visitor = stage.visitor()
    visitor.open(f"{stage.offer_page}apply/who/")
    visitor.choose("Myself")
    visitor.press("Continue")
    visitor.write(amount_pence="400")
    visitor.press("Continue")
    answers_the_rest(visitor, name, email)
    visitor.choose(method)
    visitor.press("Apply for £400")
    return visitor


# == Paying ==


def pays_by_card(stage, ada):
    """A card that is declined, then one that is taken; Stripe is away when she comes back; the webhook comes last."""
    ada.choose("Debit card")
    ada.press("Apply for £300")
    assert ada.page.url.startswith(stage.fake.url)
    ada.page.screenshot(path=stage.album.place("stripe"), full_page=True)
    for _ in range(3):
        stage.fake.inject("GET", "/v1/checkout/sessions/", "500")
    ada.page.locator("[value=pm_card_visa_debit]").check()
    ada.press("Pay £300.00")
    ada.look("paid-checking", "We are checking your payment", "Please do not pay again")
    ada.follow("Look again now")
    ada.look("paid", "Paid. Thank you", "£300")
    assert Receipt.objects.count() == 1
    assert {sent["status"] for sent in stage.fake.deliver()} == {200}
    webhooks.work_through()
    ada.page.reload()
    ada.look("paid-after-webhook", "Paid. Thank you")
    assert Receipt.objects.count() == 1
    letter = last_mail(ADA)
    assert "£300" in letter.subject
    assert letter.from_email.startswith("Fellgate Community Shop Limited <")
    assert letter.body.rstrip().endswith("01229 496 0123")
    ada.leave()


def records_the_transfer(stage, ben):
    """Ben is told where to send the money; the treasurer finds it at the bank and writes it down."""
    ben.look("transfer", "08-92-99", "66374958", "£400")
    reference = ben.page.locator(".panel .reference").inner_text().strip()
    assert reference in last_mail(BEN).body
    treasurer = stage.signed_in("treasurer@fellgate.example", "sign-in")
    treasurer.look("officer-home", "Societies you act for")
    treasurer.follow("Fellgate Community Shop Limited")
    treasurer.look("to-do", "To do")
    treasurer.go(treasurer.page.locator(".sections").get_by_text("Applications"))
    treasurer.write(search=reference.lower())
    treasurer.press("Show")
    treasurer.look("applications", "1 application", "Benjamin Oyelaran")
    treasurer.follow(reference)
    treasurer.look("application", "Record money that came")
    treasurer.write(note="B OYELARAN")
    treasurer.press("Record it")
    treasurer.look("application-paid", "Recorded. The application is paid.", "B OYELARAN")
    ben.page.reload()
    ben.look("transfer-paid", "Paid. Thank you")
    ben.leave()
    return treasurer


def changes_her_mind(stage, cai):
    """Paid by card and cancelled within the cooling-off: all of it goes back to the card."""
    cai.page.locator("[value=pm_card_visa_debit]").check()
    cai.press("Pay £400.00")
    cai.follow("Cancel this application")
    cai.look("cancel", "Do you want to cancel your application?", "You get back £400")
    cai.press("Yes, cancel it")
    cai.look("cancelled", "Your application is cancelled.", "On its way")
    assert sending.send_due() == 1
    stage.fake.deliver()
    webhooks.work_through()
    cai.page.reload()
    cai.look("refunded", "Paid back", "£400")
    assert Refund.objects.get().state == "done"
    assert [refund["amount"] for refund in stage.fake.world.store.each(ACCOUNT, "refund")] == [400_00]
    cai.leave()


# == The officers decide ==


def closes_early(stage):
    secretary = stage.signed_in("secretary@fellgate.example")
    secretary.open(f"{stage.desk}offers/")
    secretary.look("offers", "Buy the shop on the green")
    secretary.follow("Write an offer")
    secretary.press("Save the draft")
    secretary.look("draft-wrong", "There is a problem", "Fill in “Title”.", "Fill in “What the money is for”.")
    secretary.open(f"{stage.desk}offers/")
    secretary.follow("Buy the shop on the green")
    secretary.look("offer-desk", "What you can do", "£700")
    secretary.follow("Close it now")
    secretary.look("close", "Close the offer now?")
    secretary.press("Close it now")
    secretary.look("closed", "The offer is closed.")
    stage.offer.refresh_from_db()
    return secretary


def two_decide(stage, secretary, treasurer):
    """The secretary puts the working before the treasurer, who approves it."""
    decide = f"{stage.desk}offers/{stage.offer.slug}/decide/"
    secretary.open(stage.desk)
    secretary.look("to-do-decide", "Decide “Buy the shop on the green”")
    secretary.open(decide)
    secretary.look("decide", "Everybody gets all they applied for.", "£700")
    secretary.press("Put it before another officer")
    secretary.look("decide-prepared", "You prepared this.")
    assert secretary.page.get_by_role("button", name="Approve").count() == 0
    treasurer.open(decide)
    treasurer.look("decide-second", "Sian Price prepared this")
    treasurer.press("Approve and allot the shares")
    treasurer.look("decided", "The shares are allotted.")
    treasurer.leave()


# == What came of it ==


def sees_her_shares(stage):
    letter = last_mail(ADA)
    assert "Your share certificate" in letter.subject
    assert letter.attachments[0][1].startswith(b"%PDF")
    ada = stage.signed_in(ADA)
    ada.look("your-shares", "300 shares, held by Ada Nightingale", "Valid")
    ada.follow("Share certificate")
    ada.look("certificate-page", "Ada Nightingale", "300")
    kind, paper = ada.fetch("PDF")
    assert kind == "application/pdf"
    sheet = pypdfium2.PdfDocument(paper)[0]
    sheet.render(scale=1.5).to_pil().save(stage.album.place("certificate"))
    text = sheet.get_textpage().get_text_range()
    assert "Ada Nightingale" in text
    address = next(line for line in letter.body.splitlines() if "/v/" in line)
    ada.open(address)
    ada.look("certificate-check", "is valid", "300")
    assert "Nightingale" not in ada.text()
    ada.open(f"/a/{Application.objects.get(email=ADA).token}/")
    ada.look("allotted", "You are a member", "Open your share certificate")
    ada.leave()


def looks_at_the_register(stage, secretary):
    secretary.open(f"{stage.desk}register/")
    secretary.look("register", "5 members", "Ada Nightingale", "Benjamin Oyelaran")
    secretary.open(f"{stage.desk}register/downloads/")
    secretary.look("downloads", "Downloads")
    kind, lines = secretary.fetch("CSV")
    assert kind.startswith("text/csv")
    assert "Ada Nightingale" in lines.decode("utf-8-sig")
    _, book = secretary.fetch("XLSX")
    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True) for cell in row
    ]
    assert "Benjamin Oyelaran" in cells
    secretary.open(f"{stage.desk}register/")
    secretary.follow("Ada Nightingale")
    secretary.look("member", "300 shares")


def looks_at_a_desk(stage, secretary):
    """The main pages once more, as wide as a desk's screen."""
    wide = stage.visitor(size=DESK, cookies=secretary.cookies())
    pages = {
        "home": "/",
        "society": f"/societies/{stage.society.slug}/",
        "offer": stage.offer_page,
        "shares": "/your-shares/",
        "to-do": stage.desk,
        "offers": f"{stage.desk}offers/",
        "offer-desk": f"{stage.desk}offers/{stage.offer.slug}/",
        "draft": f"{stage.desk}offers/new/",
        "applications": f"{stage.desk}applications/",
        "application": f"{stage.desk}applications/{Application.objects.get(email=BEN).reference}/",
        "money": f"{stage.desk}money/",
        "register": f"{stage.desk}register/",
        "member": f"{stage.desk}register/members/4/",
        "people": f"{stage.desk}people/",
    }
    for name, address in pages.items():
        wide.open(address)
        wide.look(f"wide-{name}")
    wide.leave()
    secretary.leave()
