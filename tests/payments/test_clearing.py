"""The clearing ledger: every type of movement has its account or goes to suspense, each once, and all adds up."""

from __future__ import annotations

import typing

import pytest
import stripe
from django.db import DatabaseError, connection, transaction

from common import clock
from payments import clearing, gateway, suspense
from payments.choices import MUST_RETURN_TO_ZERO, ClearingAccount
from payments.models import Posting, PostingSet, SuspenseItem
from tests.factories import make_society
from tests.payments.conftest import ACCOUNT

C = ClearingAccount
DECLARED = typing.get_args(stripe.BalanceTransaction.__annotations__["type"])  # literals, or any other text
TYPES = [value for part in DECLARED for value in typing.get_args(part) if isinstance(value, str)]
MAPPED = {
    "charge": C.IN_TRANSIT, "payment": C.IN_TRANSIT,
    "refund": C.REFUNDS, "payment_refund": C.REFUNDS, "refund_failure": C.REFUNDS,
    "payout": C.PAYOUTS, "payout_cancel": C.PAYOUTS, "payout_failure": C.PAYOUTS,
    "topup": C.BANK, "topup_reversal": C.BANK,
    "stripe_fee": C.FEES, "stripe_fx_fee": C.FEES, "tax_fee": C.FEES,
    "reserve_transaction": C.RESERVE, "reserved_funds": C.RESERVE, "reserve_hold": C.RESERVE,
    "reserve_release": C.RESERVE, "payout_minimum_balance_hold": C.RESERVE,
    "payout_minimum_balance_release": C.RESERVE, "payment_network_reserve_hold": C.RESERVE,
    "payment_network_reserve_release": C.RESERVE,
}  # fmt: skip


def movement(kind: str = "charge", **changes) -> gateway.Movement:
    facts = {"id": f"txn_{kind}", "type": kind, "category": kind, "source": "ch_1", "amount_pence": 100_00,
             "fee_pence": 1_70, "net_pence": 98_30, "currency": "gbp", "created": 1_800_000_000,
             "is_in_balance": True}  # fmt: skip
    return gateway.Movement(**facts | changes)


def test_the_pinned_version_names_its_types():
    assert len(TYPES) > 40
    assert set(MAPPED) < set(TYPES)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [*TYPES, "a_type_of_next_year"])
def test_every_type_has_its_account_or_goes_to_suspense_and_a_person(kind):
    society = make_society()
    assert clearing.post(society.pk, ACCOUNT, movement(kind))
    side = MAPPED.get(kind, C.SUSPENSE)
    lines = dict(Posting.objects.values_list("account", "amount_pence"))
    if side == C.FEES:
        assert lines == {"stripe": 98_30, "fees": -98_30}
    else:
        assert lines == {"stripe": 98_30, "fees": 1_70, str(side): -100_00}
    named = SuspenseItem.objects.filter(kind="unknown-movement", subject=f"txn_{kind}").exists()
    assert named == (side == C.SUSPENSE)


def test_an_adjustment_is_of_a_dispute_or_of_nothing_that_we_know():
    assert clearing.other_side(movement("adjustment", source="du_1")) == C.DISPUTES
    assert clearing.other_side(movement("adjustment", source="")) == C.SUSPENSE


@pytest.mark.django_db
def test_a_movement_is_posted_once_however_often_it_is_seen():
    society = make_society()
    assert [clearing.post(society.pk, ACCOUNT, movement()) for _ in range(3)] == [True, False, False]
    assert (PostingSet.objects.count(), Posting.objects.count()) == (1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "kind"), [({"currency": "eur"}, "wrong-currency"),
                                               ({"is_in_balance": False}, "unknown-movement")])  # fmt: skip
def test_what_is_no_pence_in_the_balance_is_named_and_not_posted(changes, kind):
    society = make_society()
    assert not clearing.post(society.pk, ACCOUNT, movement(**changes))
    assert (SuspenseItem.objects.get().kind, Posting.objects.count()) == (kind, 0)


@pytest.mark.django_db
def test_postings_that_do_not_add_up_are_refused_at_the_end_of_their_transaction():
    society = make_society()
    lines = {C.STRIPE: 5, C.BANK: -4}
    with pytest.raises(DatabaseError, match="add up to nothing"), transaction.atomic():
        clearing.write(society.pk, "x", "x", lines, source="", happened_at=clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_an_account_that_must_return_shows_its_figure_and_the_age_of_its_oldest_sum():
    society = make_society()
    for number in (1, 2):
        paid = movement(id=f"txn_{number}", source=f"ch_{number}", amount_pence=number * 100, fee_pence=0,
                        net_pence=number * 100)  # fmt: skip
        clearing.post(society.pk, ACCOUNT, paid)
    back = {C.IN_TRANSIT: 100, C.APPLICANTS: -100}
    clearing.write(society.pk, "receipt:1", "receipt", back, source="ch_1", happened_at=clock.now())
    totals = {total.account: total for total in clearing.totals(society.pk)}
    open_one = totals[C.IN_TRANSIT]
    assert (open_one.pence, open_one.pieces, open_one.is_open) == (-200, 1, True)
    assert open_one.oldest_at == PostingSet.objects.get(key="txn_2").posted_at
    assert {total.account for total in totals.values() if total.must_return} == set(MUST_RETURN_TO_ZERO)
    assert [total for total in totals.values() if total.is_open] == [open_one]
    assert clearing.balance_pence(society.pk, ACCOUNT) == 300


@pytest.mark.django_db
def test_what_is_settled_by_a_person_leaves_the_account_that_must_return():
    society = make_society()
    clearing.post(society.pk, ACCOUNT, movement("contribution", source="x_1"))
    with transaction.atomic():
        item = suspense.lock(SuspenseItem.objects.get())
        assert clearing.settle(item) == -100_00
    totals = {total.account: total.pence for total in clearing.totals(society.pk)}
    assert (totals[C.SUSPENSE], totals[C.SETTLED]) == (0, -100_00)
