"""How Stripe says no: a status, a type, a code, a message, the parameter.

Source: docs.stripe.com/api/errors, docs.stripe.com/error-codes.
"""

from __future__ import annotations


class ApiError(Exception):
    """An answer of the API that is not 200. `extra` goes into the error object as it is."""

    def __init__(self, status: int, code: str | None, message: str, param: str | None = None, **extra):
        super().__init__(message)
        self.status = status
        error = {"type": "invalid_request_error", "message": message, **extra}
        if code:
            error["code"] = code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            error["param"] = param
        self.body = {"error": error}

    @property
    def message(self) -> str:
        return self.body["error"]["message"]


class ConnectionDropped(Exception):
    """The fake hangs up without an answer, or in the middle of one; see traffic.FAULTS.

    `silence`: seconds that it says nothing before; `text`: an answer of which only the first half is sent.
    """

    def __init__(self, *, silence: float = 0, text: str = "") -> None:
        super().__init__()
        self.silence, self.text = silence, text


_NOT_UNDERSTOOD = ("fake_not_implemented", "parameter_unknown", "payment_method_types_no_longer_supported")


def is_not_understood(error: ApiError) -> bool:
    """Whether this says that there is no such request at Stripe, or none here: a mistake in the code that asked."""
    return error.body["error"].get("code") in _NOT_UNDERSTOOD or error.message.startswith("Unrecognized request")


def missing(param: str) -> ApiError:
    return ApiError(400, "parameter_missing", f"Missing required param: {param}.", param)


def invalid(param: str, message: str, code: str | None = "parameter_invalid") -> ApiError:
    return ApiError(400, code, message, param)


def exclusive(*params: str) -> ApiError:
    words = ", ".join(params)
    return ApiError(400, None, f"You may only specify one of these parameters: {words}.", params[0])


def no_such(name: str, ident: object, param: str = "id", *, status: int = 404) -> ApiError:
    return ApiError(status, "resource_missing", f"No such {name}: '{ident}'", param)


def not_modelled(what: str, param: str | None = None) -> ApiError:
    """Stripe has this, the fake does not: said aloud, because silence would look like success."""
    return ApiError(400, "fake_not_implemented", f"The fake Stripe does not model {what}.", param)


def card_error(code: str, message: str, **extra) -> ApiError:
    """402: the payment method was refused. `code` is Stripe's, `decline_code` may stand in `extra`."""
    return ApiError(402, code, message, type="card_error", **extra)
