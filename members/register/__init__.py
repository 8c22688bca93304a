"""The register of members, the share ledger and the book of certificates, as tables to look at and to download."""

from members.register.certificate_book import REPLACED, VALID, WITHDRAWN, certificate_book
from members.register.ledger_table import ledger
from members.register.members_table import CURRENT, EVERYBODY, FORMER, WHO, inspection_copy, statutory

__all__ = [
    "CURRENT",
    "EVERYBODY",
    "FORMER",
    "REPLACED",
    "VALID",
    "WHO",
    "WITHDRAWN",
    "certificate_book",
    "inspection_copy",
    "ledger",
    "statutory",
]
