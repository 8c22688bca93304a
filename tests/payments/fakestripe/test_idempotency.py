"""Idempotency keys and faults: the same answer for the same key, work done once though its answer is lost."""

from __future__ import annotations

import pytest
import stripe

from tests.payments.fakestripe.conftest import OTHER, shares


def test_the_same_key_gives_the_same_answer(client, society):
    key = society | {"idempotency_key": "app_42:checkout:1"}
    one, two = (client.v1.checkout.sessions.create(shares(), key) for _ in range(2))
    assert one.id == two.id
    assert two.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(shares(client_reference_id="app_43"), key)


def test_a_key_belongs_to_one_account(client, society):
    ours = client.v1.checkout.sessions.create(shares(), society | {"idempotency_key": "k"})
    theirs = client.v1.checkout.sessions.create(shares(), {"stripe_account": OTHER, "idempotency_key": "k"})
    assert ours.id != theirs.id


def test_a_key_is_forgotten_after_a_day(fake, client, society):
    key = society | {"idempotency_key": "k"}
    one = client.v1.checkout.sessions.create(shares(), key)
    fake.advance(86_399)
    assert client.v1.checkout.sessions.create(shares(), key).id == one.id
    fake.advance(1)
    assert client.v1.checkout.sessions.create(shares(), key).id != one.id


def test_a_refused_parameter_uses_up_no_key(client, society):
    key = society | {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(shares(expire_at=1), key)
    assert client.v1.checkout.sessions.create(shares(), key).status == "open"


def test_a_key_has_a_longest_length(client, society):
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        client.v1.checkout.sessions.create(shares(), society | {"idempotency_key": "k" * 256})


def test_the_answer_is_lost_after_the_work_was_done(fake, client, society):
    """The library tries again by itself under the same key: one session, not two."""
    fake.inject("POST", "^/v1/checkout/sessions$", "timeout_after")
    session = client.v1.checkout.sessions.create(shares(), society)
    made = [asked for asked in fake.requests if asked["path"] == "/v1/checkout/sessions"]
    assert len(made) == 2
    assert len({asked["idempotency_key"] for asked in made}) == 1
    assert len(client.v1.checkout.sessions.list({}, society).data) == 1
    assert session.last_response.headers["Idempotent-Replayed"] == "true"


def test_without_retries_the_caller_must_keep_its_own_key(fake, make_client, society):
    client = make_client(retries=0)
    session = client.v1.checkout.sessions.create(shares(), society)
    intent = fake.pay(session.id)["payment_intent"]
    fake.inject("POST", "^/v1/refunds$", "timeout_after")
    key = society | {"idempotency_key": "refund:app_42:1"}
    with pytest.raises(stripe.APIConnectionError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 100}, key)
    client.v1.refunds.create({"payment_intent": intent, "amount": 100}, key)  # after a restart
    assert len(client.v1.refunds.list({}, society).data) == 1


def test_a_saved_500_stays_with_its_key(fake, client, society):
    """Nothing was done, yet the key never works again: look, then use the next key."""
    fake.inject("POST", "^/v1/checkout/sessions$", "500_saved")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.checkout.sessions.create(shares(), society | {"idempotency_key": "session:42:1"})
    assert client.v1.checkout.sessions.list({}, society).data == []
    assert client.v1.checkout.sessions.create(shares(), society | {"idempotency_key": "session:42:2"}).id


@pytest.mark.parametrize(
    ("kind", "error"),
    [("500", stripe.APIError), ("429", stripe.RateLimitError), ("timeout_before", stripe.APIConnectionError)],
)
def test_a_fault_happens_once_and_does_nothing(fake, make_client, society, kind, error):
    client = make_client(retries=0)
    fake.inject("POST", "^/v1/checkout/sessions$", kind)
    with pytest.raises(error):
        client.v1.checkout.sessions.create(shares(), society)
    assert client.v1.checkout.sessions.list({}, society).data == []
    assert client.v1.checkout.sessions.create(shares(), society).status == "open"


def test_a_key_that_is_being_answered_is_tried_again_by_the_library(fake, client, society):
    fake.inject("POST", "^/v1/checkout/sessions$", "409")
    assert client.v1.checkout.sessions.create(shares(), society).status == "open"
    assert len(client.v1.checkout.sessions.list({}, society).data) == 1


@pytest.mark.parametrize("kind", ["half_answer", "silent_after", "timeout_after"])
def test_work_is_done_though_nobody_hears_of_it(fake, make_client, society, kind):
    """An answer cut in the middle, a silence, a hang-up: the same key finds what was done."""
    client = make_client(retries=0, patience=0.5)
    fake.inject("POST", "^/v1/checkout/sessions$", kind)
    key = society | {"idempotency_key": "k"}
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(shares(), key)
    (made,) = client.v1.checkout.sessions.list({}, society).data
    assert client.v1.checkout.sessions.create(shares(), key).id == made.id


def test_silence_before_the_work_leaves_nothing(fake, make_client, society):
    client = make_client(retries=0, patience=0.5)
    fake.inject("POST", "^/v1/checkout/sessions$", "silent_before")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(shares(), society)
    assert client.v1.checkout.sessions.list({}, society).data == []


def test_an_unknown_fault_is_refused(fake):
    with pytest.raises(ValueError, match="No such fault"):
        fake.inject("POST", "/", "flood")
