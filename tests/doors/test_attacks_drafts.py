"""Drafts with everything an officer may type: refused in words, and shown again as it was typed."""

from __future__ import annotations

import pytest

from members.forms.offer import OfferForm
from members.views.office import drafting
from offers.choices import OfferState
from offers.models import ShareOffer
from tests import factories
from tests.doors.test_office import draft_answers

pytestmark = pytest.mark.django_db
NO_RATIO = {"ratio_tier": "", "ratio_percent": ""}


@pytest.fixture
def society():
    return factories.make_society()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slug": "new"}, "an address of ours already"),
        ({"closes_on_year": "9999"}, "from 1800 to 2199"),
        ({"opens_on_year": "1900"}, "had no rules on that day"),
        ({"transfer_days": "32767"}, "less than or equal to 100"),
        ({"cooling_off_days": "101"}, "less than or equal to 100"),
        ({"areas": "A; NR; 25; 100; 99999"}, "must be numbers"),
        ({"areas": "A; NR; 25; 100; -1"}, "must be numbers"),
        ({"areas": "A; ,"}, "each beginning of a postcode 1 to 10"),
        ({"areas": "A; NR11XXXXXXXXXX"}, "each beginning of a postcode 1 to 10"),
        ({"areas": "ABCDEFGHIJKLM; NR", **NO_RATIO}, "a code has at most 12 letters"),
        ({"areas": "A; NR; 100; 25"}, "smallest may not be above the largest"),
        ({"areas": "\n".join(f"A{n}; NR{n}" for n in range(201)), **NO_RATIO}, "at most 200 areas"),
        ({"pledges": "X; Here; 1; 10; always\nx; There; 1; 10"}, "Name each institution once"),
        ({"pledges": "P" * 201 + "; Here; 1; 10"}, "write a name"),
    ],
)
def test_what_no_offer_can_be_is_refused_and_writes_nothing(client, society, changes, words):
    client.force_login(factories.make_officer(society))
    page = client.post(f"/office/{society.slug}/offers/new/", draft_answers(society, **changes))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not ShareOffer.objects.filter(society=society).exists()


def test_areas_are_typed_again_as_they_were(client, society):
    client.force_login(factories.make_officer(society))
    areas = "A; NR11 NR12; 25.50; 1,000.75; 3"
    client.post(f"/office/{society.slug}/offers/new/", draft_answers(society, areas=areas))
    offer = ShareOffer.objects.get(society=society)
    assert OfferForm(society=society, instance=offer)["areas"].value() == areas
    tier = offer.tiers.get()
    assert (tier.min_application_pence, tier.max_application_pence) == (25_50, 1_000_75)


def test_the_same_draft_sent_twice_at_once_is_one(client, society, monkeypatch):
    client.force_login(factories.make_officer(society))
    monkeypatch.setattr(OfferForm, "clean_slug", lambda form: form.cleaned_data["slug"])  # both looked before
    monkeypatch.setattr(ShareOffer, "validate_constraints", lambda *args, **kwargs: None)
    new = f"/office/{society.slug}/offers/new/"
    assert client.post(new, draft_answers(society)).status_code == 302
    page = client.post(new, draft_answers(society))
    assert "from elsewhere" in page.content.decode()
    assert ShareOffer.objects.filter(society=society).count() == 1


def test_a_draft_that_is_published_while_somebody_edits_it_stands(client, society, monkeypatch):
    client.force_login(factories.make_officer(society))
    published = factories.make_offer(society, slug="the-mill")
    stale = ShareOffer.objects.select_related("society", "share_class").get(pk=published.pk)
    stale.state = OfferState.DRAFT
    monkeypatch.setattr(drafting, "offer_or_404", lambda society, slug: stale)
    page = client.post(
        f"/office/{society.slug}/offers/the-mill/edit/", draft_answers(society, title="Other", **NO_RATIO)
    )
    assert "from elsewhere" in page.content.decode()
    published.refresh_from_db()
    assert (published.title, published.state) == ("The shop", OfferState.PUBLISHED)
