"""CAMT.053, the statement of ISO 20022 in XML. The words are read by pycamt; what it does not check is checked here."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import date
from xml.parsers import expat

from django.utils.translation import gettext as _
from lxml.etree import LxmlError
from pycamt.parser import Camt053ParseError, Camt053Parser

from common.money import MOST_PENCE
from payments.statements.facts import MOST_LINES, Line, Statement, clean, refused

MOST_DEPTH, MOST_ELEMENTS = 40, 150_000
PARTS = {"Stmt", "Rpt", "Bal", "Ntry", "NtryDtls", "TxDtls"}
NOTHING = {"", "NOTPROVIDED", "NONREF", "NOT PROVIDED"}  # what banks write where there is no reference
_AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,5}))?", re.ASCII)


def is_camt(data: bytes) -> bool:
    """Whether the file says of itself that it is XML of this family."""
    return b"camt.05" in data[:2000] or b"BkToCstmrStmt" in data[:2000]


def read(data: bytes) -> Statement:
    """The statement in a CAMT.053 file; refused, with words, where it is anything else or does not add up."""
    refuse_hostile_xml(data)
    try:
        parser = Camt053Parser(data)
        told, entries = parser.get_statement_info(), parser.get_transactions()
    except (Camt053ParseError, LxmlError, AttributeError, ValueError) as error:
        raise refused(_("This is not a CAMT.053 statement that can be read.")) from error
    booked = [entry for entry in entries if (entry.get("Status") or "BOOK") == "BOOK"]
    if {entry.get("AccountIBAN") for entry in booked} - {told[0]["IBAN"]}:
        raise refused(_("This file has statements of several accounts. Ask the bank for one file for each."))
    if {entry.get("Currency") or "GBP" for entry in booked} | {row["Currency"] or "GBP" for row in told} != {"GBP"}:
        raise refused(_("This account is not in pounds sterling."))
    shared = Counter(entry.get("TransactionID") for entry in booked)
    lines = [_line(number, entry, shared) for number, entry in enumerate(booked, start=1)]
    opening, closing = _balances(told)
    return Statement("camt.053", lines, opening, closing, account=told[0]["IBAN"] or "")


class _Look:
    """One pass over the file before anything is built from it: what no bank writes ends it at once."""

    def __init__(self):
        self.open, self.seen, self.elements = [], Counter(), 0

    def start(self, name: str, _attributes) -> None:
        name = name.rsplit(":", 1)[-1]
        self.elements += 1
        self.seen[name] += 1
        nested = name in PARTS and name in self.open
        if nested or len(self.open) > MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise refused(_("This file is not built as a bank’s statement is."))
        if name in PARTS and self.seen[name] > MOST_LINES:
            words = _("This file has more than %(most)s lines. Download a shorter time from the bank.")
            raise refused(words % {"most": f"{MOST_LINES:,}"})
        self.open.append(name)

    def end(self, _name: str) -> None:
        self.open.pop()

    def doctype(self, *_all) -> None:
        raise refused(_("This file defines words of its own (a DOCTYPE), which no bank’s statement does."))


def refuse_hostile_xml(data: bytes) -> None:
    """No document type (so no entities), no tower of elements, no part within a part of its kind."""
    look, parser = _Look(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = look.doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise refused(_("This file begins as XML and is broken. Download it again.")) from error


def _line(number: int, entry: dict, shared: Counter) -> Line:
    is_out = entry.get("CreditDebitIndicator") == "DBIT"
    payer = entry.get("CreditorName") if is_out else entry.get("DebtorName")
    remittance = entry.get("RemittanceInformationFull") or entry.get("RemittanceInformation")
    end_to_end = entry.get("EndToEndId") or ""
    reference = remittance or ("" if end_to_end.strip().upper() in NOTHING else end_to_end)
    own = clean(entry.get("TransactionID"), 100)
    if shared[entry.get("TransactionID")] > 1 and own:
        # several payments under one entry: its number alone does not tell them apart
        own = clean(f"{own} {end_to_end}", 100) if end_to_end.strip().upper() not in NOTHING else ""
    amount_pence = _pence(entry.get("Amount"), number)
    return Line(
        number=number,
        booked_on=_day(entry.get("BookingDate") or entry.get("ValueDate"), number),
        amount_pence=-amount_pence if is_out else amount_pence,
        text=clean(entry.get("AdditionalEntryInformation") or remittance or payer),
        payer=clean(payer, 140),
        reference=clean(reference, 140),
        bank_reference=own,
    )


def _pence(text: str | None, number: int) -> int:
    match = _AMOUNT.fullmatch((text or "").strip())
    if match is None or (match[3] or "")[2:].strip("0"):
        raise refused(_("The sum of entry %(n)s cannot be read: “%(text)s”.") % {"n": number, "text": clean(text, 40)})
    pence = int(match[2]) * 100 + int((match[3] or "")[:2].ljust(2, "0"))
    if pence > MOST_PENCE:
        raise refused(_("The sum of entry %(n)s is too large.") % {"n": number})
    return -pence if match[1] else pence


def _day(text: str | None, number: int) -> date:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError as error:
        words = _("The day of entry %(n)s cannot be read: “%(text)s”.")
        raise refused(words % {"n": number, "text": clean(text, 40)}) from error


def _balances(told: list[dict]) -> tuple[int | None, int | None]:
    """Opening of the first and closing of the last statement in the file, which must follow each other."""
    pairs = [(_balance(row["OpeningBalance"]), _balance(row["ClosingBalance"])) for row in told]
    for (_opening, closing), (opening, _closing) in itertools.pairwise(pairs):
        if closing is None or closing != opening:
            raise refused(_("The statements in this file do not follow each other. Take one file for each."))
    opening, closing = pairs[0][0], pairs[-1][1]
    return (opening, closing) if opening is not None and closing is not None else (None, closing)


def _balance(text: str | None) -> int | None:
    return None if text is None else _pence(text, 0)
