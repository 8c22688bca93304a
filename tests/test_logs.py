"""Logs of a production site: one JSON object a line, and nothing in it that says who a person is."""

import io
import json
import logging
import uuid

import pytest
import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.urls import include, path

from config import logs
from config.urls import urlpatterns as site
from offers.models import Society
from tests.factories import applicant, make_offer, make_society, person, submit

CANARIES = ("Wilhelmina Canary", "canary@birds.example", "ZZ9 9ZZ", "07700 900123", "2 Low Street")


@login_not_required
def breaks(request, token):
    raise ValueError(f"Wilhelmina Canary <canary@birds.example> of 2 Low Street, ZZ9 9ZZ, 07700 900123: {token}")


@login_not_required
def repeats(request, token):
    """A row that PostgreSQL refuses, and quotes in its message."""
    society = make_society(registered_name="Wilhelmina Canary")
    with transaction.atomic():
        Society.objects.create(**{f.attname: getattr(society, f.attname) for f in Society._meta.concrete_fields})


urlpatterns = [
    *site,
    path("", include("offers.urls")),
    path("", include("payments.urls")),
    path("a/<str:token>/breaks/", breaks),
    path("a/<str:token>/repeats/", repeats),
]


@pytest.fixture
def lines():
    """Everything that is logged as on a production site; call it to read."""
    logs.configure(level="INFO", as_json=True)
    (handler,) = (found for found in logging.getLogger().handlers if isinstance(found.formatter, logging.Formatter)
                  and isinstance(found.formatter, structlog.stdlib.ProcessorFormatter))  # fmt: skip
    stream = io.StringIO()
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure(level="INFO", as_json=False)


@pytest.fixture
def application(db):
    who = person("Wilhelmina Canary", email="canary@birds.example")
    return submit(make_offer(), by_whom=applicant(who), postcode="ZZ9 9ZZ")


def assert_says_nobody(lines, *secrets):
    everything = json.dumps(lines, ensure_ascii=False)
    assert [canary for canary in (*CANARIES, *secrets) if canary in everything] == []


def test_an_applicants_own_page_is_not_told_by_its_secret_link(client, settings, application, lines):
    settings.ROOT_URLCONF = "tests.test_logs"
    assert client.get(f"/a/{application.token}/").status_code == 200
    assert client.get(f"/a/{application.token}/no-such-page/").status_code == 404
    assert client.get(f"/a/{application.token[::-1]}/").status_code == 404
    found = lines()
    assert_says_nobody(found, application.token, application.token[::-1])
    assert any("/a/[secret]/" in line["event"] for line in found)  # the refusals are logged all the same


@pytest.mark.parametrize(
    ("page", "kind"), [("breaks", "builtins.ValueError"), ("repeats", "django.db.utils.IntegrityError")]
)
def test_a_failure_is_told_by_its_type_and_places(client, settings, application, lines, page, kind):
    settings.ROOT_URLCONF = "tests.test_logs"
    client.raise_request_exception = False
    assert client.get(f"/a/{application.token}/{page}/").status_code == 500
    (line,) = (line for line in lines() if line["level"] == "error")
    assert_says_nobody([line], application.token)
    assert line["exception"] == kind
    assert any(place.endswith(f" {page}") for place in line["places"])
    assert line["request"]
    assert page == "breaks" or line["constraint"]


def test_one_object_a_line_whatever_is_said(lines):
    logging.getLogger("elsewhere").warning("two\nlines and %s", 'a "quote"')
    structlog.get_logger("ours").info("mail waits", mail=str(uuid.uuid4()), tries=2)
    first, second = lines()
    assert first["event"] == 'two\nlines and a "quote"'
    assert (second["event"], second["tries"], second["level"], second["logger"]) == ("mail waits", 2, "info", "ours")
    assert first["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", sorted(logs.PERSONAL))
def test_a_careless_name_is_left_out(lines, name):
    structlog.get_logger("careless").info("bought", **{name: "Wilhelmina Canary"}, user="opaque")
    (line,) = lines()
    assert (line[name], line["user"]) == ("[left out]", "opaque")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("sent to canary@birds.example.", "sent to [left out]"),
        ('mail for "w.canary+x@birds.example" waits', 'mail for "[left out]" waits'),
        ("Not Found: /a/mYf2-ab_cdefghijklmnopqrst/pay/", "Not Found: /a/[secret]/pay/"),
        ("Not Found: /a/mYf2-ab_cdefghijklmnopqrst", "Not Found: /a/[secret]"),
        ("Not Found: /office/0190b0d4-7c3e-7a11-8d2c-1f2e3d4c5b6a/", None),
        ("Not Found: /societies/marlpit-community-shop/", "Not Found: /societies/[secret]/"),
        ("Not Found: /societies/marlpit/offers/the-shop/", None),
    ],
)
def test_sentences_of_other_peoples_code_are_looked_through(lines, said, kept):
    logging.getLogger("django.request").warning(said)
    assert lines()[0]["event"] == (kept or said)


def test_the_control_without_the_fences_a_canary_is_seen():
    with pytest.raises(AssertionError):
        assert_says_nobody([{"event": "bought by Wilhelmina Canary"}])


def test_an_integrity_error_does_quote_the_row(db):
    """Why messages are left out: PostgreSQL says whose row it was."""
    society = make_society(registered_name="Wilhelmina Canary")
    with pytest.raises(IntegrityError, match=society.register_number), transaction.atomic():
        Society.objects.create(**{f.attname: getattr(society, f.attname) for f in Society._meta.concrete_fields}
                               | {"id": uuid.uuid4(), "slug": "another"})  # fmt: skip
