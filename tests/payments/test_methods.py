"""Which ways of paying a sum are offered, at their edges; what they cost; how long a debit keeps its place."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from common import clock
from offers.choices import Method
from payments import methods
from payments.tariffs import tariff

EVERY = frozenset({"card_payments", "pay_by_bank_payments", "bacs_debit_payments"})
TODAY = date(2026, 11, 25)
TARIFF = tariff(TODAY)


def offered(amount_pence: int, *, capabilities=EVERY, raised=None, takes_cash=False) -> list[str]:
    found = methods.usable(
        amount_pence=amount_pence,
        capabilities=capabilities,
        raised=raised or {},
        takes_cash=takes_cash,
        tariff=TARIFF,
    )
    return [str(method) for method in found]


@pytest.mark.parametrize(
    ("amount_pence", "online"),
    [
        (49, ["card"]),
        (50, ["card", "pay-by-bank"]),
        (50_00, ["card", "pay-by-bank"]),
        (2_000_00, ["card", "pay-by-bank"]),
        (2_000_01, ["pay-by-bank", "direct-debit"]),
        (10_000_00, ["pay-by-bank", "direct-debit"]),
        (10_000_01, []),
        (100_000_00, []),
    ],
)
def test_the_table_of_amounts_at_its_edges(amount_pence, online):
    assert offered(amount_pence) == [*online, "bank-transfer", "cheque"]


def test_what_stripe_has_agreed_to_raises_the_limit_up_to_the_schemes_own():
    raised = {Method.DIRECT_DEBIT: 50_000_00, Method.PAY_BY_BANK: 20_000_00}
    assert offered(20_000_00, raised=raised) == ["pay-by-bank", "direct-debit", "bank-transfer", "cheque"]
    assert offered(50_000_00, raised=raised) == ["direct-debit", "bank-transfer", "cheque"]
    assert offered(50_000_01, raised=raised) == ["bank-transfer", "cheque"]
    assert offered(100_000_01, raised={Method.DIRECT_DEBIT: 900_000_00}) == ["bank-transfer", "cheque"]
    assert "pay-by-bank" in offered(10_000_00, raised={Method.PAY_BY_BANK: 1_00})  # an agreement never takes away


def test_a_bank_transfer_is_always_offered_and_nothing_that_stripe_has_not_made_active():
    assert offered(500_00, capabilities=frozenset()) == ["bank-transfer", "cheque"]
    assert offered(500_00, capabilities=frozenset({"card_payments"})) == ["card", "bank-transfer", "cheque"]
    assert offered(500_00, takes_cash=True)[-1] == "cash"


@pytest.mark.parametrize(
    ("name", "amount_pence", "fee_pence"),
    [
        ("card", 500_00, 7_70),
        ("card", 2_000_00, 30_20),
        ("card", 33, 20),
        ("card", 34, 21),  # half a penny goes up
        ("direct-debit", 10_00, 20),
        ("direct-debit", 100_00, 1_00),
        ("pay-by-bank", 100_00, None),
    ],
)
def test_what_a_payment_costs_the_society(name, amount_pence, fee_pence):
    assert TARIFF.methods[name].fee_pence(amount_pence) == fee_pence


def test_refunding_an_offer_of_fifty_thousand_pounds_by_a_hundred_cards():
    cost = methods.refund_cost(TARIFF.methods["card"], sum_pence=50_000_00, each_pence=500_00)
    assert (cost.payments, cost.fee_pence) == (100, 770_00)
    uneven = methods.refund_cost(TARIFF.methods["card"], sum_pence=1_100_00, each_pence=500_00)
    assert (uneven.payments, uneven.fee_pence) == (3, 2 * 7_70 + 1_70)
    assert methods.refund_cost(TARIFF.methods["pay-by-bank"], sum_pence=1_00, each_pence=1_00) is None


def test_every_figure_has_its_source_and_its_day():
    assert TARIFF.read_on <= TODAY
    assert all(terms.source for terms in TARIFF.methods.values())
    assert TARIFF.hold.source
    assert TARIFF.hold.days_ours < TARIFF.hold.days_most
    assert tariff(date(2020, 1, 1)) == TARIFF  # nothing older is known


def test_a_debit_keeps_its_place_for_ten_working_days():
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=clock.LONDON)
    assert clock.london(methods.debit_answered_by(friday)).isoformat() == "2026-12-11T23:59:59"
    saturday = datetime(2026, 11, 28, 9, 0, tzinfo=clock.LONDON)
    assert clock.london(methods.debit_answered_by(saturday)).date() == date(2026, 12, 11)


@pytest.mark.parametrize("method", Method)
def test_every_way_says_how_long_it_takes_and_nothing_of_fees(method):
    words = methods.waits(method, transfer_days=10, tariff=TARIFF)
    assert words.endswith(".")
    assert "£" not in words
