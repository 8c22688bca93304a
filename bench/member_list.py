"""A page of the register at 10,000 members, as an officer opens it."""

from __future__ import annotations

import statistics
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import seeding
from bench.figure import Figure
from bench.timing import seconds
from common import clock
from members.models import User
from offers.models import Officer

MEMBERS, TIMES = 10_000, 9


def measure() -> list[Figure]:
    society = seeding.society(members=MEMBERS)
    officer = User.objects.create_user("secretary@marlpit.example")
    Officer.objects.create(society=society, user=officer, role="secretary", appointed_at=clock.now())
    settings.ALLOWED_HOSTS.append("testserver")
    visitor = Client()
    visitor.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("office:register", args=[society.slug])
    asked = [{}, {"page": "100"}, {"order": "shares"}, {"search": "Ada"}]
    on = clock.today() - timedelta(days=500)
    asked.append({"on_day": on.day, "on_month": on.month, "on_year": on.year})

    def open_page(query: dict) -> None:
        answer = visitor.get(address, query)
        assert answer.status_code == 200
        assert b"Marlpit" in answer.content or b"Ada" in answer.content

    open_page({})
    slowest = max(
        statistics.median(seconds(lambda query=query: open_page(query)) for _ in range(TIMES)) for query in asked
    )
    counted = []
    for query in asked:
        with CaptureQueriesContext(connection) as found:
            open_page(query)
        counted.append(len(found))
    return [
        Figure("member_list", slowest * 1000, 200, "ms", bar=1,
               of="the slowest page of the register of 10,000 members: first, 100th, by holding, searched, past day"),
        Figure("member_list_queries", max(counted), 10, "statements", bar=1, of="statements of that page, the most"),
    ]  # fmt: skip
