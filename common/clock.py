"""The one clock. Nothing else in the project asks the time, so that a rehearsal can move it.

Moments are aware and in UTC; days are days in London, because offers open and close there.
"""

from __future__ import annotations

import calendar
import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class _Hands:
    stopped_at: datetime | None = None


def now() -> datetime:
    """This moment, in UTC, or the moment that a rehearsal has reached."""
    return _Hands.stopped_at or datetime.now(UTC)


def today() -> date:
    """Today's date in London."""
    return london(now()).date()


def london(moment: datetime) -> datetime:
    """The moment as London's wall clock shows it, without a zone."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


def instant(wall: datetime) -> datetime:
    """The moment in UTC at which London's wall clock shows `wall` (a datetime without a zone).

    In the hour that occurs twice in October it is the first one; a time in the hour that March leaves out
    is the moment of the change, so that a later wall time is never an earlier moment.
    """
    moment = wall.replace(tzinfo=LONDON).astimezone(UTC)
    if london(moment) == wall:
        return moment
    before = wall.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    return before.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def day_begins_at(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return instant(datetime.combine(day, time()))


def day_ends_at(day: date) -> datetime:
    """The last whole second of a London day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)


def later(moment: datetime, **duration: int) -> datetime:
    """`moment` plus days or minutes as London's wall clock counts them (a day may have 23 or 25 hours)."""
    return instant(london(moment) + timedelta(**duration))


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@contextlib.contextmanager
def stopped(moment: datetime):
    """For rehearsals and tests: the clock stands at `moment`; move it with the function this yields."""

    def move(to: datetime) -> None:
        _Hands.stopped_at = to.astimezone(UTC)

    before = _Hands.stopped_at
    move(moment)
    try:
        yield move
    finally:
        _Hands.stopped_at = before
