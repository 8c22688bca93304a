"""Files of payments as banks take them in: the same payments give the same bytes, so that a hash can stand for them."""

from payments.bank_files import bacs_csv, lloyds_csv, pain_001
from payments.bank_files.payment import Payer, Payment, for_banks
from payments.choices import BankFormat

FORMATS = {BankFormat.BACS_CSV: bacs_csv, BankFormat.LLOYDS_CSV: lloyds_csv, BankFormat.PAIN_001: pain_001}


def write(bank_format: str, payer: Payer, payments: list[Payment]) -> bytes:
    """The file in one of the formats; ValueError for more payments than it may hold."""
    kind = FORMATS[bank_format]
    if not 0 < len(payments) <= kind.MOST:
        raise ValueError(f"{len(payments)} payments in a file that holds 1 to {kind.MOST}.")
    return kind.write(payer, payments)


def most(bank_format: str) -> int:
    """How many payments a file of this format may hold."""
    return FORMATS[bank_format].MOST


def file_name(bank_format: str, number: int) -> str:
    """What the file is called when it is kept."""
    return f"refunds-{number}.{FORMATS[bank_format].ENDING}"


__all__ = ["FORMATS", "Payer", "Payment", "file_name", "for_banks", "most", "write"]
