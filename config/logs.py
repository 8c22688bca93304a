"""Logs: one line an event, JSON on a production site, and nothing in them that says who a person is.

Code logs facts under names; a name that could hold personal data is refused here, so that a careless
`email=` never reaches a file. People appear as opaque ids only. What other people's code says in a sentence is
looked through for e-mail addresses and for the secret links that a path may hold, and an exception is told by its
type and the places it came by: its message may quote a row.
"""

import logging
import logging.config
import re
import sys
import traceback

import structlog

PERSONAL = frozenset(
    [
        "address",
        "born_on",
        "email",
        "first_name",
        "holder_name",
        "last_name",
        "name",
        "password",
        "phone",
        "postcode",
        "sort_code",
        "to",
    ]
)


def without_personal_data(logger, method, event: dict) -> dict:
    """structlog processor: blanks every value whose name is one of PERSONAL."""
    for key in PERSONAL & event.keys():
        event[key] = "[left out]"
    return event


PLACES = 20  # of an exception's way that are told, the innermost
EMAIL = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.[^\s<>\"'(),;:]+")
SECRET_IN_PATH = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=[/?\s\"']|$)")
OUR_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def without_secrets_in_sentences(logger, method, event: dict) -> dict:
    """structlog processor: takes e-mail addresses and the secrets of private links out of every text."""
    for key, value in event.items():
        if isinstance(value, str):
            text = EMAIL.sub("[left out]", value)
            event[key] = SECRET_IN_PATH.sub(lambda found: found[0] if OUR_ID.fullmatch(found[0]) else "[secret]", text)
    return event


def without_messages_of_exceptions(logger, method, event: dict) -> dict:
    """structlog processor: an exception as its types and places, innermost last, in place of its whole text."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        if error.__cause__ is not None:
            event["because"] = f"{type(error.__cause__).__module__}.{type(error.__cause__).__qualname__}"
        if constraint := getattr(getattr(error.__cause__, "diag", None), "constraint_name", None):
            event["constraint"] = constraint
        frames = traceback.extract_tb(error.__traceback__)
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-PLACES:]]
    return event


def configure(*, level: str, as_json: bool) -> None:
    """Send structlog's and the standard library's lines through the same processors to stderr."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_personal_data,
        without_secrets_in_sentences,
    ]
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        without_messages_of_exceptions,
                        renderer,
                    ]
                    if as_json
                    else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
                "procrastinate": {"level": "WARNING"},
                "fontTools": {"level": "ERROR"},
                "stripe": {"level": "WARNING"},  # two lines a call otherwise
                "ofxtools": {"level": "WARNING"},  # a line for each step otherwise
            },
        }
    )
