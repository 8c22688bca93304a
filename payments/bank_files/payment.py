"""What a payment is for a bank, and the letters that banks' old systems know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

LETTERS = {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "’": "", "'": "", "_": "-"}


@dataclass(frozen=True)
class Payer:
    """The society's own account, the file's number, and when the bank shall pay. `name` as its bank knows it."""

    name: str
    sort_code: str
    account_number: str
    file_number: int
    pay_on: date
    made_at: datetime


@dataclass(frozen=True)
class Payment:
    """One credit; pence. `reference` is what the payee sees; `mark` finds our row again."""

    name: str
    sort_code: str
    account_number: str
    amount_pence: int
    reference: str
    mark: str


def for_banks(text: str, width: int) -> str:
    """Text in the signs that Bacs knows: capitals, digits, & - . / and blanks; no longer than `width`.

    Source: Bacs, Electronic funds transfer: file structures (PN5011), "allowable characters".
    """
    said = "".join(LETTERS.get(sign, sign) for sign in text.upper())
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", said) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Z0-9&./ -]", " ", plain).split())[:width].strip()
