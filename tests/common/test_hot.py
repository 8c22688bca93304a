"""Rows in and out without the ORM: what goes in is what the ORM reads, and the table's fences stand."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from common import clock, hot, ids
from compliance.models import Decision
from offers.models import Application, ApplicationParty, Holder, Party, RuleBook, Tier
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


def test_rows_of_two_tables_are_written_at_once_or_not_at_all():
    application = factories.submit(factories.make_offer())
    known = application.interests.get()
    values = {field.attname: getattr(application, field.attname) for field in Application._meta.concrete_fields}
    copy = Application(**values | {"id": ids.uuid7(), "reference": "2222222", "token": "t", "submission": ids.uuid7()})
    interest = ApplicationParty(
        society_id=application.society_id, application=copy, party_id=known.party_id, role=known.role
    )
    hot.insert_both([copy], [interest])
    assert Application.objects.get(pk=copy.pk).interests.get() == interest
    copy.pk, copy.token = ids.uuid7(), "another"
    with pytest.raises(IntegrityError, match="application_reference_once"), transaction.atomic():
        hot.insert_both([copy], [ApplicationParty(society_id=application.society_id, application=copy,
                                                  party_id=known.party_id, role=known.role)])  # fmt: skip
    assert ApplicationParty.objects.count() == 2


def test_what_is_there_already_is_read_and_the_rest_is_written():
    society = factories.make_society()
    hot.insert([party(society)])
    rows = [party(society, name="Another Siân"), party(society, identity="b" * 64, name="Bob")]
    mine = ("WHERE row.society_id = %s AND row.identity = ANY(%s)", [society.pk, ["a" * 64, "b" * 64]])
    found = hot.insert_or_read(rows, *mine)
    assert {row.name for row in found} == {"Siân", "Bob"}
    assert {row.pk for row in found} == set(Party.objects.filter(name__in=["Siân", "Bob"]).values_list("pk", flat=True))
    again = hot.insert_or_read([party(society), party(society, identity="b" * 64)], *mine)
    assert {row.pk for row in again} == {row.pk for row in found}
