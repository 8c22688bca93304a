"""Every page of money, as those who pay see it: cards, banks, promises, transfers, and what goes wrong on the way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from common import clock
from members import books
from offers.choices import ApplicationState, Collection, Method
from offers.models import Application
from payments import collecting, receipts
from payments.choices import LIVE_ATTEMPTS
from payments.models import CheckoutAttempt, PayeeAccount, Promise, Receipt, Refund
from tests.factories import applicant, person, submit, take
from tests.journeys.conftest import ACCOUNT, an_offer, last_mail
from tests.journeys.visitor import DESK, Album

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD, DECLINED, SECURE, CREDIT = (
    "pm_card_visa_debit", "pm_card_visa_chargeDeclined", "pm_card_authenticationRequired", "pm_card_visa",
)  # fmt: skip
NEVER = re.compile(r"\bfailed\b|\bnot paid\b|not been charged", re.IGNORECASE)  # is not said while nobody knows


@pytest.fixture
def album(request):
    return Album("journey/" + re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-"))


@pytest.fixture
def payer(stage, request):
    """Makes a payer. They share two browsers, one as wide as a phone and one as a desk: nobody signs in."""
    phone = stage.visitor(script=getattr(request, "param", False))
    desk = stage.visitor(size=DESK)

    def make(name: str, method: str, **more) -> Payer:
        return Payer(stage, phone.second_tab(), desk, name, method, **more)

    yield make
    phone.leave()
    desk.leave()
    assert list(books.faults()) == []


class Payer:
    """Somebody who has applied, with a browser at their own page."""

    def __init__(self, stage, browser, desk, name: str, method: str, *, offer=None, amount_pence: int = 300_00):
        self.stage, self.browser, self.desk = stage, browser, desk
        who = applicant(person(name, email=f"{name.split()[0].lower()}@example.org"))
        self.application = submit(offer or stage.offer, amount_pence, by_whom=who, method=method)
        self.browser.open(self.address)

    @property
    def address(self) -> str:
        return f"/a/{self.application.token}/"

    def goes_to_stripe(self, words: str, browser=None) -> None:
        browser = browser or self.browser
        browser.press(words)
        assert browser.page.url.startswith(self.stage.fake.url)

    def gives(self, choice: str, browser=None, button: str = "Pay £") -> None:
        """Choose what shall happen on Stripe's page, and press its button."""
        browser = browser or self.browser
        browser.page.locator(f"[value={choice}]").check()
        browser.press(button)

    def state(self) -> str:
        self.application.refresh_from_db()
        return self.application.state

    def attempts(self):
        return CheckoutAttempt.objects.filter(application=self.application)

    def came_pence(self) -> list[int]:
        return list(Receipt.objects.filter(application=self.application).values_list("amount_pence", flat=True))

    def looks_from_a_desk(self, name: str) -> None:
        """The same page as wide as a desk's screen."""
        self.desk.open(self.address)
        self.desk.look(f"wide-{name}")


def test_cards(stage, payer):
    """Declined and then another one; 3-D Secure refused and then passed; back before Stripe's word, and after it."""
    ada = payer("Ada Nightingale", Method.CARD)
    ada.browser.look("waiting", "Application received", "Please pay £300", "Nothing is added to the sum")
    ada.looks_from_a_desk("waiting")
    ada.goes_to_stripe("Pay £300 by debit card")
    ada.browser.look("stripe", "£300.00", "ada@example.org")
    ada.gives(DECLINED)
    ada.browser.look("stripe-declined", "declined")
    assert (ada.state(), ada.came_pence()) == (ApplicationState.AWAITING_PAYMENT, [])
    ada.gives(CREDIT)
    ada.browser.look("stripe-credit", "Credit cards are not accepted here")
    ada.gives(SECURE)
    ada.browser.look("stripe-3ds", "Your bank asks: is this you?")
    ada.browser.press("Refuse")
    ada.browser.look("stripe-3ds-refused", "£300.00")
    assert (ada.state(), ada.came_pence()) == (ApplicationState.AWAITING_PAYMENT, [])
    ada.gives(SECURE)
    for _ in range(3):
        stage.fake.inject("GET", "/v1/checkout/sessions/", "500")
    ada.browser.press("Approve")
    ada.browser.look("checking", "We are checking your payment", "Please do not pay again")
    assert not NEVER.search(ada.browser.text())
    ada.browser.follow("Look again now")
    ada.browser.look("paid", "Paid. Thank you", "We have your £300")
    assert ada.attempts().count() == 1
    stage.news_arrives()
    ada.browser.open(ada.address)
    ada.browser.look("paid-after-the-webhook", "Paid. Thank you")
    assert ada.came_pence() == [300_00]
    ada.looks_from_a_desk("paid")
    never_comes_back(stage, payer)


