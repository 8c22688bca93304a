"""What all processes know for a while: one count for all of them, one winner of a lock, and an end of everything."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache, caches

from common import clock, shared_cache
from common.models import SharedValue
from tests.concurrency.threads import at_once

HOUR = timedelta(hours=1)


@pytest.mark.django_db
class TestCache:
    def test_it_keeps_what_it_is_given(self):
        cache.set("a", [1.5, "x", None], 60)
        assert cache.get("a") == [1.5, "x", None]
        assert cache.get("b", "none") == "none"
        cache.set("a", 2, 60)
        assert cache.get_many(["a", "b"]) == {"a": 2}
        assert cache.touch("a", 60)
        assert not cache.touch("b", 60)
        assert cache.delete("a")
        assert not cache.delete("a")

    def test_what_is_over_is_not_there_and_may_be_added_again(self):
        assert cache.add("lock", True, timeout=10)
        assert not cache.add("lock", True, timeout=10)
        with clock.stopped(clock.now() + timedelta(seconds=11)):
            assert cache.get("lock") is None
            assert cache.add("lock", True, timeout=10)

    def test_nothing_is_kept_for_good(self):
        cache.set("a", 1, timeout=None)
        with clock.stopped(clock.now() + shared_cache.LONGEST + HOUR):
            assert cache.get("a") is None
            assert shared_cache.forget_over() == 1
        assert not SharedValue.objects.exists()

    def test_versions_and_names_are_apart(self):
        cache.set("a", 1, version=1)
        cache.set("a", 2, version=2)
        assert (cache.get("a", version=1), cache.get("a", version=2)) == (1, 2)
        cache.clear()
        assert cache.get("a", version=1) is None

    def test_keys_cannot_be_read(self):
        cache.set("ann@example.org", 1)
        (row,) = SharedValue.objects.all()
        assert len(row.key) == 64
        assert "ann" not in row.key


@pytest.mark.django_db
class TestCounting:
    def test_a_count_goes_on_until_its_end_and_then_begins_anew(self):
        with clock.stopped(clock.now()) as move:
            begun = clock.now()
            assert shared_cache.count({"a": HOUR}) == {"a": (1, begun + HOUR)}
            move(begun + timedelta(minutes=59))
            assert shared_cache.count({"a": HOUR, "b": HOUR})["a"] == (2, begun + HOUR)
            assert shared_cache.counted(["a", "b", "c"])["a"] == (2, begun + HOUR)
            move(begun + HOUR)
            assert shared_cache.counted(["a"]) == {}
            assert shared_cache.count({"a": HOUR}) == {"a": (1, begun + 2 * HOUR)}

    def test_public_pages_stay_in_the_memory_of_each_process(self):
        caches["pages"].set("page", b"text", 5)
        assert not SharedValue.objects.exists()
        caches["pages"].clear()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_no_count_is_lost_whatever_the_order_of_the_keys(self):
        keys = ["a", "b", "c"]
        orders = [dict.fromkeys(keys[:: 1 if number % 2 else -1], HOUR) for number in range(20)]
        done = at_once(*(partial(shared_cache.count, order) for order in orders))
        assert sorted(found["a"][0] for found in done) == list(range(1, 21))
        assert {number for number, _ends in shared_cache.counted(keys).values()} == {20}

    def test_one_of_many_gets_the_lock(self):
        assert sum(at_once(*[partial(cache.add, "lock", True, timeout=10)] * 20)) == 1
