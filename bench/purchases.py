"""Applications taken a second by eight clients at once, beside the same transaction written in SQL.

Every client is a process with a connection of its own; everybody applies to one offer, each time as a new person.
"""

from __future__ import annotations

import multiprocessing
import re
import tempfile
import time
import uuid
from pathlib import Path

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from bench import psql, seeding
from bench.figure import Figure
from bench.timing import in_turns
from common import clock
from compliance import overrides
from members.models import User
from offers import applications, lifecycle, versions
from offers.checklist import answering
from offers.holders import Applicant, PartyDetails
from offers.models import ShareClass, ShareOffer

CLIENTS, SECONDS, ROUNDS = 8, 4, 3
SCRIPT = Path(__file__).with_name("purchase.sql")


def open_offer(society) -> ShareOffer:
    """A published offer with room for more than can be bought here."""
    offer = ShareOffer.objects.create(
        society=society,
        share_class=ShareClass.objects.get(society=society),
        slug="shop",
        title="The shop",
        summary="To buy the village shop.",
        story="## What for\n\nThe shop, its **flat** and a van.\n" * 10,
        opens_on=clock.today(),
        minimum_pence=1_000_00,
        optimum_pence=1_000_000_000_00,
        maximum_pence=1_000_000_000_00,
        min_application_pence=100_00,
        max_application_pence=5_000_00,
        kind="open",
    )
    first, second = (User.objects.create_user(f"officer{number}@marlpit.example") for number in (1, 2))
    answering.answer_all(offer, lambda _item: "For the bench.", by=first, reviewed_by=second)
    reasons = overrides.one_reason(lifecycle.checklist(offer, member_count=100), "For the bench.")
    lifecycle.prepare_publication(offer, by=first, reasons=reasons)
    lifecycle.approve_publication(offer, by=second)
    return lifecycle.publish(offer, by=second, member_count=100)


def buy(offer: ShareOffer, amount_pence: int = 250_00):
    """One application of somebody new, through the verb that the pages use."""
    key = uuid.uuid4()
    person = PartyDetails(name=f"Person {key.hex[:8]}", email=f"{key.hex}@example.org")
    details = applications.Details(
        name=person.name, address=f"{key.int % 10**9} Low Street\nMarlpit", postcode="NR11 7LG", email=person.email
    )
    return applications.submit(
        offer,
        applicant=Applicant(kind="person", parties=(person,)),
        details=details,
        amount_pence=amount_pence,
        accept_less=False,
        method="bank-transfer",
        submission=key,
    )


def _client(offer_id, start, bought) -> None:
    offer = ShareOffer.objects.select_related("society", "share_class").get(pk=offer_id)
    buy(offer)
    start.wait()
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        buy(offer)
        count += 1
    bought.put(count)
    connections.close_all()


def by_the_verb(offer: ShareOffer) -> float:
    """Applications a second of all clients together."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start, bought = fork.Barrier(CLIENTS), fork.Queue()
    clients = [fork.Process(target=_client, args=(offer.pk, start, bought)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    total = sum(bought.get(timeout=120) for _ in clients)
    for client in clients:
        client.join()
    return total / SECONDS


def script(offer: ShareOffer, folder: Path) -> Path:
    """The file of one purchase in SQL alone, for this offer."""
    said = {"@society": offer.society_id, "@offer": offer.pk, "@version": versions.current(offer).pk}
    text = SCRIPT.read_text()
    for word, value in said.items():
        text = text.replace(word, f"'{value}'")
    file = folder / SCRIPT.name
    file.write_text(text)
    return file


def by_sql(file: Path, *, transactions: int | None = None) -> float:
    """The same transaction by pgbench, a second: as many clients, prepared statements; or one client so many times."""
    crowd = ("-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)) if transactions is None else ("-t", str(transactions))
    said = psql.run("pgbench", "-n", "-M", "prepared", *crowd, "-f", str(file))
    return float(re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)[1])


def queries(offer: ShareOffer, amount_pence: int) -> int:
    """Statements of one purchase besides BEGIN and COMMIT."""
    with CaptureQueriesContext(connection) as found:
        buy(offer, amount_pence)
    return sum(query["sql"] not in ("BEGIN", "COMMIT", "ROLLBACK") for query in found)


def measure() -> list[Figure]:
    offer = open_offer(seeding.society(members=1000))
    buy(offer)
    counted = {amount: queries(offer, amount) for amount in (100_00, 250_00, 5_000_00)}
    assert len(set(counted.values())) == 1, counted
    with tempfile.TemporaryDirectory() as name:
        file = script(offer, Path(name))
        ours, limit = in_turns(lambda: by_the_verb(offer), lambda: by_sql(file), rounds=ROUNDS)
    offer.refresh_from_db()
    taken = sum(offer.applications.values_list("due_pence", flat=True))
    assert taken == offer.taken_pence, "what was taken is not what the applications say"
    return [
        Figure("purchases", ours, limit, "a second", bar=0.2, more_is_better=True,
               of="applications taken by the verb, eight clients on one offer; the same transaction by pgbench"),
        Figure("purchase_queries", counted[250_00], 19, "statements", bar=1,
               of="statements of one purchase, but BEGIN and COMMIT, whatever the number of shares; the most wanted"),
    ]  # fmt: skip