def never_comes_back(stage, payer):
    """Paid, and the browser closed before it came back: the webhook alone does it, and the mail says so."""
    bea = payer("Bea Okoro", Method.CARD)
    bea.goes_to_stripe("Pay £300 by debit card")
    stage.fake.pay(bea.attempts().get().session_id, GOOD)
    bea.browser.open(bea.address)  # another day, from the mail
    bea.browser.look("never-came-back", "Application received")
    stage.news_arrives()
    bea.browser.open(bea.address)
    bea.browser.look("never-came-back-paid", "Paid. Thank you")
    assert "£300" in last_mail("bea@example.org").subject


@pytest.mark.parametrize("payer", [False, True], ids=["plain", "script"], indirect=True)
def test_back_button_and_two_tabs(stage, payer):
    """The browser's back button, and the same page in several tabs: one attempt, one payment, the truth in each."""
    cai = payer("Cai Morgan", Method.CARD)
    cai.goes_to_stripe("Pay £300 by debit card")
    there = cai.browser.page.url
    cai.browser.go_back()
    cai.browser.look("back", "Please pay £300")
    cai.goes_to_stripe("Pay £300 by debit card")
    assert cai.browser.page.url == there
    cai.browser.follow("Back")
    cai.browser.look("back-by-link", "Please pay £300")
    second, third = cai.browser.second_tab(), cai.browser.second_tab()
    for tab in (second, third):
        tab.open(cai.address)
    cai.goes_to_stripe("Pay £300 by debit card")
    cai.goes_to_stripe("Pay £300 by debit card", second)
    assert cai.attempts().filter(state__in=LIVE_ATTEMPTS).count() == cai.attempts().count() == 1
    cai.gives(GOOD, second)
    second.look("second-tab-paid", "Paid. Thank you")
    cai.gives(GOOD)
    cai.browser.look("first-tab", "Paid already")
    cai.browser.follow("Continue")
    cai.browser.look("first-tab-truth", "Paid. Thank you")
    third.look("third-tab-stale", "Please pay £300")
    third.press("Pay £300 by debit card")
    third.look("third-tab-truth", "Paid. Thank you")
    second.go_back()
    assert "£300.00" in second.text() or "Paid already" in second.text()
    stage.news_arrives()
    assert cai.came_pence() == [300_00]
    assert len(stage.fake.world.store.each(ACCOUNT, "charge")) == 1
    changes_the_way_in_another_tab(stage, payer)
    cancels_in_another_tab(stage, payer)


def changes_the_way_in_another_tab(stage, payer):
    """Stripe's page is open in one tab, and a bank transfer is chosen in another: the page can be paid no more."""
    dee = payer("Dee Hughes", Method.CARD)
    other = dee.browser.second_tab()
    other.open(dee.address)
    dee.goes_to_stripe("Pay £300 by debit card")
    other.follow("Pay another way")
    other.look("another-way", "Pay another way", "Nothing is added, whichever way you choose")
    other.press("Continue")
    other.look("another-way-wrong", "There is a problem", "Choose how you will pay.")
    other.choose("Bank transfer")
    other.press("Continue")
    other.look("another-way-transfer", "Please send £300", "08-92-99")
    dee.gives(GOOD)
    dee.browser.look("page-expired", "nothing can be paid here any more")
    dee.browser.follow("Back")
    dee.browser.look("page-expired-truth", "Please send £300")
    stage.news_arrives()
    assert (dee.state(), dee.came_pence()) == (ApplicationState.AWAITING_PAYMENT, [])
    dee.looks_from_a_desk("transfer")


def cancels_in_another_tab(stage, payer):
    """Stripe's page is open in one tab, and the application is cancelled in another: nothing can be paid any more."""
    eli = payer("Eli Watts", Method.CARD)
    other = eli.browser.second_tab()
    eli.goes_to_stripe("Pay £300 by debit card")
    other.open(eli.address)
    other.follow("Cancel this application")
    other.look("cancel", "Do you want to cancel", "You have paid nothing yet")
    other.follow("No, keep it")
    other.follow("Cancel this application")
    other.press("Yes, cancel it")
    other.look("cancelled", "Application cancelled")
    eli.gives(GOOD)
    eli.browser.look("cancelled-page-expired", "nothing can be paid here any more")
    eli.browser.follow("Back")
    eli.browser.look("cancelled-truth", "Application cancelled")
    stage.news_arrives()
    assert (eli.state(), eli.came_pence()) == (ApplicationState.CANCELLED, [])
    eli.looks_from_a_desk("cancelled")


