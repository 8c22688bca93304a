"""The control door: what a test or a demo does to the fake from another process. JSON in, JSON out.

It takes JSON bodies only, so that no form on a web page can reach it.
"""

from __future__ import annotations

import json
import typing

from payments.fakestripe import deeds
from payments.fakestripe.errors import ApiError
from payments.fakestripe.traffic import Call, Reply

if typing.TYPE_CHECKING:
    from payments.fakestripe.server import FakeStripe

PREFIX = "/_fake/"


def _state(fake: FakeStripe, asked: dict) -> dict:
    world = fake.world
    with world.lock:
        return {
            "now": world.now(),
            "accounts": list(world.store.accounts),
            "waiting": len(world.outbox),
            "timers": len(world.clock),
            "remarks": list(world.remarks),
            "not_understood": fake.not_understood,
        }


def _advance(fake: FakeStripe, asked: dict) -> dict:
    fake.advance(int(asked["seconds"]))
    return _state(fake, asked)


def _set_now(fake: FakeStripe, asked: dict) -> dict:
    fake.set_now(int(asked["now"]))
    return _state(fake, asked)


def _deliver(fake: FakeStripe, asked: dict) -> dict:
    return {"sent": fake.deliver()}


def _fault(fake: FakeStripe, asked: dict) -> dict:
    fake.inject(asked["method"], asked["path"], asked["kind"])
    return _state(fake, asked)


def _chaos(fake: FakeStripe, asked: dict) -> dict:
    unknown = set(asked) - set(fake.world.chaos)
    if unknown:
        raise ValueError(f"Chaos knows {', '.join(fake.world.chaos)}.")
    fake.world.chaos.update(asked)
    return dict(fake.world.chaos)


def _reset(fake: FakeStripe, asked: dict) -> dict:
    fake.reset()
    return _state(fake, asked)


_VERBS = {
    "advance": _advance,
    "set_now": _set_now,
    "deliver": _deliver,
    "fault": _fault,
    "chaos": _chaos,
    "reset": _reset,
}


def answer(fake: FakeStripe, call: Call) -> Reply:
    """GET /_fake/state, or POST /_fake/<verb> with its arguments."""
    name = call.path.removeprefix(PREFIX)
    if call.method == "GET" and name == "state":
        return Reply(200, json.dumps(_state(fake, {})))
    if call.method != "POST" or not (name in _VERBS or name in deeds.DEEDS):
        return _refused(404, f"The control door has GET state and POST {', '.join([*_VERBS, *deeds.DEEDS])}.")
    if call.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        return _refused(415, "Send application/json.")
    try:
        asked = json.loads(call.body or "{}")
        done = _VERBS[name](fake, asked) if name in _VERBS else fake.do(name, **asked)
        return Reply(200, json.dumps(done))
    except KeyError as missing:
        return _refused(400, f"Missing: {missing.args[0]}.")
    except (ValueError, TypeError) as problem:
        return _refused(400, str(problem))
    except ApiError as refusal:
        return Reply(refusal.status, json.dumps(refusal.body))


def _refused(status: int, message: str) -> Reply:
    return Reply(status, json.dumps({"error": {"message": message}}))
