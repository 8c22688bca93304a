"""Where the objects lie: by account, by kind, by id, in order of creation, with the indexes that lists need.

Objects are plain dicts. Keys with a leading underscore are the fake's own notes and never leave it. An
object is changed only through `change`, which keeps the indexes right and notes what must be saved.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator

from payments.fakestripe import errors

# Which fields of which objects are looked up, so that no request reads everything.
INDEXED: dict[str, tuple[str, ...]] = {
    "checkout.session": ("payment_intent", "setup_intent", "customer"),
    "payment_intent": ("customer",),
    "setup_intent": ("customer",),
    "charge": ("payment_intent", "customer"),
    "refund": ("charge", "payment_intent", "pending_reason"),
    "dispute": ("charge", "payment_intent"),
    "balance_transaction": ("source",),
    "payment_method": ("customer",),
    "mandate": ("payment_method",),
    "radar.early_fraud_warning": ("charge", "payment_intent"),
}


def public(obj: dict) -> dict:
    """Without the fake's own notes."""
    return {key: value for key, value in obj.items() if key[0] != "_"}


class _Shelf:
    """All objects of one kind of one account."""

    def __init__(self, name: str) -> None:
        self.objects: dict[str, dict] = {}
        self.order: list[str] = []
        self.place: dict[str, int] = {}
        self.indexes: dict[str, dict[str, dict[str, None]]] = {field: {} for field in INDEXED.get(name, ())}

    def put(self, obj: dict) -> None:
        ident = obj["id"]
        self.objects[ident] = obj
        self.place[ident] = len(self.order)
        self.order.append(ident)
        for field in self.indexes:
            self.enter(field, obj)

    def enter(self, field: str, obj: dict) -> None:
        if isinstance(obj.get(field), str):
            self.indexes[field].setdefault(obj[field], {})[obj["id"]] = None

    def leave(self, field: str, obj: dict) -> None:
        if isinstance(obj.get(field), str):
            self.indexes[field].get(obj[field], {}).pop(obj["id"], None)

    def ids(self, wanted: dict[str, str]) -> list[str]:
        """Candidates in order of creation, narrowed by an index where one fits."""
        for field, value in wanted.items():
            if field in self.indexes:
                return sorted(self.indexes[field].get(value, ()), key=self.place.__getitem__)
        return self.order


class Store:
    """The objects of all accounts. `changed` collects the keys (account, kind, id) that a state file must keep."""

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._last_place = 0
        self.accounts: dict[str, None] = {}
        self.changed: dict[tuple[str, str, str], dict | None] = {}

    def add(self, account: str, obj: dict) -> dict:
        """Keeps a new object."""
        self._last_place += 1
        obj["_account"], obj["_place"] = account, self._last_place
        self._note(obj)
        return self.put(obj)

    def put(self, obj: dict) -> dict:
        """Puts an object on its shelf that already has its account and place, as from a state file."""
        self._last_place = max(self._last_place, obj["_place"])
        self._shelf(obj["_account"], obj["object"]).put(obj)
        return obj

    def change(self, obj: dict, **fields) -> dict:
        """Sets fields of a kept object; `None` is null, not absent."""
        shelf = self._shelf(obj["_account"], obj["object"])
        for field in shelf.indexes.keys() & fields.keys():
            shelf.leave(field, obj)
        obj.update(fields)
        for field in shelf.indexes.keys() & fields.keys():
            shelf.enter(field, obj)
        self._note(obj)
        return obj

    def drop_field(self, obj: dict, field: str) -> None:
        """Makes a field absent, as the API does with what is not relevant any more."""
        self.change(obj, **{field: None})
        del obj[field]

    def remove(self, obj: dict) -> None:
        shelf = self._shelf(obj["_account"], obj["object"])
        for field in shelf.indexes:
            shelf.leave(field, obj)
        del shelf.objects[obj["id"]]
        self.changed[obj["_account"], obj["object"], obj["id"]] = None

    def get(self, account: str, name: str, ident: object, param: str = "id", *, status: int = 404) -> dict:
        """The object, or the ApiError that Stripe answers with for an id it does not know here."""
        shelf = self._shelves.get((account, name))
        found = shelf.objects.get(str(ident)) if shelf else None
        if found is None:
            raise errors.no_such(name, ident, param, status=status)
        return found

    def find(self, account: str, name: str, ident: object) -> dict | None:
        shelf = self._shelves.get((account, name))
        return shelf.objects.get(str(ident)) if shelf else None

    def each(self, account: str, name: str, **wanted: str) -> list[dict]:
        """Objects in order of creation whose fields have these values."""
        return list(self._matching(account, name, wanted, newest_first=False))

    def first(self, account: str, name: str, **wanted: str) -> dict | None:
        return next(self._matching(account, name, wanted, newest_first=False), None)

    def newest(self, account: str, name: str, *, before: str | None = None, **wanted: str) -> Iterator[dict]:
        """Objects from the newest on; with `before`, only those created before that one."""
        return self._matching(account, name, wanted, newest_first=True, edge=before)

    def since(self, account: str, name: str, *, after: str, **wanted: str) -> Iterator[dict]:
        """Objects created after that one, the oldest first."""
        return self._matching(account, name, wanted, newest_first=False, edge=after)

    def count(self, account: str, name: str) -> int:
        shelf = self._shelves.get((account, name))
        return len(shelf.objects) if shelf else 0

    def everything(self) -> Iterator[dict]:
        for shelf in list(self._shelves.values()):
            yield from shelf.objects.values()

    def _matching(
        self, account: str, name: str, wanted: dict, *, newest_first: bool, edge: str | None = None
    ) -> Iterator[dict]:
        shelf = self._shelves.get((account, name))
        if shelf is None:
            return
        for ident in _walk(shelf, shelf.ids(wanted), newest_first=newest_first, edge=edge):
            obj = shelf.objects.get(ident)
            if obj is not None and all(obj.get(field) == value for field, value in wanted.items()):
                yield obj

    def _shelf(self, account: str, name: str) -> _Shelf:
        key = (account, name)
        if key not in self._shelves:
            self._shelves[key] = _Shelf(name)
        return self._shelves[key]

    def _note(self, obj: dict) -> None:
        self.changed[obj["_account"], obj["object"], obj["id"]] = obj


def _walk(shelf: _Shelf, ids: list[str], *, newest_first: bool, edge: str | None) -> typing.Iterable[str]:
    """The ids on one side of `edge`, without looking at those on the other side one by one."""
    if edge is None:
        return reversed(ids) if newest_first else list(ids)
    place = shelf.place[edge]
    if ids is shelf.order:
        return (ids[i] for i in range(place - 1, -1, -1)) if newest_first else ids[place + 1 :]
    if newest_first:
        return (ident for ident in reversed(ids) if shelf.place[ident] < place)
    return [ident for ident in ids if shelf.place[ident] > place]
