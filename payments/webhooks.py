"""What Stripe tells us: stored once and answered at once; then the worker looks at what is really so.

An event is a hint. It is never acted on: the present state is fetched and applied under a lock, so that events
may come twice, late, in any order or not at all. What is done about each type stands in reactions.py.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from common import clock, hot
from payments import gateway, reactions, suspense
from payments.choices import SuspenseKind
from payments.models import StripeEvent, StripeEventOutcome, StripeEventTurn

log = structlog.get_logger("webhooks")
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440)]
STUCK_AFTER = 5  # turns without an outcome: then somebody is asked to look


@transaction.atomic
def store(event: gateway.Event) -> bool:
    """Keep an event, for ever and once each, with its first turn at once; whether it is new."""
    now = clock.now()
    row = StripeEvent(
        event_id=event.id,
        type=event.type,
        account_id=event.account,
        is_live=event.is_live,
        object_id=event.object_id,
        received_at=now,
    )
    if not hot.insert([row], or_leave=True):
        return False
    hot.insert([StripeEventTurn(event=row, next_try_at=now)])
    return True


def work_through(*, most: int = 200) -> int:
    """Give every event its turn whose time has come; how many have an outcome now. Several workers share the work."""
    done = 0
    for _ in range(most):
        turn = _claim()
        if turn is None:
            break
        done += _take_turn(turn)
    return done


@transaction.atomic
def _claim() -> StripeEventTurn | None:
    """The next event that nobody else has in hand. Its next turn is put off first, so a worker that dies loses none."""
    rows = StripeEventTurn.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    turn = rows.filter(next_try_at__lte=clock.now()).order_by("next_try_at", "event__received_at").first()
    if turn is not None:
        turn.next_try_at = clock.now() + WAITS[min(turn.tries, len(WAITS) - 1)]
        turn.tries += 1
        turn.save(update_fields=["next_try_at", "tries"])
    return turn


def _take_turn(turn: StripeEventTurn) -> bool:
    """Look into one event, outside any transaction; one that we cannot digest must not hold up the rest."""
    event = turn.event
    try:
        outcome = reactions.look_into(event)
    except (gateway.Unavailable, reactions.NotHereYet) as error:
        log.warning("the event waits", event_id=event.event_id, reason=f"{type(error).__name__}: {error}"[:200])
        return _put_off(turn, error)
    except Exception as error:
        log.exception("the event waits", event_id=event.event_id, type=event.type)
        return _put_off(turn, error)
    with transaction.atomic():
        StripeEventOutcome.objects.bulk_create(
            [StripeEventOutcome(event=event, outcome=outcome[:80], done_at=clock.now())], ignore_conflicts=True
        )
        StripeEventTurn.objects.filter(pk=turn.pk, next_try_at__isnull=False).update(next_try_at=None, last_error="")
        suspense.close(
            SuspenseKind.EVENT_STUCK,
            event.event_id,
            society_id=suspense.society_of(event.account_id),
            words="It was worked through in the end.",
        )
    return True


def _put_off(turn: StripeEventTurn, error: Exception) -> bool:
    """Its next turn comes later each time, for ever; after some of them it stands on the list."""
    why = f"{type(error).__name__}: {error}"[:300]
    StripeEventTurn.objects.filter(pk=turn.pk, next_try_at__isnull=False).update(last_error=why)
    if turn.tries >= STUCK_AFTER:
        suspense.open_item(
            SuspenseKind.EVENT_STUCK,
            turn.event.event_id,
            society_id=suspense.society_of(turn.event.account_id),
            account_id=turn.event.account_id,
            type=turn.event.type,
            object=turn.event.object_id,
        )
    return False
