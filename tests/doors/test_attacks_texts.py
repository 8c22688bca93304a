"""Hostile and odd words in every field of an application: kept as one visible line, or refused with words."""

from __future__ import annotations

import pytest
from django.core import mail

from common import outbox
from common.lines import one_line
from offers.holders import PartyDetails
from offers.models import Application
from tests import factories
from tests.doors.test_applying import BORN, CHILD_BORN, base, pages

pytestmark = pytest.mark.django_db

LONG = "N" * 99


@pytest.fixture
def offer():
    return factories.make_offer()


def apply(client, offer, kind="person", **changes):
    """Answer every page with some answers changed; the first page that refuses, or where the last one leads."""
    for step, said in pages(kind):
        response = client.post(f"{base(offer)}{step}/", said | changes.get(step, {}))
        if response.status_code != 302:
            return response
    return client.post(f"{base(offer)}check/", {"method": "bank-transfer"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann\nBcc: x@evil.example", "Ann Bcc: x@evil.example"),
        ("\u202eeel nnA", "eel nnA"),
        ("A\u200bnn\ufeff \u2028 Lee\x07", "Ann Lee"),
        ("Sia\u0302n", "Siân"),
        ("\u200d", ""),
        ("👨\u200d👩\u200d👧 Lee", "👨\u200d👩\u200d👧 Lee"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_kept_as_one_visible_line(typed, kept):
    assert one_line(typed) == kept


def test_no_name_puts_a_header_or_a_link_into_mail(client, offer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = apply(client, offer, name={"name": "https://evil.example/win", **BORN})
    assert "without a web address" in page.content.decode()
    assert apply(client, offer, name={"name": "<b>Ann</b>\r\nBcc: x@evil.example", **BORN}).status_code == 302
    outbox.send_due()
    (letter,) = mail.outbox
    assert letter.recipients() == ["Ann@Example.org"]
    assert letter.message()["Bcc"] is None
    html = letter.alternatives[0].content
    assert "<b>Ann" not in html


def test_names_that_look_the_same_are_the_same_party():
    same = ["Siân Ŵyn", "Sia\u0302n W\u0302yn", "sia\u0302n  ŵyn", "Siân\u200b Ŵyn", "Ｓiân Ŵyn"]
    assert len({PartyDetails(name=name, email="sian@example.org").identity for name in same}) == 1


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("joint", {"name": {"name": LONG, "second_name": LONG + "2", "third_name": LONG, "fourth_name": LONG + "4"}},
         "300 letters"),
        ("joint", {"name": {"second_email": f"a@{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 20}.org"}},
         "at most 254 characters"),
        ("person", {"contact": {"email": f"a@{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 20}.org"}},
         "at most 254 characters"),
        ("syndicate", {"name": {"people": "9" * 12}}, "less than or equal to 9999"),
        ("child", {"name": {**CHILD_BORN, "born_on_year": "1950"}}, "apply in their own name"),
        ("person", {"name": {"name": "\u200b\u202e"}}, "Fill in “Full name”."),
        ("person", {"address": {"line1": "\u3000"}}, "first line of the address"),
    ],
)  # fmt: skip
def test_what_no_table_can_take_is_refused_at_the_field(client, offer, kind, changes, words):
    page = apply(client, offer, kind, **changes)
    assert page.status_code == 200
    assert page.content.decode().count(words) >= 2
    assert not Application.objects.exists()
