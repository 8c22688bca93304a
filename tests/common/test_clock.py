"""The one clock: London days, and wall-clock minutes through the two changes of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common import clock


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (datetime(2026, 1, 15, 12), datetime(2026, 1, 15, 12, tzinfo=UTC)),
        (datetime(2026, 7, 15, 12), datetime(2026, 7, 15, 11, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # left out: the moment of the change
        (datetime(2026, 3, 29, 2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first one
    ],
)
def test_instant_of_a_wall_clock_time(wall, expected):
    assert clock.instant(wall) == expected


def test_later_wall_times_are_never_earlier_moments():
    for start in (datetime(2026, 3, 28, 23), datetime(2026, 10, 24, 23)):
        moments = [clock.instant(start + timedelta(minutes=5 * step)) for step in range(60)]
        assert moments == sorted(moments)


def test_a_day_later_is_the_same_time_on_the_wall_though_the_day_has_23_hours():
    saturday_noon = clock.instant(datetime(2026, 3, 28, 12))
    assert clock.later(saturday_noon, days=1) - saturday_noon == timedelta(hours=23)


def test_day_begins_at_midnight_in_london():
    assert clock.day_begins_at(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)


def test_stopped_clock_stands_moves_and_goes_on_again():
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    with clock.stopped(moment) as move:
        assert clock.now() == moment
        move(moment + timedelta(days=1))
        assert clock.today() == date(2026, 5, 2)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