def test_banks(stage, payer):
    """Pay by Bank refused and then approved; a debit that settles after days; one that bounces."""
    fay = payer("Fay Lindqvist", Method.PAY_BY_BANK)
    fay.browser.look("by-bank", "Pay £300 from your bank")
    fay.goes_to_stripe("Pay £300 from your bank")
    fay.gives("pm_payByBank_fail")
    fay.browser.look("stripe-by-bank-refused", "£300.00")
    fay.gives("pm_payByBank_success")
    fay.browser.look("by-bank-paid", "Paid. Thank you")
    stage.news_arrives()
    gus = gives_a_debit(payer, "Gus Petrov", "pm_bacsDebit_success")
    hal = gives_a_debit(payer, "Hal Brennan", "pm_bacsDebit_fail")
    stage.news_arrives()
    assert (gus.came_pence(), hal.came_pence()) == ([], [])
    with stage.at(clock.later(clock.now(), days=8)):
        stage.news_arrives()
        gus.browser.open(gus.address)
        gus.browser.look("debit-settled", "Paid. Thank you", "We have your £2,100")
        bounces(stage, hal)
    assert [fay.came_pence(), gus.came_pence(), hal.came_pence()] == [[300_00], [2_100_00], [2_100_00]]


def gives_a_debit(payer, name: str, how: str) -> Payer:
    """Direct Debit is for what is too much for a card."""
    she = payer(name, Method.DIRECT_DEBIT, amount_pence=2_100_00)
    she.browser.look("debit", "Pay £2,100 by Direct Debit")
    she.goes_to_stripe("Pay £2,100 by Direct Debit")
    she.gives(how)
    she.browser.look("debit-on-its-way", "Your Direct Debit of £2,100 is on its way", "You need not do anything")
    assert not NEVER.search(she.browser.text())
    assert she.browser.page.get_by_role("button", name="Pay").count() == 0
    return she


def bounces(stage, hal):
    """The bank sent it back: the payer is told by mail and on the page, and pays in another way."""
    letter = last_mail("hal@example.org")
    assert "Your bank did not make your payment" in letter.subject
    assert hal.application.token in letter.body
    hal.browser.open(hal.address)
    hal.browser.look("debit-bounced", "did not make the payment of £2,100 by Direct Debit", "No money was taken")
    hal.looks_from_a_desk("debit-bounced")
    hal.browser.follow("Pay another way")
    hal.browser.look("debit-bounced-another-way", "£2,100 is due", "Pay by Bank", "Bank transfer")
    hal.browser.choose("Pay by Bank")
    hal.browser.press("Continue")
    hal.gives("pm_payByBank_success")
    hal.browser.look("bounced-paid-by-bank", "Paid. Thank you")
    stage.news_arrives()


def test_transfers(stage, payer):
    """Where to send it and with which reference; too little, too much; cancelled, and where it shall go back to."""
    ivy = payer("Ivy Cole", Method.BANK_TRANSFER)
    reference = ivy.browser.page.locator("dd.reference").nth(2).inner_text().strip()
    ivy.browser.look("transfer", "Please send £300", "08-92-99", "66374958", reference, "Give the reference exactly")
    receipts.take(ivy.application, amount_pence=200_00, method=Method.BANK_TRANSFER)
    ivy.browser.open(ivy.address)
    ivy.browser.look("too-little", "We have received £200, and £300 is due", "Please send £100")
    ivy.looks_from_a_desk("too-little")
    receipts.take(ivy.application, amount_pence=100_00, method=Method.BANK_TRANSFER)
    ivy.browser.open(ivy.address)
    ivy.browser.look("transfer-paid", "Paid. Thank you")
    jon = payer("Jon Abara", Method.CHEQUE)
    jon.browser.look("cheque", "Please send a cheque for £300", "Fellgate Community Shop Limited")
    take(jon.application, 350_00, Method.CHEQUE)
    jon.browser.open(jon.address)
    jon.browser.look("too-much", "We have received £350", "only £300 is due", "you need not do anything")
    assert "Please send" not in jon.browser.text()
    says_where_it_goes_back(ivy)


