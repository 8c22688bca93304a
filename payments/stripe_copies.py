"""Rows that repeat what Stripe says of a thing of its own, such as a dispute: made once, then brought up to date."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def kept(model: type[Row], stripe_id: str, *, facts: dict, first: dict) -> Row:
    """The row of a thing at Stripe, under its lock and saying `facts`; made with `first` besides if it is new.

    The caller holds the transaction.
    """
    rows = model.objects.select_for_update(no_key=True, of=("self",))
    row, is_new = rows.get_or_create(stripe_id=stripe_id, defaults=facts | first)
    if not is_new:
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(update_fields=list(facts))
    return row
