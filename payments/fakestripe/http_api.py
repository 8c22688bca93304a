"""A request to the API: who asks, for which account, with which parameters; then its answer.

Parameters are refused before anything begins, and such an answer is not kept for its idempotency key; from
there on every answer is. What was done is written to the state file before it is answered.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import typing

import stripe

from payments.fakestripe import errors, events, expanding, formdata, idempotency, routing, schema
from payments.fakestripe.errors import ApiError, ConnectionDropped
from payments.fakestripe.resources import payment_pages
from payments.fakestripe.store import public
from payments.fakestripe.traffic import Call, Reply, Traffic
from payments.fakestripe.world import PLATFORM, World

_TEST_KEY = re.compile(r"(sk|rk)_test_\w+")
_PAYMENT_PAGE = re.compile(r"/v1/payment_pages/(\w+)(/confirm)?")
_NOT_CHECKED = ("list", "v2.core.event")  # a thin event has a class for each of its types
_BROKEN = "An unknown error occurred"


class Question(typing.NamedTuple):
    """A request understood: the route's own path ("/v1/refunds/{refund}") and the ids in it."""

    key: str
    account: str
    method: str
    path: str
    template: str
    ids: tuple[str, ...]
    params: dict
    idempotency_key: str | None


def answer(world: World, traffic: Traffic, call: Call) -> Reply:
    """What Stripe would answer. Raises ConnectionDropped where a fault says so."""
    headers = {"Request-Id": "req_" + world.letters(14), "Stripe-Version": call.headers.get("Stripe-Version", "")}
    fault = ""
    try:
        question = _understood(world, call)
        fault = traffic.take_fault(call.method, call.path)
        if fault in ("timeout_before", "silent_before"):
            raise _drop(traffic, fault)
        with world.lock:
            status, body = _answered(world, traffic, question, fault, headers)
            world.commit()
    except ApiError as refusal:
        status, body = refusal.status, refusal.body
        _remember(traffic, call.method, call.path, refusal)
    text = json.dumps(body)
    if fault in ("timeout_after", "silent_after", "half_answer"):
        raise _drop(traffic, fault, text)
    return Reply(status, text, headers=headers)


def _drop(traffic: Traffic, fault: str, text: str = "") -> ConnectionDropped:
    silence = traffic.silence if fault.startswith("silent") else 0
    return ConnectionDropped(silence=silence, text=text if fault == "half_answer" else "")


def _remember(traffic: Traffic, method: str, path: str, refusal: ApiError) -> None:
    if errors.is_not_understood(refusal):
        traffic.not_understood.append(f"{method} {path}: {refusal.message}")


def _understood(world: World, call: Call) -> Question:
    key = _api_key(call.headers.get("Authorization", ""))
    account = call.headers.get("Stripe-Account") or PLATFORM
    if account not in world.store.accounts:
        message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
        raise ApiError(403, "account_invalid", message)
    params = _params(call)
    page = _PAYMENT_PAGE.fullmatch(call.path)
    hit = schema.match(call.method, call.path)
    if page:
        template, ids = "payment_page", (page[1], page[2] or "")
    elif hit:
        template, ids = hit[0].path, hit[1]
        params = _checked(hit[0], params, call.headers.get("Stripe-Version", ""))
    else:
        raise ApiError(404, None, f"Unrecognized request URL ({call.method}: {call.path}).")
    idempotency_key = call.headers.get("Idempotency-Key") if call.method == "POST" else None
    return Question(key, account, call.method, call.path, template, ids, params, idempotency_key)


def _api_key(header: str) -> str:
    """The key of a Bearer or Basic header. Raises ApiError for every key but a test key, and never repeats it."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if not _TEST_KEY.fullmatch(value.strip()):
        message = "Invalid API Key provided: the fake Stripe takes test keys only (sk_test_… or rk_test_…)."
        raise ApiError(401, None, message)
    return value.strip()


def _params(call: Call) -> dict:
    if "json" in call.headers.get("Content-Type", "") and call.body:
        try:
            found = json.loads(call.body)
        except ValueError as problem:
            raise ApiError(400, "invalid_request_body", "The body is no JSON.") from problem
        if not isinstance(found, dict):
            raise ApiError(400, "invalid_request_body", "The body is no JSON object.")
        return found
    return formdata.decoded(call.body if call.method == "POST" else call.query)


def _checked(route: schema.Route, params: dict, version: str) -> dict:
    """The parameters as values. Raises ApiError for the first that this API version does not have or allow."""
    for problem in schema.problems_in(route.params, params):
        is_old = problem.code == "parameter_unknown" and problem.param == "payment_method_types"
        if is_old and version != stripe.api_version:
            continue  # a client of an older version, which had it
        code = "payment_method_types_no_longer_supported" if is_old else problem.code
        raise errors.invalid(problem.param, problem.message, code)
    return schema.typed(route.params, params)


def _answered(world: World, traffic: Traffic, question: Question, fault: str, headers: dict) -> tuple[int, dict]:
    """Status and body, from the kept answers or by doing it now."""
    place = _slot(question)
    if fault in ("500", "500_saved", "429", "409"):
        return _broken(world, place, fault)
    traffic.requests.append(
        {
            "method": question.method,
            "path": question.path,
            "account": question.account,
            "params": question.params,
            "idempotency_key": question.idempotency_key,
        }
    )
    if place and (kept := idempotency.replayed(world, place)):
        headers["Idempotent-Replayed"] = "true"
        return kept
    world.request = {"id": headers["Request-Id"], "idempotency_key": question.idempotency_key}
    world.advance(0)
    try:
        status, body = 200, _done(world, question)
    except ApiError as refusal:
        status, body = refusal.status, refusal.body
        _remember(traffic, question.method, question.path, refusal)
    finally:
        world.request = None
    if place:
        idempotency.keep(world, place, status, json.loads(json.dumps(body)))
    return status, body


def _slot(question: Question) -> idempotency.Slot | None:
    if not question.idempotency_key:
        return None
    return idempotency.slot(question.key, question.account, question.idempotency_key, question.path, question.params)


def _broken(world: World, place: idempotency.Slot | None, fault: str) -> tuple[int, dict]:
    if fault == "429":
        return 429, ApiError(429, "rate_limit", "Too many requests hit the API too quickly.").body
    if fault == "409":
        message = "There is currently another in-progress request using this Idempotent Key."
        return 409, ApiError(409, "idempotency_key_in_use", message, type="idempotency_error").body
    body = ApiError(500, None, _BROKEN, type="api_error").body
    if fault == "500_saved" and place:
        idempotency.keep(world, place, 500, body)
    return 500, body


def _done(world: World, question: Question) -> dict:
    params = dict(question.params)
    expand = params.pop("expand", [])
    if question.template == "payment_page":
        ident, is_confirmed = question.ids
        found = payment_pages.answer(world, question.account, ident, params if is_confirmed else None)
    else:
        found = routing.answer(world, question.account, question.method, question.template, params, question.ids)
    found = public(found)
    if found.get("object", "list") not in _NOT_CHECKED:  # lists of the v2 API do not say what they are
        events.check(world, found, f"{question.method} {question.path}")
    return expanding.expanded(world, question.account, found, expand) if expand else found