def says_where_it_goes_back(ivy):
    """Her refund goes from the society's own account, so she says to which one of hers: behind her own link."""
    page = ivy.browser
    page.follow("Cancel this application")
    page.look("cancel-paid", "You get back £300")
    page.press("Yes, cancel it")
    page.look("cancelled-paid", "£300 goes back to you", "Waits", "Tell us your bank details")
    page.follow("Tell us your bank details")
    page.look("bank-details", "Where shall we pay your money back?", "£300")
    page.write(account_name="Ivy Cole", sort_code="20-00", account_number="1234")
    page.press("Save")
    page.look("bank-details-wrong", "There is a problem", "Enter a valid sort code", "between 6 and 8 digits")
    assert page.value_of("account_name") == "Ivy Cole"
    page.write(sort_code="20 00 00", account_number="55779911")
    page.press("Save")
    page.look("bank-details-given", "We have your bank details", "On its way", "Change the bank details")
    assert "55779911" not in page.text()
    assert PayeeAccount.objects.get().account_number == "55779911"
    page.follow("Change the bank details")
    page.look("bank-details-change", "Fill this in only to change it")
    assert page.value_of("account_number") == ""
    ivy.looks_from_a_desk("bank-details-given")
    assert set(Refund.objects.values_list("amount_pence", "state")) == {(200_00, "due"), (100_00, "due")}


def test_promises(stage, payer):
    """Nothing is taken before the close; a credit card is not kept; a bank that refuses later is asked again."""
    offer = an_offer(stage.society, slug="roof", collection=Collection.AT_CLOSE)
    kit = payer("Kit Larkin", Method.CARD, offer=offer)
    kit.browser.look("promise", "Please promise to pay £300", "Nothing is taken now")
    kit.goes_to_stripe("Give your debit card")
    kit.browser.look("stripe-promise")
    kit.gives(CREDIT, button="Save")
    kit.browser.look("promise-credit", "That was a credit card", "please give a debit card")
    kit.looks_from_a_desk("promise-credit")
    kit.goes_to_stripe("Give your debit card")
    kit.browser.go_back()
    kit.goes_to_stripe("Give your debit card")
    kit.gives("pm_card_authenticationRequiredOnSetup", button="Save")
    kit.browser.look("stripe-promise-3ds", "Your bank asks: is this you?")
    kit.browser.press("Approve")
    kit.browser.look("promised", "Promised. Thank you", "You have promised £300, and nothing has been taken")
    lee = payer("Lee Moss", Method.CARD, offer=offer)
    lee.goes_to_stripe("Give your debit card")
    lee.gives("pm_card_chargeCustomerFail", button="Save")
    lee.browser.look("promised-too", "Promised. Thank you")
    may = payer("May Doyle", Method.DIRECT_DEBIT, offer=offer, amount_pence=2_100_00)
    may.browser.look("promise-debit", "Give your bank details")
    may.goes_to_stripe("Give your bank details")
    may.gives("pm_bacsDebit_success", button="Save")
    may.browser.look("promised-debit", "Promised. Thank you")
    stage.news_arrives()
    assert not Receipt.objects.exists()
    kit.looks_from_a_desk("promised")
    is_collected(stage, offer, kit, lee, may)


def is_collected(stage, offer, kit, lee, may):
    """After the close: one is charged, one bank says no and its customer pays, one debit takes its days."""
    with stage.at(offer.closes_at() + timedelta(minutes=5)):
        collecting.run_due()
        stage.news_arrives()
        kit.browser.open(kit.address)
        kit.browser.look("promise-collected", "Paid. Thank you")
        may.browser.open(may.address)
        may.browser.look("promise-debit-on-its-way", "Your Direct Debit of £2,100 is on its way")
        assert lee.application.token in last_mail("lee@example.org").body
        lee.browser.open(lee.address)
        lee.browser.look("promise-refused", "did not make the payment of £300", "Please pay £300")
        lee.goes_to_stripe("Pay £300 by debit card")
        lee.gives(GOOD)
        lee.browser.look("promise-refused-paid", "Paid. Thank you")
    with stage.at(offer.closes_at() + timedelta(days=8)):
        stage.news_arrives()
        may.browser.open(may.address)
        may.browser.look("promise-debit-settled", "Paid. Thank you")
    assert [payer.came_pence() for payer in (kit, lee, may)] == [[300_00], [300_00], [2_100_00]]
    assert Promise.objects.filter(state="collected").count() == 2
    assert Application.objects.filter(offer=offer, state=ApplicationState.PAID).count() == 3
