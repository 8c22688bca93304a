"""I8 of verify_books: a row that reaches into another society is found, by whichever column it does."""

import pytest
from django.db.models import ForeignKey

from common.rows import SocietyRow
from members import books
from members.books import people
from offers.models import Society
from tests import worlds
from tests.constraints.seeing import GROUP, MODELS

pytestmark = GROUP
LINKS = [
    (model, field)
    for model in MODELS
    if issubclass(model, SocietyRow)
    for field in model._meta.local_fields
    if isinstance(field, ForeignKey) and issubclass(field.related_model, SocietyRow)
]


@pytest.mark.parametrize(("model", "field"), LINKS, ids=[str(field) for _model, field in LINKS])
def test_a_row_of_another_society_is_found_through_every_link(world, model, field):
    table, column = model._meta.db_table, field.column
    own = {"society": world.society.pk, "other": Society.objects.exclude(pk=world.society.pk).get().pk}
    with worlds.undone():
        worlds.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        row = (
            model._base_manager.filter(society=world.society, **{f"{field.name}__isnull": False}).order_by("pk").last()
        )
        worlds.run(f"UPDATE {table} SET society_id = %(other)s WHERE id = %(id)s", params=own | {"id": row.pk})
        other = Society.objects.get(pk=own["other"]).register_number
        assert (other, f"{table} {row.pk}", f"{column} is of another society") in set(people.one_society())


def test_the_walk_reaches_every_link(world):
    assert len(LINKS) > 25
    assert [fault for fault in books.faults() if fault.invariant == "I8"] == []
