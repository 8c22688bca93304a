"""What all processes of a site must know for a while: tries that were counted, and locks of whoever counts them.

A cache in PostgreSQL, since the database is what the processes share. `add` is one statement that one of two callers
wins, so it serves as a lock. Keys name people (an e-mail address, the address of a computer), so only a keyed hash of
each is kept, and a job deletes what is over.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

from common import clock, ids
from common.models import SharedValue

LONGEST = timedelta(days=2)  # what shall never end ends then: nothing here is kept for good
SET = """
    INSERT INTO common_sharedvalue (id, key, value, expires_at) VALUES (%(id)s, %(key)s, %(value)s, %(expires)s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
"""
ADD = SET + " WHERE common_sharedvalue.expires_at <= %(now)s"
COUNT = """
    INSERT INTO common_sharedvalue (id, key, value, expires_at)
    SELECT * FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(ones)s::jsonb[], %(ends)s::timestamptz[])
    ON CONFLICT (key) DO UPDATE SET
        value = CASE WHEN common_sharedvalue.expires_at <= %(now)s THEN EXCLUDED.value
                     ELSE to_jsonb((common_sharedvalue.value)::bigint + 1) END,
        expires_at = CASE WHEN common_sharedvalue.expires_at <= %(now)s THEN EXCLUDED.expires_at
                          ELSE common_sharedvalue.expires_at END
    RETURNING key, value, expires_at
"""


def hashed(key: str) -> str:
    """The key under which something is kept: without the site's secret nobody can try who it was."""
    return salted_hmac("common.shared_cache", key, algorithm="sha256").hexdigest()


class SharedCache(BaseCache):
    """Django's cache, in a table of this site. Values are JSON."""

    def __init__(self, _location, params):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        """Keep a value unless one is kept that is not over; whether it was."""
        return self._write(ADD, key, value, timeout, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> None:
        """Keep a value in place of the one before."""
        self._write(SET, key, value, timeout, version)

    def get(self, key, default=None, version=None):
        """The value that is kept and not over."""
        rows = SharedValue.objects.filter(key=self._key(key, version), expires_at__gt=clock.now())
        return next(iter(rows.values_list("value", flat=True)), default)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        """Keep a value for another time; whether there was one."""
        rows = SharedValue.objects.filter(key=self._key(key, version), expires_at__gt=clock.now())
        return bool(rows.update(expires_at=self._end(timeout)))

    def delete(self, key, version=None) -> bool:
        """Forget a value; whether there was one."""
        return bool(SharedValue.objects.filter(key=self._key(key, version)).delete()[0])

    def clear(self) -> None:
        """Forget everything."""
        SharedValue.objects.all().delete()

    def _key(self, key, version) -> str:
        return hashed(self.make_key(key, version))

    def _end(self, timeout) -> datetime:
        seconds = self.default_timeout if timeout == DEFAULT_TIMEOUT else timeout
        longest = LONGEST.total_seconds()
        return clock.now() + timedelta(seconds=longest if seconds is None else min(max(seconds, 0), longest))

    def _write(self, statement: str, key, value, timeout, version) -> bool:
        said = {
            "id": ids.uuid7(),
            "key": self._key(key, version),
            "value": json.dumps(value),
            "expires": self._end(timeout),
            "now": clock.now(),
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, said)
            return cursor.rowcount == 1


def count(keys: dict[str, timedelta]) -> dict[str, tuple[int, datetime]]:
    """Count one more under each key; how many there are now, and when the count begins anew.

    `keys`: each with the time for which it counts, from its first. One statement, in order of the keys, so that two
    callers neither lose a count nor wait for each other in a circle.
    """
    now, names = clock.now(), {hashed(key): key for key in keys}
    order = sorted(names)
    said = {
        "ids": [ids.uuid7() for _ in order],
        "keys": order,
        "ones": ["1"] * len(order),
        "ends": [now + min(keys[names[key]], LONGEST) for key in order],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, said)
        return {names[key]: (int(number), ends) for key, number, ends in cursor.fetchall()}


def counted(keys: list[str]) -> dict[str, tuple[int, datetime]]:
    """How many were counted under each key and when that begins anew; keys without a count are left out."""
    names = {hashed(key): key for key in keys}
    rows = SharedValue.objects.filter(key__in=names, expires_at__gt=clock.now())
    return {names[key]: (value, ends) for key, value, ends in rows.values_list("key", "value", "expires_at")}


def forget_over() -> int:
    """Delete what is over; how many rows."""
    return SharedValue.objects.filter(expires_at__lte=clock.now()).delete()[0]
