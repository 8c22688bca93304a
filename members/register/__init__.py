"""The register of members, the share ledger and what else a registrar takes away, as tables on any day."""

from members.register.books_tables import allotments, capital_movement, officers
from members.register.certificate_book import REPLACED, VALID, WITHDRAWN, certificate_book
from members.register.downloads import BY_NAME, DOWNLOADS, Download, Options
from members.register.ledger_table import ledger
from members.register.members_table import (
    CURRENT,
    EVERYBODY,
    FORMER,
    WHO,
    inspection_copy,
    largest_holdings,
    mailing_list,
    statutory,
    voting_list,
)

__all__ = [
    "BY_NAME",
    "CURRENT",
    "DOWNLOADS",
    "EVERYBODY",
    "FORMER",
    "REPLACED",
    "VALID",
    "WHO",
    "WITHDRAWN",
    "Download",
    "Options",
    "allotments",
    "capital_movement",
    "certificate_book",
    "inspection_copy",
    "largest_holdings",
    "ledger",
    "mailing_list",
    "officers",
    "statutory",
    "voting_list",
]
