"""What the measurements compare with still does what the site does."""

import pytest

from bench import purchases, seeding
from compliance.models import Decision
from offers.models import Application, Exposure, ShareOffer

pytestmark = pytest.mark.django_db(transaction=True)


def counts(offer: ShareOffer) -> dict[str, int]:
    """How many rows a society has that a purchase adds to, and what was taken."""
    offer.refresh_from_db()
    return {
        "applications": Application.objects.count(),
        "decisions": Decision.objects.count(),
        "exposures": Exposure.objects.count(),
        "taken": offer.taken_pence,
    }


def test_a_purchase_in_sql_alone_writes_the_rows_that_the_verb_writes(tmp_path):
    offer = purchases.open_offer(seeding.society(members=1))
    purchases.buy(offer)  # the first of a society makes what the others find
    before = counts(offer)
    purchases.buy(offer)
    by_verb = counts(offer)
    purchases.by_sql(purchases.script(offer, tmp_path), transactions=1)
    by_sql = counts(offer)
    assert {name: by_verb[name] - before[name] for name in before} == {
        name: by_sql[name] - by_verb[name] for name in before
    }
    assert by_sql["applications"] == before["applications"] + 2
