"""The offer page as visitors get it from granian, beside an empty page that the same server keeps the same way."""

from __future__ import annotations

from django.urls import reverse

from bench import seeding, server
from bench.figure import Figure
from bench.purchases import buy, open_offer
from bench.timing import in_turns
from bench.visitors import requests_a_second

ROUNDS, PURCHASES = 5, 100


def measure() -> list[Figure]:
    offer = open_offer(seeding.society(members=1000))
    for _ in range(PURCHASES):
        buy(offer)
    page = reverse("offers:offer", args=[offer.society.slug, offer.slug])
    with server.running() as port:
        ours, limit = in_turns(
            lambda: requests_a_second(port, page), lambda: requests_a_second(port, "/bench/empty/"), rounds=ROUNDS
        )
    said = "the offer page on granian, two workers, 32 kept connections; an empty page kept the same way"
    return [Figure("offer_page", ours, limit, "a second", bar=0.6, more_is_better=True, of=said)]
