"""Logs: one line an event, JSON on a production site, and nothing in them that says who a person is.

Code logs facts under names; a name that could hold personal data is refused here, so that a careless
`email=` never reaches a file. People appear as opaque ids only.
"""

import logging
import logging.config

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


def configure(*, level: str, as_json: bool) -> None:
    """Send structlog's and the standard library's lines through the same processors to stderr."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_personal_data,
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
                        structlog.processors.format_exc_info,
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
            },
        }
    )
