"""Lloyds Bank's batch of faster payments: one H line, one D line, and a C line for each of at most 25 credits.

H: date (yyyymmdd), identifier, number of credits, total. D: debit reference, debit account (sort code and number).
C: name (18), account, sort code, reference (18), amount, as soon as possible (Y or N), date (yyyymmdd).
Source: https://developer.lloydsbanking.com/lbg-support/batch-file-template
"""

from __future__ import annotations

from common.money import as_decimal
from payments.bank_files.payment import Payer, Payment, for_banks

MOST = 25
ENDING = "csv"


def write(payer: Payer, payments: list[Payment]) -> bytes:
    """The file, lines ended by CRLF."""
    day, name = f"{payer.pay_on:%Y%m%d}", f"REFUNDS {payer.file_number}"
    total = as_decimal(sum(payment.amount_pence for payment in payments))
    lines = [
        ["H", day, name, str(len(payments)), total],
        ["D", name, payer.sort_code + payer.account_number],
        *(
            [
                "C",
                for_banks(payment.name, 18),
                payment.account_number,
                payment.sort_code,
                for_banks(payment.reference, 18),
                as_decimal(payment.amount_pence),
                "N",
                day,
            ]
            for payment in payments
        ),
    ]
    return "".join(",".join(line) + "\r\n" for line in lines).encode("ascii")
