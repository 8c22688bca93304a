"""Rows in and out without the ORM: what goes in is what the ORM reads, and the table's fences stand."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from common import clock, hot
from compliance.models import Decision
from offers.models import Holder, Party, RuleBook, Tier
from tests import factories

pytestmark = pytest.mark.django_db


def party(society, **fields) -> Party:
    return Party(**{"society_id": society.pk, "kind": "person", "name": "Siân", "identity": "a" * 64} | fields)


def test_rows_are_read_back_as_they_were_written():
    society = factories.make_society()
    offer = factories.make_draft(society, tiers=[{"code": "A", "postcodes": ["NR11", "NR12"], "priority": 2}])
    for model in (RuleBook, Tier, Holder, Party):
        of_society = "WHERE row.society_id = %s ORDER BY row.id"
        ours, theirs = hot.read(model, of_society, [society.pk]), model.objects.filter(society=society).order_by("pk")
        assert len(ours) == len(theirs) > 0
        for mine, its in zip(ours, theirs, strict=True):
            assert {f.attname: getattr(mine, f.attname) for f in model._meta.concrete_fields} == {
                f.attname: getattr(its, f.attname) for f in model._meta.concrete_fields
            }
    assert offer.tiers.get().postcodes == hot.read(Tier, "WHERE row.offer_id = %s", [offer.pk])[0].postcodes


def test_several_rows_with_json_dates_and_nothing_are_written():
    society = factories.make_society()
    rows = [
        Decision(society=society, occasion="test", subject_id=society.pk, rule=f"R-{n}", level="LAW", passed=True,
                 arithmetic="£1 ≤ £2", source="'; DROP TABLE x; --", facts={"n": n, "deep": [None, "é"]},
                 rule_set="x", law_on=clock.today(), decided_at=clock.now())
        for n in range(5)
    ]  # fmt: skip
    hot.insert(rows, at_once=2)
    kept = Decision.objects.filter(society=society, occasion="test").order_by("rule")
    assert [row.facts for row in kept] == [row.facts for row in rows]
    assert kept[0].source == "'; DROP TABLE x; --"
    assert not rows[0]._state.adding
    hot.insert([])


def test_what_the_table_refuses_is_refused():
    society = factories.make_society()
    hot.insert([party(society)])
    for wrong in ({"name": ""}, {"kind": "martian", "identity": "b" * 64}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            hot.insert([party(society, **wrong)])
    assert hot.insert([party(society, name="Another"), party(society, identity="c" * 64)], or_leave=True) == 1
    assert Party.objects.get(society=society, identity="a" * 64).name == "Siân"


def test_a_float_is_no_money():
    offer = factories.make_draft()
    application = factories.submit(factories.make_offer(offer.society))
    application.pk, application.due_pence = None, 500.0
    with pytest.raises(TypeError, match="never a float"):
        hot.insert([application])
