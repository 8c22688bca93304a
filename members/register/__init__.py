"""The register of members and the share ledger, as tables to look at and to download."""

from members.register.ledger_table import ledger
from members.register.members_table import CURRENT, EVERYBODY, FORMER, WHO, inspection_copy, statutory

__all__ = ["CURRENT", "EVERYBODY", "FORMER", "WHO", "inspection_copy", "ledger", "statutory"]
