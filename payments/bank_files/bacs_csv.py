"""Bacs credits as CSV, no heading, lines ended by CRLF, in the columns of Paygate's payment editor, which others share.

Columns: destination sort code, account, name (18), amount in pounds, transaction code 99, originating sort code,
account, name (18), reference (18), processing date (dd/mm/yyyy).
Source: https://portal.paygate.cloud, "BACS Payment Editor CSV Format"
"""

from __future__ import annotations

from common.money import as_decimal
from payments.bank_files.payment import Payer, Payment, for_banks

MOST = 10_000
ENDING = "csv"
CREDIT = "99"


def write(payer: Payer, payments: list[Payment]) -> bytes:
    """The file. Names and references hold no commas or quotes once they are in banks' letters."""
    lines = (
        [
            payment.sort_code,
            payment.account_number,
            for_banks(payment.name, 18),
            as_decimal(payment.amount_pence),
            CREDIT,
            payer.sort_code,
            payer.account_number,
            for_banks(payer.name, 18),
            for_banks(payment.reference, 18),
            f"{payer.pay_on:%d/%m/%Y}",
        ]
        for payment in payments
    )
    return "".join(",".join(line) + "\r\n" for line in lines).encode("ascii")
