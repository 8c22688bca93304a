"""OFX, versions 1 (SGML) and 2 (XML), parsed by ofxtools. It has a closing balance only, and numbers each line."""

from __future__ import annotations

import io
import re
from datetime import date
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from ofxtools.Parser import OFXTree

from common.money import MOST_PENCE
from payments.statements.facts import MOST_LINES, Line, Statement, clean, refused

MOST_ELEMENTS, MOST_DEPTH = 20 * MOST_LINES, 40
_AMOUNT = re.compile(r"([+-]?)([0-9]{0,12})(?:[.,]([0-9]{1,5}))?", re.ASCII)
_TAG = re.compile(rb"</?[A-Za-z0-9._]+\s*>|<[?]|<!\[CDATA\[")


def is_ofx(data: bytes) -> bool:
    """Whether the file says of itself that it is OFX."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n").upper()
    return head.startswith(b"OFXHEADER") or b"<?OFX" in head or b"<OFX>" in head


def read(data: bytes) -> Statement:
    """The statement in an OFX file; refused, with words, where it cannot be read or is of several accounts."""
    _refuse_hostile(data)
    tree = OFXTree()
    try:
        root = tree.parse(io.BytesIO(data.lstrip(b"\xef\xbb\xbf \r\n")))
    except Exception as error:  # ofxtools raises many kinds, and its words quote the whole file
        raise refused(_("This OFX file is broken and cannot be read. Download it again.")) from error
    statements = [found for found in root.iter() if found.tag in ("STMTRS", "CCSTMTRS")]
    if len(statements) != 1:
        raise refused(_("This file must have the statement of one account, and it has %(n)s.") % {"n": len(statements)})
    (statement,) = statements
    if _text(statement, "CURDEF").upper() not in ("", "GBP"):
        raise refused(_("This account is not in pounds sterling."))
    lines = [_line(number, row) for number, row in enumerate(statement.iter("STMTTRN"), start=1)]
    if len(lines) * 2 != data.upper().count(b"STMTTRN>"):
        raise refused(_("This OFX file is broken and cannot be read. Download it again."))
    closing = statement.find("LEDGERBAL/BALAMT")
    return Statement(
        "ofx",
        [line for line in lines if line.amount_pence],
        closing_pence=None if closing is None else _pence(closing.text, 0),
        account=clean(_text(statement, "BANKACCTFROM/ACCTID"), 40),
        left_out=[(line.number, line.text) for line in lines if not line.amount_pence],
    )


def _refuse_hostile(data: bytes) -> None:
    """No entities, no tower of tags, nothing on which the parser's search would go back and forth for long."""
    upper = data.upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
        raise refused(_("This file defines words of its own (a DOCTYPE), which no bank’s statement does."))
    longest = max(map(len, data.splitlines()), default=0)
    if upper.count(b"<![CDATA[") * longest > 20_000_000 or data.count(b"<") > MOST_ELEMENTS:
        raise refused(_("This file is not built as a bank’s statement is."))
    if len(_TAG.findall(data)) != data.count(b"<"):  # ofxtools would pass over what is no tag, and lose a line
        raise refused(_("This OFX file is broken and cannot be read. Download it again."))


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else (found.text or "").strip()


def _line(number: int, row: Element) -> Line:
    payer = _text(row, "NAME") or _text(row, "PAYEE/NAME")
    memo = _text(row, "MEMO")
    return Line(
        number=number,
        booked_on=_day(_text(row, "DTPOSTED"), number),
        amount_pence=_pence(_text(row, "TRNAMT"), number),
        text=clean(" ".join(filter(None, (_text(row, "TRNTYPE"), payer, memo)))),
        payer=clean(payer, 140),
        reference=clean(memo, 140),
        bank_reference=clean(_text(row, "FITID"), 100),
    )


def _pence(text: str | None, number: int) -> int:
    match = _AMOUNT.fullmatch((text or "").strip())
    if match is None or not (match[2] or match[3]) or (match[3] or "")[2:].strip("0"):
        raise refused(_("The sum of entry %(n)s cannot be read: “%(text)s”.") % {"n": number, "text": clean(text, 40)})
    pence = int(match[2] or 0) * 100 + int((match[3] or "")[:2].ljust(2, "0"))
    if pence > MOST_PENCE:
        raise refused(_("The sum of entry %(n)s is too large.") % {"n": number})
    return -pence if match[1] == "-" else pence


def _day(text: str, number: int) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as error:
        words = _("The day of entry %(n)s cannot be read: “%(text)s”.")
        raise refused(words % {"n": number, "text": clean(text, 40)}) from error
